"""A local hub in a process of its own, so that what is measured here is the program alone."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPO = "someone/big-GGUF"
HUB = """
import sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
with LocalHub() as hub:
    made = hub.add(Repository("someone/big-GGUF")).put("big-Q4_0.gguf", Path(sys.argv[3]))
    for number in range(40):
        hub.add(Repository(f"others/found-{number}-GGUF")).put("found-Q4_0.gguf", bytes(number))
    made.files["big-Q4_0.gguf"].sha256  # not while it is asked
    hub.faults.add("*", door="cdn", bytes_per_second=float(sys.argv[4]))
    print(hub.url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def hub_apart(big: Path, rate: float) -> Iterator[str]:
    """Its address; REPO has this file as Q4_0, sent at so many bytes a second."""
    with hub_of(HUB, str(big), str(rate)) as address:
        yield address


@contextmanager
def hub_of(program: str, *words: str) -> Iterator[str]:
    """The address that a program tells which keeps a hub until its input ends; it gets our root,
    that of the tests, and these words."""
    command = [sys.executable, "-c", program, str(ROOT), str(ROOT / "tests"), *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        try:
            yield running.stdout.readline().strip()
        finally:
            running.kill()
