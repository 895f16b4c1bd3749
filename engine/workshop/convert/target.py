"""Which type each tensor is written in, how large the file becomes, and its rows in that type."""

import math
import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.settings import CONVERT_TYPES
from engine.weights.formats.lazy import LazyTensor
from engine.weights.types import FILE_TYPES, TensorType
from engine.workshop.mixes import stays
from engine.workshop.quantize_encode import FastEncoder, check_held, encoded

# Small and delicate tensors stay float32, as every reader expects: among them what tells tokens
# which experts they go to.
ALWAYS_F32 = re.compile(
    r"norm\.weight$|^position_embd\.|^token_types\.|^rope_f|\.bias$|ssm_(conv1d\.|a$|d$)|shortconv\.conv\."
    r"|ffn_gate_inp(_shexp)?\.|altup_(correct|predict)_coef\."
)
PLAIN = (TensorType.F32, TensorType.F16, TensorType.BF16)


def target_kinds(tensors: Mapping[str, LazyTensor], out_type: str) -> dict[str, TensorType]:
    """The type of every tensor for one of CONVERT_TYPES; "auto" keeps what the source has."""
    if out_type not in CONVERT_TYPES:
        raise UsageError(
            "unknown type {type!r}: use one of {out_types}",
            type=out_type,
            out_types=", ".join(CONVERT_TYPES),
        )
    return {name: _kind(name, tensor, out_type) for name, tensor in tensors.items()}


def _kind(name: str, tensor: LazyTensor, out_type: str) -> TensorType:
    if len(tensor.shape) < 2 or ALWAYS_F32.search(name):
        return TensorType.F32
    if out_type == "auto":
        kind = tensor.usual or tensor.kind
        return kind if kind in PLAIN or kind.block > 1 else TensorType.F32
    wanted = TensorType[out_type.upper()]
    if stays(tensor.kind, wanted):
        return tensor.kind
    # A row that is no whole number of blocks keeps 16 bits.
    return TensorType.F16 if tensor.n_cols % wanted.block else wanted


def file_type(kinds: Mapping[str, TensorType], tensors: Mapping[str, LazyTensor]) -> int:
    """general.file_type: the number for what most weights are."""
    sizes: dict[TensorType, int] = {}
    for name, kind in kinds.items():
        if len(tensors[name].shape) > 1:
            sizes[kind] = sizes.get(kind, 0) + tensors[name].n_elements
    most = max(sizes, key=lambda kind: sizes[kind], default=TensorType.F32)
    numbers = {name: number for number, name in FILE_TYPES.items()}
    return numbers.get(most.name, numbers.get(f"{most.name}_S", 0))


def data_bytes(tensors: Mapping[str, LazyTensor], kinds: Mapping[str, TensorType]) -> int:
    """Bytes of the tensors, each padded as in the file."""
    total = 0
    for name, tensor in tensors.items():
        rows = math.prod(tensor.shape[:-1])
        total += -(-rows * kinds[name].row_bytes(tensor.n_cols) // 32) * 32
    return total


def rows_as(
    tensor: LazyTensor, start: int, stop: int, kind: TensorType, fast: FastEncoder, what: str
) -> NDArray[np.uint8]:
    """Rows as blocks of the wanted type, untouched where they are that already. `what` names them
    in a refusal: their values must be held, but what is odd in the source stays odd in F16."""
    raw = np.ascontiguousarray(tensor.read(start, stop))
    if tensor.kind == kind:
        return raw
    made, most = encoded(tensor.kind, kind, raw, tensor.n_cols, None, fast)
    odd = kind is TensorType.F16 and not np.isfinite(most)
    if not odd and kind.blocks.holds < np.inf:
        check_held(what, kind, most, made, tensor.n_cols, Words("convert it with --type bf16"))
    return made
