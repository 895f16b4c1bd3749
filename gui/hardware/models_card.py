"""The models of the library: how fast each should be here, and how fast its replies really came."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.api import Prediction, sizes
from gui.hardware.words import error_words, rate_words, replies_tip, replies_words
from gui.language import figures, marked, said, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.columns import Narrowing, wide_enough
from gui.widgets.frames import Card, cell, frame, row
from gui.widgets.labels import ElidedLabel, Pill, label
from gui.widgets.paint import pill_font, theme_font

FEW, MORE = 8, 20  # models that are shown at first, and with each click: a row takes its time
TYPE, FORETOLD, PAGES, MEASURED, ERROR = 84, 104, 100, 104, 120
HEADS = (
    (marked("Type"), TYPE, marked("How the weights are kept")),
    (
        marked("Foretold"),
        FORETOLD,
        marked("Tokens a second while it writes, from what was measured here"),
    ),
    (
        marked("Ten pages"),
        PAGES,
        marked("How long it would read a text of ten pages before it answers"),
    ),
    (marked("Measured"), MEASURED, marked("Tokens a second of its last replies here")),
    (marked("Foretold was"), ERROR, marked("How far the prediction was off for these replies")),
)
MEASURED_HERE = marked("Foretold from the measurements above, beside what the last replies reached")
GUESSED = marked("Estimated, as nothing was measured yet, beside what the last replies reached")
NONE = marked("There is no model in the library yet. Those that come stand here with their speed.")


class ModelsCard(Card):
    """A row for each model."""

    def __init__(self, found: Sequence[Prediction], is_measured: bool, most: int = FEW) -> None:
        super().__init__(tr("Your models on this machine"))
        px = current().px
        self.box.setSpacing(0)
        words = MEASURED_HERE if is_measured else GUESSED
        self.box.addWidget(label(tr(words if found else NONE), "small", wrap=True))
        shown = found[:most]
        widths = _widths(shown)
        if found:
            self.box.addSpacing(px(6))
            self.box.addWidget(_Heads(widths))
        for prediction in shown:
            self.box.addWidget(frame("rule"))
            self.box.addWidget(_Row(prediction, widths))
        self.more = Button(
            tr("Show more ({n:,})", n=len(found) - len(shown)),
            kind="ghost",
            small=True,
            tip=tr("Show more of your models"),
        )
        self.box.addLayout(row(None, self.more, None))
        self.more.setVisible(len(shown) < len(found))


def _widths(found: Sequence[Prediction]) -> list[int]:
    """Of the columns, of the look; wider where the words of a language need it."""
    px, font = current().px, theme_font(12)
    wide = [wide_enough(px(width), [tr(name)], font) for name, width, _ in HEADS]
    errors = {error_words(each)[0] for each in found}
    wide[-1] = max(wide[-1], wide_enough(px(ERROR), errors, pill_font(), px(17)))
    return [ceil(100 * each / px(100)) for each in wide]


class _Heads(QWidget):
    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        line = _line(self, 5)
        line.addWidget(label(tr("Model"), "tiny"), 1)
        for (name, _, tip), width in zip(HEADS, widths, strict=True):
            head = ElidedLabel(tr(name), "tiny")
            head.explain(tr(tip))
            line.addWidget(cell(head, width))
        _narrowing(self, line)


class _Row(QWidget):
    def __init__(self, found: Prediction, widths: Sequence[int]) -> None:
        super().__init__()
        line = _line(self, 8)
        names = QVBoxLayout()
        names.setSpacing(current().px(2))
        names.addWidget(ElidedLabel(found.name, "strong"))
        second = said(found.problem) or figures(sizes.file(found.file_bytes))
        names.addWidget(ElidedLabel(second, "tiny"))
        line.addLayout(names, 1)
        for part, width in zip(_cells(found), widths, strict=True):
            line.addWidget(cell(part, width))
        _narrowing(self, line)


def _cells(found: Prediction) -> tuple[QWidget, ...]:
    if found.problem:  # which stands below the name
        return label(found.type_name, "smallText"), label("–", "small"), label(), label(), label()
    read = figures(sizes.duration(found.seconds_to_read)) if found.seconds_to_read else "–"
    measured = label(replies_words(found), "smallText")
    measured.setToolTip(replies_tip(found))
    words, tone = error_words(found)
    error = Pill(words, tone, replies_tip(found)) if words else label("–", "small")
    return (
        label(found.type_name, "smallText"),
        label(rate_words(found.predicted), "smallText"),
        label(read, "smallText"),
        measured,
        error,
    )


def _narrowing(line: QWidget, cells: QHBoxLayout) -> None:
    """Where there is little room, the type and the ten pages give way."""
    Narrowing(line, cells, {1: 640, 3: 720})


def _line(widget: QWidget, margin: int) -> QHBoxLayout:
    px = current().px
    line = QHBoxLayout(widget)
    line.setContentsMargins(0, px(margin), 0, px(margin))
    line.setSpacing(px(12))
    return line
