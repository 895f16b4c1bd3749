"""Pictures of the window, made without a display.

python tests/screenshots/make.py OUTDIR [--scale 1.5] [--language fr] [--size 900x600] [--walk]
    [--only NAME …]

The engine is a fake, so the pictures need no model and are the same everywhere.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

ANSWER = """Sort by a pair: first whether the value is missing, then the value itself. Python \
compares pairs from left to right, so the missing ones end up last and are never compared with \
a date.

```python
# newest first, unknown dates last
dates.sort(key=lambda d: (d is None, d), reverse=False)
```

If you want the newest dates first and still keep the missing ones at the end, use \
`-d.timestamp()` as the second part.
"""
SECOND = (
    'Pandas already puts missing dates last: `df.sort_values("date", ascending=False)` keeps '
    "`NaT` at the end"
)
THINKING = "The list mixes dates and None, which cannot be compared.\n\nA key of pairs solves it."
RICH = """## Trois façons de trier

1. **Par clé** : rapide et *lisible*
   - même pour de longues listes
   - sans copie
2. Par paires, comme ci-dessus
3. Avec [pandas](https://pandas.pydata.org)

| Façon | Temps | Mémoire |
| --- | --- | --- |
| `sort` | 12 ms | 0 |
| `sorted` | 14 ms | une copie |

> 並べ替えは安定です。同じ日付の順序は変わりません。

```rust
fn main() {
    let n: u32 = 42; // the answer
    println!("{n}");
}
```
"""
PARAGRAPH = f"{'The river bends here, and the path along it is narrow and full of roots. ' * 8}\n\n"
WALK = f"""{PARAGRAPH}1. Down to the **mill**
2. Over the old bridge, with a view of the valley

{PARAGRAPH}"""


def main() -> int:
    options = parse()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    options.folder.mkdir(parents=True, exist_ok=True)
    studio = Studio(options.folder, options.language, options.size)
    studio.walks = options.walk
    for name, shoot in studio.pictures().items():
        if not options.only or name in options.only:
            shoot(name)
    studio.close()
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--language", default="en", help="of the window and of the engine")
    parser.add_argument("--size", default="1280x800", help="of the window, where a scene has none")
    parser.add_argument("--walk", action="store_true", help="tell of unmarked and of cut words")
    parser.add_argument("--only", nargs="*", default=[])
    return parser.parse_args()


def make_language(language: str, folder: Path, engine_paths: Any) -> None:
    """Compile the catalogue as it is now, or make one that nobody speaks, and choose it."""
    import shutil
    from dataclasses import replace

    from helpers import pseudo
    from helpers.said import translate

    from gui.language import PREFIX, SUFFIX
    from gui.preferences import Preferences, save

    folder.mkdir()
    if language in pseudo.LETTERS:
        pseudo.make(folder, language)
    else:
        tool = translate()
        tool.compile_catalogue(tool.catalogue(language), folder / f"{PREFIX}{language}{SUFFIX}")
        shutil.copy(ROOT / "resources" / "words" / f"{language}.toml", folder)
    save(engine_paths.window_file, replace(Preferences(), language=language))


class Studio:
    """A window with a fake engine; each picture sets its scene first."""

    def __init__(self, folder: Path, language: str = "en", size: str = "1280x800") -> None:
        from helpers.fake_engine import FakeEngine
        from helpers.pseudo import offered

        from engine.api import Paths

        self.folder = folder
        self.app = self.open_app()
        self.home = tempfile.TemporaryDirectory()
        self.size = tuple(int(side) for side in size.split("x"))
        self.engine = FakeEngine(Paths.under(Path(self.home.name)))
        self.walks, self.told = False, set[tuple[str, str]]()
        self._spoken = ExitStack()
        if language != "en":
            spoken = Path(self.home.name) / "spoken"
            make_language(language, spoken, self.engine.paths)
            self._spoken.enter_context(offered(spoken))
        self.shell = self.open_shell()

    def open_app(self) -> "object":
        from PySide6.QtWidgets import QApplication

        from gui.garbage import Garbage

        app = QApplication([])
        Garbage(app)
        return app

    def open_shell(self) -> "object":
        from gui.app import Shell
        from gui.chat.book import Book

        shell = Shell(self.app, self.engine, Book())
        shell.tooltips.begin()
        shell.theme.choose("light")
        self.window = shell.open_window()
        self.window.resize(1280, 800)  # the screen that is not there would be smaller
        return shell

    def pictures(self) -> dict[str, Callable[[str], None]]:
        import context_scenes
        import daily_scenes
        import discover_scenes
        import guide_scenes
        import hardware_scenes
        import library_scenes
        import message_scenes
        import view_scenes
        import words_scenes

        return {
            "first-start": self.first_start,
            "loading": self.loading,
            "empty-chat": self.empty_chat,
            "chat-light": self.chat_light,
            "chat-dark": self.chat_dark,
            "chat-contrast": self.chat_contrast,
            "chat-large-text": self.chat_large_text,
            "parameters": self.parameters,
            "rich-text": self.rich_text,
            "long-answer-reopened": self.long_answer_reopened,
            "theme-changed-behind": self.theme_changed_behind,
            "size-changed-behind": self.size_changed_behind,
            "edit-long-answer": self.edit_long_answer,
            "context-full": self.context_full,
            "context-rolled": self.context_rolled,
            "answer-stopped": self.answer_stopped,
            "opening-in-a-chat": self.opening_in_a_chat,
            "question-waits": self.question_waits,
            "error": self.error,
            "models": self.models,
            "workshop-empty": self.workshop_empty,
            "workshop": self.workshop,
            "workshop-dark": self.workshop_dark,
            "workshop-job": self.workshop_job,
            "workshop-continue": self.workshop_continue,
            "workshop-done": self.workshop_done,
            "workshop-measuring": self.workshop_measuring,
            "workshop-loss": self.workshop_loss,
            "workshop-loss-dark": self.workshop_loss_dark,
            "workshop-loss-table": self.workshop_loss_table,
            "workshop-errors": self.workshop_errors,
            "workshop-error": self.workshop_error,
            "workshop-narrow": self.workshop_narrow,
            "inspector": self.inspector,
            "inspector-dark": self.inspector_dark,
            **context_scenes.scenes(self),
            **daily_scenes.scenes(self),
            **guide_scenes.scenes(self),
            **discover_scenes.scenes(self),
            **hardware_scenes.scenes(self),
            **library_scenes.scenes(self),
            **message_scenes.scenes(self),
            **view_scenes.scenes(self),
            **words_scenes.scenes(self),
        }

    # Scenes

    def first_start(self, name: str) -> None:
        from helpers.fake_engine import REPORT

        self.shell.desk.set_hardware(REPORT)
        self.shoot(name)

    def loading(self, name: str) -> None:
        self.engine.hold.clear()
        self.window.open_path("/models/Qwen3 4B.gguf")
        self.shoot(name)
        self.engine.hold.set()
        self.wait(lambda: bool(self.shell.desk.models()))

    def empty_chat(self, name: str) -> None:
        self.shoot(name)

    def chat_light(self, name: str) -> None:
        self.ready()
        if not self.window.chat.talk.record.tree.turns:
            self.fill_list()
            self.converse()
        self.shell.theme.choose("light")
        self.shoot(name)

    def chat_dark(self, name: str) -> None:
        self.chat_light(name)
        self.shell.theme.choose("dark")
        self.shoot(name)

    def chat_contrast(self, name: str) -> None:
        self.shell.theme.choose("contrast")
        self.shoot(name)
        self.shell.theme.choose("light")

    def chat_large_text(self, name: str) -> None:
        self.shell.theme.set_font_pixels(19)
        self.shoot(name)
        self.shell.theme.set_font_pixels(14)

    def parameters(self, name: str) -> None:
        self.finish_reply()
        self.window.chat.header.parameters.setChecked(True)
        self.shoot(name)
        self.window.chat.header.parameters.setChecked(False)

    def rich_text(self, name: str) -> None:
        self.ready()
        self.finish_reply()
        self.window.chat.new_chat()
        self.say("Trois façons de trier, s’il te plaît ; et une ligne en japonais : 並べ替え", RICH)
        self.window.chat.transcript.verticalScrollBar().setValue(0)
        self.shoot(name)

    def long_answer_reopened(self, name: str) -> None:
        """Twenty thousand words: their end stands over the composer."""
        self.reopen("Down the river", [PARAGRAPH, *[PARAGRAPH * 200]])
        self.shoot(name)

    def theme_changed_behind(self, name: str) -> None:
        self.reopen("Four walks", [WALK] * 4)
        self.window.show_view("settings")
        self.shell.theme.choose("dark")
        self.window.show_view("chats")
        self.shoot(name)
        self.shell.theme.choose("light")

    def size_changed_behind(self, name: str) -> None:
        self.reopen("Four walks", [WALK] * 4)
        self.window.show_view("settings")
        self.shell.theme.set_font_pixels(18)
        self.window.show_view("chats")
        self.shoot(name)
        self.shell.theme.set_font_pixels(14)

    def edit_long_answer(self, name: str) -> None:
        turns = self.reopen("Four walks", [WALK] * 4)
        self.window.chat.transcript.edit(turns[5])
        self.shoot(name)

    def context_full(self, name: str) -> None:
        self.reopen("Four walks", [WALK] * 2)
        self.engine.script.reason = "context"
        self.say("Write it all down, from the spring to the sea", PARAGRAPH)
        self.shoot(name)
        self.window.resize(760, 600)
        self.shoot(f"{name}-narrow")
        self.window.resize(1280, 800)
        self.engine.script.reason = "eos"

    def context_rolled(self, name: str) -> None:
        self.context_full(name)
        self.engine.script.text, self.engine.script.left_out = f" {PARAGRAPH}", 4
        self.window.chat.transcript.last_answer().note.roll.click()
        self.wait(lambda: not self.window.chat.talk.busy)
        self.shoot(name)

    def answer_stopped(self, name: str) -> None:
        self.reopen("Four walks", [PARAGRAPH])
        self.engine.script.reason = "cancelled"
        self.say("And then?", PARAGRAPH[:170])
        self.engine.script.reason = "length"
        self.say("And then?", PARAGRAPH)
        self.engine.script.reason = "eos"
        self.shoot(name)

    def opening_in_a_chat(self, name: str) -> None:
        self.reopen("Four walks", [WALK])
        self.engine.hold.clear()
        self.window.open_path("/models/Mistral-Small-24B-Q4_K_M.gguf")
        self.shoot(name)
        self.window.chat.header.cancel.click()
        self.engine.hold.set()
        self.wait(lambda: not self.shell.desk.opening)

    def question_waits(self, name: str) -> None:
        self.reopen("Four walks", [WALK])
        self.engine.hold.clear()
        self.window.open_path("/models/Mistral-Small-24B-Q4_K_M.gguf")
        self.window.chat.composer.edit.setPlainText("Which of them is the shortest?")
        self.window.chat.composer._act_send()
        self.shoot(name)
        self.window.chat.header.cancel.click()
        self.window.chat.composer.edit.clear()
        self.engine.hold.set()
        self.wait(lambda: not self.shell.desk.opening)

    def reopen(self, title: str, answers: list[str]) -> list[object]:
        """A chat of an earlier day."""
        from engine.base.conversation import Tree
        from gui.chat.book import ChatRecord

        self.ready()
        self.finish_reply()
        tree = Tree()
        for answer in answers:
            tree.add("user", "Where does the path go?", tree.leaf)
            tree.add("assistant", answer, tree.leaf)
        record = ChatRecord(title=title, model="Qwen3 4B", tree=tree)
        self.shell.book.save(record)
        self.window.chat.open_chat(record.id)
        return tree.path()

    def error(self, name: str) -> None:
        from engine.base.errors import FormatError

        self.engine.script.load_error = FormatError(
            "broken.gguf ends after 4,096 bytes, in the middle of its list of tensors; "
            "the download is incomplete, so get the file again."
        )
        self.window.open_path("/models/broken.gguf")
        self.wait(lambda: not self.window.chat.error.isHidden())
        self.shoot(name)
        self.engine.script.load_error = None
        self.window.chat.error.hide()

    def models(self, name: str) -> None:
        self.ready()
        from helpers.fake_engine import REPORT
        from PySide6.QtTest import QTest

        QTest.qWait(200)  # the list that opening a model asked for would come in between
        self.shell.desk.known = known_models()
        self.shell.desk.set_hardware(REPORT)
        self.window.show_view("models")
        self.shoot(name)

    def workshop_empty(self, name: str) -> None:
        self.bench().clear()
        self.shell.desk.known = known_models()
        self.shell.desk.known_changed.emit()
        self.shoot(name)

    def workshop(self, name: str) -> None:
        self.on_bench()
        self.shoot(name)

    def workshop_dark(self, name: str) -> None:
        self.shell.theme.choose("dark")
        self.workshop(name)
        self.shell.theme.choose("light")

    def workshop_job(self, name: str) -> None:
        from engine.api import jobs
        from engine.base.events import Stage

        job = self.start_job()
        job._mark("quantize")
        step = jobs.MakeProgress(Stage.ENCODING, 21, 40, what="blk.17.ffn_down.weight to Q6_K")
        job.show_progress(step)
        job.left.setText("39 s left")
        self.shoot(name)

    def workshop_continue(self, name: str) -> None:
        from PySide6.QtTest import QTest

        from engine.api import jobs

        bench = self.on_bench()
        QTest.qWait(300)  # the disk was asked, and knows of nothing
        bench.place.show_begun(jobs.Resumable("quantize", 0.634, 9_620_000_000))
        bench._reveal(bench.place)
        self.shoot(name)

    def workshop_done(self, name: str) -> None:
        from engine.api import jobs

        made = jobs.Made(Path("/models/Qwen3-4B-Q4_K_M.gguf"), 2_497_000_000, 84)
        self.start_job().finished(made)
        self.shoot(name)

    def workshop_measuring(self, name: str) -> None:
        card = self.made_card()
        card._working(True)
        card._on_progress("The source reads the text", 0.41)
        card.grown.emit()
        self.shoot(name)

    def workshop_loss(self, name: str) -> None:
        self.measured_card()
        self.shoot(name)

    def workshop_loss_dark(self, name: str) -> None:
        self.shell.theme.choose("dark")
        card = self.measured_card()
        card.panel.chart.setFocus()
        card.panel.chart._point(2)
        self.shoot(name)
        self.window.resize(800, 600)
        self.shoot(f"{name}-narrow")
        self.window.resize(1280, 800)
        self.shell.theme.choose("light")

    def workshop_loss_table(self, name: str) -> None:
        self.measured_card().panel.show_table.click()
        self.shoot(name)

    def workshop_errors(self, name: str) -> None:
        from engine.api import jobs

        kinds = {"attn_q": 0.071, "attn_v": 0.021, "ffn_down": 0.022, "attn_norm": 0.0}
        errors = [
            jobs.TensorError(
                f"blk.{i}.{part}.weight",
                {0.071: "Q4_K", 0.0: "F32"}.get(off, "Q6_K"),
                5_898_240,
                off and off + 0.0007 * (7 * i % 11),
                off and 0.11 * off * (5 + i % 3),
            )
            for i in range(36)
            for part, off in kinds.items()
        ]
        self.on_bench()
        self.window.view("workshop")._show_errors("Qwen3-4B-Q4_K_M.gguf", errors)
        self.shoot(name)
        self.window.view("workshop").leave_inspector()

    def workshop_error(self, name: str) -> None:
        bench = self.on_bench()
        bench.table.choose("IQ2_XS")
        bench.table.show_all()
        bench.place.fail(
            "/models/Qwen3-4B-Q4_K_M.gguf exists already; choose another name or remove it first"
        )
        bench._reveal(bench.place)
        self.shoot(name)

    def workshop_narrow(self, name: str) -> None:
        self.window.resize(800, 600)
        self.on_bench()
        self.shoot(name)
        self.window.view("workshop").bench.clear()
        self.shoot(f"{name}-empty")
        self.window.show_view("models")
        self.shoot("models-narrow")
        self.window.resize(1280, 800)

    def inspector(self, name: str) -> None:
        from helpers.tiny_models import write_tiny_llama

        from engine.weights.types import TensorType

        path = write_tiny_llama(Path(self.home.name) / "tiny.gguf", type=TensorType.F16)
        self.bench()
        self.window.show_view("workshop", str(path))
        view = self.window.view("workshop")
        self.wait(lambda: view.inspector is not None)
        view.inspector.metadata.selectRow(9)
        self.shoot(name)

    def inspector_dark(self, name: str) -> None:
        self.shell.theme.choose("dark")
        self.inspector(name)
        inside = self.window.view("workshop").inspector
        inside.show_tensors.click()
        inside.tensors.selectRow(4)
        self.wait(lambda: bool(inside.spread.name))
        self.shoot(name)
        self.window.view("workshop").leave_inspector()
        self.shell.theme.choose("light")

    # What scenes are made of

    def bench(self) -> "object":
        from helpers.fake_engine import REPORT

        self.shell.desk.set_hardware(REPORT)
        self.window.show_view("workshop")
        return self.window.view("workshop").bench

    def on_bench(self) -> "object":
        bench = self.bench()
        bench.clear()
        self.shell.desk.known = known_models()
        self.shell.desk.known_changed.emit()
        bench._show_source(big_source())
        return bench

    def start_job(self) -> "object":
        from engine.api import jobs
        from gui.workshop.job_card import JobCard

        bench = self.on_bench()
        order = jobs.Make(bench.source.path, Path("/models/Qwen3-4B-Q4_K_M.gguf"), "Q4_K_M")
        bench.job = JobCard(order, bench.source)
        bench._add(bench.job, bench.losses)
        bench._choosing(False)
        return bench.job

    def made_card(self) -> "object":
        """A file was made; its loss can be measured."""
        from PySide6.QtTest import QTest

        from engine.api import jobs

        made = jobs.Made(Path("/models/Qwen3-4B-Q4_K_M.gguf"), 2_497_000_000, 84)
        self.start_job()
        bench = self.window.view("workshop").bench
        bench._name = "Q4_K_M"
        bench._on_finished(made)
        QTest.qWait(200)
        return bench.losses

    def measured_card(self) -> "object":
        from PySide6.QtTest import QTest

        from engine.api import jobs

        card, found = self.made_card(), losses()
        card._on_measured(jobs.Measured(found[-1], found))
        QTest.qWait(200)
        return card

    def ready(self) -> None:
        if not self.shell.desk.models():
            self.window.open_path("/models/Qwen3 4B.gguf")
            self.wait(lambda: bool(self.shell.desk.models()))
        self.window.show_view("chats")

    def fill_list(self) -> None:
        from gui.chat.book import ChatRow

        book, now = self.shell.book, datetime.now()
        chats = [
            ("Lettre au propriétaire", "Qwen3 4B", 4, 0.01),
            ("Recipe for twelve people", "Llama 3.2 3B", 9, 1),
            ("俳句を三つ", "Gemma 3 4B", 2, 1.01),
            ("Explain my tax form", "Qwen3 4B", 31, 1.02),
            ("Regex for log lines", "Qwen3 4B", 7, 4),
            ("Story of the fox", "Guide", 3, 4.1),
        ]
        for i, (title, model, n, days) in enumerate(chats, 100):
            when = now - timedelta(days=days)
            book._rows[i] = ChatRow(i, title, model, n, when)

    def converse(self) -> None:
        self.engine.script.thinking = THINKING
        talk = self.window.chat.talk
        talk.record.title = "Sorting a list of dates"
        self.say(
            "I have a list of `datetime` objects, some are `None`. How do I sort it in Python?",
            ANSWER,
        )
        first = talk.record.tree.path()[1]
        talk.again(first)
        self.wait(lambda: not talk.busy)
        talk.record.tree.path()[1].thought_s = 3.1
        self.window.chat.transcript.last_answer()._thought_ended()
        self.engine.script.thinking = ""
        self.engine.script.text = SECOND
        self.engine.script.wait_at_end = True
        talk.send("And in pandas?")
        self.wait(lambda: talk.running is not None and talk.running.text == SECOND)

    def finish_reply(self) -> None:
        self.engine.script.wait_at_end = False
        self.wait(lambda: not self.window.chat.talk.busy)

    def say(self, question: str, answer: str) -> None:
        self.engine.script.text = answer
        talk = self.window.chat.talk
        talk.send(question)
        self.wait(lambda: not talk.busy)

    def wait(self, ready: Callable[[], bool], patience: int = 500) -> None:
        """In the event loop itself: qWait keeps Python's lock, and an engine would crawl."""
        from PySide6.QtCore import QEventLoop, QTimer

        for _ in range(patience):
            if ready():
                return
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()
        raise TimeoutError("the scene did not come about")

    def shoot(self, name: str) -> None:
        from PySide6.QtTest import QTest

        usual = (self.window.width(), self.window.height()) == (1280, 800)
        if usual:
            self.window.resize(*self.size)
        QTest.qWait(150)
        self.look(name)
        path = self.folder / f"{name}.png"
        self.window.grab().save(str(path))
        print(path)
        if usual:
            self.window.resize(1280, 800)

    def shoot_part(self, part: object, name: str) -> None:
        """A menu or a dialog, which is a window of its own."""
        from PySide6.QtTest import QTest

        QTest.qWait(150)
        self.look(name)
        path = self.folder / f"{name}.png"
        part.grab().save(str(path))  # type: ignore[attr-defined]
        print(path)

    def look(self, name: str) -> None:
        """Tell of words that were not marked and of words that are cut, each once."""
        from helpers.seen import cut, plain_letters, seen

        if not self.walks:
            return
        found = [(f"unmarked, {where}", text) for where, text in seen() if plain_letters(text)]
        found += [(f"cut, {where}", text) for where, text in cut()]
        for where, text in found:
            if (where, text) not in self.told:
                self.told.add((where, text))
                print(f"{name}: {where}: {text!r}")

    def close(self) -> None:
        self._spoken.close()
        self.engine.script.wait_at_end = False
        self.shell.close()
        self.home.cleanup()


def big_source() -> "object":
    """What looking at a folder of 4 billion weights tells."""
    from engine.api import inspect
    from engine.discover.offers import rough

    bits = {"F32": 32, "F16": 16, "BF16": 16, "Q8_0": 8.5, "Q6_K": 6.56, "Q5_K_M": 5.69}
    bits |= {"Q5_K_S": 5.54, "Q4_K_M": 4.89, "Q4_K_S": 4.67, "Q4_0": 4.55, "IQ4_XS": 4.32}
    bits |= {"Q3_K_M": 3.91, "Q2_K": 3.2, "IQ3_S": 3.5, "IQ2_XS": 2.4, "IQ1_S": 1.7}
    weights = 4_022_000_000

    def weighed(each: float) -> int:
        return int(weights * each / 8)

    targets = [
        inspect.Target(
            name,
            weighed(each),
            rough(weighed(each), weights),
            each,
            name.startswith(("IQ1", "IQ2")),
        )
        for name, each in sorted(bits.items(), key=lambda item: -item[1])
    ]
    return inspect.SourceFacts(
        path=Path("/home/ana/weights/Qwen3-4B"),
        what="Hugging Face folder",
        is_gguf=False,
        name="Qwen3 4B",
        architecture="qwen3",
        type_name="BF16",
        parameters=weights,
        bytes=8_045_000_000,
        forecast=rough(8_045_000_000, weights),
        is_quantized=False,
        targets=tuple(targets),
    )


def losses() -> tuple[object, ...]:
    """What some types of these weights lose, as measuring tells it."""
    from engine.api import jobs

    figures = {
        "Q8_0": (8.5, 0.0011, 0.989, 1.0003),
        "Q6_K": (6.56, 0.0042, 0.978, 1.0019),
        "Q5_K_M": (5.69, 0.0121, 0.962, 1.004),
        "IQ4_XS": (4.32, 0.049, 0.921, 1.0211),
        "Q4_0": (4.55, 0.079, 0.902, 1.044),
        "Q3_K_M": (3.91, 0.121, 0.871, 1.061),
        "Q2_K": (3.2, 0.412, 0.754, 1.298),
        "Q4_K_M": (4.89, 0.0334, 0.941, 1.0123),
    }
    return tuple(
        jobs.Loss(
            name=name,
            file=f"Qwen3-4B-{name}.gguf",
            mark=name,
            bytes=int(4_022_000_000 * bits / 8),
            bits=bits,
            text=jobs.BUILT_IN,
            text_key="k",
            tokens=812,
            source_ppl=14.21,
            ppl=14.21 * worse,
            kl_mean=kl,
            kl_99=kl * 9,
            top1=same,
        )
        for name, (bits, kl, same, worse) in figures.items()
    )


def known_models() -> list[object]:
    from engine.api import sizes
    from engine.discover.offers import rough
    from gui.desk import KnownModel

    rows = [
        ("Qwen3 4B", "Q4_K_M", 4_022_000_000, 2_497_000_000, ""),
        ("Gemma 3 4B it", "Q6_K", 3_880_000_000, 3_190_000_000, ""),
        ("Llama 3.2 3B Instruct", "Q8_0", 3_213_000_000, 3_420_000_000, ""),
        ("Mistral Small 24B", "Q4_K_M", 23_570_000_000, 14_300_000_000, ""),
        ("Phi-4 mini", "Q4_K_M", 3_836_000_000, 2_490_000_000, "LM Studio"),
        ("gpt-oss 20B", "F16", 20_900_000_000, 41_900_000_000, "LM Studio"),
    ]
    return [
        KnownModel(
            path=f"/models/{name}.gguf" if not source else f"/home/ana/.lmstudio/{name}.gguf",
            name=name,
            detail=f"{kind} · {sizes.file(n_bytes)}",
            type_name=kind,
            parameters=parameters,
            file_bytes=n_bytes,
            size=sizes.file(n_bytes),
            source=source,
            forecast=rough(n_bytes, parameters),
        )
        for name, kind, parameters, n_bytes, source in rows
    ]


if __name__ == "__main__":
    sys.exit(main())
