"""Peak memory of quantizing does not know the model's size."""

import subprocess
import sys
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.hollow_models import write_hollow_gguf

# Interpreter, NumPy, the compiler and some chunks; a whole embedding as float32 would take 520.
MOST = 400 << 20
GROWTH = 24 << 20
CODE = """
import sys
from engine.cli import main
from engine.measure.live import peak_rss
code = main()
print(peak_rss(), file=sys.stderr)
sys.exit(code)
"""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="files with holes need another call there"),
]


def peak_of(folder: Path, target: str, n_layer: int) -> int:
    """Bytes that a process of its own held at most, as the system counts them."""
    source, out = folder / f"{n_layer}.gguf", folder / "q.gguf"
    size = write_hollow_gguf(source, n_layer)
    arguments = ["quantize", str(source), str(out), target, "-t", "2", "--json", "--overwrite"]
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert 0.2 * size < out.stat().st_size < 0.6 * size
    return int(done.stderr.splitlines()[-1])


@pytest.mark.parametrize("target", ["Q4_0", "Q4_K_M"])
def test_a_large_model_needs_little_memory(target: str, tmp_path: Path) -> None:
    """Two layers as wide as those of 7B, with its embedding and output: 1.3 GB of F16."""
    assert peak_of(tmp_path, target, 2) < MOST


def test_more_layers_need_no_more_memory(tmp_path: Path) -> None:
    few = peak_of(tmp_path, "Q8_0", 1)
    many = peak_of(tmp_path, "Q8_0", 3)
    assert few < MOST
    assert many < few + GROWTH
