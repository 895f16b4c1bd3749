"""Opens a tiny random model with the reference backend, in the test's own thread."""

from pathlib import Path
from typing import Any

from helpers.tiny_models import write_tiny_llama

from engine.base.events import Event
from engine.base.jobs import Job
from engine.base.settings import LoadOptions
from engine.model import Model, open_model

REFERENCE = LoadOptions(backend="reference", cache_type="f32", batch=8, threads=1)


def drive(job: Job, events: list[Event] | None = None) -> Any:
    """Run a job to its end here; returns its result and collects its events."""
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            return end.value
        if event is not None and events is not None:
            events.append(event)


def open_tiny(folder: Path, options: LoadOptions = REFERENCE, **shape: Any) -> Model:
    """A tiny model written to `folder` and opened."""
    path = write_tiny_llama(folder / "tiny.gguf", **shape)
    model = drive(open_model(path, options, "tiny"))
    assert isinstance(model, Model)
    return model
