"""What was shown of an answer outlives its process, though the store has it only a moment later.

Whoever shows an answer that grows writes its letters here first, as they come: one short write to
the end of a small file, which waits for no disk, and which the system keeps when the program is
killed. Whoever opens the store next takes over what it lacks. There is a file for each answer,
locked by its writer, gone as soon as the store has the whole. A line of JSON for its beginning and
one for each piece:

    {"chat": 7, "turn": 2, "text": 0, "thinking": 0}     letters the turn had already
    ["text", "The river"]
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from engine.base.conversation import Turn
from engine.base.errors import without_surrogates
from engine.base.locks import lock
from engine.base.paths import private
from engine.library.chats_records import LARGEST_TURN
from engine.library.database_files import make_private

MOST_BYTES = 16 << 20  # of one answer; what is longer is left to the store
CHANNELS = ("thinking", "text")


class ShownAnswer:
    """Of one answer that is being written. Nothing here ever fails: where the disk takes nothing
    more, the store alone keeps the answer, and says what is wrong."""

    def __init__(self, folder: Path, chat: int, turn: Turn) -> None:
        self._file: IO[bytes] | None = None
        self._path = folder / f"{chat}-{turn.id}-{os.urandom(4).hex()}.jsonl"
        begins = {"chat": chat, "turn": turn.id}
        begins |= {name: len(getattr(turn, name)) for name in CHANNELS}
        try:
            private(folder)
            make_private(self._path)
            self._file = open(self._path, "ab", buffering=0)  # noqa: SIM115 (until it is kept)
            lock(self._file)
        except OSError:
            self.close(kept=True)
        self._write(begins)

    def add(self, channel: str, text: str) -> None:
        """This is shown next."""
        if channel in CHANNELS:
            self._write([channel, without_surrogates(text)])

    def close(self, *, kept: bool) -> None:
        """It grows no more; where the store has `kept` all of it, nothing stays here."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()
        if kept:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _write(self, line: object) -> None:
        if self._file is None:
            return
        data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        with suppress(OSError):
            if self._file.write(data) == len(data):
                return
        self.close(kept=False)  # what follows a line that is cut would not be read


@dataclass
class LeftShown:
    """What a process that is gone had shown of an answer; letters the turn had before count in
    `before`, by the names of `pieces`."""

    chat: int
    turn: int
    before: dict[str, int]
    pieces: dict[str, str] = field(default_factory=lambda: dict.fromkeys(CHANNELS, ""))

    def adds_to(self, turn: Turn) -> bool:
        """Write what it has more than this turn, which nobody has ended, into it; whether there was
        anything."""
        if turn.complete or turn.ending or turn.deleted:
            return False
        grown = {}
        for name in CHANNELS:
            stored = getattr(turn, name)
            whole = stored[: self.before[name]] + self.pieces[name]
            if len(stored) < self.before[name] or not whole.startswith(stored):
                return False
            grown[name] = whole
        if all(getattr(turn, name) == whole for name, whole in grown.items()):
            return False
        for name, whole in grown.items():
            setattr(turn, name, whole)
        return True


def left_shown(folder: Path) -> Iterator[LeftShown]:
    """Those whose writers are gone, the oldest first; a file is removed once it was dealt with."""
    with suppress(OSError):
        there = sorted((p for p in folder.glob("*.jsonl") if p.is_file()), key=_age)  # no pipe
        for path in there:
            yield from _taken(path)


def _taken(path: Path) -> Iterator[LeftShown]:
    with suppress(OSError):  # another program writes it, or took it just now
        with path.open("rb") as file:
            lock(file)
            found = _read(file)
            if found is not None:
                yield found
        path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(file: IO[bytes]) -> LeftShown | None:
    """None: nothing that one of us wrote. The last line may be cut."""
    if os.fstat(file.fileno()).st_size > MOST_BYTES:
        return None
    lines = _lines(file)
    match next(lines, None):
        case {"chat": int(chat), "turn": int(turn), "text": int(text), "thinking": int(thinking)}:
            left = LeftShown(chat, turn, {"text": text, "thinking": thinking})
        case _:
            return None
    if not all(0 <= n < LARGEST_TURN for n in (left.chat, left.turn, *left.before.values())):
        return None
    pieces: dict[str, list[str]] = {name: [] for name in CHANNELS}
    for line in lines:
        match line:
            case [("text" | "thinking") as channel, str(piece)]:
                pieces[channel].append(without_surrogates(piece))
            case _:
                break
    left.pieces = {name: "".join(words) for name, words in pieces.items()}
    return left


def _lines(file: IO[bytes]) -> Iterator[object]:
    for line in file:
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            return
