"""Makes every compiled function: always without the GIL, always kept on disk. Nobody else jits.

Where compiled code is kept, kernel_cache.py says; it is keyed by the CPU, so a changed machine
compiles anew by itself.

Compiled code never gives up half way: there is nothing in it that could raise (a test looks at all
of it). Division by zero gives what the processor gives (`error_model`), so that what has gone wrong
shows as NaN; numba's usual model would return early and leave older numbers where results belong.
"""

import builtins
import ctypes
from collections.abc import Callable
from contextlib import suppress
from dis import get_instructions
from functools import cache, update_wrapper
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any, TypeAlias

from engine.compute.kernels import kernel_cache, machine_code
from engine.compute.kernels.abi import Operands
from engine.compute.kernels.kernel_cache import (
    compiler_environment,
    is_kept,
    set_cache_folder,
)

# What the parameters of kernels and of what they call are; numba itself looks at none of it.
Inlined: TypeAlias = Any  # a function that `inline` has made


class Compiled:
    """A function of int64s as machine code; compiled when its address is first asked for."""

    def __init__(self, function: Callable[..., Any], n_args: int, *, returns: bool) -> None:
        self.function, self.name = function, function.__name__
        self._n_args, self._returns = n_args, returns
        self._address = 0
        _made[function.__module__, self.name] = self

    @property
    def compiled(self) -> bool:
        return self._address != 0

    @property
    def address(self) -> int:
        self.compile()
        return self._address

    def compile(self) -> None:
        """Seconds, unless its code is here or on disk."""
        if not self._address:
            self._address = self._kept() or self._compiled_now()

    def _kept(self) -> int:
        """Its address, from the disk; 0 where it is not there or of no use."""
        code = kernel_cache.load(self.function)
        if code is not None:
            with suppress(ValueError):
                return machine_code.load(code)
        return 0

    def _compiled_now(self) -> int:
        from engine.compute.kernels.compiler import compiled  # and numba, only now

        code, address = compiled(self.function, self._n_args, self._returns)
        kernel_cache.save(self.function, code)
        return address


_made: dict[tuple[str, str], Compiled] = {}


def kernel_of(module: str, name: str) -> Compiled:
    """The one of that name which the module makes when it is imported."""
    import_module(module)
    return _made[module, name]


def is_cached(one: Compiled) -> bool:
    """Whether its machine code is here or on disk."""
    return one.compiled or is_kept(one.function.__module__, one.name)


class Kernel(Compiled):
    """A compiled kernel of the one signature: (row, batch, thread)."""

    def __init__(self, function: Callable[..., None], operands: type[Operands] = Operands) -> None:
        """operands: the class of those that it reads, or a base of them."""
        super().__init__(function, 3, returns=False)
        self.operands = operands

    def check(self, operands: Operands) -> None:
        """Raises TypeError for words that are another kernel's: it would read them as its own."""
        if not isinstance(operands, self.operands):
            wanted, given = self.operands.__name__, type(operands).__name__
            raise TypeError(f"{self.name} reads {wanted}, not {given}")


class Native(Compiled):
    """A compiled function that Python calls, and goes on beside meanwhile."""

    def __init__(self, function: Callable[..., Any], returns: bool) -> None:
        n_args, number = function.__code__.co_argcount, ctypes.c_int64
        super().__init__(function, n_args, returns=returns)
        self._type = ctypes.CFUNCTYPE(number if returns else None, *[number] * n_args)
        self._call: Callable[..., Any] | None = None

    def __call__(self, *args: int) -> Any:
        if self._call is None:
            self._call = self._type(self.address)
        return self._call(*args)


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


@cache
def _asked(code: CodeType) -> frozenset[str]:
    """The global names that it reads."""
    return frozenset(i.argval for i in get_instructions(code) if i.opname == "LOAD_GLOBAL")


def _check_names(template: Callable[..., None], names: set[str]) -> None:
    """Its free names are those that its module does not know; they must be these."""
    asked, known = _asked(template.__code__), template.__globals__
    free = {name for name in asked if name not in known and not hasattr(builtins, name)}
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


class Inline:
    """A helper that kernels call; compiled into them. Called from Python, it is its Python code."""

    def __init__(self, function: Callable[..., Any]) -> None:
        update_wrapper(self, function)
        self.function = function
        self.dispatcher: Any = None  # numba's, once it has met it

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)


def inline(function: Callable[..., Any]) -> Inlined:
    """Decorator: a helper that kernels call.

    Raises TypeError for one that was made in a function and has no `__qualname__` of its own:
    others made there would be the same to the linker (README.md).
    """
    if "<locals>" in function.__qualname__:
        raise TypeError(f"{function.__qualname__} needs a __qualname__ that no other function has")
    return Inline(function)


def literally(value: int) -> int:
    """Marks a parameter that must be a number in the source: each makes code of its own."""
    return value


def native(function: Callable[..., Any]) -> Native:
    """Decorator: a function that Python calls; it returns a number where its annotation says so."""
    return Native(function, returns=function.__annotations__.get("return") is int)


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
