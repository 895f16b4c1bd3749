"""Jobs that write a model: what stays when they are stopped is told."""

from pathlib import Path
from typing import Any

from engine.base.errors import CancelledError
from engine.cli.console import Console
from engine.cli.following import answer_to
from engine.jobs import Asked


def file_of(console: Console, asked: Asked, out: Path) -> Any:
    """The result; stopped, say that the same command goes on from what is finished."""
    from engine.weights.formats.gguf_part import is_part

    try:
        return answer_to(console, asked)
    except (KeyboardInterrupt, CancelledError):
        parts = [path for path in out.parent.glob("*.part") if path.name.startswith(out.stem)]
        if any(is_part(path) for path in parts):
            console.note(f"{out.name}: what is finished is kept; the same command goes on from it")
        raise
