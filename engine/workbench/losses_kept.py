"""The losses that were measured, per source, in one small JSON file.

A file that is damaged counts as empty: everything in it can be measured again.
"""

import hashlib
import json
import math
import os
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from engine.base.errors import ChaskiError, UsageError
from engine.base.paths import made
from engine.base.reading import read_file
from engine.workbench.loss_records import Loss

SOURCES, LOSSES = 100, 60  # kept at most: sources, and losses of each
LARGEST = 16 << 20  # bytes; no file of ours is larger
PIECE, PIECES = 1 << 16, 16


def mark_of(path: Path) -> str:
    """A mark of a file's or folder's contents that survives renaming: sizes and some samples."""
    digest = hashlib.sha256()
    try:
        inside = (
            [each for each in sorted(path.iterdir()) if each.is_file()] if path.is_dir() else []
        )
        for each in inside or [path]:
            size = each.stat().st_size
            digest.update(f"{each.name if inside else ''}:{size}:".encode())
            with each.open("rb") as file:
                for i in range(PIECES):
                    file.seek(size * i // PIECES)
                    digest.update(file.read(PIECE))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    return digest.hexdigest()[:32]


def _mark(digest: "hashlib._Hash", path: Path) -> None:
    size = path.stat().st_size
    digest.update(f":{size}:".encode())
    with path.open("rb") as file:
        for i in range(PIECES):
            file.seek(size * i // PIECES)
            digest.update(file.read(PIECE))


def losses_of(file: Path, mark: str) -> tuple[Loss, ...]:
    """What was measured of the source with this mark, the newest last."""
    return tuple(_losses(_read(file).get(mark)))


def keep_loss(file: Path, mark: str, loss: Loss) -> tuple[Loss, ...]:
    """Adds one; an older one of the same file over the same text goes. Returns all of the source.

    Where the disk refuses, nothing is kept, and the answer is complete all the same.
    """
    sources = _read(file)
    key = (loss.mark, loss.text_key)
    others = [x for x in _losses(sources.pop(mark, None)) if (x.mark, x.text_key) != key]
    losses = (*others, loss)[-LOSSES:]
    sources[mark] = [asdict(x) for x in losses]
    newest = dict(list(sources.items())[-SOURCES:])
    with suppress(OSError):
        part = made(file.parent) / f"{file.name}.part"
        part.write_text(json.dumps({"version": 1, "sources": newest}), encoding="utf-8")
        os.replace(part, file)
    return losses


def _read(file: Path) -> dict[str, Any]:
    try:
        sources = json.loads(read_file(file, LARGEST))["sources"]
    except (ChaskiError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return sources if isinstance(sources, dict) else {}


def _losses(rows: Any) -> list[Loss]:
    found = [_loss(row) for row in rows] if isinstance(rows, list) else []
    return [loss for loss in found if loss is not None]


def _loss(row: Any) -> Loss | None:
    """One entry; what another version wrote or a hand changed is left out."""
    kinds = {field.name: field.type for field in fields(Loss)}
    if not isinstance(row, dict) or set(row) != set(kinds):
        return None
    for name, kind in kinds.items():
        value = row[name]
        if kind is str and not isinstance(value, str):
            return None
        if kind is not str and not (_is_number(value) and value >= 0):
            return None
    return Loss(**row) if row["source_ppl"] > 0 and row["bytes"] > 0 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
