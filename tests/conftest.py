"""Shared set-up: tests import their helpers as plain modules from tests/helpers."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


def pytest_configure() -> None:
    """One place for compiled kernels, whatever home a test chooses: they are compiled only once.

    It is named after their sources: numba alone would run stale code when a part of one changes.
    """
    from engine.compute.kernels.jit import set_cache_folder

    set_cache_folder(HERE.parent / ".pytest_cache" / "kernels")
