"""The pill in the header: which model answers here; a click offers the others."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from gui.language import tr
from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.paint import colour, rounded, text_line, theme_font


@dataclass(frozen=True)
class PillState:
    """What the pill shows; `tone` colours its dot."""

    name: str
    detail: str
    tone: str  # good: ready, warn: loading, faint: none
    tip: str = ""  # what else there is to say of it


class ModelPill(QAbstractButton):
    """Dot, name, detail and a chevron in a rounded frame."""

    def __init__(self) -> None:
        super().__init__()
        self._state = PillState(tr("Choose a model"), "", "faint")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setShortcut("Ctrl+M")
        self.show_state(self._state)

    def show_state(self, state: PillState) -> None:
        self._state = state
        self.setAccessibleName(
            tr("Model: {model} {detail}", model=state.name, detail=state.detail).strip()
        )
        keys = self.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(
            "\n".join(w for w in (state.tip, tr("Change the model ({keys})", keys=keys)) if w)
        )
        self.updateGeometry()
        self.update()

    def _fonts(self) -> tuple[QFont, QFont]:
        return theme_font(14, QFont.Weight.DemiBold), theme_font(13.5)

    def sizeHint(self) -> QSize:
        px = current().px
        strong, plain = self._fonts()
        width = QFontMetrics(strong).horizontalAdvance(self._state.name)
        if self._state.detail:
            width += QFontMetrics(plain).horizontalAdvance(self._state.detail) + px(8)
        return QSize(min(width + px(68), px(420)), px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(120), current().px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        lit = self.underMouse() or self.isDown()
        line = "accent" if self.hasFocus() else "line"
        box = QRectF(self.rect())
        rounded(painter, box, box.height() / 2, "selection" if lit else "raised", line)
        dot = px(8)
        place = self._turned(QRectF(px(14), (box.height() - dot) / 2, dot, dot))
        rounded(painter, place, dot / 2, self._state.tone)
        self._paint_words(painter, px(31), self.width() - px(36))
        side = px(16)
        spot = QRectF(self.width() - side - px(14), (box.height() - side) / 2, side, side)
        spot = self._turned(spot)
        paint_icon(painter, "chevron-down", colour("text").name(), spot)
        painter.end()

    def _paint_words(self, painter: QPainter, left: int, right: int) -> None:
        px = current().px
        for font, text, role in zip(
            self._fonts(), (self._state.name, self._state.detail), ("text", "muted"), strict=True
        ):
            box = QRectF(left, 0, max(0, right - left), self.height())
            wide = text_line(painter, self._turned(box), text, font, role)
            left += round(wide) + px(8)

    def _turned(self, box: QRectF) -> QRectF:
        """Where it stands in a window that is mirrored."""
        if not self.isRightToLeft():
            return box
        return QRectF(self.width() - box.right(), box.top(), box.width(), box.height())
