"""The column of one side of a comparison: its head, the answer that grows there, and the deeds."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from engine.api import SamplingParams
from engine.base.events import PromptProgress
from gui.chat.answer import Answer
from gui.chat.compare_side import Side
from gui.chat.microscope import Microscope
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import row, scroller
from gui.widgets.labels import label

LEAST_NAME = 110  # of a model, before its settings say less
WHOLE = 1 << 24  # pixels: all of an answer is near the eyes
NO_MODEL, OWN = marked("Choose a model"), marked("the model's own values")


class SideColumn(QFrame):
    """Head with the model and its settings, the answer, what can be done with it. `host`: what the
    card of the microscope may lie over."""

    model_wanted = Signal()
    ways_wanted = Signal()
    again = Signal()
    kept = Signal()

    def __init__(self, side: Side, host: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "compareSide")
        # Both sides are as wide, whatever stands in their heads.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.side = side
        px = current().px
        self.model = Button(tr(NO_MODEL), "chevron-down", small=True)
        self.model.describe(tr("Choose the model of this side"))
        self.model.clicked.connect(self.model_wanted)
        self.ways = Button(tr(OWN), "sliders-horizontal", "ghost", True)
        self.ways.clicked.connect(self.ways_wanted)
        self.note = label("", "small", wrap=True)
        self.note.hide()
        self._body = QWidget()
        self._body.setProperty("role", "canvas")
        self._box = QVBoxLayout(self._body)
        self._box.setContentsMargins(px(22), px(4), px(22), px(12))
        self._row: Answer | None = None
        self.copy = icon_button("copy", tr("Copy the answer"), self._copy)
        self.retry = icon_button("refresh-cw", tr("Answer again on this side"), self.again.emit)
        self.keep = icon_button("check", tr("Keep this answer"), self.kept.emit)
        self.stop = icon_button("stop", tr("Stop this answer"), side.stop)
        self._figures = label("", "small")
        self._tools = QWidget()
        parts = (self.copy, self.retry, self.keep, self.stop, None, self._figures)
        self._tools.setLayout(row(*parts, spacing=0))
        head = row(self.model, self.ways, None, spacing=6)
        head.setContentsMargins(px(22), px(12), px(22), px(4))
        self._box.addWidget(self._tools)
        self._box.addStretch(1)
        note = QVBoxLayout()
        note.setContentsMargins(px(22), 0, px(22), 0)
        note.addWidget(self.note)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(px(6))
        outer.addLayout(head)
        outer.addLayout(note)
        self._scroll = scroller(self._body)
        outer.addWidget(self._scroll, 1)
        self.microscope = Microscope(side, self._scroll, host)
        self._at_end = True
        bar = self._scroll.verticalScrollBar()
        bar.valueChanged.connect(self._note_place)
        bar.rangeChanged.connect(self._follow)
        side.text.connect(self._on_text)
        side.prompt.connect(self._on_prompt)
        side.ended.connect(self._on_ended)
        side.begun.connect(self.begin)
        self.show_state()

    def _note_place(self, value: int) -> None:
        self._at_end = value >= self._scroll.verticalScrollBar().maximum() - 4

    def _follow(self, _least: int, most: int) -> None:
        """To the end of what is being written, unless somebody reads further up."""
        if self._at_end and self.side.busy:
            self._scroll.verticalScrollBar().setValue(most)

    def show_state(self) -> None:
        """Names and figures, and which of the buttons can be used."""
        side, busy = self.side, self.side.busy
        self._show_head()
        written = bool(side.turn.text)
        self.copy.setEnabled(written)
        self.keep.setEnabled(written and not busy)
        self.retry.setEnabled(bool(side.path) and not busy)
        self.stop.setVisible(busy)
        self._tools.setVisible(busy or written)
        self._figures.setText("" if busy else side.turn.statistics.split(" · ")[0])
        self._figures.setToolTip(side.turn.statistics)

    def _show_head(self) -> None:
        """The model's name, and beside it as much of the settings as leaves it some room."""
        side, px, metrics = self.side, current().px, self.model.fontMetrics()
        name = side.name or tr(NO_MODEL)
        values = tr(OWN) if side.sampling is None else warmth_words(side.sampling)
        warm = " · ".join(part for part in (side.preset or values, side.system_name) if part)
        whole = " · ".join(part for part in (side.kind, warm) if part)
        wanted = min(metrics.horizontalAdvance(name), px(LEAST_NAME))
        for words, brief in ((whole, False), (warm, False), (warm, True)):
            self.ways.set_words(words)
            self.ways.set_brief(brief)
            room = self.width() - self.ways.sizeHint().width() - px(2 * 22 + 6 + 52)
            if room >= wanted:
                break
        self.ways.describe(tr("How this side chooses its words: {how}", how=whole))
        room = max(room, px(60))
        self.model.set_words(metrics.elidedText(name, Qt.TextElideMode.ElideRight, room))
        self.model.describe(tr("{name}: choose the model of this side", name=name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_head()

    def say(self, words: str) -> None:
        """A sentence over the answer; "" takes it away."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def begin(self) -> None:
        """An answer is about to be written here, or one goes on."""
        self.say("")
        self._put(Answer(self.side.turn))
        if self._row is not None:
            self._row.begin()
        self.show_state()

    def clear(self) -> None:
        self._put(None)
        self.show_state()

    def _put(self, made: Answer | None) -> None:
        self.microscope.close()
        if self._row is not None:
            self._box.removeWidget(self._row)
            self._row.hide()
            self._row.deleteLater()
        self._row = made
        if made is not None:
            made.tools.hide()
            made.looked.connect(lambda letter: self._look(made, letter))
            self._box.insertWidget(0, made)
            made.show_between(0, WHOLE)

    def _on_text(self, channel: str, text: str) -> None:
        if self._row is None:
            return
        (self._row.add_thinking if channel == "thinking" else self._row.add_text)(text)
        self._row.show_between(0, WHOLE)

    def _on_prompt(self, event: PromptProgress) -> None:
        if self._row is not None:
            self._row.reading(event.done, event.total, event.reused, anew=event.is_anew)

    def _on_ended(self) -> None:
        if self._row is not None:
            self._row.finish()
            self._row.tools.hide()
            self._row.note.hide()
        if self.side.turn.error:
            self.say(self.side.turn.error)
        self.show_state()

    def _look(self, made: Answer, letter: int) -> None:
        if made.turn.text and not self.side.busy:
            self.microscope.look_at(made, letter)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.side.turn.text)
        self.copy.confirm()

    def rewrite(self) -> None:
        self._show_head()
        if self._row is not None:
            self._row.rewrite()
            self._row.tools.hide()


def warmth_words(sampling: SamplingParams) -> str:
    return tr("temperature {temperature:g}", temperature=sampling.temperature)


def right_of(column: SideColumn) -> None:
    """A line stands between the two."""
    column.setProperty("second", True)
    column.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
