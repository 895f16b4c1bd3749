"""A full context: which exchanges stay, what the cache serves then, and what takes the room."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from helpers.brief_session import brief_session, model_with_turns
from helpers.open_tiny import drive

from engine.base.attachments import Attachment
from engine.base.errors import ContextFullError
from engine.base.events import Event, Finished, Shares, Statistics
from engine.base.models import Message
from engine.context import Counted, Cut, room_of
from engine.model import Model
from engine.session import Session


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    model = model_with_turns(tmp_path_factory.mktemp("model"))
    yield model
    model.close()


@pytest.fixture
def session(model: Model) -> Session:
    session = brief_session(model)
    session.generation = replace(session.generation, when_full="ends")
    return session


def ask(session: Session, text: str) -> Finished:
    session.messages.append(Message("user", text))
    events: list[Event] = []
    drive(session.reply(), events)
    assert isinstance(events[-1], Finished)
    return events[-1]


def read_for(end: Finished) -> int:
    """Tokens of its prompt."""
    return end.timings.cached_n + end.timings.prompt_n


def fill(session: Session, n: int = 9) -> None:
    for i in range(n):
        session.messages.append(Message("user", f"question {i} about the river and the fox"))
        session.messages.append(Message("assistant", f"answer {i} about the fox and the river"))


def test_the_first_exchange_and_the_last_ones_stay(session: Session) -> None:
    fill(session)
    end = ask(session, "and now")
    assert end.kept == 2
    assert end.left_out > 2
    assert end.left_out % 2 == 0, "whole exchanges are left out"
    ids, text = drive(session.prompt(Cut(end.left_out, end.kept)))
    assert text.startswith("s: be brief\nu: question 0 about")
    assert f"u: question {end.left_out // 2} about" in text
    assert "question 1 about" not in text
    assert text.rstrip().endswith("u: and now\na: " + session.messages[-1].content.strip() + "\na:")
    assert len(ids) <= 256


def test_the_cut_stays_for_several_turns_and_only_what_is_new_is_read(session: Session) -> None:
    """Tokens that are read again are counted: between two moves of the cut there are none, and
    when it moves, the beginning is not read again."""
    fill(session)
    ends = [ask(session, f"and then {i}") for i in range(8)]
    cuts = [end.left_out for end in ends]
    assert len(set(cuts)) < len(cuts) // 2 + 1, "it does not move at each turn"
    first = drive(Counted(session.model.tokenizer).counting(["s: be brief\nu: question 0 about"]))
    for before, end in zip(ends, ends[1:], strict=False):
        if end.left_out == before.left_out:
            assert end.timings.cached_n >= read_for(before) - 1, "nothing is read again"
            assert end.timings.prompt_n < 32, "the answer as a text, and the next question"
        else:
            assert end.timings.cached_n >= first, "what stays in front is not read again"


def test_rolling_reads_only_what_is_new_between_two_moves(session: Session) -> None:
    session.generation = replace(session.generation, when_full="roll")
    fill(session)
    ends = [ask(session, f"and then {i}") for i in range(6)]
    still = [(a, b) for a, b in zip(ends, ends[1:], strict=False) if a.left_out == b.left_out]
    assert len(still) >= 3
    assert all(b.timings.cached_n >= read_for(a) - 1 for a, b in still)
    assert all(end.kept == 0 for end in ends)


def test_a_first_exchange_that_leaves_no_room_goes_like_the_others(session: Session) -> None:
    session.messages += [Message("user", "hello there " * 20), Message("assistant", "yes " * 40)]
    fill(session, 4)
    end = ask(session, "and now")
    assert (end.kept, end.reason) == (0, "length")
    assert end.left_out > 0


def test_one_exchange_that_is_too_large_is_refused(session: Session) -> None:
    ask(session, "hello")
    session.messages.append(Message("user", "hello there " * 60))
    with pytest.raises(ContextFullError):
        drive(session.reply())


def test_a_change_of_the_policy_is_heeded_at_once(session: Session) -> None:
    fill(session)
    assert ask(session, "and now").kept == 2
    session.generation = replace(session.generation, when_full="roll")
    assert ask(session, "and now").kept == 0
    session.generation = replace(session.generation, when_full="ends")
    assert ask(session, "and now").kept == 2


# What takes the room


def test_the_shares_are_those_of_the_prompt(session: Session) -> None:
    tokenizer = session.model.tokenizer
    paper = Attachment("river.txt", "the river runs down\nto the sea")
    session.messages.append(Message("user", "where", attachments=(paper,)))
    ids, text = drive(session.prompt())
    assert text == f"s: be brief\nu: {paper.told}\n\nwhere\na: "
    shares = drive(session.measuring())
    assert shares.used == len(ids)
    assert shares.system == len(tokenizer.encode("be brief", add_special=False))
    assert shares.attached == len(tokenizer.encode(paper.told, add_special=False))
    assert (shares.answer, shares.history > 0) == (0, True)


def test_the_answer_has_its_share_while_it_is_written(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.session.STATISTICS_EVERY", 0.0)
    session.messages.append(Message("user", "hello"))
    before = drive(session.measuring())
    events: list[Event] = []
    drive(session.reply(), events)
    told = [e for e in events if isinstance(e, Statistics)]
    assert all(e.shares.used == e.context_used for e in told)
    assert {replace(e.shares, answer=0) for e in told} == {before}
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.shares == replace(before, answer=end.context_used - before.used)
    assert end.shares.answer == 7


def test_what_is_left_out_takes_no_room(session: Session) -> None:
    session.messages += [
        Message("user", "hello", attachments=(Attachment("a", "fox " * 30),)),
        Message("assistant", "yes"),
    ]
    session.generation = replace(session.generation, when_full="roll")
    fill(session, 5)
    assert ask(session, "and now").left_out >= 2
    assert session._shares.attached == 0


def test_a_long_text_is_counted_in_pieces_and_once(model: Model) -> None:
    text = "the fox runs to the river\n" * 3000
    counted = Counted(model.tokenizer)
    n = drive(counted.counting([text, text]))
    exact = len(model.tokenizer.encode(text, add_special=False))
    assert abs(n / 2 - exact) <= 4
    counted._tokenizer = None  # type: ignore[assignment]
    assert drive(counted.counting([text])) == n // 2


def test_without_messages_there_is_nothing() -> None:
    assert Shares().used == 0
    assert room_of(1024, -1).most == 768
    assert room_of(1024, 100).most == 924
    assert room_of(1024, 0).most == 1023


# The prompt, shown


def test_the_prompt_is_shown_token_by_token(session: Session) -> None:
    session.messages.append(Message("user", "the fox 🦊 </s>"))
    ids, text = drive(session.prompt())
    shown = drive(session.showing())
    assert [token for piece in shown.pieces for token in piece.tokens] == ids
    assert (
        "".join(piece.text for piece in shown.pieces if not piece.is_special).strip()
        == text.strip()
    )
    assert (shown.n_tokens, shown.context_size, shown.left_out) == (len(ids), 256, 0)
    assert any(len(piece.tokens) > 1 for piece in shown.pieces), "parts of one character"
    assert all("\ufffd" not in piece.text for piece in shown.pieces)


def test_what_is_left_out_is_not_in_the_prompt_that_is_shown(session: Session) -> None:
    fill(session)
    session.messages.append(Message("user", "and now"))
    shown = drive(session.showing())
    assert (shown.kept, shown.left_out > 2) == (2, True)
    assert "question 1 about" not in "".join(piece.text for piece in shown.pieces)
