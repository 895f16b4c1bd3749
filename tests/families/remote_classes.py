"""Of classes that the library does not have (remote_base.py) those that its llama computes.

make_golden.py finds them here. InternLM 2 has queries, keys and values in one matrix, group by
group; Baichuan has them in one matrix in a row, distances instead of a rope where config.json says
model_max_length alone, and rows of length 1 in its second version's output.
"""

from typing import Any

import remote_configs
import torch
from remote_base import Kin, State, apart, figures, fused, named
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.bloom.modeling_bloom import _get_alibi_slopes


class InternLM2ForCausalLM(Kin):
    config_class = remote_configs.INTERN_LM2
    PAIRS = {
        "embed_tokens": "tok_embeddings",
        "input_layernorm": "attention_norm",
        "post_attention_layernorm": "ffn_norm",
        "self_attn.o_proj": "attention.wo",
        "self_attn.": "attention.",
        "mlp.gate_proj": "feed_forward.w1",
        "mlp.up_proj": "feed_forward.w3",
        "mlp.down_proj": "feed_forward.w2",
        "lm_head.": "output.",
    }

    def kin(self) -> Any:
        own = self.config
        rope = {"rope_type": "default", "rope_theta": own.rope_theta}
        found = figures(own) | {"attention_bias": own.bias}
        return LlamaForCausalLM(LlamaConfig(**found, rope_parameters=rope))

    def own(self, state: State) -> State:
        return named(fused(state, "wqkv"), self.PAIRS)

    def renamed(self, state: State) -> State:
        """A group of queries is followed by its key and its value."""
        own, found = self.config, State()
        shared = own.num_key_value_heads or own.num_attention_heads
        dim = own.hidden_size // own.num_attention_heads
        for name, values in named(state, {new: old for old, new in self.PAIRS.items()}).items():
            if "wqkv" not in name:
                found[name] = values
                continue
            groups = values.view(shared, -1, dim, *values.shape[1:])
            parts = {"q": groups[:, :-2], "k": groups[:, -2], "v": groups[:, -1]}
            for letter, part in parts.items():
                found[name.replace("wqkv", f"{letter}_proj")] = part.reshape(-1, *values.shape[1:])
        return found


class BaichuanForCausalLM(Kin):
    config_class = remote_configs.BAICHUAN

    def kin(self) -> Any:
        own = self.config
        most = own.max_position_embeddings or own.model_max_length
        return LlamaForCausalLM(LlamaConfig(**figures(own) | {"max_position_embeddings": most}))

    def own(self, state: State) -> State:
        return fused(state, "W_pack")

    def renamed(self, state: State) -> State:
        width = self.config.hidden_size
        found = apart(state, "W_pack", (width, width, width))
        if self.config.z_loss_weight is not None:
            found["lm_head.weight"] = nn.functional.normalize(found["lm_head.weight"])
        return found

    def forward(self, input_ids: torch.Tensor, **rest: Any) -> Any:
        llama = self.loaded()
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
