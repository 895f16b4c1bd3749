"""Peak memory of a conversion does not know the model's size."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.hollow_models import write_hollow_folder


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="files with holes need another call there")
@pytest.mark.parametrize("out_type", ["auto", "bf16"])
def test_a_large_model_needs_little_memory(out_type: str, tmp_path: Path) -> None:
    size = write_hollow_folder(tmp_path / "model", n_layer=2, shards=3)
    assert size > 1200 << 20
    code = "import sys; from engine.cli import main; sys.exit(main())"
    arguments = ["convert", str(tmp_path / "model"), str(tmp_path / "m.gguf"), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--type", out_type],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["bytes"] > size
    # Metadata, interpreter and NumPy take some 60 MB; a whole embedding alone would take 250.
    assert found["peak_rss_bytes"] < 220 << 20
