"""How smooth the transcript is: long chats opened, scrolled, zoomed, and written into fast.

    python tests/smooth/transcript.py [--platform offscreen|xcb] [--only open zoom stream ...]
        [--model FILE] [--busy N]

The real window with an engine that pretends, so that exactly 300 tokens come a second from another
thread. `--model FILE` lets the real engine write with this model all the while, on all cores and in
the same process, as in a second chat; `--busy N` keeps N other processes computing beside it. A
timer asks every millisecond whether it is late. Prints figures and whether each is within what was
promised.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

TEXT = (
    "The river bends here and the path along it is narrow and full of roots so that one walks "
    "slowly looks down often and still sees the heron before it flies over the weir "
)
WORDS = TEXT.split()
RATE = 300  # tokens a second
SECONDS = 6.0  # of streaming


def paragraph(n: int, words: int = 85) -> str:
    text = " ".join(WORDS[(n + i) % len(WORDS)] for i in range(words))
    return f"{text[:40]}**{text[40:60]}**{text[60:]} `code {n}`."


def answer(words: int) -> str:
    """Paragraphs with a list, a table and a block of code now and then, as models write."""
    parts = []
    for n in range(max(1, words // 85)):
        parts.append(paragraph(n))
        if n % 9 == 4:
            parts.append("\n".join(f"- {paragraph(n + i, 12)}" for i in range(4)))
        if n % 20 == 7:
            parts.append("| a | b |\n| --- | ---: |\n| one | 1 |\n| two | 2 |")
        if n % 15 == 9:
            lines = (f"    total += rows[{i}] * {i}  # sum" for i in range(8))
            parts.append("```python\ndef f(rows):\n" + "\n".join(lines) + "\n```")
    return "\n\n".join(parts)


class Measure:
    """A window, the gaps of its event loop, and what was found."""

    def __init__(self) -> None:
        from helpers.fake_engine import FakeEngine
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from engine.api import Paths
        from gui.app import Shell
        from gui.chat.book import Book
        from gui.garbage import Garbage

        self.app = QApplication([])
        Garbage(self.app)
        self._home = tempfile.TemporaryDirectory()
        self.engine = FakeEngine(Paths.under(Path(self._home.name)))
        self.shell = Shell(self.app, self.engine, Book())  # type: ignore[arg-type]
        self.shell.tooltips.begin()
        self.window = self.shell.open_window()
        self.window.resize(1280, 800)
        self.window.open_path("/models/Qwen3 4B.gguf")
        self.gaps: list[float] = []
        self._worked = 0.0  # seconds of this thread, whatever else the machine does
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self.until(lambda: self.window.chat.talk.model is not None)
        self.good = True

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    def until(self, done: Callable[[], bool], longest: float = 60.0) -> float:
        """Runs the event loop until then; how many seconds that took."""
        from PySide6.QtCore import QEventLoop, QTimer

        begun = time.perf_counter()
        loop, asking = QEventLoop(), QTimer()

        def look() -> None:
            if done() or time.perf_counter() - begun > longest:
                loop.quit()

        asking.timeout.connect(look)
        asking.start(5)
        if not done():
            loop.exec()
        return time.perf_counter() - begun

    def rest(self, seconds: float = 0.3) -> None:
        end = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() > end)

    def keep(self, turns: int, words: int) -> int:
        """A chat of earlier days."""
        from engine.base.conversation import Tree
        from gui.chat.book import ChatRecord

        tree = Tree()
        for i in range(turns // 2):
            tree.add("user", f"Question {i}: {paragraph(i, 20)}", tree.leaf)
            tree.add("assistant", answer(words), tree.leaf)
        record = ChatRecord(title=f"{turns} x {words}", tree=tree)
        self.shell.book.save(record)
        return record.id

    def open(self, number: int) -> float:
        """Until the chat is drawn, in seconds."""
        begun, self._worked = time.perf_counter(), time.thread_time()
        self.window.chat.open_chat(number)
        self.draw()
        self._worked = time.thread_time() - self._worked
        return time.perf_counter() - begun

    def draw(self) -> None:
        """Lay out and paint all that is due."""
        for _ in range(3):
            self.app.processEvents()
        self.window.chat.transcript.viewport().repaint()

    def say(self, name: str, value: float, most: float, unit: str) -> None:
        fine = value < most
        self.good &= fine
        own = f", {1000 * self._worked:.1f} ms of them at work" if self._worked else ""
        self._worked = 0.0
        print(f"{name}: {value:.1f} {unit}{own} (under {most:g}) {'ok' if fine else 'TOO MUCH'}")

    # What is measured

    def opening(self) -> None:
        for name, turns, words in (("2,000 messages", 2000, 60), ("20,000 words", 2, 20_000)):
            number = self.keep(turns, words)
            self.open(self.keep(2, 20))
            self.rest()
            self.say(f"open {name}", 1000 * self.open(number), 300, "ms")
            self.rest()
        self.say("open 40 x 500 words", 1000 * self.open(self.keep(80, 500)), 300, "ms")

    def zoom(self) -> None:
        for name, turns, words in (("one answer", 2, 20_000), ("80 messages", 80, 500)):
            self.open(self.keep(turns, words))
            self.rest()
            for step in (1, 1, -1):
                begun, worked = time.perf_counter(), time.thread_time()
                self.window.zoom(step)
                self.draw()
                self._worked = time.thread_time() - worked
                took = 1000 * (time.perf_counter() - begun)
                self.say(f"zoom, 20,000 words in {name}", took, 150, "ms")
                self.rest()
            self.window.usual_zoom()
            self.rest()

    def views(self) -> None:
        """A step of the text size after all views were looked at, and the way back to one."""
        from gui.main_window import VIEWS

        self.open(self.keep(80, 500))
        for kind in VIEWS:
            self.window.show_view(kind.name)
            self.rest()
        self.window.show_view("chats")
        self.rest()
        for step in (1, 1, -1):
            begun = time.perf_counter()
            self.window.zoom(step)
            self.draw()
            self.say("zoom, all views visited", 1000 * (time.perf_counter() - begun), 150, "ms")
            self.rest()
        for kind in VIEWS:
            begun = time.perf_counter()
            self.window.show_view(kind.name)
            self.draw()
            took = 1000 * (time.perf_counter() - begun)
            self.say(f"{kind.name} shown at another text size", took, 300, "ms")
            self.rest()
        self.window.usual_zoom()
        self.window.show_view("chats")
        self.rest()

    def scroll(self) -> None:
        """From the end of 2,000 messages to their beginning, a third of a view at a time."""
        self.open(self.keep(2000, 60))
        self.rest()
        bar = self.window.chat.transcript.verticalScrollBar()
        self.gaps.clear()
        steps = 0
        while steps < 400:
            bar.setValue(bar.value() - 250)
            self.rest(0.02)
            steps += 1
        self.tell_gaps("scroll up")

    def stream(self) -> None:
        for name, turns, words in (("one answer", 2, 20_000), ("80 messages", 80, 500)):
            self.open(self.keep(turns, words))
            self.rest()
            self._stream_into(name, "Go on")
        self.open(self.keep(2, 50))
        self._stream_into("an answer that grows to 20,000 words", "Go on", answer(20_000))

    def _stream_into(self, name: str, question: str, begun: str = "") -> None:
        script = self.engine.script
        script.text, script.pause, script.endless = answer(2000), 1 / RATE, True
        talk = self.window.chat.talk
        talk.send(question)
        self.until(lambda: bool(talk.record.tree.path()[-1].text))
        if begun:
            talk._on_text("answer", begun + "\n\n")
        self.rest(0.5)
        self.gaps.clear()
        length = len(talk.record.tree.path()[-1].text)
        self.rest(SECONDS)
        self.tell_gaps(f"stream into {name}")
        more = len(talk.record.tree.path()[-1].text) - length
        print(f"   {more / SECONDS:.0f} letters a second came")
        talk.stop()
        self.until(lambda: not talk.busy)
        script.endless = False

    def tell_gaps(self, name: str) -> None:
        self._worked = 0.0
        gaps = sorted(1000 * gap for gap in self.gaps)
        self.say(f"{name}, worst gap", gaps[-1], 100, "ms")
        self.say(f"{name}, p95 of gaps", gaps[int(0.95 * len(gaps))], 20, "ms")

    def memory(self) -> None:
        before = resident()
        self.open(self.keep(2000, 60))
        self.rest()
        self.say("memory, 2,000 messages opened", resident() - before, 120, "MB")
        bar = self.window.chat.transcript.verticalScrollBar()
        for _ in range(1500):
            bar.setValue(bar.value() - 600)
            self.rest(0.01)
        self.say("memory, 2,000 messages scrolled through", resident() - before, 120, "MB")


def resident() -> float:
    """MB of this process that are in memory and are no file."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("Anonymous:"))


class Writing:
    """The real engine, which never ends writing."""

    def __init__(self, model: Path) -> None:
        from engine.api import Engine, GenerationParams, LoadOptions, Paths

        self._home = tempfile.TemporaryDirectory()
        self.engine = Engine(Paths.under(Path(self._home.name)))
        info = self.engine.open_model(model, LoadOptions()).wait(600)
        endless = GenerationParams(max_tokens=1 << 20, ignore_eos=True, when_full="roll")
        self._chat = self.engine.new_chat(info.id, generation=endless)
        self.tokens = 0
        self._ask()

    def _ask(self) -> None:
        from engine.base.events import Finished, TextDelta

        def listen(event: object) -> None:
            self.tokens += isinstance(event, TextDelta)
            if isinstance(event, Finished):
                print("   (the real engine has reached its end)")

        self._chat.send("Tell me about the river.", listen)

    def close(self) -> None:
        self.engine.shutdown()


def burn() -> None:
    while True:
        sum(range(10_000))


WHAT = (
    "memory",
    "opening",
    "zoom",
    "views",
    "scroll",
    "stream",
)  # first: of a fresh process


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--platform", default="offscreen")
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=WHAT, choices=WHAT)
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    burning = [multiprocessing.Process(target=burn, daemon=True) for _ in range(options.busy)]
    for process in burning:
        process.start()
    measure = Measure()
    writing = Writing(options.model) if options.model else None
    for what in options.only:
        begun, before = time.perf_counter(), writing.tokens if writing else 0
        getattr(measure, what)()
        if writing is not None:
            rate = (writing.tokens - before) / (time.perf_counter() - begun)
            print(f"   meanwhile the real engine wrote {rate:.0f} pieces a second")
    measure.shell.close()
    if writing is not None:
        writing.close()
    for process in burning:
        process.kill()
    print("all within their bounds" if measure.good else "NOT all within their bounds")
    return 0 if measure.good else 1


if __name__ == "__main__":
    sys.exit(main())
