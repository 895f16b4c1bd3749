"""Which type the tensors of each role get in each file type: llama.cpp's choices as tables.

Invariant: nothing here looks at names or files; a rule sees a TensorPosition and gives a type, or
None for "the file's usual type".
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from engine.weights.types import TensorType as T
from engine.workshop.mixes_names import Role


class TensorPosition(NamedTuple):
    """Where a tensor stands: the i-th of n of its role, in what kind of model."""

    i: int
    n: int
    grouped: bool  # four or more query heads share a key and value head
    n_expert: int
    has_imatrix: bool


Rule = Callable[[TensorPosition], T | None]
Rules = Mapping[str, T | Rule]

# The type that most tensors of a mix have.
MIXES: dict[str, T] = {
    "MXFP4_MOE": T.MXFP4, "Q2_K_S": T.Q2_K,
    "Q3_K_S": T.Q3_K, "Q3_K_M": T.Q3_K, "Q3_K_L": T.Q3_K,
    "Q4_K_S": T.Q4_K, "Q4_K_M": T.Q4_K, "Q5_K_S": T.Q5_K, "Q5_K_M": T.Q5_K,
    "IQ2_S": T.IQ2_XS, "IQ2_M": T.IQ2_S, "IQ3_XS": T.IQ3_S, "IQ3_M": T.IQ3_S,
}  # fmt: skip
# The same of all file types: those that bear a type's name are of that type.
USUAL: dict[str, T] = {
    kind.name: kind for kind in T if kind.file_type is not None and kind.blocks.is_target
} | MIXES


def more_bits(i: int, n: int) -> bool:
    """The first and last eighth of the layers and every third between."""
    return i < n // 8 or i >= 7 * n // 8 or (i - n // 8) % 3 == 2


def grouped(then: T, otherwise: T | None = None) -> Rule:
    return lambda place: then if place.grouped else otherwise


def chosen_layers(then: T, otherwise: T | None = None) -> Rule:
    return lambda place: then if more_bits(place.i, place.n) else otherwise


def first(count: int, then: T, otherwise: T | None = None) -> Rule:
    return lambda place: then if place.i < count else otherwise


def early(part: int, then: T, otherwise: T | None = None) -> Rule:
    """The first n / part layers."""
    return lambda place: then if place.i < place.n // part else otherwise


def with_imatrix(rule: Rule) -> Rule:
    return lambda place: rule(place) if place.has_imatrix else None


def without_imatrix(rule: Rule) -> Rule:
    return lambda place: None if place.has_imatrix else rule(place)


def _middle(place: TensorPosition) -> T | None:
    """IQ3_XS spares bits in the middle three quarters of the layers."""
    return T.IQ3_XXS if place.n // 8 <= place.i < 7 * place.n // 8 else None


def _values_iq3_xxs(place: TensorPosition) -> T:
    if place.grouped:
        return T.Q4_K
    return T.IQ3_XXS if place.has_imatrix else T.IQ3_S


def _down_iq3_m(place: TensorPosition) -> T | None:
    eight = place.n_expert == 8 and more_bits(place.i, place.n)
    return T.Q4_K if place.i < place.n // 8 or eight else None


def _values_low(usual: T) -> Rule:
    return lambda place: T.Q4_K if place.grouped or place.n_expert >= 4 else usual


LOWEST = ("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS")
LOW = (*LOWEST, "IQ2_S", "IQ2_M")

OUTPUT: Rules = {name: T.Q5_K for name in (*LOW, "IQ3_XXS")} | {"MXFP4_MOE": T.Q8_0}
EMBEDDINGS: Rules = {name: T.Q2_K for name in LOWEST} | {
    "IQ2_S": T.IQ3_S,
    "IQ2_M": T.IQ3_S,
    "IQ3_XXS": T.IQ3_S,
    "TQ1_0": T.Q4_K,
    "TQ2_0": T.Q4_K,
    "Q2_0": T.Q4_K,
}

VALUES: Rules = {name: _values_low(T.Q2_K) for name in LOWEST} | {
    "IQ2_S": _values_low(T.IQ3_S),
    "IQ2_M": _values_low(T.IQ3_S),
    "Q2_K": grouped(T.Q4_K, T.Q3_K),
    "Q2_K_S": grouped(T.Q4_K),
    "IQ3_XXS": _values_iq3_xxs,
    "IQ3_XS": grouped(T.Q4_K),
    "IQ3_S": grouped(T.Q4_K),
    "IQ3_M": T.Q4_K,
    "Q3_K_M": first(2, T.Q5_K, T.Q4_K),
    "Q3_K_L": T.Q5_K,
    "IQ4_NL": grouped(T.Q5_K),
    "IQ4_XS": grouped(T.Q5_K),
    "Q4_K_S": first(4, T.Q5_K),
    "Q4_K_M": chosen_layers(T.Q6_K),
    "Q5_K_M": chosen_layers(T.Q6_K),
}
KEYS: Rules = {"IQ3_XS": T.IQ3_XXS, "IQ3_XXS": T.IQ2_S}

DOWN: Rules = {name: early(8, T.Q2_K) for name in LOWEST} | {
    "IQ2_S": early(8, T.IQ3_S),
    "IQ2_M": early(8, T.IQ3_S),
    "Q2_K": T.Q3_K,
    "Q2_K_S": early(8, T.Q4_K),
    "IQ3_XXS": without_imatrix(early(8, T.Q4_K, T.Q3_K)),
    "IQ3_M": _down_iq3_m,
    "Q3_K_M": early(16, T.Q5_K, T.Q4_K),
    "Q3_K_L": T.Q5_K,
    "IQ4_NL": without_imatrix(early(8, T.Q5_K)),
    "IQ4_XS": without_imatrix(early(8, T.Q5_K)),
    "Q4_K_S": early(8, T.Q5_K),
    "Q4_K_M": chosen_layers(T.Q6_K),
    "Q5_K_M": chosen_layers(T.Q6_K),
    # With an imatrix the first layers can go astray in these.
    "Q4_0": with_imatrix(early(8, T.Q4_1)),
    "Q5_0": with_imatrix(early(8, T.Q5_1)),
}
ATTENTION_OUTPUT: Rules = {
    "IQ1_S": T.IQ2_XXS,
    "IQ1_M": T.IQ2_XXS,
    "IQ2_S": T.IQ3_S,
    "IQ2_M": T.IQ3_S,
    "Q2_K": T.Q3_K,
    "IQ3_XXS": T.IQ3_S,
    "IQ3_M": T.Q4_K,
    "Q3_K_M": T.Q4_K,
    "Q3_K_L": T.Q5_K,
}
MIDDLE: Rules = {"IQ3_XS": _middle}

BY_ROLE: dict[Role, Rules] = {
    "attn_v": VALUES,
    "attn_k": KEYS,
    "attn_q": KEYS,
    "attn_output": ATTENTION_OUTPUT,
    "ffn_down": DOWN,
    "ffn_gate": MIDDLE,
    "ffn_up": MIDDLE,
}

# Models of eight experts: attention is small beside the experts and gets more.
_EIGHT_OUTPUT = (
    "Q2_K", "IQ3_XS", "IQ3_XXS", "Q3_K_S", "Q3_K_M", "IQ4_NL", "Q4_K_S", "Q4_K_M", "IQ3_S",
    "IQ3_M", "IQ4_XS", *LOW,
)  # fmt: skip
EIGHT_EXPERTS: dict[Role, Rules] = {
    "attn_k": {name: T.Q4_K if name in LOW else T.Q8_0 for name in USUAL},
    "attn_v": {name: T.Q8_0 for name in USUAL if name not in LOW},
    "attn_output": dict.fromkeys(_EIGHT_OUTPUT, T.Q5_K),
}


def _falcon_down(place: TensorPosition) -> T:
    if place.i < place.n // 16:
        return T.Q6_K
    return T.Q5_K if more_bits(place.i, place.n) else T.Q4_K


def _falcon_down_3(place: TensorPosition) -> T:
    if place.i < place.n // 16:
        return T.Q5_K
    return T.Q4_K if more_bits(place.i, place.n) else T.Q3_K


# Falcon's own figures; an empty table means the file's usual type.
FALCON: dict[Role, Rules] = {
    "ffn_down": {
        **{name: rule for name, rule in DOWN.items() if name != "Q4_K_S"},
        "Q4_K_M": _falcon_down,
        "Q3_K_M": _falcon_down_3,
        "Q3_K_L": T.Q4_K,
    },
    "attn_output": {
        **{name: rule for name, rule in ATTENTION_OUTPUT.items() if name in LOW},
        "Q3_K_L": T.Q4_K,
    },
}

# A row that is no whole number of blocks: the next type with short blocks, else F16.
FALLBACK: dict[T, T] = {
    T.IQ1_S: T.IQ4_NL, T.IQ1_M: T.IQ4_NL, T.IQ2_XXS: T.IQ4_NL, T.IQ2_XS: T.IQ4_NL,
    T.IQ2_S: T.IQ4_NL, T.IQ3_XXS: T.IQ4_NL, T.IQ3_S: T.IQ4_NL, T.IQ4_XS: T.IQ4_NL,
    T.Q2_0: T.Q4_0, T.Q2_K: T.Q4_0, T.Q3_K: T.Q4_0, T.TQ1_0: T.Q4_0, T.TQ2_0: T.Q4_0,
    T.Q4_K: T.Q5_0, T.Q5_K: T.Q5_1, T.Q6_K: T.Q8_0,
}  # fmt: skip
