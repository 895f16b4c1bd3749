"""Thinking that is ended after so many tokens, on the real engine."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from helpers.brief_session import TEMPLATE
from helpers.open_tiny import drive, open_tiny

from engine.base.errors import CancelledError
from engine.base.events import Event, TextDelta
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams
from engine.generate import Generation
from engine.model import Model
from engine.session import Session
from engine.tape import Tape
from engine.text.router import has_thinking_tags
from engine.text.template import switches

ENDING = "\n</think>\n\n"
PARAMS = GenerationParams(max_tokens=40, ignore_eos=True)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    template = TEMPLATE.replace("a: ", "a: <think>\n")
    model = open_tiny(
        tmp_path_factory.mktemp("model"),
        n_ctx=512,
        extra_metadata={"tokenizer.chat_template": template},
    )
    yield model
    model.close()


def asked(model: Model, tokens: int, **sampling: float) -> Session:
    session = Session(model)
    session.sampling = SamplingParams(**{"temperature": 0.0, **sampling})  # type: ignore[arg-type]
    session.generation = replace(PARAMS, thinking_tokens=tokens)
    session.messages.append(Message("user", "hello, tell me of the river"))
    return session


def written_by(session: Session) -> list[int]:
    """The tokens of the latest reply, its prompt before them."""
    written = session.kept.of(session.messages)
    assert written is not None
    return list(written.ids)


def test_a_model_says_whether_its_thinking_can_be_ended(model: Model) -> None:
    assert model.info.thinks_in_tags
    assert not has_thinking_tags(TEMPLATE)
    assert not has_thinking_tags("<think> <|start|>assistant<|channel|>analysis<|message|>")


def test_the_tag_is_written_after_so_many_tokens_and_the_answer_follows(model: Model) -> None:
    free = asked(model, -1)
    assert drive(free.reply()).content == ""
    session = asked(model, 6)
    prompt, _ = drive(session.prompt())
    events: list[Event] = []
    answer = drive(session.reply(), events)
    thought = written_by(free)[: len(prompt) + 6]
    closing = model.tokenizer.encode(ENDING, add_special=False, parse_special=True)
    begun = [*thought, *closing]
    ids = written_by(session)
    assert ids[: len(begun)] == begun

    tape = Tape(model.backend)
    rest = replace(PARAMS, max_tokens=40 - (len(begun) - len(prompt)))
    generation = Generation(model, tape, session.sampling, rest)
    drive(generation.read(begun))
    list(generation.write())
    tape.close()
    assert ids[len(begun) :] == generation.ids, "what the model says after these tokens"
    assert answer.thinking
    assert answer.content
    deltas = [e for e in events if isinstance(e, TextDelta)]
    told = [token for delta in deltas for token in delta.tokens]
    assert told[: len(begun) - len(prompt)] == begun[len(prompt) :]


@pytest.mark.parametrize("sampling", [{}, {"temperature": 1.5, "repeat_penalty": 1.3, "seed": 5}])
def test_guesses_change_nothing(model: Model, sampling: dict[str, float]) -> None:
    written = []
    for speculate in (True, False):
        session = asked(model, 17, **sampling)
        session.messages[0] = Message("user", "the river and the fox " * 8)
        session.generation = replace(session.generation, speculate=speculate, max_tokens=80)
        drive(session.reply())
        written.append(written_by(session))
    assert written[0] == written[1]


def test_it_goes_on_with_the_rest_of_the_budget(model: Model) -> None:
    session = asked(model, 12)
    session.generation = replace(session.generation, max_tokens=5)
    first = drive(session.reply())
    assert first.content == ""
    session.generation = replace(session.generation, max_tokens=30)
    whole = drive(session.continue_answer())
    assert whole.thinking.startswith(first.thinking.rstrip())
    assert whole.content
    assert len(model.tokenizer.encode(whole.thinking, add_special=False)) <= 14


def test_the_prompt_is_not_read_again(model: Model) -> None:
    session = asked(model, 4)
    session.generation = replace(session.generation, max_tokens=20)
    drive(session.reply())
    first = written_by(session)
    events: list[Event] = []
    drive(session.continue_answer(), events)
    assert events[-1].timings.cached_n >= len(first) - 20  # type: ignore[union-attr]


def test_no_budget_is_as_off_and_ends_what_the_prompt_opens(model: Model) -> None:
    assert GenerationParams(thinking_tokens=0).thinks is False
    assert GenerationParams(thinking_tokens=9).thinks is None
    answer = drive(asked(model, 0).reply())
    assert answer.thinking == ""
    assert answer.content


def test_stopped_while_the_tag_is_written(model: Model) -> None:
    session = asked(model, 3)
    job = session.reply()
    events = iter(job)
    n = 0
    while n < 4:
        event = next(events)
        n += len(event.tokens) if isinstance(event, TextDelta) else 0
    job.throw(CancelledError("stopped"))
    for _ in job:
        pass
    assert drive(session.continue_answer()).content


def test_a_template_that_knows_a_budget_is_told() -> None:
    assert switches("{{ thinking_budget }}", None, 512) == {"thinking_budget": 512}
    assert switches("{{ thinking_budget }}", False, 512)["thinking_budget"] == 0
    assert switches("{{ thinking_budget }}", None, -1) == {}
    assert switches("{{ enable_thinking }}", None, 512) == {}
