"""The one signature of all kernels, void (row, batch, thread), and where their operands lie.

`row` and `batch` are addresses of int64 tables. A row is one step of a program: which kernel, which
buffers. The batch is what changes from pass to pass: how many tokens, where their caches are.

    row      kernel | barrier | counter | count | operands of the kernel, at most 28
    batch    n_tokens | n_wanted | entries | n_slots | ... | positions | caches | runs | n_runs
             and the last four once more, of the wanted tokens alone, FEW bytes behind
    run      first | count                      at `runs` of the batch, one after the other
    entry    first | count | before | after     at `entries`

Words are declared once, as the fields of a class. Python gives them by name alone, and a kernel
finds them at the offsets that the same class tells:

    @declared
    class SumOperands(Operands):
        x: Place
        x_stride: int  # bytes

    AT = SumOperands.offsets()
    @kernel(SumOperands)
    def sum_rows(row, batch, thread):
        load_i64(row + AT.x_stride)

    program.emit(sum_rows, SumOperands(x=x, x_stride=x.row_bytes), [x], [])
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from inspect import get_annotations
from operator import attrgetter
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar, dataclass_transform

import numpy as np
from numpy.typing import NDArray

WORD = 8  # bytes
ROW_WORDS, BATCH_WORDS, HEAD_WORDS = 32, 16, 4
ROW_BYTES = ROW_WORDS * WORD
COUNTER_BYTES = 64  # a cache line: two counters never share one


Kind = TypeVar("Kind")


class Placed(Protocol):
    """A buffer whose address is known later, when all buffers of a program are placed."""

    @property
    def row_bytes(self) -> int: ...


Place: TypeAlias = int | Placed  # an address, 0: there is none


@dataclass_transform(kw_only_default=True)
def declared(kind: type[Kind]) -> type[Kind]:
    """Decorator: the class's fields are its words, given by name alone. Of what dataclasses make,
    only the constructor: the rest of it, for all kernels, would cost each start 40 ms."""
    return dataclass(kw_only=True, eq=False, repr=False)(kind)


class Table:
    """Base of dataclasses whose fields are words of a table, one after the other: whole numbers,
    addresses, or floats, which kernels read as float32."""

    FIRST: ClassVar[int] = 0  # index of the first word
    END: ClassVar[int] = BATCH_WORDS

    def words(self) -> list[Any]:
        """The values in their order: floats as bits, addresses as they were given."""
        values, floats = _reader(type(self))
        found = [*values(self)]
        for i in floats:
            found[i] = float_bits(found[i])
        return found

    @classmethod
    def offsets(cls) -> Any:
        """The byte offset of each word by its name: a tuple with names, which compiled code reads.

        Raises TypeError where a subclass declares a word of its base again, words could be given by
        position, or there is no room for so many.
        """
        owners = cls.__mro__[: cls.__mro__.index(Table)]
        names = [n for one in reversed(owners) for n in get_annotations(one)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise TypeError(f"{cls.__name__} declares twice: {', '.join(twice)}")
        if [f.name for f in fields(cls) if f.kw_only] != names:  # type: ignore[arg-type]
            raise TypeError(f"{cls.__name__} must be a dataclass with kw_only=True (`declared`)")
        if cls.FIRST + len(names) > cls.END:
            raise TypeError(f"{cls.__name__} has {len(names)} words, of {cls.END - cls.FIRST}")
        named = namedtuple(cls.__name__, names)
        return named(*(WORD * (cls.FIRST + i) for i in range(len(names))))


class Operands(Table):
    """Base of the operands of a kernel: what follows the head of its row."""

    FIRST = HEAD_WORDS
    END = ROW_WORDS


@declared
class Run(Table):
    """Neighbouring tokens of one sequence, at most as many as attention takes at once."""

    first: int  # its first token, counted in the pass
    count: int  # of its tokens


@declared
class Entry(Table):
    """All tokens of one sequence in a pass."""

    first: int  # as of a run
    count: int
    before: int  # address of the fixed states that are read
    after: int  # and of those that are written


RUN, ENTRY = Run.offsets(), Entry.offsets()
RUN_BYTES, ENTRY_BYTES = WORD * len(RUN), WORD * len(ENTRY)


@declared
class Batch(Table):
    """What a pass tells all kernels."""

    n_tokens: int = 0  # tokens in this pass
    n_wanted: int = 0  # of which so many need logits
    wanted: int = 0  # address of int64 [n_wanted]: rows whose logits are wanted
    n_threads: int = 0
    entries: int = 0  # address of n_entries Entries
    n_entries: int = 0
    n_slots: int = 0  # rows of experts; written by the kernel that sorts tokens by expert
    positions: int = 0  # address of int64 [n_tokens]: the token's position in its sequence
    caches: int = 0  # address of int64 [n_tokens]: base address of the token's sequence cache
    runs: int = 0  # address of n_runs Runs
    n_runs: int = 0
    few_positions: int = 0  # the same of the wanted tokens, counted among themselves
    few_caches: int = 0
    few_runs: int = 0
    n_few_runs: int = 0


_BATCH = Batch.offsets()
N_TOKENS, N_WANTED, N_THREADS, N_RUNS = (
    _BATCH.n_tokens, _BATCH.n_wanted, _BATCH.n_threads, _BATCH.n_runs,
)  # fmt: skip
POSITIONS, CACHES, WANTED, RUNS = _BATCH.positions, _BATCH.caches, _BATCH.wanted, _BATCH.runs
ENTRIES, N_ENTRIES, N_SLOTS = _BATCH.entries, _BATCH.n_entries, _BATCH.n_slots
FEW = _BATCH.few_positions - POSITIONS  # likewise from caches, runs and n_runs to those of the few


@declared
class Head(Table):
    """What the driver reads of a row, and a kernel of where its work is shared out."""

    kernel: int  # address
    barrier: int = 0  # not 0: wait for all threads before this row
    counter: int  # address of this row's work counter (an int64 in a cache line of its own)
    count: int = N_TOKENS  # which count of the batch tells the number of rows: N_WANTED, N_SLOTS


_HEAD = Head.offsets()
KERNEL, BARRIER, COUNTER, COUNT = _HEAD.kernel, _HEAD.barrier, _HEAD.counter, _HEAD.count


@cache
def _reader(kind: type[Table]) -> tuple[Callable[[Table], tuple[Any, ...]], tuple[int, ...]]:
    """What reads all words of a table at once, and which of them are floats. A pass of a small
    model takes a quarter of a millisecond: looking the fields up each time would be felt."""
    declared = fields(kind)  # type: ignore[arg-type]
    names = [f.name for f in declared]
    floats = tuple(i for i, f in enumerate(declared) if f.type is float)
    if len(names) == 1:
        return lambda table: (getattr(table, names[0]),), floats
    return attrgetter(*names), floats


def float_bits(value: float) -> int:
    """A float32 as the low half of a word."""
    return int(np.float32(value).view(np.uint32))


def write_batch(table: NDArray[np.int64], batch: Batch) -> None:
    """table: int64 [BATCH_WORDS]."""
    words = batch.words()
    table[: len(words)] = words


def write_row(table: NDArray[np.int64], head: Head, operands: Sequence[int]) -> None:
    """table: int64 [ROW_WORDS]; operands: the words of an Operands, all of them with addresses."""
    table[:HEAD_WORDS] = head.words()
    table[HEAD_WORDS : HEAD_WORDS + len(operands)] = operands


def read_word(table: NDArray[np.int64], offset: int) -> int:
    """The word at a byte offset, such as N_WANTED of a batch."""
    return int(table[offset // WORD])
