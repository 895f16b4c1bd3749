"""Settings: look, models, folders, network, privacy. Every change counts at once and is kept."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from gui.desk import Desk
from gui.language import SYSTEM, languages, marked, tr
from gui.parameter_list import WHEN_FULL
from gui.presets import BUILT_IN
from gui.settings.folders_card import FoldersCard
from gui.settings.kind import KIND
from gui.settings.network_card import NetworkCard
from gui.settings.privacy_card import PrivacyCard
from gui.settings.rows import add_row
from gui.settings.token_card import TokenCard
from gui.settings.updates_card import UpdatesCard
from gui.theme.theme import current
from gui.view import View
from gui.widgets.buttons import Button
from gui.widgets.choices import ComboBox, Switch
from gui.widgets.frames import Card, page
from gui.widgets.labels import ElidedLabel, label

Options = list[tuple[str, object]]
THEMES: Options = [
    (marked("Like the system"), "system"),
    (marked("Light"), "light"),
    (marked("Dark"), "dark"),
    (marked("High contrast"), "contrast"),
]
CONTEXTS = (2048, 4096, 8192, 16384, 32768, 65536, 131072)
MOTION: Options = [(marked("As the system"), "system"), (marked("Less"), "less")]
SIZES = (11, 12, 13, 14, 15, 16, 18, 20, 24, 28)
USUAL_SIZE = 14
QUIET: Options = [
    (marked("On battery or when hot"), "auto"),
    (marked("Always"), "on"),
    (marked("Never"), "off"),
]
UNLOAD = (5, 15, 30, 60, 240)  # minutes
WIDTH = 720
AnyCard = TypeVar("AnyCard", bound=Card)


def _told(options: Options) -> Options:
    return [(tr(words), value) for words, value in options]


def _contexts() -> Options:
    some = ((tr("{n:,} tokens", n=n), n) for n in CONTEXTS)
    return [(tr("Chosen for each model"), 0), *some]


def _sizes() -> Options:
    usual = tr("{n} px (usual)", n=USUAL_SIZE)
    return [(usual if n == USUAL_SIZE else tr("{n} px", n=n), n) for n in SIZES]


def _waits() -> Options:
    """How long a model may be idle."""
    some = [
        (tr("After {n} minutes", n=n) if n < 60 else tr("After {n} {n:hour|hours}", n=n // 60), n)
        for n in UNLOAD
    ]
    return [(tr("Never"), 0), *some]


class SettingsView(View):
    """Cards of rows; each row has a name, a sentence and a control."""

    kind = KIND

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        view, _header, content = page(tr("Settings"))
        column = QWidget()
        column.setMaximumWidth(current().px(WIDTH))
        self._box = QVBoxLayout(column)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(current().px(16))
        for card in (self._look(), self._models(), self._guest()):
            self._box.addWidget(card)
        self._made: dict[str, Card] = {}
        self._to_make: dict[str, Callable[[], Card]] = {
            "folders": lambda: FoldersCard(desk),
            "chats": self._chats,
            "network": lambda: NetworkCard(desk),
            "token": lambda: TokenCard(desk),
            "privacy": self._privacy,
            "updates": self._updates,
        }
        QTimer.singleShot(0, self, self._go_on)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column, 100)
        middle.addStretch(1)
        content.addLayout(middle)
        content.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view)

    def shown(self) -> None:
        """What was chosen meanwhile by key or by the palette."""
        self.theme.choose(self._desk.preferences.theme)
        pixels = self._desk.preferences.font_pixels
        if self.font_size.findData(pixels) < 0:
            self.font_size.addItem(tr("{n} px", n=pixels), pixels)
        self.font_size.choose(pixels)
        if "chats" in self._made:
            self._show_presets()

    # Further down: a card in each turn of the event loop, so that what is seen is there at once

    def _go_on(self) -> None:
        if self._to_make:
            self._make(next(iter(self._to_make)))
            QTimer.singleShot(0, self, self._go_on)

    def _make(self, name: str) -> None:
        """This card, after all that stand over it."""
        while name in self._to_make:
            first = next(iter(self._to_make))
            self._made[first] = self._to_make.pop(first)()
            self._box.addWidget(self._made[first])

    def _card(self, kind: type[AnyCard], name: str) -> AnyCard:
        self._make(name)
        card = self._made[name]
        assert isinstance(card, kind)
        return card

    @property
    def folders(self) -> FoldersCard:
        return self._card(FoldersCard, "folders")

    @property
    def network(self) -> NetworkCard:
        return self._card(NetworkCard, "network")

    @property
    def token(self) -> TokenCard:
        return self._card(TokenCard, "token")

    @property
    def privacy(self) -> PrivacyCard:
        return self._card(PrivacyCard, "privacy")

    @property
    def system(self) -> QPlainTextEdit:
        self._make("chats")
        return self._system

    def _privacy(self) -> PrivacyCard:
        card = PrivacyCard(self._desk)
        self.network.changed.connect(card.show_for)
        return card

    @property
    def updates(self) -> UpdatesCard:
        return self._card(UpdatesCard, "updates")

    def _updates(self) -> UpdatesCard:
        card = UpdatesCard(self._desk)
        card.weekly.toggled.connect(lambda on: self._set(weekly_updates=on))
        return card

    # Cards of its own

    def _choice(self, name: str, options: Options, key: str) -> ComboBox:
        """A choice that is kept under the name of a preference."""
        made = ComboBox(name, options)
        made.choose(getattr(self._desk.preferences, key))
        made.currentIndexChanged.connect(lambda: self._set(**{key: made.currentData()}))
        return made

    def _look(self) -> Card:
        card = Card(tr("Look", sense="how the window looks"))
        self.theme = self._choice(tr("Theme"), _told(THEMES), "theme")
        self.theme.currentIndexChanged.connect(
            lambda: current().choose(str(self.theme.currentData()))
        )
        self.font_size = self._choice(tr("Text size"), _sizes(), "font_pixels")
        self.font_size.currentIndexChanged.connect(
            lambda: current().set_font_pixels(int(self.font_size.currentData()))
        )
        there: Options = [(name, code) for code, name in languages()]
        self.language = self._choice(
            tr("Language"), [(tr("As the system"), SYSTEM), *there], "language"
        )
        words = tr("Light or dark; high contrast for tired eyes and bright rooms.")
        add_row(card, tr("Theme"), words, self.theme)
        words = tr("Everything grows with it. Ctrl with + or − does the same.")
        add_row(card, tr("Text size"), words, self.font_size)
        self.motion = self._choice(tr("Motion"), _told(MOTION), "motion")
        self.motion.currentIndexChanged.connect(
            lambda: current().choose_motion(str(self.motion.currentData()))
        )
        words = tr("Whether notices fade in and bars sweep. Progress is shown either way.")
        add_row(card, tr("Motion"), words, self.motion)
        self.figures = Switch(tr("Speed of answers"))
        self.figures.setChecked(self._desk.preferences.show_statistics)
        self.figures.toggled.connect(lambda on: self._set(show_statistics=on))
        words = tr(
            "Under an answer: how many tokens a second its model wrote; more where one points."
        )
        add_row(card, tr("Speed of answers"), words, self.figures)
        self.notify = Switch(tr("Tell me when a long answer is done"))
        self.notify.setChecked(self._desk.preferences.notify)
        self.notify.toggled.connect(lambda on: self._set(notify=on))
        words = tr("While you look at another program: the window asks for your attention.")
        add_row(card, tr("Tell me when a long answer is done"), words, self.notify)
        words = tr("Of buttons and sentences, at once; models write in whatever language you do.")
        if len(there) == 1:
            words = f"{words} {tr('So far there is English.')}"
        add_row(card, tr("Language"), words, self.language)
        return card

    def _models(self) -> Card:
        card = Card(tr("Models"))
        self.context = self._choice(tr("Context"), _contexts(), "context")
        self.reopen = Button(tr("Reopen"), "refresh-cw", small=True, on_click=self._desk.reopen)
        self._stale = ElidedLabel("", "small")
        add_row(
            card,
            tr("Context"),
            tr(
                "How far a model can look back. More takes more memory. An open model keeps its "
                "own until it is opened anew."
            ),
            self.context,
        )
        add_row(card, tr("Open models"), "", self.reopen, self._stale)
        self._desk.models_changed.connect(self._show_stale)
        self._desk.load_ended.connect(self._show_stale)
        self._show_stale()
        return card

    def _guest(self) -> Card:
        """What Chaski leaves to others: processors, the battery, memory."""
        card = Card(tr("A good guest"))
        self.threads = self._choice(tr("Threads"), self._thread_counts(), "threads")
        self._desk.hardware_changed.connect(self._name_best)
        self.quiet = self._choice(tr("Fewer threads"), _told(QUIET), "quiet")
        self.unload = self._choice(tr("Idle models rest"), _waits(), "unload_minutes")
        for name, words, control in (
            (
                tr("Threads"),
                tr(
                    "How many processor threads compute at most; fewer leave more to other "
                    "programs. An open model keeps its own until it is opened anew."
                ),
                self.threads,
            ),
            (
                tr("Fewer threads"),
                tr(
                    "Half of them compute, so that the battery lasts and fans stay calm. Answers "
                    "are the same, only slower."
                ),
                self.quiet,
            ),
            (
                tr("Idle models rest"),
                tr(
                    "A model that nobody used for so long rests: it gives its memory back, and "
                    "opens again by itself with the next message."
                ),
                self.unload,
            ),
        ):
            add_row(card, name, words, control)
        words = tr("Chaski runs only when you start it: nothing of it starts with the system.")
        card.box.addWidget(label(words, "small", wrap=True))
        return card

    def _thread_counts(self) -> Options:
        report = self._desk.hardware
        best = tr("Best for this machine")
        if report is not None:
            best = tr("Best for this machine ({n})", n=report.best_threads)
        counts = range(1, 1 + (os.cpu_count() or 8))
        return [(best, 0), *((str(n), n) for n in counts)]

    def _name_best(self) -> None:
        """How many threads are best was measured, perhaps."""
        self.threads.setItemText(0, self._thread_counts()[0][0])

    def _chats(self) -> Card:
        card = Card(tr("New chats"))
        help_text = tr(
            "The system prompt that new chats begin with, unless their model has its own."
        )
        card.box.addWidget(label(help_text, "small", wrap=True))
        self._system = QPlainTextEdit(self._desk.preferences.system_prompt)
        self._system.setAccessibleName(tr("System prompt of new chats"))
        self._system.setPlaceholderText(tr("For example: Answer briefly."))
        self._system.setTabChangesFocus(True)
        self._system.setFixedHeight(current().px(80))
        self._system.textChanged.connect(
            lambda: self._set(system_prompt=self._system.toPlainText().strip())
        )
        card.box.addWidget(self._system)
        self.preset = ComboBox(tr("Values of new chats"), [])
        self._show_presets()
        self.preset.currentIndexChanged.connect(
            lambda: self._set(preset=str(self.preset.currentData() or ""))
        )
        words = tr(
            "How the model chooses its words. Presets are saved in a chat, under Parameters."
        )
        add_row(card, tr("Preset"), words, self.preset)
        self.full = ComboBox(
            tr("Full context of new chats"), [(tr(words), value) for value, words in WHEN_FULL]
        )
        self.full.choose(self._desk.preferences.when_full)
        self.full.currentIndexChanged.connect(
            lambda: self._set(when_full=str(self.full.currentData()))
        )
        words = tr("What happens when a conversation no longer fits. All of it stays in the chat.")
        add_row(card, tr("Full context"), words, self.full)
        self.titles = Switch(tr("Titles by the model"))
        self.titles.setChecked(self._desk.preferences.auto_titles)
        self.titles.toggled.connect(lambda on: self._set(auto_titles=on))
        words = tr(
            "After its first answer the model gives a new chat a title. One that you wrote is "
            "never changed."
        )
        add_row(card, tr("Titles by the model"), words, self.titles)
        return card

    def _show_presets(self) -> None:
        """Those that there are by now, and which of them new chats have."""
        self.preset.blockSignals(True)
        self.preset.clear()
        self.preset.addItem(tr("The model’s own values"), "")
        for name in dict.fromkeys([*BUILT_IN, *self._desk.presets.all]):
            self.preset.addItem(tr(name) if name in BUILT_IN else name, name)
        self.preset.blockSignals(False)
        self.preset.choose(self._desk.preferences.preset)

    def _set(self, **values: Any) -> None:
        self._desk.set_preferences(replace(self._desk.preferences, **values))
        self._show_stale()

    def _show_stale(self) -> None:
        """Which open models do not have yet what is chosen here."""
        stale = [model.name for model in self._desk.to_reopen()]
        self.reopen.setEnabled(bool(stale))
        tip, words = tr("Open models again with these values"), tr("All use these values")
        if stale:
            names = ", ".join(stale)
            tip = tr("Open {models} with these values", models=names)
            words = tr("{models}: opened with other values", models=names)
        self.reopen.describe(tip)
        self._stale.set_full(words if self._desk.models() else tr("None"))
