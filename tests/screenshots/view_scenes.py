"""Every view as it looks to everybody: light, dark, high contrast, larger, in a small window, and
mirrored; and chats in Japanese and in Arabic."""

from collections.abc import Callable, Iterator
from typing import Any

from scenes import named

JAPANESE = (
    "並べ替えのしかたを三つ教えてください。",
    """## 三つの方法

1. **キーで並べる**：速くて読みやすい
2. 組で並べる。`None` は最後になります
3. [pandas](https://pandas.pydata.org) を使う

| 方法 | 時間 | 記憶 |
| --- | --- | --- |
| `sort` | 12 ms | 0 |
| `sorted` | 14 ms | 写し |

> 並べ替えは安定です。同じ日付の順序は変わりません。
""",
)
ARABIC = (
    "كيف أرتب قائمة من التواريخ بعضها فارغ؟",
    """## ثلاث طرق

1. **بالمفتاح**: سريعة وواضحة
2. بأزواج، والقيم الفارغة في النهاية
3. باستخدام [pandas](https://pandas.pydata.org)

```python
dates.sort(key=lambda d: (d is None, d))
```

الترتيب مستقر، فلا يتغير ترتيب التواريخ المتساوية.
""",
)


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(studio, view, larger, chat_japanese, chat_arabic)


def view(studio: Any, name: str) -> None:
    for called, show in _views(studio):
        show()
        for look in (_as_it_is, _dark, _contrast, _larger, _small, _mirrored):
            look(studio, f"{name}-{called}")


def larger(studio: Any, name: str) -> None:
    """Letters half as large again, in what lies over a chat or beside it."""
    from context_scenes import opening, presets, prompts
    from daily_scenes import daily_start, deleted, find
    from words_scenes import compare, microscope

    studio.shell.theme.set_font_pixels(21)
    for scene in (microscope, compare, find, deleted, opening, presets, prompts, daily_start):
        scene(studio, f"{name}-{scene.__name__.replace('_', '-')}")
    studio.shell.theme.set_font_pixels(14)


def chat_japanese(studio: Any, name: str) -> None:
    _talk(studio, "日付の並べ替え", *JAPANESE)
    _as_it_is(studio, name)
    _small(studio, name)


def chat_arabic(studio: Any, name: str) -> None:
    _talk(studio, "ترتيب التواريخ", *ARABIC)
    _as_it_is(studio, name)
    _mirrored(studio, name)


def _talk(studio: Any, title: str, question: str, answer: str) -> None:
    studio.ready()
    studio.finish_reply()
    studio.fill_list()
    studio.window.chat.new_chat()
    studio.say(question, answer)
    studio.shell.book.rename(studio.window.chat.talk.record.id, title)
    studio.window.chat.transcript.verticalScrollBar().setValue(0)


def _views(studio: Any) -> Iterator[tuple[str, Callable[[], None]]]:
    from discover_scenes import _found, _page, _view, _works
    from helpers.fake_engine import REPORT
    from make import known_models

    from gui.discover.shown import Answer

    desk, window = studio.shell.desk, studio.window

    def known() -> None:
        studio.wait(lambda: not desk.expecting)
        desk.known = known_models()
        desk.set_hardware(REPORT)
        desk.known_changed.emit()

    def chat() -> None:
        studio.ready()
        studio.fill_list()
        studio.reopen("Four walks", ["The river bends here. " * 30, "Over the `old` bridge.\n"])

    def daily() -> None:
        studio.ready()
        known()
        window.chat.new_chat()

    def models() -> None:
        known()
        window.show_view("models")

    def discover() -> None:
        found = _view(studio)
        found.list.search.setText("qwen3 4b")
        found.list.show_answer(Answer(found.list.asked(), _found()), _found()[0].id)
        found.page.show_page(_page())
        found.list.show_busy(False)

    def hardware() -> None:
        window.show_view("hardware")
        studio.wait(lambda: window.view("hardware").report is not None)

    def activity() -> None:
        window.show_view("activity")
        desk.works.all = _works()
        window.view("activity").refresh()

    def elsewhere(which: str) -> Callable[[], None]:
        return lambda: window.show_view(which)

    def panel() -> None:
        chat()
        window.chat.show_panel(True)

    yield "chat", chat
    yield "parameters", panel
    window.chat.show_panel(False)
    yield "daily", daily
    yield "models", models
    yield "discover", discover
    yield "workshop", studio.on_bench
    yield "hardware", hardware
    yield "activity", activity
    desk.works.all = []
    yield "settings", elsewhere("settings")
    window.show_view("chats")


def _as_it_is(studio: Any, name: str) -> None:
    studio.shoot(name)


def _dark(studio: Any, name: str) -> None:
    studio.shell.theme.choose("dark")
    studio.shoot(f"{name}-dark")
    studio.shell.theme.choose("light")


def _contrast(studio: Any, name: str) -> None:
    studio.shell.theme.choose("contrast")
    studio.shoot(f"{name}-contrast")
    studio.shell.theme.choose("light")


def _larger(studio: Any, name: str) -> None:
    studio.shell.theme.set_font_pixels(21)
    studio.shoot(f"{name}-150")
    studio.shell.theme.set_font_pixels(14)


def _small(studio: Any, name: str) -> None:
    studio.window.resize(900, 600)
    studio.shoot(f"{name}-900x600")
    studio.window.resize(1280, 800)


def _mirrored(studio: Any, name: str) -> None:
    from PySide6.QtCore import Qt

    studio.app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    studio.shoot(f"{name}-mirrored")
    studio.app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
