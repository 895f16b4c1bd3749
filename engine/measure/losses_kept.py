"""The losses that were measured, per source, in one small JSON file.

Of a file that is damaged each loss is read by itself, so that a byte costs one of them; it can be
measured again. The damaged file is kept beside the new one.
"""

import hashlib
import json
import math
import os
import re
import shutil
from contextlib import suppress
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any

from engine.base.errors import ChaskiError, UsageError
from engine.base.paths import made
from engine.base.reading import read_file
from engine.measure.losses import BUILT_IN, Loss

SOURCES, LOSSES = 100, 60  # kept at most: sources, and losses of each
LARGEST = 16 << 20  # bytes; no file of ours is larger
BUILT_IN_BEFORE = "the built-in text"  # as it was kept until November 2026
PIECE, PIECES = 1 << 16, 16
_PLACE = re.compile(r'"(?P<mark>[^"\\]{1,64})": \[|(?P<row>\{"name")')


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


def losses_of(file: Path, mark: str) -> tuple[Loss, ...]:
    """What was measured of the source with this mark, the newest last."""
    return tuple(_losses(_read(file).get(mark)))


def all_losses(file: Path) -> tuple[Loss, ...]:
    """What was measured of any source, the newest source last."""
    return tuple(loss for rows in _read(file).values() for loss in _losses(rows))


def keep_loss(file: Path, mark: str, loss: Loss) -> tuple[Loss, ...]:
    """Adds one; an older one of the same file over the same text goes. Returns all of the source.

    Where the disk refuses, nothing is kept, and the answer is complete all the same.
    """
    sources, whole = _read_or_saved(file)
    key = (loss.mark, loss.text_key)
    others = [x for x in _losses(sources.pop(mark, None)) if (x.mark, x.text_key) != key]
    losses = (*others, loss)[-LOSSES:]
    sources[mark] = [asdict(x) for x in losses]
    newest = dict(list(sources.items())[-SOURCES:])
    with suppress(OSError):
        if not whole:
            shutil.copyfile(file, file.with_name(f"{file.stem}.damaged{file.suffix}"))
        part = made(file.parent) / f"{file.name}.part"
        part.write_text(json.dumps({"version": 1, "sources": newest}), encoding="utf-8")
        os.replace(part, file)
    return losses


def _read(file: Path) -> dict[str, Any]:
    return _read_or_saved(file)[0]


def _read_or_saved(file: Path) -> tuple[dict[str, Any], bool]:
    """What is kept per source, and whether the file was whole."""
    try:
        if not file.exists():
            return {}, True
        text = read_file(file, LARGEST).decode("utf-8", "replace")
    except (ChaskiError, OSError):
        return {}, False
    try:
        sources = json.loads(text)["sources"]
        if isinstance(sources, dict):
            return sources, "\N{REPLACEMENT CHARACTER}" not in text
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return _saved(text), False


def _saved(text: str) -> dict[str, Any]:
    """Losses of a broken file one by one, each under the source that surely is its own."""
    sources: dict[str, Any] = {}
    decoder, mark, end = json.JSONDecoder(), None, 0
    for found in _PLACE.finditer(text):
        if found.start() < end:
            continue
        if found["mark"] is not None:
            mark = found["mark"]
        elif "}]" in text[max(end - 1, 0) : found.start()]:
            mark = None  # the name of another source lay between, and cannot be read
        end = found.end()
        if found["row"] is not None and mark is not None:
            with suppress(ValueError, RecursionError):
                row, end = decoder.raw_decode(text, found.start())
                sources.setdefault(mark, []).append(row)
    return sources


def _losses(rows: Any) -> list[Loss]:
    found = [_loss(row) for row in rows] if isinstance(rows, list) else []
    return [loss for loss in found if loss is not None]


def _loss(row: Any) -> Loss | None:
    """One entry; what another version wrote or a hand changed is left out."""
    kinds = {field.name: field.type for field in fields(Loss)}
    needed = {field.name for field in fields(Loss) if field.default is MISSING}
    if not isinstance(row, dict) or not needed <= set(row) <= set(kinds):
        return None
    names = row.get("models", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    row = row | {"models": tuple(names)}
    for name, kind in kinds.items():
        value = row.get(name)
        if name == "models" or name not in row:
            continue
        if kind is str and not isinstance(value, str):
            return None
        if kind is not str and not (_is_number(value) and value >= 0):
            return None
    if row["text"] == BUILT_IN_BEFORE:
        row = row | {"text": BUILT_IN}
    return Loss(**row) if row["source_ppl"] > 0 and row["bytes"] > 0 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
