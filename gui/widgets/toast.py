"""A short word over the header of the window, with Undo where something was taken away."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QPropertyAnimation, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QHBoxLayout, QWidget

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.labels import label

SHOWN_MS = 8000
FADE_MS = 120
TOP = 6  # over the header, never over what was just asked


class Toast(QFrame):
    """One toast per window; a new word replaces the old one, whose undo then is gone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._over: QWidget | None = None
        self.setProperty("role", "toast")
        self._words = label()
        self._undo = Button(tr("Undo"), small=True, tip=tr("Undo"), on_click=self._run_undo)
        self._action: Callable[[], object] | None = None
        self._box = QHBoxLayout(self)
        self._box.addWidget(self._words)
        self._box.addWidget(self._undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        current().follow(self, self._place_later)
        self.hide()

    def say(self, words: str, undo: Callable[[], object] | None = None) -> None:
        self._words.setText(words)
        self._action = undo
        self._undo.setVisible(undo is not None)
        current().dress(self)
        self._fade_in(was_there=self.isVisible())
        self.show()
        self._place()
        self.raise_()
        self._timer.start()

    def _fade_in(self, was_there: bool) -> None:
        """Quickly, and only where things may move. The effect ends with the fading: it costs."""
        if was_there:
            return
        self._end_fade()  # of a notice that was put away half-way
        if current().is_still:
            return
        effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(effect)
        fading = QPropertyAnimation(effect, QByteArray(b"opacity"), effect)
        fading.setDuration(FADE_MS)
        fading.setStartValue(0.0)
        fading.setEndValue(1.0)
        fading.finished.connect(lambda: QTimer.singleShot(0, self, self._end_fade))
        fading.start()

    def _end_fade(self) -> None:
        self.setGraphicsEffect(None)  # type: ignore[arg-type]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on it: it was read."""
        self.hide()

    def stand_over(self, view: QWidget) -> None:
        """Stand in the middle of this part of the window."""
        self._over = view
        self._place()

    def undo(self) -> None:
        """What Ctrl+Z does outside of a text field."""
        if self.isVisible() and self._action is not None:
            self._run_undo()

    def _run_undo(self) -> None:
        action, self._action = self._action, None
        self.hide()
        self._timer.stop()
        if action is not None:
            action()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place_later(self) -> None:
        """At another text size, once its words have it."""
        if self.isVisible():
            QTimer.singleShot(0, self, self._place)

    def _place(self) -> None:
        px = current().px
        right = px(16) if self._action is None else px(8)
        self._box.setContentsMargins(px(16), px(8), right, px(8))
        self._words.setMinimumHeight(px(28))  # as high as the button
        self._words.setWordWrap(False)
        self.adjustSize()
        over = self._over if self._over is not None and self._over.isVisible() else self._host
        left = over.mapTo(self._host, QPoint()).x() if over is not self._host else 0
        room, margin = over.width(), current().px(16)
        if self.width() > room - 2 * margin:
            self._words.setWordWrap(True)
            self.resize(room - 2 * margin, self.heightForWidth(room - 2 * margin))
        self.move(left + (room - self.width()) // 2, px(TOP))
