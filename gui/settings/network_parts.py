"""Parts of the network's card: a file of certificates, a trial, and what counts."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.api import discover
from engine.base.errors import ChaskiError
from gui.desk import Desk
from gui.language import marked, tr
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import row
from gui.widgets.labels import ElidedLabel, label
from gui.workers import Feed, sentence


class CertificateChoice(QWidget):
    """Two buttons; the file that is trusted stands in `file`, to be put where there is room."""

    chosen = Signal(str)  # a path, or "" for none

    def __init__(self) -> None:
        super().__init__()
        self.file = ElidedLabel("", "smallText")
        self.choose = Button(
            tr("Choose…"),
            "file",
            "plain",
            True,
            tr("Choose a file of certificates"),
            "",
            self._choose,
        )
        self.forget = icon_button(
            "x", tr("Trust the system's certificates alone"), lambda: self.chosen.emit("")
        )
        self.setLayout(row(self.forget, self.choose, spacing=4))

    def show_file(self, path: str) -> None:
        self.file.set_full(path or tr("The system's own are enough"))
        self.forget.setVisible(bool(path))

    def _choose(self) -> None:
        words = tr("Certificates (*.pem *.crt *.cer);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self, tr("File of certificates"), "", words)
        if path:
            self.chosen.emit(path)


class Trial(QObject):
    """A button that asks the hub, and the sentence that came of it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.button = Button(
            tr("Try the connection"),
            "refresh-cw",
            "plain",
            True,
            tr("Ask the hub now"),
            "",
            self.ask,
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
        self._say(tr("Asking {host}…", host=settings_of(self._desk)[0].host))
        self._feed.follow(self._desk.engine.try_network)

    def forget(self) -> None:
        """Another way was chosen: what was said is true no more."""
        self._feed.close()
        self.button.setEnabled(True)
        self.told.hide()

    def _answered(self, answer: object) -> None:
        if isinstance(answer, discover.Answered):
            words = marked("{host} answers, in {time:duration}.")
            if answer.proxy:
                words = marked("{host} answers, in {time:duration}, through the proxy {proxy}.")
            self._say(tr(words, host=answer.host, time=answer.seconds, proxy=answer.proxy))

    def _say(self, words: str, role: str = "small") -> None:
        self.told.setText(words)
        self.told.setProperty("role", role)
        self.told.style().polish(self.told)
        self.told.show()


def settings_of(desk: Desk) -> tuple["discover.NetworkSettings", str]:
    """What counts, variables included; where that makes no sense, what is kept and a sentence."""
    try:
        return desk.engine.hub.settings, ""
    except ChaskiError as error:
        return discover.kept_network(desk.engine.paths), sentence(error)
