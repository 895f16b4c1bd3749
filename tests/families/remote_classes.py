"""Classes that the library does not have, since their code stands beside their weights: their
tensors under their own names, and what they compute said by the library's llama.

make_golden.py finds them here. InternLM 2 has queries, keys and values in one matrix, group by
group; Baichuan has them in one matrix in a row, distances instead of a rope where config.json says
model_max_length alone, and rows of length 1 in its second version's output.
"""

from typing import Any

import torch
from torch import nn
from transformers import (
    AutoConfig,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedConfig,
    PreTrainedModel,
)
from transformers.models.bloom.modeling_bloom import _get_alibi_slopes

State = dict[str, torch.Tensor]


class _Figures(PreTrainedConfig):
    hidden_size: int = 4096
    intermediate_size: int = 11008
    num_hidden_layers: int = 32
    num_attention_heads: int = 32
    hidden_act: str = "silu"
    rms_norm_eps: float = 1e-6
    initializer_range: float = 0.02
    use_cache: bool = True
    tie_word_embeddings: bool = False
    pad_token_id: int | None = 0
    bos_token_id: int | None = 1
    eos_token_id: int | None = 2


class InternLM2Config(_Figures):
    """As in its configuration_internlm2.py."""

    model_type = "internlm2"
    vocab_size: int = 103168
    num_key_value_heads: int | None = None
    max_position_embeddings: int = 2048
    bias: bool = True
    rope_theta: float = 10000.0
    rope_scaling: dict[str, Any] | None = None
    pretraining_tp: int = 1


class BaichuanConfig(_Figures):
    """As in the configuration_baichuan.py of the larger ones; the smaller have positions."""

    model_type = "baichuan"
    vocab_size: int = 64000
    hidden_size: int = 5120
    intermediate_size: int = 13696
    num_hidden_layers: int = 40
    num_attention_heads: int = 40
    model_max_length: int = 4096
    max_position_embeddings: int | None = None
    z_loss_weight: float | None = None


def _weight(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.zeros(shape))


class _Linear(nn.Module):
    def __init__(self, rows: int, columns: int, bias: bool = False) -> None:
        super().__init__()
        self.weight = _weight(rows, columns)
        if bias:
            self.bias = _weight(rows)


class _Norm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = _weight(width)


def _tree(parts: dict[str, nn.Module]) -> nn.Module:
    """Modules by dotted names as modules in each other."""
    root = nn.Module()
    for name, part in parts.items():
        at, *rest = root, *name.split(".")
        for step in rest[:-1]:
            if not hasattr(at, step):
                at.add_module(step, nn.Module())
            at = getattr(at, step)
        at.add_module(rest[-1], part)
    return root


class _Told(PreTrainedModel):
    """Has tensors of its own names; a llama computes."""

    def _init_weights(self, module: nn.Module) -> None:
        pass

    def _as_llama(self, **figures: Any) -> LlamaForCausalLM:
        names = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers")
        names += ("num_attention_heads", "rms_norm_eps")
        known = {name: getattr(self.config, name) for name in names}
        config = LlamaConfig(**known, **figures, attn_implementation="eager")
        llama = LlamaForCausalLM(config).float().eval()
        state = self._renamed({k: v.float() for k, v in self.state_dict().items()})
        assert not llama.load_state_dict(state, strict=False).unexpected_keys
        return llama


class InternLM2ForCausalLM(_Told):
    config_class = InternLM2Config

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        width, ff, n = config.hidden_size, config.intermediate_size, config.num_attention_heads
        self.shared = config.num_key_value_heads or n
        both = width + 2 * self.shared * (width // n)
        parts: dict[str, nn.Module] = {"tok_embeddings": _Linear(config.vocab_size, width)}
        for i in range(config.num_hidden_layers):
            at = f"layers.{i}."
            parts |= {
                f"{at}attention_norm": _Norm(width),
                f"{at}attention.wqkv": _Linear(both, width, config.bias),
                f"{at}attention.wo": _Linear(width, width, config.bias),
                f"{at}ffn_norm": _Norm(width),
                f"{at}feed_forward.w1": _Linear(ff, width),
                f"{at}feed_forward.w3": _Linear(ff, width),
                f"{at}feed_forward.w2": _Linear(width, ff),
            }
        self.model = _tree(parts | {"norm": _Norm(width)})
        self.output = _Linear(config.vocab_size, width)
        self.post_init()

    def _renamed(self, state: State) -> State:
        pairs = {
            "tok_embeddings": "embed_tokens",
            "attention_norm": "input_layernorm",
            "ffn_norm": "post_attention_layernorm",
            "attention.wo": "self_attn.o_proj",
            "feed_forward.w1": "mlp.gate_proj",
            "feed_forward.w3": "mlp.up_proj",
            "feed_forward.w2": "mlp.down_proj",
            "output.": "lm_head.",
        }
        out: State = {}
        dim = self.config.hidden_size // self.config.num_attention_heads
        for name, values in state.items():
            for old, new in pairs.items():
                name = name.replace(old, new)
            if "wqkv" in name:
                groups = values.view(self.shared, -1, dim, *values.shape[1:])
                for letter, part in (
                    ("q", groups[:, :-2]),
                    ("k", groups[:, -2]),
                    ("v", groups[:, -1]),
                ):
                    to = name.replace("attention.wqkv", f"self_attn.{letter}_proj")
                    out[to] = part.reshape(-1, *values.shape[1:])
            else:
                out[name] = values
        return out

    def forward(self, input_ids: torch.Tensor, **rest: Any) -> Any:
        rope = {"rope_type": "default", "rope_theta": self.config.rope_theta}
        figures = {"num_key_value_heads": self.shared, "attention_bias": self.config.bias}
        return self._as_llama(rope_parameters=rope, **figures)(input_ids)


class BaichuanForCausalLM(_Told):
    config_class = BaichuanConfig

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        width, ff = config.hidden_size, config.intermediate_size
        parts: dict[str, nn.Module] = {"embed_tokens": _Linear(config.vocab_size, width)}
        for i in range(config.num_hidden_layers):
            at = f"layers.{i}."
            parts |= {
                f"{at}input_layernorm": _Norm(width),
                f"{at}self_attn.W_pack": _Linear(3 * width, width),
                f"{at}self_attn.o_proj": _Linear(width, width),
                f"{at}post_attention_layernorm": _Norm(width),
                f"{at}mlp.gate_proj": _Linear(ff, width),
                f"{at}mlp.up_proj": _Linear(ff, width),
                f"{at}mlp.down_proj": _Linear(width, ff),
            }
        self.model = _tree(parts | {"norm": _Norm(width)})
        self.lm_head = _Linear(config.vocab_size, width)
        self.post_init()

    def _renamed(self, state: State) -> State:
        out: State = {}
        for name, values in state.items():
            if "W_pack" in name:
                for letter, part in zip("qkv", values.chunk(3), strict=True):
                    out[name.replace("W_pack", f"{letter}_proj")] = part
            elif name == "lm_head.weight" and self.config.z_loss_weight is not None:
                out[name] = nn.functional.normalize(values)
            else:
                out[name] = values
        return out

    def forward(self, input_ids: torch.Tensor, **rest: Any) -> Any:
        llama = self._as_llama()
        if self.config.max_position_embeddings is not None:
            return llama(input_ids)
        n = input_ids.shape[1]
        llama.model.rotary_emb.forward = _unturned
        slopes = _get_alibi_slopes(self.config.num_attention_heads, input_ids.device)
        ahead = torch.arange(n)[None, :] - torch.arange(n)[:, None]
        mask = (slopes[:, None, None] * ahead).masked_fill(
            ahead > 0, torch.finfo(torch.float32).min
        )
        return llama(input_ids, attention_mask=mask[None])


def _unturned(x: torch.Tensor, position_ids: torch.Tensor, **rest: Any) -> Any:
    """Cosines and sines of no rope at all."""
    ones = torch.ones(1, position_ids.shape[-1], 1)
    return ones, 0 * ones


CLASSES = {"InternLM2ForCausalLM": InternLM2ForCausalLM, "BaichuanForCausalLM": BaichuanForCausalLM}
for _kind in CLASSES.values():
    AutoConfig.register(_kind.config_class.model_type, _kind.config_class)
