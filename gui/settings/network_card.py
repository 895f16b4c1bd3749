"""How the network is used: whether at all, how fast, through whom; and whether it works."""

from dataclasses import replace

from PySide6.QtCore import Signal

from engine.api import discover
from engine.base.errors import ChaskiError
from gui.desk import Desk
from gui.language import marked, tr
from gui.settings.network_parts import CertificateChoice, Trial, settings_of
from gui.settings.rows import add_row, field
from gui.widgets.choices import ComboBox
from gui.widgets.frames import Card
from gui.widgets.labels import label
from gui.workers import sentence

ALLOWED: list[tuple[str, object]] = [
    (marked("When I ask for something"), True),
    (marked("Never"), False),
]
RATES = (1, 2, 5, 10, 20, 50)  # MB a second
NIGHT = ("23:00", "07:00")
HOURS: list[tuple[str, object]] = [
    (marked("At any time"), ("", "")),
    (marked("From 23:00 to 7:00"), NIGHT),
]
VARIABLES = (
    ("endpoint", marked("The variable HF_ENDPOINT names another hub, which counts.")),
    ("ca_file", marked("A variable (SSL_CERT_FILE) names a file of certificates, which counts.")),
    ("allowed", marked("The variable HF_HUB_OFFLINE switches all connections off.")),
)


def _rates() -> list[tuple[str, object]]:
    some = ((tr("{size:file}/s at most", size=n * 1e6), n * 1e6) for n in RATES)
    return [(tr("As fast as it goes"), 0.0), *some]


def _told(options: list[tuple[str, object]]) -> list[tuple[str, object]]:
    return [(tr(words), value) for words, value in options]


class NetworkCard(Card):
    """Every change counts at once and is kept; what cannot be is said below."""

    changed = Signal(object)  # NetworkSettings

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Network"))
        self._desk = desk
        # What was chosen, without the variables of this run: those are nobody's choice to keep.
        self.settings = discover.kept_network(desk.engine.paths)
        odd = settings_of(desk)[1]
        self.allowed = self._choice(tr("Network"), _told(ALLOWED), self.settings.allowed, "allowed")
        self.rate = self._choice(tr("Speed limit"), _rates(), self.settings.max_rate, "max_rate")
        hours = (self.settings.hours_from, self.settings.hours_until)
        self.hours = ComboBox(tr("Downloads run"), _told(HOURS))
        self.hours.choose(hours)
        self.hours.currentIndexChanged.connect(self._set_hours)
        self.proxy = field(tr("Proxy"), self._proxy_shown(), tr("As the system says"))
        self.proxy.editingFinished.connect(self._set_proxy)
        self.hub = field(tr("Hub"), self.settings.endpoint, "https://huggingface.co")
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
            (
                tr("Connections"),
                tr("To search and download models, for nothing else."),
                self.allowed,
            ),
            (tr("Speed limit"), tr("For all downloads together."), self.rate),
            (tr("Downloads run"), tr("Outside these hours they wait."), self.hours),
            (
                tr("Proxy"),
                tr(
                    "Such as http://proxy:8080 or socks5://localhost:9050; none for no proxy at "
                    "all."
                ),
                self.proxy,
            ),
            (tr("Hub"), tr("Hugging Face, or a mirror of it."), self.hub),
            (
                tr("CA certificate"),
                tr(
                    "Only where a company or a proxy reads along and has its own: its file (PEM) "
                    "is trusted beside the system's certificates."
                ),
                self.certificates,
                self.certificates.file,
            ),
            (
                tr("Connection"),
                tr("Asks the hub one small thing, as all of this says."),
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
    ) -> ComboBox:
        made = ComboBox(name, options)
        made.choose(value)
        made.currentIndexChanged.connect(lambda: self._set(**{key: made.currentData()}))
        return made

    def _proxy_shown(self) -> str:
        """Without its password: others may look at the screen."""
        proxy = self.settings.proxy
        return "" if proxy == "system" else discover.hidden(proxy)

    def _set_proxy(self) -> None:
        proxy = discover.revealed(self.proxy.text().strip(), self.settings.proxy)
        self._set(proxy=proxy or "system")

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
        self.proxy.setText(self._proxy_shown())
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
            tr(words)
            for key, words in VARIABLES
            if getattr(counts, key) != getattr(self.settings, key)
        ]
        self.overruled.setText(" ".join(named))
        self.overruled.setVisible(bool(named))
