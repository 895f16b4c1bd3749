"""How the network is used: whether at all, how fast, through whom; every connection there is."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engine.api import discover, sizes
from engine.base.errors import ChaskiError
from gui.desk import Desk
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.choices import Choice
from gui.widgets.frames import Card, frame
from gui.widgets.labels import label
from gui.workers import sentence

ALLOWED: list[tuple[str, object]] = [("When I ask for something", True), ("Never", False)]
RATES: list[tuple[str, object]] = [
    ("As fast as it goes", 0.0),
    *((f"{sizes.file(n * 1e6)}/s at most", n * 1e6) for n in (1, 2, 5, 10, 20, 50)),
]
NIGHT = ("23:00", "07:00")
HOURS: list[tuple[str, object]] = [("At any time", ("", "")), ("From 23:00 to 7:00", NIGHT)]
KEPT = {
    "keyring": "A token is kept by this system's keyring",
    "file": "A token is kept in a file that only you can read",
    "variable": "A token is given by the variable HF_TOKEN",
}


class NetworkCard(Card):
    """Every change counts at once and is kept; what cannot be is said below."""

    changed = Signal(object)  # NetworkSettings

    def __init__(self, desk: Desk) -> None:
        super().__init__("Network")
        self._desk = desk
        self.settings, odd = settings_of(desk)
        self.allowed = self._choice("Network", ALLOWED, self.settings.allowed, "allowed")
        self.rate = self._choice("Speed limit", RATES, self.settings.max_rate, "max_rate")
        hours = (self.settings.hours_from, self.settings.hours_until)
        self.hours = Choice("Downloads run", HOURS)
        self.hours.choose(hours)
        self.hours.currentIndexChanged.connect(self._set_hours)
        proxy = "" if self.settings.proxy == "system" else self.settings.proxy
        self.proxy = self._field("Proxy", proxy, "As the system says")
        self.proxy.editingFinished.connect(
            lambda: self._set(proxy=self.proxy.text().strip() or "system")
        )
        self.hub = self._field("Hub", self.settings.endpoint, "https://huggingface.co")
        self.hub.editingFinished.connect(
            lambda: self._set(endpoint=self.hub.text().strip() or "https://huggingface.co")
        )
        self._error = label(odd, "error", wrap=True)
        self._error.setVisible(bool(odd))
        self._add_rows()
        self.box.addWidget(self._error)

    def _add_rows(self) -> None:
        rows = (
            (
                "Connections",
                "To search and download models, for nothing else.",
                self.allowed,
            ),
            ("Speed limit", "For all downloads together.", self.rate),
            ("Downloads run", "Outside these hours they wait.", self.hours),
            ("Proxy", "Such as http://proxy:8080 or socks5://localhost:9050.", self.proxy),
            ("Hub", "Hugging Face, or a mirror of it.", self.hub),
        )
        for i, (name, words, control) in enumerate(rows):
            if i:
                self.box.addWidget(frame("rule"))
            self.box.addLayout(line(name, words, control))

    def _choice(
        self, name: str, options: list[tuple[str, object]], value: object, key: str
    ) -> Choice:
        made = Choice(name, options)
        made.choose(value)
        made.currentIndexChanged.connect(lambda: self._set(**{key: made.currentData()}))
        return made

    def _field(self, name: str, value: str, usual: str) -> QLineEdit:
        made = QLineEdit(value)
        made.setAccessibleName(name)
        made.setPlaceholderText(usual)
        return made

    def _set_hours(self) -> None:
        begin, end = self.hours.currentData()
        self._set(hours_from=begin, hours_until=end)

    def _set(self, **values: object) -> None:
        wanted = replace(self.settings, **values)  # type: ignore[arg-type]
        if wanted == self.settings:
            return
        try:
            self._desk.engine.use_network(wanted)
        except ChaskiError as error:  # no address, say: what was there before stays
            self._error.setText(sentence(error))
            self._error.show()
            return
        self._error.hide()
        self.settings = self._desk.engine.hub.settings
        self.changed.emit(self.settings)


class TokenCard(Card):
    """The user's token for gated models. It is never shown again; the keyring may keep one waiting,
    so it is asked in the background."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Token")
        self._desk = desk
        words = (
            "Only for models whose makers ask for your agreement first, and for your own private "
            "ones. Make one at huggingface.co/settings/tokens."
        )
        self.box.addWidget(label(words, "small", wrap=True))
        self.edit = QLineEdit()
        self.edit.setAccessibleName("Token")
        self.edit.setPlaceholderText("hf_…")
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = Button("Keep", "check", "plain", True, "Keep this token", on_click=self._keep)
        self.forget = Button("Forget", "x", "plain", True, "Forget it", on_click=self._forget)
        row = QHBoxLayout()
        row.setSpacing(current().px(8))
        for part in (self.edit, self.keep, self.forget):
            row.addWidget(part)
        self.box.addLayout(row)
        self.told = label("", "small", wrap=True)
        self.box.addWidget(self.told)
        # Whether one is kept is not asked before somebody does something: a keyring that is locked
        # would ask for its password.

    def _keep(self) -> None:
        token = self.edit.text()
        self.edit.clear()
        self._ask(lambda tokens, host: tokens.set(host, token))

    def _forget(self) -> None:
        self._ask(lambda tokens, host: tokens.forget(host))

    def _ask(self, act: "Callable[[discover.Tokens, str], object]") -> None:
        tokens = discover.Tokens(self._desk.engine.paths.token_file)
        host = settings_of(self._desk)[0].host

        def work() -> str:
            act(tokens, host)
            return tokens.where(host)

        self._desk.background.run(work, self._show, self.told.setText)

    def _show(self, where: str) -> None:
        self.told.setText(KEPT.get(where, "No token is kept"))


class PrivacyCard(Card):
    """Every connection that the program can make."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Privacy")
        self._words = label("", "small", wrap=True)
        self.box.addWidget(self._words)
        self.show_for(settings_of(desk)[0])

    def show_for(self, settings: "discover.NetworkSettings") -> None:
        told = discover.connections(settings)
        first = "What you write, and what a model answers, never leaves this computer. "
        if not told:
            self._words.setText(first + "There are no connections at all.")
            return
        lines = (f"• When {c.when}: {c.to} learns {c.told}." for c in told)
        self._words.setText("\n".join((first + "All the connections there are:", *lines)))


def settings_of(desk: Desk) -> tuple["discover.NetworkSettings", str]:
    """What is kept; where that (or a variable) makes no sense, the usual ones and a sentence."""
    try:
        return desk.engine.hub.settings, ""
    except ChaskiError as error:
        return discover.NetworkSettings(), sentence(error)


def line(name: str, words: str, control: QWidget) -> QHBoxLayout:
    """A name and a sentence on the left, the control on the right."""
    px = current().px
    text = QVBoxLayout()
    text.setSpacing(px(2))
    text.addWidget(label(name, "strong"))
    text.addWidget(label(words, "small", wrap=True))
    made = QHBoxLayout()
    made.setContentsMargins(0, px(6), 0, px(6))
    made.setSpacing(px(24))
    made.addLayout(text, 1)
    control.setFixedWidth(px(240))
    made.addWidget(control)
    return made
