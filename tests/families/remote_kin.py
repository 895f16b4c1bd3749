"""Of classes that the library does not have (remote_base.py) those whose kin is not a plain llama.

make_golden.py finds them here. ChatGLM is the library's GLM, MiniCPM its Granite, Ling 2 its GLM
4.5, DeepSeek's first models are a llama with the experts of its DeepSeek V2, Orion is its StableLM.
"""

import math
import re
from typing import Any

import remote_configs
import torch
from remote_base import Kin, State, apart, figures, fused, named
from torch import nn
from transformers import (
    DeepseekV2Config,
    Glm4MoeConfig,
    Glm4MoeForCausalLM,
    GlmConfig,
    GlmForCausalLM,
    GraniteConfig,
    GraniteForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    StableLmConfig,
    StableLmForCausalLM,
)
from transformers.models.deepseek_v2.modeling_deepseek_v2 import DeepseekV2Moe

DEFAULT = {"rope_type": "default"}


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


class DeepseekForCausalLM(Kin):
    config_class = remote_configs.DEEPSEEK

    def kin(self) -> Any:
        own = self.config
        rope = {"rope_type": "default", "rope_theta": own.rope_theta}
        llama = LlamaForCausalLM(LlamaConfig(**figures(own), rope_parameters=rope))
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


class BailingMoeV2ForCausalLM(Kin):
    config_class = remote_configs.BAILING_MOE_V2
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
        same = ("head_dim", "use_qk_norm", "moe_intermediate_size", "num_experts_per_tok")
        same += ("n_group", "topk_group", "first_k_dense_replace", "routed_scaling_factor")
        config = Glm4MoeConfig(
            **figures(own, *same) | {"attention_bias": own.use_qkv_bias},
            n_routed_experts=own.num_experts,
            n_shared_experts=own.num_shared_experts,
            norm_topk_prob=True,
            rope_parameters=rope | {"rope_type": "default"},
        )
        return Glm4MoeForCausalLM(config)

    def own(self, state: State) -> State:
        return named(fused(_split_experts(state), "query_key_value"), self.PAIRS)

    def renamed(self, state: State) -> State:
        own, dim = self.config, self.config.head_dim
        keys = own.num_key_value_heads * dim
        back = {new: old for old, new in self.PAIRS.items()}
        state = apart(
            named(state, back), "query_key_value", (own.num_attention_heads * dim, keys, keys)
        )
        return _joined_experts(state)


class MiniCPMForCausalLM(Kin):
    config_class = remote_configs.MINI_CPM

    def kin(self) -> Any:
        own = self.config
        config = GraniteConfig(
            **figures(own),
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


class ChatGLMForConditionalGeneration(Kin):
    config_class = remote_configs.CHAT_GLM
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
        return named(fused(state, "query_key_value"), self.PAIRS)

    def renamed(self, state: State) -> State:
        own = self.config
        back = {new: old for old, new in self.PAIRS.items()}
        keys = self.shared * own.kv_channels
        sizes = (own.num_attention_heads * own.kv_channels, keys, keys)
        state = named(state, back)
        if not own.multi_query_attention:  # query, key and value of a head beside each other
            for name in [name for name in state if ".query_key_value." in name]:
                heads = state[name].unflatten(0, (own.num_attention_heads, 3, own.kv_channels))
                state[name] = heads.swapaxes(0, 1).flatten(0, 2)
        return apart(state, "query_key_value", sizes)


class OrionForCausalLM(Kin):
    config_class = remote_configs.ORION

    def kin(self) -> Any:
        own = self.config
        found = figures(own)
        found.pop("attention_bias")
        rope = {"rope_theta": own.rope_theta, "partial_rotary_factor": 1.0}
        config = StableLmConfig(
            **found | {"layer_norm_eps": found.pop("rms_norm_eps")},
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
