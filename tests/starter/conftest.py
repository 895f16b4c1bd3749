"""The guide at work: opened once for a module, and asked with its own chat template."""

from collections.abc import Callable, Iterator

import pytest
from helpers.patience import WAIT
from helpers.starter_questions import starter_file

from engine.api import Engine, GenerationParams, ModelInfo, Paths, SamplingParams
from engine.base.events import Event, Finished

GREEDY = SamplingParams(temperature=0.0, seed=1)
SHORT = GenerationParams(max_tokens=320)  # a story's length; ended by this, it is wrong


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    starter_file()  # no engine is needed where there is no guide
    engine = Engine(Paths.under(tmp_path_factory.mktemp("home")))
    yield engine
    engine.shutdown()


@pytest.fixture(scope="module")
def guide(engine: Engine) -> ModelInfo:
    info = engine.open_model(starter_file()).wait(WAIT)
    assert isinstance(info, ModelInfo)
    return info


@pytest.fixture(scope="module")
def ask(engine: Engine, guide: ModelInfo) -> Callable[..., Finished]:
    """The guide's last answer of a new conversation, given all that the user says in it."""

    def say(*turns: str) -> Finished:
        chat = engine.new_chat(guide.id, sampling=GREEDY, generation=SHORT)
        heard: list[Event] = []
        for said in turns:
            heard.clear()
            chat.send(said, heard.append).wait(WAIT)
        chat.close()
        end = heard[-1]
        assert isinstance(end, Finished)
        return end

    return say
