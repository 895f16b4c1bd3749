"""Queries, keys and values that a checkpoint has in one matrix: which rows are whose.

grouped   group 0: its queries, one key, one value | group 1: ...      (heads, as are all here)
packed    all queries | all keys | all values
by_key    a query, a key, the values of both and their gates | the next ones  (Qwen 3 Next)
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import FormatError
from engine.weights.formats import lazy
from engine.weights.formats.lazy import LazyTensor

Rows = NDArray[np.int64]
BENDS = ("grouped", "grouped_q", "grouped_k", "grouped_v", "packed_q", "packed_k", "packed_v")
BY_KEY = ("by_key", "by_key_gates")


def part_of(bend: str, tensor: LazyTensor, dims: Mapping[str, int], where: str) -> LazyTensor:
    """`grouped`: all rows, in the order that is packed; else one part of them, queries and keys in
    pairs as the "normal" rope wants them."""
    n, n_kv, dim = dims["n_head"], dims["n_head_kv"], dims["head_dim"]
    total = (n + 2 * n_kv) * dim
    if tensor.shape[0] != total:
        raise FormatError(
            "{where}: a matrix of queries, keys and values has {n} rows, but the model's "
            "configuration asks for {total}; file and configuration do not belong together",
            where=where,
            n=tensor.shape[0],
            total=total,
        )
    form, _, part = bend.partition("_")
    parts = _grouped(n, n_kv, dim) if form == "grouped" else _packed(n, n_kv, dim)
    if not part:
        return lazy.taking_rows(tensor, np.concatenate([rows.reshape(-1) for rows in parts]))
    rows = parts["qkv".index(part)]
    return lazy.taking_rows(tensor, rows.reshape(-1) if part == "v" else _paired(rows))


def _grouped(n: int, n_kv: int, dim: int) -> tuple[Rows, Rows, Rows]:
    """Rows of queries, keys and values, each [heads, dim]."""
    rows = np.arange((n + 2 * n_kv) * dim).reshape(n_kv, n // n_kv + 2, dim)
    return rows[:, :-2].reshape(n, dim), rows[:, -2], rows[:, -1]


def _packed(n: int, n_kv: int, dim: int) -> tuple[Rows, Rows, Rows]:
    rows = np.arange((n + 2 * n_kv) * dim).reshape(-1, dim)
    return rows[:n], rows[n : n + n_kv], rows[n + n_kv :]


def by_key_head(bend: str, tensor: LazyTensor, dims: Mapping[str, int]) -> LazyTensor:
    """Of the matrix that a delta rule reads its row with: all queries, keys and values (`by_key`),
    or all gates (`by_key_gates`). Sizes: `groups` key heads; key and value heads of `value`
    columns, `v` columns of values in all."""
    groups, key = dims["groups"], dims["value"]
    rows = np.arange(tensor.shape[0]).reshape(groups, -1)
    at = 2 * key + dims["v"] // groups
    if bend == "by_key_gates":
        return lazy.taking_rows(tensor, rows[:, at:].reshape(-1))
    parts = (rows[:, :key], rows[:, key : 2 * key], rows[:, 2 * key : at])
    return lazy.taking_rows(tensor, np.concatenate([part.reshape(-1) for part in parts]))


def _paired(rows: Rows) -> Rows:
    """Of each head: halves become neighbours."""
    heads, dim = rows.shape
    return rows.reshape(heads, 2, dim // 2).swapaxes(1, 2).reshape(-1)
