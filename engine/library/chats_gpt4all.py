"""Chats of GPT4All: its own binary files, written by Qt's QDataStream (Qt 6.2, big end first).

The layout is that of gpt4all-chat/src (chatlistmodel.cpp, chat.cpp, chatllm.cpp, chatmodel.cpp,
state of 2025), versions 6 to 12 of it:

    magic 0xF5D553CC, version                               u32, i32
    created, id, name, user's name, model, collections      i64, four strings, list of strings
    below 11: keeps_state, model's kind, 0, "", "", tokens  bool, i32, i32, two strings, u32
              and its state, where it was kept              numbers and bytes that are passed over
    number of items, items                                  i32

A string is its length in bytes (0xFFFFFFFF: none) and UTF-16; a bool is a byte.
"""

import struct

from engine.base.conversation import ChatRecord
from engine.base.errors import FormatError, UnsupportedError
from engine.library.chats_grown import MOST_MESSAGES, Node, in_a_row, title_in, when_in

MAGIC = 0xF5D553CC
OLDEST, NEWEST = 6, 12
NOTHING = 0xFFFFFFFF
DEEPEST = 16  # items within items
ROLES = {"Prompt: ": "user", "Response: ": "assistant", "System: ": "system"}


def is_gpt4all(data: bytes) -> bool:
    return data[:4] == MAGIC.to_bytes(4, "big")


def gpt4all_chat(data: bytes) -> ChatRecord:
    """Raises FormatError where the file ends early or lies, UnsupportedError where its version or
    something in it is not known."""
    stream = _Stream(data)
    stream.u32()
    version = stream.i32()
    if not OLDEST <= version <= NEWEST:
        raise UnsupportedError(
            "it is a chat of GPT4All in version {version} of its form; versions {oldest} to "
            "{newest} can be read. Open the chat in a newer GPT4All, which writes it anew",
            version=version,
            oldest=OLDEST,
            newest=NEWEST,
        )
    created = stream.i64()
    stream.text()
    name = stream.text()
    stream.text()
    model = stream.text()
    stream.texts()
    if version < 11:
        _skip_state(stream, version)
    nodes: list[Node] = []
    for _ in range(stream.count(stream.i32(), MOST_MESSAGES)):
        nodes.append(_item(stream, version))
    record = ChatRecord(title=title_in(name), model=model, created=when_in(created))
    return in_a_row(record, nodes)


def _skip_state(stream: "_Stream", version: int) -> None:
    keeps_state = stream.flag()
    stream.skip(8)
    stream.text()
    stream.text()
    stream.skip(4)
    if not keeps_state:
        return
    stream.skip(8 if version >= 7 else 4)  # tokens so far, and the context
    if version < 9:
        stream.skip(4 * stream.u64())  # logits
    stream.skip(4 * stream.u64())  # tokens
    stream.blob()


def _item(stream: "_Stream", version: int) -> Node:
    if version < 12:
        stream.skip(4)
    label, value = stream.text(), stream.text()
    if version < 10:
        stream.text()
    stream.text()
    stream.skip(4)  # flags
    if version >= 11 and label == "Response: ":
        stream.skip(1)
    _skip_sources(stream, version)
    if version >= 10:
        for _ in range(stream.count(stream.i64(), MOST_MESSAGES)):
            stream.blob()
            stream.blob()
    node = Node("", None, ROLES.get(label, "hidden"), value)
    if version >= 12:
        texts, thoughts = [value], list[str]()
        _inside(stream, texts, thoughts, 0)
        node.text = "\n\n".join(filter(None, texts)).strip()
        node.thinking = "\n\n".join(filter(None, thoughts)).strip()
    return node


def _skip_sources(stream: "_Stream", version: int) -> None:
    """Places in documents that it was told."""
    if version < 8:
        stream.text()
        stream.texts()
        return
    for _ in range(stream.count(stream.i64(), MOST_MESSAGES)):
        for _ in range(7):
            stream.text()
        stream.skip(12)


def _inside(stream: "_Stream", texts: list[str], thoughts: list[str], depth: int) -> None:
    """What an answer is made of: texts, and what it thought before them."""
    if depth > DEEPEST:
        raise FormatError("it is a damaged chat of GPT4All: items lie in each other without end")
    for _ in range(stream.count(stream.i64(), MOST_MESSAGES)):
        label, value = stream.text(), stream.text()
        if label == "Think: ":
            stream.skip(4)
            thoughts.append(value)
        elif label in ("Text: ", "Response: "):
            texts.append(value)
        elif label != "ToolResponse: ":
            raise UnsupportedError("it is a chat of GPT4All in which tools were used")
        _inside(stream, texts, thoughts, depth + 1)


class _Stream:
    """Reads on; every length is checked against what is left."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def skip(self, n: int) -> bytes:
        if not 0 <= n <= len(self._data) - self._at:
            raise FormatError("it is a damaged chat of GPT4All: it ends too early")
        self._at += n
        return self._data[self._at - n : self._at]

    def u32(self) -> int:
        return int.from_bytes(self.skip(4), "big")

    def i32(self) -> int:
        return int.from_bytes(self.skip(4), "big", signed=True)

    def i64(self) -> int:
        return int(struct.unpack(">q", self.skip(8))[0])

    def u64(self) -> int:
        return int.from_bytes(self.skip(8), "big")

    def flag(self) -> bool:
        return self.skip(1) != b"\0"

    def blob(self) -> bytes:
        n = self.u32()
        return b"" if n == NOTHING else self.skip(n)

    def text(self) -> str:
        return self.blob().decode("utf-16-be", "replace")

    def texts(self) -> list[str]:
        return [self.text() for _ in range(self.count(self.u32(), MOST_MESSAGES))]

    def count(self, n: int, most: int) -> int:
        if not 0 <= n <= most:
            raise FormatError("it is a damaged chat of GPT4All: a number in it makes no sense")
        return n
