"""The model's turn in the transcript: thinking, text, what went wrong, actions and figures."""

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QEnterEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.base.conversation import Turn
from gui.chat.actions import ActionRow
from gui.chat.column import REACH, Row
from gui.chat.end_note import EndNote
from gui.chat.thought import Thought
from gui.language import tr
from gui.prose.rich_text import RichText
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.labels import label


class Answer(Row):
    """Built from a Turn; while the model writes, `add_text` and `add_thinking` make it grow."""

    menu_wanted = Signal(QPoint)  # global
    looked = Signal(int)  # a letter of its text: what else could have stood there
    reaches = True  # with its icons

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self.turn = turn
        self._thought: Thought | None = None
        self.text = RichText(whole=False)
        self.tools = ActionRow()
        self.note = EndNote()
        self._waiting: _Waiting | None = None  # before its first word
        px = current().px
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(px(6))
        self._head, self._foot = _Narrow(), _Narrow()  # never wider than prose
        self._middle, self._below = QHBoxLayout(), QVBoxLayout()
        self._middle.addWidget(self.text)
        self._below.setSpacing(px(6))
        self._below.addWidget(self.note)
        self._foot.box.addLayout(self._below)
        self._foot.box.addWidget(self.tools)
        self.box.addWidget(self._head)
        self.box.addLayout(self._middle)
        self.box.addWidget(self._foot)
        self._head.hide()
        self.tools.copied.connect(self._copy)
        self.tools.menu_wanted.connect(self._want_menu)
        self.text.picking.picked.connect(self.looked)
        self.setAccessibleName(tr("Answer"))
        if turn.thinking:
            self.add_thinking(turn.thinking)
            self._thought_ended()
        self.text.set_source(turn.text)
        self.text.setVisible(bool(turn.text))
        self._last = False
        self.show_end()

    # While the model writes

    def begin(self) -> None:
        self.resume()
        if self._waiting is None:
            self._waiting = _Waiting()
            self._below.insertWidget(0, self._waiting)
        self._say(tr("Waiting for the model"))

    def resume(self) -> None:
        """The model writes: what is said of ended answers waits."""
        self.tools.hide()
        self.note.hide()

    def waking(self, words: str, fraction: float | None) -> None:
        """The model is being opened again."""
        self._say(words, fraction)

    def _say(self, words: str, fraction: float | None = None, work: str = "") -> None:
        if self._waiting is not None:
            self._waiting.say(words, fraction, work)

    def _has_waited(self) -> None:
        if self._waiting is not None:
            self._waiting.hide()
            self._waiting.deleteLater()
            self._waiting = None

    def reading(self, done: int, total: int, reused: int, *, anew: bool = False) -> None:
        """anew: what was read before, but this model cannot go back to where a change was made."""
        fresh = total - reused
        if fresh > 0:
            fraction = (done - reused) / fresh if done >= reused else 0.0
            words = tr("Reading {n:,} tokens", n=fresh)
            if anew:
                words = tr(
                    "Reading {n:,} tokens again, as this model cannot go back there", n=fresh
                )
            self._say(words, fraction, "reading")

    def add_thinking(self, text: str) -> None:
        if self._thought is None:
            self._thought = Thought()
            self._head.box.addWidget(self._thought)
            self._head.show()
        self._has_waited()
        self._thought.set_words(tr("Thinking…"))
        self._thought.body.append(text)

    def add_text(self, text: str) -> None:
        self._has_waited()
        self._thought_ended()
        self.text.show()
        self.text.append(text)
        self.text.show_cursor(True)

    def finish(self) -> None:
        self._has_waited()
        self.text.finish()
        self._thought_ended()
        self.tools.show()
        self.show_end()
        self._announce()

    def _announce(self) -> None:
        """Screen readers say the new answer when they have ended what they say now."""
        words = self.text.heard()
        if words and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def set_last(self, last_answer: bool, last: bool) -> None:
        """Keys belong to the last answer; it can go on if nothing was said after it."""
        self.tools.set_last(last_answer)
        if last != self._last:
            self._last = last
            if self.tools.isVisibleTo(self):
                self.show_end()

    def show_end(self) -> None:
        """How it ended, if its model did not end it; what was written stays above."""
        self.setAccessibleDescription(self.text.heard())
        self.note.show_end(self.turn, self._last)

    def _thought_ended(self) -> None:
        if self._thought is not None:
            self._thought.show_time(self.turn.thought_s)

    # What can be done with it

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.source)
        self.tools.copy.confirm()

    def _want_menu(self) -> None:
        self.menu_wanted.emit(self.tools.more.mapToGlobal(QPoint(0, self.tools.more.height())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def first_button(self) -> Button:
        return self.tools.copy

    def set_busy(self, busy: bool) -> None:
        self.tools.set_busy(busy)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.tools.set_pointed(True)

    def leaveEvent(self, event: QEvent) -> None:
        self.tools.set_pointed(False)

    def rewrite(self) -> None:
        self.text.rewrite()
        self.tools.rewrite()
        if self._thought is not None:
            self._thought.body.rewrite()

    # Its place in the column

    def set_room(self, narrow: int, wide: int) -> None:
        self.text.prose_width = narrow
        reach = current().px(REACH)
        self._head.set_sides(reach, wide - narrow)
        self._foot.set_sides(0, wide - narrow)
        for part in (self._middle, self._below):  # all but the icons begin where the words do
            if part.contentsMargins().left() != reach:
                part.setContentsMargins(reach, 0, 0, 0)

    def show_between(self, top: int, bottom: int) -> None:
        for text in self._texts():
            y = text.mapTo(self, QPoint(0, 0)).y()
            text.show_between(top - y, bottom - y)

    def forget_beyond(self, top: int, bottom: int) -> None:
        """Of its texts only what lies there is kept; the rest is built when it is wanted."""
        for text in self._texts():
            y = text.mapTo(self, QPoint(0, 0)).y()
            text.forget_beyond(top - y, bottom - y)

    def _texts(self) -> list[RichText]:
        """What is seen of the texts."""
        thought = self._thought
        unfolded = thought is not None and thought.is_unfolded
        return [thought.body, self.text] if thought is not None and unfolded else [self.text]

    def spot(self, y: int) -> object:
        """Within the text it is the same words, below it so far from the end."""
        for text in self._texts():
            inside = y - text.mapTo(self, QPoint(0, 0)).y()
            if 0 <= inside < text.height():
                return text, text.spot(inside)
        return None, y - self.height()

    def top_of(self, spot: object) -> int:
        text, place = spot if isinstance(spot, tuple) else (None, 0)
        if text is None:
            return self.height() + int(place)
        return int(text.mapTo(self, QPoint(0, 0)).y() + text.top_of(place))

    @property
    def is_held(self) -> bool:
        unfolded = self._thought is not None and self._thought.is_unfolded
        return unfolded or self.text.picking.is_on or bool(self.text.selecting.selected())


class _Narrow(QWidget):
    """Holds parts that are no wider than prose."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(current().px(6))

    def set_sides(self, left: int, right: int) -> None:
        now = self.box.contentsMargins()
        if (now.left(), now.right()) != (left, right):
            self.box.setContentsMargins(left, 0, right, 0)


class _Waiting(QWidget):
    """Before the first word: what the model is doing, with a bar."""

    def __init__(self) -> None:
        super().__init__()
        self._work = ""
        self._bar = Bar(4)
        self._bar.setFixedWidth(current().px(120))
        self._words = label("", "small")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, current().px(4), 0, current().px(4))
        line.setSpacing(current().px(10))
        line.addWidget(self._bar)
        line.addWidget(self._words)
        line.addStretch(1)

    def say(self, words: str, fraction: float | None, work: str = "") -> None:
        """`work`: of another piece of work the bar begins again."""
        if work != self._work:
            self._work = work
            self._bar.begin()
        self._words.setText(words)
        self._bar.set_fraction(fraction)
