"""Big-endian files: blocks come out of raw() as if the file were little-endian."""

from pathlib import Path
from typing import Any, ClassVar

import gguf
import numpy as np
import pytest
from helpers.tiny_models import write_tiny_llama

from engine.weights.formats.gguf import open_gguf
from engine.weights.types import TensorType

# As the structs of ggml-common.h say: (byte offset, width, how many), where wider than a byte.
FIELDS = {
    "F32": ((0, 4, 1),),
    "F16": ((0, 2, 1),),
    "BF16": ((0, 2, 1),),
    "I16": ((0, 2, 1),),
    "I32": ((0, 4, 1),),
    "I64": ((0, 8, 1),),
    "F64": ((0, 8, 1),),
    "Q4_0": ((0, 2, 1),),
    "Q4_1": ((0, 2, 2),),
    "Q5_0": ((0, 2, 1),),
    "Q5_1": ((0, 2, 2),),
    "Q8_0": ((0, 2, 1),),
    "Q8_1": ((0, 2, 2),),
    "Q2_K": ((80, 2, 2),),
    "Q3_K": ((108, 2, 1),),
    "Q4_K": ((0, 2, 2),),
    "Q5_K": ((0, 2, 2),),
    "Q6_K": ((208, 2, 1),),
    "Q8_K": ((0, 4, 1), (260, 2, 16)),
    "IQ2_XXS": ((0, 2, 33),),
    "IQ2_XS": ((0, 2, 33),),
    "IQ2_S": ((0, 2, 1),),
    "IQ3_XXS": ((0, 2, 1),),
    "IQ3_S": ((0, 2, 1),),
    "IQ1_S": ((0, 2, 1), (34, 2, 8)),
    "IQ1_M": (),
    "IQ4_NL": ((0, 2, 1),),
    "IQ4_XS": ((0, 2, 2),),
    "TQ1_0": ((52, 2, 1),),
    "TQ2_0": ((64, 2, 1),),
    "I8": (),
    "MXFP4": (),
    "NVFP4": (),
    "Q1_0": ((0, 2, 1),),
    "Q2_0": ((0, 2, 1),),
}
TWINS = [kind for kind in TensorType if kind in gguf.quants._type_traits and kind.block > 1]
HOUSE_TYPES = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q6_K")


def each(fields: tuple[tuple[int, int, int], ...]) -> list[tuple[int, int]]:
    """Offset and width of every number."""
    return [(at + width * i, width) for at, width, count in fields for i in range(count)]


def test_the_fields_that_are_swapped():
    for name, fields in FIELDS.items():
        assert each(TensorType[name].blocks.wide_fields) == each(fields), name


class Watched(np.ndarray[Any, Any]):
    """A block that notes where it is read as floats: byte offset and width of each."""

    seen: ClassVar[set[tuple[int, int]]] = set()
    start: ClassVar[int] = 0  # address

    def view(self, *args: Any) -> Any:
        made = np.asarray(self).view(*args)
        at = self.ctypes.data - Watched.start
        if made.dtype.kind == "f":
            width = made.itemsize
            Watched.seen |= {(at + width * i, width) for i in range(made.shape[-1])}
        return made


def read_as_floats(kind: TensorType) -> set[tuple[int, int]]:
    """By the gguf package, of a block of this type."""
    decoder = gguf.quants._type_traits[gguf.GGMLQuantizationType(int(kind))]
    decoder.init_grid()
    block = np.zeros((1, kind.block_bytes), np.uint8).view(Watched)
    Watched.seen, Watched.start = set(), block.ctypes.data
    decoder.dequantize_blocks(block)
    return {(at, width) for at, width in Watched.seen if 0 <= at < kind.block_bytes}


@pytest.mark.parametrize("kind", TWINS, ids=lambda kind: kind.name)
def test_what_gguf_reads_as_floats_is_swapped(kind: TensorType) -> None:
    """Of every type that the package knows, whoever adds it."""
    fields = (kind.blocks.record.fields or {}).values()
    floats = {(at, field.itemsize) for field, at, *_ in fields if field.kind == "f"}
    assert read_as_floats(kind) == floats
    assert floats <= set(each(kind.blocks.wide_fields))


def test_swapping_twice_changes_nothing():
    random = np.random.default_rng(0)
    for kind in TensorType:
        raw = random.integers(0, 256, (3, 2 * kind.block_bytes), np.uint8)
        assert np.array_equal(kind.blocks.swapped(kind.blocks.swapped(raw)), raw)


@pytest.mark.parametrize("name", HOUSE_TYPES)
def test_same_model_in_both_orders(tmp_path: Path, name: str):
    shape = {"type": TensorType[name], "n_embd": 256, "n_ff": 256, "n_layer": 1, "n_vocab": 259}
    little = write_tiny_llama(tmp_path / "little.gguf", **shape)
    big = write_tiny_llama(tmp_path / "big.gguf", **shape, byte_order="big")
    assert little.read_bytes() != big.read_bytes()
    with open_gguf(little) as a, open_gguf(big) as b:
        assert (a.byte_order, b.byte_order) == ("little", "big")
        assert a.tensors.keys() == b.tensors.keys()
        assert all(np.array_equal(a.raw(name), b.raw(name)) for name in a.tensors)
        assert a.need_strs("tokenizer.ggml.tokens") == b.need_strs("tokenizer.ggml.tokens")
