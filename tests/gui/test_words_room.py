"""Words of other languages are longer: columns make room for them, and what is cut says so."""

from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from gui.widgets.choices import ComboBox
from gui.widgets.columns import MOST, wide_enough
from gui.widgets.labels import ElidedLabel
from gui.widgets.paint import theme_font
from gui.workshop.inspector_tables import Grid, Table


def test_a_column_is_as_wide_as_its_words_within_bounds(qtbot: QtBot) -> None:
    font = theme_font(12)
    words = "Auf diesem Rechner"
    needs = QFontMetrics(font).horizontalAdvance(words)
    assert wide_enough(needs + 5, [words], font) == needs + 5, "it stays as it was drawn"
    assert wide_enough(needs - 5, [words, "so"], font, 3) == needs + 3
    assert wide_enough(20, [words], font) == round(20 * MOST), "others need their room, too"
    assert wide_enough(20, [], font) == 20


def test_a_grid_shows_its_heads_whole(qtbot: QtBot) -> None:
    head = "Vorhersagefehler"
    grid = Grid("a table", Table((head, "b"), [(("1", 1), ("2", 2))]), 1, {0: 90})
    qtbot.addWidget(grid)
    needs = QFontMetrics(theme_font(12)).horizontalAdvance(head)
    assert grid.horizontalHeader().sectionSize(0) > needs


def test_what_is_chosen_ends_in_dots_where_it_has_no_room(qtbot: QtBot) -> None:
    box = ComboBox("a choice", [("Für jedes Modell eigens gewählt", 1)])
    qtbot.addWidget(box)
    box.resize(500, 32)
    assert box.shown_option().currentText == box.currentText()
    box.resize(120, 32)
    assert box.shown_option().currentText.endswith("…")
    assert box.currentText() == "Für jedes Modell eigens gewählt"


def test_a_shortened_label_keeps_what_explains_it(qtbot: QtBot) -> None:
    label = ElidedLabel("Eine lange Überschrift", "tiny")
    qtbot.addWidget(label)
    label.show()
    label.explain("Was sie bedeutet")
    label.resize(400, 20)
    assert label.toolTip() == "Was sie bedeutet"
    label.resize(40, 20)
    assert label.toolTip() == "Eine lange Überschrift\nWas sie bedeutet"
