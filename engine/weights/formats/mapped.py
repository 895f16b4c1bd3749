"""A file of any size as bytes: mapped, never read whole, and its pages can be given back.

Invariant: view() is inside the file or an error; nobody above computes with unchecked offsets.
"""

import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import FormatError


class MappedFile:
    """One open file. Views stay valid after close(), as long as somebody holds them."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self.map = _map(self.path)
        self.size = len(self.map)

    def view(self, offset: int, nbytes: int, what: str) -> NDArray[np.uint8]:
        """Bytes of the file without a copy; `what` they are, for the message if they are not."""
        if offset < 0 or nbytes < 0 or offset + nbytes > self.size:
            raise FormatError(
                f"{self.name} is cut short or broken: {what} needs {max(0, nbytes)} bytes at byte "
                f"{offset}, but the file has {self.size}; get the file again"
            )
        return np.frombuffer(self.map, np.uint8, nbytes, offset)

    def bytes(self, offset: int, nbytes: int, what: str) -> bytes:
        return self.view(offset, nbytes, what).tobytes()

    def drop_pages(self) -> None:
        """Give mapped pages back to the system; reading again brings them back."""
        if hasattr(mmap, "MADV_DONTNEED") and not self.map.closed:
            self.map.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        try:
            self.map.close()
        except BufferError:
            return  # views are still in use; the last of them closes it


def _map(path: Path) -> mmap.mmap:
    if path.exists() and not path.is_file():
        # Opening a pipe would wait for somebody to write into it.
        raise FormatError(f"{path} is no ordinary file")
    try:
        with path.open("rb") as file:
            if file.seek(0, 2) == 0:
                raise FormatError(f"{path.name} is empty; get the file again")
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FormatError(f"{path} cannot be opened: {reason}") from None
