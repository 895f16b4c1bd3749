"""Shared set-up: tests import their helpers as plain modules from tests/helpers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
