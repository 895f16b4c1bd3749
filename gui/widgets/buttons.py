"""Buttons whose line icon follows the theme; each has a tooltip and an accessible name."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QIcon, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gui.language import tr
from gui.theme.icons import icon
from gui.theme.theme import current
from gui.widgets.menus import unmarked
from gui.widgets.paint import rounded

CONFIRMED_MS = 1500
WIDEST = 16777215  # QWIDGETSIZE_MAX: no limit
ICON_ROLE = {
    "primary": "on_accent",
    "ghost": "muted",
    "danger": "bad",
    "chip": "accent_ink",
    "quiet": "accent_ink",
}


class Button(QPushButton):
    """A push button of the look: `kind` is plain, primary, ghost or danger.

    Its shortcut is what `describe` said last, whatever its words are meanwhile: Qt forgets a
    button's shortcut with every new text.
    """

    def __init__(
        self,
        text: str = "",
        glyph: str = "",
        kind: str = "plain",
        small: bool = False,
        tip: str = "",
        shortcut: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(unmarked(_spaced(text) if glyph else text), parent)
        self.glyph = glyph
        self.kind = kind
        self._words = text
        self._keys = ""
        self._quiet = False
        self._dot = False
        self._before: tuple[str, str, str] | None = None  # while it confirms: icon, tip, name
        self.setProperty("kind", kind)
        self.setProperty("small", small)
        self.setProperty("iconOnly", bool(glyph and not text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # Clicks leave the focus where it was, so the focus ring only ever answers the keyboard.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.describe(tip or text, shortcut)
        if text:
            self.setAccessibleName(text)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
        # Not with Qt's own events of change: a style sheet sends each button dozens of them.
        current().follow(self, self.retint)
        self.retint()

    def describe(self, tip: str, shortcut: str = "") -> None:
        """Tooltip and accessible name; a shortcut also acts, and is told in the tooltip. Without
        one, the button has none any more."""
        self.setAccessibleName(tip)
        self._keys = shortcut
        self._set_keys()
        if shortcut:
            native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            tip = f"{tip} ({native})"
        self.setToolTip(tip)

    def setText(self, text: str) -> None:
        super().setText(unmarked(text))
        self._set_keys()

    def _set_keys(self) -> None:
        keys = QKeySequence(self._keys)
        if self.shortcut() != keys:
            self.setShortcut(keys)

    def set_words(self, text: str) -> None:
        self._words = text
        if not self.property("iconOnly"):
            self.setText(_spaced(text) if self.glyph else text)

    def set_kind(self, kind: str) -> None:
        """Another look, where another action of the view matters more by now."""
        if kind != self.kind:
            self.kind = kind
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
            self.retint()

    def set_brief(self, brief: bool) -> None:
        """Only the icon, where there is no room for the words; the tooltip says them."""
        if brief == bool(self.property("iconOnly")):
            return
        self.setProperty("iconOnly", brief)
        self.setText("" if brief else _spaced(self._words))
        self.setMinimumSize(0, 0)
        self.setMaximumSize(WIDEST, WIDEST)
        self.style().unpolish(self)
        self.style().polish(self)
        self.retint()

    def words_width(self) -> int:
        """How wide it is with its words, also while it shows the icon alone."""
        words = self.fontMetrics().horizontalAdvance(_spaced(self._words))
        return words + self.iconSize().width() + current().px(24)

    def set_glyph(self, glyph: str) -> None:
        if glyph != self.glyph:
            self.glyph = glyph
            self.retint()

    def confirm(self, words: str = "", glyph: str = "check") -> None:
        """Say for a moment that it is done ("": copied); screen readers are told, too."""
        words = words or tr("Copied")
        if self._before is None:
            self._before = (self.glyph, self.toolTip(), self.accessibleName())
            QTimer.singleShot(CONFIRMED_MS, self, self._end_confirm)
        self.set_glyph(glyph)
        self.setAccessibleName(words)
        self.setToolTip(words)

    def _end_confirm(self) -> None:
        if self._before is not None:
            (glyph, tip, name), self._before = self._before, None
            self.set_glyph(glyph)
            self.setToolTip(tip)
            self.setAccessibleName(name)

    def set_quiet(self, quiet: bool) -> None:
        """A quiet button shows its icon only while it has the keyboard focus."""
        self._quiet = quiet
        self.retint()

    def set_dot(self, dot: bool) -> None:
        """A dot on the icon: something is set behind it."""
        if dot != self._dot:
            self._dot = dot
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._dot:
            return
        px = current().px
        painter = QPainter(self)
        left = self.width() - px(9) if self.property("iconOnly") else px(19)
        rounded(painter, QRectF(left, px(5), px(6), px(6)), px(3), "accent")
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.retint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.retint()

    def retint(self) -> None:
        theme = current()
        small = bool(self.property("small"))
        if self.property("iconOnly"):
            side = theme.px(28 if small else 36)
            self.setFixedSize(side, side)
        if self._quiet and not self.hasFocus():
            self.setIcon(QIcon())
        if not self.glyph or (self._quiet and not self.hasFocus()):
            return
        size = theme.px(15 if small and self.text() else 16 if small else 18)
        role = ICON_ROLE.get(self.kind, "text")
        if self.isChecked() and self.kind != "tool":
            role = "accent_ink"
        colours = theme.tokens
        self.setIcon(icon(self.glyph, getattr(colours, role), size, colours.faint))
        self.setIconSize(QSize(size, size))

    def checkStateSet(self) -> None:
        super().checkStateSet()
        self.retint()

    def nextCheckState(self) -> None:
        super().nextCheckState()
        self.retint()


def _spaced(text: str) -> str:
    """The gap between icon and text is not ours to set in a style sheet: spaces are it."""
    return f"  {text}" if text else ""


def icon_button(
    glyph: str,
    tip: str,
    on_click: Callable[[], object] | None = None,
    shortcut: str = "",
    kind: str = "ghost",
    small: bool = True,
) -> Button:
    """A button that is only an icon; `tip` is its name for people and for screen readers."""
    return Button("", glyph, kind, small, tip, shortcut, on_click)
