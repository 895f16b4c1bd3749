"""The innermost loops: 16 rows of weights times a few tokens, unrolled at code-generation time.

Whatever the tile's size, one output is summed in the same order, block after block, so a token's
result is the same to the bit whether it runs alone, in a prompt, or among other sequences.

What a tile is told, after its literals (kind: a TensorType; form: of the activations; tokens):

    panel       16 rows of weights, chunk after chunk, or unpacked (panels.py)
    blocks      of 32 columns (float tiles: columns, or pairs of them)
    lane        of the first token in its group (float tiles: bytes from column to column)
    x, x_stride     activations, and bytes from group to group (float tiles: from row to row)
    out, out_stride    16 float32, and bytes from token to token
    add         not 0: add to what `out` holds
    bias        16 float32, or 0

Inside, a vector has a lane for each of the 16 rows:

    weights     a quad of columns     r0c0 r0c1 r0c2 r0c3 | r1c0 r1c1 ... | ... r15c3
    x           of one token          c0 c1 c2 c3 | c0 c1 c2 c3 | ... 16 times
    sums        of one token          r0 | r1 | ... | r15
"""

from llvmlite import ir

from engine.compute.kernels.activations import (
    COLUMNS,
    GROUP,
    Q8_BYTES,
    Q8_HALVES,
    Q8_SCALE,
    Q8_SUM,
    Q8F_BYTES,
    Q8F_SCALES,
    Q8X2_BYTES,
    Q8X2_LOW,
    Q16_BYTES,
    Q16_HALVES,
    Q16_SCALE,
    Q16_SUM,
)
from engine.compute.kernels.sources import LAYOUTS, PackedSource, ScratchSource
from engine.compute.simd.dot import (
    ByteDot,
    PairDot,
    WideDot,
    broadcast_pair,
    broadcast_quad,
    broadcast_wide_quad,
    pin_all,
)
from engine.compute.simd.emit import (
    F32,
    F32X16,
    Args,
    Builder,
    Context,
    Emit,
    NumbaType,
    Signature,
    TypingContext,
    Value,
)
from engine.compute.simd.intrinsics import int64, intrinsic_of_literals, void
from engine.compute.simd.isa import isa
from engine.compute.simd.memory import FLOAT, Address, Instruction

_I = int64
# Tokens of the widest integer tile: two groups where 32 registers hold the sums of both.
TILE_TOKENS = 8 if isa().registers > 16 else 4
N_TILE_ARGS = 9
TILE = (_I,) * N_TILE_ARGS  # as in the picture
PANEL, BLOCKS, LANE, X, X_STRIDE = range(5)  # of which these come before Outputs'
OUTPUTS = slice(5, N_TILE_ARGS)


WORD_ITEM = 2  # bytes of an int16
QUAD, PAIR = 4, 2  # columns
HALF_QUADS = COLUMNS // QUAD // 2  # of half a block
HALVES = 2 * FLOAT  # bytes of a token's two sums or scales
SIZES = (FLOAT, HALVES, COLUMNS, COLUMNS * WORD_ITEM)  # of what a token has in a block


class Outputs:
    """Where a tile's sums go: plus bias, stored or added to what is there (the residual)."""

    def __init__(self, e: Emit, tokens: int, args: Args) -> None:
        self.e, self.tokens = e, tokens
        self.out, self.stride, self.add, self.bias = args[OUTPUTS]

    def begin(self) -> list[ir.Value]:
        """Bias and residual are added at the end: the sums themselves start at zero."""
        return [self.e.constant(F32X16, 0.0)] * self.tokens

    def end(self, sums: list[ir.Value]) -> None:
        e = self.e
        zero = e.i64(0)
        with e.b.if_else(e.b.icmp_signed("!=", self.bias, zero)) as (biased, plain):
            with biased:
                bias = e.load(F32X16, self.bias)
                shifted, from_biased = [e.b.fadd(s, bias) for s in sums], e.b.block
            with plain:
                from_plain = e.b.block
        merged = []
        for with_bias, without in zip(shifted, sums, strict=True):
            phi = e.b.phi(F32X16)
            phi.add_incoming(with_bias, from_biased)
            phi.add_incoming(without, from_plain)
            merged.append(phi)
        with e.b.if_else(e.b.icmp_signed("!=", self.add, zero)) as (added, stored):
            with added:
                for t, total in enumerate(merged):
                    at = e.at(self.out, e.times(self.stride, t))
                    e.store(e.b.fadd(e.load(F32X16, at), total), at)
            with stored:
                for t, total in enumerate(merged):
                    e.store(total, e.at(self.out, e.times(self.stride, t)))


def _shifted(e: Emit, offset: float | None, at: tuple[ir.Value, int]) -> ir.Value | None:
    """What a token's products begin with because quants were lifted; None where they were not."""
    if offset is None:
        return None
    total = e.load(F32, *at)
    return e.splat(total if offset == 1 else e.b.fmul(total, ir.Constant(F32, offset)), 16)


def _scaled(
    e: Emit, total: ir.Value, at: tuple[ir.Value, int], before: ir.Value | None
) -> ir.Value:
    """total · the activations' scale (+ before)."""
    scale, value = e.splat(e.load(F32, *at), 16), e.b.sitofp(total, F32X16)
    return e.b.fmul(value, scale) if before is None else e.fma(value, scale, before)


class _Groups:
    """Tokens of one or two groups of activations (in an integer form), from token `lane` on."""

    def __init__(self, e: Emit, args: Args, block_bytes: int, tokens: int) -> None:
        lane, x, stride = args[LANE], args[X], args[X_STRIDE]
        self.e, self._block_bytes = e, block_bytes
        bases = [e.at(x, e.times(stride, g)) for g in range((tokens + GROUP - 1) // GROUP)]
        self._by_lane = [
            {size: e.at(base, e.times(lane, size)) for size in SIZES} for base in bases
        ]
        self._step = x

    def block(self, index: ir.Value) -> None:
        self._step = self.e.times(index, self._block_bytes)

    def of(self, token: int, size: int, offset: int) -> tuple[ir.Value, int]:
        """Address and offset of a field at `offset` of the block, `size` bytes per token."""
        base = self._by_lane[token // GROUP][size]
        return self.e.at(base, self._step), offset + size * (token % GROUP)


class _ByteForm:
    """How q8 activations meet unsigned bytes."""

    block_bytes, sums, halves, item = Q8_BYTES, Q8_SUM, Q8_HALVES, 1
    broadcast = staticmethod(broadcast_quad)
    fine = False  # whether each 16 columns have a scale of their own
    planes: tuple[int, ...] = (0,)  # where the bytes of a block begin, the heaviest first

    @staticmethod
    def dot(e: Emit, most: int) -> ByteDot:
        return ByteDot(e, isa(), most)

    @staticmethod
    def scale(half: int) -> tuple[int, int]:
        """(bytes from token to token, offset of the first) of the scales in a block."""
        return FLOAT, Q8_SCALE


class _FineForm(_ByteForm):
    """How q8f activations meet unsigned bytes."""

    block_bytes, fine = Q8F_BYTES, True

    @staticmethod
    def scale(half: int) -> tuple[int, int]:
        return HALVES, Q8F_SCALES + FLOAT * half


class _DoubleForm(_ByteForm):
    """How q8x2 activations meet unsigned bytes: 16 bits as two bytes, one after the other."""

    block_bytes, sums, halves = Q8X2_BYTES, Q16_SUM, Q16_HALVES
    planes = (0, Q8X2_LOW)

    @staticmethod
    def scale(half: int) -> tuple[int, int]:
        return FLOAT, Q16_SCALE


class _WideForm(_ByteForm):
    """How q16 activations meet unsigned bytes."""

    block_bytes, sums, halves, item = Q16_BYTES, Q16_SUM, Q16_HALVES, WORD_ITEM
    broadcast = staticmethod(broadcast_wide_quad)

    @staticmethod
    def dot(e: Emit, most: int) -> WideDot:
        return WideDot(e, isa())

    @staticmethod
    def scale(half: int) -> tuple[int, int]:
        return FLOAT, Q16_SCALE


def byte_tile(
    e: Emit, source: PackedSource | ScratchSource, form: "type[_ByteForm]", tokens: int, args: Args
) -> None:
    """Σ over blocks of u8 weights · integer activations."""
    output = Outputs(e, tokens, args)
    group = _Groups(e, args, form.block_bytes, tokens)

    def totals(quads: range) -> list[ir.Value]:
        """Σ quant · activation over some quads, for each token."""
        dots = [form.dot(e, source.most) for _ in range(tokens)]
        for plane in form.planes:
            if plane:
                for dot in dots:
                    dot.shift(8)
            for j in sorted(quads, key=lambda j: j % 4):  # both nibbles of a vector in a row
                weights = source.quad(j)
                for t, dot in enumerate(dots):
                    at = group.of(t, COLUMNS * form.item, plane + QUAD * form.item * j)
                    dot.add(weights, form.broadcast(e, *at))
                pin_all(e, isa(), dots)
        return [dot.total() for dot in dots]

    def one_block(index: ir.Value, acc: list[ir.Value]) -> list[ir.Value]:
        source.block(index)
        if isinstance(source, PackedSource):
            source.fetch_ahead()
        group.block(index)
        for half, (factor, addend) in enumerate(source.scales()):
            size, at = FLOAT, form.sums
            if source.halves:
                size, at = HALVES, form.halves + FLOAT * half
            sums = [group.of(t, size, at) for t in range(tokens)]
            part = [_shifted(e, source.offset, place) for place in sums]
            for p in _parts(source.halves, form.fine, half):
                for t, total in enumerate(totals(range(HALF_QUADS * p.start, HALF_QUADS * p.stop))):
                    part[t] = _scaled(e, total, group.of(t, *form.scale(p.start)), part[t])
            for t in range(tokens):
                acc[t] = e.fma(part[t], factor, acc[t])
                if addend is not None:
                    acc[t] = e.fma(addend, e.splat(e.load(F32, *sums[t]), 16), acc[t])
        return acc

    output.end(e.loop(args[BLOCKS], output.begin(), one_block))


def _parts(weights_in_halves: bool, fine: bool, half: int) -> list[range]:
    """Which halves of a block share one scale on both sides, for `half` of the weights' scales."""
    if weights_in_halves:
        return [range(half, half + 1)]
    return [range(0, 1), range(1, 2)] if fine else [range(0, 2)]


def pair_tile(e: Emit, source: PackedSource, tokens: int, args: Args) -> None:
    """Panels in pairs of columns: s16 weights · s16 activations (form q16)."""
    output = Outputs(e, tokens, args)
    x16 = _Groups(e, args, Q16_BYTES, tokens)

    def one_block(index: ir.Value, acc: list[ir.Value]) -> list[ir.Value]:
        x16.block(index)
        dots = [PairDot(e, isa()) for _ in range(tokens)]
        source.block(index)
        if tokens <= 2 and source.layout.levels:  # whole bytes are read strictly front to back
            source.fetch_ahead(near=False)
        for p in source.pairs():
            weights = source.pair(p)
            for t, dot in enumerate(dots):
                dot.add(
                    weights,
                    broadcast_pair(e, *x16.of(t, COLUMNS * WORD_ITEM, PAIR * WORD_ITEM * p)),
                )
            pin_all(e, isa(), dots)
        ((factor, _),) = source.scales()
        offset = source.offset if source.layout.levels else None  # whole bytes are signed here
        for t, dot in enumerate(dots):
            part = _shifted(e, offset, x16.of(t, FLOAT, Q16_SUM))
            part = _scaled(e, dot.total(), x16.of(t, FLOAT, Q16_SCALE), part)
            acc[t] = e.fma(part, factor, acc[t])
        return acc

    output.end(e.loop(args[BLOCKS], output.begin(), one_block))


Q8, Q8F, Q16, Q8X2, ROWS = range(5)  # forms of activations, as literals; ROWS: floats
_FORMS = (_ByteForm, _FineForm, _WideForm, _DoubleForm)


@intrinsic_of_literals
def packed_tile(
    typingctx: TypingContext,
    kind: NumbaType,
    form: NumbaType,
    tokens: NumbaType,
    panel: Address,
    blocks: int,
    lane: int,
    x: Address,
    x_stride: int,
    out: Address,
    out_stride: int,
    add: int,
    bias: Address,
) -> Instruction:
    """Packed panel · `tokens` rows; kind (a TensorType), form and tokens are literals."""
    layout, count = LAYOUTS[kind.literal_value], tokens.literal_value
    way = _FORMS[form.literal_value]

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e, rest = Emit(builder), args[-N_TILE_ARGS:]
        byte_tile(e, PackedSource(e, layout, rest[PANEL]), way, count, rest)
        return context.get_dummy_value()

    return void(kind, form, tokens, *TILE), codegen


@intrinsic_of_literals
def scratch_tile(
    typingctx: TypingContext,
    kind: NumbaType,
    form: NumbaType,
    tokens: NumbaType,
    panel: Address,
    blocks: int,
    lane: int,
    x: Address,
    x_stride: int,
    out: Address,
    out_stride: int,
    add: int,
    bias: Address,
) -> Instruction:
    """Unpacked panel of a `kind` panel · `tokens` rows; kind, form and tokens are literals."""
    layout, count = LAYOUTS[kind.literal_value], tokens.literal_value
    way = _FORMS[form.literal_value]

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e, rest = Emit(builder), args[-N_TILE_ARGS:]
        source = ScratchSource(e, layout, rest[PANEL], rest[BLOCKS])
        byte_tile(e, source, way, count, rest)
        return context.get_dummy_value()

    return void(kind, form, tokens, *TILE), codegen


@intrinsic_of_literals
def unpack_panel(
    typingctx: TypingContext,
    kind: NumbaType,
    panel: Address,
    blocks: int,
    scratch: Address,
) -> Instruction:
    """Packed panel to whole bytes and float scales in `scratch`; kind is a literal."""
    layout = LAYOUTS[kind.literal_value]

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e, (_, panel, blocks, scratch) = Emit(builder), args
        packed = PackedSource(e, layout, panel)
        whole = ScratchSource(e, layout, scratch, blocks)

        def one_block(index: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            packed.block(index)
            whole.write(index, packed)
            return []

        e.loop(blocks, [], one_block)
        return context.get_dummy_value()

    return void(kind, _I, _I, _I), codegen


@intrinsic_of_literals
def packed_pair_tile(
    typingctx: TypingContext,
    kind: NumbaType,
    tokens: NumbaType,
    panel: Address,
    blocks: int,
    lane: int,
    x: Address,
    x_stride: int,
    out: Address,
    out_stride: int,
    add: int,
    bias: Address,
) -> Instruction:
    """Panel in pairs · `tokens` rows; kind (a TensorType) and tokens are literals."""
    layout, count = LAYOUTS[kind.literal_value], tokens.literal_value

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e, rest = Emit(builder), args[-N_TILE_ARGS:]
        pair_tile(e, PackedSource(e, layout, rest[PANEL]), count, rest)
        return context.get_dummy_value()

    return void(kind, tokens, *TILE), codegen
