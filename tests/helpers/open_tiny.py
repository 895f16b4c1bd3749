"""Opens a tiny random model with the reference backend, in the test's own thread."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from helpers.tiny_models import write_tiny_llama

from engine.base.events import Event
from engine.base.jobs import Job, Together
from engine.base.settings import LoadOptions
from engine.model import Model, open_model

T = TypeVar("T")
REFERENCE = LoadOptions(backend="reference", cache_type="f32", batch=8, threads=1)


def drive(job: Job, events: list[Event] | None = None) -> Any:
    """Run a job to its end here; returns its result and collects its events."""
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            return end.value
        if event is not None and events is not None and not isinstance(event, Together):
            events.append(event)


def open_tiny(folder: Path, options: LoadOptions = REFERENCE, **shape: Any) -> Model:
    """A tiny model written to `folder` and opened."""
    path = write_tiny_llama(folder / "tiny.gguf", **shape)
    model = drive(open_model(path, options, "tiny"))
    assert isinstance(model, Model)
    return model


def said(steps: Iterable[T | Together]) -> Iterator[T]:
    """What a reply yields for its reader; each of its passes runs alone."""
    return (each for each in steps if not isinstance(each, Together))
