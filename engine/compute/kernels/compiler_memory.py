"""Gives back the memory that the compiler's own code takes, once the kernels are there.

LLVM is a library of 150 MB, half of which has been read by the time a kernel is compiled or loaded
from the cache; nothing of it runs while a model answers. Its pages come from the file and were
never written, so the system may drop them and read them again when the next kernel is compiled.
"""

import ctypes
import re
import sys
from collections.abc import Iterator
from pathlib import Path

LIBRARY = "libllvmlite"
_DONT_NEED = 4  # MADV_DONTNEED of Linux
_HEADER = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+ +(.*)$")


def give_back_compiler() -> int:
    """Bytes given back; 0 where the system is not Linux or does not say what may be dropped."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        listed = Path("/proc/self/smaps").read_text(encoding="utf-8", errors="replace")
        advise = ctypes.CDLL(None).madvise
    except (OSError, AttributeError):
        return 0
    given = 0
    for start, size, resident in _clean(listed):
        if advise(ctypes.c_void_p(start), ctypes.c_size_t(size), _DONT_NEED) == 0:
            given += resident
    return given


def _clean(listed: str) -> Iterator[tuple[int, int, int]]:
    """(address, bytes, resident bytes) of the library's mappings that are as in its file: nothing
    may be written there, and nothing was (relocations are, before they become read-only)."""
    for block in re.split(r"\n(?=[0-9a-f]+-[0-9a-f]+ )", listed):
        head, *fields = block.split("\n")
        found = _HEADER.match(head)
        if found is None or LIBRARY not in Path(found[4]).name or "w" in found[3]:
            continue
        about = dict(field.partition(":")[::2] for field in fields)
        about = {"Swap": "0 kB"} | about  # not every system has it; what is there was written
        changed = [about.get(k, "").split()[:1] for k in ("Private_Dirty", "Anonymous", "Swap")]
        if changed == [["0"]] * 3:
            start = int(found[1], 16)
            yield start, int(found[2], 16) - start, 1024 * int(about["Rss"].split()[0])
