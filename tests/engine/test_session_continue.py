"""An answer that goes on where it was cut, and a conversation that rolls where it is full."""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace

import pytest
from helpers.brief_session import brief_session, model_with_turns
from helpers.open_tiny import drive
from helpers.tiny_models import tiny_vocabulary

from engine.base.errors import CancelledError, ContextFullError, UsageError
from engine.base.events import Event, Finished, TextDelta
from engine.base.models import Message
from engine.base.settings import GenerationParams
from engine.context import Cut
from engine.model import Model
from engine.session import Session
from engine.text.router import make_router
from engine.text.template import begun_answer, make_template


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    model = model_with_turns(tmp_path_factory.mktemp("model"))
    yield model
    model.close()


@pytest.fixture
def session(model: Model) -> Session:
    return brief_session(model)


def ask(session: Session, text: str) -> Finished:
    session.messages.append(Message("user", text))
    return end_of(drive_all(session.reply()))


def drive_all(job: object) -> list[Event]:
    events: list[Event] = []
    drive(job, events)  # type: ignore[arg-type]
    return events


def end_of(events: list[Event]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


def test_an_answer_goes_on_where_it_was_cut(session: Session) -> None:
    first = ask(session, "hello")
    events = drive_all(session.continue_answer())
    new = "".join(e.text for e in events if isinstance(e, TextDelta))
    end = end_of(events)
    assert new
    assert end.text == first.text.rstrip() + new
    assert session.messages == [Message("user", "hello"), Message("assistant", end.text)]
    assert end.timings.cached_n > first.timings.prompt_n - 2, "the prompt is not read again"
    session.generation = GenerationParams(max_tokens=24, ignore_eos=True)
    again = drive_all(session.continue_answer())
    assert end_of(again).text.startswith(end.text.rstrip())


def test_what_is_read_is_the_prompt_and_the_answer_so_far(session: Session) -> None:
    session.messages += [Message("user", "hello"), Message("assistant", "once upon  ")]
    ids, text = drive(session._open_prompt())
    assert text == "s: be brief\nu: hello\na: once upon"
    assert ids == session.model.tokenizer.encode_prompt(type(_prompt(text))(text))


def _prompt(text: str) -> "object":
    from engine.text.prompt import Prompt

    return Prompt(text)


def test_tools_are_told_to_an_answer_that_goes_on(session: Session) -> None:
    text = (
        "{% for tool in tools or [] %}{{ tool.name }}; {% endfor %}"
        "{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}a: "
    )
    metadata = {**session.model.file.metadata, "tokenizer.chat_template": text}
    session.model = copy(session.model)
    session.model.template = make_template(metadata)
    session.system, session.tools = "", [{"name": "look"}]
    session.messages += [Message("user", "hello"), Message("assistant", "once upon")]
    assert drive(session._open_prompt())[1] == "look; u: hello\na: once upon"


def test_what_an_answer_spells_of_control_tokens_stays_text(session: Session) -> None:
    control = next(t for t in tiny_vocabulary()[0] if t == "</s>")
    session.messages += [Message("user", "x"), Message("assistant", f"a {control} b")]
    prompt = drive(session.model.template.rendering_open(session._turns()))
    (span,) = prompt.literal
    assert prompt.text[slice(*span)] == control


def test_stopped_while_it_goes_on_keeps_both_parts(session: Session) -> None:
    first = ask(session, "hello")
    session.generation = GenerationParams(ignore_eos=True)
    job = session.continue_answer()
    assert next(job) is None
    job.throw(CancelledError("stopped"))
    assert session.messages[-1].content == first.text.rstrip()
    job = session.continue_answer()
    new = ""
    while len(new) < 5:
        event = next(job)
        new += event.text if isinstance(event, TextDelta) else ""
    events = [job.throw(CancelledError("stopped")), *job]
    new += "".join(e.text for e in events if isinstance(e, TextDelta))
    assert session.messages[-1].content == first.text.rstrip() + new
    assert len(session.messages) == 2


def test_there_must_be_an_answer_to_go_on_with(session: Session) -> None:
    with pytest.raises(UsageError, match="nothing to go on with"):
        drive(session.continue_answer())
    session.messages.append(Message("user", "hello"))
    with pytest.raises(UsageError, match="nothing to go on with"):
        drive(session.continue_answer())


def test_a_full_conversation_rolls_where_it_is_wanted(session: Session) -> None:
    for i in range(9):
        session.messages.append(Message("user", f"question {i} about the river and the fox"))
        session.messages.append(Message("assistant", f"answer {i} about the fox and the river"))
    session.messages.append(Message("user", "and now"))
    asked = list(session.messages)
    with pytest.raises(ContextFullError):
        drive(session.reply())
    session.generation = replace(session.generation, when_full="roll")
    end = end_of(drive_all(session.reply()))
    assert end.left_out > 0
    assert end.left_out % 2 == 0, "whole exchanges are left out"
    assert session.messages[:-1] == asked, "nothing is taken out of the conversation"
    ids, text = drive(session.prompt(Cut(end.left_out)))
    assert text.startswith("s: be brief\nu: question"), "the system prompt stays"
    assert text.rstrip().endswith("a:")
    assert len(ids) <= 256
    assert drive(session.measuring()).used == len(ids)

    following = ask(session, "and then")
    assert following.left_out == end.left_out, "it does not move at each turn"
    assert following.timings.cached_n > 64, "and so the cache serves"
    session.messages[1:] = []
    assert end_of(drive_all(session.reply())).left_out == 0


def test_one_exchange_too_large_is_refused_although_it_may_roll(session: Session) -> None:
    session.generation = replace(session.generation, when_full="roll")
    ask(session, "hello")
    session.messages.append(Message("user", "hello there " * 60))
    with pytest.raises(ContextFullError):
        drive(session.reply())
    session.messages[:-1] = []
    with pytest.raises(ContextFullError):
        drive(session.reply())


def test_a_cut_answer_goes_on_without_the_oldest_exchanges(session: Session) -> None:
    for i in range(3):
        ask(session, f"question {i} about the river")
    session.generation = GenerationParams(ignore_eos=True, when_full="roll")
    end = ask(session, "go on until it is full")
    assert end.reason == "context"
    longer = end_of(drive_all(session.continue_answer()))
    assert longer.left_out > 0
    assert longer.text.startswith(end.text.rstrip())
    assert len(longer.text) > len(end.text)


CHATML = "<|im_start|>{{ role }}<think>{{ x }}</think>"
HARMONY = "<|start|>{{ role }}<|channel|>analysis<|message|>{{ x }}<|end|>"


@pytest.mark.parametrize(
    ("template", "prompt", "thinking", "content", "begun"),
    [
        ("plain", "a: ", "", "Once ", "Once"),
        (CHATML, "assistant\n", "Hm.", "Once", "<think>\nHm.\n</think>\n\nOnce"),
        (CHATML, "assistant\n<think>\n", "Hm.", "Once", "Hm.\n</think>\n\nOnce"),
        (CHATML, "assistant\n<think>\n", "", "Once", "\n</think>\n\nOnce"),
        (CHATML, "assistant\n<think>\n\n</think>\n\n", "", "Once", "Once"),
        (CHATML, "assistant\n", "Hm, ", "", "<think>\nHm,"),
        ("[THINK][/THINK]", "x", "Hm.", "Once", "[THINK]\nHm.\n[/THINK]\n\nOnce"),
        ("<|START_RESPONSE|>", "<|CHATBOT|>", "", "Once", "<|START_RESPONSE|>Once"),
        (
            HARMONY,
            "<|start|>assistant",
            "Hm.",
            "Once",
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant"
            "<|channel|>final<|message|>Once",
        ),
        (HARMONY, "<|start|>assistant", "Hm.", "", "<|channel|>analysis<|message|>Hm."),
    ],
)
def test_the_begun_answer_has_the_models_own_form(
    template: str, prompt: str, thinking: str, content: str, begun: str
) -> None:
    assert begun_answer(template, prompt, thinking, content) == begun


@pytest.mark.parametrize("template", [CHATML, HARMONY])
def test_the_router_goes_on_in_the_channel_that_was_cut(template: str) -> None:
    router = make_router(template, "x" * 200)
    router.go_on(thinking=False)
    assert router.push(" time <think>") + router.flush() == [("answer", " time <think>")]
    router = make_router(template, "x" * 200)
    router.go_on(thinking=True)
    close = "<|end|><|start|>assistant<|channel|>final<|message|>"
    routed = router.push(f" more{'</think>' if template is CHATML else close}Once")
    assert routed + router.flush() == [("thinking", " more"), ("answer", "Once")]
