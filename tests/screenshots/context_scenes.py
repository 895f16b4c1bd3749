"""Scenes of what goes into the context: attachments, the gauge, presets, prompts, the prompt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenes import named


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(studio, attached, gauge, opening)


def in_all_looks(studio: Any, name: str) -> None:
    """Light, dark, and in a small window."""
    studio.shoot(name)
    studio.shell.theme.choose("dark")
    studio.shoot(f"{name}-dark")
    studio.shell.theme.choose("light")
    studio.window.resize(900, 600)
    studio.shoot(f"{name}-narrow")
    studio.window.resize(1280, 800)


def attached(studio: Any, name: str) -> None:
    """Two files and a long paste before they are sent; then as part of the question."""
    from engine.api import Attachment

    studio.reopen("Four walks", ["By the mill, then over the old bridge."])
    chat, folder = studio.window.chat, Path(studio.home.name)
    for called, n in (("walks of the valley, spring edition.md", 700), ("heights.csv", 90)):
        (folder / called).write_text("The river bends here.\n" * n, encoding="utf-8")
        studio.window._take_dropped(str(folder / called))
    chat.attaching.add_text("down to the mill\n" * 300)
    studio.wait(lambda: all(held.is_counted for held in chat.attaching._held))
    chat.composer.edit.setPlainText("Which of these walks is the shortest?")
    in_all_looks(studio, name)
    report = Attachment("report 2026.pdf", "## Page 1\n\nThe river bends here.", "pdf", 12, 45_000)
    chat.attaching.take()
    chat.composer.edit.clear()
    files = (report, Attachment("heights.csv", "a,b", "table", 0, 900))
    chat.talk.send("Which of these walks is the shortest?", files)
    studio.wait(lambda: not chat.talk.busy)
    in_all_looks(studio, f"{name}-sent")


def gauge(studio: Any, name: str) -> None:
    """A context of which all parts take something, nearly full; and its menu."""
    from engine.base.events import Shares

    studio.reopen("Four walks", ["By the mill, then over the old bridge."] * 3)
    talk, bar = studio.window.chat.talk, studio.window.chat.composer.context
    studio.wait(lambda: not talk.busy)
    talk._set_fill(6700, 8192, Shares(420, 3100, 2900, 280))
    in_all_looks(studio, name)
    bar.wanted.emit()
    (menu,) = bar.findChildren(type(studio.window.chat.header.make_menu()))
    studio.shoot_part(menu, f"{name}-menu")
    menu.close()


def opening(studio: Any, name: str) -> None:
    """How this chat's model is opened, with what it takes."""
    from helpers.fake_engine import REPORT

    from engine.api import Fit, Verdict
    from gui.chat.opening_sheet import OpeningSheet

    studio.reopen("Four walks", ["By the mill, then over the old bridge."])
    studio.shell.desk.set_hardware(REPORT)
    studio.window.chat.show_opening()
    (sheet,) = studio.window.chat.findChildren(OpeningSheet)
    for theme in ("light", "dark"):
        studio.shell.theme.choose(theme)
        fit = Fit(Verdict.WELL, 12.0, 4_700_000_000, "", 21_400_000_000)
        sheet._on_foretold((sheet._asked, fit))
        studio.shoot_part(sheet, name if theme == "light" else f"{name}-dark")
    studio.shell.theme.choose("light")
    sheet.reject()
