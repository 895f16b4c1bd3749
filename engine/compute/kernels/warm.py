"""Compiles a list of kernels beside the compute thread, on a first start by two processes at once.

numba compiles under a lock, so threads would wait for each other; a second process begins at the
other end of the list and leaves its work in the cache on disk, where this one finds it. Nobody else
may ask for a kernel that is not compiled meanwhile: it would wait for that lock.
"""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

from engine.base.events import Event, Progress, Stage
from engine.base.turns import aside
from engine.compute.kernels.compiler_memory import give_back_compiler
from engine.compute.kernels.jit import Kernel, compiler_environment, is_cached
from engine.compute.kernels.kernel_cache import cache_folder

MANY = 4  # a second process pays from so many missing kernels on
_CODE = """
import importlib, sys
for name in sys.argv[1:]:
    module, kernel = name.split(":")
    getattr(importlib.import_module(module), kernel).address
"""


def compile_all(kernels: list[Kernel]) -> Generator[Event | None, None, int]:
    """Make every kernel's address known, in a thread of its own; tells Progress where some have to
    be compiled. The compiler's memory goes back afterwards. Returns how many had to be compiled.
    """
    missing = [k for k in kernels if not is_cached(k)]
    if all(k.compiled for k in kernels):
        return len(missing)
    work = _Work(kernels, bool(missing))
    helper = _second_process(missing) if len(missing) >= MANY else None
    try:
        yield from aside(work.run, told=work.told, stop=work.stop)
    finally:
        if helper is not None:  # nothing left to do, or the user has stopped
            helper.kill()
            helper.wait()
    return len(missing)


class _Work:
    """The list on its way; `told` is asked by another thread than `run`."""

    def __init__(self, kernels: list[Kernel], is_told: bool) -> None:
        self._kernels = kernels
        self._begun, self._told = 0, 0 if is_told else len(kernels)
        self._stopped = False

    def run(self) -> None:
        try:
            for kernel in self._kernels:
                if self._stopped:
                    return
                self._begun += 1
                _ = kernel.address
        finally:
            give_back_compiler()

    def told(self) -> Progress | None:
        """How far it is, where that is news."""
        begun = self._begun
        if self._told >= begun:
            return None
        self._told = begun
        return Progress(Stage.COMPILING, begun - 1, len(self._kernels))

    def stop(self) -> None:
        self._stopped = True


def _second_process(missing: list[Kernel]) -> "subprocess.Popen[bytes] | None":
    """Begins with the last kernel; None where Python cannot be started again, or its work would not
    be kept."""
    if cache_folder() is None or getattr(sys, "frozen", False) or (os.cpu_count() or 1) < 2:
        return None
    names = [f"{k.function.__module__}:{k.name}" for k in reversed(missing)]
    root = Path(__file__).resolve().parents[3]
    quiet = subprocess.DEVNULL
    try:
        return subprocess.Popen(
            [sys.executable, "-c", _CODE, *names],
            env=compiler_environment(root),
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
        )
    except OSError:
        return None
