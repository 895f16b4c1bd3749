"""What stands around the guide, the small model inside: questions to begin with, its progress."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.base.events import Progress, Stage
from gui.language import begun, figures, tr
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.labels import label

# The same in each of its languages, so that everyone sees which ones it speaks.
QUESTIONS = (
    "How do I get a model?",
    "Comment obtenir un modèle ?",
    "モデルはどうやって手に入れますか？",
)
PATIENCE_MS = 400  # what is ready sooner needs no bar


def is_first(words: str) -> bool:
    """Whether a step of opening a model is the one that is there only once on a machine."""
    return words == begun(Progress(Stage.COMPILING, 0, 0).words)


class Questions(QWidget):
    """Questions that are asked with a click; under each other where they have no room in a line."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Questions to begin with"))
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(current().px(8))
        self._line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.buttons = [self._button(text) for text in QUESTIONS]
        for button in self.buttons:
            self._line.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def _button(self, text: str) -> Button:
        ask = partial(self.asked.emit, text)
        return Button(text, "", "plain", True, tr("Ask the guide this"), on_click=ask)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gaps = self._line.spacing() * (len(self.buttons) - 1)
        wide = sum(button.sizeHint().width() for button in self.buttons) + gaps
        ways = QBoxLayout.Direction
        self._line.setDirection(
            ways.LeftToRight if event.size().width() >= wide else ways.TopToBottom
        )

    def minimumSizeHint(self) -> QSize:
        """One line's; the layout's own would never let the window be narrower than the line."""
        widest = max(button.sizeHint().width() for button in self.buttons)
        return QSize(widest, self._line.minimumSize().height())


class GuideProgress(QWidget):
    """A bar and a line of words while the guide is being opened; it keeps its room, always."""

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        self.bar = Bar(4)
        self.bar.setFixedWidth(px(240))
        self.words = label("", "small")
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(6))
        box.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.words)
        keeps = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        keeps.setRetainSizeWhenHidden(True)
        self.setSizePolicy(keeps)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self.show)
        self.hide()

    def begin(self) -> None:
        self.bar.begin()
        self.show_progress(tr("Reading the file"), None)
        self._timer.start()

    def show_progress(self, words: str, fraction: float | None) -> None:
        words = tr(
            "The guide is getting ready{percent}; only this first time, for your processor"
            if is_first(words)
            else "The guide is getting ready{percent}",
            percent="" if fraction is None else figures(f" · {fraction:.0%}"),
        )
        self.words.setText(words)
        self.bar.set_fraction(fraction)

    def end(self) -> None:
        self._timer.stop()
        self.hide()
