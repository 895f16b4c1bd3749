"""What a tensor is by its name: the role it plays, and whether it may be quantized at all."""

from collections.abc import Sequence
from typing import Literal

Role = Literal[
    "output", "token_embd", "attn_v", "attn_k", "attn_q", "attn_output", "ffn_up", "ffn_gate",
    "ffn_down", "other",
]  # fmt: skip

EMBEDDINGS = ("token_embd.weight", "per_layer_token_embd.weight")
OUTPUT = "output.weight"
# The first part found in the name decides. Fused tensors that hold values count as values.
PARTS: tuple[tuple[str, Role], ...] = (
    ("attn_qkv.weight", "attn_v"),
    ("attn_kv_b.weight", "attn_v"),
    ("attn_v.weight", "attn_v"),
    ("attn_k.weight", "attn_k"),
    ("attn_q.weight", "attn_q"),
    ("attn_output.weight", "attn_output"),
    ("ffn_up", "ffn_up"),
    ("ffn_gate", "ffn_gate"),
    ("ffn_down", "ffn_down"),
)
KEPT_NAMES = ("position_embd.weight", "token_types.weight")
# Small or touchy tensors that stay as they are, by a part of their name.
KEPT_PARTS = (
    "_norm.weight",
    "ffn_gate_inp.weight",  # which expert a token goes to
    "ffn_gate_tid2eid.weight",
    "altup",
    "laurel",
    "per_layer_model_proj",
    "ssm_conv1d",
    "shortconv.conv.weight",
    "indexer.k_proj.weight",
    "indexer.q_proj.weight",
    *(f"time_mix_{part}.weight" for part in (
        "first", "w0", "w1", "w2", "v0", "v1", "v2", "a0", "a1", "a2", "g1", "g2", "decay_w1",
        "decay_w2", "lerp_fused",
    )),
    "attn_rel_b.weight",
    ".position_embd",
    "sam.pos_embd",
    "sam.neck.",
    "sam.net_",
    ".rel_pos",
    ".patch_embd",
    ".patch_merger",
    "a.rvq.codebook",
    "mm.a.code_embd",
)  # fmt: skip
MOST_DIGITS = 9  # of a layer; longer ones are no number of a layer


def role_of(name: str) -> Role:
    if name == OUTPUT:
        return "output"
    if name in EMBEDDINGS:
        return "token_embd"
    return next((role for part, role in PARTS if part in name), "other")


def may_be_quantized(name: str, shape: Sequence[int]) -> bool:
    """Matrices named …weight, but for those listed above; `shape` in NumPy order."""
    is_matrix = any(n > 1 for n in shape[:-1]) and 0 not in shape
    kept = name in KEPT_NAMES or any(part in name for part in KEPT_PARTS)
    return is_matrix and name.endswith("weight") and not kept


def layer_of(name: str) -> int:
    """The number in blk.N., or -1."""
    head, _, rest = name.partition(".")
    number = rest.partition(".")[0]
    known = head == "blk" and number.isdecimal() and len(number) <= MOST_DIGITS
    return int(number) if known else -1
