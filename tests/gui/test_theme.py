"""The look's promises that a machine can check."""

import re
from types import SimpleNamespace
from weakref import ref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication, QFrame, QStackedWidget, QWidget

from gui.app import Shell
from gui.library.model_paint import HEADS, Heads
from gui.main_window import VIEWS, MainWindow
from gui.theme.icons import MARK_SIDES, icon, pixmap, window_icon
from gui.theme.style import stylesheet
from gui.theme.tokens import DARK, LIGHT, SHAPE_PAIRS, TEXT_PAIRS, THEMES, Tokens, contrast
from gui.theme.wardrobe import ROOMY, Wardrobe
from gui.widgets.bars import ground
from gui.widgets.dialogs import Sheet
from gui.widgets.rail import Rail


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_text_can_be_read(theme: Tokens) -> None:
    poor = [
        (ink, ground, round(contrast(getattr(theme, ink), getattr(theme, ground)), 2))
        for ink, ground in TEXT_PAIRS
        if contrast(getattr(theme, ink), getattr(theme, ground)) < 4.5
    ]
    assert not poor


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_shapes_and_the_ring_of_the_keyboard_can_be_seen(theme: Tokens) -> None:
    poor = [
        (ink, ground, round(contrast(getattr(theme, ink), getattr(theme, ground)), 2))
        for ink, ground in SHAPE_PAIRS
        if contrast(getattr(theme, ink), getattr(theme, ground)) < 3
    ]
    assert not poor


def test_high_contrast_is_high() -> None:
    for name in ("contrast-light", "contrast-dark"):
        theme = THEMES[name]
        assert contrast(theme.text, theme.surface) > 18
        assert contrast(theme.muted, theme.surface) > 7


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_how_far_a_bar_is_can_be_seen(theme: Tokens) -> None:
    fill = getattr(theme, ground(theme)[0])
    for tone in ("accent", "warn", "bad"):
        assert contrast(getattr(theme, tone), fill) > 3, tone


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#808080", "#808080") == pytest.approx(1)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_style_sheet_is_whole(theme: Tokens) -> None:
    sheet = stylesheet(theme, lambda n: round(n), "Mono")
    assert sheet.count("{") == sheet.count("}")
    assert not re.search(r"None|\{t\.|px\(", sheet)


def test_style_sheet_names_colours_of_its_theme_only() -> None:
    for theme in THEMES.values():
        own = {value for value in vars(theme).values() if isinstance(value, str)}
        used = set(re.findall(r"#[0-9A-Fa-f]{6}\b", stylesheet(theme, round, "Mono")))
        assert used <= own


def test_icons_are_drawn_in_their_colour(qapp: QApplication) -> None:
    image = pixmap("plus", "#FF0000", 24, 2.0).toImage()
    assert image.width() == 48
    colours = {image.pixelColor(x, 24).name() for x in range(48) if image.pixelColor(x, 24).alpha()}
    assert "#ff0000" in colours


def test_icons_are_as_fine_as_the_screens_that_are_there(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = [SimpleNamespace(devicePixelRatio=lambda ratio=ratio: ratio) for ratio in (1.0, 1.75)]
    monkeypatch.setattr("gui.theme.icons.QGuiApplication.screens", lambda: screens)
    made = icon("plus", "#FF0000", 24, "#00FF00")
    for ratio in (1.0, 1.75):
        for mode, wanted in ((QIcon.Mode.Normal, "#ff0000"), (QIcon.Mode.Disabled, "#00ff00")):
            shown = made.pixmap(QSize(24, 24), ratio, mode).toImage()
            assert shown.width() == round(24 * ratio)
            middle = shown.pixelColor(shown.width() // 2, shown.width() // 2)
            assert middle.name() == wanted


def test_icons_are_drawn_again_for_a_finer_screen(
    ready: MainWindow, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    finer = [SimpleNamespace(devicePixelRatio=lambda: 2.0)]
    monkeypatch.setattr("gui.theme.icons.QGuiApplication.screens", lambda: finer)
    more = ready.chat.header.more
    side = more.iconSize()
    assert more.icon().pixmap(side, 2.0).width() < 2 * side.width()
    QApplication.sendEvent(ready, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert more.icon().pixmap(side, 2.0).width() == 2 * side.width()


def test_the_mark_is_there_in_every_size_and_is_no_speech_bubble(qapp: QApplication) -> None:
    mark = window_icon()
    assert {size.width() for size in mark.availableSizes()} == set(MARK_SIDES)
    for side in MARK_SIDES:
        picture = mark.pixmap(side, side).toImage()
        ground, ink = QColor("#B84A22"), 0
        for x in range(side):
            for y in range(side):
                ink += picture.pixelColor(x, y).lightness() > ground.lightness() + 60
        assert 0.1 < ink / side**2 < 0.45, f"{side} px: the cords can be seen on their ground"
    glyphs = [view.glyph for view in VIEWS]
    assert len(set(glyphs)) == len(glyphs)
    assert "quipu" not in glyphs


def test_a_change_reaches_every_window_and_those_that_come(ready: MainWindow, shell: Shell) -> None:
    shell.theme.choose("dark")
    shell.theme.set_font_pixels(18)
    second = shell.open_window()
    for window in (ready, second):
        box = window.chat.composer
        shown = box.grab().toImage()
        assert shown.pixelColor(shown.width() // 2, 6).name() == DARK.raised.lower()
        group = window.chat.list._empty
        group.ensurePolished()
        assert group.font().pixelSize() == round(12.5 * 18 / 14)
    shell.theme.choose("light")
    shell.theme.set_font_pixels(14)
    shown = second.chat.composer.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, 6).name() == LIGHT.raised.lower()


def test_what_is_laid_out_late_has_the_look_of_its_view(ready: MainWindow, shell: Shell) -> None:
    """A part without a parent is dressed as a window is, and keeps that look wherever it comes."""
    for view in VIEWS:
        ready.show_view(view.name)
    shell.theme.choose("dark")
    ready.show_view("chats")
    ready.show()
    ready.chat.show_panel(True)
    own = [part for part in ready.findChildren(QWidget) if len(part.styleSheet()) > 1000]
    kinds = [kind.view() for kind in VIEWS]
    views = [view for view in kinds if not view.is_worn_in_parts]
    assert {Rail, *views} < {type(part) for part in own}
    twice = [part for part in own for each in own if each is not part and each.isAncestorOf(part)]
    assert twice == []
    combo = ready.chat.parameters.presets.combo.grab().toImage()
    assert combo.pixelColor(combo.width() // 2, 4).name() == DARK.raised.lower()
    shell.theme.choose("light")


class Ear(QObject):
    """Counts the style changes of the widgets that it is put on."""

    def __init__(self, *ons: QWidget) -> None:
        super().__init__()
        self.heard = 0
        for each in ons:
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.heard += event.type() == QEvent.Type.StyleChange
        return False


def test_a_view_that_is_put_away_follows_when_it_is_shown(ready: MainWindow, shell: Shell) -> None:
    """Most of a step of the text size would else go to what nobody sees."""
    ready.show()
    for view in VIEWS:
        ready.show_view(view.name)
    ready.show_view("chats")
    models = next(view for name, view in ready._views.items() if name == "models")
    parts = models.findChildren(QWidget)
    heads = next(part for part in parts if isinstance(part, Heads))
    high, ear = heads.height(), Ear(*parts)
    ready.zoom(4)
    shell.theme.choose("dark")
    assert ear.heard == 0
    assert heads.height() == high
    ready.show_view("models")
    assert ear.heard
    assert heads.height() == shell.theme.px(HEADS) > high
    shown = models.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, 3).name() in (DARK.surface.lower(), DARK.bg.lower())
    heard = ear.heard
    ready.show_view("chats")
    ready.show_view("models")
    assert ear.heard == heard, "what follows already is not polished again"
    shell.theme.choose("light")
    ready.usual_zoom()


def test_all_that_a_chat_shows_is_in_a_part_that_is_dressed(
    ready: MainWindow, shell: Shell
) -> None:
    """Grounds have the window's colour by the palette; whatever else is seen needs the sheet."""
    ready.show()
    chat = ready.chat
    chat.show_panel(True)
    chat.error.show_error("x", "y")
    chat.system.show()
    parts = [part for part in chat.findChildren(QWidget) if len(part.styleSheet()) > 1000]
    assert {chat.list, chat.header, chat.composer, chat.parameters, chat.error} <= {*parts}
    inside = {each for part in parts for each in (part, *part.findChildren(QWidget))}
    bare = [each for each in chat.findChildren(QWidget) if each.isVisible() and each not in inside]
    assert {type(each) for each in bare} <= {QWidget, QFrame, QStackedWidget}
    assert {each.property("role") for each in bare} <= {None, "page"}
    assert {each.toolTip() for each in bare} <= {""}, "a tip takes its look from its widget"


def test_panels_that_are_put_away_follow_when_they_are_shown(
    ready: MainWindow, shell: Shell
) -> None:
    ready.show()
    chat = ready.chat
    chat.show_panel(True)
    chat.show_panel(False)
    high = chat.parameters.presets.combo.height()
    ear = Ear(*chat.parameters.findChildren(QWidget), *chat.welcome.findChildren(QWidget))
    ready.zoom(4)
    shell.theme.choose("dark")
    assert ear.heard == 0
    chat.show_panel(True)
    assert ear.heard
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    combo = chat.parameters.presets.combo
    shown = combo.grab().toImage()
    assert shown.pixelColor(combo.width() // 2, 4).name() == DARK.raised.lower()
    assert combo.height() >= shell.theme.px(26) > high
    heard = ear.heard
    chat.show_panel(False)
    chat.show_panel(True)
    assert ear.heard == heard
    shell.theme.choose("light")
    ready.usual_zoom()


def test_a_hidden_window_follows_at_once(ready: MainWindow, shell: Shell) -> None:
    """It may come back by the tray, and none of its views is shown anew then."""
    ready.show()
    ready.hide()
    shell.theme.choose("dark")
    ready.show()
    shown = ready.chat.composer.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, 6).name() == DARK.raised.lower()
    shell.theme.choose("light")


def test_a_dialog_has_the_look_in_force_whenever_it_is_opened(
    ready: MainWindow, shell: Shell
) -> None:
    """Its parent may be the window, which has no sheet of its own."""
    sheet = Sheet(ready)
    sheet.resize(100, 100)
    for choice, wanted in (("dark", DARK), ("light", LIGHT)):
        shell.theme.choose(choice)
        sheet.show()
        assert sheet.grab().toImage().pixelColor(50, 50).name() == wanted.surface.lower()
        sheet.hide()


def test_who_follows_may_be_gone(ready: MainWindow, shell: Shell) -> None:
    """Parts come and go with every answer: the theme keeps none of them alive, and calls none."""
    told: list[str] = []

    class Part(QWidget):
        def follow(self) -> None:
            told.append(self.objectName())

    here, gone, dropped = Part(ready), Part(ready), Part()
    for part, name in ((here, "here"), (gone, "gone"), (dropped, "dropped")):
        part.setObjectName(name)
        shell.theme.follow(part, part.follow)
    gone.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    alive = ref(dropped)
    del part, dropped
    assert alive() is None
    ready.zoom(1)
    assert told == ["here"]
    ready.usual_zoom()


def test_rows_that_come_and_go_leave_nothing(qapp: QApplication) -> None:
    """A long chat that is scrolled makes and drops thousands of them at one text size."""
    wardrobe, kept, told = Wardrobe(), [], []

    class Row(QWidget):
        def follow(self) -> None:
            told.append(self)

    for number in range(5 * ROOMY):
        row = Row()
        wardrobe.add(row, row.follow)
        if number % ROOMY == 0:
            kept.append(row)
    del row
    assert len(wardrobe._followers) <= ROOMY
    wardrobe.tell()
    assert told == kept


def test_one_step_of_the_text_size_polishes_a_part_once(ready: MainWindow, shell: Shell) -> None:
    """A sheet of the application would be polished into it once for each of its ancestors."""
    ear = Ear(ready.chat.header.more)
    ready.zoom(1)
    assert ear.heard <= 3
    ready.usual_zoom()
