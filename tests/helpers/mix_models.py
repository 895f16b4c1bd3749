"""Tensor lists of model shapes that the rules for mixes tell apart, and their metadata."""

from collections.abc import Iterator
from typing import Any

Shapes = dict[str, tuple[int, ...]]

# Layers, query heads, heads of keys and values, width of the hidden layer, experts, tied output.
VARIANTS: dict[str, tuple[str, int, int, int, int, int, bool]] = {
    "plain": ("llama", 17, 4, 4, 512, 0, False),
    "grouped": ("llama", 12, 8, 2, 512, 0, False),
    "tied": ("llama", 9, 4, 2, 512, 0, True),
    "odd": ("llama", 8, 4, 4, 352, 0, False),
    "odder": ("llama", 8, 4, 4, 336, 0, True),
    "experts8": ("llama", 16, 4, 2, 512, 8, False),
    "experts4": ("llama", 9, 4, 2, 512, 4, False),
    "fused": ("falcon", 33, 4, 4, 512, 0, False),
    "seventy": ("llama", 80, 8, 1, 512, 0, False),
}


def metadata_of(variant: str) -> dict[str, Any]:
    arch, n_layer, n_head, n_head_kv, n_ff, n_expert, _ = VARIANTS[variant]
    values: dict[str, Any] = {
        "context_length": 512,
        "embedding_length": 256,
        "block_count": n_layer,
        "feed_forward_length": n_ff,
        "attention.head_count": n_head,
        "attention.head_count_kv": n_head_kv,
        "attention.layer_norm_rms_epsilon": 1e-5,
        "attention.layer_norm_epsilon": 1e-5,
        "vocab_size": 32,
    }
    if n_expert:
        values |= {"expert_count": n_expert, "expert_used_count": 2}
    return {"general.architecture": arch} | {f"{arch}.{key}": v for key, v in values.items()}


def shapes_of(variant: str) -> Shapes:
    """Names and shapes (NumPy order) of all tensors, tiny where rules do not look."""
    arch, n_layer, _, _, n_ff, n_expert, tied = VARIANTS[variant]
    shapes: Shapes = {"token_embd.weight": (32, 256), "output_norm.weight": (256,)}
    if not tied:
        shapes["output.weight"] = (32, 256)
    for i in range(n_layer):
        for name, shape in _layer(arch, n_ff, n_expert, i):
            shapes[f"blk.{i}.{name}.weight"] = shape
    return shapes


def by_role(variant: str) -> list[str]:
    """The names with the layers of a role side by side: types then come in long runs."""
    names = [name.split(".") for name in shapes_of(variant)]
    names.sort(key=lambda parts: (parts[2:], int(parts[1]) if parts[0] == "blk" else 0, parts))
    return [".".join(parts) for parts in names]


def _layer(arch: str, n_ff: int, n_expert: int, i: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield "attn_norm", (256,)
    if arch == "falcon":
        yield "attn_qkv", (8, 256)
    else:
        yield from ((name, (8, 256)) for name in ("attn_q", "attn_k", "attn_v"))
    yield "attn_output", (8, 256)
    if n_expert and i % 4:
        yield "ffn_gate_inp", (n_expert, 256)
        yield "ffn_gate_exps", (n_expert, 8, 256)
        yield "ffn_up_exps", (n_expert, 8, 256)
        yield "ffn_down_exps", (n_expert, 8, n_ff)
        yield "ffn_down_shexp", (8, n_ff)
    else:
        yield from ((name, (8, 256)) for name in ("ffn_gate", "ffn_up"))
        yield "ffn_down", (8, n_ff)
