"""Shared set-up: tests import their helpers as plain modules from tests/helpers."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


def pytest_configure() -> None:
    """One place for compiled kernels, whatever home a test chooses: they are compiled only once.

    It is named after their sources: numba alone would run stale code when a part of one changes.
    A test is never wrong for being slow, as it is beside a busy program.
    """
    settings.register_profile("unhurried", settings(), deadline=None)
    settings.load_profile("unhurried")
    from engine.compute.kernels.jit import set_cache_folder

    set_cache_folder(HERE.parent / ".pytest_cache" / "kernels")


@pytest.fixture(autouse=True)
def nobody_elses_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever other programs have on this machine: tests make such folders themselves."""
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: None)
