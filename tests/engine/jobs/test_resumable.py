"""Stopped orders: what stays, how far they came, and that they go on from there."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.interrupted import notices
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine import jobs
from engine.base.errors import CancelledError
from engine.base.events import Event
from engine.jobs import Make, MakeProgress
from engine.jobs.making import making
from engine.weights.types import TensorType


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "hf", "llama")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "tiny-f16.gguf", type=TensorType.F16, n_embd=256, n_ff=256)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "m.gguf"


def stop_in(order: Make, phase: str, share: float) -> None:
    """Cancels the order when so much of this phase is done."""
    job = making(order)
    steps = (e for e in job if isinstance(e, MakeProgress) and e.phase == phase and e.total > 0)
    for step in steps:
        if step.done >= share * step.total:
            break
    else:
        raise AssertionError(f"it never came so far in {phase}")
    with pytest.raises(CancelledError):
        job.throw(CancelledError("stopped"))


def left(out: Path) -> list[str]:
    return sorted(path.name.removeprefix("m.gguf") for path in out.parent.iterdir())


def finish(order: Make) -> tuple[set[str], str]:
    """Runs the order to its end; the phases that took steps, and what was told."""
    events: list[Event] = []
    drive(making(order), events)
    assert left(order.out) == [""], "only the result stays"
    steps = [e for e in events if isinstance(e, MakeProgress) and e.done and e.total]
    return {step.phase for step in steps}, notices(events)


def whole(order: Make, tmp_path: Path) -> bytes:
    path = tmp_path / "whole.gguf"
    drive(making(replace(order, out=path)))
    return path.read_bytes()


def test_an_order_without_a_beginning(tiny: Path, out: Path) -> None:
    order = Make(tiny, out, "Q4_0", threads=1)
    assert jobs.resumable(order) is None
    (out.parent / "m.gguf.part").write_bytes(b"somebody else's")
    assert jobs.resumable(order) is None
    assert jobs.resumable(replace(order, target="nothing")) is None
    jobs.discard(out)
    assert left(out) == [".part"], "it is not ours"


def test_a_quantization_goes_on(tiny: Path, out: Path, tmp_path: Path) -> None:
    order = Make(tiny, out, "Q4_0", threads=1)
    stop_in(order, "quantize", 0.6)
    found = jobs.resumable(order)
    assert found is not None
    assert found.phase == "quantize"
    assert 0.5 < found.share < 1
    assert found.bytes == (out.parent / "m.gguf.part").stat().st_size
    assert jobs.resumable(replace(order, threads=2)) == found, "that changes no bytes"
    assert jobs.resumable(replace(order, target="Q5_0")) is None
    _, told = finish(order)
    assert "continuing from" in told
    assert out.read_bytes() == whole(order, tmp_path)


@pytest.mark.parametrize("target", ["F16", "Q4_0"])
def test_a_conversion_goes_on(folder: Path, out: Path, tmp_path: Path, target: str) -> None:
    order = Make(folder, out, target, threads=1)
    stop_in(order, "convert", 0.6)
    assert left(out) == [".part" if target == "F16" else ".converted.part"]
    found = jobs.resumable(order)
    assert found is not None
    assert found.phase == "convert"
    assert 0.5 < found.share < 1
    _, told = finish(order)
    assert "continuing from" in told
    assert out.read_bytes() == whole(order, tmp_path)


def test_what_is_converted_is_not_converted_again(folder: Path, out: Path, tmp_path: Path) -> None:
    order = Make(folder, out, "Q4_0", threads=1)
    stop_in(order, "quantize", 0.6)
    assert left(out) == [".converted.part", ".part"]
    found = jobs.resumable(order)
    assert found is not None
    assert found.phase == "quantize"
    parts, _ = finish(order)
    assert parts == {"quantize"}
    assert out.read_bytes() == whole(order, tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_what_a_text_told_is_kept(tiny: Path, out: Path, tmp_path: Path, share: float) -> None:
    text = tmp_path / "story.txt"
    text.write_text("once upon a time there was a little girl named " * 200)
    order = Make(tiny, out, "IQ2_XS", text=text, threads=1)
    stop_in(order, "quantize", share)
    found = jobs.resumable(order)
    assert found is not None
    assert ".imatrix.part" in left(out)
    parts, _ = finish(order)
    assert parts == {"quantize"}
    assert out.read_bytes() == whole(order, tmp_path)


def test_another_text_is_read(tiny: Path, out: Path, tmp_path: Path) -> None:
    text = tmp_path / "story.txt"
    text.write_text("once upon a time there was a little girl named " * 200)
    order = Make(tiny, out, "IQ2_XS", text=text, threads=1)
    stop_in(order, "quantize", 0.6)
    text.write_text("the fox and the hen were friends for a while and " * 200)
    assert jobs.resumable(order) is None
    parts, _ = finish(order)
    assert parts == {"importance", "quantize"}


def test_what_is_discarded_is_gone(folder: Path, out: Path) -> None:
    order = Make(folder, out, "Q4_0", threads=1)
    stop_in(order, "quantize", 0.6)
    jobs.discard(out)
    assert left(out) == []
    assert jobs.resumable(order) is None
