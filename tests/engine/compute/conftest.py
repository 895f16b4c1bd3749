"""Compute tests share compiled kernels, named after the sources they were made from."""

from pathlib import Path

from engine.compute.kernels.jit import set_cache_folder

set_cache_folder(Path(__file__).parents[3] / ".pytest_cache" / "kernels")
