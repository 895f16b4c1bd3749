"""What is foretold of a model's memory is what the process holds; more shapes: forecasts.py."""

import sys
from pathlib import Path

import pytest
from forecasts.forecasts import SMALL, measured_peak
from helpers.random_models import Shape

from engine.weights.types import TensorType

SPARE = 30_000_000  # bytes


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read in /proc")
def test_the_peak_of_a_real_process(tmp_path: Path) -> None:
    shape = Shape(4, 768, 2048, SMALL.n_head, 4, 64000, n_ctx=512, type=TensorType.Q8_0)
    found, told = measured_peak(shape, 512, "f16", tmp_path)
    assert found > 3 * SPARE, "the figures mean something"
    assert abs(told - found) < SPARE
