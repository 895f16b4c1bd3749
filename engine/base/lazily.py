"""Names that a package offers without importing the modules they come from before one is asked for.

The package names them for type checkers under TYPE_CHECKING, and here where each of them is.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def lazily(package: str, places: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """Its `__getattr__`. `places`: of each module, the names that come from it."""
    modules = {name: module for module, names in places.items() for name in names}

    def look(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(modules[name]), name)
        setattr(sys.modules[package], name, found)
        return found

    return look
