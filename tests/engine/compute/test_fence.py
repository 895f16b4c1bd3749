"""Kernels touch nothing beyond what they were given, played in a process that would die of it."""

import os
import subprocess
import sys

import pytest
from helpers.data import ROOT

from engine.compute.kernels.kernel_cache import cache_folder

FENCE = ROOT / "tests" / "helpers" / "fence.py"
TOO_FAR = """
import sys
sys.path.insert(0, "tests")
from helpers.fence import FencedMemory
import ctypes
memory = FencedMemory(4096 - 64)
ctypes.string_at(memory.address, 4096 - 64)
print("inside", flush=True)
ctypes.string_at(memory.address, 4096 - 63)
print("beyond", flush=True)
"""


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no mprotect")


def test_odd_shapes_behind_the_fence() -> None:
    folder = cache_folder()
    assert folder is not None
    done = run("-X", "faulthandler", str(FENCE), str(folder.parents[1]))
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) == 111


def test_the_fence_is_there() -> None:
    done = run("-c", TOO_FAR)
    assert done.returncode < 0
    assert done.stdout == "inside\n"
