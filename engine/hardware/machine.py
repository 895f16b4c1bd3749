"""How this room reads the system: small files below a root, short commands, which system it is.

Tests pass a machine with a folder of files as its root. A file or program that is missing,
unreadable or slow yields an empty text, never an error: a report with a gap is better than none.
"""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import IO

COMMAND_SECONDS = 2.0
SLOW = {"system_profiler": 5.0}  # known to take their time
_LOOK_SECONDS, _FAREWELL_SECONDS = 0.05, 0.2
_MAX_BYTES = 4 << 20  # /proc/cpuinfo of a 256-core server is about 400 KB


def run_command(words: Sequence[str]) -> str:
    """What a program prints, or "" if it is missing, fails, takes too long or says too much.

    A program that a broken driver holds in the system, so that even killing does not end it, is
    left behind: nobody waits for it.
    """
    quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # else Windows flashes a console
    with TemporaryFile() as out:  # a pipe would have to be read by a thread
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
                creationflags=quiet,
            )
        except (OSError, ValueError):
            return ""
        seconds = SLOW.get(words[0], COMMAND_SECONDS)
        if not _has_ended(process, out, seconds) or process.returncode:
            return ""
        out.seek(0)
        return out.read(_MAX_BYTES).decode("utf-8", errors="replace")


def _has_ended(process: "subprocess.Popen[bytes]", out: IO[bytes], seconds: float) -> bool:
    """Whether it ended by itself in time; else it is killed."""
    until = monotonic() + seconds
    while monotonic() < until and os.fstat(out.fileno()).st_size <= _MAX_BYTES:
        try:
            process.wait(_LOOK_SECONDS)
            return True
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    try:
        process.wait(_FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        process.returncode = -1  # else Python would warn of a process it still waits for
    return False


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
        return int(text) if re.fullmatch(r"-?[0-9]{1,19}", text) else None

    def found(self, folder: str, pattern: str) -> list[Path]:
        """Matching entries in a stable order; numbers count as numbers (cpu2 before cpu10)."""
        try:
            return sorted(self.path(folder).glob(pattern), key=lambda p: (len(p.name), p.name))
        except OSError:
            return []


def is_count(text: str) -> bool:
    """Whether this is a whole number that Python can read and a machine can have: "²" is a digit,
    too, and a number of ten thousand digits is refused with an error."""
    return re.fullmatch(r"[0-9]{1,18}", text) is not None


def parse_cpu_list(text: str) -> frozenset[int]:
    """The kernel's way to write sets of processors: "0-3,8,10-11"."""
    cpus: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if is_count(first) and (not last or is_count(last)):
            cpus.update(range(int(first), min(int(last or first), int(first) + 65535) + 1))
    return frozenset(cpus)
