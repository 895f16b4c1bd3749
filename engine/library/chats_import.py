"""Chats out of files of other programs, and of ours: which file it is, and how much of it is read.

Files come from anywhere: sizes, numbers and depths are bounded, and whatever is wrong with one is
one sentence. Nothing is written here.
"""

import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, MutableSequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.conversation import ChatRecord
from engine.base.errors import ChaskiError, FormatError, UsageError
from engine.base.reading import beginning, read_file
from engine.base.words import shown
from engine.library.chats_forms import chats_in, jan_chat
from engine.library.chats_gpt4all import gpt4all_chat, is_gpt4all
from engine.library.chats_grown import MOST_MESSAGES, dict_in

MOST_BYTES = 512 << 20  # of a file, also of one in an archive
MOST_FILES = 20_000  # of a folder
MOST_CHATS = 50_000
MOST_VALUES = 32 << 20  # in JSON, where an empty list of three bytes takes sixty of memory
KNOWN = "Chaski, ChatGPT, LM Studio, Open WebUI, GPT4All, Jan and llama.cpp's web UI"
NAMES = ("conversations.json", "chats.json")  # in an archive
UNSOUND = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error)
PEEK = 1 << 16  # bytes at the beginning of a file
# Words that stand together at the beginning of an export.
SIGNS = (
    ('"chaski-chat',),
    ('"mapping"', '"parent"'),
    ('"currentlySelected"', '"versions"'),
    ('"chat"', '"history"', '"parentId"'),
    ('"conv"', '"messages"', '"currNode"'),
    ('"dexie"', '"conversations"'),
)


def read_chats(path: Path, left_out: MutableSequence[str] | None = None) -> list[ChatRecord]:
    """The chats in a file, an archive, or a folder of such files, those with turns. Raises a
    ChaskiError that names it; `left_out` is told of each file in it that could not be read."""
    lost: MutableSequence[str] = [] if left_out is None else left_out
    try:
        found = _in_folder(path, lost) if path.is_dir() else _in_file(path, lost)
    except ChaskiError as error:
        if type(error) is UsageError:
            raise
        raise type(error)(
            "{file} was not imported: {why}.", file=shown(path.name), why=error
        ) from None
    found = [record for record in found if record.tree.turns]
    if not found:
        why = lost[0] if lost else Words("no chat is in it")
        raise FormatError("{file} was not imported: {why}.", file=shown(path.name), why=why)
    if len(found) > MOST_CHATS:
        raise FormatError(
            "{file} was not imported: it has more than {most:,} chats.",
            file=shown(path.name),
            most=MOST_CHATS,
        )
    return found


def may_hold_chats(path: Path) -> bool:
    """Whether a file that was dropped somewhere looks like one to import: by its name, or by what
    stands at its beginning."""
    name = path.name
    if name in (*NAMES, "thread.json", "messages.jsonl"):
        return True
    if name.endswith(".conversation.json") or (path / "thread.json").is_file():
        return True
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        if path.suffix.lower() == ".chat":
            return _is_binary(path)
        if path.suffix.lower() == ".json":
            begun = beginning(path, PEEK)
            return any(all(sign in begun for sign in signs) for signs in SIGNS)
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                return any(_is_chats(inside) for inside in archive.namelist())
    except (*UNSOUND, OSError, ValueError, NotImplementedError, ChaskiError):
        pass  # whoever imports it is told
    return False


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return is_gpt4all(file.read(4))


def _in_folder(folder: Path, left_out: MutableSequence[str]) -> list[ChatRecord]:
    """A thread of Jan's, or every file that is known: Jan's threads, LM Studio's conversations."""
    if (folder / "messages.jsonl").is_file() or (folder / "thread.json").is_file():
        return [_jan(folder)]
    names = list(islice(folder.rglob("*"), MOST_FILES + 1))  # a folder may be a whole disk
    if len(names) > MOST_FILES:
        raise FormatError("the folder has more than {most:,} files", most=MOST_FILES)
    found: list[ChatRecord] = []
    left = MOST_BYTES
    for path in sorted(names, key=str):
        is_thread = path.name == "messages.jsonl"
        if not (is_thread or path.name.endswith((".conversation.json", ".chat"))):
            continue
        if not path.is_file():
            continue
        left -= path.stat().st_size
        if left < 0:
            raise _too_much()
        name = str(path.relative_to(folder))
        with _told(name, left_out):
            found += [_jan(path.parent)] if is_thread else _in_file(path, left_out)
    return found


@contextmanager
def _told(name: str, left_out: MutableSequence[str]) -> Iterator[None]:
    """What is wrong with one of many costs that one, and is told."""
    try:
        yield
    except ChaskiError as error:
        left_out.append(Words("{file}: {why}", file=shown(name), why=error))


def _too_much() -> FormatError:
    return FormatError("the chats in it take more than {most:,} bytes", most=MOST_BYTES)


def _in_file(path: Path, left_out: MutableSequence[str]) -> list[ChatRecord]:
    if path.name in ("thread.json", "messages.jsonl"):
        return [_jan(path.parent)]
    if path.is_file() and zipfile.is_zipfile(path):
        return _in_archive(path, left_out)
    data = read_file(path, MOST_BYTES)
    return [gpt4all_chat(data)] if is_gpt4all(data) else _in_json(data)


def _in_json(data: bytes) -> list[ChatRecord]:
    found = chats_in(_json(data))
    if found is None:
        raise FormatError(
            "it is no export of chats that is known; those of {known} are", known=KNOWN
        )
    return found


def _in_archive(path: Path, left_out: MutableSequence[str]) -> list[ChatRecord]:
    """ChatGPT's export, which may have its conversations in several files."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [each for each in archive.infolist() if _is_chats(each.filename)]
            if not inside:
                raise FormatError("the archive has no conversations.json")
            found: list[ChatRecord] = []
            left = MOST_BYTES
            for each in inside:
                with archive.open(each) as file:
                    data = file.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise _too_much()
                with _told(each.filename, left_out):
                    found += _in_json(data)
            return found
    except NotImplementedError:  # also a version of the form that is not known
        raise FormatError(
            "the archive is packed in a way that is not known here; unpack it, and import the "
            "conversations.json in it"
        ) from None
    except RuntimeError:
        raise FormatError(
            "the archive has a password; unpack it, and import the conversations.json in it"
        ) from None
    except (*UNSOUND, OSError, EOFError, ValueError):
        raise FormatError("the archive is damaged; get it again") from None


def _is_chats(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last in NAMES or (last.startswith("conversations-") and last.endswith(".json"))


def _jan(folder: Path) -> ChatRecord:
    """Without turns where nothing was said yet. What is said of a thread may be lost or damaged."""
    thread: Any = {}
    with suppress(FormatError):
        thread = _json(read_file(folder / "thread.json", MOST_BYTES))
    text = read_file(folder / "messages.jsonl", MOST_BYTES).decode("utf-8", "replace")
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > MOST_MESSAGES:
        raise FormatError("a chat in it has more than {most:,} messages", most=MOST_MESSAGES)
    messages = _objects(lines)
    if lines and not messages:
        raise FormatError("it is no thread of Jan's, or a damaged one")
    return jan_chat(dict_in(thread), messages)


def _objects(lines: Iterable[str]) -> list[dict[str, Any]]:
    """A line that is cut or damaged costs that message."""
    found = []
    for line in lines:
        try:
            each = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(each, dict):
            found.append(each)
    return found


def _json(data: bytes) -> Any:
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise FormatError("it has more than {most:,} values", most=MOST_VALUES)
    try:
        return json.loads(data.decode("utf-8-sig", "replace"))
    except RecursionError:
        raise FormatError("it is damaged: lists lie in each other without end") from None
    except ValueError:
        raise FormatError("it is neither JSON nor another export that is known") from None
