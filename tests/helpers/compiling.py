"""Where the tests' kernels are compiled, and by whom."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.compute.kernels import warm
from engine.compute.kernels.jit import Compiled, set_cache_folder
from engine.compute.kernels.kernel_cache import HANDED_OVER, cache_folder

by_processes = warm._processes  # as in the program; test_warm.py tries it
in_order = warm._Work


class FromTheEnd(in_order):
    """Two processes that run tests mostly want the same kernels: they meet in the middle."""

    def __init__(self, kernels: Sequence[Compiled], *rest: Any) -> None:
        super().__init__(kernels[::-1], *rest)


def here(folder: Path, worker: int) -> None:
    """Into one folder, also what other processes of this run compile that name none of their own;
    and in place, not by processes that each load the compiler first."""
    set_cache_folder(folder)
    os.environ[HANDED_OVER] = str(cache_folder())
    warm._processes = lambda missing: []
    if worker % 2:
        vars(warm)["_Work"] = FromTheEnd
