"""Losses of the types that were tried, as a chart or as a table."""

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from engine.api import inspect, jobs
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.choices import ComboBox
from gui.widgets.frames import column, row
from gui.widgets.labels import ElidedLabel
from gui.widgets.scatter import Scatter
from gui.workshop.inspector_tables import Grid, Table
from gui.workshop.loss_words import HEADS, KL, MEASURES, axes, comparable, points, row_of, values
from gui.workshop.words import told_name

MOST_ROWS = 9  # of the table; more are scrolled to
HINT = marked("Lower is better, further left is smaller. Point at a dot, or use the arrow keys.")


class LossPanel(QWidget):
    """Shows what it is given; the choice between the views and measures is the user's."""

    def __init__(self, source: inspect.SourceFacts) -> None:
        super().__init__()
        self._source = source
        self._losses: tuple[jobs.Loss, ...] = ()
        self._shown: jobs.Loss | None = None
        self.chart = Scatter(tr("Size and loss of the types that were tried"))
        self.chart.pointed.connect(self._tell)
        self.table: Grid | None = None
        self.measure = ComboBox(
            tr("What the chart shows"), [(tr(words), value) for words, value in MEASURES]
        )
        self.measure.setProperty("small", True)
        self.measure.currentIndexChanged.connect(self._draw)
        self.told = ElidedLabel(tr(HINT), "small")
        self._stack = QStackedWidget()
        self._stack.setProperty("role", "bare")
        self._stack.addWidget(self.chart)
        self.show_chart, self.show_table = self._tabs()
        tools = row(self.show_chart, self.show_table, None, self.measure)
        self.setLayout(column(tools, self._stack, self.told, spacing=8))
        current().follow(self, self._turn)  # larger text takes more room

    def _tabs(self) -> tuple[Button, Button]:
        group = QButtonGroup(self)
        made = []
        for words, tip in (
            (tr("Chart"), tr("Size against loss")),
            (tr("Table"), tr("The same as numbers")),
        ):
            button = Button(words, "", "ghost", True, tip)
            button.setCheckable(True)
            button.clicked.connect(self._turn)
            group.addButton(button)
            made.append(button)
        made[0].setChecked(True)
        return made[0], made[1]

    def show_losses(self, losses: Sequence[jobs.Loss], shown: jobs.Loss | None = None) -> None:
        """All that is known of this source; the chart has those over the text of `shown`."""
        self._losses, self._shown = tuple(losses), shown
        if self.table is not None:
            self._stack.removeWidget(self.table)
            self.table.deleteLater()
        self.table = self._make_table()
        self._stack.addWidget(self.table)
        self._draw()
        self._turn()

    def _make_table(self) -> Grid:
        px = current().px
        ordered = sorted(self._losses, key=lambda loss: -loss.bytes)
        rows = [row_of(loss) for loss in ordered]
        widths = {0: 120, 1: 90, 2: 105, 3: 105, 4: 95, 5: 135, 6: 150}
        table = Grid(
            tr("Losses of the types that were tried"), Table(tuple(map(tr, HEADS)), rows), 7, widths
        )
        table.setFixedHeight(px(36) + px(32) * min(len(rows), MOST_ROWS) + 2)
        if self._shown in ordered:
            table.selectRow(ordered.index(self._shown))
        return table

    def _draw(self) -> None:
        measure = self.measure.currentData() or KL
        losses = comparable(self._losses, self._shown)
        found = points(losses, self._shown, self._source, measure)
        self.chart.show_points(found, axes(self._source, measure))
        self._tell(-1)

    def _turn(self) -> None:
        """The view that is not shown takes no room."""
        chart = self.show_chart.isChecked()
        view = self.chart if chart or self.table is None else self.table
        self._stack.setCurrentWidget(view)
        self._stack.setFixedHeight(view.sizeHint().height() if chart else view.height())
        self.measure.setVisible(chart)
        self.told.setVisible(chart)

    def _tell(self, i: int) -> None:
        point = self.chart.points()[i] if i >= 0 else None
        now = self._shown
        if point is not None:
            self.told.set_full(tr("{name}: {what}", name=point.name, what=point.words))
        else:
            self.told.set_full(
                tr("{name}: {what}", name=told_name(now.name), what=values(now))
                if now is not None
                else tr(HINT)
            )
