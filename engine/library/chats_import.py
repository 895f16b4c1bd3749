"""Chats out of files of other programs, and of ours: which file it is, and how much of it is read.

Files come from anywhere: sizes, numbers and depths are bounded, and whatever is wrong with one is
one sentence. Nothing is written here.
"""

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.base.conversation import ChatRecord
from engine.base.errors import ChaskiError, FormatError, UsageError
from engine.base.reading import beginning, read_file
from engine.base.words import shown
from engine.library.chats_forms import chats_in, jan_chat
from engine.library.chats_gpt4all import gpt4all_chat, is_gpt4all
from engine.library.chats_grown import MOST_MESSAGES

MOST_BYTES = 512 << 20  # of a file, also of one in an archive
MOST_FILES = 20_000  # of a folder
MOST_CHATS = 50_000
KNOWN = "Chaski, ChatGPT, LM Studio, Open WebUI, GPT4All, Jan and llama.cpp's web UI"
NAMES = ("conversations.json", "chats.json")  # in an archive
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


def read_chats(path: Path) -> list[ChatRecord]:
    """The chats in a file, an archive, or a folder of such files, those with turns. Raises a
    ChaskiError that names it."""
    try:
        found = _in_folder(path) if path.is_dir() else _in_file(path)
    except ChaskiError as error:
        if type(error) is UsageError:
            raise
        raise type(error)(
            "{file} was not imported: {why}.", file=shown(path.name), why=error
        ) from None
    found = [record for record in found if record.tree.turns]
    if not found:
        raise FormatError("{file} was not imported: no chat is in it.", file=shown(path.name))
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
        if path.suffix.lower() == ".chat":
            return _is_binary(path)
        if path.suffix.lower() == ".json" and path.is_file():
            begun = beginning(path, PEEK)
            return any(all(sign in begun for sign in signs) for signs in SIGNS)
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                return any(_is_chats(inside) for inside in archive.namelist())
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, ChaskiError):
        pass
    return False


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return is_gpt4all(file.read(4))


def _in_folder(folder: Path) -> list[ChatRecord]:
    """A thread of Jan's, or every file that is known: Jan's threads, LM Studio's conversations."""
    if (folder / "messages.jsonl").is_file() or (folder / "thread.json").is_file():
        return [_jan(folder)]
    found: list[ChatRecord] = []
    names = sorted(folder.rglob("*"), key=str)[: MOST_FILES + 1]
    if len(names) > MOST_FILES:
        raise FormatError("the folder has more than {most:,} files", most=MOST_FILES)
    for path in names:
        if path.name == "messages.jsonl" and path.is_file():
            found.append(_jan(path.parent))
        elif path.name.endswith((".conversation.json", ".chat")) and path.is_file():
            found += _in_file(path)
    return found


def _in_file(path: Path) -> list[ChatRecord]:
    if path.name in ("thread.json", "messages.jsonl"):
        return [_jan(path.parent)]
    if zipfile.is_zipfile(path):
        return _in_archive(path)
    data = read_file(path, MOST_BYTES)
    return [gpt4all_chat(data)] if is_gpt4all(data) else _in_json(data)


def _in_json(data: bytes) -> list[ChatRecord]:
    found = chats_in(_json(data))
    if found is None:
        raise FormatError(
            "it is no export of chats that is known; those of {known} are", known=KNOWN
        )
    return found


def _in_archive(path: Path) -> list[ChatRecord]:
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
                    raise FormatError(
                        "the chats in it take more than {most:,} bytes", most=MOST_BYTES
                    )
                found += _in_json(data)
            return found
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError):
        raise FormatError("the archive is damaged or locked") from None
    except Exception as error:  # zlib's own, whatever it is called
        if isinstance(error, ChaskiError):
            raise
        raise FormatError("the archive is damaged") from None


def _is_chats(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last in NAMES or (last.startswith("conversations-") and last.endswith(".json"))


def _jan(folder: Path) -> ChatRecord:
    thread: Any = {}
    if (folder / "thread.json").is_file():
        thread = _json(read_file(folder / "thread.json", MOST_BYTES))
    lines = read_file(folder / "messages.jsonl", MOST_BYTES).decode("utf-8", "replace").splitlines()
    if len(lines) > MOST_MESSAGES:
        raise FormatError("a chat in it has more than {most:,} messages", most=MOST_MESSAGES)
    messages = _objects(lines)
    if not isinstance(thread, dict) or not messages:
        raise FormatError("it is no thread of Jan's, or a damaged one")
    return jan_chat(thread, messages)


def _objects(lines: Iterable[str]) -> list[dict[str, Any]]:
    """A line that is cut or damaged costs that message."""
    found = []
    for line in lines:
        try:
            each = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            continue
        if isinstance(each, dict):
            found.append(each)
    return found


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig", "replace"))
    except RecursionError:
        raise FormatError("it is damaged: lists lie in each other without end") from None
    except ValueError:
        raise FormatError("it is neither JSON nor another export that is known") from None
