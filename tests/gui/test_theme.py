"""The look's promises that a machine can check."""

import re

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.main_window import VIEWS
from gui.theme.icons import MARK_SIDES, pixmap, window_icon
from gui.theme.style import stylesheet
from gui.theme.tokens import TEXT_PAIRS, THEMES, Tokens, contrast
from gui.widgets.bars import ground


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_text_can_be_read(theme: Tokens) -> None:
    poor = [
        (ink, ground, round(contrast(getattr(theme, ink), getattr(theme, ground)), 2))
        for ink, ground in TEXT_PAIRS
        if contrast(getattr(theme, ink), getattr(theme, ground)) < 4.5
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
