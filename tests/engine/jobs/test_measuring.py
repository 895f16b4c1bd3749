"""The loss of a made file as the window asks for it: a job of the engine with a ticket."""

from pathlib import Path

import pytest
from helpers.open_tiny import drive
from helpers.patience import WAIT
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine.api import Engine, Paths, jobs
from engine.base.errors import CancelledError, UsageError
from engine.base.events import Event, Stage
from engine.jobs import Compare, Loss, Make, Measure, Measured, MeasureProgress
from engine.jobs.making import making
from engine.jobs.measuring import comparing, measuring
from engine.weights.types import TensorType


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path / "home")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "tiny-F16.gguf", type=TensorType.F16, n_ctx=1024)


def made_of(source: Path, target: str) -> Path:
    out = source.parent / f"made-{target}.gguf"
    drive(making(Make(source, out, target, threads=1)))
    return out


def wish(source: Path, target: str, text: Path | None = None) -> Measure:
    return Measure(source, made_of(source, target), target, text, threads=1)


def test_types_are_measured_and_remembered(tiny: Path, home: Paths) -> None:
    heard: list[Event] = []
    with Engine(home) as engine:
        for target in ("Q8_0", "Q4_0"):
            order = wish(tiny, target)
            heard.clear()
            job = engine.ask(jobs.measure(order, home), heard.append)
            found = job.wait(WAIT)
    assert isinstance(found, Measured)
    first, second = found.losses
    assert second == found.loss
    assert (first.name, second.name) == ("Q8_0", "Q4_0")
    assert 0 <= first.kl_mean < second.kl_mean
    assert first.top1 > 0.9
    assert first.tokens == second.tokens > 600
    assert first.text == jobs.BUILT_IN
    assert first.source_ppl == second.source_ppl > 1
    assert second.bytes == (tiny.parent / "made-Q4_0.gguf").stat().st_size
    steps = [event for event in heard if isinstance(event, MeasureProgress)]
    assert {step.phases for step in steps[1:]} == {1}, "what the source predicts is known by now"
    renamed = tiny.rename(tiny.with_name("other.gguf"))
    assert jobs.losses_of_source(renamed, home) == found.losses


def test_a_folder_is_measured_against(tmp_path: Path, home: Paths) -> None:
    folder = write_folder(tmp_path / "hf", "llama")
    text = tmp_path / "text.txt"
    text.write_text("hello world, " * 200)
    order = wish(folder, "Q8_0", text)
    events: list[Event] = []
    found = drive(measuring(order, home), events)
    assert found.loss.text == "text.txt"
    assert found.loss.kl_mean < 0.1
    assert {e.phase for e in events if isinstance(e, MeasureProgress)} == {0, 1, 2}
    assert not list(tmp_path.glob("*.part"))
    again = drive(measuring(order, home)).loss
    assert again == found.loss


def test_a_stopped_measurement_leaves_nothing(tmp_path: Path, home: Paths) -> None:
    folder = write_folder(tmp_path / "hf", "llama")
    job = measuring(wish(folder, "Q8_0"), home)
    for event in job:
        if isinstance(event, MeasureProgress) and event.stage is Stage.TEXT:
            break
    with pytest.raises(CancelledError):
        job.throw(CancelledError("stopped"))
    assert not list(tmp_path.rglob("*.part"))
    assert jobs.losses_of_source(folder, home) == ()


def test_what_cannot_be_measured_is_one_sentence(tiny: Path, tmp_path: Path, home: Paths) -> None:
    order = wish(tiny, "Q8_0", tmp_path / "gone.txt")
    with pytest.raises(Exception, match="cannot be read"):
        drive(measuring(order, home))
    other = write_tiny_llama(tmp_path / "other.gguf", n_vocab=1024)
    with pytest.raises(UsageError, match="same vocabulary"):
        drive(measuring(Measure(other, order.made, "Q8_0"), home))


@pytest.mark.parametrize("is_gguf", [True, False])
def test_every_tensor_has_its_error(tiny: Path, tmp_path: Path, is_gguf: bool) -> None:
    source = tiny if is_gguf else write_folder(tmp_path / "hf", "llama")
    table = drive(comparing(Compare(source, made_of(source, "Q4_0"))))
    errors = {line.name: line for line in table}
    assert errors["blk.0.attn_q.weight"].type == "Q4_0"
    assert 0.01 < errors["blk.0.attn_q.weight"].relative < 0.2
    assert errors["output_norm.weight"].relative == 0.0
    assert not list(tmp_path.glob("*.part"))


def test_records_say_how_much_worse(tiny: Path) -> None:
    loss = Loss("a", "a", "a", 1, 1.0, "t", "k", 1, 8.0, 8.4, 0.0, 0.0, 1.0)
    assert loss.worse == pytest.approx(0.05)
