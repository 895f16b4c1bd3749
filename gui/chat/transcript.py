"""The conversation as a scrolling column: questions right, answers left.

Only the last answer changes while the model writes. The view follows the end until the user
scrolls away from it, and never moves under the reader's eyes.
"""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from engine.base.events import PromptProgress
from gui.chat.answer import Answer
from gui.chat.following import Following
from gui.chat.inline_edit import Edits, take_out
from gui.chat.question import Question
from gui.chat.turns import Tree, Turn
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.labels import label

COLUMN_WIDTH = 720
FIRST_SHOWN = 30  # turns built at once; earlier ones on demand, so that long chats open fast
SIDE = 32  # beside the column: as wide as the button that stands there
CUT = "The model no longer reads what stands above this line"


class Transcript(QScrollArea):
    """Shows the path of a tree; asks for changes by signals and changes nothing itself."""

    again = Signal(object)  # Turn (an answer)
    continued = Signal(object)
    rolled = Signal(object)  # go on, without the oldest messages
    new_wanted = Signal()
    edit_cancelled = Signal(object)
    branched = Signal(object)
    stepped = Signal(object, int)
    edited = Signal(object, str)
    looked = Signal(object, int)  # Answer, a letter of its text

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Conversation")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("role", "transcript")  # a ring while it has the focus
        self._stop: Question | Answer | None = None  # the message that the keyboard has walked to
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            QShortcut(QKeySequence(keys), self, partial(self._walk, step))
        self._tree = Tree()
        self._shown_from = 0
        self._shown_to: int | None = None  # None: to the end; else around what was searched for
        self._words = ""  # that are marked
        self.found_turn: Turn | None = None  # where the last find was
        self._rows: list[Question | Answer] = []
        self._busy = False
        self._make_canvas()
        self._latest = icon_button("chevron-down", "To the latest message", self.follow, "Ctrl+End")
        self._latest.setParent(self)
        self._latest.setProperty("kind", "plain")
        self._latest.hide()
        bar = self.verticalScrollBar()
        for part in (self._canvas, self._column):
            part.installEventFilter(self)
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._update_latest)
        current().changed.connect(self.rewrite)

    def _make_canvas(self) -> None:
        px = current().px
        self._canvas = canvas = QWidget()
        canvas.setProperty("role", "canvas")
        self._column = QWidget()
        self._column.setMaximumWidth(px(COLUMN_WIDTH))
        self._box = QVBoxLayout(self._column)
        self._box.setContentsMargins(0, px(28), 0, px(20))
        self._box.setSpacing(px(20))
        self._earlier = Button("Show earlier messages", "", "ghost", True, on_click=self._more)
        self._box.addWidget(self._earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        self._cut = label(CUT, "small", wrap=True)
        self._cut.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._cut.hide()
        self._box.addStretch(1)
        self._sides = QHBoxLayout(canvas)
        self._sides.addWidget(self._column)
        self._following = Following(self, self._column, self._shown_rows, self._is_whole)
        self._following.scrolled.connect(self._on_scrolled)
        self._edits = Edits(self._box, self._following)
        self._edits.edited.connect(self.edited)
        self._edits.cancelled.connect(self.edit_cancelled)
        self._centre(False)
        self.setWidget(canvas)

    # Content

    def show_tree(self, tree: Tree) -> None:
        self._tree = tree
        self._shown_from, self._shown_to = max(0, len(tree.path()) - FIRST_SHOWN), None
        self._words, self.found_turn = "", None
        self._following.forget()
        self._rebuild()
        self.follow()

    def refresh(self) -> None:
        """The path has changed: keep the rows that still stand, build the others."""
        self._rebuild()

    def _rebuild(self) -> None:
        path = self._tree.path()[self._shown_from : self._shown_to]
        keep = 0
        while keep < min(len(path), len(self._rows)) and self._same(self._rows[keep], path[keep]):
            keep += 1
        for row in self._rows[keep:]:
            self._edits.end(row)
            take_out(self._box, row)
        del self._rows[keep:]
        for turn in path[keep:]:
            row = self._make(turn)
            self._rows.append(row)
            self._box.insertWidget(self._box.count() - 1, row)
        self._earlier.setVisible(self._shown_from > 0)
        self._mark_last()

    def _same(self, row: "Question | Answer", turn: Turn) -> bool:
        return row.turn is turn and row.property("state") == self._state(turn)

    def _state(self, turn: Turn) -> str:
        ended = f"{turn.complete}/{turn.ending}/{turn.error}"
        return f"{len(self._tree.variants(turn))}/{turn.text}/{ended}"

    def _make(self, turn: Turn) -> "Question | Answer":
        variants = self._tree.variants(turn)
        place = variants.index(turn)
        row: Question | Answer
        if turn.role == "user":
            row = Question(turn, place, len(variants))
            row.edited.connect(lambda: self.edit(turn))
            row.stepped.connect(lambda step: self.stepped.emit(turn, step))
        else:
            row = Answer(turn)
            row.tools.show_state(place, len(variants), turn.statistics)
            row.tools.again.connect(lambda: self.again.emit(turn))
            row.tools.edited.connect(lambda: self.edit(turn))
            row.tools.branched.connect(lambda: self.branched.emit(turn))
            row.tools.stepped.connect(lambda step: self.stepped.emit(turn, step))
            row.looked.connect(lambda letter: self._look(turn, letter))
            row.note.continued.connect(lambda: self.continued.emit(turn))
            row.note.rolled.connect(lambda: self.rolled.emit(turn))
            row.note.new_wanted.connect(self.new_wanted)
        row.setProperty("state", self._state(turn))
        row.text.mark(self._words)
        return row

    def _mark_last(self) -> None:
        answers = [row for row in self._rows if isinstance(row, Answer)]
        for answer in answers:
            last = answer is answers[-1] and self._shown_to is None
            answer.set_last(last, last and answer is self._rows[-1])
        for row in self._rows:
            self._show_busy(row)
        self._show_stops()
        self._show_cut()

    # The keyboard: Tab finds the last answer's buttons, Alt with arrows walks to other messages

    def _show_stops(self) -> None:
        if self._stop not in self._rows:
            self._stop = None
        last = self.last_answer()
        for row in self._rows:
            stops = row is self._stop or row is last
            for button in row.findChildren(Button):
                policy = Qt.FocusPolicy.TabFocus if stops else Qt.FocusPolicy.NoFocus
                button.setFocusPolicy(policy)

    def _walk(self, step: int) -> None:
        """To the message before or after; its first button has the focus then."""
        if not self._rows:
            return
        at = self._rows.index(self._stop) if self._stop in self._rows else len(self._rows)
        self._stop = row = self._rows[max(0, min(len(self._rows) - 1, at + step))]
        self._show_stops()
        self._following.follows = False
        self.verticalScrollBar().setValue(max(0, row.y() + self._column.y() - current().px(28)))
        row.first_button().setFocus(Qt.FocusReason.TabFocusReason)

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, nothing else can be asked for or chosen."""
        self._busy = busy
        for row in self._rows:
            self._show_busy(row)

    def _show_busy(self, row: "Question | Answer") -> None:
        (row.tools if isinstance(row, Answer) else row).set_busy(self._busy)

    def _show_cut(self) -> None:
        """A line over the first turn that was read for the latest answer."""
        path = self._tree.path()
        n = next((t.left_out for t in reversed(path) if t.role == "assistant" and t.text), 0)
        self._box.removeWidget(self._cut)
        at = n - self._shown_from
        shown = n > 0 and 0 <= at < len(self._rows)
        if shown:
            row = self._shown_rows()[at]
            self._box.insertWidget(self._box.indexOf(row), self._cut)
        self._cut.setVisible(shown)

    def _more(self) -> None:
        """Earlier turns come in above; what is read stays where it is."""
        self._following.stay()
        first = max(0, self._shown_from - FIRST_SHOWN)
        fresh = [self._make(turn) for turn in self._tree.path()[first : self._shown_from]]
        self._shown_from = first
        for i, row in enumerate(fresh):
            self._box.insertWidget(1 + i, row)  # after the button
        self._rows[:0] = fresh
        self._earlier.setVisible(first > 0)
        self._mark_last()

    # What was searched for

    def show_found(self, turn: Turn, words: str) -> None:
        """This turn of the path, with the words in it marked, wherever in the chat it stands."""
        at = self._tree.path().index(turn)
        self.found_turn = turn
        self._mark(words)
        self._following.follows = False
        self._following.forget()
        if not any(row.turn is turn for row in self._rows):
            self._show_around(at)
        row = next(row for row in self._rows if row.turn is turn)
        self._following.aim_at(lambda: self._top_of_find(row))

    def _show_around(self, at: int) -> None:
        """Only what stands around: of a long chat, nobody waits for the rest."""
        self._shown_from = max(0, at - FIRST_SHOWN // 3)
        end = self._shown_from + FIRST_SHOWN
        self._shown_to = end if end < len(self._tree.path()) else None
        self._rebuild()

    def unmark(self) -> None:
        self._following.drop_aim()
        self._mark("")

    def _mark(self, words: str) -> None:
        self._words = words
        for row in self._rows:
            row.text.mark(words)

    def _top_of_find(self, row: "Question | Answer") -> int:
        down = row.text.find_top()
        inside = row.text.mapTo(row, QPoint(0, down or 0)).y()
        return self._column.y() + row.y() + inside

    def _more_below(self) -> None:
        """Later turns come in below; nothing moves."""
        if self._shown_to is None:
            return
        end = self._shown_to + FIRST_SHOWN
        self._shown_to = end if end < len(self._tree.path()) else None
        self._rebuild()

    def _to_end(self) -> None:
        """From around what was found to the end of the chat."""
        self._shown_from, self._shown_to = max(0, len(self._tree.path()) - FIRST_SHOWN), None
        self._rebuild()
        row = self.last_answer()
        if self._busy and row is not None and row is self._rows[-1]:
            (row.resume if row.turn.text or row.turn.thinking else row.begin)()

    # The running answer

    def last_answer(self) -> Answer | None:
        """None while the end of the chat is not built."""
        if self._shown_to is not None:
            return None
        return next((row for row in reversed(self._rows) if isinstance(row, Answer)), None)

    def begin_answer(self) -> None:
        """It was asked for; nothing has come yet."""
        row = self.last_answer()
        if row is not None:
            row.begin()

    def resume_answer(self, turn: Turn) -> None:
        """The chat comes up while this one is being written."""
        row = self.last_answer()
        if row is not None and not turn.text and not turn.thinking:
            row.begin()
        elif row is not None:
            row.resume()

    def add_text(self, channel: str, text: str) -> None:
        row = self.last_answer()
        if row is None:
            return
        if channel == "thinking":
            row.add_thinking(text)
        else:
            row.add_text(text)

    def show_prompt(self, event: PromptProgress) -> None:
        row = self.last_answer()
        if row is not None:
            row.reading(event.done, event.total, event.reused, anew=event.is_anew)

    def show_waking(self, words: str, fraction: float | None) -> None:
        """Its model rested, and is opened again before it reads."""
        row = self.last_answer()
        if row is not None:
            row.waking(words, fraction)

    def settle(self, turn: Turn) -> None:
        """The answer is complete: figures and actions, without building the row anew."""
        row = self.last_answer()
        if row is not None and row.turn is turn:
            variants = self._tree.variants(turn)
            row.finish()
            self._show_cut()
            row.tools.show_state(variants.index(turn), len(variants), turn.statistics)
            row.setProperty("state", self._state(turn))

    def _look(self, turn: Turn, letter: int) -> None:
        row = next((r for r in self._rows if r.turn is turn), None)
        if isinstance(row, Answer) and turn.text and not self._busy:
            self.looked.emit(row, letter)

    def edit(self, turn: Turn) -> None:
        """Edit a message in its place."""
        row = next((r for r in self._rows if r.turn is turn), None)
        if row is not None:
            self._edits.begin(row)

    @property
    def is_editing(self) -> bool:
        return bool(self._edits)

    def keep_edit(self, turn: Turn, words: str) -> None:
        """The new words of this message wait; "" lets them be changed and saved again."""
        self._edits.keep(turn, words)

    def end_edit(self, turn: Turn) -> None:
        """What was written has become a turn."""
        self._edits.end_of(turn)

    def edit_last_question(self) -> None:
        if self._shown_to is not None:
            self.follow()
        row = next((r for r in reversed(self._rows) if isinstance(r, Question)), None)
        if row is not None:
            self.edit(row.turn)

    def rewrite(self) -> None:
        self._column.setMaximumWidth(current().px(COLUMN_WIDTH))
        for row in self._rows:
            row.rewrite()

    # Following the end, or staying where the reader is

    def follow(self) -> None:
        if self._shown_to is not None:
            self._to_end()
        self._following.to_end()

    def _shown_rows(self) -> list[QWidget]:
        return [self._edits.stands_for(row) for row in self._rows]

    def _is_whole(self) -> bool:
        """The end of the chat is built."""
        return self._shown_to is None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)  # the scroll area watches its canvas, too
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._following.moved()
        return done

    def _centre(self, has_bar: bool) -> None:
        """The column stands over the composer whether or not there is a scroll bar."""
        side = current().px(SIDE)
        bar = self.verticalScrollBar().sizeHint().width() if has_bar else 0
        self._sides.setContentsMargins(side + bar, 0, side, 0)

    def _range_changed(self, _low: int, high: int) -> None:
        self._centre(high > 0)
        self._following.hold()
        self._update_latest()

    def _on_scrolled(self, below: int) -> None:
        room = self.viewport().height()
        if self._shown_to is not None and below < room:
            QTimer.singleShot(0, self, self._more_below)
        above = self.verticalScrollBar().value()
        if self._shown_from > 0 and above < room and not self._following.follows:
            QTimer.singleShot(0, self, self._more_above)

    def _more_above(self) -> None:
        """The reader comes near the top: what was said earlier is there before it is needed."""
        near = self.verticalScrollBar().value() < self.viewport().height()
        if self._shown_from > 0 and near and not self._following.follows:
            self._more()

    def _update_latest(self) -> None:
        more = self.verticalScrollBar().maximum() > 0 or self._shown_to is not None
        self._latest.setVisible(more and not self._following.follows)
        px = current().px
        right = self._column.x() + self._column.width()  # beside the words, never on them
        x = right + (px(SIDE) - self._latest.width()) // 2
        self._latest.move(x, self.height() - self._latest.height() - px(12))
        self._latest.raise_()
