"""Shared set-up: tests import their helpers as plain modules from tests/helpers."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
# One place for compiled kernels, whatever home a test chooses: they are compiled only once.
os.environ.setdefault("NUMBA_CACHE_DIR", str(HERE.parent / ".pytest_cache" / "kernels"))
