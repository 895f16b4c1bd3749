"""Compiles a list of kernels beside the compute thread: on a first start by processes of their own,
while other models go on answering.

A compiler in this process would hold Python's lock for most of its time, and each token of a chat
would wait for it. The processes leave their work in the cache on disk, where this one finds it:
many kernels are compiled from both ends of the list at once. Nobody else may ask for a kernel that
is not compiled meanwhile: numba compiles, and loads, under a lock.

Once the kernels are there, the compiler's own code is given back: LLVM is a library of 150 MB, half
of which has been read by then, and nothing of it runs while a model answers. Its pages come from
the file and were never written, so the system may drop them and read them again.
"""

import ctypes
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from engine.base.environment import COMPILE
from engine.base.events import Event, Progress, Stage
from engine.base.turns import aside
from engine.compute.kernels.jit import Compiled, compiler_environment, is_cached, kernel_of
from engine.compute.kernels.kernel_cache import cache_folder

MANY = 4  # a second process pays from so many missing kernels on
LOOK_S = 0.02  # between two looks whether a kernel has come
Process = subprocess.Popen[bytes]
LIBRARY = "libllvmlite"
_DONT_NEED = 4  # MADV_DONTNEED of Linux
_HEADER = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+ +(.*)$")
_CODE = "import sys; from engine.compute.kernels.warm import serve; serve(sys.argv[1:])"


def compile_all(kernels: Sequence[Compiled]) -> Generator[Event | None, None, int]:
    """Make every kernel's address known, in a thread of its own; tells Progress where some have to
    be compiled. The compiler's memory goes back afterwards. Returns how many had to be compiled.
    """
    missing = [k for k in kernels if not is_cached(k)]
    if all(k.compiled for k in kernels):
        return len(missing)
    compilers = _processes(missing)
    work = _Work(kernels, compilers, bool(missing))
    try:
        yield from aside(work.run, told=work.told, stop=work.stop)
    finally:
        for process in compilers:  # nothing left to do, or the user has stopped
            process.kill()
            process.wait()
    return len(missing)


class _Work:
    """The list on its way; `told` is asked by another thread than `run`."""

    def __init__(
        self, kernels: Sequence[Compiled], compilers: list[Process], is_told: bool
    ) -> None:
        self._kernels, self._compilers = kernels, compilers
        self._begun, self._told = 0, 0 if is_told else len(kernels)
        self._stopped = False

    def run(self) -> None:
        try:
            for kernel in self._kernels:
                self._begun += 1
                self._await(kernel)
                if self._stopped:
                    return
                kernel.compile()  # from the disk, or here where no process has done it
        finally:
            give_back_compiler()

    def _await(self, kernel: Compiled) -> None:
        """Until it lies in the cache, or nobody is left who could bring it there."""
        while not self._stopped and any(one.poll() is None for one in self._compilers):
            if is_cached(kernel):
                return
            time.sleep(LOOK_S)

    def told(self) -> Progress | None:
        """How far it is, where that is news."""
        begun = self._begun
        if self._told >= begun:
            return None
        self._told = begun
        return Progress(Stage.COMPILING, begun - 1, len(self._kernels))

    def stop(self) -> None:
        self._stopped = True


def _processes(missing: list[Compiled]) -> list[Process]:
    """One begins with the first kernel, another with the last; none where their work would not be
    kept."""
    if not missing or cache_folder() is None:
        return []
    orders = [missing]
    if len(missing) >= MANY and (os.cpu_count() or 1) > 1:
        orders.append(missing[::-1])
    found = list[Process]()
    with suppress(OSError):
        for order in orders:
            found.append(_process(order))
    return found


def _process(kernels: Sequence[Compiled]) -> Process:
    root = Path(__file__).resolve().parents[3]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command([f"{k.function.__module__}:{k.name}" for k in kernels]),
        env=compiler_environment(root),
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
    )


def command(names: list[str]) -> list[str]:
    """How a compiler of these kernels is started; a frozen program is its own."""
    how = [COMPILE] if getattr(sys, "frozen", False) else ["-c", _CODE]
    return [sys.executable, *how, *names]


def serve(names: Sequence[str]) -> int:
    """In a process of its own: compile kernels, each "module:name", into the folder that was handed
    over. Less urgent than who answers, and than whatever else the user does."""
    if hasattr(os, "nice"):
        os.nice(5)
    for name in names:
        kernel_of(*name.split(":")).compile()
    return 0


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
