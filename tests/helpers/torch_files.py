"""Writes checkpoints as PyTorch does, without PyTorch: a zip of a hand-made pickle and data."""

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

STORAGES = {"float32": "FloatStorage", "float16": "HalfStorage"}


def write_torch(path: Path, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """A file as torch.save makes it of a dictionary of tensors."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle_of(arrays))
        archive.writestr("archive/byteorder", b"little")
        for key, values in enumerate(arrays.values()):
            archive.writestr(f"archive/data/{key}", np.ascontiguousarray(values).tobytes())
        archive.writestr("archive/version", b"3\n")
    return path


def pickle_of(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The dictionary, each tensor a call of _rebuild_tensor_v2."""
    out = b"\x80\x02}"
    for key, (name, values) in enumerate(arrays.items()):
        strides = [stride // values.itemsize for stride in np.ascontiguousarray(values).strides]
        storage = (
            b"(" + text("storage") + name_of("torch", STORAGES[values.dtype.name]) + text(str(key))
        )
        storage += text("cpu") + number(values.size) + b"tQ"
        out += text(name) + name_of("torch._utils", "_rebuild_tensor_v2") + b"(" + storage
        out += number(0) + numbers(values.shape) + numbers(strides) + b"\x89"
        out += name_of("collections", "OrderedDict") + b")R" + b"tRs"
    return out + b"."


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def numbers(values: Any) -> bytes:
    return b"(" + b"".join(number(int(value)) for value in values) + b"t"


def name_of(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()
