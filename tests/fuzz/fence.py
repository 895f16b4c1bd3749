"""Guard pages behind every buffer of the cpu backend: a read or write past one ends the process.

    buffer           gap (no access)   next buffer
    ....[########]   |------------|    ...[####]
        ^ its end is the end of a page

Linux and macOS only; elsewhere models run without the fence.
"""

import ctypes
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from engine.compute.backends import cpu, cpu_weights
from engine.compute.cache import full, memory
from engine.compute.kernels import abi as _abi  # noqa: F401  (kernels before the patch)

PAGE = mmap.PAGESIZE
_libc = ctypes.CDLL(None, use_errno=True)
_gaps: list[tuple[int, int]] = []  # of the workspace that is laid out next: offset, bytes


def _forbid(address: int, size: int) -> None:
    if _libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(size), 0):
        raise OSError(ctypes.get_errno(), "mprotect")


def _allow(address: int, size: int) -> None:
    _libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(size), 3)


class FencedMemory(memory.Memory):
    """Memory whose last line of 64 bytes is the last of a page; the next page is forbidden."""

    def __init__(self, size: int, *, huge: bool = False) -> None:
        lines = (max(size, 1) + 63) // 64 * 64
        pages = -(-lines // PAGE) * PAGE
        self._map = memory._anonymous(pages + PAGE)
        whole = np.frombuffer(self._map, np.uint8)
        self._fences = [(whole.ctypes.data + pages, PAGE)]
        start = pages - lines
        self.bytes = whole[start : start + lines]
        self.address = self.bytes.ctypes.data
        self.size = size
        for fence in self._fences:
            _forbid(*fence)

    def close(self) -> None:
        for fence in self._fences:
            _allow(*fence)
        self._fences = []
        super().close()


class FencedWorkspace(FencedMemory):
    """The workspace: a fence behind each of its buffers."""

    def __init__(self, size: int, *, huge: bool = False) -> None:
        super().__init__(size, huge=huge)
        for offset, length in _gaps:
            self._fences.append((self.address + offset, length))
            _forbid(*self._fences[-1])
        _gaps.clear()


def _place_apart(buffers: list[Any]) -> int:
    """Instead of cpu_buffers.place: nothing shares memory, each buffer ends with a page."""
    _gaps.clear()
    end = 0
    for buffer in buffers:
        lines = (buffer.size + 63) // 64 * 64
        pages = -(-lines // PAGE) * PAGE
        buffer.offset = end + pages - lines
        _gaps.append((end + pages, PAGE))
        end += pages + PAGE
    return end


@contextmanager
def fenced() -> Iterator[None]:
    """Models opened inside have guard pages behind weights, caches, results and buffers."""
    before = (cpu.Memory, cpu.place, cpu_weights.Memory, full.Memory)
    cpu.Memory = lambda size, **options: (  # type: ignore[assignment,misc]
        FencedWorkspace(size, **options) if _gaps else FencedMemory(size, **options)
    )
    cpu.place, cpu_weights.Memory, full.Memory = _place_apart, FencedMemory, FencedMemory  # type: ignore
    try:
        yield
    finally:
        cpu.Memory, cpu.place, cpu_weights.Memory, full.Memory = before  # type: ignore[misc]
