"""Makes every compiled function: always without the GIL, always kept on disk. Nobody else jits.

Where compiled code is kept, kernel_cache.py says; it is keyed by the CPU, so a changed machine
compiles anew by itself.

Compiled code never gives up half way: there is nothing in it that could raise (a test looks at all
of it). Division by zero gives what the processor gives (`error_model`), so that what has gone wrong
shows as NaN; numba's usual model would return early and leave older numbers where results belong.
"""

import builtins
from collections.abc import Callable
from dis import get_instructions
from importlib import import_module
from types import FunctionType
from typing import Any, TypeAlias

import numba
from numba import literally
from numba.core.ccallback import CFunc

from engine.compute.kernels.abi import Operands
from engine.compute.kernels.kernel_cache import (
    KernelCache,
    compiler_environment,
    is_kept,
    set_cache_folder,
)
from engine.compute.simd.isa import isa

isa()  # tells the compiler, too, which numba makes with the first function

# What the parameters of kernels and of what they call are; numba itself looks at none of it.
Inlined: TypeAlias = Any  # a function that `inline` has made

_ADDRESSES = (numba.int64, numba.int64, numba.int64)
_OPTIONS = {"nopython": True, "error_model": "numpy"}


_made: dict[tuple[str, str], "Kernel"] = {}


def kernel_of(module: str, name: str) -> "Kernel":
    """The kernel of that name which the module makes when it is imported."""
    import_module(module)
    return _made[module, name]


def is_cached(kernel: "Kernel") -> bool:
    """Whether compiled code of this kernel is here or on disk."""
    return kernel.compiled or is_kept(kernel.function.__module__, kernel.name)


class Kernel:
    """A compiled kernel of the one signature; compiled when its address is first asked for."""

    def __init__(self, function: Callable[..., None], operands: type[Operands] = Operands) -> None:
        """operands: the class of those that it reads, or a base of them."""
        self.function, self.operands = function, operands
        self.name = function.__name__
        self._compiled: Any = None
        _made[function.__module__, self.name] = self

    def check(self, operands: Operands) -> None:
        """Raises TypeError for words that are another kernel's: it would read them as its own."""
        if not isinstance(operands, self.operands):
            wanted, given = self.operands.__name__, type(operands).__name__
            raise TypeError(f"{self.name} reads {wanted}, not {given}")

    @property
    def compiled(self) -> bool:
        return self._compiled is not None

    @property
    def address(self) -> int:
        self.compile()
        return int(self._compiled.address)

    def compile(self) -> None:
        """Seconds, unless its code is here or on disk."""
        if self._compiled is None:
            made = CFunc(self.function, (_ADDRESSES, numba.void), {}, dict(_OPTIONS))
            made._cache = KernelCache(self.function)
            made.compile()
            self._compiled = made


def kernel(operands: type[Operands]) -> Callable[[Callable[..., None]], Kernel]:
    """Decorator: a function (row, batch, thread) that reads such operands, as a Kernel."""

    def made(function: Callable[..., None]) -> Kernel:
        return Kernel(function, operands)

    return made


def template(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator: a kernel's code in which these names (capitals) stand for what `from_template`
    fills in. TypeError where others are free, or one of these is not used."""

    def checked(function: Callable[..., None]) -> Callable[..., None]:
        _check_names(function, set(names))
        return function

    return checked


def _check_names(template: Callable[..., None], names: set[str]) -> None:
    """Its free names are those that its module does not know; they must be these."""
    asked = {i.argval for i in get_instructions(template.__code__) if i.opname == "LOAD_GLOBAL"}
    free = {
        name for name in asked if name not in template.__globals__ and not hasattr(builtins, name)
    }
    if free != names:
        differ = ", ".join(sorted(free ^ names))
        raise TypeError(f"{template.__qualname__} has other names to fill in: {differ}")


def from_template(
    template: Callable[..., None],
    name: str,
    module: str,
    operands: type[Operands] = Operands,
    **names: Any,
) -> Kernel:
    """A kernel whose code is `template`'s and whose free names (capitals) are given here: numbers,
    inline functions. `module` must make it, by this name, when it is imported: its key in the
    cache (why, README.md says). TypeError where names are missing or unknown.
    """
    _check_names(template, set(names))
    known = {**template.__globals__, **names, "__name__": module}
    function = FunctionType(template.__code__, known, name)
    function.__qualname__, function.__doc__ = name, template.__doc__
    return Kernel(function, operands)


def inline(function: Callable[..., Any]) -> Any:
    """Decorator: a helper that kernels call; compiled into them.

    Raises TypeError for one that was made in a function and has no `__qualname__` of its own:
    others made there would be the same to the linker (README.md).
    """
    if "<locals>" in function.__qualname__:
        raise TypeError(f"{function.__qualname__} needs a __qualname__ that no other function has")
    # Not cached by itself: the kernel that calls it keeps its code.
    return numba.njit(nogil=True, error_model="numpy")(function)


def native(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """Decorator: a function that Python calls, compiled at import for one signature."""

    def make(function: Callable[..., Any]) -> Any:
        made = numba.njit(nogil=True, error_model="numpy")(function)
        made._cache = KernelCache(function)
        made.compile(signature)
        made.disable_compile()
        return made

    return make


__all__ = [
    "Inlined",
    "Kernel",
    "compiler_environment",
    "from_template",
    "inline",
    "is_cached",
    "kernel",
    "kernel_of",
    "literally",
    "native",
    "set_cache_folder",
    "template",
]
