"""Numbers and sizes of the tensor types against the facts and the gguf package."""

import gguf
import pytest

from engine.base.errors import FormatError, UnsupportedError
from engine.weights.types import REMOVED_TYPES, TensorType, file_type_name, tensor_type


def test_agrees_with_gguf_package():
    for theirs in gguf.GGMLQuantizationType:
        ours = tensor_type(theirs.value)
        assert ours.name == theirs.name
        # The package still has the old Q8_1 of 40 bytes; it exists in memory only.
        if ours is not TensorType.Q8_1:
            assert (ours.block, ours.block_bytes) == gguf.GGML_QUANT_SIZES[theirs]


def test_type_newer_than_the_package():
    assert tensor_type(42) is TensorType.Q2_0
    assert TensorType.Q2_0.bits_per_weight == 2.25


def test_row_bytes():
    assert TensorType.Q4_K.row_bytes(512) == 288
    with pytest.raises(FormatError, match="multiple of 256"):
        TensorType.Q4_K.row_bytes(500)


@pytest.mark.parametrize("number", sorted(REMOVED_TYPES))
def test_removed_numbers_say_so(number: int):
    with pytest.raises(UnsupportedError, match=f"{REMOVED_TYPES[number]}.*removed"):
        tensor_type(number)


def test_unknown_number():
    with pytest.raises(UnsupportedError, match="type 99"):
        tensor_type(99)


def test_file_type_names():
    assert file_type_name(15) == "Q4_K_M"
    assert file_type_name(1024 + 7) == "Q8_0"
    assert file_type_name(77) == "file type 77"
