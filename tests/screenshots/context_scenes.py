"""Scenes of what goes into the context: attachments, the gauge, presets, prompts, the prompt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenes import named


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(studio, attached)


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
