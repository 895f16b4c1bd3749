"""Chats as files: Markdown, a page or a document for people (the branch that is shown), JSON for
programs (all of it).
"""

import json
from dataclasses import asdict, replace
from typing import Any

from engine.base.conversation import ChatRecord, Tree, Turn
from engine.base.errors import UsageError
from engine.library.chats_records import day_words, extra_text

_SPEAKERS = {"user": "You", "assistant": "Model"}


FORMS = {
    "md": "Markdown",
    "html": "Web page",
    "docx": "Word document",
    "json": "JSON, all branches",
}


def as_file(record: ChatRecord, form: str) -> bytes:
    """What a file of this form (its ending, see FORMS) holds."""
    match form:
        case "md":
            text = to_markdown(record)
        case "json":
            text = to_json(record)
        case "html":
            from engine.library.chats_page import to_html

            text = to_html(record)
        case "print":
            from engine.library.chats_page import to_print

            text = to_print(record)
        case "docx":
            from engine.library.chats_word import to_docx

            return to_docx(record)
        case _:
            raise UsageError(
                "a chat cannot become .{form}; it can become {forms}",
                form=form,
                forms=", ".join(FORMS),
            )
    return text.encode("utf-8", "replace")


def to_markdown(record: ChatRecord) -> str:
    """Headings for the speakers; thinking is folded away; the turns' own Markdown is kept."""
    parts = [f"# {record.title or 'Chat'}", _about(record.model, record.created)]
    if record.system:
        parts += ["## System", record.system]
    for turn in record.tree.path():
        parts += _spoken(turn)
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(model: str, created: float) -> str:
    words = ", ".join(part for part in (day_words(created), model) if part)
    return f"*{words}*" if words else ""


def _spoken(turn: Turn) -> list[str]:
    parts = [f"## {_SPEAKERS[turn.role]}"]
    parts += [each.told for each in turn.attachments]
    if turn.thinking:
        parts.append(f"<details><summary>Thinking</summary>\n\n{turn.thinking}\n\n</details>")
    return [*parts, turn.text]


def to_json(record: ChatRecord) -> str:
    """Everything but where its model lies here: settings, all turns of all branches."""
    about = asdict(replace(record, tree=Tree()))
    del about["tree"], about["temporary"], about["model_path"]
    found = {"format": "chaski-chat", "version": 1, **about, "leaf": record.tree.leaf}
    found["messages"] = [_entry(turn) for turn in record.tree.turns.values()]
    return json.dumps(found, indent=2, ensure_ascii=False)


def _entry(turn: Turn) -> dict[str, Any]:
    if turn.deleted:  # its place stays, for those that follow it; its words are given to nobody
        turn = replace(turn, text="", thinking="", attachments=())
    return {
        "id": turn.id,
        "parent": turn.parent,
        "created": turn.created,
        "role": turn.role,
        "content": turn.text,
        "thinking": turn.thinking,
        "complete": turn.complete,
        "extra": json.loads(extra_text(turn)),
    }
