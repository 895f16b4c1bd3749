"""How fast each type of weights is computed here: a bar for what memory allows, and figures."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from engine.api import HardwareReport, roof_share, sizes
from gui.hardware.words import kernels_name
from gui.language import figures, marked, tr
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, row
from gui.widgets.labels import ElidedLabel, label

USUAL = ("Q4_0", "Q4_K", "Q5_K", "Q6_K", "Q8_0", "F16", "BF16")  # are shown at first
HEADS = (marked("Type"), marked("Of what memory allows"), "", marked("Token"), marked("Prompt"))
TIPS = (
    "",
    marked(
        "While a model writes, each token reads all weights once: the bar is the share of the "
        "memory's bandwidth that this type makes use of"
    ),
    "",
    marked("Billions of products a second while a model writes"),
    marked("Billions of products a second while a model reads a prompt"),
)


class RatesCard(Card):
    """The types that models have most often, then the others on demand."""

    def __init__(self, report: HardwareReport, all_of_them: bool = False) -> None:
        super().__init__(tr("Speed of each type of weights"))
        px = current().px
        self.box.setSpacing(px(2))
        words = tr(
            "Measured with the {kernels} kernels, {n} {n:thread|threads}; billions of products a "
            "second",
            kernels=kernels_name(report.rates),
            n=report.rates.threads,
        )
        self.box.addWidget(label(words, "small", wrap=True))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, px(8), 0, 0)
        self._grid.setVerticalSpacing(px(7))
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setColumnStretch(1, 1)
        self._add_heads()
        rates = report.rates.types
        few = tuple(rate for rate in rates if rate.type in USUAL) or rates
        self.more = Button(
            tr("Show all {n} types", n=len(rates)),
            kind="ghost",
            small=True,
            tip=tr("Show every type that was measured"),
        )
        shown = rates if all_of_them else few
        for i, rate in enumerate(shown, 1):
            share = roof_share(report, rate)
            self._add_row(i, rate.type, share, rate.decode, rate.prefill)
        self.box.addLayout(self._grid)
        self.box.addLayout(row(None, self.more, None))
        self.more.setVisible(len(shown) < len(rates))
        self.box.addStretch(1)

    def _add_heads(self) -> None:
        for column, (head, tip) in enumerate(zip(HEADS, TIPS, strict=True)):
            cell = ElidedLabel(tr(head) if head else "", "tiny")
            cell.explain(tr(tip) if tip else "")
            if column != 1:
                cell.setMinimumWidth(cell.sizeHint().width())
                self._grid.addWidget(cell, 0, column, 1, 1, _side(column))
            else:
                self._grid.addWidget(cell, 0, column)

    def _add_row(self, i: int, name: str, share: float, decode: float, prefill: float) -> None:
        bar = Bar(8)
        percent = tr("{share:.0f} %", share=100 * share) if share else "–"
        bar.set_fraction(share)
        bar.setAccessibleName(
            tr("{type}: {percent} of what memory allows", type=name, percent=percent)
        )
        cells: tuple[QLabel | Bar, ...] = (
            label(name, "smallText"),
            bar,
            label(percent, "smallText"),
            label(figures(sizes.products(decode)) if decode else "–", "small"),
            label(figures(sizes.products(prefill)) if prefill else "–", "small"),
        )
        for column, cell in enumerate(cells):
            if column != 1:
                self._grid.addWidget(cell, i, column, 1, 1, _side(column))
            else:
                self._grid.addWidget(cell, i, column)


def _side(column: int) -> Qt.AlignmentFlag:
    """Figures stand under each other."""
    side = Qt.AlignmentFlag.AlignRight if column > 1 else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
