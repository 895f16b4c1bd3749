"""packaging/words.py and translate.py, which find all that the program says: packaging is no
package."""

import functools
import importlib.util
from types import ModuleType

from helpers.data import ROOT


def words() -> ModuleType:
    """Of the engine."""
    return _script("words")


def translate() -> ModuleType:
    """Of the window."""
    return _script("translate")


@functools.cache
def _script(name: str) -> ModuleType:
    path = ROOT / "packaging" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"chaski_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
