"""Everything that can be asked, asked alike: listed under its kind, stopped, taken up again."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.patience import WAIT
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine.api import Engine, Paths, jobs
from engine.base import turns
from engine.base.errors import CancelledError
from engine.base.events import Done, Event, TextDelta
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.measure.importance import Calibration
from engine.model import Model
from engine.weights.types import TensorType
from engine.workshop.quantize_plan import QuantizeOptions

REFERENCE = LoadOptions(n_ctx=32, backend="reference")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(Paths.under(tmp_path / "home")) as engine:
        yield engine


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "m.gguf", n_embd=256, n_ff=512, type=TensorType.F16)


def opened(engine: Engine, model: Path) -> Model:
    return engine.model(engine.open_model(model, REFERENCE).wait(WAIT).id)  # type: ignore[attr-defined]


def orders(engine: Engine, model: Path, folder: Path) -> dict[str, Any]:
    text = folder / "text.txt"
    text.write_text("once upon a time there was a little girl " * 30, "utf-8")
    paths, out = engine.paths, folder / "out.gguf"
    (folder / "there").mkdir()
    made = jobs.Make(model, out, "Q8_0")
    weigh = jobs.Weigh(model, Calibration(text, out, window=16), REFERENCE)
    return {
        "complete": lambda: jobs.complete(
            jobs.Complete("once", SamplingParams()), opened(engine, model)
        ),
        "logits": lambda: jobs.logits([1, 2, 3], opened(engine, model)),
        "bench": lambda: jobs.bench(
            jobs.Bench(4, 2, repeat=1, parallel=(2,), roof=False), opened(engine, model)
        ),
        "quantize": lambda: jobs.quantize(
            jobs.Quantize(model, out, QuantizeOptions("Q8_0")), paths
        ),
        "convert": lambda: jobs.convert(
            jobs.Convert(write_folder(folder / "source", "llama"), out), paths
        ),
        "make": lambda: jobs.make(made, paths),
        "importance": lambda: jobs.weigh(weigh, paths),
        "measure": lambda: jobs.perplexity(jobs.Perplex(model, text, 16, options=REFERENCE), paths),
        "embed": lambda: jobs.embed(
            jobs.Embed(model, ("once upon",), options=replace(REFERENCE, pooling="mean")), paths
        ),
        "compare": lambda: jobs.compare(jobs.Compare(model, model), paths),
        "verify": lambda: jobs.verify(engine.library.add(model).name, engine.library),
        "move": lambda: jobs.move(
            jobs.Move(engine.library.add(model).name, folder / "there", True), engine.library
        ),
        "duplicates": lambda: jobs.duplicates(engine.library, refresh=True),
        "index": lambda: jobs.index(engine.library),
        "hardware": lambda: jobs.hardware(jobs.Hardware(), paths),
    }


@pytest.mark.parametrize(
    "kind", sorted(set(jobs.JobKind) - {jobs.JobKind.OPEN, jobs.JobKind.DOWNLOAD}), ids=str
)
def test_each_is_listed_under_its_kind_and_tells_its_result(
    engine: Engine, model: Path, tmp_path: Path, kind: jobs.JobKind
) -> None:
    heard = list[Event]()
    ticket = engine.ask(orders(engine, model, tmp_path)[kind](), heard.append)
    result = ticket.wait(WAIT)
    assert isinstance(heard[-1], Done)
    assert heard[-1].result is result
    (record,) = (r for r in engine.jobs.records() if r.kind is not jobs.JobKind.OPEN)
    assert (record.kind, record.state, record.id) == (kind, jobs.JobState.DONE, ticket.job_id)
    assert record.title


@pytest.mark.parametrize("kind", ["quantize", "convert", "make"])
def test_stopped_it_goes_on_when_the_list_is_asked_to(
    engine: Engine, model: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "STEP_S", 1e-9)  # as small steps as there are
    pause = [0.001]
    asked = orders(engine, model, tmp_path)[kind]()
    ticket = engine.ask(asked, lambda event: time.sleep(pause[0]))
    while engine.jobs.record(ticket.job_id).progress is None:
        assert not ticket.ended
    engine.jobs.stop(ticket.job_id)
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)
    record = engine.jobs.record(ticket.job_id)
    assert (record.state, record.can_resume) == (jobs.JobState.STOPPED, True)
    assert not (tmp_path / "out.gguf").exists()
    pause[0] = 0.0
    monkeypatch.undo()
    assert engine.jobs.resume(ticket.job_id).wait(WAIT)
    assert (tmp_path / "out.gguf").is_file()
    assert engine.jobs.record(ticket.job_id).state is jobs.JobState.DONE


def test_a_completion_that_is_stopped_has_what_was_written(engine: Engine, model: Path) -> None:
    order = jobs.Complete("once", SamplingParams(seed=1), GenerationParams(ignore_eos=True))
    told = list[str]()

    def tell(event: Event) -> None:
        if isinstance(event, TextDelta):
            told.append(event.text)
            engine.jobs.stop(engine.jobs.records()[-1].id)

    found: Any = engine.ask(jobs.complete(order, opened(engine, model)), tell).wait(WAIT)
    assert found.reason == "cancelled"
    assert found.ids
    assert found.text == "".join(told)
