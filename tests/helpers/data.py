"""Where the shared test data lie; a test that needs them skips, with a word, without them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def data_root() -> Path:
    """The folder of real weights and vocabularies (CHASKI_TEST_DATA names another one)."""
    return Path(os.environ.get("CHASKI_TEST_DATA", ROOT.parent / "shared" / "data"))


def shared_data(*parts: str) -> Path:
    """One file of the shared data; skips the test where it is absent."""
    path = data_root().joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} of the shared test data (set CHASKI_TEST_DATA)")
    return path
