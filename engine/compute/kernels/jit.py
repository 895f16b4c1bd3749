"""Makes every compiled function: always without the GIL, always cached on disk. Nobody else jits.

The cache lives under the user's cache folder (set_cache_folder before the first kernel is
imported) and numba keys it by CPU, so a changed machine compiles anew by itself.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba import literally

_KERNEL = numba.void(numba.int64, numba.int64, numba.int64)


def set_cache_folder(folder: Path) -> None:
    """Where compiled code is kept; must be called before numba compiles anything."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))
    numba.config.reload_config()


class Kernel:
    """A compiled kernel of the one signature; compiled when its address is first asked for."""

    def __init__(self, function: Callable[..., None]) -> None:
        self.function = function
        self.name = function.__name__
        self._compiled: Any = None

    @property
    def address(self) -> int:
        if self._compiled is None:
            make = numba.cfunc(_KERNEL, nopython=True, cache=True)
            self._compiled = make(self.function)
        return int(self._compiled.address)


def kernel(function: Callable[..., None]) -> Kernel:
    """Decorator: a function (row, batch, thread) as a Kernel."""
    return Kernel(function)


def inline(function: Callable[..., Any]) -> Any:
    """Decorator: a helper that kernels call; compiled into them."""
    # Not cached by itself: the kernel that calls it keeps its code.
    return numba.njit(nogil=True)(function)


def native(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """Decorator: a function that Python calls, compiled at import for one signature."""

    def make(function: Callable[..., Any]) -> Any:
        return numba.njit(signature, nogil=True, cache=True)(function)

    return make


__all__ = ["Kernel", "inline", "kernel", "literally", "native", "set_cache_folder"]
