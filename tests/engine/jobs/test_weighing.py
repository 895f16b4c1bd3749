"""An importance matrix as the window asks for it: a job of the engine with a ticket."""

from pathlib import Path

import pytest
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.api import Engine, LoadOptions, Paths, jobs
from engine.base.errors import UsageError
from engine.base.events import Event, Progress
from engine.measure.importance import Calibrated, Calibration

SLOW = LoadOptions(backend="reference", threads=1)


def test_it_is_written_with_progress(tmp_path: Path) -> None:
    model = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=64)
    text, out = tmp_path / "text.txt", tmp_path / "im.gguf"
    text.write_text("once upon a time " * 40, encoding="utf-8")
    heard: list[Event] = []
    with Engine(Paths.under(tmp_path / "home")) as engine:
        asked = jobs.weigh(jobs.Weigh(model, Calibration(text, out), SLOW), engine.paths)
        done = engine.ask(asked, heard.append).wait(WAIT)
        assert isinstance(done, Calibrated)
        assert (done.path, done.tokens) == (out, 64 * done.windows)
        steps = [event for event in heard if isinstance(event, Progress)]
        assert steps[-1].done == steps[-1].total == done.tokens
        with pytest.raises(UsageError, match="exists already"):
            engine.ask(asked).wait(WAIT)
