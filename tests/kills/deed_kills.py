"""Kills the real window at random moments while chats are streamed, edited, answered again,
branched, moved, deleted and imported, and looks at what is kept.

    .venv/bin/python tests/kills/deed_kills.py [--kills 100] [--seed 1]

The window runs in a process of its own, without a display, with the real engine and a tiny model,
and does one deed after the other by chance. What it shows goes to a file with the time. Of what was
shown more than a second before the kill, every turn must be in the store, at its place; of each
turn that is in the store, every letter that was shown, until the kill. Chats that were
told to be imported are there whole, others whole or not at all. All rounds share one home, so a
loss of an earlier round is found in every later one.
"""

import argparse
import json
import os
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from kills.window_kills import kill_after, tiny_model  # noqa: E402

from engine.base.paths import Paths  # noqa: E402
from engine.library import ChatStore  # noqa: E402

DEED_TO_KEPT = 1.0  # seconds
LONGEST = 3.0  # seconds of deeds before the kill
IMPORTED, TURNS = 25, 6  # chats of a file, and turns of each
WHOLE = re.compile(r"Imported \d+( \(copy\))*")  # titles of chats that were imported, not branches
Turns = dict[str, tuple[str, str]]  # "chat/turn" → its parent and its text


@dataclass
class Figures:
    kills: int = 0
    intact: int = 0
    due: int = 0  # turns that had to be kept, over all rounds
    letters: int = 0  # in them
    faults: list[str] = field(default_factory=list)
    deeds: Counter[str] = field(default_factory=Counter)
    imports_cut: int = 0  # kills in the middle of an import

    def words(self) -> str:
        done = ", ".join(f"{name} {n}" for name, n in sorted(self.deeds.items()))
        return (
            f"{self.kills} kills; file intact {self.intact} of {self.kills}; turns due "
            f"{self.due:,} with {self.letters:,} letters, faults {len(self.faults)}; "
            f"imports cut in the middle {self.imports_cut}; deeds: {done}"
        )


def kill_deeds(home: Path, model: Path, kills: int, seed: int) -> Figures:
    draw, figures = random.Random(seed), Figures()
    known: Turns = {}  # of all rounds, as it had to be kept
    export = home / "export.json"
    export.write_text(json.dumps(an_export()), "utf-8")
    for number in range(kills):
        log = home / f"shown-{number}.jsonl"
        _kill_one(home, model, export, log, seed * 1000 + number, draw.uniform(0.1, LONGEST))
        _look(home, log, time.monotonic(), known, figures)
        log.unlink()
    return figures


def an_export() -> list[dict[str, Any]]:
    """Of the form that ChatGPT writes."""
    chats = []
    for c in range(IMPORTED):
        nodes = {}
        for i in range(TURNS):
            role, text = ("user", "assistant")[i % 2], f"imported {c} {i} " + "word " * 50
            content = {"content_type": "text", "parts": [text]}
            message = {"author": {"role": role}, "content": content}
            nodes[str(i)] = {"parent": str(i - 1) if i else None, "message": message}
        chats.append({"title": f"Imported {c}", "mapping": nodes, "current_node": str(TURNS - 1)})
    return chats


def _kill_one(home: Path, model: Path, export: Path, log: Path, seed: int, after: float) -> None:
    places = map(str, (home, model, export, log, seed))
    kill_after([sys.executable, __file__, "--window", *places], log, after)


def _look(home: Path, log: Path, killed: float, known: Turns, figures: Figures) -> None:
    figures.kills += 1
    ever: Turns = dict(known)  # what was shown at all
    told = begun = 0
    since: dict[str, float] = {}  # turn → seconds before the kill at which its due state was shown
    for line in log.read_text("utf-8").splitlines():
        try:
            at, kind, found = json.loads(line)
        except ValueError:  # the kill cut it
            continue
        if kind == "deed":
            figures.deeds[found] += 1
            begun += found == "import"
        elif kind == "imported":
            told += 1
        elif kind == "turns":
            new = {key: (parent, text) for key, (parent, text) in found.items()}
            ever |= new
            if at <= killed - DEED_TO_KEPT:
                known |= new
                since |= dict.fromkeys(new, killed - at)
    figures.imports_cut += begun > told
    raw = sqlite3.connect(Paths.under(home).chats_file)
    (verdict,) = raw.execute("PRAGMA integrity_check").fetchone()
    raw.close()
    store = ChatStore(Paths.under(home))
    kept: Turns = {}
    chats = [*store.list(), *store.deleted()]
    for chat in chats:
        for turn in store.read(chat.id).tree.turns.values():
            kept[f"{chat.id}/{turn.id}"] = str(turn.parent), turn.thinking + turn.text
        if WHOLE.fullmatch(chat.title) and len(store.turns(chat.id)) < TURNS:
            figures.faults.append(f"{chat.title} is not whole")
    figures.intact += verdict == "ok" and not store.notice
    store.close()
    for key, (parent, text) in known.items():
        figures.due += 1
        figures.letters += len(text)
        if key not in kept:
            figures.faults.append(f"{key} is lost, {_when(since.get(key))}")
        elif kept[key][0] != parent or not kept[key][1].startswith(text):
            figures.faults.append(
                f"{key} is not what was shown, {_when(since.get(key))}: {len(text)} letters "
                f"below {parent}, kept {len(kept[key][1])} below {kept[key][0]}"
            )
    for key, (_, text) in kept.items():
        shown = ever[key][1] if key in ever else ""
        if not text.startswith(shown):  # there may be more: letters are kept before they are shown
            figures.faults.append(f"{key} has {len(text)} letters, shown were {len(shown)}")
    known.clear()
    known.update(kept)  # what is there now must be there in the next round


def _when(before: float | None) -> str:
    return "of a round before" if before is None else f"shown {before:.2f} s before the kill"


def run_window(home: Path, model: str, export: Path, log: Path, seed: int) -> None:
    """The process that is killed: the program's own window, which does deeds by chance."""
    from dataclasses import replace

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from engine.api import Engine, GenerationParams, LoadOptions
    from gui import opened
    from gui.app import Shell
    from gui.garbage import Garbage

    options = LoadOptions(backend="reference", batch=16)  # compiles nothing
    opened.LoadOptions = lambda **chosen: replace(options, **chosen)  # type: ignore
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    draw = random.Random(seed)
    app = QApplication([])
    Garbage(app)
    shell = Shell(app, Engine(Paths.under(home)))
    window = shell.open_window()
    before: Turns = {}

    def write(kind: str, found: object) -> None:
        os.write(file, (json.dumps([time.monotonic(), kind, found]) + "\n").encode())

    def note(record: Any = None) -> None:
        """What of a chat, or of the one that is shown, has changed."""
        record = record or window.chat.talk.record
        new = {}
        for turn in record.tree.turns.values() if record.id else ():
            now = str(turn.parent), turn.thinking + turn.text
            key = f"{record.id}/{turn.id}"
            if before.get(key) != now:
                new[key] = before[key] = now
        if new:
            write("turns", new)

    def answers() -> list[Any]:
        return [t for t in window.chat.talk.record.tree.path() if t.role == "assistant" and t.text]

    def deed() -> None:
        talk, book = window.chat.talk, shell.book
        has = answers()
        choices = ["send"]
        if has:
            choices += ["edit", "again", "branch", "rename", "move", "draft", "reword", "duplicate"]
        if len(book.rows()) > 3:
            choices += ["delete", "open"]
        choices += ["import"] * (draw.random() < 0.3)
        name = draw.choice(choices)
        if talk.busy and name in ("send", "edit", "again", "reword"):
            name = "stop"
        write("deed", name)
        path = talk.record.tree.path()
        match name:
            case "send":
                if draw.random() < 0.3:
                    window.chat.new_chat()
                window.chat.talk.send(f"question {draw.random()}")
            case "stop":
                talk.stop()
            case "edit":
                talk.edit(path[0], f"edited {draw.random()}")
            case "reword":
                talk.edit(draw.choice(has), f"reworded {draw.random()}")
            case "again":
                talk.again(draw.choice(has))
            case "branch":
                window.chat._branch(draw.choice(has))
            case "duplicate":
                window.chat.deeds._duplicate(talk.record.id)
            case "rename":
                book.rename(talk.record.id, f"title {draw.random()}")
            case "move":
                book.arrange(talk.record.id, folder=draw.choice(["", "one", "two"]))
            case "draft":
                window.chat.composer.edit.setPlainText(f"draft {draw.random()}")
            case "delete":
                book.delete(draw.choice([row.id for row in book.rows()]))
            case "open":
                window.chat.open_chat(draw.choice(book.rows()).id)
            case "import":
                window.chat.files.take_in(str(export))
        note()

    def noted(save: Any) -> Any:
        """What is kept was noted before."""

        def wrapped(record: Any, *more: Any) -> None:
            if not record.id:
                save(record, *more)  # it has no number before
            note(record)
            save(record, *more)

        return wrapped

    shell.book.save = noted(shell.book.save)  # type: ignore[method-assign]
    shell.book.save_turn = noted(shell.book.save_turn)  # type: ignore[method-assign]
    deeds, notes = QTimer(app), QTimer(app)
    deeds.timeout.connect(deed)
    notes.timeout.connect(lambda: note())
    window.chat.files.undoable.connect(lambda *_: write("imported", 0))

    def begin(_info: object) -> None:
        usual = window.chat.show_record

        def with_limit(record: Any, model: Any) -> None:
            record.generation = GenerationParams(ignore_eos=True, max_tokens=60)
            usual(record, model)

        window.chat.show_record = with_limit  # type: ignore[method-assign]
        window.chat.talk.record.generation = GenerationParams(ignore_eos=True, max_tokens=60)
        deeds.start(120)
        notes.start(30)

    shell.desk.loaded.connect(begin)
    shell.read()
    window.open_path(model)
    app.exec()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--window", nargs=5, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.window:
        home, model, export, log, seed = args.window
        run_window(Path(home), model, Path(export), Path(log), int(seed))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        figures = kill_deeds(home, tiny_model(home), args.kills, args.seed)
    print(figures.words())
    for fault in figures.faults[:40]:
        print(fault)
    return 1 if figures.faults or figures.intact < figures.kills else 0


if __name__ == "__main__":
    sys.exit(main())
