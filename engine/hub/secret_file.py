"""Small files that their owner alone may read, replaced whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from engine.base.errors import UsageError
from engine.base.paths import private
from engine.base.reading import reason


def write_secret(file: Path, text: str) -> None:
    """Raises UsageError where it cannot be written; what was there before then stays."""
    part = file.with_name(f".{file.name}.{os.urandom(4).hex()}")
    try:
        private(file.parent)
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, file)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise UsageError(
            "{file} cannot be written: {reason}", file=file, reason=reason(error)
        ) from None
