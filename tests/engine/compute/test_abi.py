"""Words are given by name and lie where kernels look for them; what would shift them is refused."""

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest

from engine.compute.backends.cpu_program import Program
from engine.compute.kernels import abi, jit
from engine.compute.kernels.abi import Batch, Head, Operands, Place
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.rows import FORMS, Outputs, outputs
from engine.compute.kernels.team import Call
from engine.compute.simd.memory import load_f32, load_i64, store_f32, store_i64

pytestmark = pytest.mark.anywhere


@dataclass(frozen=True, kw_only=True)
class Numbers(Operands):
    out: Place
    factor: float
    x: int


@dataclass(frozen=True, kw_only=True)
class MoreNumbers(Numbers):
    y: int = 7


AT = MoreNumbers.offsets()


def _sum(row: int, batch: int, thread: int) -> None:
    out = load_i64(row + AT.out)
    store_i64(out, load_i64(row + AT.x) + load_i64(row + AT.y))
    store_f32(out + 8, load_f32(row + AT.factor))


def test_a_kernel_finds_each_word_by_its_name() -> None:
    out = np.zeros(2, np.int64)
    operands = MoreNumbers(y=30, x=4, factor=0.3, out=out.ctypes.data)
    Call(Kernel(_sum), operands).run_here()
    assert out[0] == 34
    assert out[1:].view(np.float32)[0] == np.float32(0.3)


def test_words_lie_in_the_order_of_their_declaration() -> None:
    assert MoreNumbers(x=4, factor=1.0, out=9).words() == [9, 0x3F800000, 4, 7]
    first = abi.HEAD_WORDS * abi.WORD
    assert [AT.out, AT.factor, AT.x, AT.y] == [first, first + 8, first + 16, first + 24]


@pytest.mark.parametrize(
    ("given", "named"),
    [({"out": 1, "factor": 1.0}, "x"), ({"out": 1, "factor": 1.0, "x": 1, "z": 1}, "z")],
)
def test_missing_and_unknown_words_are_refused(given: dict[str, int], named: str) -> None:
    with pytest.raises(TypeError, match=f"'{named}'"):
        Numbers(**given)


def test_no_word_is_given_by_position() -> None:
    with pytest.raises(TypeError):
        Numbers(1, 1.0, 4)  # type: ignore[misc]


def test_a_word_declared_twice_is_refused() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Twice(Numbers):
        x: int

    with pytest.raises(TypeError, match="twice: x"):
        Twice.offsets()


def test_a_class_whose_words_could_be_given_by_position_is_refused() -> None:
    @dataclass(frozen=True)
    class Positional(Operands):
        x: int

    with pytest.raises(TypeError, match="kw_only"):
        Positional.offsets()


def test_more_words_than_a_row_has_are_refused() -> None:
    most = abi.ROW_WORDS - abi.HEAD_WORDS

    def declared(n: int) -> type[Operands]:
        body = {"__annotations__": {f"w{i}": int for i in range(n)}}
        return dataclass(frozen=True, kw_only=True)(type("Many", (Operands,), body))

    assert len(declared(most).offsets()) == most
    with pytest.raises(TypeError, match=f"{most + 1} words"):
        declared(most + 1).offsets()


def test_tables_are_written_where_the_driver_and_kernels_read() -> None:
    row, batch = np.zeros(abi.ROW_WORDS, np.int64), np.zeros(abi.BATCH_WORDS, np.int64)
    abi.write_row(row, Head(kernel=5, counter=6, barrier=1, count=abi.N_WANTED), [10, 11])
    abi.write_batch(batch, Batch(n_tokens=3, n_wanted=2, n_runs=8))
    head = [abi.read_word(row, at) for at in (abi.KERNEL, abi.COUNTER, abi.BARRIER, abi.COUNT)]
    assert head == [5, 6, 1, abi.N_WANTED]
    assert row[abi.HEAD_WORDS :].tolist() == [10, 11] + [0] * (abi.ROW_WORDS - abi.HEAD_WORDS - 2)
    counts = [abi.read_word(batch, at) for at in (abi.N_TOKENS, abi.N_WANTED, abi.N_RUNS)]
    assert counts == [3, 2, 8]
    assert len(Head.offsets()) == abi.HEAD_WORDS


def test_each_form_of_results_has_its_words() -> None:
    assert [name for form in FORMS for name in (f"out_{form}", f"out_{form}_stride")] == list(
        Outputs.offsets()._fields
    )

    class Place:
        row_bytes = 64

    place = Place()
    assert outputs({"q8": place}) == {"out_q8": place, "out_q8_stride": 64}


def test_operands_of_another_kernel_are_refused() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Others(Operands):
        out: Place
        factor: float
        x: int

    made = Kernel(_sum, Numbers)
    made.check(MoreNumbers(out=0, factor=1.0, x=1))
    others = Others(out=0, factor=1.0, x=1)
    with pytest.raises(TypeError, match="_sum reads Numbers, not Others"):
        Call(made, others)
    with pytest.raises(TypeError, match="_sum reads Numbers, not Others"):
        Program(1).emit(made, others, [], [])


def test_every_kernel_says_whose_words_it_reads() -> None:
    room = jit.__name__.rpartition(".")[0]
    for module in iter_modules(import_module(room).__path__):
        import_module(f"{room}.{module.name}")
    made = [each for (module, _), each in jit._made.items() if module.startswith(room)]
    kernels = [each for each in made if isinstance(each, Kernel)]
    assert len(kernels) > 40
    assert [kernel.name for kernel in kernels if kernel.operands is Operands] == []


def test_runs_and_entries_lie_as_kernels_read_them() -> None:
    assert abi.Run(count=2, first=1).words() == [1, 2]
    assert abi.Entry(after=4, before=3, count=2, first=1).words() == [1, 2, 3, 4]
    assert (abi.RUN_BYTES, abi.ENTRY_BYTES) == (16, 32)
    assert tuple(abi.ENTRY) == (0, 8, 16, 24)
