"""The user's token for the hub."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from engine.api import discover
from gui.desk import Desk
from gui.language import marked, tr
from gui.settings.network_parts import settings_of
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import Card
from gui.widgets.labels import label

KEPT = {
    "keyring": marked("A token is kept by this system's keyring"),
    "file": marked("A token is kept in a file that only you can read"),
    "variable": marked("A token is given by the variable HF_TOKEN"),
}


class TokenCard(Card):
    """The user's token for gated models. It is never shown again; the keyring may keep one waiting,
    so it is asked in the background."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Token", sense="of a hub"))
        self._desk = desk
        words = tr(
            "Only for models whose makers ask for your agreement first, and for your own private "
            "ones. Make one at huggingface.co/settings/tokens."
        )
        self.box.addWidget(label(words, "small", wrap=True))
        self.edit = QLineEdit()
        self.edit.setAccessibleName(tr("Token", sense="of a hub"))
        self.edit.setPlaceholderText("hf_…")
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = Button(
            tr("Keep"), "check", "plain", True, tr("Keep this token"), on_click=self._keep
        )
        self.forget = Button(
            tr("Forget"), "x", "plain", True, tr("Forget it"), on_click=self._forget
        )
        line = QHBoxLayout()
        line.setSpacing(current().px(8))
        for part in (self.edit, self.keep, self.forget):
            line.addWidget(part)
        self.box.addLayout(line)
        self.told = label("", "small", wrap=True)
        self.told.hide()
        self.box.addWidget(self.told)
        # Whether one is kept is not asked before somebody does something: a keyring that is locked
        # would ask for its password.

    def _keep(self) -> None:
        token = self.edit.text()
        self.edit.clear()
        self._ask(lambda tokens, host: tokens.set(host, token))

    def _forget(self) -> None:
        self._ask(lambda tokens, host: tokens.forget(host))

    def _ask(self, act: "Callable[[discover.TokenStore, str], object]") -> None:
        tokens = discover.TokenStore(self._desk.engine.paths.token_file)
        host = settings_of(self._desk)[0].host

        def work() -> str:
            act(tokens, host)
            return tokens.where(host)

        self._desk.background.run(work, self._show, self._say)

    def _show(self, where: str) -> None:
        self._say(tr(KEPT[where]) if where in KEPT else tr("No token is kept"))

    def _say(self, words: str) -> None:
        self.told.setText(words)
        self.told.show()
