"""Checkpoints whose weights are quantized already: what is public and simple is read, else told.

Tensors are found by their names: X.weight beside X.weight_scale_inv, X.qweight beside X.qzeros and
so on. What comes out has the names of the original model, so that nobody else needs to know.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.base.catalogue import Words, joined
from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import shown
from engine.weights.formats import lazy
from engine.weights.formats.checkpoint import read_json
from engine.weights.formats.config import LEAST_POSITIVE, Config
from engine.weights.formats.lazy import LazyTensor
from engine.weights.types import TensorType
from engine.workshop.convert import dequantize

Tensors = dict[str, LazyTensor]
KEYS = ("quantization_config", "compression_config", "quantization")
# What bitsandbytes says of itself in configurations of before it gave its name.
LOADED = ("load_in_8bit", "load_in_4bit")
READ = ("fp8", "mxfp8", "fbgemm_fp8", "compressed-tensors", "mxfp4", "gptq", "awq", "bitnet")
# What BitNet's training makes three values of, each time it reads them.
OF_BLOCKS = re.compile(r"(^|\.)(self_attn|mlp)\.\w+\.weight$")
# Scales of what is computed on the way, which only a program that computes in 8 bits needs.
OF_ACTIVATIONS = (
    *(".input_scale", ".activation_scale", ".output_scale", ".k_scale", ".v_scale", ".q_scale"),
    *(".input_zero_point", ".input_scale_ub"),
)
MX_BLOCK = 32  # columns of a scale in the MX formats
NOT_A_NUMBER = 255  # of the codes that are powers of two (E8M0)
BLOCK = 128  # rows and columns of a scale, where config.json does not say
DTYPES = {"float16": TensorType.F16, "bfloat16": TensorType.BF16, "float32": TensorType.F32}


@dataclass
class Scheme:
    """What config.json (or quantize_config.json) says of the method."""

    method: str | Words
    values: dict[str, Any] = field(default_factory=dict)
    name: str = "config.json"

    def refused(self, why: str | None = None) -> UnsupportedError:
        return UnsupportedError(
            "{found}: the weights are quantized already ({method}), in a form that cannot be read "
            "here; get the original model, which gives a better result, too",
            found=self.name,
            method=self.method if why is None else why,
        )

    def absent(self, where: str) -> UnsupportedError:
        """Of tensors none of which is quantized as the method does it."""
        return UnsupportedError(
            "{found}: the weights are quantized already ({method}), but {where} has none that can "
            "be read as such; get the original model, or, if these are whole, take that key out",
            found=self.name,
            method=self.method,
            where=where,
        )


def find_scheme(config: Config, folder: Path) -> Scheme | None:
    """The method, if there is one; raises UnsupportedError for those that are not read here."""
    parts = [config, *([text] if (text := config.part("text_config")) is not None else [])]
    named = ((each, key) for each in parts for key in KEYS)
    found = next((part for each, key in named if (part := each.part(key)) is not None), None)
    if found is None:
        beside = folder / "quantize_config.json"  # of GPTQ and AWQ, in 2023
        if not beside.is_file():
            return None
        values = read_json(beside)
        usual = "awq" if "w_bit" in values else "gptq"
        return _checked(Scheme(values.get("quant_method", usual), values, beside.name))
    if not found.values:
        return None
    loaded = [found.values[key] for key in LOADED if key in found.values]
    if loaded and not any(loaded) and "quant_method" not in found.values:
        return None  # left behind by a training tool; it says itself that nothing is quantized
    usual_name = "bitsandbytes" if loaded else Words("some method")
    method = found.values.get("quant_method", usual_name)
    method = method if isinstance(method, Words) else shown(method, 40)
    return _checked(Scheme(method, found.values, found.name))


def _checked(scheme: Scheme) -> Scheme:
    if scheme.method not in READ:
        raise scheme.refused()
    version = scheme.values.get("version", scheme.values.get("checkpoint_format", "gemm"))
    if scheme.method == "awq" and str(version).lower() not in ("gemm", "awq"):
        raise scheme.refused(Words("AWQ, {version}", version=shown(version, 20)))
    return scheme


def readable(
    tensors: Tensors, scheme: Scheme | None, config: Config, where: str, notices: list[str]
) -> Tensors:
    """The tensors with floats in the place of what is quantized, under their own names."""
    usual = DTYPES.get(str(config.values.get("torch_dtype", config.values.get("dtype"))))
    work = _Work(dict(tensors), scheme, where, usual or TensorType.BF16)
    for name in tensors:
        for suffix, change in FORMS:
            if name.endswith(suffix) and name in work.left:
                work.read(change, name.removesuffix(suffix))
    if scheme is not None and scheme.values.get("quantization_mode") == "online":
        _trained(work, scheme)
    if work.made and scheme is not None:
        for name in [name for name in work.left if name.endswith(OF_ACTIVATIONS)]:
            del work.left[name]
    if scheme is not None and not work.made:
        raise scheme.absent(where)
    if work.made:
        _tell(work, notices)
    return work.left


def _tell(work: "_Work", notices: list[str]) -> None:
    methods = joined(sorted(set(work.made)), ", ")
    if set(work.made) == {"MXFP4"}:
        notices.append(
            Words("{n} tensors are MXFP4 already; they are taken as they are", n=len(work.made))
        )
        return
    if set(work.made) == {"BitNet"}:
        notices.append(
            Words(
                "{n} tensors have three values (BitNet); they are written as the numbers these "
                "stand for",
                n=len(work.made),
            )
        )
        return
    notices.append(
        Words(
            "{n} tensors are quantized ({methods}); they are written as the numbers they stand "
            "for. The original model, if there is one, gives a better result",
            n=len(work.made),
            methods=methods,
        )
    )


@dataclass
class _Work:
    """left: all tensors, those that are read now in the place of their parts; made: the methods;
    kept: codes of the tensor that is read, for all of them."""

    left: Tensors
    scheme: Scheme | None
    where: str
    usual: TensorType
    made: list[str] = field(default_factory=list)
    kept: dequantize.Kept = field(default_factory=dequantize.Kept)

    def read(self, change: "Change", base: str) -> None:
        """One tensor of several parts, whose sizes nobody has vouched for."""
        try:
            change(self, base)
        except (ValueError, IndexError, ZeroDivisionError) as error:
            raise self.wrong(base) from error

    def take(self, *names: str) -> list[LazyTensor | None]:
        return [self.left.pop(name, None) for name in names]

    def put(self, name: str, tensor: LazyTensor, method: str) -> None:
        self.left[name] = tensor
        self.made.append(method)

    def wrong(self, name: str) -> FormatError:
        return FormatError(
            "{where}: the parts of the quantized tensor {name} do not fit together; the model is "
            "incomplete or of a form that is not known",
            where=self.where,
            name=name[:120],
        )


def _scaled(work: _Work, base: str, suffix: str) -> None:
    """A weight beside its scales: one for all, for each row, or for blocks of rows and columns."""
    weight, scale = work.left.get(base), work.left[base + suffix]
    if weight is None:
        return
    del work.left[base + suffix]
    if len(weight.shape) < 2 or len(scale.shape) > len(weight.shape):
        raise work.wrong(base)
    whole = weight.kind is TensorType.I8
    method = work.scheme.method if work.scheme is not None else "fp8"
    if weight.kind is not TensorType.BF16 and not (whole and method == "compressed-tensors"):
        told = Words("{method} with packed values", method=method)
        raise (work.scheme or Scheme("fp8", name=work.where)).refused(told)
    n_rows, n_cols = weight.shape[-2:]
    n_matrices = weight.n_elements // max(1, n_rows * n_cols)
    factors = _factors(scale)
    if factors.size == n_matrices:
        grid = (1, 1)
    elif len(scale.shape) == 1 or (scale.shape[-1] == 1 and factors.size == n_matrices * n_rows):
        grid = (n_rows, 1)
    else:
        grid = scale.shape[-2], scale.shape[-1]
    values = work.scheme.values if work.scheme is not None else {}
    block = _block(values.get("weight_block_size"), (n_rows, n_cols), grid)
    if factors.size != n_matrices * grid[0] * grid[1] or block is None:
        raise work.wrong(base)
    found = dequantize.scaled(weight, factors.reshape(n_matrices, *grid), block, work.usual)
    work.put(base, found, Words("8-bit integers") if whole else "fp8")


def _factors(scale: LazyTensor) -> Any:
    """Scales as float32; bytes are powers of two."""
    if scale.codes is None:
        return scale.whole()
    codes = dequantize.codes_of(scale, 0, scale.n_rows).reshape(scale.shape).astype(np.int32)
    return np.where(codes == NOT_A_NUMBER, np.nan, np.ldexp(1.0, codes - 127)).astype(np.float32)


def _block(said: Any, sizes: tuple[int, int], grid: tuple[int, int]) -> tuple[int, int] | None:
    """Rows and columns of a block: what the configuration says, which must make such a grid."""
    if grid in ((1, 1), (sizes[0], 1)):  # one for all, or for each row
        return sizes[0] // grid[0], sizes[1]
    if grid == (sizes[0], -(-sizes[1] // MX_BLOCK)):  # the MX formats' own, whatever is said
        return 1, MX_BLOCK
    told = [BLOCK, BLOCK] if said is None else said
    if not isinstance(told, list) or len(told) != 2:
        return None
    found = []
    for size, count, block in zip(sizes, grid, told, strict=True):
        if type(block) is int and block > 0 and -(-size // block) == count:
            found.append(min(block, size))
        elif said is None and count and size % count == 0:
            found.append(size // count)
        else:
            return None
    return found[0], found[1]


def _inverse(work: _Work, base: str) -> None:
    _scaled(work, base, "_scale_inv")


def _plain(work: _Work, base: str) -> None:
    """`_scale` alone may mean anything; with a method, or beside bytes, it is a weight's."""
    if work.scheme is None or base not in work.left:
        return
    if work.scheme.method == "bitnet":
        _three_values(work, base, work.scheme)
    else:
        _scaled(work, base, "_scale")


def _three_values(work: _Work, base: str, scheme: Scheme) -> None:
    """BitNet: codes in bytes, or -1, 0 and 1 as they are, and what they are multiplied with or, in
    its older class, divided by."""
    weight, scale = work.take(base, f"{base}_scale")
    if weight is None or scale is None or len(weight.shape) != 2 or scale.n_elements != 1:
        raise work.wrong(base)
    factor = float(scale.whole().reshape(-1)[0])
    kind = scheme.values.get("linear_class", "bitlinear")
    if kind not in ("bitlinear", "autobitlinear") or scheme.values.get("use_rms_norm"):
        raise scheme.refused(Words("BitNet, {kind} with norms", kind=shown(kind, 40)))
    if not LEAST_POSITIVE <= factor <= 1 / LEAST_POSITIVE:  # also what is no number
        raise work.wrong(base)
    factor = factor if kind == "autobitlinear" else 1 / factor
    if weight.codes is not None:
        found = dequantize.three_values(weight, factor, work.usual)
    else:
        size = weight.shape[0], weight.shape[1]
        found = dequantize.scaled(weight, np.full((1, 1, 1), factor, np.float32), size, work.usual)
    work.put(base, found, "BitNet")


def _trained(work: _Work, scheme: Scheme) -> None:
    """BitNet's weights as they are trained, of which each pass makes three values."""
    apart = scheme.values.get("modules_to_not_convert")
    apart = [each for each in apart if isinstance(each, str)] if isinstance(apart, list) else []
    for name, tensor in list(work.left.items()):
        is_matrix = len(tensor.shape) == 2 and OF_BLOCKS.search(name) is not None
        if is_matrix and not any(each in name for each in apart):
            tensor.read(0, min(1, tensor.n_rows))  # a type that cannot be read is an error now
            work.put(name, dequantize.to_three_values(tensor, work.usual), "BitNet")


def _int4(work: _Work, base: str) -> None:
    """GPTQ, or AWQ, whose codes lie across."""
    names = [base + end for end in (".qweight", ".qzeros", ".scales", ".g_idx")]
    qweight, qzeros, scales, order = work.take(*names)
    if qweight is None or qzeros is None or scales is None or len(scales.shape) != 2:
        raise work.wrong(base)
    n_groups, n_out = scales.shape
    scales.read(0, min(1, n_groups))  # a type that cannot be read is an error now
    if {qweight.kind, qzeros.kind} != {TensorType.I32}:
        raise (work.scheme or Scheme(Words("GPTQ or AWQ"), name=work.where)).refused()
    values = work.scheme.values if work.scheme is not None else {}
    if qweight.shape[-1] * 8 == n_out:
        odd = qweight.shape[0] % _group_size(work, base, qweight.shape[0], n_groups)
        odd = odd or values.get("bits") not in (None, 4)
        if odd or qzeros.shape != (n_groups, qweight.shape[1]):
            raise work.wrong(base)
        found = dequantize.awq(qweight, qzeros, scales, work.usual, work.kept)
        work.put(f"{base}.weight", found, "AWQ")
        return
    bits = _bits(work, qzeros.shape[1], n_out)
    if bits is None:
        raise work.wrong(base)
    n_in = qweight.shape[0] * 32 // bits
    groups = np.arange(n_in) // _group_size(work, base, n_in, n_groups)
    if order is not None:
        groups = dequantize.words(order).reshape(-1).astype(np.int64)
    fits = qweight.shape[1] == n_out and len(groups) == n_in and qzeros.shape[0] == n_groups
    if not fits or groups.min(initial=0) < 0 or groups.max(initial=0) >= n_groups:
        raise work.wrong(base)
    first = 0 if values.get("checkpoint_format") == "gptq_v2" else 1
    parts = (qweight, qzeros, scales)
    found = dequantize.gptq(*parts, groups, bits, first, work.usual, work.kept)
    work.put(f"{base}.weight", found, Words("GPTQ, {bits} bits", bits=bits))


def _group_size(work: _Work, base: str, n_in: int, n_groups: int) -> int:
    """Columns that share a scale: what the configuration says (-1: all), which must make as many
    groups as there are scales."""
    said = work.scheme.values.get("group_size") if work.scheme is not None else None
    size = n_in if said == -1 else said
    if said is None and n_groups and n_in % n_groups == 0:
        size = n_in // n_groups
    if type(size) is not int or size < 1 or -(-n_in // size) != n_groups:
        raise work.wrong(base)
    return size


def _bits(work: _Work, n_words: int, n_out: int) -> int | None:
    """Bits of a code: what the configuration says, or else from the zeros of a row, which are as
    many as there are columns. None where both contradict each other."""
    told = work.scheme.values.get("bits") if work.scheme is not None else None
    known = (4, 8, 2) if told is None else (told,)
    for bits in known:
        if bits in (2, 4, 8) and n_words == -(-n_out * bits // 32):
            return int(bits)
    if told in (2, 4, 8):
        return None
    scheme = work.scheme or Scheme("gptq", name=work.where)
    raise scheme.refused(Words("GPTQ, {bits} bits", bits=shown(told, 8)))


def _packed(work: _Work, base: str) -> None:
    """compressed-tensors: codes of four or eight bits in words along each row."""
    ends = ("packed", "scale", "shape", "zero_point", "g_idx")
    packed, scale, shape, zero, order = work.take(*(f"{base}.weight_{end}" for end in ends))
    if packed is None or scale is None or shape is None or packed.kind is not TensorType.I32:
        scheme = work.scheme or Scheme("compressed-tensors", name=work.where)
        told = shown(scheme.values.get("format", ""), 40)
        raise scheme.refused(Words("compressed-tensors, {form}", form=told))
    n_rows, n_cols = (
        int(n) for n in np.ascontiguousarray(shape.read(0, 1)).view("<i8").reshape(-1)
    )
    bits = next((b for b in (4, 8) if packed.shape == (n_rows, -(-n_cols * b // 32))), None)
    scale = lazy.in_rows(scale, n_rows) if scale.shape == (n_rows,) else scale
    if bits is None or len(scale.shape) != 2 or scale.shape[0] != n_rows:
        raise work.wrong(base)
    n_groups = scale.shape[1]
    if n_cols % n_groups:
        raise work.wrong(base)
    groups = np.arange(n_cols) // (n_cols // n_groups)
    if order is not None:
        given = dequantize.words(order).reshape(-1).astype(np.int64)
        groups = groups if (given == -1).all() else given  # -1: columns are in order
    packed_zeros = (-(-n_rows * bits // 32), n_groups)
    wrong_zeros = zero is not None and (
        zero.shape != packed_zeros or zero.kind is not TensorType.I32
    )
    odd = groups.min(initial=0) < 0 or groups.max(initial=0) >= n_groups
    if len(groups) != n_cols or odd or wrong_zeros:
        raise work.wrong(base)
    found = dequantize.packed_rows(packed, scale, zero, groups, bits, work.usual)
    work.put(f"{base}.weight", found, Words("compressed-tensors, {bits} bits", bits=bits))


def _mxfp4(work: _Work, base: str) -> None:
    """Blocks of 32 four-bit floats with a power of two each; the family takes them as they are."""
    blocks, scales = work.take(f"{base}_blocks", f"{base}_scales")
    if blocks is None or scales is None or blocks.shape[:-1] != scales.shape:
        raise work.wrong(base)
    if blocks.shape[-1] != 16 or blocks.codes is None or scales.codes is None:
        raise work.wrong(base)
    work.put(f"{base}_blocks", dequantize.mxfp4(blocks, scales), "MXFP4")


Change = Callable[[_Work, str], None]
FORMS: tuple[tuple[str, Change], ...] = (
    ("_scale_inv", _inverse),
    ("_scale", _plain),
    (".qweight", _int4),
    (".weight_packed", _packed),
    ("_blocks", _mxfp4),
)
