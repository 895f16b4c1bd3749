"""All words that a window shows or tells, also those in menus, lists, tooltips and accessible
names, and those that it paints; and which of them are cut."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSpinBox,
    QTextEdit,
    QWidget,
)

from gui.widgets.labels import ElidedLabel

MOST_ROWS = 40  # of a list that are looked at
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)
TAG = re.compile(r"<[^<>]*>")
LETTERS = re.compile(r"[A-Za-z]{2,}")
# Names that are the same in every language: keys, units, files, types of tensors, formats.
SAME = re.compile(
    r"(Ctrl|Shift|Alt|Esc|Return|Del|Enter|F\d+|PgUp|PgDown|Home|End)(\+\S+)?|"
    r"\b(tok|kB|MB|GB|TB|ms|min|px|Chaski|GGUF|JSON|PDF|English|Français|URL|https?|CPU|GPU)\b|"
    r"\b(bytes?|days?|left|h)\b(?= |$)|"
    r"\S*\.(gguf|json|toml|txt|md|py|safetensors|part)\b|/\S+|\b\S*[A-Z]+\d\S*|"
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)


def words_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """What one widget shows or tells, and how."""
    yield "title", widget.windowTitle() if widget.isWindow() else ""
    yield "tooltip", widget.toolTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    yield "status", widget.statusTip()
    if isinstance(widget, QLabel | QAbstractButton):
        yield "text", widget.text()
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QAbstractSpinBox):
        yield "special", widget.specialValueText()
    if isinstance(widget, QSpinBox):
        yield "suffix", f"{widget.prefix()} {widget.suffix()}"
    if isinstance(widget, QComboBox):
        yield from (("choice", widget.itemText(i)) for i in range(widget.count()))
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _words_of_rows(widget.model())
    if isinstance(widget, QMenu) or widget.actions():
        for action in widget.actions():
            yield "action", action.text().replace("&", "")
            yield "action's tooltip", action.toolTip().replace("&", "")


def _words_of_rows(model: QAbstractItemModel) -> Iterator[tuple[str, str]]:
    nowhere = QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(nowhere)
    for row in range(min(model.rowCount(nowhere), MOST_ROWS)):
        for column in range(columns):
            for role in ROLES:
                told = model.index(row, column, nowhere).data(role)
                yield "row", told if isinstance(told, str) else ""
    for column in range(columns):
        head = model.headerData(column, Qt.Orientation.Horizontal)
        yield "head", head if isinstance(head, str) else ""


def seen() -> Iterator[tuple[str, str]]:
    """All words of all widgets that are shown, with where each stands."""
    for widget in QApplication.allWidgets():
        if widget.isVisible():
            for how, text in words_of(widget):
                if text and text.strip():
                    yield f"{type(widget).__name__}, {how}", text


def plain_letters(text: str) -> str:
    """What of a text is written in the letters of English, but for names; "" where nothing is."""
    rest = SAME.sub(" ", TAG.sub(" ", text))
    return " ".join(LETTERS.findall(rest))


def cut() -> Iterator[tuple[str, str]]:
    """Labels and buttons that have less room than their words need, and how much less."""
    for widget in QApplication.allWidgets():
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton):
            continue
        if isinstance(widget, ElidedLabel) or not widget.text().strip():
            continue
        wanted, has = widget.sizeHint(), widget.size()
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        lacks = 0 if wraps else wanted.width() - has.width()
        if wraps:
            lacks = widget.heightForWidth(has.width()) - has.height()
        if lacks > 1:
            yield f"{type(widget).__name__} lacks {lacks}", widget.text()


@contextmanager
def painted(note: Callable[[str], None]) -> Iterator[None]:
    """Tell of every text that is painted, without a widget of its own."""
    draw = QPainter.drawText

    def noted(painter: QPainter, *rest: Any) -> Any:
        for part in rest:
            if isinstance(part, str):
                note(part)
        return draw(painter, *rest)

    with patch.object(QPainter, "drawText", noted):
        yield
