"""One side of a comparison: a model and how it chooses its words, the answer that grows there."""

from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from engine.api import Chat, ChatSettings, Engine, Message, ModelInfo, SamplingParams
from engine.base.conversation import Turn
from engine.base.errors import ChaskiError
from engine.base.events import Finished, PromptProgress
from gui.chat.answer import Answer
from gui.chat.words import statistics_line
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import row, scroller
from gui.widgets.labels import label
from gui.workers import Feed, sentence

WARMTHS = (0.0, 0.4, 0.8, 1.2)  # temperatures to choose among
LEAST_NAME = 110  # of a model, before its settings say less
WHOLE = 1 << 24  # pixels: all of an answer is near the eyes
NO_MODEL, OWN = marked("Choose a model"), marked("the model's own values")
STOPS = ("cancelled", "length", "context")


class Side(QObject):
    """Asks one model; knows no widgets."""

    text = Signal(str, str)  # channel, new text
    prompt = Signal(PromptProgress)
    read = Signal()  # the prompt is read: who begins with the same need not read it again
    ended = Signal()

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self.path, self.name, self.kind = "", "", ""  # of its model, with its tensor type
        self.sampling: SamplingParams | None = None  # None: the model's own
        self.turn = Turn(0, "assistant", "")
        self._chat: Chat | None = None
        self._is_read = False
        self._clock = QElapsedTimer()
        self._feed = Feed(self)
        self._feed.text.connect(self._on_text)
        self._feed.prompt.connect(self._on_prompt)
        self._feed.finished.connect(self._on_finished)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        return self._feed.running

    def ask(self, model: ModelInfo, messages: list[Message], settings: ChatSettings) -> None:
        """Answer this, from the beginning."""
        self.drop()
        self.turn, self._is_read = Turn(0, "assistant", "", model=model.name), False
        sampling = self.sampling or model.default_sampling
        self.turn.sampling, self.turn.complete = sampling, False
        try:
            chat = self._chat = self._engine.new_chat(model.id)
            settings = replace(settings, sampling=sampling)
            self._feed.follow(lambda listener: chat.reply(messages, settings, listener))
        except ChaskiError as error:
            self._on_failed(sentence(error))
            self._on_ended()

    def stop(self) -> None:
        self._feed.stop()

    def drop(self) -> None:
        """Give its memory back; what was written stays."""
        self._feed.close()
        if self._chat is not None:
            self._chat.close()
            self._chat = None

    def _on_text(self, channel: str, text: str) -> None:
        self._tell_read()
        if channel == "thinking":
            if not self._clock.isValid():
                self._clock.start()
            self.turn.thinking += text
        elif channel == "tool":
            return
        else:
            if self.turn.thinking and not self.turn.thought_s and self._clock.isValid():
                self.turn.thought_s = max(self._clock.elapsed() / 1000, 0.05)
            self.turn.text += text
        self.text.emit(channel, text)

    def _on_prompt(self, event: PromptProgress) -> None:
        if event.done == event.total:
            self._tell_read()
        self.prompt.emit(event)

    def _tell_read(self) -> None:
        if not self._is_read:
            self._is_read = True
            self.read.emit()

    def _on_finished(self, event: Finished) -> None:
        turn = self.turn
        turn.text = event.text or turn.text
        turn.complete = event.reason in ("eos", "stop")
        turn.ending = event.reason if event.reason in STOPS else ""  # type: ignore[assignment]
        turn.statistics = statistics_line(event.timings) if event.timings.predicted_n else ""

    def _on_failed(self, words: str) -> None:
        self.turn.ending, self.turn.error = "failed", words

    def _on_ended(self) -> None:
        self._clock.invalidate()
        self._tell_read()
        self.ended.emit()


class SideColumn(QFrame):
    """Head with the model and its settings, the answer, what can be done with it."""

    model_wanted = Signal()
    warmth_wanted = Signal()
    again = Signal()
    kept = Signal()

    def __init__(self, side: Side) -> None:
        super().__init__()
        self.setProperty("role", "compareSide")
        # Both sides are as wide, whatever stands in their heads.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.side = side
        px = current().px
        self.model = Button(tr(NO_MODEL), "chevron-down", small=True)
        self.model.describe(tr("Choose the model of this side"))
        self.model.clicked.connect(self.model_wanted)
        self.warmth = Button(tr(OWN), "sliders-horizontal", "ghost", True)
        self.warmth.clicked.connect(self.warmth_wanted)
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
        head = row(self.model, self.warmth, None, spacing=6)
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
        self._at_end = True
        bar = self._scroll.verticalScrollBar()
        bar.valueChanged.connect(self._note_place)
        bar.rangeChanged.connect(self._follow)
        side.text.connect(self._on_text)
        side.prompt.connect(self._on_prompt)
        side.ended.connect(self._on_ended)
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
        warm = tr(OWN) if side.sampling is None else warmth_words(side.sampling)
        whole = " · ".join(part for part in (side.kind, warm) if part)
        wanted = min(metrics.horizontalAdvance(name), px(LEAST_NAME))
        for words, brief in ((whole, False), (warm, False), (warm, True)):
            self.warmth.set_words(words)
            self.warmth.set_brief(brief)
            room = self.width() - self.warmth.sizeHint().width() - px(2 * 22 + 6 + 52)
            if room >= wanted:
                break
        self.warmth.describe(tr("How this side chooses its words: {how}", how=whole))
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
        """An answer is about to be written here."""
        self.say("")
        self._put(Answer(self.side.turn))
        if self._row is not None:
            self._row.begin()
        self.show_state()

    def clear(self) -> None:
        self._put(None)
        self.show_state()

    def _put(self, made: Answer | None) -> None:
        if self._row is not None:
            self._box.removeWidget(self._row)
            self._row.hide()
            self._row.deleteLater()
        self._row = made
        if made is not None:
            made.tools.hide()
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
