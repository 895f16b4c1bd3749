"""What the model told itself, folded away under "Thought for 3.1 s"."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.language import tr
from gui.prose.rich_text import RichText
from gui.theme.theme import current
from gui.widgets.buttons import Button

THOUGHT_PIXELS = 13.0


class Thought(QWidget):
    """Its words are laid out when somebody unfolds them."""

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        self._head = Button(
            tr("Thinking…"), "chevron-right", "ghost", True, tr("Show the thinking")
        )
        self._head.setCheckable(False)
        self._head.clicked.connect(self._toggle)
        self._frame = QFrame()
        self._frame.setProperty("role", "thought")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(px(14), 0, 0, 0)
        self.body = RichText(muted=True, pixels=THOUGHT_PIXELS, whole=False)
        inside.addWidget(self.body)
        self._frame.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(6))
        line = QHBoxLayout()
        line.addWidget(self._head)
        line.addStretch(1)
        box.addLayout(line)
        box.addWidget(self._frame)
        self._head.setStyleSheet("QPushButton { padding: 0 4px 0 0; text-align: left; }")

    def set_words(self, words: str) -> None:
        self._head.set_words(words)
        self._head.setAccessibleName(words)

    def show_time(self, seconds: float) -> None:
        """It has ended; 0: nobody knows how long it took."""
        self.set_words(
            tr("Thought for {seconds:.1f} s", seconds=seconds) if seconds else tr("Thought first")
        )

    @property
    def is_unfolded(self) -> bool:
        return not self._frame.isHidden()

    def unfold(self, shown: bool) -> None:
        self._frame.setVisible(shown)
        self._head.set_glyph("chevron-down" if shown else "chevron-right")
        self._head.describe(tr("Hide the thinking") if shown else tr("Show the thinking"))

    def _toggle(self) -> None:
        self.unfold(not self.is_unfolded)
