"""The table of types to choose among: what each means, weighs, needs, and whether it fits here.

One row is chosen; rows are real buttons, so that keyboard and screen readers can choose, too.
"""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.api import Fit, HardwareReport, Verdict, inspect, judge, sizes
from gui.desk import TONES
from gui.language import figures, said, tr
from gui.theme.theme import current
from gui.widgets.bars import thousands
from gui.widgets.buttons import Button
from gui.widgets.columns import Narrowing, wide_enough
from gui.widgets.frames import Card, cell, frame, row
from gui.widgets.labels import ElidedLabel, Pill, label
from gui.widgets.paint import colour, pill_font, rounded, theme_font
from gui.workshop.words import FAVOURITES, USUAL, is_as_it_is, sentence

ROOMY = 840  # from this width on there is room for every column
LEFT, NAME, FILE, MEMORY, SPEED, STATE = 36, 96, 76, 104, 92, 108


class TargetTable(Card):
    """Shows what a source can become; `chosen` tells the Target."""

    chosen = Signal(object)

    def __init__(self, source: inspect.SourceFacts, report: HardwareReport | None) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as columns of figures are read
        px = current().px
        self.box.setContentsMargins(px(8), px(4), px(8), px(4))
        self.box.setSpacing(0)
        self.is_judged = report is not None
        self._group = QButtonGroup(self)
        self.rows: dict[str, TargetRow] = {}
        self._more: list[QWidget] = []
        self._hidden: set[str] = set()
        self._all = Button(tr("Show all types"), "chevron-down", "ghost", True)
        self._all.clicked.connect(self.show_all)
        self._widths = _widths(source, report)
        self.box.addWidget(_head(source, self._widths))
        for target in source.targets:
            self._add(target, source, report)
        self._finish(source)

    def _add(
        self, target: inspect.Target, source: inspect.SourceFacts, report: HardwareReport | None
    ) -> None:
        words = sentence(target, source)
        line = TargetRow(target, words, fit_of(target, source, report), self._widths)
        line.toggled.connect(lambda on, t=target: self.chosen.emit(t) if on else None)
        self._group.addButton(line)
        self.rows[target.name] = line
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(frame("rule"))
        box.addWidget(line)
        self.box.addWidget(holder)
        if target.name not in USUAL and not is_as_it_is(target, source):
            self._more.append(holder)
            self._hidden.add(target.name)

    def _finish(self, source: inspect.SourceFacts) -> None:
        # Where hardly anything is usual (a strange source), all there is stands in the open.
        if self._more and len(self._more) < len(self.rows):
            for holder in self._more:
                holder.hide()
        else:
            self._all.hide()
        self.box.addWidget(frame("rule"))
        note = label(_foot(source), "small", wrap=True)
        foot = row(note, self._all)
        foot.setStretch(0, 1)
        margin = current().px(8)
        foot.setContentsMargins(margin, margin, 0, margin)
        self.box.addLayout(foot)

    def show_all(self) -> None:
        for holder in self._more:
            holder.show()
        self._all.hide()

    def choose(self, name: str) -> None:
        if name in self.rows:
            self.rows[name].setChecked(True)
            if name in self._hidden:
                self.show_all()

    def chosen_name(self) -> str:
        return next((name for name, line in self.rows.items() if line.isChecked()), "")

    def choose_best(self) -> None:
        """What most people want: the usual balance, or the first favourite that fits."""
        there = [name for name in FAVOURITES if name in self.rows]
        usable = [name for name in there if not self.rows[name].target.needs_importance]
        fitting = [name for name in usable if self.rows[name].fits]
        for name in [*fitting, *usable, *self.rows][:1]:
            self.choose(name)


class TargetRow(QAbstractButton):
    """One type. The labels lie on it; it paints only its ground and its dot."""

    def __init__(
        self, target: inspect.Target, words: str, found: Fit | None, widths: Sequence[int]
    ) -> None:
        super().__init__()
        self.target = target
        self.fits = found is None or found.verdict is not Verdict.NOT
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several, also to screen readers
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        size = figures(sizes.file(target.bytes))
        spoken = [target.name, words, size, said(found.label) if found else ""]
        self.setAccessibleName(", ".join(part for part in spoken if part))
        line = _line(self)
        rate = found.tokens_per_second if found is not None else 0.0
        speed = f"≈ {figures(sizes.speed(rate))}" if rate else "–"
        cells = (
            label(figures(sizes.column(target.bytes)), "smallText"),
            label(figures(sizes.column(found.needed)) if found else "–", "smallText"),
            label(speed, "smallText"),
            Pill(said(found.label), TONES[found.verdict], said(found.text)) if found else label(),
        )
        name = label(target.name, "strong")
        name.setToolTip(tr("{bits:.2f} bits for each weight", bits=target.bits))
        line.addWidget(cell(name, NAME))
        line.addWidget(ElidedLabel(words, "muted"), 1)
        for part, width in zip(cells, widths, strict=True):
            line.addWidget(cell(part, width))
        _narrowing(self, line)

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(0, px(2), 0, -px(2))
        if self.isChecked() or self.underMouse():
            rounded(painter, area, px(8), "accent_soft" if self.isChecked() else "selection")
        if self.hasFocus():
            painter.setPen(colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), px(8), px(8))
        side = float(px(16))
        dot = QRectF(px(10), (self.height() - side) / 2, side, side)
        rounded(painter, dot, side / 2, "raised", "accent" if self.isChecked() else "faint")
        if self.isChecked():
            inner = side / 4
            rounded(painter, dot.adjusted(inner, inner, -inner, -inner), inner, "accent")
        painter.end()


def fit_of(
    target: inspect.Target, source: inspect.SourceFacts, report: HardwareReport | None
) -> Fit | None:
    if report is None or target.forecast is None:
        return None
    return judge(target.forecast, report)


def _foot(source: inspect.SourceFacts) -> str:
    needs = source.forecast
    if needs is None:
        return tr("This family cannot be run here yet, so what it would need is not known.")
    return tr(
        "Memory = weights + {cache:memory} for a context of {n:,} tokens + {workspace:memory} "
        "workspace and {vocabulary:memory} vocabulary. Some small types are unpacked when a model "
        "is opened: their weights take more memory than the file takes on the disk.",
        cache=needs.memory.cache,
        n=needs.n_ctx,
        workspace=needs.memory.workspace,
        vocabulary=needs.memory.vocabulary,
    )


def _heads(source: inspect.SourceFacts) -> tuple[str, ...]:
    """Over the columns behind the sentence."""
    needs = source.forecast
    memory = tr("Memory")
    if needs is not None:
        memory = tr("Memory at {context}", context=thousands(needs.n_ctx))
    return tr("File"), memory, tr("Speed here"), tr("This machine")


def _widths(source: inspect.SourceFacts, report: HardwareReport | None) -> list[int]:
    """Of these columns, of the look; wider where the words of a language need it."""
    px, font = current().px, theme_font(12)
    wide = [px(width) for width in (FILE, MEMORY, SPEED, STATE)]
    wide = [wide_enough(w, [head], font) for w, head in zip(wide, _heads(source), strict=True)]
    fits = (fit_of(target, source, report) for target in source.targets)
    labels = {said(fit.label) for fit in fits if fit is not None}
    wide[-1] = max(wide[-1], wide_enough(px(STATE), labels, pill_font(), px(17)))
    return [ceil(100 * each / px(100)) for each in wide]


def _head(source: inspect.SourceFacts, widths: Sequence[int]) -> QWidget:
    holder = QWidget()
    line = _line(holder)
    line.addWidget(cell(label(tr("Type"), "tiny"), NAME))
    line.addWidget(label(tr("What it means"), "tiny"), 1)
    for name, width in zip(_heads(source), widths, strict=True):
        line.addWidget(cell(ElidedLabel(name, "tiny"), width))
    _narrowing(holder, line)
    return holder


def _narrowing(row: QWidget, line: QHBoxLayout) -> None:
    """In a narrow window the sentence matters more than the speed, which the label tells, too."""
    Narrowing(row, line, {line.count() - 2: ROOMY})


def _line(widget: QWidget) -> QHBoxLayout:
    px = current().px
    line = QHBoxLayout(widget)
    line.setContentsMargins(px(LEFT), px(9), px(4), px(9))
    line.setSpacing(px(12))
    return line
