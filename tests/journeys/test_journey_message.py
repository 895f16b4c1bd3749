"""A message to tokens, without a window: open, ask, watch, stop, ask again, close."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.patience import WAIT
from helpers.talkers import write_talker

from engine.api import Chat, Engine, GenerationParams, LoadOptions, ModelInfo, Paths, SamplingParams
from engine.base.events import Event, Finished, Progress, PromptProgress, TextDelta


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(Paths.under(tmp_path / "home"))
    yield engine
    engine.shutdown()
    assert not [t for t in threading.enumerate() if t.name == "chaski-compute"]


@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_a_message_to_tokens(engine: Engine, tmp_path: Path, backend: str) -> None:
    path = write_talker(tmp_path / "tiny.gguf")
    opening: list[Event] = []
    info = engine.open_model(path, LoadOptions(backend=backend, batch=16), opening.append).wait(
        WAIT
    )
    assert isinstance(info, ModelInfo)
    assert any(isinstance(event, Progress) for event in opening)

    chat = engine.new_chat(info.id, sampling=SamplingParams(seed=1))
    chat.settings = replace(
        chat.settings, generation=GenerationParams(max_tokens=12, ignore_eos=True)
    )
    first = _ask(chat, "once upon a time there was a little girl named")
    assert isinstance(first[0], PromptProgress)
    assert _finished(first).reason == "length"

    _set(chat, GenerationParams(ignore_eos=True))
    stopped: list[Event] = []

    def stop_soon(event: Event) -> None:
        stopped.append(event)
        if sum(isinstance(e, TextDelta) for e in stopped) == 3:
            chat.stop()

    chat.send("and then", stop_soon).wait(WAIT)
    assert sum(isinstance(e, TextDelta) for e in stopped) <= 4
    assert _finished(stopped).reason == "cancelled"
    assert _finished(stopped).timings.cached_n > 0

    chat.settings = replace(
        chat.settings, generation=GenerationParams(max_tokens=4, ignore_eos=True)
    )
    again = _finished(_ask(chat, "play"))
    # What was said before is not read again.
    assert again.timings.cached_n > _finished(first).timings.prompt_n
    engine.close_model(info.id).wait(WAIT)
    assert engine._models.infos() == []


def _set(chat: Chat, generation: GenerationParams) -> None:
    chat.settings = replace(chat.settings, generation=generation)


def _ask(chat: object, text: str) -> list[Event]:
    heard: list[Event] = []
    chat.send(text, heard.append).wait(WAIT)  # type: ignore[attr-defined]
    return heard


def _finished(events: list[Event]) -> Finished:
    end = events[-1]
    assert isinstance(end, Finished)
    return end
