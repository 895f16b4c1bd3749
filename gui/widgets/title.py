"""A title that is changed where it stands: a click makes it a field, Return keeps what it says."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QSizePolicy

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.focus_home import let_go
from gui.widgets.labels import ElidedLabel
from gui.widgets.paint import colour

LEAST = 24  # high: a spot that is hit easily


class Title(QAbstractButton):
    """`renamed` tells new words; Esc and empty ones change nothing."""

    renamed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._is_edited = False
        self._words = ElidedLabel("", "heading")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._field = QLineEdit()
        self._field.setAccessibleName(name)
        self._field.setMaxLength(200)
        self._field.hide()
        self.clicked.connect(self.edit)
        self._field.returnPressed.connect(self._take)
        self._field.installEventFilter(self)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._words, 1)
        box.addWidget(self._field, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._measure()
        current().follow(self, self._measure)
        self.set_full("")

    def _measure(self) -> None:
        self.setMinimumHeight(current().px(LEAST))

    def set_full(self, text: str) -> None:
        self._words.set_full(text)
        can = bool(text)
        self.setCursor(Qt.CursorShape.IBeamCursor if can else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if can else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{self._name}: {text}" if can else self._name)
        self.setEnabled(can)
        self.setToolTip(tr("{text}\nRename (Return)", text=text) if can else "")
        self._words.setToolTip(self.toolTip())

    def full(self) -> str:
        return self._words.full()

    @property
    def is_edited(self) -> bool:
        return self._is_edited

    def edit(self) -> None:
        """Let it be changed now, all of it chosen."""
        if not self.full() or self.is_edited:
            return
        self._is_edited = True
        self._words.hide()
        self._field.setText(self.full())
        self._field.show()
        self._field.selectAll()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel(self) -> None:
        """What is being written is not meant for what is shown from now on."""
        if self.is_edited:
            self._end()

    def _take(self) -> None:
        words = " ".join(self._field.text().split())
        self._end()
        if words and words != self.full():
            self.renamed.emit(words)

    def _end(self) -> None:
        self._is_edited = False
        self._words.show()
        let_go(self._field)
        self._field.hide()

    def _leave(self, why: Qt.FocusReason) -> None:
        """Its own menu takes the focus and gives it back."""
        if why != Qt.FocusReason.PopupFocusReason:
            self._take()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:  # it ends this, and no answer
                event.accept()
                return True
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self._end()
            return True
        elif isinstance(event, QFocusEvent) and event.lostFocus() and self.is_edited:
            self._leave(event.reason())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
        if event.key() in keys and self.hasFocus():  # the field's own come by here, too
            self.edit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setPen(colour("accent"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = current().px(6)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)
        painter.end()
