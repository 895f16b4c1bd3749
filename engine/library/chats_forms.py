"""Exports of chats in JSON: ours and those of other programs, each known by its shape.

Sources of the shapes, as they were in 2026: ChatGPT's conversations.json (a list with `mapping`
and `current_node`); LM Studio's *.conversation.json (`versions`, `currentlySelected`, `steps`);
Open WebUI's export (backend/open_webui/models/chats.py: `chat.history.messages`, `currentId`);
Jan's thread.json and messages.jsonl (docs/specs/threads.md, messages.md); llama.cpp's web UI
(tools/server/webui, ExportedConversation: `conv` and `messages`), and a dump of its database.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from engine.base.attachments import Attachment
from engine.base.conversation import ChatRecord, tree_of
from engine.library.chats_grown import (
    Node,
    dict_in,
    dicts_in,
    grown,
    in_a_row,
    list_in,
    text_in,
    title_in,
    when_in,
)
from engine.library.chats_records import generation_of, sampling_from, turn_of

_THOUGHT, _END = '<details type="reasoning"', "</details>"


def chats_in(found: object) -> list[ChatRecord] | None:
    """The chats in what a JSON file holds; None: it is no export that is known."""
    everything = [found] if isinstance(found, dict) else list_in(found)
    for is_form, read in FORMS:
        mine = [each for each in everything if isinstance(each, dict) and is_form(each)]
        if mine:
            return [record for each in mine for record in read(each)]
    return None


# Ours. Where the model lay is not taken from a file that anybody may have written: a path can lead
# to a file of theirs, or across a network.


def _ours(chat: dict[str, Any]) -> Iterator[ChatRecord]:
    for each in dicts_in(chat.get("chats")) or [chat]:
        record = ChatRecord(
            title=title_in(each.get("title")),
            model=text_in(each.get("model")),
            system=text_in(each.get("system")),
            is_named=each.get("is_named") is True,
            pinned=each.get("pinned") is True,
            folder=title_in(each.get("folder")),
            draft=text_in(each.get("draft")),
            created=when_in(each.get("created")),
        )
        if isinstance(each.get("sampling"), dict):
            record.sampling = sampling_from(each["sampling"])
        record.generation = generation_of(each.get("generation")) or record.generation
        turns = [turn for entry in dicts_in(each.get("messages")) if (turn := _our_turn(entry))]
        leaf = each.get("leaf")
        record.tree = tree_of(turns, leaf if isinstance(leaf, int) else None)
        yield record


def _our_turn(entry: dict[str, Any]) -> Any:
    number, parent = entry.get("id"), entry.get("parent")
    if not isinstance(number, int) or not 0 < number < 1 << 53:
        return None
    turn = turn_of(
        {
            "number": number,
            "role": text_in(entry.get("role")),
            "content": text_in(entry.get("content")),
            "thinking": text_in(entry.get("thinking")),
            "complete": 0 if entry.get("complete") is False else 1,
            "created": when_in(entry.get("created")),
            "extra": json.dumps(dict_in(entry.get("extra"))),
        }
    )
    if turn is not None and isinstance(parent, int):
        turn.parent = parent
    return turn


# ChatGPT


def _chatgpt(chat: dict[str, Any]) -> Iterator[ChatRecord]:
    record = ChatRecord(
        title=title_in(chat.get("title")),
        created=when_in(chat.get("create_time")),
        pinned=chat.get("is_starred") is True,
    )
    nodes = [
        _chatgpt_node(text_in(name), each)
        for name, each in dict_in(chat.get("mapping")).items()
        if isinstance(each, dict)
    ]
    yield grown(record, nodes, text_in(chat.get("current_node")) or None)


def _chatgpt_node(name: str, node: dict[str, Any]) -> Node:
    """What it told itself and its tools is no part of what was said."""
    message = dict_in(node.get("message"))
    content, about = dict_in(message.get("content")), dict_in(message.get("metadata"))
    role = text_in(dict_in(message.get("author")).get("role"))
    found = Node(name, text_in(node.get("parent")) or None, role)
    found.created, found.model = (
        when_in(message.get("create_time")),
        text_in(about.get("model_slug")),
    )
    kind = text_in(content.get("content_type"))
    if about.get("is_visually_hidden_from_conversation") is True:
        found.role = "hidden"
    elif kind == "thoughts":
        thoughts = dicts_in(content.get("thoughts"))
        found.thinking = "\n\n".join(text_in(each.get("content")) for each in thoughts)
    elif kind in ("text", "multimodal_text") and text_in(message.get("recipient")) in ("", "all"):
        found.text = "\n\n".join(_part(part) for part in list_in(content.get("parts"))).strip()
    else:
        found.role = "hidden"
    return found


def _part(part: object) -> str:
    if isinstance(part, dict):
        return text_in(part.get("text")) or "[picture]" * ("asset_pointer" in part)
    return text_in(part)


# LM Studio


def _lm_studio(chat: dict[str, Any]) -> Iterator[ChatRecord]:
    fields = dicts_in(dict_in(chat.get("perChatPredictionConfig")).get("fields"))
    config = {text_in(each.get("key")): each.get("value") for each in fields}
    model = text_in(dict_in(chat.get("lastUsedModel")).get("identifier"))
    system = text_in(config.get("llm.prediction.systemPrompt"))
    record = ChatRecord(
        title=title_in(chat.get("name")),
        model=model,
        system=system or text_in(chat.get("systemPrompt")),
        created=when_in(chat.get("createdAt")),
        pinned=chat.get("pinned") is True,
    )
    nodes: list[Node] = []
    parent: str | None = None
    for i, message in enumerate(dicts_in(chat.get("messages"))):
        versions = dicts_in(message.get("versions")) or [message]
        chosen = message.get("currentlySelected")
        for j, version in enumerate(versions):
            nodes.append(_lm_studio_node(f"{i}.{j}", parent, version, model))
        chosen = chosen if isinstance(chosen, int) and 0 <= chosen < len(versions) else 0
        parent = f"{i}.{chosen}"
    yield grown(record, nodes, parent)


def _lm_studio_node(name: str, parent: str | None, version: dict[str, Any], model: str) -> Node:
    found = Node(name, parent, text_in(version.get("role")), _lm_text(version.get("content")))
    texts, thoughts = [found.text], list[str]()
    for block in dicts_in(version.get("steps")):
        thinks = text_in(dict_in(block.get("style")).get("type")) == "thinking"
        (thoughts if thinks else texts).append(_lm_text(block.get("content")))
    found.text = "\n\n".join(filter(None, texts)).strip()
    found.thinking = "\n\n".join(filter(None, thoughts)).strip()
    if found.role == "assistant":
        found.model = model
    return found


def _lm_text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = [text_in(part.get("text")) for part in dicts_in(content) if part.get("type") == "text"]
    return "\n".join(parts)


# Open WebUI


def _open_webui(export: dict[str, Any]) -> Iterator[ChatRecord]:
    chat = dict_in(export.get("chat"))
    record = ChatRecord(
        title=title_in(export.get("title") or chat.get("title")),
        created=when_in(export.get("created_at")),
        pinned=export.get("pinned") is True,
        system=text_in(dict_in(chat.get("params")).get("system")),
    )
    history = dict_in(chat.get("history"))
    messages = dict_in(history.get("messages"))
    nodes = [
        _webui_node(text_in(n), each) for n, each in messages.items() if isinstance(each, dict)
    ]
    if nodes:
        yield grown(record, nodes, text_in(history.get("currentId")) or None)
    else:
        yield in_a_row(record, [_webui_node("", each) for each in dicts_in(chat.get("messages"))])


def _webui_node(name: str, message: dict[str, Any]) -> Node:
    content = text_in(message.get("content"))
    said, thoughts = _parted(content)
    files = dicts_in(message.get("files"))
    return Node(
        name,
        text_in(message.get("parentId")) or None,
        text_in(message.get("role")),
        said.strip() if thoughts else content,
        "\n\n".join(thoughts),
        text_in(message.get("model")),
        when_in(message.get("timestamp")),
        tuple(filter(None, map(_webui_file, files))),
    )


def _parted(content: str) -> tuple[str, list[str]]:
    """What was said, and the thoughts that are folded away in it. Each letter is looked at once:
    many may be opened that are never closed."""
    said, thoughts, at = list[str](), list[str](), 0
    while (begin := content.find(_THOUGHT, at)) >= 0:
        inside = content.find(">", begin) + 1
        end = content.find(_END, inside) if inside else -1
        if end < 0:
            break
        thought = content[inside:end].strip()
        if thought.startswith("<summary>"):
            thought = thought.partition("</summary>")[2] or thought
        said.append(content[at:begin])
        thoughts.append(_unquoted(thought))
        at = end + len(_END)
    return "".join(said) + content[at:], thoughts


def _webui_file(file: dict[str, Any]) -> Attachment | None:
    inside = dict_in(file.get("file"))
    text = text_in(dict_in(inside.get("data")).get("content"))
    return Attachment(title_in(file.get("name") or inside.get("filename")), text) if text else None


def _unquoted(text: str) -> str:
    lines = (line.strip() for line in text.strip().splitlines())
    return "\n".join(line.removeprefix("&gt; ").removeprefix("> ").strip() for line in lines)


# llama.cpp's web UI


def _llama_cpp(export: dict[str, Any]) -> Iterator[ChatRecord]:
    yield _llama_chat(dict_in(export.get("conv")), dicts_in(export.get("messages")))


def _llama_database(dump: dict[str, Any]) -> Iterator[ChatRecord]:
    """Dexie's dump of the browser's database: rows of its tables."""
    tables = {
        text_in(each.get("tableName")): dicts_in(each.get("rows"))
        for each in dicts_in(dict_in(dump.get("data")).get("data"))
    }
    by_chat: dict[str, list[dict[str, Any]]] = {}
    for message in tables.get("messages", []):
        by_chat.setdefault(text_in(message.get("convId")), []).append(message)
    for conv in tables.get("conversations", []):
        yield _llama_chat(conv, by_chat.get(text_in(conv.get("id")), []))


def _llama_chat(conv: dict[str, Any], messages: list[dict[str, Any]]) -> ChatRecord:
    record = ChatRecord(
        title=title_in(conv.get("name")),
        created=when_in(conv.get("lastModified")),
        pinned=conv.get("pinned") is True,
    )
    return grown(record, [_llama_node(each) for each in messages], _name(conv.get("currNode")))


def _llama_node(message: dict[str, Any]) -> Node:
    is_root = message.get("type") == "root"
    return Node(
        _name(message.get("id")) or "",
        _name(message.get("parent")),
        "hidden" if is_root else text_in(message.get("role")),
        text_in(message.get("content")),
        text_in(message.get("reasoningContent")) or text_in(message.get("thinking")),
        text_in(message.get("model")),
        when_in(message.get("timestamp")),
        tuple(
            Attachment(title_in(each.get("name")), text_in(each.get("content")))
            for each in dicts_in(message.get("extra"))
            if each.get("type") in ("TEXT", "PDF", "context", "textFile") and each.get("content")
        ),
    )


def _name(value: object) -> str | None:
    """Older versions counted their messages: a name may be a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value >= 0 else None
    return text_in(value) or None


# Jan


def jan_chat(thread: dict[str, Any], messages: list[dict[str, Any]]) -> ChatRecord:
    """A thread and the lines of its messages; each line is a message, the first one first."""
    about = dict_in(thread.get("metadata"))
    assistant = next(iter(dicts_in(thread.get("assistants"))), {})
    model = dict_in(thread.get("model") or assistant.get("model"))
    record = ChatRecord(
        title=title_in(thread.get("title") or about.get("title") or thread.get("summary")),
        model=text_in(model.get("id")),
        system=text_in(assistant.get("instructions")),
        created=when_in(thread.get("created") or thread.get("created_at")),
        pinned=thread.get("isFavorite") is True,
    )
    nodes = [_jan_node(each) for each in messages]
    nodes.sort(key=lambda node: node.created)  # lines of one moment stay as they are
    return in_a_row(record, nodes)


def _jan_node(message: dict[str, Any]) -> Node:
    parts: dict[str, list[str]] = {"text": [], "reasoning": []}
    for part in dicts_in(message.get("content")):
        value = part.get("text")
        text = text_in(value) or text_in(dict_in(value).get("value"))
        parts.setdefault(text_in(part.get("type")), []).append(text)
    model = text_in(dict_in(message.get("metadata")).get("modelId"))
    return Node(
        "", None, text_in(message.get("role")), "\n\n".join(parts["text"]),
        "\n\n".join(parts["reasoning"]), model, when_in(message.get("created_at")),
    )  # fmt: skip


FORMS: tuple[
    tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any]], Iterator[ChatRecord]]], ...
] = (
    (lambda each: each.get("format") in ("chaski-chat", "chaski-chats"), _ours),
    (lambda each: isinstance(each.get("mapping"), dict), _chatgpt),
    (lambda each: isinstance(each.get("conv"), dict) and "messages" in each, _llama_cpp),
    (lambda each: each.get("formatName") == "dexie", _llama_database),
    (lambda each: isinstance(each.get("chat"), dict), _open_webui),
    (
        lambda each: (
            "name" in each
            and any("versions" in m or "role" in m for m in dicts_in(each.get("messages")))
        ),
        _lm_studio,
    ),
)
