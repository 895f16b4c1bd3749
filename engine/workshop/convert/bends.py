"""What rules do with tensors on their way (`source.Bend` names it): rows in another order, parts,
arithmetic. Nothing here holds a whole tensor.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.architectures.shared.source import Bend, Rule
from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.weights.formats import lazy
from engine.weights.formats.lazy import LazyTensor
from engine.weights.quants import quantize
from engine.workshop.convert import qkv

Dims = Mapping[str, int]
TURNED = ("turned", "even_turned", "odd_turned", "first_half_turned", "second_half_turned")
OF_MATRICES = (*TURNED, "first_half", "second_half", "even", "odd")  # bends of each matrix


def bent(rule: Rule, tensor: LazyTensor, dims: Dims, where: str) -> LazyTensor:
    """A tensor as GGUF wants it; its shape must be what the configuration says."""
    if len(tensor.shape) == 3 and tensor.shape[0] and rule.bend in OF_MATRICES:
        inner = replace(rule, shape=rule.shape[1:])
        return lazy.stacked([bent(inner, each, dims, where) for each in lazy.unstacked(tensor)])
    turned = lazy.transposed(tensor) if rule.bend in TURNED and _is_matrix(tensor) else tensor
    turned = _some_rows(rule.bend, turned)
    turned = _fitted(tensor, dims[rule.shape[0]]) if rule.bend == "fitted" else turned
    if rule.bend in qkv.BENDS:
        turned = qkv.part_of(rule.bend, turned, dims, where)
    if rule.bend in qkv.BY_KEY and tensor.shape[0] == 2 * dims["v"] + 2 * dims["keys"]:
        turned = qkv.by_key_head(rule.bend, turned, dims)
    if rule.bend == "skipped" and len(tensor.shape) == 2:
        turned = lazy.taking_rows(tensor, np.arange(dims["skipped"], tensor.shape[0]))
    if rule.bend == "row" and tensor.shape[:-1] == (1,):
        turned = replace(tensor, shape=tensor.shape[1:])
    wanted = tuple(dims[name] for name in rule.shape)
    turned = _flat(turned, wanted) if rule.bend == "flat" else turned
    if rule.bend == "figure" and turned.n_elements == 1:
        return turned
    if turned.shape != wanted:
        raise FormatError(
            "{where}: tensor {source} is {shape}, but the model's configuration asks for {wanted} "
            "({shape_2}); file and configuration do not belong together",
            where=where,
            source=rule.source,
            shape=shape_text(tensor.shape),
            wanted=shape_text(wanted),
            shape_2=" x ".join(rule.shape),
        )
    if rule.bend in ("q_heads", "k_heads"):
        heads = dims["n_head" if rule.bend == "q_heads" else "n_head_kv"]
        return heads_paired(turned, heads)
    if rule.bend == "unit_rows" and dims["unit"]:
        return lazy.computed(turned, lambda x, start, stop: _unit_rows(x))
    if rule.bend == "plus_one":
        return lazy.computed(turned, lambda x, start, stop: x + np.float32(1))
    if rule.bend in ("key_parts", "value_parts"):
        return _head_parts(rule.bend, turned, dims)
    if rule.bend in ("tiled", "tiled_end", "tiled_columns", "decay"):
        return _tiled(rule.bend, turned, dims)
    if rule.bend == "taps":
        return replace(turned, shape=(turned.shape[0], turned.shape[2]))
    if rule.bend in ("fading", "column", "by_group"):
        return _scanned(rule.bend, turned, dims)
    return turned


def _some_rows(bend: Bend, tensor: LazyTensor) -> LazyTensor:
    """One half of the rows (or of a vector's entries) or columns, where the bend says so."""
    n = tensor.shape[0]
    rows = {
        "first_half": slice(0, n // 2),
        "second_half": slice(n // 2, n),
        "even": slice(0, n, 2),
        "odd": slice(1, n, 2),
        "even_turned": slice(0, n, 2),
        "odd_turned": slice(1, n, 2),
        "first_half_turned": slice(0, n // 2),
        "second_half_turned": slice(n // 2, n),
    }
    if bend in ("even_columns", "odd_columns") and len(tensor.shape) == 2:
        first = int(bend == "odd_columns")
        some = lazy.computed(tensor, lambda x, start, stop: np.ascontiguousarray(x[:, first::2]))
        return replace(some, shape=(n, (tensor.shape[1] + 1 - first) // 2))
    return lazy.taking_rows(tensor, np.arange(n)[rows[bend]]) if bend in rows else tensor


def _scanned(bend: Bend, tensor: LazyTensor, dims: Dims) -> LazyTensor:
    """What a selective scan reads (source.Rule says which)."""
    if len(tensor.shape) == 1:
        rows = dims["ssm_groups"] if bend == "by_group" else tensor.shape[0]
        tensor = lazy.in_rows(tensor, rows)
    return tensor if bend != "fading" else lazy.computed(tensor, lambda x, a, b: -np.exp(x))


def scaled(tensor: LazyTensor, parts: Sequence[tuple[int, float]]) -> LazyTensor:
    """A matrix times factors of its rows, in the type that it has."""
    counts, factors = zip(*parts, strict=True)
    rows = np.repeat(np.array(factors, np.float32), counts)[:, None]
    if np.all(rows == 1):
        return tensor

    def read(start: int, stop: int) -> NDArray[np.uint8]:
        return quantize(tensor.kind, tensor.floats(start, stop) * rows[start:stop])

    return replace(tensor, read=read)


def _head_parts(bend: Bend, tensor: LazyTensor, dims: Dims) -> LazyTensor:
    """The rows of each head that make keys, turned, or those that make values."""
    keys, values = dims["nope"], dims["v_head"]
    starts = [i * (keys + values) for i in range(dims["n_head"])]
    if bend == "key_parts":
        rows = [np.arange(at, at + keys) for at in starts]
        return lazy.stacked([lazy.transposed(lazy.taking_rows(tensor, each)) for each in rows])
    rows = [np.arange(at + keys, at + keys + values) for at in starts]
    return lazy.stacked([lazy.taking_rows(tensor, each) for each in rows])


def _unit_rows(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row divided by its length, as PyTorch does it: by 1e-12 at least."""
    length = np.sqrt(np.square(x, dtype=np.float64).sum(axis=-1, keepdims=True))
    unit: NDArray[np.float32] = (x / np.maximum(length, 1e-12)).astype(np.float32)
    return unit


def _tiled(bend: Bend, tensor: LazyTensor, dims: Dims) -> LazyTensor:
    """Value heads in another order (source.Rule says which)."""
    heads, shared = dims["v_heads"], dims["k_heads"]
    if len(tensor.shape) == 3:  # taps of a convolution: [columns, 1, taps]
        tensor = replace(tensor, shape=(tensor.shape[0], tensor.shape[2]))
    if bend == "tiled_columns":
        order = _in_turn(tensor.shape[1], heads, shared)
        return lazy.computed(tensor, lambda x, start, stop: np.ascontiguousarray(x[:, order]))
    n = dims["v"] if bend == "tiled_end" else tensor.shape[0]
    before = tensor.shape[0] - n
    order = np.concatenate([np.arange(before), before + _in_turn(n, heads, shared)])
    if bend == "decay":
        tensor = lazy.computed(tensor, lambda x, start, stop: -np.exp(x))
    return lazy.taking_rows(tensor, order)


def _in_turn(n: int, heads: int, shared: int) -> NDArray[np.int64]:
    """n numbers of `heads` heads, neighbours sharing one of `shared`: the first of each, then the
    second of each."""
    return np.arange(n).reshape(shared, heads // shared, -1).swapaxes(0, 1).reshape(-1)


def _flat(tensor: LazyTensor, wanted: tuple[int, ...]) -> LazyTensor:
    """In the wanted shape, if it has as many values and either its rows or none."""
    same = tensor.n_elements == math.prod(wanted) and tensor.kind in lazy.DTYPES
    fits = wanted[-1] == tensor.n_cols or len(wanted) == 1
    return lazy.reshaped(tensor, wanted) if same and fits else tensor


def _fitted(tensor: LazyTensor, n: int) -> LazyTensor:
    """n rows: the tensor's, and its first one where it has no more."""
    rows = np.arange(n)
    return lazy.taking_rows(tensor, np.where(rows < tensor.shape[0], rows, 0))


def _is_matrix(tensor: LazyTensor) -> bool:
    return len(tensor.shape) == 2 and tensor.kind in lazy.DTYPES


def heads_paired(tensor: LazyTensor, n_head: int) -> LazyTensor:
    """Rows of each head from (all first halves, all second halves) to pairs one after another."""
    order = np.arange(tensor.shape[0]).reshape(n_head, 2, -1).swapaxes(1, 2).reshape(-1)
    return lazy.taking_rows(tensor, order)


def shape_text(shape: Sequence[int]) -> str:
    """A shape in words: 32 x 48."""
    return " x ".join(str(n) for n in shape) or Words("a single number")
