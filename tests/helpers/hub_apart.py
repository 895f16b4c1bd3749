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
    words = [str(ROOT), str(ROOT / "tests"), str(big), str(rate)]
    with subprocess.Popen(
        [sys.executable, "-c", HUB, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as hub:
        assert hub.stdout is not None
        try:
            yield hub.stdout.readline().strip()
        finally:
            hub.kill()
