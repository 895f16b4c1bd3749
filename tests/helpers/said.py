"""packaging/words.py, which finds all that the program says: packaging is no package."""

import functools
import importlib.util
from types import ModuleType

from helpers.data import ROOT


@functools.cache
def words() -> ModuleType:
    spec = importlib.util.spec_from_file_location("chaski_words", ROOT / "packaging" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
