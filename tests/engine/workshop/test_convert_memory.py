"""Peak memory of a conversion does not know the model's size."""

import json
import math
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.tiny_checkpoints import CONFIGS, shapes_of, write_tokenizer


def write_hollow(folder: Path, **changes: int) -> int:
    """A model of zeros that takes no room on the disk; returns the bytes it seems to have."""
    folder.mkdir()
    config = CONFIGS["llama"] | changes
    (folder / "config.json").write_text(json.dumps(config))
    write_tokenizer(folder)
    table, at = {}, 0
    for name, shape in shapes_of(config).items():
        size = 2 * math.prod(shape)
        table[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    head = json.dumps(table).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(head)) + head)
        file.truncate(8 + len(head) + at)
    return at


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="files with holes need another call there")
@pytest.mark.parametrize("out_type", ["auto", "bf16"])
def test_a_large_model_needs_little_memory(out_type: str, tmp_path: Path) -> None:
    size = write_hollow(
        tmp_path / "model",
        hidden_size=4096,
        intermediate_size=11008,
        num_attention_heads=32,
        num_key_value_heads=32,
        vocab_size=32000,
        num_hidden_layers=1,
    )
    assert size > 800 << 20
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
