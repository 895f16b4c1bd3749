"""Replies that share passes: the same tokens as alone, one pass for all, prompts in pieces."""

import threading
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import pytest
from helpers.data import ROOT
from helpers.open_tiny import REFERENCE, open_tiny, said
from helpers.patience import WAIT

from engine.base.errors import CancelledError, ContextFullError
from engine.base.jobs import Job
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.batch import GRAIN, Batcher, Pace, Wanted
from engine.compute.backends import BatchEntry
from engine.compute.kernels.jit import set_cache_folder
from engine.generate import Generation
from engine.hardware.runs_kept import run_of
from engine.host import Host, Ticket
from engine.model import Model
from engine.tape import Tape

GREEDY = SamplingParams(temperature=0.0)
LONG = GenerationParams(max_tokens=40, ignore_eos=True)
CPU = LoadOptions(backend="cpu", threads=2, batch=64)


@pytest.fixture(scope="module", params=["cpu", "reference"])
def model(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Model]:
    options = CPU if request.param == "cpu" else REFERENCE
    if request.param == "cpu":
        set_cache_folder(ROOT / ".pytest_cache" / "kernels")
    model = open_tiny(tmp_path_factory.mktemp("model"), options, n_ctx=512)
    yield model
    model.close()


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    assert host.shutdown(WAIT)


class Passes:
    """What goes through a backend meanwhile: the entries of each pass, as (tokens, logits)."""

    def __init__(self, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[list[tuple[int, str]]] = []
        self._run = model.backend.run
        monkeypatch.setattr(model.backend, "run", self._counted)

    def _counted(self, entries: list[BatchEntry]) -> Any:
        rows = self._run(entries)
        self.seen.append([(len(entry.tokens), entry.wanted) for entry in entries])
        return rows


def prompt(number: int, length: int) -> list[int]:
    return [3 + (7 * number + 11 * i) % 290 for i in range(length)]


def answering(generation: Generation, ids: list[int]) -> Job:
    yield from generation.read(ids)
    for piece in generation.write():
        yield piece if isinstance(piece, Wanted) else None
    generation.tape.close()
    return generation.ids


def alone(model: Model, ids: list[int], params: GenerationParams = LONG) -> list[int]:
    generation = Generation(model, Tape(model.backend), GREEDY, params)
    list(said(answering(generation, ids)))
    return generation.ids


def submitted(host: Host, model: Model, prompts: list[list[int]]) -> list[Ticket]:
    made = [Generation(model, Tape(model.backend), GREEDY, LONG) for _ in prompts]
    return gated(host, [answering(one, ids) for one, ids in zip(made, prompts, strict=True)])


def gated(host: Host, jobs: list[Job]) -> list[Ticket]:
    """All begin at the same moment."""
    gate = threading.Event()

    def closed() -> Job:
        gate.wait(WAIT)
        yield None

    host.submit(closed(), Ticket())
    tickets = [host.submit(job, Ticket()) for job in jobs]
    gate.set()
    return tickets


def test_eight_replies_get_the_tokens_they_would_get_alone(model: Model, host: Host) -> None:
    prompts = [prompt(i, 5 + 9 * i) for i in range(8)]
    expected = [alone(model, ids) for ids in prompts]  # the host's thread has not begun yet
    tickets = submitted(host, model, prompts)
    assert [ticket.wait(WAIT) for ticket in tickets] == expected


def test_they_share_their_passes(model: Model, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = Passes(model, monkeypatch)
    for ticket in submitted(host, model, [prompt(i, 6) for i in range(4)]):
        ticket.wait(WAIT)
    # Of 4 x 40 tokens; the prompts may need some of their own, guesses make it fewer.
    assert len(passes.seen) <= 44
    assert sum(len(entries) == 4 for entries in passes.seen) > len(passes.seen) / 2


def test_what_was_shared_is_told_and_measures_no_speed(model: Model, host: Host) -> None:
    """A reply beside others is slower than the model is."""
    made = [Generation(model, Tape(model.backend), GREEDY, LONG) for _ in range(3)]
    jobs = [answering(one, prompt(i, 6)) for i, one in enumerate(made)]
    host.submit(jobs[0], Ticket()).wait(WAIT)
    assert made[0].timings.shared_n == 0
    for ticket in gated(host, jobs[1:]):
        ticket.wait(WAIT)
    for one in made[1:]:
        assert one.timings.shared_n > 0.9 * one.timings.predicted_n
        assert run_of(one.timings, 40, 2, 1.0) is None


def test_a_prompt_is_read_beside_those_who_write(
    model: Model, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, long = prompt(1, 6), prompt(2, 300)
    expected = [alone(model, ids) for ids in (short, long)]
    passes = Passes(model, monkeypatch)
    tickets = submitted(host, model, [short, long])
    assert [ticket.wait(WAIT) for ticket in tickets] == expected
    mixed = [entries for entries in passes.seen if len(entries) == 2]
    assert any({logits for _, logits in entries} >= {"none", "last"} for entries in mixed)


def test_a_part_that_fails_is_its_own_replys(model: Model) -> None:
    good, bad = Tape(model.backend), Tape(model.backend)
    n_ctx = model.backend.n_ctx
    full = np.asarray(prompt(1, n_ctx), np.int32)
    for at in range(0, n_ctx, model.backend.max_batch):
        bad.run(list(full[at : at + model.backend.max_batch]), "none")
    wanted = [
        Wanted(model.backend, BatchEntry(tape.sequence, np.asarray([5], np.int32), "last"))
        for tape in (good, bad)
    ]
    wanted[0].serve(wanted, 0)
    assert all(each.ready for each in wanted)
    with pytest.raises(ContextFullError):
        wanted[1].rows()
    fresh = Tape(model.backend)
    assert np.array_equal(wanted[0].rows(), fresh.run([5], "last"))
    assert good.sequence.length == 1


def test_who_is_stopped_in_the_middle_of_a_pass_leaves_nothing(model: Model, host: Host) -> None:
    tape = Tape(model.backend)

    def stopped() -> Generator[Any, None, Any]:
        steps = tape.run_together(prompt(1, 8), "last")
        try:
            yield next(steps)
        except CancelledError as error:
            with pytest.raises(CancelledError):
                steps.throw(error)
        return len(tape), tape.sequence.length

    job = stopped()
    ticket = Ticket()
    next_one = next(job)
    assert isinstance(next_one, Wanted)
    next_one.state.read = 4  # as if half of it had been read
    with pytest.raises(StopIteration) as end:
        job.throw(CancelledError("stopped"))
    assert end.value.value == (0, 0)
    ticket.cancel()


def test_rows_that_were_wanted_outlive_the_next_pass(model: Model) -> None:
    tapes = [Tape(model.backend) for _ in range(2)]
    wanted = [
        Wanted(model.backend, BatchEntry(tape.sequence, np.asarray(prompt(i, 9), np.int32), "last"))
        for i, tape in enumerate(tapes)
    ]
    wanted[0].serve(wanted, 1)
    kept = [each.rows().copy() for each in wanted]
    Tape(model.backend).run([9], "last")
    assert all(np.array_equal(each.rows(), rows) for each, rows in zip(wanted, kept, strict=True))


# --- the pace --------------------------------------------------------------------------------
def test_reading_never_takes_more_than_writing_can_spare() -> None:
    """A machine on which a row of a prompt costs a tenth of a token."""
    pace, plain = Pace(), 0.03
    assert pace.rows(1, 0, 512) == 0  # first a pass without
    pace.took(1, 0, 0, plain)
    for _ in range(30):
        rows = pace.rows(1, 0, 512)
        pace.took(1, rows, 0, plain + 0.1 * plain * rows)
    assert rows % GRAIN == 0
    assert plain / (plain + 0.1 * plain * rows) >= 0.5


def test_where_reading_costs_nothing_it_takes_all_there_is() -> None:
    pace = Pace()
    pace.took(2, 0, 0, 0.03)
    for _ in range(20):
        pace.took(2, pace.rows(2, 0, 512), 0, 0.03)
    assert pace.rows(2, 0, 512) == 512


def test_now_and_then_a_pass_without_a_prompt_is_timed() -> None:
    pace = Pace()
    pace.took(1, 0, 0, 0.03)
    passes = []
    for _ in range(200):
        passes.append(pace.rows(1, 0, 64))
        pace.took(1, passes[-1], 0, 0.04)
    assert 1 <= passes.count(0) <= 5


def test_alone_a_prompt_is_read_at_once_beside_others_in_short_pieces() -> None:
    pace = Pace()
    assert pace.rows(0, 0, 512) == 512
    for _ in range(20):
        rows = pace.rows(0, 1, 512)
        pace.took(0, rows, 1, rows * 0.002)
    assert rows * 0.002 < 0.15


def test_a_pass_is_never_larger_than_the_backend_takes(model: Model) -> None:
    most = model.backend.max_batch
    tapes = [Tape(model.backend) for _ in range(most + 3)]
    wanted = [
        Wanted(model.backend, BatchEntry(tape.sequence, np.asarray([5], np.int32), "last"))
        for tape in tapes
    ]
    batcher = Batcher(model.backend)
    batcher.run(wanted, 0)
    assert sum(each.ready for each in wanted) == most
    batcher.run([each for each in wanted if not each.ready], 0)
    assert all(each.ready for each in wanted)
