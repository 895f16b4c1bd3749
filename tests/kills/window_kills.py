"""Kills the real window at random moments while an answer streams, and looks at what is kept.

    .venv/bin/python tests/kills/window_kills.py [--kills 100] [--seed 1] [--model FILE]

The window runs in a process of its own, without a display, with the real engine and a tiny model
(or the one that is named). What it is told and what it shows goes to a file, through hooks of this
script. Every letter that was shown must be in the store that is opened next; prints the figures.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from engine.base.paths import Paths  # noqa: E402
from engine.library import ChatStore  # noqa: E402

START_LIMIT = 120.0
LONGEST = 4.0  # seconds of streaming before the kill
TEMPLATE = "{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}a: "


@dataclass
class Outcome:
    """One kill: the question, letters shown by then, and letters kept."""

    question: str
    shown: int
    kept: int
    right: bool  # what is kept begins with all that was shown, and its model had said no more
    incomplete: bool
    intact: bool


@dataclass
class Figures:
    outcomes: list[Outcome] = field(default_factory=list)
    earlier_lost: int = 0  # answers of earlier rounds that are not what they were

    def failures(self) -> list[Outcome]:
        return [o for o in self.outcomes if not (o.right and o.intact and o.incomplete)]

    def words(self) -> str:
        o = self.outcomes
        return (
            f"{len(o)} kills; file intact {sum(x.intact for x in o)} of {len(o)}; "
            f"answers kept whole {sum(x.right for x in o)} of {len(o)}, "
            f"known as incomplete {sum(x.incomplete for x in o)}; letters shown "
            f"{sum(x.shown for x in o):,}, of them kept {sum(min(x.shown, x.kept) for x in o):,}; "
            f"answers of earlier rounds changed: {self.earlier_lost}"
        )


def kill_windows(home: Path, model: Path, kills: int, seed: int, tiny: bool = True) -> Figures:
    """Start, wait for the first letters, kill after a while, look; all rounds share one home."""
    draw, figures = random.Random(seed), Figures()
    before: dict[str, str] = {}
    for number in range(kills):
        question = f"Question {seed}-{number}"
        log = home / f"shown-{number}.jsonl"
        _kill_one(home, model, question, log, draw.uniform(0.05, LONGEST), tiny)
        outcome, text = _looked_at(home, question, log)
        figures.outcomes.append(outcome)
        now = _answers(home)
        figures.earlier_lost += sum(now.get(q) != t for q, t in before.items())
        before[question] = text
    return figures


def _kill_one(home: Path, model: Path, question: str, log: Path, after: float, tiny: bool) -> None:
    command = [sys.executable, __file__, "--window", str(home), str(model), question, str(log)]
    kill_after([*command, "tiny" if tiny else "usual"], log, after)


def kill_after(command: list[str], log: Path, after: float) -> None:
    """Start a window, wait until its file says what it showed, and kill it so many seconds later.
    Raises RuntimeError where it does not come that far."""
    quiet = {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.text.font.db=false"}
    window = subprocess.Popen(command, env={**os.environ, **quiet})
    begun = time.monotonic()
    try:
        while not (log.exists() and log.stat().st_size):
            if window.poll() is not None or time.monotonic() - begun > START_LIMIT:
                raise RuntimeError(f"the window showed nothing (exit code {window.returncode})")
            time.sleep(0.005)
        time.sleep(after)
        if window.poll() is not None:
            raise RuntimeError(f"the window ended by itself with {window.returncode}")
    finally:
        window.send_signal(signal.SIGKILL)
        window.wait()


def _looked_at(home: Path, question: str, log: Path) -> tuple[Outcome, str]:
    pieces = [json.loads(line) for line in log.read_text("utf-8").split("\n") if line]
    said, shown = ("".join(text for k, text in pieces if k == kind) for kind in ("said", "shown"))
    raw = sqlite3.connect(Paths.under(home).chats_file)
    (verdict,) = raw.execute("PRAGMA integrity_check").fetchone()
    raw.close()
    store = ChatStore(Paths.under(home))
    chats = store.list()
    intact = verdict == "ok" and not store.notice  # nothing was taken for damaged
    chat = next((c for c in chats if c.title == question), None)
    thread = store.read(chat.id).tree.path() if chat is not None else []
    store.close()
    last = thread[-1] if len(thread) == 2 else None
    text = last.thinking + last.text if last is not None else ""
    right = text.startswith(shown) and said.startswith(text.rstrip("\ufffd"))
    cut = last is not None and not last.complete
    outcome = Outcome(question, len(shown), len(text), right, cut, intact)
    return outcome, text


def _answers(home: Path) -> dict[str, str]:
    store = ChatStore(Paths.under(home))
    found = {}
    for chat in store.list():
        thread = store.read(chat.id).tree.path()
        last = thread[-1] if len(thread) == 2 else None
        found[chat.title] = last.thinking + last.text if last is not None else ""
    store.close()
    return found


def run_window(home: Path, model: str, question: str, log: Path, tiny: bool) -> None:
    """The process that is killed: the program's own window, which asks as soon as it can."""
    from dataclasses import replace

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from engine.api import Engine, GenerationParams, LoadOptions
    from gui import opened
    from gui.app import Shell
    from gui.chat.conversation import Conversation
    from gui.chat.transcript import Transcript
    from gui.garbage import Garbage

    if tiny:  # the oracle backend compiles nothing
        options = LoadOptions(backend="reference", batch=16)
        opened.LoadOptions = lambda **chosen: replace(options, **chosen)  # type: ignore
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    take, show = Conversation._on_text, Transcript.add_text

    def note(kind: str, text: str) -> None:
        os.write(file, (json.dumps([kind, text]) + "\n").encode())

    def said(self: Conversation, channel: str, text: str) -> None:
        note("said", text)
        take(self, channel, text)

    def shown(self: Transcript, channel: str, text: str) -> None:
        show(self, channel, text)
        note("shown", text)

    Conversation._on_text = said  # type: ignore[method-assign]
    Transcript.add_text = shown  # type: ignore[method-assign]
    app = QApplication([])
    Garbage(app)
    shell = Shell(app, Engine(Paths.under(home)))
    window = shell.open_window()

    def ask(info: object) -> None:
        window.chat.talk.record.generation = GenerationParams(ignore_eos=True)
        QTimer.singleShot(0, lambda: window.chat.talk.send(question))

    shell.desk.loaded.connect(ask)
    shell.read()
    window.open_path(model)
    app.exec()


def tiny_model(folder: Path) -> Path:
    from helpers.tiny_models import write_tiny_llama

    extra = {"tokenizer.chat_template": TEMPLATE}
    return write_tiny_llama(folder / "tiny.gguf", n_ctx=4096, extra_metadata=extra)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--window", nargs=5, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.window:
        home, model, question, log, kind = args.window
        run_window(Path(home), model, question, Path(log), kind == "tiny")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        model = args.model or tiny_model(home)
        figures = kill_windows(home, model, args.kills, args.seed, tiny=args.model is None)
    print(figures.words())
    for outcome in figures.failures():
        print(outcome)
    return 1 if figures.failures() or figures.earlier_lost else 0


if __name__ == "__main__":
    sys.exit(main())
