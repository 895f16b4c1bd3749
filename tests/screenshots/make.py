"""Pictures of the window, made without a display.

python tests/screenshots/make.py OUTDIR [--scale 1.5] [--only NAME …]

The engine is a fake, so the pictures need no model and are the same everywhere.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

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


def main() -> int:
    options = parse()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    options.folder.mkdir(parents=True, exist_ok=True)
    studio = Studio(options.folder)
    for name, shoot in studio.pictures().items():
        if not options.only or name in options.only:
            shoot(name)
    studio.close()
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", nargs="*", default=[])
    return parser.parse_args()


class Studio:
    """A window with a fake engine; each picture sets its scene first."""

    def __init__(self, folder: Path) -> None:
        from helpers.fake_engine import FakeEngine
        from PySide6.QtWidgets import QApplication

        from engine.api import Paths

        self.folder = folder
        self.app = QApplication([])
        self.home = tempfile.TemporaryDirectory()
        self.engine = FakeEngine(Paths.under(Path(self.home.name)))
        self.shell = self.open_shell()

    def open_shell(self) -> "object":
        from gui.app import Shell
        from gui.chat.book import Book

        shell = Shell(self.app, self.engine, Book())
        shell.theme.choose("light")
        self.window = shell.open_window()
        self.window.resize(1280, 800)  # the screen that is not there would be smaller
        return shell

    def pictures(self) -> dict[str, Callable[[str], None]]:
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
            "error": self.error,
            "models": self.models,
            "hardware": self.hardware,
            "settings": self.settings,
            "settings-dark": self.settings_dark,
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

    def error(self, name: str) -> None:
        from engine.base.errors import FormatError

        self.engine.script.load_error = FormatError(
            "broken.gguf ends after 4,096 bytes, in the middle of its list of tensors; "
            "the download is incomplete, so get the file again."
        )
        self.window.open_path("/models/broken.gguf")
        self.wait(lambda: not self.window.chat.error.isHidden())
        self.shoot(name)
        self.window.chat.error.hide()

    def models(self, name: str) -> None:
        self.ready()
        from helpers.fake_engine import REPORT

        self.shell.desk.known = known_models()
        self.shell.desk.set_hardware(REPORT)
        self.window.show_view("models")
        self.shoot(name)

    def hardware(self, name: str) -> None:
        self.window.show_view("hardware")
        self.wait(lambda: self.window.view("hardware").report is not None)
        self.shoot(name)

    def settings(self, name: str) -> None:
        self.window.show_view("settings")
        self.shoot(name)

    def settings_dark(self, name: str) -> None:
        self.window.show_view("settings")
        self.shell.theme.choose("dark")
        self.shoot(name)
        self.shell.theme.choose("light")

    # What scenes are made of

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

    def wait(self, ready: Callable[[], bool]) -> None:
        from PySide6.QtTest import QTest

        for _ in range(500):
            if ready():
                return
            QTest.qWait(20)
        raise TimeoutError("the scene did not come about")

    def shoot(self, name: str) -> None:
        from PySide6.QtTest import QTest

        QTest.qWait(150)
        path = self.folder / f"{name}.png"
        self.window.grab().save(str(path))
        print(path)

    def close(self) -> None:
        self.engine.script.wait_at_end = False
        self.shell.close()
        self.home.cleanup()


def known_models() -> list[object]:
    from gui.desk import KnownModel, size

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
            detail=f"{kind} · {size(n_bytes)}",
            type_name=kind,
            parameters=parameters,
            file_bytes=n_bytes,
            size=size(n_bytes),
            source=source,
        )
        for name, kind, parameters, n_bytes, source in rows
    ]


if __name__ == "__main__":
    sys.exit(main())
