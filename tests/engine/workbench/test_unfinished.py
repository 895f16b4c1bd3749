"""Stopped orders: what stays, how far they came, and that they go on from there."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.interrupted import notices
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine import workbench
from engine.base.errors import CancelledError
from engine.base.events import Event
from engine.weights.types import TensorType
from engine.workbench import Order, Step


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


def stop_in(order: Order, part: str, share: float) -> None:
    """Cancels the order when so much of this part is done."""
    job = workbench.make(order)
    steps = (e for e in job if isinstance(e, Step) and e.part == part and e.total > 0)
    for step in steps:
        if step.done >= share * step.total:
            break
    else:
        raise AssertionError(f"it never came so far in {part}")
    with pytest.raises(CancelledError):
        job.throw(CancelledError("stopped"))


def left(out: Path) -> list[str]:
    return sorted(path.name.removeprefix("m.gguf") for path in out.parent.iterdir())


def finish(order: Order) -> tuple[set[str], str]:
    """Runs the order to its end; the parts that took steps, and what was told."""
    events: list[Event] = []
    drive(workbench.make(order), events)
    assert left(order.out) == [""], "only the result stays"
    steps = [e for e in events if isinstance(e, Step) and e.done and e.total]
    return {step.part for step in steps}, notices(events)


def whole(order: Order, tmp_path: Path) -> bytes:
    path = tmp_path / "whole.gguf"
    drive(workbench.make(replace(order, out=path)))
    return path.read_bytes()


def test_an_order_without_a_beginning(tiny: Path, out: Path) -> None:
    order = Order(tiny, out, "Q4_0", threads=1)
    assert workbench.begun(order) is None
    (out.parent / "m.gguf.part").write_bytes(b"somebody else's")
    assert workbench.begun(order) is None
    assert workbench.begun(replace(order, target="nothing")) is None
    workbench.discard(out)
    assert left(out) == [".part"], "it is not ours"


def test_a_quantization_goes_on(tiny: Path, out: Path, tmp_path: Path) -> None:
    order = Order(tiny, out, "Q4_0", threads=1)
    stop_in(order, "quantize", 0.6)
    found = workbench.begun(order)
    assert found is not None
    assert found.part == "quantize"
    assert 0.5 < found.share < 1
    assert found.bytes == (out.parent / "m.gguf.part").stat().st_size
    assert workbench.begun(replace(order, threads=2)) == found, "that changes no bytes"
    assert workbench.begun(replace(order, target="Q5_0")) is None
    _, told = finish(order)
    assert "continuing from" in told
    assert out.read_bytes() == whole(order, tmp_path)


@pytest.mark.parametrize("target", ["F16", "Q4_0"])
def test_a_conversion_goes_on(folder: Path, out: Path, tmp_path: Path, target: str) -> None:
    order = Order(folder, out, target, threads=1)
    stop_in(order, "convert", 0.6)
    assert left(out) == [".part" if target == "F16" else ".converted.part"]
    found = workbench.begun(order)
    assert found is not None
    assert found.part == "convert"
    assert 0.5 < found.share < 1
    _, told = finish(order)
    assert "continuing from" in told
    assert out.read_bytes() == whole(order, tmp_path)


def test_what_is_converted_is_not_converted_again(folder: Path, out: Path, tmp_path: Path) -> None:
    order = Order(folder, out, "Q4_0", threads=1)
    stop_in(order, "quantize", 0.6)
    assert left(out) == [".converted.part", ".part"]
    found = workbench.begun(order)
    assert found is not None
    assert found.part == "quantize"
    parts, _ = finish(order)
    assert parts == {"quantize"}
    assert out.read_bytes() == whole(order, tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_what_a_text_told_is_kept(tiny: Path, out: Path, tmp_path: Path, share: float) -> None:
    text = tmp_path / "story.txt"
    text.write_text("once upon a time there was a little girl named " * 200)
    order = Order(tiny, out, "IQ2_XS", text=text, threads=1)
    stop_in(order, "quantize", share)
    found = workbench.begun(order)
    assert found is not None
    assert ".imatrix.part" in left(out)
    parts, _ = finish(order)
    assert parts == {"quantize"}
    assert out.read_bytes() == whole(order, tmp_path)


def test_another_text_is_read(tiny: Path, out: Path, tmp_path: Path) -> None:
    text = tmp_path / "story.txt"
    text.write_text("once upon a time there was a little girl named " * 200)
    order = Order(tiny, out, "IQ2_XS", text=text, threads=1)
    stop_in(order, "quantize", 0.6)
    text.write_text("the fox and the hen were friends for a while and " * 200)
    assert workbench.begun(order) is None
    parts, _ = finish(order)
    assert parts == {"importance", "quantize"}


def test_what_is_discarded_is_gone(folder: Path, out: Path) -> None:
    order = Order(folder, out, "Q4_0", threads=1)
    stop_in(order, "quantize", 0.6)
    workbench.discard(out)
    assert left(out) == []
    assert workbench.begun(order) is None
