"""A recurrent model is used like any other: edited, branched, asked again and guessed ahead of, it
says what it says when all is read from the start."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.open_tiny import REFERENCE, drive, said
from helpers.recurrent import Recurrent, open_recurrent

from engine.base.events import Event, Finished, PromptProgress
from engine.base.models import Message
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.compute.kernels.jit import set_cache_folder
from engine.generate import TAIL, Generation
from engine.model import Model
from engine.session import Session
from engine.shelf import shelf_of
from engine.speculate import SIZES, Speculator
from engine.tape import Tape

GREEDY = SamplingParams(temperature=0.0)
HOT = SamplingParams(seed=11, temperature=1.2, top_k=0, top_p=1.0, min_p=0.0)
LONG = GenerationParams(max_tokens=40, ignore_eos=True)
SYSTEM = "You are a captain who knows all harbours and tells of them in rhymes, whoever asks."


@pytest.fixture(params=["cpu", "reference", "cpu, scans alone", "cpu, RWKV alone"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Model]:
    options = replace(REFERENCE, batch=64)
    if request.param != "reference":
        set_cache_folder(ROOT / ".pytest_cache" / "kernels")
        options = LoadOptions(backend="cpu", threads=2, batch=64)
    kinds = {"scans": Recurrent(scans=True, every=0), "RWKV": Recurrent(wkv=True, every=0)}
    shape = next((kinds[word] for word in kinds if word in request.param), Recurrent())
    made = open_recurrent(tmp_path, options, shape)
    yield made
    made.close()


def session(model: Model, *messages: str, sampling: SamplingParams = GREEDY) -> Session:
    roles = ("user", "assistant")
    told = [Message(roles[i % 2], text) for i, text in enumerate(messages)]
    made = Session(model, SYSTEM, told)
    made.sampling, made.generation = sampling, LONG
    return made


def replied(one: Session) -> tuple[Finished, PromptProgress]:
    """The end of a reply, and what was known of its prompt."""
    events: list[Event] = []
    drive(one.reply(), events)
    end = events[-1]
    assert isinstance(end, Finished)
    return end, next(e for e in events if isinstance(e, PromptProgress))


def afresh(model: Model, one: Session) -> str:
    """What is said to the same messages when nothing is known of them."""
    shelf = shelf_of(model)
    lent, shelf._lent = shelf._lent, type(shelf._lent)()
    shelf.clear()
    other = Session(model, one.system, one.messages)
    other.sampling, other.generation = one.sampling, one.generation
    end, begun = replied(other)
    assert begun.reused == 0
    other.close()
    shelf.clear()
    shelf._lent = lent
    return end.text


# --- a conversation --------------------------------------------------------------------------
def test_the_next_turn_reads_what_is_new(model: Model) -> None:
    one = session(model, "where is the harbour, and who was the little girl there once upon a time")
    replied(one)
    one.messages.append(Message("user", "and then"))
    truth = afresh(model, one)
    end, begun = replied(one)
    assert end.text == truth
    assert begun.reused > begun.total // 2  # the first turn, at least to the end of its question
    one.close()


def test_asked_again(model: Model) -> None:
    one = session(model, "where is the harbour, and who was the little girl there once upon a time")
    first, _ = replied(one)
    one.messages.pop()
    again, begun = replied(one)
    assert again.text == first.text
    assert begun.reused == begun.total - TAIL  # and no further
    assert 0 < begun.again < TAIL
    one.close()


def test_an_edited_question(model: Model) -> None:
    one = session(model, "where is the harbour, and who was the little girl there once upon a time")
    replied(one)
    one.messages.append(Message("user", "and then"))
    replied(one)
    one.messages[2:] = [Message("user", "and what was the name of the other girl")]
    truth = afresh(model, one)
    end, begun = replied(one)
    assert end.text == truth
    assert begun.reused > begun.total // 2
    one.close()


def test_branches_go_back_and_forth(model: Model) -> None:
    one = session(model, "where is the harbour, and who was the little girl there once upon a time")
    replied(one)
    common = list(one.messages)
    for question in ("and then", "what was the name", "and then", "who"):
        one.messages[:] = [*common, Message("user", question)]
        truth = afresh(model, one)
        end, begun = replied(one)
        assert end.text == truth
        assert begun.reused > begun.total // 2
    one.close()


def test_a_reply_that_was_stopped_goes_on(model: Model) -> None:
    one = session(model, "where is the harbour, and who was the little girl there once upon a time")
    one.generation = replace(LONG, max_tokens=15)
    whole = replace(LONG, max_tokens=40)
    replied(one)
    kept = Session(model, one.system, one.messages)
    kept.sampling, kept.generation = GREEDY, whole
    texts = []
    for each in (one, kept):
        each.generation = replace(LONG, max_tokens=25)
        events: list[Event] = []
        drive(each.continue_answer(), events)
        texts.append(next(e.text for e in events if isinstance(e, Finished)))
    assert texts[0] == texts[1]
    one.close()
    kept.close()


def test_chats_that_begin_alike_share_what_they_read(model: Model) -> None:
    """The second marks where it leaves the first, so that the third begins there."""
    ones = [session(model, text) for text in ("where is the harbour", "who was it", "play")]
    truths = [afresh(model, one) for one in ones]
    reused = []
    for one, truth in zip(ones, truths, strict=True):
        end, begun = replied(one)
        assert end.text == truth
        reused.append(begun.reused)
    assert reused[2] > 60  # of the system prompt
    assert reused[0] == 0
    for one in ones:
        one.close()


def test_a_chat_that_comes_back(model: Model) -> None:
    one = session(model, "where is the harbour, and who was the little girl there once upon a time")
    replied(one)
    messages = list(one.messages)
    one.close()
    other = session(model)
    other.messages = [*messages, Message("user", "and then")]
    end, begun = replied(other)
    assert begun.reused > begun.total // 2
    other.messages.pop()
    assert end.text == afresh(model, other)
    other.close()


# --- guesses ---------------------------------------------------------------------------------
@pytest.mark.parametrize("sampling", [GREEDY, HOT], ids=["greedy", "hot"])
@pytest.mark.parametrize("how", ["wrong", "right", "half"])
def test_guesses_change_nothing(
    model: Model, monkeypatch: pytest.MonkeyPatch, sampling: SamplingParams, how: str
) -> None:
    prompt = [3 + i % 40 for i in range(90)]
    plain = replace(LONG, max_tokens=60, speculate=False)
    truth = tokens_of(model, prompt, sampling, plain)

    def draft(self: Speculator, most: int) -> list[int]:
        most = most if self._seconds[0] else 0
        at = len(self.index.tokens) - len(prompt)
        found = truth[at : at + max(0, min(most, SIZES[-1] - 1))]
        wrong = {"wrong": 0, "right": len(found), "half": len(found) // 2}[how]
        return [t if i < wrong else (t + 1) % 290 for i, t in enumerate(found)]

    monkeypatch.setattr(Speculator, "draft", draft)
    told: list[Generation] = []
    assert tokens_of(model, prompt, sampling, replace(plain, speculate=True), told) == truth
    timings = told[0].timings
    assert timings.draft_n > 0
    assert (timings.accepted_n > 0) == (how != "wrong")


def tokens_of(
    model: Model,
    prompt: list[int],
    sampling: SamplingParams,
    params: GenerationParams,
    told: list[Generation] | None = None,
) -> list[int]:
    """What is written, with the tape's own account of it checked at each token."""
    tape = Tape(model.backend)
    g = Generation(model, tape, sampling, params)
    list(said(g.read(prompt)))
    for _ in said(g.write()):
        assert tape.sequence.length == len(tape.tokens)
        known = [*tape.tokens, *g._again]
        text = [*prompt, *g.ids, *(c.token for c in g._ahead)]
        assert known == text[: len(known)]
        assert g.statistics.context_used <= len(text)
    g.flush()
    if told is not None:
        told.append(g)
    assert tape.tokens == [*prompt, *g.ids][: len(tape.tokens)]
    tape.close()
    return g.ids


def test_a_limit_within_a_guess(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a reply ends, the next one goes on as if it had been read from the start."""
    prompt = [3 + i % 40 for i in range(90)]
    truth = tokens_of(model, prompt, GREEDY, replace(LONG, max_tokens=60, speculate=False))

    def draft(self: Speculator, most: int) -> list[int]:
        most = most if self._seconds[0] else 0
        at = len(self.index.tokens) - len(prompt)
        found = truth[at : at + max(0, min(most, 6))]
        return [*found[:3], *(0 for _ in found[3:])]

    monkeypatch.setattr(Speculator, "draft", draft)
    tape = Tape(model.backend)
    for n in range(1, 20):
        g = Generation(model, tape, GREEDY, replace(LONG, max_tokens=n))
        list(said(g.read(prompt)))
        list(said(g.write()))
        g.flush()
        assert g.ids == truth[:n]
    tape.close()


@pytest.fixture(name="counted")
def _counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    marks = []
    plain = Tape.mark

    def mark(self: Tape) -> None:
        marks.append(len(self))
        plain(self)

    monkeypatch.setattr(Tape, "mark", mark)
    return lambda: len(marks)


def test_a_long_prompt_leaves_marks_on_its_way(model: Model, counted: Callable[[], int]) -> None:
    tape = Tape(model.backend)
    g = Generation(model, tape, GREEDY, replace(LONG, max_tokens=4))
    ids = [3 + i * 7 % 280 for i in range(700)]
    list(said(g.read(ids)))
    assert counted() == 700 // 64 + 1
    # Not every place is kept, but some early one, some late ones.
    assert 600 < tape.reach(690) <= 690
    assert 0 < tape.reach(400) <= 400
    tape.close()
