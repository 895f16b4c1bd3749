"""Every tensor type of GGUF: its number in files, elements per block, bytes per block.

Invariant: numbers and sizes are the file format's; nothing here knows how a block is laid out.
"""

from collections import Counter
from collections.abc import Iterable
from enum import IntEnum

from engine.base.errors import FormatError, UnsupportedError


class TensorType(IntEnum):
    """A type by the number it has in a file; a row is a whole number of blocks."""

    block: int
    block_bytes: int

    def __new__(cls, number: int, block: int, block_bytes: int) -> "TensorType":
        self = int.__new__(cls, number)
        self._value_ = number
        self.block = block
        self.block_bytes = block_bytes
        return self

    F32 = 0, 1, 4
    F16 = 1, 1, 2
    Q4_0 = 2, 32, 18
    Q4_1 = 3, 32, 20
    Q5_0 = 6, 32, 22
    Q5_1 = 7, 32, 24
    Q8_0 = 8, 32, 34
    Q8_1 = 9, 32, 36  # activations only, not found in files
    Q2_K = 10, 256, 84
    Q3_K = 11, 256, 110
    Q4_K = 12, 256, 144
    Q5_K = 13, 256, 176
    Q6_K = 14, 256, 210
    Q8_K = 15, 256, 292  # activations only, not found in files
    IQ2_XXS = 16, 256, 66
    IQ2_XS = 17, 256, 74
    IQ3_XXS = 18, 256, 98
    IQ1_S = 19, 256, 50
    IQ4_NL = 20, 32, 18
    IQ3_S = 21, 256, 110
    IQ2_S = 22, 256, 82
    IQ4_XS = 23, 256, 136
    I8 = 24, 1, 1
    I16 = 25, 1, 2
    I32 = 26, 1, 4
    I64 = 27, 1, 8
    F64 = 28, 1, 8
    IQ1_M = 29, 256, 56
    BF16 = 30, 1, 2
    TQ1_0 = 34, 256, 54
    TQ2_0 = 35, 256, 66
    MXFP4 = 39, 32, 17
    NVFP4 = 40, 64, 36
    Q1_0 = 41, 128, 18
    Q2_0 = 42, 64, 18

    @property
    def bits_per_weight(self) -> float:
        return 8 * self.block_bytes / self.block

    def row_bytes(self, n_cols: int) -> int:
        """Bytes of one row; a row that is no whole number of blocks is an error."""
        if n_cols % self.block:
            raise FormatError(
                "a row of {n_cols} values cannot be {file}: its length must be a multiple of "
                "{block}",
                n_cols=n_cols,
                file=self.name,
                block=self.block,
            )
        return n_cols // self.block * self.block_bytes


BY_NUMBER: dict[int, TensorType] = {int(t): t for t in TensorType}

# Numbers that once meant a type; files with them come from 2023 (4, 5) or were repacked for Arm.
REMOVED_TYPES = {
    4: "Q4_2",
    5: "Q4_3",
    31: "Q4_0_4_4",
    32: "Q4_0_4_8",
    33: "Q4_0_8_8",
    36: "IQ4_NL_4_4",
    37: "IQ4_NL_4_8",
    38: "IQ4_NL_8_8",
}


def tensor_type(number: int) -> TensorType:
    """The type with this number; a removed or unknown number is a clear error."""
    if number in REMOVED_TYPES:
        raise UnsupportedError(
            "type {number} ({removed_type}) was removed from GGUF; get or make the model again as "
            "Q4_0 or IQ4_NL",
            number=number,
            removed_type=REMOVED_TYPES[number],
        )
    try:
        return BY_NUMBER[number]
    except KeyError:
        raise UnsupportedError("type {number} is not a known tensor type", number=number) from None


# general.file_type: what most tensors of a file are. Names as llama-quantize spells them.
FILE_TYPES = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
    19: "IQ2_XXS",
    20: "IQ2_XS",
    21: "Q2_K_S",
    22: "IQ3_XS",
    23: "IQ3_XXS",
    24: "IQ1_S",
    25: "IQ4_NL",
    26: "IQ3_S",
    27: "IQ3_M",
    28: "IQ2_S",
    29: "IQ2_M",
    30: "IQ4_XS",
    31: "IQ1_M",
    32: "BF16",
    36: "TQ1_0",
    37: "TQ2_0",
    38: "MXFP4_MOE",
    39: "NVFP4",
    40: "Q1_0",
    41: "Q2_0",
}
GUESSED = 1024  # flag: the converter did not know and guessed


def file_type_name(number: int) -> str:
    """The name of a general.file_type, such as Q4_K_M; a number without a name says so."""
    return FILE_TYPES.get(number & ~GUESSED, f"file type {number}")


def main_type_name(number: int | None, tensors: Iterable[tuple[str, int]]) -> str:
    """What a file says it was quantized to (general.file_type); where it does not, the type of most
    of its bytes. `tensors`: type and bytes of each."""
    if number is not None:
        return file_type_name(number)
    sizes: Counter[str] = Counter()
    for name, n_bytes in tensors:
        sizes[name] += n_bytes
    return sizes.most_common(1)[0][0] if sizes else "no tensors"
