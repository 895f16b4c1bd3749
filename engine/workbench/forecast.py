"""What a model file will take and cost, from its header: what the list of models is judged by."""

from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.models import Forecast
from engine.fit import forecast
from engine.weights.formats.gguf import open_gguf


def foretold(path: Path) -> Forecast | None:
    """At the usual context; None where the file cannot be read or run. Raises nothing: it is one
    of many in a list."""
    try:
        with open_gguf(path) as file:
            return forecast(file)
    except (ChaskiError, OSError, ArithmeticError, ValueError):
        return None
