"""What was read once is not read again: chats that come back, chats that begin alike."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.open_tiny import REFERENCE, drive, open_tiny

from engine import shelf as shelves
from engine.base.errors import MemoryTooSmallError
from engine.base.events import Finished
from engine.base.models import Message
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.compute.kernels.jit import set_cache_folder
from engine.model import Model
from engine.session import Session
from engine.shelf import LEAST, MOST, Shelf, shelf_of
from engine.tape import Tape

SYSTEM = "You are a captain who knows all harbours and tells of them in rhymes, whoever asks."
SHORT = GenerationParams(max_tokens=6, ignore_eos=True)
IDS = [3 + i % 290 for i in range(120)]
OTHER = [200 - i % 90 for i in range(120)]


@pytest.fixture(params=["cpu", "reference"])
def model(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Model]:
    options = replace(REFERENCE, batch=64)
    if request.param == "cpu":
        set_cache_folder(ROOT / ".pytest_cache" / "kernels")
        options = LoadOptions(backend="cpu", threads=1, batch=64)
    model = open_tiny(tmp_path_factory.mktemp("model"), options, n_ctx=512)
    yield model
    model.close()


def session(model: Model, *messages: str, system: str = SYSTEM) -> Session:
    roles = ("user", "assistant")
    told = [Message(roles[i % 2], text) for i, text in enumerate(messages)]
    made = Session(model, system, told)
    made.sampling, made.generation = SamplingParams(temperature=0.0), SHORT
    return made


def replied(one: Session) -> Finished:
    events: list[object] = []
    drive(one.reply(), events)  # type: ignore[arg-type]
    end = events[-1]
    assert isinstance(end, Finished)
    return end


def test_a_chat_that_comes_back_reads_only_what_is_new(model: Model) -> None:
    first = session(model, "where is the harbour")
    answer = replied(first)
    first.close()
    assert shelf_of(model).nbytes > 0
    back = session(model, "where is the harbour", answer.text, "and the next one")
    found = replied(back)
    assert found.timings.cached_n >= answer.timings.prompt_n
    back.close()
    shelf_of(model).clear()
    fresh = session(model, "where is the harbour", answer.text, "and the next one")
    alone = replied(fresh)
    assert alone.timings.cached_n == 0
    assert alone.text == found.text


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
def test_a_second_chat_with_the_same_system_prompt_does_not_read_it(
    model: Model, is_open: bool
) -> None:
    first = session(model, "where is the harbour")
    before = replied(first)
    if not is_open:
        first.close()
    second = session(model, "sing me a song of all the long ways that there are at sea")
    found = replied(second)
    assert found.timings.cached_n >= LEAST
    if is_open:  # the first goes on as if nothing had been
        first.messages.append(Message("user", "and then"))
        assert replied(first).timings.cached_n >= before.timings.prompt_n
    first.close()
    second.close()
    shelf_of(model).clear()
    alone = replied(session(model, "sing me a song of all the long ways that there are at sea"))
    assert alone.text == found.text


def filled(model: Model, ids: list[int]) -> Tape:
    tape = Tape(model.backend)
    for at in range(0, len(ids), model.backend.max_batch):
        tape.run(ids[at : at + model.backend.max_batch], "none")
    return tape


def test_what_is_kept_is_bounded_and_the_longest_unused_goes(model: Model) -> None:
    one = filled(model, IDS)
    budget = 3 * one.sequence.nbytes
    shelf = Shelf(model.backend, budget)
    shelf.put_back(one)
    for i in range(MOST):
        shelf.put_back(filled(model, [5 + i, *OTHER]))
    assert budget / 2 < shelf.nbytes <= budget
    assert len(shelf.lend(IDS, int)) == 0  # it was the first to go
    tiny = Shelf(model.backend, 10)
    tiny.put_back(filled(model, IDS))
    assert tiny.nbytes == 0
    for each in (shelf, tiny):
        each.close()


def test_what_is_kept_promises_nothing(model: Model) -> None:
    before = model.backend.promised
    tape = filled(model, IDS)
    shelf = Shelf(model.backend, 1 << 30)
    shelf.put_back(tape)
    assert model.backend.promised == before
    again = shelf.lend([*IDS, 7], int)
    assert again is tape
    assert len(again) == len(IDS)
    assert not again.sequence.rests
    shelf.put_back(again)
    shelf.close()
    late = filled(model, IDS)
    shelf.put_back(late)
    assert late.tokens == []  # closed at once: the model has gone


def test_where_memory_is_short_what_is_kept_is_given_up(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(model.backend, 1 << 30)
    shelf.put_back(filled(model, IDS))
    asked: list[int] = []

    class Scarce(Tape):
        def __init__(self, backend: object, promised: int | None = None) -> None:
            asked.append(len(shelf._kept))
            if shelf._kept:
                raise MemoryTooSmallError("too little")
            super().__init__(model.backend, promised)

    monkeypatch.setattr(shelves, "Tape", Scarce)
    tape = shelf.lend(OTHER, int)
    assert asked == [1, 0]
    tape.close()

    def refuse(*_: object) -> Tape:
        raise MemoryTooSmallError("too little")

    monkeypatch.setattr(shelves, "Tape", refuse)
    with pytest.raises(MemoryTooSmallError):
        shelf.lend(OTHER, int)
    shelf.close()


def test_a_tape_that_was_cut_counts_as_what_it_holds(model: Model) -> None:
    """Its pages are taken, though nothing is left in them."""
    shelf = Shelf(model.backend, 1 << 30)
    long = filled(model, [*IDS, *OTHER])
    held = long.sequence.held
    shelf.put_back(long)
    again = shelf.lend([*IDS, 9, 8], int)
    assert again is long
    if model.backend.cache_type != "f32":  # the reference gives its arrays back
        assert again.sequence.nbytes < again.sequence.held == held
        shelf.put_back(again)
        assert shelf.nbytes == held
        small = Shelf(model.backend, held - 1)
        small.put_back(shelf.lend([*IDS, 9, 8], int))
        assert small.nbytes == 0
    shelf.close()


def test_a_tape_that_is_lent_again_must_fit_with_its_promise(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(model.backend, 1 << 30)
    first, second = filled(model, OTHER), filled(model, IDS)
    shelf.put_back(first)
    shelf.put_back(second)
    told: list[tuple[int, int]] = []

    def check(cache: int, promised: int) -> None:
        told.append((cache, promised))
        if first.tokens:
            raise MemoryTooSmallError("too little")

    monkeypatch.setattr(shelves, "check_cache", check)
    got = shelf.lend([*IDS, 4], lambda: model.backend.promised)
    assert got is second
    own = second.sequence.promised
    assert told == [(own, model.backend.promised - own)] * 2
    assert first.tokens == []  # given up, so that there is room
    got.close()
    shelf.close()


def test_all_open_models_share_one_budget(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_tiny(tmp_path, replace(REFERENCE, batch=64), n_ctx=512)
    one, two = filled(model, IDS), filled(other, IDS)
    budget = one.sequence.held + two.sequence.held - 1
    monkeypatch.setattr(shelves, "most_kept", lambda: budget)
    shelf_of(model).put_back(one)
    shelf_of(other).put_back(two)
    assert (shelf_of(model).n_kept, shelf_of(other).n_kept) == (1, 0)
    other.close()


def test_a_long_chat_is_not_cut_for_the_little_it_shares(model: Model) -> None:
    shelf = Shelf(model.backend, 1 << 30)
    long = filled(model, [*IDS[:40], *OTHER])
    shelf.put_back(long)
    other = shelf.lend([*IDS[:40], 9, 8, 7], int)
    assert other is not long
    assert (len(other), len(long)) == (40, 160)
    assert shelf.lend([*IDS[:40], *OTHER, 4], int) is long
    other.close()
    shelf.close()
