"""Weights that some method has quantized, as numbers again: what the formats say, in float32.

Each is reckoned a few rows at a time. Codes that lie across (GPTQ, AWQ) are read whole: once, as
they are kept until those of another tensor are wanted (`Kept`, one for all tensors of a model). A
code times its scale is exact in float32 wherever the scale has at most 16 bits of its own; longer
scales round as they do in PyTorch.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UsageError
from engine.weights.formats.lazy import Bytes, Floats, LazyTensor
from engine.weights.types import TensorType

Ints = NDArray[np.int32]
WORD = 32  # bits of the words that codes are packed into
# Where AWQ has the columns of a word: its nibbles from the lowest on.
AWQ_ORDER = np.array([0, 2, 4, 6, 1, 3, 5, 7])


@dataclass
class Kept:
    """Codes, zeros and scales of the tensor that was read last; nothing of larger ones than `most`
    bytes."""

    most: int = 128 << 20
    owner: LazyTensor | None = None
    parts: tuple[Ints, Ints, Floats] | None = field(default=None, repr=False)

    def of(
        self, codes: LazyTensor, zeros: LazyTensor, scales: LazyTensor
    ) -> tuple[Ints, Ints, Floats]:
        """All words of codes and zeros, and all scales."""
        if self.owner is codes and self.parts is not None:
            return self.parts
        self.owner = self.parts = None  # before the next ones come
        found = words(codes), words(zeros), scales.whole()
        if sum(part.nbytes for part in found) <= self.most:
            self.owner, self.parts = codes, found
        return found


def of_rows(
    shape: tuple[int, ...], rows: Callable[[int, int], Floats], usual: TensorType
) -> LazyTensor:
    """A tensor whose rows are reckoned when they are read."""

    def read(start: int, stop: int) -> Bytes:
        # A broken file may hold scales that are no numbers; what comes of them is none, either.
        with np.errstate(invalid="ignore", over="ignore"):
            found = np.ascontiguousarray(rows(start, stop), np.float32)
        return found.view(np.uint8).reshape(stop - start, -1)

    return LazyTensor(shape, TensorType.F32, read, usual)


def scaled(
    weight: LazyTensor, scales: Floats, block: tuple[int, int], usual: TensorType
) -> LazyTensor:
    """Codes times the scale of the block they stand in.

    scales: [matrices, block rows, block columns]; block: the rows and columns of one.
    """
    n_rows, n_cols = weight.shape[-2], weight.shape[-1]
    columns = np.arange(n_cols) // block[1]

    def rows(start: int, stop: int) -> Floats:
        matrix, row = np.divmod(np.arange(start, stop), n_rows)
        found = scales[matrix, row // block[0]]
        values: Floats = weight.floats(start, stop) * found[:, columns]
        return values

    return of_rows(weight.shape, rows, usual)


def words(tensor: LazyTensor, start: int = 0, stop: int | None = None) -> Ints:
    """Rows of a tensor of 32-bit numbers."""
    stop = tensor.n_rows if stop is None else stop
    return np.ascontiguousarray(tensor.read(start, stop)).view("<i4").reshape(stop - start, -1)


def along_columns(packed: Ints, bits: int) -> Ints:
    """Codes of words that hold neighbours of one row, the lowest bits first."""
    shifts = np.arange(0, WORD, bits, dtype=np.uint32)
    codes = packed.view(np.uint32)[..., None] >> shifts & np.uint32((1 << bits) - 1)
    return codes.view(np.int32).reshape(*packed.shape[:-1], -1)


def along_rows(packed: Ints, bits: int) -> Ints:
    """Codes of words that hold neighbours of one column."""
    return along_columns(np.ascontiguousarray(packed.T), bits).T


def _words_of(start: int, stop: int, bits: int) -> tuple[int, int, slice]:
    """The words that hold these codes, from the first to behind the last, and where they are among
    the codes of those words."""
    each = WORD // bits
    low = start // each
    return low, -(-stop // each), slice(start - low * each, stop - low * each)


def gptq(
    qweight: LazyTensor,
    qzeros: LazyTensor,
    scales: LazyTensor,
    groups: NDArray[np.int64],
    bits: int,
    first: int,
    usual: TensorType,
    kept: Kept,
) -> LazyTensor:
    """[out, in] of codes [in, out], packed along `in`, less a zero for each group and column.

    groups: of each input; first: what is added to stored zeros (1 in the older form).
    """
    most = (1 << bits) - 1

    def rows(start: int, stop: int) -> Floats:
        all_codes, all_zeros, all_scales = kept.of(qweight, qzeros, scales)
        codes = along_columns(np.ascontiguousarray(all_codes[:, start:stop].T), bits)
        low, high, here = _words_of(start, stop, bits)
        zeros = along_columns(all_zeros[:, low:high], bits)[:, here] + first & most
        return _scaled_groups(codes, zeros, all_scales[:, start:stop], groups)

    return replace(of_rows((scales.shape[1], len(groups)), rows, usual), looked=True)


def awq(
    qweight: LazyTensor,
    qzeros: LazyTensor,
    scales: LazyTensor,
    usual: TensorType,
    kept: Kept,
) -> LazyTensor:
    """[out, in] of codes [in, out] of four bits, packed along `out` in an order of its own."""
    n_in, n_out = qweight.shape[0], scales.shape[1]
    groups = np.arange(n_in) // (n_in // scales.shape[0])

    def rows(start: int, stop: int) -> Floats:
        low, high, here = _words_of(start, stop, 4)
        *packed, all_scales = kept.of(qweight, qzeros, scales)
        codes, zeros = (_unmixed(each[:, low:high])[:, here] for each in packed)
        codes = np.ascontiguousarray(codes.T)
        return _scaled_groups(codes, zeros, all_scales[:, start:stop], groups)

    return replace(of_rows((n_out, n_in), rows, usual), looked=True)


def _scaled_groups(codes: Ints, zeros: Ints, scales: Floats, groups: NDArray[np.int64]) -> Floats:
    """Codes [out, in] less zeros, times scales, both [groups, out]; groups: of each input."""
    zeros, scales = np.ascontiguousarray(zeros.T), np.ascontiguousarray(scales.T)
    n = zeros.shape[1]
    size = len(groups) // max(1, n)
    if n * size == len(groups) and np.array_equal(groups, np.arange(len(groups)) // max(1, size)):
        codes = codes.reshape(len(codes), n, size)
        zeros, scales = zeros[..., None], scales[..., None]
    else:
        zeros, scales = zeros[:, groups], scales[:, groups]
    found: Floats = (codes - zeros).astype(np.float32) * scales
    return found.reshape(len(found), -1)


def _unmixed(packed: Ints) -> Ints:
    codes = along_columns(packed, 4).reshape(len(packed), -1, 8)
    found = np.empty_like(codes)
    found[:, :, AWQ_ORDER] = codes
    return found.reshape(len(packed), -1)


def packed_rows(
    packed: LazyTensor,
    scales: LazyTensor,
    zeros: LazyTensor | None,
    groups: NDArray[np.int64],
    bits: int,
    usual: TensorType,
) -> LazyTensor:
    """Codes packed along each row, with a sign by an offset (compressed-tensors).

    scales: [rows, groups]; zeros: the same, packed along the rows; groups: of each column.
    """
    middle = 1 << bits - 1

    def rows(start: int, stop: int) -> Floats:
        codes = along_columns(words(packed, start, stop), bits)[:, : len(groups)] - middle
        if zeros is not None:
            low, high, here = _words_of(start, stop, bits)
            codes = codes - (along_rows(words(zeros, low, high), bits)[here] - middle)[:, groups]
        return codes * scales.floats(start, stop)[:, groups]

    return of_rows((packed.shape[0], len(groups)), rows, usual)


def three_values(packed: LazyTensor, factor: float, usual: TensorType) -> LazyTensor:
    """Codes of two bits (BitNet): a byte holds those of four rows, which lie a quarter of all rows
    apart, the first quarter lowest; a code less 1 times `factor`. Bytes [rows / 4, columns]."""
    n = packed.shape[0]

    def rows(start: int, stop: int) -> Floats:
        found = []
        while start < stop:
            quarter, at = divmod(start, n)
            end = min(n, at + stop - start)
            found.append(codes_of(packed, at, end) >> np.uint8(2 * quarter) & np.uint8(3))
            start += end - at
        return (np.concatenate(found).astype(np.float32) - 1) * np.float32(factor)

    return of_rows((4 * n, packed.shape[1]), rows, usual)


def to_three_values(tensor: LazyTensor, usual: TensorType) -> LazyTensor:
    """Weights as BitNet's training reads them: the mean magnitude times -1, 0 or 1."""
    mean: list[np.float32] = []  # a figure of the whole matrix, wanted for its first row

    def rows(start: int, stop: int) -> Floats:
        if not mean:
            total = sum(
                float(np.abs(tensor.floats(a, b)).sum(dtype="d")) for a, b in tensor.steps()
            )
            mean.append(np.float32(max(total / max(1, tensor.n_elements), 1e-5)))
        found: Floats = np.rint(tensor.floats(start, stop) / mean[0]).clip(-1, 1) * mean[0]
        return found

    return replace(of_rows(tensor.shape, rows, usual), looked=True)


def mxfp4(blocks: LazyTensor, scales: LazyTensor) -> LazyTensor:
    """GGUF's MXFP4 of gpt-oss's: bytes [.., groups, 16] of neighbours, scales [.., groups].

    The same numbers in another order: GGUF has the first half of 32 values in the low nibbles.
    """
    *outer, groups, _ = blocks.shape
    shape = (*outer, groups * 32)

    def read(start: int, stop: int) -> Bytes:
        pairs = codes_of(blocks, start * groups, stop * groups)
        values = np.stack([pairs & 15, pairs >> 4], axis=-1).reshape(-1, 32)
        found = np.empty((len(values), 17), np.uint8)
        found[:, 0] = codes_of(scales, start, stop).reshape(-1)
        found[:, 1:] = values[:, :16] | values[:, 16:] << 4
        return found.reshape(stop - start, -1)

    return LazyTensor(shape, TensorType.MXFP4, read)


def codes_of(tensor: LazyTensor, start: int, stop: int) -> Bytes:
    """Rows of a tensor of bytes that have no numbers of their own."""
    if tensor.codes is None:
        raise UsageError("a tensor of type {kind} holds no codes", kind=tensor.kind.name)
    return np.ascontiguousarray(tensor.codes(start, stop))
