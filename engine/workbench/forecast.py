"""What a model file will take and cost, from its header: what the list of models is judged by."""

from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.models import Forecast
from engine.base.settings import LoadOptions
from engine.fit import forecast
from engine.weights.formats.gguf import open_gguf


def foretold(path: Path, n_ctx: int = 0) -> Forecast | None:
    """At a context (the trained one, if that is shorter), or the usual one; None where the file
    cannot be read or run. Raises nothing: it is one of many in a list."""
    try:
        with open_gguf(path) as file:
            return forecast(file, LoadOptions(n_ctx=n_ctx), shorten=True)
    except (ChaskiError, OSError, ArithmeticError, ValueError):
        return None
