"""Compiles a list of kernels, on a first start by two processes at once.

numba compiles under a lock, so threads would wait for each other; a second process begins at the
other end of the list and leaves its work in the cache on disk, where this one finds it.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

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


def compile_all(kernels: list[Kernel], progress: Callable[[int, int], None] | None) -> int:
    """Make every kernel's address known; `progress` hears (done, total). The compiler's memory goes
    back afterwards. Returns how many had to be compiled."""
    missing = [k for k in kernels if not is_cached(k)]
    loaded = all(k.compiled for k in kernels)
    helper = _second_process(missing) if len(missing) >= MANY else None
    try:
        for done, kernel in enumerate(kernels):
            if progress is not None and missing:
                progress(done, len(kernels))
            _ = kernel.address
    finally:
        if helper is not None:  # nothing left to do, or the user has stopped
            helper.kill()
            helper.wait()
        if not loaded:
            give_back_compiler()
    return len(missing)


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
