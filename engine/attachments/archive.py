"""Documents that are zip archives: read piece by piece within a budget, whatever they claim."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError

from engine.attachments.document import is_damaged, is_protected
from engine.base.errors import ChaskiError

MOST_FILES = 20_000
MOST_BYTES = 512 << 20  # unpacked, all together: a book of pictures is larger, but they stay packed
MOST_OF_ONE = 64 << 20


class Archive:
    """Its files by name; a bomb is refused before it is unpacked."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise is_damaged() from None
        except NotImplementedError:
            raise _is_strange() from None
        self._found = {info.filename: info for info in self._zip.infolist()}
        if len(self._found) > MOST_FILES:
            raise _too_much()
        self._left = MOST_BYTES

    @property
    def names(self) -> Iterator[str]:
        return iter(self._found)

    @property
    def n_bytes(self) -> int:
        """Of all files, unpacked, as the archive itself says."""
        return sum(info.file_size for info in self._found.values())

    def check(self) -> None:
        """For a library that unpacks by itself: not more than would be unpacked here."""
        if self.n_bytes > MOST_BYTES:
            raise _too_much()

    def has(self, name: str) -> bool:
        return name in self._found

    def read(self, name: str) -> bytes:
        """One file, unpacked. Raises ChaskiError where it is not there, too large or damaged."""
        info = self._found.get(name)
        if info is None:
            raise is_damaged()
        if info.flag_bits & 1:
            raise is_protected()
        if info.file_size > min(MOST_OF_ONE, self._left):
            raise _too_much()
        try:
            with self._zip.open(info) as file:
                raw = file.read(MOST_OF_ONE + 1)
        except (zipfile.BadZipFile, zlib.error, LZMAError, OSError, EOFError, ValueError):
            raise is_damaged() from None
        except RuntimeError:  # NotImplementedError is one
            raise _is_strange() from None
        self._left -= len(raw)
        if len(raw) > MOST_OF_ONE or self._left < 0:
            raise _too_much()
        return raw


def _is_strange() -> ChaskiError:
    return ChaskiError("it is packed in a way that is not known here; save it anew and attach that")


def _too_much() -> ChaskiError:
    return ChaskiError(
        "it unpacks to more than the {most:file} that are read; save a smaller copy without "
        "pictures and attach that",
        most=MOST_BYTES,
    )
