"""Two thousand lying files in every run of the tests; `run.py --cases 100000` does more."""

import subprocess
import sys
from pathlib import Path

import pytest

CASES = 2000
# Each is one process of its own, so that a crash names its case and ends nothing else.
PARTS = (
    *(
        ("gguf", "contents", "vocabulary"),
        ("safetensors", "quantized", "pytorch", "imatrix", "settings"),
    ),
    ("hub", "pictures", "link"),
    *(
        ("llama2c", "llmc", "ggml", "adapter", "machine"),
        ("folder", "document"),
        ("template",),
        ("chats", "exports", "library", "part", "queue"),
        ("families", "rwkv", "tensors"),
        ("run",),
    ),
)


def test_every_target_belongs_to_a_part() -> None:
    from fuzz.targets import TARGETS

    assert sorted(name for part in PARTS for name in part) == sorted(TARGETS)


@pytest.mark.skipif(sys.platform == "win32", reason="the worker sets limits of Unix")
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part[0])
def test_lying_files_give_one_sentence_or_a_result(part: tuple[str, ...]) -> None:
    from fuzz.run import shares
    from fuzz.targets import TARGETS

    counts = shares(CASES, list(TARGETS))
    total = sum(counts[name] for name in part)
    script = Path(__file__).with_name("run.py")
    command = [sys.executable, str(script), "--cases", str(total), "--jobs", "1", "--only", *part]
    done = subprocess.run(command, capture_output=True, text=True, cwd=script.parents[2])
    assert done.returncode == 0, done.stdout + done.stderr
