"""Makes every compiled function: always without the GIL, always cached on disk. Nobody else jits.

The cache lives under the user's cache folder (set_cache_folder before the first kernel is
imported) and numba keys it by CPU, so a changed machine compiles anew by itself.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any

import llvmlite
import numba
from numba import literally

_KERNEL = numba.void(numba.int64, numba.int64, numba.int64)


def set_cache_folder(folder: Path) -> None:
    """Where compiled code is kept; must be called before numba compiles anything.

    numba notices a change of the file that holds a kernel, not of the files that kernel is made
    from, so the folder is named after all of them; folders of older versions are removed.
    NUMBA_CACHE_DIR, where the user has set it, is taken instead of `folder`.
    """
    digest = _source_digest()  # of this process's code: taken once, files may change meanwhile
    folder = Path(os.environ.get("NUMBA_CACHE_DIR", folder))
    if folder.name == digest:  # set by an earlier call
        return
    own = folder / digest
    own.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old != own and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = str(own)
    numba.config.reload_config()


def is_cached(kernel: "Kernel") -> bool:
    """Whether compiled code of this kernel lies in the cache folder."""
    folder = os.environ.get("NUMBA_CACHE_DIR")
    if kernel.compiled or folder is None:
        return kernel.compiled
    file = Path(kernel.function.__code__.co_filename).stem  # a template's, where it is made of one
    return any(Path(folder).rglob(f"{file}.{kernel.name}-*.nbi"))


def compiler_environment(root: Path) -> dict[str, str]:
    """For another Python process that shall compile from `root` into the same cache."""
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path}


@lru_cache(maxsize=1)
def _source_digest() -> str:
    """Changes whenever a file of kernels/ or simd/, the list of tensor types (the sizes of their
    blocks are compiled in), or numba itself, changes."""
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__}".encode())
    listed = here.parents[1] / "weights" / "types.py"
    for source in sorted([*here.glob("*.py"), *(here.parent / "simd").glob("*.py"), listed]):
        about = source.stat()
        digest.update(f"{source.name} {about.st_size} {about.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


class Kernel:
    """A compiled kernel of the one signature; compiled when its address is first asked for."""

    def __init__(self, function: Callable[..., None]) -> None:
        self.function = function
        self.name = function.__name__
        self._compiled: Any = None

    @property
    def compiled(self) -> bool:
        return self._compiled is not None

    @property
    def address(self) -> int:
        if self._compiled is None:
            make = numba.cfunc(_KERNEL, nopython=True, cache=True)
            self._compiled = make(self.function)
        return int(self._compiled.address)


def kernel(function: Callable[..., None]) -> Kernel:
    """Decorator: a function (row, batch, thread) as a Kernel."""
    return Kernel(function)


def from_template(template: Callable[..., None], name: str, module: str, **names: Any) -> Kernel:
    """A kernel whose code is `template`'s and whose free names (capitals) are given here: numbers,
    inline functions. It must be found as `name` in `module`.

    Why not a closure: numba keys its cache by what a closure holds, and a compiled function there
    looks different in each process. Global names are not part of the key, the kernel's name is.
    """
    known = {**template.__globals__, **names, "__name__": module}
    function = FunctionType(template.__code__, known, name)
    function.__qualname__, function.__doc__ = name, template.__doc__
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


__all__ = [
    "Kernel",
    "compiler_environment",
    "from_template",
    "inline",
    "is_cached",
    "kernel",
    "literally",
    "native",
    "set_cache_folder",
]
