"""The model's turn in the transcript: thinking, text, what went wrong, actions and figures."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.chat.end_note import EndNote
from gui.chat.turns import Turn
from gui.prose.rich_text import RichText
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button, icon_button
from gui.widgets.labels import ElidedLabel, label

LOOK_TIP = "See what else could have stood there: then click a word, or Alt+click one at any time"
THOUGHT_PIXELS = 13.0


class Thought(QWidget):
    """What the model told itself, folded away under "Thought for 3.1 s"."""

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        self._head = Button("Thinking…", "chevron-right", "ghost", True, "Show the thinking")
        self._head.setCheckable(False)
        self._head.clicked.connect(self._toggle)
        self._frame = QFrame()
        self._frame.setProperty("role", "thought")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(px(14), 0, 0, 0)
        self.body = RichText(muted=True, pixels=THOUGHT_PIXELS)
        inside.addWidget(self.body)
        self._frame.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(6))
        line = QHBoxLayout()
        line.addWidget(self._head)
        line.addStretch(1)
        box.addLayout(line)
        box.addWidget(self._frame)
        self._head.setStyleSheet("QPushButton { padding: 0 4px 0 0; text-align: left; }")

    def set_words(self, words: str) -> None:
        self._head.set_words(words)
        self._head.setAccessibleName(words)

    def _toggle(self) -> None:
        shown = self._frame.isHidden()
        self._frame.setVisible(shown)
        self._head.set_glyph("chevron-down" if shown else "chevron-right")
        self._head.describe("Hide the thinking" if shown else "Show the thinking")


class ActionRow(QWidget):
    """Copy, new answer, edit, branch, variants; the figures of the answer on the right."""

    copied = Signal()
    again = Signal()
    edited = Signal()
    branched = Signal()
    looked = Signal()
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._busy = self._is_last = False
        self._at, self._n = 0, 1
        self.copy = icon_button("copy", "Copy the answer", self.copied.emit)
        self.retry = icon_button("refresh-cw", "Answer again", self.again.emit)
        self.edit = icon_button("pencil", "Edit the answer", self.edited.emit)
        self.branch = icon_button("git-branch", "Go on in a new chat from here", self.branched.emit)
        self.look = icon_button("search", LOOK_TIP, self.looked.emit)
        self._left = icon_button("chevron-left", "Earlier answer", lambda: self.stepped.emit(-1))
        self._right = icon_button("chevron-right", "Later answer", lambda: self.stepped.emit(1))
        self._place = label("", "small")
        self._figures = ElidedLabel("", "small")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        parts = (self.copy, self.retry, self.edit, self.branch, self.look)
        for part in (*parts, self._left, self._place, self._right):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(self._figures)

    def show_state(self, place: int, n: int, figures: str) -> None:
        for part in (self._left, self._place, self._right):
            part.setVisible(n > 1)
        self._at, self._n = place, n
        self.set_busy(self._busy)
        self._place.setText(f"{place + 1} of {n}")
        self._figures.set_full(figures)

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, no other can be asked for or chosen."""
        self._busy = busy
        for part in (self.retry, self.look, self._left, self._right):
            part.setEnabled(not busy)
        if not busy:
            self._left.setEnabled(self._at > 0)
            self._right.setEnabled(self._at < self._n - 1)
        self._tell_keys()

    def set_last(self, last: bool) -> None:
        """Keys belong to the last answer alone."""
        self._is_last = last
        self._tell_keys()

    def _tell_keys(self) -> None:
        last, wait = self._is_last, " once this answer has ended" if self._busy else ""
        self.retry.describe(f"Answer again{wait}", "Ctrl+R" if last else "")
        self.copy.describe("Copy the answer", "Ctrl+Shift+C" if last else "")


class Answer(QWidget):
    """Built from a Turn; while the model writes, `add_text` and `add_thinking` make it grow."""

    looked = Signal(int)  # letter of its text: what else could have stood there

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self.turn = turn
        self._thought: Thought | None = None
        self.text = RichText()
        self.tools = ActionRow()
        self.note = EndNote()
        self._waiting = _Waiting()
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(current().px(8))
        for part in (self.text, self._waiting, self.note, self.tools):
            self.box.addWidget(part)
        self._waiting.hide()
        self.tools.copied.connect(self._copy)
        self.tools.looked.connect(lambda: self.looked.emit(0))
        self.text.picked.connect(self.looked)
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
        self._waiting.say("Waiting for the model", None)
        self._waiting.show()

    def resume(self) -> None:
        """The model writes: what is said of ended answers waits."""
        self.tools.hide()
        self.note.hide()

    def waking(self, words: str, fraction: float | None) -> None:
        """The model is being opened again."""
        self._waiting.say(words, fraction)

    def reading(self, done: int, total: int, reused: int, *, anew: bool = False) -> None:
        """anew: what was read before, but this model cannot go back to where a change was made."""
        fresh = total - reused
        if fresh > 0:
            fraction = (done - reused) / fresh if done >= reused else 0.0
            words = f"Reading {fresh:,} tokens"
            if anew:
                words = f"Reading {fresh:,} tokens again, as this model cannot go back there"
            self._waiting.say(words, fraction, "reading")

    def add_thinking(self, text: str) -> None:
        if self._thought is None:
            self._thought = Thought()
            self.box.insertWidget(0, self._thought)
        self._waiting.hide()
        self._thought.set_words("Thinking…")
        self._thought.body.append(text)

    def add_text(self, text: str) -> None:
        self._waiting.hide()
        self._thought_ended()
        self.text.show()
        self.text.append(text)
        self.text.show_cursor(True)

    def finish(self) -> None:
        self._waiting.hide()
        self.text.finish()
        self._thought_ended()
        self.tools.show()
        self.show_end()

    def set_last(self, last_answer: bool, last: bool) -> None:
        """Keys belong to the last answer; it can go on if nothing was said after it."""
        self.tools.set_last(last_answer)
        if last != self._last:
            self._last = last
            if self.tools.isVisibleTo(self):
                self.show_end()

    def show_end(self) -> None:
        """How it ended, if its model did not end it; what was written stays above."""
        self.note.show_end(self.turn, self._last)

    def _thought_ended(self) -> None:
        if self._thought is None:
            return
        seconds = self.turn.thought_s
        self._thought.set_words(f"Thought for {seconds:.1f} s" if seconds else "Thought first")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.source)
        self.tools.copy.confirm()

    def first_button(self) -> Button:
        return self.tools.copy

    def rewrite(self) -> None:
        self.text.rewrite()
        if self._thought is not None:
            self._thought.body.rewrite()


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
