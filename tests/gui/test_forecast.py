"""The list of models judges by what a file's header foretells, not by the size of the file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from helpers.patience import WAIT_MS
from helpers.tiny_models import write_tiny_llama
from pytestqt.qtbot import QtBot

from engine.api import inspect
from engine.base.events import HardwareReport
from engine.base.paths import Paths
from engine.weights.types import TensorType
from gui.desk import Desk, KnownModel
from gui.preferences import Preferences


def test_the_forecast_counts_what_is_in_memory(tmp_path: Path) -> None:
    small = write_tiny_llama(tmp_path / "a.gguf", n_ctx=64, type=TensorType.F32)
    long = write_tiny_llama(tmp_path / "b.gguf", n_ctx=8192, type=TensorType.F32)
    one, two = inspect.foretell(small), inspect.foretell(long)
    assert one is not None
    assert two is not None
    assert two.memory.cache == 128 * one.memory.cache, "files of one size need different contexts"
    assert two.memory.weights == one.memory.weights > 0
    assert inspect.foretell(tmp_path / "none.gguf") is None
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + bytes(60))
    assert inspect.foretell(tmp_path / "bad.gguf") is None


def test_nothing_is_guessed_of_a_family_that_cannot_run(tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "a.gguf", architecture="mamba")
    assert inspect.foretell(path) is None
    found = inspect.look(path)
    assert found.forecast is None
    assert all(target.forecast is None for target in found.targets)
    assert any("mamba" in notice for notice in found.notices)


def test_the_list_is_judged_in_the_background_and_each_file_once(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_tiny_llama(tmp_path / "a.gguf", n_ctx=8192)
    asked: list[str] = []
    foretell: Callable[[str], object] = inspect.foretell
    monkeypatch.setattr(inspect, "foretell", lambda p: asked.append(str(p)) or foretell(p))
    engine = FakeEngine(Paths.under(tmp_path))
    desk = Desk(engine, Preferences())  # type: ignore[arg-type]
    try:
        model = KnownModel(str(path), "a", "", file_bytes=path.stat().st_size)
        report = HardwareReport("x", 2, 2, 2, 0, (), 16 << 30, 8 << 30, 0, (), "x")
        desk.set_hardware(report)
        assert desk.judge(model) is None, "nothing is known yet"
        broken = replace(model, path=str(tmp_path / "none.gguf"), name="b")
        desk.listed._show_known([model, broken])
        qtbot.waitUntil(lambda: desk.known[0].forecast is not None, timeout=WAIT_MS)
        found = desk.judge(desk.known[0])
        assert found is not None
        assert found.needed == desk.known[0].forecast.memory.total  # type: ignore[union-attr]
        assert desk.judge(desk.known[1]) is None
        qtbot.waitUntil(lambda: len(asked) == 2)  # a file after the other
        desk.listed._show_known([model, broken])
        assert desk.known[0].forecast is not None
        assert sorted(asked) == sorted([str(path), broken.path])
    finally:
        desk.close()
