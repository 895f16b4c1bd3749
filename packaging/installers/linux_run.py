"""A file that unpacks itself: a shell script, and behind its last line a pressed archive."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

# Of xz: 1 is quick and a fifth larger, for builds that are only tried.
LEVEL = os.environ.get("CHASKI_PRESS", "6")


def press(tree: Path, made: Path, header: Callable[..., str]) -> None:
    """`header(lines=…, sum=…)`: the script, told its archive's first line and SHA-256."""
    archive = made.with_suffix(".tar.xz")
    order = ["tar", "--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner"]
    packing = subprocess.Popen([*order, "-C", str(tree), "."], stdout=subprocess.PIPE)
    with archive.open("wb") as out, packing:
        subprocess.run(
            ["xz", f"-{LEVEL}", "-T1", "-c"], stdin=packing.stdout, stdout=out, check=True
        )
    if packing.returncode:
        raise RuntimeError(f"tar could not pack {tree}")
    with archive.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    text = header(lines="0", sum=found)
    text = header(lines=str(text.count("\n") + 1), sum=found)
    with made.open("wb") as out, archive.open("rb") as stream:
        out.write(text.encode())
        while block := stream.read(1 << 20):
            out.write(block)
    made.chmod(0o755)
    archive.unlink()
