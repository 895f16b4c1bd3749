"""A tiny Mixtral with random weights: the tiny llama with experts for its feed-forward."""

from pathlib import Path
from typing import Any

import numpy as np
from helpers.tiny_models import write_tiny_llama

LAYERS = 2


def write_tiny_experts(
    path: Path, *, n: int = 4, used: int = 2, n_embd: int = 64, n_ff: int = 96, **shape: Any
) -> Path:
    """Writes the model, all of F32, and returns its path; n_ff: columns inside of an expert."""
    chance = np.random.default_rng(5)
    tensors = {}
    for i in range(LAYERS):
        layer = {
            "ffn_gate_inp": (n, n_embd),
            "ffn_gate_exps": (n, n_ff, n_embd),
            "ffn_up_exps": (n, n_ff, n_embd),
            "ffn_down_exps": (n, n_embd, n_ff),
        }
        for name, dims in layer.items():
            values = chance.standard_normal(dims, np.float32) / np.float32(np.sqrt(dims[-1]))
            tensors[f"blk.{i}.{name}.weight"] = values
    experts = {"llama.expert_count": n, "llama.expert_used_count": used}
    experts["llama.feed_forward_length"] = n_ff
    return write_tiny_llama(
        path,
        n_embd=n_embd,
        n_ff=0,  # no matrices but those of experts
        n_layer=LAYERS,
        extra_metadata=experts | shape.pop("extra_metadata", {}),
        extra_tensors=tensors | shape.pop("extra_tensors", {}),
        **shape,
    )
