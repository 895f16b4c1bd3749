"""The conversation as a scrolling column: questions right, answers left.

Only the last answer changes while the model writes. The view follows the end until the user
scrolls away from it, and never moves under the reader's eyes.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui.chat.answer import Answer
from gui.chat.inline_edit import InlineEdit
from gui.chat.question import Question
from gui.chat.turns import Tree, Turn
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button

COLUMN_WIDTH = 720
FIRST_SHOWN = 30  # turns built at once; earlier ones on demand, so that long chats open fast
NEAR_END = 32


class Transcript(QScrollArea):
    """Shows the path of a tree; asks for changes by signals and changes nothing itself."""

    again = Signal(object)  # Turn (an answer)
    branched = Signal(object)
    stepped = Signal(object, int)
    edited = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Conversation")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tree = Tree()
        self._shown_from = 0
        self._rows: list[Question | Answer] = []
        self._following = True
        self._make_canvas()
        self._latest = icon_button("chevron-down", "To the latest message", self.follow, "Ctrl+End")
        self._latest.setParent(self)
        self._latest.setProperty("kind", "plain")
        self._latest.hide()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._value_changed)
        current().changed.connect(self.rewrite)

    def _make_canvas(self) -> None:
        px = current().px
        canvas = QWidget()
        canvas.setProperty("role", "canvas")
        self._column = QWidget()
        self._column.setMaximumWidth(px(COLUMN_WIDTH))
        self._box = QVBoxLayout(self._column)
        self._box.setContentsMargins(0, px(28), 0, px(20))
        self._box.setSpacing(px(20))
        self._earlier = Button("Show earlier messages", "", "ghost", True, on_click=self._more)
        self._box.addWidget(self._earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        self._box.addStretch(1)
        self._sides = QHBoxLayout(canvas)
        self._sides.addWidget(self._column)
        self._centre(False)
        self.setWidget(canvas)

    # Content

    def show_tree(self, tree: Tree) -> None:
        self._tree = tree
        self._shown_from = max(0, len(tree.path()) - FIRST_SHOWN)
        self._rebuild()
        self.follow()

    def refresh(self) -> None:
        """The path has changed: keep the rows that still stand, build the others."""
        self._rebuild()

    def _rebuild(self) -> None:
        path = self._tree.path()[self._shown_from :]
        keep = 0
        while keep < min(len(path), len(self._rows)) and self._same(self._rows[keep], path[keep]):
            keep += 1
        for row in self._rows[keep:]:
            self._box.removeWidget(row)
            row.hide()
            row.deleteLater()
        del self._rows[keep:]
        for turn in path[keep:]:
            self._append(turn)
        self._earlier.setVisible(self._shown_from > 0)
        self._mark_last()

    def _same(self, row: "Question | Answer", turn: Turn) -> bool:
        return row.turn is turn and row.property("state") == self._state(turn)

    def _state(self, turn: Turn) -> str:
        return f"{len(self._tree.variants(turn))}/{turn.text}/{turn.error}"

    def _append(self, turn: Turn) -> "Question | Answer":
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
        row.setProperty("state", self._state(turn))
        self._rows.append(row)
        self._box.insertWidget(self._box.count() - 1, row)
        return row

    def _mark_last(self) -> None:
        answers = [row for row in self._rows if isinstance(row, Answer)]
        for row in answers:
            row.tools.set_last(row is answers[-1])

    def _more(self) -> None:
        self._shown_from = max(0, self._shown_from - FIRST_SHOWN)
        for row in self._rows:
            row.setProperty("state", "")
        self._following = False
        bar = self.verticalScrollBar()
        from_end = bar.maximum() - bar.value()
        self._rebuild()
        QTimer.singleShot(0, self, lambda: bar.setValue(bar.maximum() - from_end))

    # The running answer

    def last_answer(self) -> Answer | None:
        return next((row for row in reversed(self._rows) if isinstance(row, Answer)), None)

    def settle(self, turn: Turn) -> None:
        """The answer is complete: figures and actions, without building the row anew."""
        row = self.last_answer()
        if row is not None and row.turn is turn:
            variants = self._tree.variants(turn)
            row.finish()
            if turn.error:
                row.show_error(turn.error)
            row.tools.show_state(variants.index(turn), len(variants), turn.statistics)
            row.setProperty("state", self._state(turn))

    def edit(self, turn: Turn) -> None:
        """Edit a message in its place."""
        row = next((r for r in self._rows if r.turn is turn), None)
        if row is None:
            return
        again = "Save and ask again" if turn.role == "user" else "Save"
        box = InlineEdit(turn.text, again)
        at = self._box.indexOf(row)
        row.hide()
        self._box.insertWidget(at, box)

        def close() -> None:
            self._box.removeWidget(box)
            box.hide()
            box.deleteLater()
            row.show()

        def save(text: str) -> None:
            close()
            if text != turn.text:
                self.edited.emit(turn, text)

        box.cancelled.connect(close)
        box.saved.connect(save)
        box.take_focus()

    def edit_last_question(self) -> None:
        row = next((r for r in reversed(self._rows) if isinstance(r, Question)), None)
        if row is not None:
            self.edit(row.turn)

    def rewrite(self) -> None:
        self._column.setMaximumWidth(current().px(COLUMN_WIDTH))
        for row in self._rows:
            row.rewrite()

    # Following the end

    def follow(self) -> None:
        self._following = True
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _centre(self, has_bar: bool) -> None:
        """The column stands over the composer whether or not there is a scroll bar."""
        side = current().px(24)
        bar = self.verticalScrollBar().sizeHint().width() if has_bar else 0
        self._sides.setContentsMargins(side + bar, 0, side, 0)

    def _range_changed(self, _low: int, high: int) -> None:
        self._centre(high > 0)
        if self._following:
            self.verticalScrollBar().setValue(high)
        self._update_latest()

    def _value_changed(self, value: int) -> None:
        self._following = value >= self.verticalScrollBar().maximum() - current().px(NEAR_END)
        self._update_latest()

    def _update_latest(self) -> None:
        self._latest.setVisible(not self._following)
        px = current().px
        x = (self.width() - self._latest.width()) // 2
        self._latest.move(x, self.height() - self._latest.height() - px(12))
        self._latest.raise_()
