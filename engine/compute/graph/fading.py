"""Ops that look at the token before, and remember by keys that fade: what RWKV is made of.

As those of ops.py, which they stand beside.
"""

from dataclasses import dataclass

from engine.compute.graph.ops import Op, Value
from engine.compute.graph.state import Fixed, StateRef


@dataclass(frozen=True)
class Before(Op):
    """The row of the token before, at first zeros. The state is the last row, [1, width]."""

    remembers = True
    by_token = True

    x: Value
    state: StateRef[Fixed]


@dataclass(frozen=True)
class Lerp(Op):
    """a + (b - a) * share, elementwise. The share is `weight`, [width] or one `part` of
    [parts, 1, 1, width], the same for every token, plus `more`; either may be absent."""

    a: Value
    b: Value
    weight: str | None
    more: Value | None = None
    part: int = 0


@dataclass(frozen=True)
class Bonus(Op):
    """Each head of v times a figure of its own: the sum of a * b * weight over its columns;
    weight is [width] or [heads, columns]."""

    a: Value
    b: Value
    v: Value
    weight: str
    heads: int


@dataclass(frozen=True)
class Wkv6(Op):
    """What RWKV-6 remembers (Peng et al. 2024, arXiv:2404.05892), but for its bonus, head
    by head:

        out = Sᵀr;  S = w * S + k vᵀ

    The state is S of every head, [heads, key, value]; w shrinks what stands by each key.
    """

    remembers = True
    by_token = True

    r: Value
    w: Value
    k: Value
    v: Value
    state: StateRef[Fixed]


@dataclass(frozen=True)
class Wkv7(Op):
    """What RWKV-7 remembers by a general delta rule (Peng et al. 2025, arXiv:2503.14456), head by
    head:

        S = w * S + b (Sᵀa)ᵀ + k vᵀ;  out = Sᵀr

    The state is S of every head, [heads, key, value]; w shrinks what stands by each key.
    """

    remembers = True
    by_token = True

    r: Value
    w: Value
    k: Value
    v: Value
    a: Value
    b: Value
    state: StateRef[Fixed]
