"""What a type lost against its source, as it was measured, and the small JSON file that keeps it.

Of a file that is damaged each loss is read by itself, so that a byte costs one of them; it can be
measured again. The damaged file is kept beside the new one. Free to import.
"""

import hashlib
import json
import re
import shutil
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeGuard

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, UsageError
from engine.base.reading import read_file
from engine.base.small_files import alone, replaced
from engine.base.words import shown

BUILT_IN = ""  # as the name of a text: the one that comes with the program
_ENDINGS = re.compile(r"[-_. ]?(gguf|hf)$", re.IGNORECASE)
_MEANINGLESS = {"model", "main", "merged", "final", "output", "unnamed", "llama", "qwen", "gemma"}


@dataclass(frozen=True)
class Loss:
    """What one type loses against its source, over one text. Sizes in bytes, divergence in nats."""

    name: str
    file: str  # its name
    mark: str  # tells one file's contents from another's
    bytes: int
    bits: float  # per weight
    text: str  # its file's name, or BUILT_IN
    text_key: str  # losses over the same tokens can be compared
    tokens: int  # that were predicted
    source_ppl: float
    ppl: float
    kl_mean: float
    kl_99: float
    top1: float  # share of tokens where both find the same one likeliest
    models: tuple[str, ...] = ()  # names of the model, each made plain (`plain_name`)
    parameters: int = 0
    sha256: str = ""  # of the file, or of its first part

    @property
    def text_name(self) -> str:
        """What people call the text."""
        return Words("the built-in text") if self.text == BUILT_IN else shown(self.text)

    @property
    def worse(self) -> float:
        """How much worse it predicts the text: 0.012 is 1.2 %; a little below 0 is chance."""
        return self.ppl / self.source_ppl - 1.0


def plain_name(name: str) -> str:
    """What stays the same of a model's name wherever it stands: "Qwen/Qwen3-4B-GGUF" and "Qwen3 4B"
    are "qwen34b". "" for a name that says nothing."""
    text = _ENDINGS.sub("", name.rpartition("/")[2].strip())
    plain = "".join(letter for letter in text.casefold() if letter.isalnum())[:100]
    return "" if plain in _MEANINGLESS or len(plain) < 4 else plain


SOURCES, LOSSES = 100, 60  # kept at most: sources, and losses of each
LARGEST = 16 << 20  # bytes; no file of ours is larger
VERSION = 1
LONGEST, MOST_NAMES = 1000, 50  # letters of a word; names of one model
MOST_COUNT, MOST = 1 << 60, 1e30  # beyond these a number is none of ours
SURE = 0.999  # the least perplexity, rounding allowed for
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
        raise UsageError(
            "{file} cannot be read: {reason}", file=path, reason=error.strerror or error
        ) from None
    return digest.hexdigest()[:32]


def losses_of(file: Path, mark: str) -> tuple[Loss, ...]:
    """What was measured of the source with this mark, the newest last."""
    return tuple(_losses(_read(file)[0].get(mark)))


def all_losses(file: Path) -> tuple[Loss, ...]:
    """What was measured of any source, the newest source last."""
    return tuple(loss for rows in _read(file)[0].values() for loss in _losses(rows))


def keep_loss(file: Path, mark: str, loss: Loss) -> tuple[Loss, ...]:
    """Adds one; an older one of the same file over the same text goes. Returns all of the source.

    What another version of the program has written stays as it is. Where the disk refuses, nothing
    is kept, and the answer is complete all the same.
    """
    with alone(file):
        sources, others, whole = _read(file)
        before = sources.pop(mark, None)
        rows = [row for row in before if not _is_older(row, loss)] if _is_list(before) else []
        sources[mark] = rows = [*rows, asdict(loss)][-LOSSES:]
        newest = dict(list(sources.items())[-SOURCES:])
        with suppress(OSError):
            if not whole:
                shutil.copyfile(file, file.with_name(f"{file.stem}.damaged{file.suffix}"))
            replaced(file, json.dumps({"version": VERSION, **others, "sources": newest}))
    return (*_losses(rows[:-1]), loss)


def _is_older(row: Any, loss: Loss) -> bool:
    found = _loss(row)
    return found is not None and (found.mark, found.text_key) == (loss.mark, loss.text_key)


def _read(file: Path) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """What is kept per source, what else stands in the file, and whether it was whole."""
    try:
        if not file.exists():
            return {}, {}, True
        text = read_file(file, LARGEST).decode("utf-8", "replace")
    except (ChaskiError, OSError):
        return {}, {}, False
    with suppress(ValueError, RecursionError):
        told = json.loads(text)
        sources = told.pop("sources", None) if isinstance(told, dict) else None
        if isinstance(sources, dict):
            return sources, told, "\N{REPLACEMENT CHARACTER}" not in text
    return _saved(text), {}, False


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
    found = [_loss(row) for row in rows] if _is_list(rows) else []
    return [loss for loss in found if loss is not None]


def _loss(row: Any) -> Loss | None:
    """One entry; what another version wrote or a hand changed is left out."""
    kinds = {field.name: field.type for field in fields(Loss)}
    needed = {field.name for field in fields(Loss) if field.default is MISSING}
    if not isinstance(row, dict) or not needed <= set(row) <= set(kinds):
        return None
    names = row.get("models", [])
    if not _is_list(names) or len(names) > MOST_NAMES:
        return None
    if not all(_is(name, str) for name in names):
        return None
    if not all(_is(row[name], kinds[name]) for name in row if name != "models"):
        return None
    if row["text"] == BUILT_IN_BEFORE:
        row = row | {"text": BUILT_IN}
    loss = Loss(**row | {"models": tuple(names)})
    # No text can be predicted better than surely, and no file holds a model in nothing.
    possible = min(loss.source_ppl, loss.ppl) >= SURE and loss.bytes > 0 and loss.top1 <= 1
    return loss if possible else None


def _is(value: Any, kind: Any) -> bool:
    """Whether a field can have this value; no number of ours is negative."""
    if kind is str:
        return isinstance(value, str) and len(value) <= LONGEST
    if isinstance(value, bool) or not isinstance(value, int if kind is int else int | float):
        return False
    return 0 <= value <= (MOST_COUNT if kind is int else MOST)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
