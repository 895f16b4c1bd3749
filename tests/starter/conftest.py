"""The guide at work: opened once for a module, and asked with its own chat template."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from helpers.patience import WAIT
from helpers.starter_questions import AskAll, starter_file

from engine.api import Engine, GenerationParams, LoadOptions, ModelInfo, Paths, SamplingParams
from engine.base.events import Event, Finished

GREEDY = SamplingParams(temperature=0.0, seed=1)
SHORT = GenerationParams(max_tokens=320)  # a story's length; ended by this, it is wrong
# What so small a model computes is shared out sooner than two threads have met.
ONE_THREAD = LoadOptions(threads=1)
AT_ONCE = 16  # conversations


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    starter_file()  # no engine is needed where there is no guide
    engine = Engine(Paths.under(tmp_path_factory.mktemp("home")))
    yield engine
    engine.shutdown()


@pytest.fixture(scope="module")
def guide(engine: Engine) -> ModelInfo:
    info = engine.open_model(starter_file(), ONE_THREAD).wait(WAIT)
    assert isinstance(info, ModelInfo)
    return info


@pytest.fixture(scope="module")
def ask(engine: Engine, guide: ModelInfo) -> Callable[..., Finished]:
    """The guide's last answer of a new conversation, given all that the user says in it."""

    def say(*turns: str) -> Finished:
        return _answers(engine, guide, [turns])[0]

    return say


@pytest.fixture(scope="module")
def ask_all(engine: Engine, guide: ModelInfo) -> AskAll:
    """The last answers of many conversations, as `ask` would hear them: a token has the same bits
    alone and among others, and others cost little."""

    def say(talks: Sequence[Sequence[str]]) -> list[Finished]:
        found: list[Finished] = []
        for at in range(0, len(talks), AT_ONCE):
            found += _answers(engine, guide, talks[at : at + AT_ONCE])
        return found

    return say


def _answers(engine: Engine, guide: ModelInfo, talks: Sequence[Sequence[str]]) -> list[Finished]:
    """Talks go on side by side, turn by turn."""
    chats = [engine.new_chat(guide.id, sampling=GREEDY, generation=SHORT) for _ in talks]
    heard: list[list[Event]] = [[] for _ in talks]
    for turn in range(max(map(len, talks))):
        jobs = []
        for chat, events, turns in zip(chats, heard, talks, strict=True):
            if turn < len(turns):
                events.clear()
                jobs.append(chat.send(turns[turn], events.append))
        for job in jobs:
            job.wait(WAIT)
    for chat in chats:
        chat.close()
    ends = [events[-1] for events in heard]
    assert all(isinstance(end, Finished) for end in ends)
    return ends
