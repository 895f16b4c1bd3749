"""Workshop tests share compiled kernels with the compute tests."""

from pathlib import Path

from engine.compute.kernels.jit import set_cache_folder

set_cache_folder(Path(__file__).parents[3] / ".pytest_cache" / "kernels")
