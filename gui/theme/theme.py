"""The theme in force: which tokens, which scale; applies them to the application as a whole.

One Theme hangs on the QApplication; widgets ask `current()` and `follow` its changes.
"""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gui.theme import fonts, tokens
from gui.theme.style import stylesheet
from gui.theme.wardrobe import Wardrobe, is_put_away

BASE_PIXELS = 14


class Theme(QObject):
    """Chooses tokens from the user's wish and the system's light or dark, and scales all sizes."""

    begins = Signal()  # tens of thousands of events follow, none of them of anybody's doing
    changed = Signal()
    ended = Signal()  # all that hears of `changed` has its new size

    def __init__(
        self,
        app: QApplication,
        choice: str = "system",
        font_pixels: int = 14,
        motion: str = "system",
    ) -> None:
        super().__init__(app)
        self._app = app
        self.choice = choice
        self.font_pixels = font_pixels
        self.motion = motion
        self.tokens = tokens.LIGHT
        self._sheet = ""
        self._wardrobe, self._seen = Wardrobe(), _Seen(self)
        fonts.load_bundled()
        app.setProperty("chaskiTheme", self)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        app.screenAdded.connect(self.look_again)
        self.apply()

    def px(self, length: float) -> int:
        """A length of the look (made for 14 px text) at the user's text size."""
        return max(1, round(length * self.font_pixels / BASE_PIXELS))

    def choose(self, choice: str) -> None:
        self.choice = choice
        self.apply()

    def set_font_pixels(self, pixels: int) -> None:
        self.font_pixels = pixels
        self.apply()

    @property
    def is_still(self) -> bool:
        """Nothing moves that need not: the user's wish here, or the system's."""
        return self.motion == "less" or _system_wants_stillness(self._app)

    def choose_motion(self, motion: str) -> None:
        self.motion = motion
        self.look_again()

    def apply(self) -> None:
        """Set font, palette and style sheet; widgets get Qt's own change events, then `changed`.
        Between `begins` and `ended` widths come and go: what is dear to lay out waits.

        A sheet of the application is polished into each widget once for each of its ancestors,
        one of a part of a window at most twice. So the application has one only while there are
        no windows.
        """
        self.tokens = self._wanted()
        self.begins.emit()
        self._app.setFont(fonts.interface_font(self.font_pixels))
        self._app.setPalette(palette(self.tokens))
        self._sheet = stylesheet(self.tokens, self.px, fonts.mono_families())
        bare = self._bare_windows()
        for window in bare:
            window.setStyleSheet(self._sheet)
        if not bare and not self._wardrobe.windows():
            self._app.setStyleSheet(self._sheet)
        self._wardrobe.change(self._sheet)
        self._tell()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self.ended.emit()

    def dress(self, part: QWidget) -> None:
        """Give a part of a window the look in force: a view, the rail, a dialog, what lies over it.

        To be called when it is made and whenever it is shown, as what is put away does not follow.
        """
        if self._app.styleSheet():
            self._app.setStyleSheet("")
        self._wardrobe.dress(part, self._sheet)

    def dress_when_shown(self, *parts: QWidget) -> None:
        """Give each the look in force whenever it comes up, be it by what it is in."""
        for part in parts:
            part.installEventFilter(self._seen)
            if is_put_away(part):
                self._wardrobe.hang(part)
            else:
                self.dress(part)

    def follow(self, widget: QWidget, told: Callable[[], object]) -> None:
        """Call this method of the widget after a change; where it is put away, when it is shown."""
        self._wardrobe.add(widget, told)

    def look_again(self) -> None:
        """Pictures may be too coarse: there is another screen, or one has other pixels by now."""
        self._wardrobe.change(self._sheet)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self._wardrobe.tell()

    def _bare_windows(self) -> list[QWidget]:
        """Windows that are not dressed in parts, as those of a tool or a test."""
        worn = self._wardrobe.windows()
        windows = [w for w in self._app.topLevelWidgets() if w.parentWidget() is None]
        return [window for window in windows if window not in worn]

    def _system_changed(self) -> None:
        if self.choice in ("system", "contrast"):
            self.apply()

    def _wanted(self) -> tokens.Tokens:
        if self.choice in ("light", "dark"):
            return tokens.THEMES[self.choice]
        hints = self._app.styleHints()
        dark = hints.colorScheme() == Qt.ColorScheme.Dark
        if self.choice == "contrast" or _system_wants_contrast(self._app):
            return tokens.CONTRAST_DARK if dark else tokens.CONTRAST_LIGHT
        return tokens.DARK if dark else tokens.LIGHT


class _Seen(QObject):
    """Dresses what comes up; its layout is asked for and made before it is painted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self._theme.dress(watched)
        return False


def _system_wants_contrast(app: QApplication) -> bool:
    """Qt tells of a high-contrast wish since 6.10; older versions keep the usual themes."""
    hints = getattr(app.styleHints(), "accessibility", lambda: None)()
    preference = getattr(hints, "contrastPreference", None)
    return preference is not None and "High" in str(preference())


def _system_wants_stillness(app: QApplication) -> bool:
    """Where this version of Qt tells of it; elsewhere there is the choice in Settings."""
    hints = getattr(app.styleHints(), "accessibility", lambda: None)()
    preference = getattr(hints, "motionPreference", None)
    return preference is not None and "Reduce" in str(preference())


def palette(t: tokens.Tokens) -> QPalette:
    """Qt's palette from the tokens, for whatever the style sheet does not reach."""
    result = QPalette()
    roles = {
        QPalette.ColorRole.Window: t.surface,
        QPalette.ColorRole.WindowText: t.text,
        QPalette.ColorRole.Base: t.surface,
        QPalette.ColorRole.AlternateBase: t.bg,
        QPalette.ColorRole.Text: t.text,
        QPalette.ColorRole.PlaceholderText: t.muted,
        QPalette.ColorRole.Button: t.raised,
        QPalette.ColorRole.ButtonText: t.text,
        QPalette.ColorRole.ToolTipBase: t.raised,
        QPalette.ColorRole.ToolTipText: t.text,
        QPalette.ColorRole.Highlight: t.selected,
        QPalette.ColorRole.HighlightedText: t.text,
        QPalette.ColorRole.Link: t.accent_ink,
        QPalette.ColorRole.Mid: t.line,
        QPalette.ColorRole.Accent: t.accent,
    }
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    result.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, QColor(t.faint))
    result.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(t.faint))
    return result


def current() -> Theme:
    """The application's theme; made with the defaults when a test or a tool has made none."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme = app.property("chaskiTheme")
    return theme if isinstance(theme, Theme) else Theme(app)
