"""How this room reads the system: small files below a root, short commands, which system it is.

Tests pass a machine with a folder of files as its root. A file or program that is missing,
unreadable or slow yields an empty text, never an error: a report with a gap is better than none.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

COMMAND_SECONDS = 2.0
_MAX_BYTES = 4 << 20  # /proc/cpuinfo of a 256-core server is about 400 KB


def run_command(words: Sequence[str]) -> str:
    """What a program prints, or "" if it is missing, fails or takes too long."""
    quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # else Windows flashes a console
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=True,
            creationflags=quiet,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", errors="replace")


def _allowed_cpus() -> frozenset[int] | None:
    if sys.platform == "linux":
        return frozenset(os.sched_getaffinity(0))
    if sys.platform == "win32":
        import psutil

        return frozenset(psutil.Process().cpu_affinity())
    return None  # macOS has no affinity


@dataclass(frozen=True)
class Machine:
    """The system as seen by this room; each part can be replaced by a test."""

    system: str = field(default_factory=platform.system)  # Linux, Darwin or Windows
    architecture: str = field(default_factory=platform.machine)
    root: Path = Path("/")
    run: Callable[[Sequence[str]], str] = run_command
    allowed: frozenset[int] | None = field(default_factory=_allowed_cpus)

    def path(self, place: str) -> Path:
        return self.root / place.lstrip("/")

    def text(self, place: str | Path) -> str:
        """A small system file, or "" if it cannot be read."""
        path = place if isinstance(place, Path) else self.path(place)
        try:
            with path.open("rb") as file:
                return file.read(_MAX_BYTES).decode("utf-8", errors="replace").strip("\0\n ")
        except OSError:
            return ""

    def number(self, place: str | Path) -> int | None:
        """A file with one whole number; None if it holds anything else."""
        text = self.text(place)
        return int(text) if text.lstrip("-").isdigit() else None

    def found(self, folder: str, pattern: str) -> list[Path]:
        """Matching entries in a stable order; numbers count as numbers (cpu2 before cpu10)."""
        try:
            return sorted(self.path(folder).glob(pattern), key=lambda p: (len(p.name), p.name))
        except OSError:
            return []


def parse_cpu_list(text: str) -> frozenset[int]:
    """The kernel's way to write sets of processors: "0-3,8,10-11"."""
    cpus: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if first.isdigit() and (not last or last.isdigit()):
            cpus.update(range(int(first), min(int(last or first), int(first) + 65535) + 1))
    return frozenset(cpus)
