"""Every tensor type of GGUF: its number in files, and how its blocks are laid out (blocks/).

A type is a line here; its size, its fields in big-endian files, and whether it can be made follow
from its blocks. One that is data alone (blocks/levels.py) needs nothing else anywhere.
"""

from collections import Counter
from collections.abc import Iterable
from enum import IntEnum

from engine.base.errors import FormatError, UnsupportedError
from engine.weights.blocks import floats, fp4, iq, k, legacy, levels, ternary
from engine.weights.blocks.block import Blocks


class TensorType(IntEnum):
    """A type by the number it has in a file; a row is a whole number of blocks."""

    blocks: Blocks
    file_type: int | None

    def __new__(cls, number: int, blocks: Blocks, file_type: int | None = None) -> "TensorType":
        """file_type: general.file_type of a file that is mostly of this type and bears its name."""
        self = int.__new__(cls, number)
        self._value_ = number
        self.blocks, self.file_type = blocks, file_type
        return self

    F32 = 0, floats.F32, 0
    F16 = 1, floats.F16, 1
    Q4_0 = 2, legacy.Q4_0, 2
    Q4_1 = 3, legacy.Q4_1, 3
    Q5_0 = 6, legacy.Q5_0, 8
    Q5_1 = 7, legacy.Q5_1, 9
    Q8_0 = 8, legacy.Q8_0, 7
    Q8_1 = 9, legacy.Q8_1  # activations only, not found in files
    Q2_K = 10, k.Q2_K, 10
    Q3_K = 11, k.Q3_K
    Q4_K = 12, k.Q4_K
    Q5_K = 13, k.Q5_K
    Q6_K = 14, k.Q6_K, 18
    Q8_K = 15, k.Q8_K  # activations only, not found in files
    IQ2_XXS = 16, iq.IQ2_XXS, 19
    IQ2_XS = 17, iq.IQ2_XS, 20
    IQ3_XXS = 18, iq.IQ3_XXS, 23
    IQ1_S = 19, iq.IQ1_S, 24
    IQ4_NL = 20, levels.IQ4_NL, 25
    IQ3_S = 21, iq.IQ3_S, 26
    IQ2_S = 22, iq.IQ2_S, 28
    IQ4_XS = 23, levels.IQ4_XS, 30
    I8 = 24, floats.I8
    I16 = 25, floats.I16
    I32 = 26, floats.I32
    I64 = 27, floats.I64
    F64 = 28, floats.F64
    IQ1_M = 29, iq.IQ1_M, 31
    BF16 = 30, floats.BF16, 32
    TQ1_0 = 34, ternary.TQ1_0, 36
    TQ2_0 = 35, ternary.TQ2_0, 37
    MXFP4 = 39, fp4.MXFP4
    NVFP4 = 40, fp4.NVFP4, 39
    Q1_0 = 41, ternary.Q1_0, 40
    Q2_0 = 42, ternary.Q2_0, 41

    @property
    def block(self) -> int:
        """Values in a block."""
        return self.blocks.values

    @property
    def block_bytes(self) -> int:
        return self.blocks.record.itemsize

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


# general.file_type: what most tensors of a file are. Names as llama-quantize spells them; those of
# the mixes are no type's.
FILE_TYPES = {kind.file_type: kind.name for kind in TensorType if kind.file_type is not None} | {
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    21: "Q2_K_S",
    22: "IQ3_XS",
    27: "IQ3_M",
    29: "IQ2_M",
    38: "MXFP4_MOE",
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
