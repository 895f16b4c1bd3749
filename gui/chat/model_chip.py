"""A model as a chip that can be chosen: its name, and how fast it will be here."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.paint import rounded, text_line, theme_font

HEIGHT, WIDEST, SIDE = 28, 280, 10


@dataclass(frozen=True)
class Choice:
    """`speed` in words, "" where nothing is known of it."""

    path: str
    name: str
    speed: str = ""
    chosen: bool = False


class ModelChip(QAbstractButton):
    """Looks like a chip of the composer; the chosen one has a dark border."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_choice(choice)

    def show_choice(self, choice: Choice) -> None:
        self.choice = choice
        self.setChecked(choice.chosen)
        told = f"{choice.name}, {choice.speed}" if choice.speed else choice.name
        self.setAccessibleName(tr("Answer with {model}", model=told))
        self.setToolTip(tr("{model} answers your next message", model=choice.name))
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:
        """Whoever shows it says which is chosen."""

    def _fonts(self) -> tuple[QFont, QFont]:
        strong = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal
        return theme_font(13, strong), theme_font(13)

    def sizeHint(self) -> QSize:
        px = current().px
        strong, plain = self._fonts()
        width = QFontMetrics(strong).horizontalAdvance(self.choice.name)
        if self.choice.speed:
            width += px(10) + QFontMetrics(plain).horizontalAdvance(self.choice.speed)
        return QSize(min(px(WIDEST), width + 2 * px(SIDE) + 2), px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        dark = current().tokens.dark
        ground = "raised" if self.isChecked() or dark else "bg"
        line = "accent" if self.hasFocus() else "text" if self.isChecked() else "line"
        lit = self.underMouse() and not self.isChecked()
        rounded(painter, QRectF(self.rect()), px(8), "selection" if lit else ground, line)
        strong, plain = self._fonts()
        speed = QFontMetrics(plain).horizontalAdvance(self.choice.speed)
        room = QRectF(self.rect()).adjusted(px(SIDE), 0, -px(SIDE), 0)
        name = QRectF(room)
        if self.choice.speed:
            end = QRectF(room)
            if self.isRightToLeft():
                end.setRight(room.left() + speed + 2)
                name.setLeft(end.right() + px(6))
            else:
                end.setLeft(room.right() - speed - 2)
                name.setRight(end.left() - px(6))
            text_line(painter, end, self.choice.speed, plain, "muted")
        text_line(painter, name, self.choice.name, strong, "text")
        painter.end()
