"""Scenes of what goes into the context: attachments, the gauge, presets, prompts, the prompt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenes import named


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(studio, attached, gauge, opening, presets, prompts, prompt)


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
    from engine.base.attachments import Attachment
    from gui.chat.attachment_sheet import AttachmentSheet

    studio.reopen("Four walks", ["By the mill, then over the old bridge."])
    chat, folder = studio.window.chat, Path(studio.home.name)
    for called, n in (("walks of the valley, spring edition.md", 700), ("heights.csv", 90)):
        (folder / called).write_text("The river bends here.\n" * n, encoding="utf-8")
        studio.window._take_dropped(str(folder / called))
    chat.attaching.add_text("down to the mill\n" * 300)
    studio.wait(lambda: all(held.is_counted for held in chat.attaching._held))
    chat.composer.edit.setPlainText("Which of these walks is the shortest?")
    in_all_looks(studio, name)
    chat.attaching._open(chat.attaching._held[2])
    (sheet,) = chat.findChildren(AttachmentSheet)
    studio.shoot_part(sheet, f"{name}-sheet")
    sheet.reject()
    report = Attachment("report 2026.pdf", "## Page 1\n\nThe river bends here.", "pdf", 12, 45_000)
    chat.attaching.take()
    chat.composer.edit.clear()
    files = (report, Attachment("heights.csv", "a,b", "table", 0, 900))
    chat.talk.send("Which of these walks is the shortest?", files)
    studio.wait(lambda: not chat.talk.busy)
    in_all_looks(studio, f"{name}-sent")
    chat.transcript.edit(chat.talk.record.tree.path()[-2])
    in_all_looks(studio, f"{name}-edited")


def gauge(studio: Any, name: str) -> None:
    """A context of which all parts take something, nearly full; and its menu."""
    from PySide6.QtWidgets import QMenu

    from engine.base.events import Shares

    studio.reopen("Four walks", ["By the mill, then over the old bridge."] * 3)
    talk, bar = studio.window.chat.talk, studio.window.chat.composer.context
    studio.wait(lambda: bool(talk.context_fill[0]))  # it is measured first
    talk._set_fill(6700, 8192, Shares(420, 3100, 2900, 280))
    in_all_looks(studio, name)
    box = studio.window.chat.composer.edit
    box.setPlainText("Tell me about the river. " * 60)
    studio.wait(lambda: studio.window.chat.gauge.typed.tokens > 300)
    studio.shoot(f"{name}-typed")
    bar.wanted.emit()
    (menu,) = bar.findChildren(QMenu)
    studio.shoot_part(menu, f"{name}-menu")
    menu.close()
    box.clear()


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


def presets(studio: Any, name: str) -> None:
    """The parameters with a preset of one's own."""
    studio.reopen("Four walks", ["By the mill, then over the old bridge."])
    chat = studio.window.chat
    chat.show_panel(True)
    studio.wait(lambda: bool(chat.parameters._rows))
    chat.parameters._rows["temperature"].changed.emit(0.35)
    chat.parameters.presets.saved.emit("Walks and maps")
    in_all_looks(studio, name)
    chat.parameters.presets.begin_name()
    studio.shoot(f"{name}-name")
    chat.parameters.presets._leave()
    chat.show_panel(False)


def prompts(studio: Any, name: str) -> None:
    """The library of system prompts, and the card that leads to it."""
    from gui.chat.prompt_library import PromptLibrary

    kept = studio.shell.desk.prompts
    kept.put("Translator", "You translate everything into French. Say nothing else.")
    kept.put("Code review", "You read code and name what is wrong, one line each.")
    kept.put("Short answers", "Answer in one or two sentences. If you do not know, say so.")
    studio.reopen("Four walks", ["By the mill, then over the old bridge."])
    chat = studio.window.chat
    chat.talk.record.system = kept.all["Short answers"]
    chat.panels.show()
    chat.panels.show_system(True)
    in_all_looks(studio, f"{name}-card")
    chat.panels.show_library()
    (sheet,) = studio.window.findChildren(PromptLibrary)
    for theme in ("light", "dark"):
        studio.shell.theme.choose(theme)
        studio.shoot_part(sheet, name if theme == "light" else f"{name}-dark")
    studio.shell.theme.choose("light")
    sheet.reject()
    chat.panels.show_system(False)


def prompt(studio: Any, name: str) -> None:
    """What the model reads, with the borders of its tokens."""
    from gui.chat.prompt_sheet import PromptSheet

    studio.reopen("Four walks", ["By the mill, then over the old bridge. " * 12])
    chat = studio.window.chat
    chat.composer.edit.setPlainText("And which of them is the shortest?")
    for theme in ("light", "dark"):
        studio.shell.theme.choose(theme)
        chat.show_prompt()
        studio.wait(lambda: bool(chat.findChildren(PromptSheet)))
        sheet = chat.findChildren(PromptSheet)[-1]
        studio.shoot_part(sheet, name if theme == "light" else f"{name}-dark")
        sheet.reject()
        studio.wait(lambda: not chat.findChildren(PromptSheet))
    studio.shell.theme.choose("light")
    chat.composer.edit.clear()
