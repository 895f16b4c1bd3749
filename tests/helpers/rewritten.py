"""Files that were converted, written anew with other keys, names and tensors."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from helpers.loaded import make_backend
from helpers.tiny_checkpoints import TEXT, Arrays, kept
from numpy.typing import NDArray

from engine.architectures import build_graph
from engine.compute.backends import BatchEntry
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType


def read_floats(path: Path) -> tuple[dict[str, Any], Arrays]:
    """Keys without the vocabulary's, and all tensors, which are float32."""
    file = open_gguf(path)
    keys = {k: v for k, v in file.metadata.items() if not k.startswith("tokenizer.")}
    arrays = {}
    for name, info in file.tensors.items():
        assert info.type is TensorType.F32
        arrays[name] = file.raw(name).reshape(-1).view(np.float32).reshape(info.shape)
    return keys, arrays


def write_floats(path: Path, keys: Mapping[str, Any], arrays: Arrays) -> Path:
    """The file; keys that are None are left out."""
    with GGUFWriter(path) as writer:
        for key, value in keys.items():
            if value is not None:
                writer.set(key, value)
        for name, values in arrays.items():
            writer.declare(name, values.shape, TensorType.F32)
        for name, values in arrays.items():
            writer.write(name, np.ascontiguousarray(values))
    return path


def logits_of(path: Path, backend: str) -> NDArray[np.float32]:
    """Of TEXT, those columns that are compared with those of transformers."""
    file = open_gguf(path)
    _, graph = build_graph(file)
    made = make_backend(backend, graph, file, n_ctx=64, max_batch=64, cache_type="f32")
    found = made.run([BatchEntry(made.new_sequence(), np.array(TEXT, np.int32), "all")]).copy()
    made.close()
    return kept(found)
