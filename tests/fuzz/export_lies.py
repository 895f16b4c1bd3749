"""Exports of chats, bent: JSON of every form that is imported, and GPT4All's own files."""

import json
import struct
from pathlib import Path
from random import Random
from typing import Any

from fuzz import evil


def _text(words: str) -> bytes:
    raw = words.encode("utf-16-be")
    return struct.pack(">I", len(raw)) + raw


def _gpt4all() -> bytes:
    """Version 12 with a thought inside an answer."""
    out = struct.pack(">Iiq", 0xF5D553CC, 12, 1_700_000_000)
    out += _text("id") + _text("Foxes") + _text("") + _text("Llama") + struct.pack(">Ii", 0, 2)
    for label in ("Prompt: ", "Response: "):
        out += _text(label) + _text("A fox?") + _text("") + bytes(4)
        out += b"\0" if label == "Response: " else b""
        out += struct.pack(">qqq", 0, 0, 1 if label == "Response: " else 0)
        if label == "Response: ":
            out += _text("Think: ") + _text("Hm.") + struct.pack(">iq", 3, 0)
    return out


def _chatgpt() -> Any:
    def node(name: str, parent: str | None, role: str, text: str) -> Any:
        content = {"content_type": "text", "parts": [text]}
        about = {"author": {"role": role}, "content": content, "create_time": 1.7e9}
        return {"id": name, "parent": parent, "children": [], "message": about}

    nodes = (("q", None, "user", "A fox?"), ("a", "q", "assistant", "Yes."), ("b", "q", "tool", ""))
    mapping = {name: node(name, parent, role, text) for name, parent, role, text in nodes}
    return [{"title": "Foxes", "mapping": mapping, "current_node": "a"}]


def _lm_studio() -> Any:
    text = [{"type": "text", "text": "A fox?"}]
    versions = [{"role": "user", "type": "singleStep", "content": text}]
    steps = [{"type": "contentBlock", "content": text, "style": {"type": "thinking"}}]
    answers = [{"role": "assistant", "type": "multiStep", "steps": steps * 2}] * 2
    return {
        "name": "Foxes",
        "createdAt": 1.7e12,
        "messages": [
            {"versions": versions, "currentlySelected": 0},
            {"versions": answers, "currentlySelected": 1},
        ],
    }


def _open_webui() -> Any:
    thought = '<details type="reasoning"><summary>T</summary>> hm</details>yes'
    messages = {
        "q": {"id": "q", "parentId": None, "role": "user", "content": "A fox?", "files": [{}]},
        "a": {"id": "a", "parentId": "q", "role": "assistant", "content": thought},
    }
    return [{"title": "F", "chat": {"history": {"messages": messages, "currentId": "a"}}}]


def _llama() -> Any:
    row = {"convId": "c", "type": "text", "timestamp": 1.7e12, "extra": [{"type": "TEXT"}]}
    messages = [
        {"id": "q", "parent": None, "role": "user", "content": "A fox?", **row},
        {"id": 7, "parent": "q", "role": "assistant", "content": "Yes.", **row},
    ]
    return {"conv": {"id": "c", "name": "F", "currNode": 7}, "messages": messages}


def _ours() -> Any:
    extra = {"thought_s": 1.5, "attachments": [{"name": "a", "text": "b"}], "sampling": {"seed": 1}}
    messages = [
        {"id": 1, "parent": None, "role": "user", "content": "A fox?", "extra": extra},
        {"id": 2, "parent": 1, "role": "assistant", "content": "Yes.", "complete": False},
    ]
    chat = {"format": "chaski-chat", "version": 1, "title": "F", "leaf": 2, "messages": messages}
    return {**chat, "sampling": {"top_k": 3}, "generation": {"stop": ["x"]}, "folder": "a"}


FORMS = (_chatgpt, _lm_studio, _open_webui, _llama, _ours)


def case(rng: Random) -> bytes:
    if rng.random() < 0.2:
        return evil.mutate_bytes(rng, _gpt4all())
    data = evil.as_json(evil.mutate_tree(rng, rng.choice(FORMS)()))
    return evil.mutate_bytes(rng, data) if rng.random() < 0.2 else data


def use(path: Path) -> None:
    """Read, kept in a store, and made files of again."""
    from engine.library.chats_import import read_chats
    from engine.library.chats_texts import FORMS as FILES
    from engine.library.chats_texts import as_file

    for record in read_chats(path)[:3]:
        assert record.tree.path()
        json.loads(as_file(record, "json"))
        for form in FILES:
            assert as_file(record, form)
