"""What a model file will take in memory, from its header: what the list of models is judged by."""

from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.models import ModelMemory
from engine.weights.formats.gguf import open_gguf
from engine.workbench.looking import needs_of


def foretold(path: Path) -> ModelMemory | None:
    """At the usual context; None where the file cannot be read. Raises nothing: it is one of many
    in a list."""
    try:
        with open_gguf(path) as file:
            return needs_of(file)
    except (ChaskiError, OSError, ArithmeticError, ValueError):
        return None
