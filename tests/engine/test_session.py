"""A conversation: what is sent, what is kept, what is read again, how it ends."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from helpers.brief_session import TEMPLATE, brief_session, model_with_turns
from helpers.open_tiny import drive, open_tiny

from engine.base.errors import CancelledError, ContextFullError, UsageError
from engine.base.events import Event, Finished, PromptProgress, Statistics, TextDelta
from engine.base.models import Message
from engine.base.settings import GenerationParams
from engine.model import Model
from engine.session import Session


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    model = model_with_turns(tmp_path_factory.mktemp("model"))
    yield model
    model.close()


@pytest.fixture
def session(model: Model) -> Session:
    return brief_session(model)


def ask(session: Session, text: str) -> list[Event]:
    session.messages.append(Message("user", text))
    events: list[Event] = []
    drive(session.reply(), events)
    return events


def test_a_reply_streams_and_is_kept(session: Session) -> None:
    events = ask(session, "hello")
    text = "".join(e.text for e in events if isinstance(e, TextDelta))
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.text, end.reason, end.timings.predicted_n) == (text, "length", 8)
    assert session.messages[-1] == Message("assistant", text)
    assert isinstance(events[0], PromptProgress)
    assert (end.context_used, end.context_size) == (end.timings.prompt_n + 7, 256)


def test_deltas_carry_all_tokens(session: Session) -> None:
    session.sampling = replace(session.sampling, n_probs=2)
    deltas = [e for e in ask(session, "hello") if isinstance(e, TextDelta)]
    tokens = [t for d in deltas for t in d.tokens]
    assert len(tokens) == 8
    assert [lp.token for d in deltas for lp in d.logprobs] == tokens
    assert all(len(top) == 2 for d in deltas for top in d.top_logprobs)


def test_the_next_turn_reads_only_what_is_new(session: Session) -> None:
    first = ask(session, "hello")[-1]
    second = ask(session, "and then")[-1]
    assert isinstance(first, Finished)
    assert isinstance(second, Finished)
    assert second.timings.cached_n >= first.timings.prompt_n - 1
    fresh = Session(session.model, session.system, session.messages[:-1])
    fresh.sampling, fresh.generation = session.sampling, session.generation
    drive(fresh.reply())
    assert fresh.messages[-1] == session.messages[-1]


def test_an_edited_turn_drops_what_followed_and_keeps_the_prefix(session: Session) -> None:
    ask(session, "hello")
    ask(session, "and then")
    session.messages[2:] = [Message("user", "and now")]
    events: list[Event] = []
    drive(session.reply(), events)
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.timings.cached_n > 0


def test_regenerating_answers_the_same_question(session: Session) -> None:
    ask(session, "hello")
    answer = session.messages[-1]
    del session.messages[-1]
    drive(session.reply())
    assert session.messages[-1] == answer


def test_a_stopped_reply_keeps_its_text(session: Session) -> None:
    session.messages.append(Message("user", "hello"))
    session.generation = GenerationParams(ignore_eos=True)
    job = session.reply()
    text = ""
    while len(text) < 5:
        event = next(job)
        text += event.text if isinstance(event, TextDelta) else ""
    events = [job.throw(CancelledError("stopped")), *job]
    text += "".join(e.text for e in events if isinstance(e, TextDelta))
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.reason, end.text) == ("cancelled", text)
    assert session.messages[-1].content == text


def test_a_reply_stopped_before_it_began_ends_well(session: Session) -> None:
    session.messages.append(Message("user", "hello"))
    job = session.reply()
    assert next(job) is None
    end = job.throw(CancelledError("stopped"))
    assert isinstance(end, Finished)
    assert (end.reason, end.text) == ("cancelled", "")


def test_a_conversation_that_does_not_fit_is_refused_and_kept(session: Session) -> None:
    with pytest.raises(ContextFullError) as caught:
        ask(session, "hello there " * 60)
    assert caught.value.n_prompt > caught.value.n_ctx == 256
    assert len(session.messages) == 1


def test_a_reply_that_fills_the_context_says_so(session: Session) -> None:
    session.generation = GenerationParams(ignore_eos=True)
    end = ask(session, "hello")[-1]
    assert isinstance(end, Finished)
    assert end.reason == "context"
    assert end.context_used == end.context_size


def test_nothing_to_answer_is_an_error(session: Session) -> None:
    with pytest.raises(UsageError, match="nothing to answer"):
        drive(session.reply())


def test_statistics_come_while_it_writes(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.session.STATISTICS_EVERY", 0.0)
    statistics = [e for e in ask(session, "hello") if isinstance(e, Statistics)]
    assert [s.timings.predicted_n for s in statistics] == list(range(1, 9))
    assert statistics[-1].context_size == 256


def test_thinking_is_kept_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    template = TEMPLATE.replace("a: ", "a: <think>\n")
    model = open_tiny(
        tmp_path_factory.mktemp("model"),
        n_ctx=256,
        extra_metadata={"tokenizer.chat_template": template},
    )
    session = Session(model)
    session.generation = GenerationParams(max_tokens=5, ignore_eos=True)
    session.messages.append(Message("user", "hello"))
    answer = drive(session.reply())
    assert (answer.content, bool(answer.thinking)) == ("", True)
    model.close()


def test_what_calls_a_tool_is_no_part_of_the_answer() -> None:
    from engine.generate import Piece
    from engine.session import _Writer
    from engine.text.router import make_router

    writer = _Writer(str)
    writer.router = make_router("<tool_call></tool_call>", "")
    text = 'Look:\n<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>'
    assert [delta.channel for delta in writer.deltas(Piece(text, ()))] == ["answer", "tool"]
    message = writer.message()
    assert message.content == "Look:"
    assert [call["function"]["name"] for call in message.tool_calls] == ["f"]


def test_halves_of_characters_are_replaced_in_messages() -> None:
    assert Message("user", "a\ud800b\ud83d\ude00").content == "a\ufffdb\U0001f600"
    assert Message("assistant", "", "\udfff").thinking == "\ufffd"
