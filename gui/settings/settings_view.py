"""Settings: look, models, new chats. Every change counts at once and is kept."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gui.desk import Desk
from gui.settings.network_card import NetworkCard, PrivacyCard, TokenCard
from gui.settings.watched_card import WatchedCard
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.choices import Choice
from gui.widgets.frames import Card, frame, page
from gui.widgets.labels import ElidedLabel, label

THEMES: list[tuple[str, object]] = [
    ("Like the system", "system"),
    ("Light", "light"),
    ("Dark", "dark"),
    ("High contrast", "contrast"),
]
CONTEXTS: list[tuple[str, object]] = [
    ("Chosen for each model", 0),
    *((f"{n:,} tokens", n) for n in (2048, 4096, 8192, 16384, 32768, 65536, 131072)),
]
SIZES: list[tuple[str, object]] = [
    (f"{n} px" + (" (usual)" if n == 14 else ""), n)
    for n in (11, 12, 13, 14, 15, 16, 18, 20, 24, 28)
]
THREADS: list[tuple[str, object]] = [
    ("Best for this machine", 0),
    *((str(n), n) for n in range(1, 1 + (os.cpu_count() or 8))),
]
QUIET: list[tuple[str, object]] = [
    ("On battery or when hot", "auto"),
    ("Always", "on"),
    ("Never", "off"),
]
UNLOAD: list[tuple[str, object]] = [
    ("Never", 0),
    *((f"After {n} minutes", n) for n in (5, 15, 30)),
    *((f"After {n // 60} hour" + ("s" if n > 60 else ""), n) for n in (60, 240)),
]
WIDTH = 720


class SettingsView(QWidget):
    """Cards of rows; each row has a name, a sentence and a control."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        view, _header, content = page("Settings")
        column = QWidget()
        column.setMaximumWidth(current().px(WIDTH))
        self._box = QVBoxLayout(column)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(current().px(16))
        self.network, self.privacy = NetworkCard(desk), PrivacyCard(desk)
        self.network.changed.connect(self.privacy.show_for)
        self.token = TokenCard(desk)
        self.watched = WatchedCard(desk)
        own = (self._look(), self._models(), self.watched, self._chats())
        for card in (*own, self.network, self.token, self.privacy):
            self._box.addWidget(card)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column, 100)
        middle.addStretch(1)
        content.addLayout(middle)
        content.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view)

    def _look(self) -> Card:
        preferences = self._desk.preferences
        self.theme = Choice("Theme", THEMES)
        self.theme.choose(preferences.theme)
        self.theme.currentIndexChanged.connect(self._set_theme)
        self.font_size = Choice("Text size", SIZES)
        self.font_size.choose(preferences.font_pixels)
        self.font_size.currentIndexChanged.connect(
            lambda: self._set_font(int(self.font_size.currentData()))
        )
        return _card(
            "Look",
            ("Theme", "Light or dark; high contrast for tired eyes and bright rooms.", self.theme),
            (
                "Text size",
                "Everything grows with it. Ctrl with + or − does the same.",
                self.font_size,
            ),
        )

    def _models(self) -> Card:
        preferences = self._desk.preferences
        self.context = Choice("Context", CONTEXTS)
        self.context.choose(preferences.context)
        self.context.currentIndexChanged.connect(
            lambda: self._set(context=self.context.currentData())
        )
        self.threads = Choice("Threads", THREADS)
        self.threads.choose(preferences.threads)
        self.threads.currentIndexChanged.connect(
            lambda: self._set(threads=self.threads.currentData())
        )
        self.quiet = Choice("Fewer threads", QUIET)
        self.quiet.choose(preferences.quiet)
        self.quiet.currentIndexChanged.connect(lambda: self._set(quiet=self.quiet.currentData()))
        self.unload = Choice("Unload idle models", UNLOAD)
        self.unload.choose(preferences.unload_minutes)
        self.unload.currentIndexChanged.connect(
            lambda: self._set(unload_minutes=self.unload.currentData())
        )
        self.folder = ElidedLabel(preferences.models_folder or str(self._desk.engine.paths.models))
        self.reopen = Button("Reopen", "refresh-cw", small=True, on_click=self._desk.reopen)
        self._stale = ElidedLabel("", "small")
        self._desk.models_changed.connect(self._show_stale)
        self._desk.load_ended.connect(self._show_stale)
        self._show_stale()
        choose = Button(
            "Choose…",
            "folder-open",
            "plain",
            True,
            "Choose the models folder",
            on_click=self._choose_folder,
        )
        return _card(
            "Models",
            (
                "Models folder",
                "Where Chaski looks for model files. Those of the folder before stay in the list.",
                choose,
                self.folder,
            ),
            (
                "Context",
                "How far a model can look back. More takes more memory. An open model keeps "
                "its own until it is opened anew.",
                self.context,
            ),
            (
                "Threads",
                "How many processor threads compute. An open model keeps its own, too.",
                self.threads,
            ),
            (
                "Fewer threads",
                "Half of them compute, so that the battery lasts and fans stay calm.",
                self.quiet,
            ),
            (
                "Unload idle models",
                "Gives their memory back. A model opens again with the next question.",
                self.unload,
            ),
            ("Open models", "", self.reopen, self._stale),
        )

    def _chats(self) -> Card:
        card = Card("New chats")
        help_text = "The system prompt that new chats begin with, unless their model has its own."
        card.box.addWidget(label(help_text, "small", wrap=True))
        self.system = QPlainTextEdit(self._desk.preferences.system_prompt)
        self.system.setAccessibleName("System prompt of new chats")
        self.system.setPlaceholderText("For example: Answer briefly.")
        self.system.setTabChangesFocus(True)
        self.system.setFixedHeight(current().px(80))
        self.system.textChanged.connect(
            lambda: self._set(system_prompt=self.system.toPlainText().strip())
        )
        card.box.addWidget(self.system)
        return card

    def _set(self, **values: Any) -> None:
        self._desk.set_preferences(replace(self._desk.preferences, **values))
        self._show_stale()

    def _show_stale(self) -> None:
        """Which open models do not have yet what is chosen here."""
        stale = [model.name for model in self._desk.to_reopen()]
        self.reopen.setEnabled(bool(stale))
        self.reopen.describe(f"Open {', '.join(stale) or 'open models'} with these values")
        words = f"{', '.join(stale)}: opened with other values" if stale else "All use these values"
        self._stale.set_full(words if self._desk.models() else "None")

    def _set_theme(self) -> None:
        choice = str(self.theme.currentData())
        self._set(theme=choice)
        current().choose(choice)

    def _set_font(self, pixels: int) -> None:
        self._set(font_pixels=pixels)
        current().set_font_pixels(pixels)

    def _choose_folder(self) -> None:
        start = self.folder.full()
        folder = QFileDialog.getExistingDirectory(self, "Folder for models", start)
        if folder:
            self._desk.use_models_folder(str(Path(folder)))
            self.folder.set_full(str(self._desk.engine.paths.models))


def _card(title: str, *rows: tuple[str, str, QWidget] | tuple[str, str, QWidget, QWidget]) -> Card:
    """Each row: its name, what it does, its control, and perhaps what stands below the words."""
    card = Card(title)
    px = current().px
    for i, (name, words, control, *below) in enumerate(rows):
        if i:
            card.box.addWidget(frame("rule"))
        text = QVBoxLayout()
        text.setSpacing(px(2))
        text.addWidget(label(name, "strong"))
        if words:
            text.addWidget(label(words, "small", wrap=True))
        for part in below:
            text.addWidget(part)
        line = QHBoxLayout()
        line.setContentsMargins(0, px(6), 0, px(6))
        line.setSpacing(px(24))
        line.addLayout(text, 1)
        if isinstance(control, Choice):
            control.setFixedWidth(px(240))
        line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        card.box.addLayout(line)
    return card
