"""Pictures with the guide: a first start, and conversations with it in each of its languages.

Conversations are real ones: they need the trained file, and are left out, with a word, without it.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

SENTENCES = {
    "en": ("How do I get a model?", "And what does Q4_K_M mean?"),
    "fr": ("Comment obtenir un modèle ?", "Et que veut dire Q4_K_M ?"),
    "ja": ("モデルはどうやって手に入れますか？", "Q4_K_Mとは何ですか？"),
}


def scenes(studio: "object") -> dict[str, Callable[[str], None]]:
    """Names of pictures and what makes them; `studio` is make.py's."""
    found: dict[str, Callable[[str], None]] = {
        "guide-first-start": lambda name: first_start(studio, name, "light"),
        "guide-first-start-dark": lambda name: first_start(studio, name, "dark"),
        "guide-first-start-narrow": lambda name: first_start(studio, name, "light", (760, 480)),
        "guide-getting-ready": lambda name: getting_ready(studio, name),
        "guide-extra": lambda name: extra(studio, name),
        "guide-models": lambda name: models(studio, name),
    }
    for language in SENTENCES:
        found[f"guide-{language}"] = lambda name, tongue=language: talk(studio, name, tongue)
    return found


def first_start(
    studio: "object", name: str, theme: str, size: tuple[int, int] = (1280, 800)
) -> None:
    with Fresh(studio, fake_engine(guide=True)) as fresh:
        fresh.shell.theme.choose(theme)
        fresh.window.resize(*size)
        studio.wait(lambda: fresh.window.chat.talk.model is not None)
        fresh.shoot(name)


def getting_ready(studio: "object", name: str) -> None:
    """The very first start: kernels are being compiled."""
    engine = fake_engine(guide=True)
    engine.hold.clear()
    with Fresh(studio, engine) as fresh:
        desk, welcome = fresh.shell.desk, fresh.window.chat.welcome
        studio.wait(lambda: desk.opening_guide and welcome.progress.isVisible())
        desk.load_progress.emit("compiling for this processor", 0.43)
        fresh.shoot(name)
        engine.hold.set()


def extra(studio: "object", name: str) -> None:
    """Somebody has models already: the guide keeps quiet."""
    from engine.library.records import LibraryModel

    engine = fake_engine(guide=True)
    engine.library.models = [
        LibraryModel(
            "a", Path("/models/a.gguf"), 2_497_000_000, "qwen3", "Q4_K_M", title="Qwen3 4B"
        ),
        LibraryModel(
            "b", Path("/models/b.gguf"), 3_420_000_000, "llama", "Q8_0", title="Llama 3.2 3B"
        ),
    ]
    with Fresh(studio, engine) as fresh:
        studio.wait(lambda: len(fresh.shell.desk.known) == 3)
        fresh.shoot(name)


def models(studio: "object", name: str) -> None:
    with Fresh(studio, fake_engine(guide=True)) as fresh:
        studio.wait(lambda: fresh.window.chat.talk.model is not None)
        fresh.window.show_view("models")
        fresh.shoot(name)


def talk(studio: "object", name: str, language: str) -> None:
    """A conversation of two questions with the guide itself, in a fresh home."""
    from engine.api import Engine, Paths
    from engine.library.starter import starter_file

    if starter_file() is None:
        print(f"{name}: left out, the guide is not trained yet")
        return
    with tempfile.TemporaryDirectory() as home:
        paths = Paths.under(Path(home))
        with Fresh(studio, Engine(paths), patience=6000) as fresh:
            chat = fresh.window.chat
            fresh.wait(lambda: chat.talk.model is not None)
            for question in SENTENCES[language]:
                chat.composer.edit.setPlainText(question)
                chat.composer._act_send()
                fresh.wait(lambda: not chat.talk.busy)
            fresh.shoot(name)


def fake_engine(*, guide: bool) -> "object":
    """An engine that pretends, of a fresh installation."""
    from helpers.fake_engine import GUIDE, FakeEngine

    from engine.api import Paths

    engine = FakeEngine(Paths.under(Path(tempfile.mkdtemp())))
    if guide:
        engine.library.guide = GUIDE
    return engine


class Fresh:
    """A window of its own with another engine; the studio's own waits meanwhile."""

    def __init__(self, studio: "object", engine: "object", patience: int = 500) -> None:
        from gui.app import Shell
        from gui.chat.book import Book
        from gui.language import speaking
        from gui.preferences import load, save

        self._studio, self._patience = studio, patience
        window_file = engine.paths.window_file
        save(window_file, replace(load(window_file), language=speaking()))
        self.shell = Shell(studio.app, engine, Book())
        self.shell.theme.choose("light")
        self.window = self.shell.open_window()
        self.window.resize(1280, 800)
        self.shell.read()

    def __enter__(self) -> "Fresh":
        return self

    def __exit__(self, *error: object) -> None:
        self.shell.close()
        usual = self._studio.shell.theme
        self._studio.app.setProperty("chaskiTheme", usual)
        self._studio.window.setStyleSheet("")  # the other theme took it for one that nobody dresses
        usual.choose("light")

    def wait(self, ready: Callable[[], bool]) -> None:
        self._studio.wait(ready, self._patience)

    def shoot(self, name: str) -> None:
        shown, self._studio.window = self._studio.window, self.window
        self._studio.shoot(name)
        self._studio.window = shown
