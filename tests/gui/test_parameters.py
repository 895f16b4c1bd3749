"""Parameters by keyboard: what is typed is what is kept, whatever its digits."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.parameter_list import GROUPS

EVERY = [p for group in GROUPS for p in group.parameters]


def type_over(field: QAbstractSpinBox | QLineEdit, text: str) -> None:
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for key in text:
        QTest.keyClick(field, key)


@pytest.fixture
def panel(ready: MainWindow) -> MainWindow:
    ready.chat.header.parameters.setChecked(True)
    return ready


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("temperature", "0.75"),
        ("temperature", "1.55"),
        ("temperature", "2.5"),
        ("temperature", ".4"),
        ("top_p", "0.9"),
        ("min_p", "0.025"),
        ("min_p", "0.0125"),
        ("xtc_threshold", "0.05"),
        ("top_k", "125"),
        ("repeat_last_n", "-1"),
        ("dynatemp_range", "0.35"),
    ],
)
def test_a_typed_value_is_kept(panel: MainWindow, field: str, text: str) -> None:
    row = panel.chat.parameters._rows[field]
    type_over(row._field, text)
    assert getattr(panel.chat.talk.record.sampling, field) == float(text), "before Tab already"
    QTest.keyClick(row._field, Qt.Key.Key_Tab)
    assert getattr(panel.chat.talk.record.sampling, field) == float(text)
    assert row.value() == float(text)
    assert float(row._field.text()) == float(text)


@pytest.mark.parametrize("parameter", EVERY, ids=lambda p: p.field)
def test_every_field_takes_figures_between_its_steps(panel: MainWindow, parameter: object) -> None:
    low, high = parameter.low, parameter.high  # type: ignore[attr-defined]
    value = round(low + 0.37 * (high - low), parameter.decimals + 1 if parameter.decimals else 0)  # type: ignore[attr-defined]
    row = panel.chat.parameters._rows[parameter.field]  # type: ignore[attr-defined]
    type_over(row._field, f"{value:g}")
    QTest.keyClick(row._field, Qt.Key.Key_Tab)
    assert row.value() == value


def test_a_value_at_rest_has_the_usual_digits(panel: MainWindow) -> None:
    rows = panel.chat.parameters._rows
    for value, text in ((0.8, "0.80"), (1.0, "1.00"), (0.025, "0.025")):
        rows["temperature"].set_value(value)
        assert rows["temperature"]._field.text() == text
    rows["top_k"].set_value(1200)
    assert rows["top_k"]._field.text() == "1200"


def test_a_model_that_arrives_does_not_rewrite_what_is_typed(
    panel: MainWindow, qtbot: QtBot
) -> None:
    field = panel.chat.parameters._rows["temperature"]._field
    type_over(field, "0.")
    panel.chat.panels.show_parameters()
    assert field.text() == "0."
    for key in "65":
        QTest.keyClick(field, key)
    assert panel.chat.talk.record.sampling.temperature == 0.65


def test_the_length_and_the_stops_count_at_once(panel: MainWindow) -> None:
    view, record = panel.chat.parameters, panel.chat.talk.record
    type_over(view._max, "125")
    assert record.generation.max_tokens == 125
    type_over(view._stop, "###|end")
    assert record.generation.stop == ("###", "end")
