"""What the pickle of a PyTorch file may speak of: storages, tensors cut out of them, dictionaries.

Invariant: a tensor lies inside its storage, and is never larger than it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.base.words import quoted
from engine.weights.formats.lazy import DTYPES, LazyTensor, of_blocks, sound_shape, unreadable
from engine.weights.formats.open_file import Span
from engine.weights.formats.pickle_machine import Meaning, Name, Opaque
from engine.weights.types import TensorType

STORAGES = {
    "FloatStorage": TensorType.F32,
    "HalfStorage": TensorType.F16,
    "BFloat16Storage": TensorType.BF16,
    "DoubleStorage": TensorType.F64,
    "LongStorage": TensorType.I64,
    "IntStorage": TensorType.I32,
    "ShortStorage": TensorType.I16,
    "CharStorage": TensorType.I8,
    "ByteStorage": TensorType.I8,
    "BoolStorage": TensorType.I8,
}
UNSIGNED = ("ByteStorage", "BoolStorage")
PIECE = 4 << 20  # values that are read at once of a tensor with strides
MAX_KEY = 256  # letters of a storage's number
MAX_TENSORS = 100_000
NESTED = ("state_dict", "model", "module", "model_state_dict")  # where trainers put the tensors


@dataclass(frozen=True)
class Storage:
    """A run of numbers in the file, by the key under which it is kept there."""

    type_name: str
    key: str
    count: int

    @property
    def kind(self) -> TensorType:
        return STORAGES[self.type_name]


@dataclass(frozen=True)
class StoredTensor:
    """A strided view into a storage; offset and strides in elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def storage_of(reference: Any) -> Storage:
    """From a pickle's outside reference: ('storage', type, key, device, count, …)."""
    if isinstance(reference, tuple) and len(reference) >= 5 and reference[0] == "storage":
        _, kind, key, _, count = reference[:5]
        name = kind.name if isinstance(kind, Name) else ""
        if name in STORAGES and isinstance(key, str) and len(key) < MAX_KEY and _natural(count):
            return Storage(name, key, count)
        raise ValueError(f"a storage of type {quoted(name)}, which is not known")
    raise ValueError("an outside reference that is no storage")


def _natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 62


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *rest: Any) -> StoredTensor:
    if not isinstance(storage, Storage) or not isinstance(shape, tuple):
        raise ValueError("a tensor without a storage")
    if not isinstance(strides, tuple) or len(strides) != len(shape) or len(shape) > 8:
        raise ValueError("a tensor whose shape and strides do not fit")
    if not all(_natural(n) for n in (offset, *shape, *strides)) or not sound_shape(shape):
        raise ValueError("a tensor with a negative or absurd size")
    last = offset + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
    count = math.prod(shape)
    if count and (last >= storage.count or count > storage.count):
        raise ValueError("a tensor that reaches beyond its storage")
    return StoredTensor(storage, offset, shape, strides)


def _parameter(data: Any, *rest: Any) -> Any:
    return data


def _with_attributes(function: Any, kind: Any, values: Any, state: Any) -> Any:
    made_by = str(function) if isinstance(function, Name) else ""
    if made_by == "torch._utils._rebuild_tensor_v2" and isinstance(values, tuple):
        return _tensor(*values)
    raise ValueError(f"a tensor made by {quoted(made_by)}")


def _mapping(*values: Any) -> dict[Any, Any]:
    if len(values) > 1 or (values and not isinstance(values[0], dict | list | tuple)):
        raise ValueError("a dictionary made of something odd")
    if not values:
        return {}
    pairs = values[0].items() if isinstance(values[0], dict) else values[0]
    found = {}
    for key, value in pairs:
        if not isinstance(key, str | int):
            raise ValueError("a dictionary key that is neither text nor number")
        found[str(key)] = value
    return found


def _opaque(*values: Any) -> Opaque:
    return Opaque()


# Every call that a file of tensors may contain, and what it stands for.
MEANINGS: Mapping[str, Meaning] = {
    "collections.OrderedDict": _mapping,
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _parameter,
    "torch._utils._rebuild_parameter_with_state": _parameter,
    "torch._tensor._rebuild_from_type_v2": _with_attributes,
    "torch.Size": lambda *values: tuple(values[0]) if values else (),
    "torch.device": _opaque,
    "torch.serialization._get_layout": _opaque,
    "argparse.Namespace": _opaque,
    "builtins.set": _opaque,
    "__builtin__.set": _opaque,
}


def tensors_of(found: Any, where: str, raw: Callable[[Storage], Span]) -> dict[str, LazyTensor]:
    """The tensors of a checkpoint's dictionary, or of the one that a trainer put inside."""
    for _ in range(3):
        if not isinstance(found, dict):
            break
        tensors = {str(k): v for k, v in found.items() if isinstance(v, StoredTensor)}
        if len(tensors) > MAX_TENSORS:
            raise FormatError(
                "{where} has {n_tensors:,} tensors, more than any model needs",
                where=where,
                n_tensors=len(tensors),
            )
        if tensors:
            return {name: _lazy(tensor, name, where, raw) for name, tensor in tensors.items()}
        found = next((found[key] for key in NESTED if isinstance(found.get(key), dict)), None)
    raise FormatError(
        "{where} holds no tensors by name; it is no checkpoint of weights", where=where
    )


def _lazy(
    tensor: StoredTensor, name: str, where: str, raw: Callable[[Storage], Span]
) -> LazyTensor:
    storage = tensor.storage
    if storage.type_name in UNSIGNED:
        words = Words(
            "{where}: tensor {name} holds {type_name}, which is no weight",
            where=where,
            name=quoted(name),
            type_name=storage.type_name,
        )
        return unreadable(tensor.shape, words)
    data, kind = raw(storage), storage.kind
    if not math.prod(tensor.shape):
        return of_blocks(data[:0], tensor.shape, kind)
    if tensor.strides == _dense(tensor.shape):
        begin = tensor.offset * kind.block_bytes
        nbytes = math.prod(tensor.shape) * kind.block_bytes
        return of_blocks(Span(data.file, data.offset + begin, nbytes), tensor.shape, kind)
    return _strided(tensor, data, kind)


def _strided(tensor: StoredTensor, data: Span, kind: TensorType) -> LazyTensor:
    """Rows of the last dimension, read from where their strides say that they lie."""
    shape = tensor.shape or (1,)
    strides = tensor.strides or (1,)
    step, n_cols = strides[-1], shape[-1]

    def read(start: int, stop: int) -> NDArray[np.uint8]:
        numbers = np.unravel_index(np.arange(start, stop), shape[:-1]) if shape[:-1] else ()
        first = np.full(stop - start, tensor.offset, np.int64)
        for number, stride in zip(numbers, strides, strict=False):
            first += number * stride
        return _gathered(data, kind, first, step, n_cols).view(np.uint8).reshape(len(first), -1)

    return LazyTensor(shape, kind, read)


def _gathered(
    data: Span, kind: TensorType, first: NDArray[np.int64], step: int, n_cols: int
) -> NDArray[Any]:
    """[rows, n_cols] from the places where the rows begin, both counted in values."""
    low, high, size = int(first.min()), int(first.max()), kind.block_bytes
    if high - low > PIECE and len(first) > 1:
        halves = (first[: len(first) // 2], first[len(first) // 2 :])
        return np.concatenate([_gathered(data, kind, half, step, n_cols) for half in halves])
    out = np.empty((len(first), n_cols), DTYPES[kind])
    each = max(1, PIECE // max(1, step))  # columns that are read at once
    for begin in range(0, n_cols, each):
        end = min(begin + each, n_cols)
        from_, to = low + begin * step, high + (end - 1) * step + 1
        values = data[size * from_ : size * to].view(DTYPES[kind])
        out[:, begin:end] = values[(first - from_)[:, None] + np.arange(begin, end) * step]
    return out


def _dense(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a tensor whose values lie one after another."""
    return tuple(math.prod(shape[i + 1 :]) for i in range(len(shape)))
