"""Classes that the library does not have, and that compute what one of its classes does: their
tensors under their own names, and that class for the figures.

make_golden.py finds them here. ChatGLM is its GLM, MiniCPM its Granite, Ling 2 its GLM 4.5,
DeepSeek's first models are a llama with the experts of its DeepSeek V2, Orion is its StableLM.
"""

import math
import re
from typing import Any

import torch
from torch import nn
from transformers import (
    AutoConfig,
    DeepseekV2Config,
    Glm4MoeConfig,
    Glm4MoeForCausalLM,
    GlmConfig,
    GlmForCausalLM,
    GraniteConfig,
    GraniteForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedConfig,
    PreTrainedModel,
    StableLmConfig,
    StableLmForCausalLM,
)
from transformers.models.deepseek_v2.modeling_deepseek_v2 import DeepseekV2Moe

State = dict[str, torch.Tensor]
DEFAULT = {"rope_type": "default"}


class _Usual(PreTrainedConfig):
    hidden_size: int = 4096
    intermediate_size: int = 11008
    num_hidden_layers: int = 32
    num_attention_heads: int = 32
    num_key_value_heads: int | None = None
    hidden_act: str = "silu"
    max_position_embeddings: int = 2048
    rms_norm_eps: float = 1e-6
    initializer_range: float = 0.02
    use_cache: bool = True
    rope_theta: float = 10000.0
    rope_scaling: dict[str, Any] | None = None
    attention_dropout: float = 0.0
    tie_word_embeddings: bool = False
    pad_token_id: int | None = None
    bos_token_id: int | None = 1
    eos_token_id: int | None = 2


class DeepseekConfig(_Usual):
    """As in DeepSeek MoE's configuration_deepseek.py."""

    model_type = "deepseek"
    vocab_size: int = 102400
    attention_bias: bool = False
    moe_intermediate_size: int = 1407
    num_hidden_layers: int = 30
    n_shared_experts: int | None = None
    n_routed_experts: int | None = None
    num_experts_per_tok: int | None = None
    moe_layer_freq: int = 1
    first_k_dense_replace: int = 0
    norm_topk_prob: bool = False
    scoring_func: str = "softmax"
    aux_loss_alpha: float = 0.001
    seq_aux: bool = True
    pretraining_tp: int = 1


class BailingMoeV2Config(_Usual):
    """As in Ling 2's configuration_bailing_moe_v2.py."""

    model_type = "bailing_moe_v2"
    vocab_size: int = 157184
    hidden_size: int = 2048
    intermediate_size: int = 5120
    num_hidden_layers: int = 20
    num_attention_heads: int = 16
    num_key_value_heads: int | None = 4
    head_dim: int | None = 128
    max_position_embeddings: int = 32768
    rope_theta: float = 600000.0
    use_qkv_bias: bool = False
    use_bias: bool = False
    embedding_dropout: float = 0.0
    output_dropout: float = 0.0
    max_window_layers: int = 20
    num_experts: int = 256
    num_shared_experts: int = 1
    num_experts_per_tok: int = 8
    n_group: int = 8
    topk_group: int = 4
    moe_intermediate_size: int = 512
    first_k_dense_replace: int = 1
    output_router_logits: bool = False
    use_qk_norm: bool = True
    num_nextn_predict_layers: int = 0
    mtp_loss_scaling_factor: float = 0
    moe_router_enable_expert_bias: bool = True
    routed_scaling_factor: float = 1.0
    partial_rotary_factor: float | None = None


class MiniCPMConfig(_Usual):
    """As in MiniCPM's configuration_minicpm.py."""

    model_type = "minicpm"
    vocab_size: int = 32000
    attention_bias: bool = False
    tie_word_embeddings: bool = True
    pretraining_tp: int = 1
    scale_emb: float = 1
    dim_model_base: float = 1
    scale_depth: float = 1


class OrionConfig(_Usual):
    """As in Orion's configuration_orion.py."""

    model_type = "orion"
    vocab_size: int = 84608
    intermediate_size: int = 15360
    num_hidden_layers: int = 40
    num_attention_heads: int = 40
    num_key_value_heads: int | None = 40
    max_position_embeddings: int = 4096
    max_sequence_length: int = 4096
    rms_norm_eps: float = 1e-5
    attention_bias: bool = False
    pretraining_tp: int = 1
    pad_token_id: int | None = 0


class ChatGLMConfig(PreTrainedConfig):
    """As in GLM 4's configuration_chatglm.py."""

    model_type = "chatglm"
    num_layers: int = 28
    padded_vocab_size: int = 65024
    hidden_size: int = 4096
    ffn_hidden_size: int = 13696
    kv_channels: int = 128
    num_attention_heads: int = 32
    seq_length: int = 2048
    hidden_dropout: float = 0.0
    classifier_dropout: float | None = None
    attention_dropout: float = 0.0
    layernorm_epsilon: float = 1e-5
    rmsnorm: bool = True
    apply_residual_connection_post_layernorm: bool = False
    post_layer_norm: bool = True
    add_bias_linear: bool = False
    add_qkv_bias: bool = False
    bias_dropout_fusion: bool = True
    multi_query_attention: bool = False
    multi_query_group_num: int = 1
    rope_ratio: float = 1
    original_rope: bool = True
    apply_query_key_layer_scaling: bool = True
    attention_softmax_in_fp32: bool = True
    fp32_residual_connection: bool = False
    use_cache: bool = True
    tie_word_embeddings: bool = False


class _Kin(PreTrainedModel):
    """Has tensors of its own names; `kin` computes, with the state that `renamed` makes of them."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        for name, values in self.own(self.kin().state_dict()).items():
            _hold(self, name, nn.Parameter(torch.zeros_like(values)))
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        pass

    def kin(self) -> Any:
        raise NotImplementedError

    def own(self, state: State) -> State:
        raise NotImplementedError

    def renamed(self, state: State) -> State:
        raise NotImplementedError

    def forward(self, input_ids: torch.Tensor, **rest: Any) -> Any:
        kin = self.kin().float().eval()
        told = kin.load_state_dict(
            self.renamed({k: v.float() for k, v in self.state_dict().items()})
        )
        assert not told.missing_keys, told
        return kin(input_ids)


def _hold(root: nn.Module, name: str, values: nn.Parameter) -> None:
    """A parameter under a dotted name."""
    *path, last = name.split(".")
    for step in path:
        if not hasattr(root, step):
            root.add_module(step, nn.Module())
        root = getattr(root, step)
    root.register_parameter(last, values)


def _split_experts(state: State) -> State:
    """A matrix for each expert, gate and up apart."""
    found: State = {}
    for name, values in state.items():
        at, _, last = name.rpartition("experts.")
        if last == "gate_up_proj":
            for e, both in enumerate(values):
                for part, each in zip(("gate_proj", "up_proj"), both.chunk(2), strict=True):
                    found[f"{at}experts.{e}.{part}.weight"] = each
        elif last == "down_proj":
            found |= {f"{at}experts.{e}.down_proj.weight": each for e, each in enumerate(values)}
        else:
            found[name] = values
    return found


def _joined_experts(state: State) -> State:
    found: State = {}
    parts: dict[str, dict[int, torch.Tensor]] = {}
    for name, values in state.items():
        told = re.match(r"(.*\.experts)\.(\d+)\.(\w+)\.weight$", name)
        if told:
            parts.setdefault(f"{told[1]}.{told[3]}", {})[int(told[2])] = values
        else:
            found[name] = values
    stacked = {name: torch.stack([each[e] for e in sorted(each)]) for name, each in parts.items()}
    for name, values in stacked.items():
        if name.endswith(".down_proj"):
            found[name] = values
        elif name.endswith(".gate_proj"):
            up = stacked[name.replace("gate_proj", "up_proj")]
            found[name.replace("gate_proj", "gate_up_proj")] = torch.cat([values, up], 1)
    return found


def _fused(state: State, name: str) -> State:
    """Query, key and value of a layer below one another, as self_attn.`name`."""
    found = dict(state)
    for key in state:
        if ".q_proj." in key:
            parts = [found.pop(key.replace("q_proj", f"{part}_proj")) for part in "qkv"]
            found[key.replace("q_proj", name)] = torch.cat(parts)
    return found


def _apart(state: State, name: str, sizes: tuple[int, int, int]) -> State:
    found: State = {}
    for key, values in state.items():
        if f".{name}." in key:
            for part, each in zip("qkv", values.split(sizes), strict=True):
                found[key.replace(name, f"{part}_proj")] = each
        else:
            found[key] = values
    return found


def _named(state: State, pairs: dict[str, str]) -> State:
    """With parts of names in the place of others."""
    found: State = {}
    for name, values in state.items():
        for old, new in pairs.items():
            name = name.replace(old, new)
        found[name] = values
    return found


def _figures(config: Any, *more: str) -> dict[str, Any]:
    names = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers")
    names += ("num_attention_heads", "num_key_value_heads", "rms_norm_eps", "attention_bias")
    names += ("max_position_embeddings", "tie_word_embeddings", *more)
    found = {name: getattr(config, name) for name in names if hasattr(config, name)}
    return found | {"attn_implementation": "eager"}


class DeepseekForCausalLM(_Kin):
    config_class = DeepseekConfig

    def kin(self) -> Any:
        own = self.config
        rope = {"rope_type": "default", "rope_theta": own.rope_theta}
        llama = LlamaForCausalLM(LlamaConfig(**_figures(own), rope_parameters=rope))
        experts = DeepseekV2Config(
            hidden_size=own.hidden_size,
            moe_intermediate_size=own.moe_intermediate_size,
            n_routed_experts=own.n_routed_experts,
            n_shared_experts=own.n_shared_experts,
            num_experts_per_tok=own.num_experts_per_tok,
            topk_method="greedy",
            routed_scaling_factor=1.0,
        )
        for layer in llama.model.layers[own.first_k_dense_replace :]:
            layer.mlp = DeepseekV2Moe(experts)
            if own.norm_topk_prob:
                layer.mlp.gate.register_forward_hook(_normalized)
        return llama

    def own(self, state: State) -> State:
        return _split_experts(state)

    def renamed(self, state: State) -> State:
        return _joined_experts(state)


def _normalized(gate: nn.Module, given: Any, found: Any) -> Any:
    logits, weights, which = found
    return logits, weights / (weights.sum(-1, keepdim=True) + 1e-20), which


class BailingMoeV2ForCausalLM(_Kin):
    config_class = BailingMoeV2Config
    PAIRS = {
        "embed_tokens": "word_embeddings",
        "self_attn.o_proj": "attention.dense",
        "self_attn.q_norm": "attention.query_layernorm",
        "self_attn.k_norm": "attention.key_layernorm",
        "self_attn.": "attention.",
        "gate.e_score_correction_bias": "gate.expert_bias",
    }

    def kin(self) -> Any:
        own = self.config
        share = 1.0 if own.partial_rotary_factor is None else own.partial_rotary_factor
        rope = {"rope_theta": own.rope_theta, "partial_rotary_factor": share}
        same = (
            "head_dim",
            "use_qk_norm",
            "moe_intermediate_size",
            "num_experts_per_tok",
            "n_group",
        )
        same += ("topk_group", "first_k_dense_replace", "routed_scaling_factor")
        figures = _figures(own, *same) | {"attention_bias": own.use_qkv_bias}
        config = Glm4MoeConfig(
            **figures,
            n_routed_experts=own.num_experts,
            n_shared_experts=own.num_shared_experts,
            norm_topk_prob=True,
            rope_parameters=rope | {"rope_type": "default"},
        )
        return Glm4MoeForCausalLM(config)

    def own(self, state: State) -> State:
        return _named(_fused(_split_experts(state), "query_key_value"), self.PAIRS)

    def renamed(self, state: State) -> State:
        own, dim = self.config, self.config.head_dim
        keys = own.num_key_value_heads * dim
        back = {new: old for old, new in self.PAIRS.items()}
        state = _apart(
            _named(state, back), "query_key_value", (own.num_attention_heads * dim, keys, keys)
        )
        return _joined_experts(state)


class MiniCPMForCausalLM(_Kin):
    config_class = MiniCPMConfig

    def kin(self) -> Any:
        own = self.config
        config = GraniteConfig(
            **_figures(own),
            rope_parameters={"rope_theta": own.rope_theta, **(own.rope_scaling or DEFAULT)},
            embedding_multiplier=own.scale_emb,
            residual_multiplier=own.scale_depth / math.sqrt(own.num_hidden_layers),
            attention_multiplier=(own.hidden_size // own.num_attention_heads) ** -0.5,
            logits_scaling=own.hidden_size / own.dim_model_base,
        )
        return GraniteForCausalLM(config)

    def own(self, state: State) -> State:
        tied = "lm_head.weight" if self.config.tie_word_embeddings else ""
        return {name: values for name, values in state.items() if name != tied}

    def renamed(self, state: State) -> State:
        return {"lm_head.weight": state["model.embed_tokens.weight"]} | state


class ChatGLMForConditionalGeneration(_Kin):
    config_class = ChatGLMConfig
    PAIRS = {
        "model.layers.": "transformer.encoder.layers.",
        "self_attn.o_proj": "self_attention.dense",
        "self_attn.": "self_attention.",
        "mlp.gate_up_proj": "mlp.dense_h_to_4h",
        "mlp.down_proj": "mlp.dense_4h_to_h",
        "model.norm.": "transformer.encoder.final_layernorm.",
        "model.embed_tokens.": "transformer.embedding.word_embeddings.",
        "lm_head.": "transformer.output_layer.",
    }

    @property
    def shared(self) -> int:
        own = self.config
        return own.multi_query_group_num if own.multi_query_attention else own.num_attention_heads

    def kin(self) -> Any:
        own = self.config
        config = GlmConfig(
            vocab_size=own.padded_vocab_size,
            hidden_size=own.hidden_size,
            intermediate_size=own.ffn_hidden_size,
            num_hidden_layers=own.num_layers,
            num_attention_heads=own.num_attention_heads,
            num_key_value_heads=self.shared,
            head_dim=own.kv_channels,
            max_position_embeddings=own.seq_length,
            rms_norm_eps=own.layernorm_epsilon,
            attention_bias=own.add_qkv_bias,
            rope_parameters={
                "rope_type": "default",
                "rope_theta": 10000.0 * own.rope_ratio,
                "partial_rotary_factor": 0.5,
            },
            tie_word_embeddings=False,
            pad_token_id=None,
            attn_implementation="eager",
        )
        return GlmForCausalLM(config)

    def own(self, state: State) -> State:
        return _named(_fused(state, "query_key_value"), self.PAIRS)

    def renamed(self, state: State) -> State:
        own = self.config
        back = {new: old for old, new in self.PAIRS.items()}
        keys = self.shared * own.kv_channels
        sizes = (own.num_attention_heads * own.kv_channels, keys, keys)
        state = _named(state, back)
        if not own.multi_query_attention:  # query, key and value of a head beside each other
            for name in [name for name in state if ".query_key_value." in name]:
                heads = state[name].unflatten(0, (own.num_attention_heads, 3, own.kv_channels))
                state[name] = heads.swapaxes(0, 1).flatten(0, 2)
        return _apart(state, "query_key_value", sizes)


class OrionForCausalLM(_Kin):
    config_class = OrionConfig

    def kin(self) -> Any:
        own = self.config
        figures = _figures(own)
        figures.pop("attention_bias")
        rope = {"rope_theta": own.rope_theta, "partial_rotary_factor": 1.0}
        config = StableLmConfig(
            **figures | {"layer_norm_eps": figures.pop("rms_norm_eps")},
            rope_parameters=rope | (own.rope_scaling or DEFAULT),
        )
        return StableLmForCausalLM(config)

    def own(self, state: State) -> State:
        return state

    def renamed(self, state: State) -> State:
        return state


CLASSES = {
    kind.__name__: kind
    for kind in (
        DeepseekForCausalLM,
        BailingMoeV2ForCausalLM,
        MiniCPMForCausalLM,
        ChatGLMForConditionalGeneration,
        OrionForCausalLM,
    )
}
for _kind in CLASSES.values():
    AutoConfig.register(_kind.config_class.model_type, _kind.config_class)
