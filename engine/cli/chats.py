"""`chaski chats`: the chats of this computer, as the window has them, into files and back."""

import argparse
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.paths import user_path
from engine.base.places import check_output, writing
from engine.base.words import quoted, shown
from engine.cli.console import Console
from engine.cli.flags import FlagError, Subparsers, add_verb, at_least
from engine.cli.speaking import printed

if TYPE_CHECKING:
    from engine.library import ChatStore
    from engine.library.chats_records import ChatHead

Action = Callable[["ChatStore", argparse.Namespace, Console], None]
FORMS = ("md", "html", "docx", "json")
ALL = "all"
ANY = 999
# What an action needs behind it, by how much that is; -1: at most one.
TAKES_WORDS = {
    -1: "chats {action} takes one chat or file at most",
    0: "chats {action} takes nothing behind it",
    1: "chats {action} needs one chat or file",
    2: "chats {action} needs a chat and a file",
    ANY: "chats {action} needs words",
}


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "chats", "the chats that are kept", run, model=False)
    parser.description = (
        "The chats that the window has: list, show CHAT, export CHAT OUT, export all OUT.json, "
        "import FILE (of ours or another program, or a folder of such), search WORDS, delete CHAT, "
        "restore CHAT (alone: the one deleted last). CHAT is its number, its title, or how its "
        "title begins."
    )
    parser.add_argument("action", nargs="?", choices=tuple(ACTIONS), default="list")
    parser.add_argument("what", nargs="*", metavar="CHAT | WORDS | FILE")
    parser.add_argument("--as", dest="form", choices=FORMS, help="export: otherwise by OUT's name")
    parser.add_argument("--limit", type=at_least(1), default=0, metavar="N", help="list, search")
    parser.add_argument("--deleted", action="store_true", help="list: those that can be restored")


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.api import Engine

    action, counts = ACTIONS[args.action]
    if len(args.what) not in counts:
        raise FlagError(_takes(counts), action=args.action)
    for flag, given, actions in (
        ("--as", args.form, ("export",)),
        ("--limit", args.limit, ("list", "search")),
        ("--deleted", args.deleted, ("list",)),
    ):
        if given and args.action not in actions:
            raise FlagError("chats {action} takes no {flag}", action=args.action, flag=flag)
    with Engine() as engine:
        action(engine.chats, args, console)
        if engine.chats.notice:
            console.note(engine.chats.notice)
    return 0


def _takes(counts: range) -> str:
    if counts[0]:
        return TAKES_WORDS.get(counts[-1], TAKES_WORDS[ANY])
    return TAKES_WORDS[0] if counts[-1] == 0 else TAKES_WORDS[-1]


def _list(store: "ChatStore", args: argparse.Namespace, console: Console) -> None:
    found = list(store.deleted() if args.deleted else store.list(args.limit or -1))
    found = found[: args.limit or None]
    none = Words("no deleted chats") if args.deleted else Words("no chats yet")
    _tell(found, console, none)


def _show(store: "ChatStore", args: argparse.Namespace, console: Console) -> None:
    record = store.read(_chat(store, args.what[0]))
    text = store.as_file(record, "md").decode()
    console.result(json.loads(store.as_file(record, "json")), text.rstrip("\n"))


def _export(store: "ChatStore", args: argparse.Namespace, console: Console) -> None:
    name, out = args.what[0], user_path(args.what[1])
    form = args.form or out.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise FlagError(
            "chats export needs --as {forms}, or a file that is called so", forms=" | ".join(FORMS)
        )
    check_output(out)
    if name == ALL and form != "json":
        raise FlagError("chats export all writes JSON: --as json")
    if name == ALL:
        chats = [json.loads(store.as_file(store.read(c.id), "json")) for c in store.list()]
        whole = {"format": "chaski-chats", "version": 1, "chats": chats}
        data = json.dumps(whole, indent=1).encode()
    else:
        data = store.as_file(store.read(_chat(store, name)), form)
    with writing(out) as file:
        file.write(data)
    words = Words("{file} was written", file=shown(str(out)))
    console.result({"path": str(out), "bytes": len(data)}, printed(words))


def _import(store: "ChatStore", args: argparse.Namespace, console: Console) -> None:
    left_out: list[str] = []
    found = store.read_file(user_path(args.what[0]), left_out)
    _tell([store.take_in(record) for record in found], console, "")
    for words in left_out:
        console.note(Words("not imported: {what}", what=words))


def _search(store: "ChatStore", args: argparse.Namespace, console: Console) -> None:
    hits = store.search(" ".join(args.what), args.limit or 100)
    found = [
        {"chat": hit.chat, "title": hit.title, "message": hit.turn, "text": hit.snippet}
        for hit in hits
    ]
    lines = (f"{hit.chat:>10}  {shown(hit.title, 40)}: {shown(hit.snippet)}" for hit in hits)
    console.result({"hits": found}, "\n".join(lines) or printed(Words("no chat has these words")))


def _delete(store: "ChatStore", args: argparse.Namespace, console: Console) -> None:
    deleted = store.delete(_chat(store, args.what[0]))
    words = Words(
        "{chat} was deleted; chaski chats restore brings it back for 30 days",
        chat=_called(deleted),
    )
    console.result(_entry(deleted), printed(words))


def _restore(store: "ChatStore", args: argparse.Namespace, console: Console) -> None:
    """Without a name, the one that was deleted last."""
    chat = _chat(store, args.what[0], deleted=True) if args.what else None
    restored = store.restore(chat)
    if restored is None:
        raise UsageError("no chat was deleted that could be restored")
    console.result(_entry(restored), printed(Words("{chat} was restored", chat=_called(restored))))


ACTIONS: dict[str, tuple[Action, range]] = {
    "list": (_list, range(1)),
    "show": (_show, range(1, 2)),
    "export": (_export, range(2, 3)),
    "import": (_import, range(1, 2)),
    "search": (_search, range(1, ANY + 1)),
    "delete": (_delete, range(1, 2)),
    "restore": (_restore, range(2)),
}


def _chat(store: "ChatStore", name: str, *, deleted: bool = False) -> int:
    """The chat of this number, or the only one that is called so, or whose title begins so."""
    if name.isdecimal() and len(name) < 19:
        return store.get(int(name)).id
    folded = name.casefold()
    there = list(store.deleted() if deleted else store.list())
    found = [chat for chat in there if chat.title.casefold() == folded]
    found = found or [chat for chat in there if chat.title.casefold().startswith(folded)]
    if len(found) != 1:
        raise UsageError(
            "{n} chats are called {name}; name one by its number"
            if found
            else "no chat is called {name}; chaski chats lists them",
            name=quoted(name),
            n=len(found),
        )
    return found[0].id


def _tell(chats: "list[ChatHead]", console: Console, none: str) -> None:
    text = "\n".join(_lines(chats)) or printed(none)
    console.result({"chats": [_entry(chat) for chat in chats]}, text)


def _lines(chats: "list[ChatHead]") -> Iterator[str]:
    from engine.library.chats_records import day_words

    for chat in chats:
        day = day_words(chat.changed)[:10].ljust(10)
        place = f"{shown(chat.folder, 20)}/ " if chat.folder else ""
        place = f"{printed(Words('pinned'))}  " if chat.pinned else place
        yield f"{chat.id:>10}  {day}  {chat.n_messages:>4}  {place}{_called(chat)}"


def _called(chat: "ChatHead") -> str:
    return shown(chat.title, 80) or printed(Words("New chat"))


def _entry(chat: "ChatHead") -> dict[str, Any]:
    names = ("id", "title", "model", "folder", "pinned", "created", "changed", "deleted")
    return {**{name: getattr(chat, name) for name in names}, "messages": chat.n_messages}
