"""Memory that costs nothing until it is touched, and its address."""

import mmap
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

LINE = 64


class Memory:
    """Zeroed bytes from the system, page-aligned. `huge`: ask for 2 MiB pages (weights).

    Raises MemoryError where the system gives no more.
    """

    def __init__(self, size: int, *, huge: bool = False) -> None:
        self._map: mmap.mmap | None = _anonymous(max(size, mmap.PAGESIZE))
        advice = "MADV_HUGEPAGE" if huge else "MADV_NOHUGEPAGE"
        if hasattr(mmap, advice) and hasattr(self._map, "madvise"):
            with suppress(OSError):  # a kernel without huge pages: small ones do as well
                self._map.madvise(getattr(mmap, advice))
        self.bytes: NDArray[np.uint8] = np.frombuffer(self._map, np.uint8)
        self.address: int = self.bytes.ctypes.data
        self.size = size

    def floats(self, offset: int, rows: int, row_floats: int) -> NDArray[np.float32]:
        """A float32 [rows, row_floats] view from byte `offset` on."""
        end = offset + 4 * rows * row_floats
        return self.bytes[offset:end].view(np.float32).reshape(rows, row_floats)

    def close(self) -> None:
        """Give the memory back; views of it must be gone, else it lives as long as they do."""
        self.bytes = np.zeros(0, np.uint8)
        self.address = 0
        if self._map is not None:
            with suppress(BufferError):  # somebody still looks at it: freed with the last view
                self._map.close()
            self._map = None
        self.size = 0


def _anonymous(size: int) -> mmap.mmap:
    """Private memory: what Python maps by default is shared, which never gets huge pages."""
    try:
        if hasattr(mmap, "MAP_PRIVATE"):
            return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        return mmap.mmap(-1, size)
    except (OSError, OverflowError) as error:
        raise MemoryError(f"the system gives no {size} bytes") from error
