"""How the network is used: whether at all, how fast, through whom; every connection there is."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from engine.api import discover, sizes
from engine.base.errors import ChaskiError
from gui.desk import Desk
from gui.settings.rows import add_row, field
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.choices import Choice
from gui.widgets.frames import Card, row
from gui.widgets.labels import ElidedLabel, label
from gui.workers import Feed, sentence

ALLOWED: list[tuple[str, object]] = [("When I ask for something", True), ("Never", False)]
RATES: list[tuple[str, object]] = [
    ("As fast as it goes", 0.0),
    *((f"{sizes.file(n * 1e6)}/s at most", n * 1e6) for n in (1, 2, 5, 10, 20, 50)),
]
NIGHT = ("23:00", "07:00")
HOURS: list[tuple[str, object]] = [("At any time", ("", "")), ("From 23:00 to 7:00", NIGHT)]
VARIABLES = (
    ("endpoint", "The variable HF_ENDPOINT names another hub, which counts."),
    ("ca_file", "A variable (SSL_CERT_FILE) names a file of certificates, which counts."),
    ("allowed", "The variable HF_HUB_OFFLINE switches all connections off."),
)
LAST = (
    "Your system looks up the names of these hosts, as for every program. Nothing is sent of how "
    "you use Chaski, and it looks for no updates. A link that you click opens in your browser."
)
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
        # What was chosen, without the variables of this run: those are nobody's choice to keep.
        self.settings = discover.kept_network(desk.engine.paths)
        odd = settings_of(desk)[1]
        self.allowed = self._choice("Network", ALLOWED, self.settings.allowed, "allowed")
        self.rate = self._choice("Speed limit", RATES, self.settings.max_rate, "max_rate")
        hours = (self.settings.hours_from, self.settings.hours_until)
        self.hours = Choice("Downloads run", HOURS)
        self.hours.choose(hours)
        self.hours.currentIndexChanged.connect(self._set_hours)
        proxy = "" if self.settings.proxy == "system" else self.settings.proxy
        self.proxy = field("Proxy", proxy, "As the system says")
        self.proxy.editingFinished.connect(
            lambda: self._set(proxy=self.proxy.text().strip() or "system")
        )
        self.hub = field("Hub", self.settings.endpoint, "https://huggingface.co")
        self.hub.editingFinished.connect(
            lambda: self._set(endpoint=self.hub.text().strip() or "https://huggingface.co")
        )
        self.certificates = CertificateChoice()
        self.certificates.chosen.connect(lambda path: self._set(ca_file=path))
        self.certificates.show_file(self.settings.ca_file)
        self.trial = Trial(desk, self)
        self.overruled = label("", "small", wrap=True)
        self._error = label(odd, "error", wrap=True)
        self._error.setVisible(bool(odd))
        self._add_rows()

    def _add_rows(self) -> None:
        for name, words, control, *below in (
            ("Connections", "To search and download models, for nothing else.", self.allowed),
            ("Speed limit", "For all downloads together.", self.rate),
            ("Downloads run", "Outside these hours they wait.", self.hours),
            (
                "Proxy",
                "Such as http://proxy:8080 or socks5://localhost:9050; none for no proxy at all.",
                self.proxy,
            ),
            ("Hub", "Hugging Face, or a mirror of it.", self.hub),
            (
                "CA certificate",
                "Only where a company or a proxy reads along and has its own: its file (PEM) is "
                "trusted beside the system's certificates.",
                self.certificates,
                self.certificates.file,
            ),
            (
                "Connection",
                "Asks the hub one small thing, as all of this says.",
                self.trial.button,
                self.trial.told,
            ),
        ):
            add_row(self, name, words, control, *below)
        self.box.addWidget(self.overruled)
        self.box.addWidget(self._error)
        self._show_overruled()

    def _choice(
        self, name: str, options: list[tuple[str, object]], value: object, key: str
    ) -> Choice:
        made = Choice(name, options)
        made.choose(value)
        made.currentIndexChanged.connect(lambda: self._set(**{key: made.currentData()}))
        return made

    def _set_hours(self) -> None:
        begin, end = self.hours.currentData()
        self._set(hours_from=begin, hours_until=end)

    def _set(self, **values: object) -> None:
        wanted = replace(self.settings, **values)  # type: ignore[arg-type]
        if wanted == self.settings:
            return
        self.trial.forget()
        try:
            self._desk.engine.use_network(wanted)
        except ChaskiError as error:  # no address, say: what was there before stays
            self._say(sentence(error))
            return
        self.settings = discover.kept_network(self._desk.engine.paths)
        self.certificates.show_file(self.settings.ca_file)
        counts, odd = settings_of(self._desk)
        self._say(odd)
        self._show_overruled()
        self.changed.emit(counts)

    def _say(self, odd: str) -> None:
        self._error.setText(odd)
        self._error.setVisible(bool(odd))

    def _show_overruled(self) -> None:
        """Variables of the surroundings come before what is chosen here."""
        counts = settings_of(self._desk)[0]
        named = [
            words for key, words in VARIABLES if getattr(counts, key) != getattr(self.settings, key)
        ]
        self.overruled.setText(" ".join(named))
        self.overruled.setVisible(bool(named))


class CertificateChoice(QWidget):
    """Two buttons; the file that is trusted stands in `file`, to be put where there is room."""

    chosen = Signal(str)  # a path, or "" for none

    def __init__(self) -> None:
        super().__init__()
        self.file = ElidedLabel("", "smallText")
        self.choose = Button(
            "Choose…", "file", "plain", True, "Choose a file of certificates", "", self._choose
        )
        self.forget = icon_button(
            "x", "Trust the system's certificates alone", lambda: self.chosen.emit("")
        )
        self.setLayout(row(self.forget, self.choose, spacing=4))

    def show_file(self, path: str) -> None:
        self.file.set_full(path or "The system's own are enough")
        self.forget.setVisible(bool(path))

    def _choose(self) -> None:
        words = "Certificates (*.pem *.crt *.cer);;All files (*)"
        path, _ = QFileDialog.getOpenFileName(self, "File of certificates", "", words)
        if path:
            self.chosen.emit(path)


class Trial(QObject):
    """A button that asks the hub, and the sentence that came of it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.button = Button(
            "Try the connection", "refresh-cw", "plain", True, "Ask the hub now", "", self.ask
        )
        self.told = label("", "small", wrap=True)
        self.told.hide()
        self._feed = Feed(self)
        self._feed.done.connect(self._answered)
        self._feed.failed.connect(lambda words: self._say(words, "error"))
        self._feed.ended.connect(lambda: self.button.setEnabled(True))

    def ask(self) -> None:
        if self._feed.running:
            return
        self.button.setEnabled(False)
        self._say(f"Asking {settings_of(self._desk)[0].host}…")
        self._feed.follow(self._desk.engine.try_network)

    def forget(self) -> None:
        """Another way was chosen: what was said is true no more."""
        self._feed.close()
        self.button.setEnabled(True)
        self.told.hide()

    def _answered(self, answer: object) -> None:
        if isinstance(answer, discover.Answered):
            through = f", through the proxy {answer.proxy}" if answer.proxy else ""
            self._say(f"{answer.host} answers, in {sizes.duration(answer.seconds)}{through}.")

    def _say(self, words: str, role: str = "small") -> None:
        self.told.setText(words)
        self.told.setProperty("role", role)
        self.told.style().polish(self.told)
        self.told.show()


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
        line = QHBoxLayout()
        line.setSpacing(current().px(8))
        for part in (self.edit, self.keep, self.forget):
            line.addWidget(part)
        self.box.addLayout(line)
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
        head = first + "All the connections there are, beside the address that each one shows:"
        self._words.setText("\n".join((head, *lines, LAST)))


def settings_of(desk: Desk) -> tuple["discover.NetworkSettings", str]:
    """What counts, variables included; where that makes no sense, what is kept and a sentence."""
    try:
        return desk.engine.hub.settings, ""
    except ChaskiError as error:
        return discover.kept_network(desk.engine.paths), sentence(error)
