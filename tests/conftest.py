"""Shared set-up: tests import their helpers as plain modules from tests/helpers."""

import gc
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent
OF_THE_WINDOW = ("gui", "journeys/window", "journeys/test_journey_guide.py")
QT_OPTIONS = ("qt_api", "qt_log_level_fail")  # of pytest-qt, in pyproject.toml
TYPED = 100  # escaped characters of a case that name it; longer ones are content, numbered
sys.path.insert(0, str(HERE))
os.environ["CHASKI_LANGUAGE"] = "en"  # whatever the system of whoever runs them speaks

lacking = [name for name in ("PySide6", "pytestqt") if find_spec(name) is None]
collect_ignore = [*OF_THE_WINDOW] if lacking else []


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Whoever works on the engine alone needs no Qt: without pytest-qt its options mean nothing."""
    if not pluginmanager.hasplugin("pytest-qt"):
        for name in QT_OPTIONS:
            parser.addini(name, "of pytest-qt, which is not there")


def pytest_report_header() -> list[str]:
    if not lacking:
        return []
    return [f"the tests of the window are left out: {' and '.join(lacking)} cannot be imported"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Cases are named by what a person typed, never by a file's bytes.

    Bytes can be made anew by each worker, as an archive has the time of day in it; the workers
    then find different tests, and none is run.
    """
    content = isinstance(val, bytes) or (isinstance(val, str) and len(ascii(val)) > TYPED)
    return argname if content else None  # pytest numbers those that are alike


def pytest_configure() -> None:
    """One place for compiled kernels, whatever home a test chooses and in whatever process: they
    are compiled only once.

    It is named after their sources: numba alone would run stale code when a part of one changes.
    What is missing is compiled in the tests' own processes, which know the compiler already: others
    would load it anew for every few kernels (helpers/compiling.py).
    A test is never wrong for being slow, as it is beside a busy program.
    """
    settings.register_profile("unhurried", settings(), deadline=None)
    settings.load_profile("unhurried")
    from helpers import compiling, threads

    threads.share_out(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    compiling.here(HERE.parent / ".pytest_cache" / "kernels", int(worker))


def pytest_collection_finish() -> None:
    """Twelve thousand cases are no garbage: nobody goes through them again, as each full collection
    would, and one comes with each window that is made and closed."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nobody_elses_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever other programs have on this machine: tests make such folders themselves."""
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: None)
