"""The conversation as a scrolling column: questions right, answers left.

Only what is near the view is made of widgets, so that a chat of any length opens at once. Only the
last answer changes while the model writes. The view follows the end until the user scrolls away
from it, and never moves under the reader's eyes.
"""

from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from engine.base.attachments import Attachment
from engine.base.conversation import Tree, Turn, kept_of
from engine.base.events import PromptProgress
from gui.chat.across import Across, Message
from gui.chat.answer import Answer
from gui.chat.column import REACH, Column, Item
from gui.chat.conversation import Queued
from gui.chat.edge_scroll import EdgeScroll
from gui.chat.edited_files import Reader
from gui.chat.following import Following
from gui.chat.inline_edit import Edits
from gui.chat.message_menu import show_menu
from gui.chat.question import BUBBLE_WIDTH, Question
from gui.chat.queued_row import QueuedRow
from gui.language import marked, tr
from gui.prose.pieces import guess_text
from gui.prose.rich_text import BODY
from gui.prose.spans import LINE_HEIGHT
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.labels import label
from gui.widgets.roles import tell_as_panel
from gui.widgets.tooltips import no_tips

PROSE_WIDTH, WIDEST = 680, 760  # of lines that are read, of tables and code
SIDE = 32  # beside the column: as wide as the button that stands there
IDLE_MS = 150  # until what is near the view is laid out in another size, too
AHEAD = 4  # steps in which rows near the view are built, so far as half a view from it
ROUNDS = 6  # of building what is near, until nothing moves any more
ANSWER_GAP, EXCHANGE_GAP, CUT_GAP = 12, 32, 20  # above a row, by what it is
CUT = marked("The model no longer reads what stands above this line")
CUT_BETWEEN = marked(
    "The model no longer reads what stands between the first exchange and this line"
)


class Transcript(QScrollArea):
    """Shows the path of a tree; asks for changes by signals and changes nothing itself."""

    again = Signal(object)  # Turn (an answer)
    continued = Signal(object)
    rolled = Signal(object)  # go on, without the oldest messages
    kept_ends = Signal(object)  # go on, with the first exchange and the last ones
    larger_wanted = Signal(object)  # go on, as soon as the model has a larger context
    new_wanted = Signal()
    edit_cancelled = Signal(object)
    branched = Signal(object)
    removed = Signal(object)  # Turn, which is to be deleted
    quoted = Signal(str)
    unqueued = Signal(object)  # Queued, which is not to be asked
    queue_edited = Signal(object)
    queue_sent = Signal(object)
    stepped = Signal(object, int)
    edited = Signal(object, str)
    looked = Signal(object, int)  # Answer, a letter of its text

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tell_as_panel(self)
        self.setAccessibleName(tr("Conversation"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("role", "transcript")  # a ring while it has the focus
        self._stop: Turn | None = None  # the message that the keyboard has walked to
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            QShortcut(QKeySequence(keys), self, partial(self._walk, step))
        self._tree = Tree()
        self._path: list[Turn] = []
        self._queue: list[Queued] = []  # questions that wait for the answer
        self._words = ""  # that are marked
        self.found_turn: Turn | None = None  # where the last find was
        self._busy = self._laying = False
        self._is_changing = False  # of its look: what is laid out now would be so once more
        self._with_figures = True
        self._larger = "", ""  # what the note of a full context offers besides
        self._make_canvas()
        self._latest = icon_button(
            "chevron-down", tr("To the latest message"), self.follow, "Ctrl+End"
        )
        self._latest.setParent(self)
        self._latest.setProperty("kind", "plain")
        self._latest.hide()
        self._ahead = 0  # steps of AHEAD that were done: what is seen comes first
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self._build_ahead)
        current().begins.connect(self._shed)
        current().changed.connect(self.rewrite)
        current().ended.connect(self._changed)

    def _make_canvas(self) -> None:
        self._canvas = canvas = QWidget()
        canvas.setProperty("role", "canvas")
        self._column = Column()
        self._column.setParent(canvas)
        self._column.needs_layout.connect(self.lay_out)
        self._following = Following(self, self._column)
        self._following.scrolled.connect(self._on_scrolled)
        self._edge = EdgeScroll(self)
        self._across = Across(self._column, self.row_of)
        self._edits = Edits(self._column, self._following)
        self._edits.edited.connect(self.edited)
        self._edits.cancelled.connect(self.edit_cancelled)
        self.setWidget(canvas)

    # Content

    def show_tree(self, tree: Tree) -> None:
        self._tree = tree
        self._words, self.found_turn = "", None
        self._following.forget()
        self._following.to_end()
        self._ahead = 0
        self._rebuild()
        self._idle.start(0)

    def refresh(self) -> None:
        """The path has changed: keep the rows that still stand, build the others."""
        self._rebuild()

    def _rebuild(self) -> None:
        self._path = path = self._tree.path()
        running = self._running()
        for item in self._column.items:
            row = item.widget
            if not isinstance(row, Message) or row.turn is running:
                continue  # what is being written grows in its row
            if row.property("state") != self._state(row.turn):
                self._column.drop(item, stand_in=True)
                item.form = None
        self._edits.keep_only(path)
        last = next((t for t in reversed(path) if t.role == "assistant" and t.text), None)
        n = last.left_out if last is not None else 0
        cut = tr(CUT_BETWEEN) if last is not None and kept_of(last) else tr(CUT)
        items: list[Item] = []
        for i, turn in enumerate(path):
            if 0 < n == i:
                make = partial(_cut_line, cut)
                items.append(Item(cut, CUT_GAP, lambda _w: current().px(20), make))
            gap = ANSWER_GAP if turn.role == "assistant" else EXCHANGE_GAP
            items.append(Item(turn, gap, partial(_guess, turn), partial(self._make, turn)))
        for i, asked in enumerate(self._queue):
            waits = partial(self._make_queued, asked)
            gap = ANSWER_GAP if i else EXCHANGE_GAP
            items.append(Item(asked, gap, lambda _w: current().px(45), waits))
        self._column.set_items(items, keeps=self._last_of("assistant"))
        self._mark_last()
        self.lay_out()

    def _last_of(self, role: str) -> Turn | None:
        return next((turn for turn in reversed(self._path) if turn.role == role), None)

    def _running(self) -> Turn | None:
        """The answer that is being written, as soon as something of it was shown."""
        last = self._path[-1] if self._path else None
        return last if self._busy and last is not None and last.role == "assistant" else None

    def _state(self, turn: Turn, variants: int | None = None) -> str:
        n = len(self._tree.variants(turn)) if variants is None else variants
        return f"{n}/{turn.text}/{turn.complete}/{turn.ending}/{turn.error}"

    def _make(self, turn: Turn) -> Message:
        variants = self._tree.variants(turn)
        place = variants.index(turn)
        row: Message
        if turn.role == "user":
            row = Question(turn, place, len(variants))
            row.edited.connect(lambda: self.edit(turn))
            row.stepped.connect(lambda step: self.stepped.emit(turn, step))
        else:
            row = Answer(turn)
            row.tools.show_figures(self._with_figures)
            row.tools.show_state(place, len(variants), turn.statistics)
            row.tools.again.connect(lambda: self.again.emit(turn))
            row.tools.edited.connect(lambda: self.edit(turn))
            row.tools.branched.connect(lambda: self.branched.emit(turn))
            row.tools.stepped.connect(lambda step: self.stepped.emit(turn, step))
            row.looked.connect(lambda letter: self._look(turn, letter))
            row.note.continued.connect(lambda: self.continued.emit(turn))
            row.note.rolled.connect(lambda: self.rolled.emit(turn))
            row.note.kept_ends.connect(lambda: self.kept_ends.emit(turn))
            row.note.larger_wanted.connect(lambda: self.larger_wanted.emit(turn))
            row.note.new_wanted.connect(self.new_wanted)
            row.note.offer_larger(*self._larger)
            if turn is self._running():
                row.resume()
        row.setProperty("state", self._state(turn, len(variants)))
        row.text.mark(self._words)
        row.text.selecting_begins.connect(lambda: self._across.clear(row))
        self._edge.watch(row.text.selecting)
        self._across.watch(row)
        row.menu_wanted.connect(lambda spot: self._show_menu(row, spot))
        row.set_busy(self._busy)
        self._show_place(row)
        self._show_stops(row)
        return row

    def show_queue(self, queue: list[Queued]) -> None:
        """Questions that are asked after the answer that is being written."""
        if queue or self._queue:
            self._queue = list(queue)
            self._rebuild()

    def _make_queued(self, asked: Queued) -> QueuedRow:
        row = QueuedRow(asked, self._busy)
        row.removed.connect(lambda: self.unqueued.emit(asked))
        row.edited.connect(lambda: self.queue_edited.emit(asked))
        row.sent.connect(lambda: self.queue_sent.emit(asked))
        return row

    def _show_menu(self, row: Message, spot: QPoint) -> None:
        turn = row.turn
        delete = None if self._busy else lambda: self.removed.emit(turn)
        look = None
        if isinstance(row, Answer) and turn.text and not self._busy:
            look = partial(self._look, turn, 0)
        show_menu(self, spot, turn, row.text, self.quoted.emit, delete, look)

    # Rows

    def rows(self) -> list[Message]:
        """The messages that are widgets now, in order."""
        return self._across.rows()

    def row_of(self, turn: Turn) -> Message | None:
        """The row of a message of the path, built if need be."""
        item = self._item_of(turn)
        if item is None:
            return None
        if item.widget is None:
            self._column.widget_of(item)
        return item.widget if isinstance(item.widget, Message) else None

    def _item_of(self, turn: Turn) -> Item | None:
        return next((item for item in self._column.items if item.key is turn), None)

    def _mark_last(self) -> None:
        for row in self.rows():
            self._show_place(row)
            self._show_stops(row)
            row.set_busy(self._busy)

    def _show_place(self, row: Message) -> None:
        """Whether it is the last answer, and the last of all."""
        if isinstance(row, Answer):
            last = row.turn is self._last_of("assistant")
            row.set_last(last, last and row.turn is self._path[-1])

    # The keyboard: Tab finds the last answer's buttons, Alt with arrows walks to other messages

    def _show_stops(self, row: Message) -> None:
        stops = row.turn is self._stop or row.turn is self._last_of("assistant")
        for button in row.findChildren(Button):
            policy = Qt.FocusPolicy.TabFocus if stops else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(policy)

    def _walk(self, step: int) -> None:
        """To the message before or after; its first button has the focus then."""
        if not self._path:
            return
        at = self._path.index(self._stop) if self._stop in self._path else len(self._path)
        self._stop = turn = self._path[max(0, min(len(self._path) - 1, at + step))]
        row = self.row_of(turn)
        self._mark_last()
        if row is not None:
            gap = current().px(EXCHANGE_GAP) + self.viewport().height() // 3
            self._following.aim_at(lambda: self._top_of(turn) + gap - current().px(EXCHANGE_GAP))
            self.lay_out()
            self._following.drop_aim()
            row.first_button().setFocus(Qt.FocusReason.TabFocusReason)

    def _top_of(self, turn: Turn) -> int:
        item = self._item_of(turn)
        return item.y if item is not None else 0

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, nothing else can be asked for or chosen."""
        self._busy = busy
        for item in self._column.items:
            if isinstance(item.widget, Message | QueuedRow):
                item.widget.set_busy(busy)

    def show_figures(self, shown: bool) -> None:
        """Whether the speed of answers is told."""
        self._with_figures = shown
        for row in self.rows():
            if isinstance(row, Answer):
                row.tools.show_figures(shown)

    # What was searched for

    def show_found(self, turn: Turn, words: str, which: int | None = None) -> None:
        """This turn of the path, with the words in it marked, wherever in the chat it stands;
        `which` of its places, from 0, is pointed at."""
        self.found_turn = turn
        self._mark(words)
        for row in self.rows():
            row.text.point_at(which if row.turn is turn else None)
        self._following.forget()
        self._following.aim_at(lambda: self._top_of_find(turn, which))
        self.lay_out()

    def first_seen(self) -> Turn | None:
        """The first message that stands in the view, at least with its end."""
        top = self.verticalScrollBar().value()
        seen = (item.key for item in self._column.items if item.y + item.height > top)
        return next((key for key in seen if isinstance(key, Turn)), None)

    def unmark(self) -> None:
        self._following.drop_aim()
        self._mark("")

    def _mark(self, words: str) -> None:
        self._words = words
        for row in self.rows():
            row.text.mark(words)

    def _top_of_find(self, turn: Turn, which: int | None) -> int | None:
        row = self.row_of(turn)
        if row is None:
            return None
        row.text.point_at(which)
        return self._top_of(turn) + row.text.mapTo(row, QPoint(0, row.text.find_top() or 0)).y()

    # The running answer

    def offer_larger(self, words: str, tip: str = "") -> None:
        """What the note of a full context offers besides; "": nothing."""
        if (words, tip) == self._larger:
            return
        self._larger = words, tip
        last = self.last_answer()
        if last is not None:
            last.note.offer_larger(words, tip)
            self.lay_out()

    def last_answer(self) -> Answer | None:
        turn = self._last_of("assistant")
        row = self.row_of(turn) if turn is not None else None
        return row if isinstance(row, Answer) else None

    def begin_answer(self) -> None:
        """It was asked for; nothing has come yet."""
        row = self.last_answer()
        if row is not None:
            row.begin()
            self.lay_out()

    def resume_answer(self, turn: Turn) -> None:
        """The chat comes up while this one is being written."""
        row = self.last_answer()
        if row is not None:
            (row.resume if turn.text or turn.thinking else row.begin)()
            self.lay_out()

    def add_text(self, channel: str, text: str) -> None:
        row = self.last_answer()
        if row is not None:
            (row.add_thinking if channel == "thinking" else row.add_text)(text)
            self.lay_out()

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
            row.tools.show_state(variants.index(turn), len(variants), turn.statistics)
            row.setProperty("state", self._state(turn, len(variants)))
            self._rebuild()  # what is no longer read may have grown

    def _look(self, turn: Turn, letter: int) -> None:
        row = self.row_of(turn)
        if isinstance(row, Answer) and turn.text and not self._busy:
            self.looked.emit(row, letter)

    def edit(self, turn: Turn) -> None:
        """Edit a message in its place."""
        item, row = self._item_of(turn), self.row_of(turn)
        if item is not None and row is not None:
            self._edits.begin(item, turn)

    def edited_files(self, turn: Turn) -> tuple[Attachment, ...]:
        """What shall go with a message that is being edited."""
        return self._edits.files_of(turn)

    def read_files_by(self, read: Reader) -> None:
        """How files are read that are attached to a question while it is edited."""
        self._edits.read = read

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
        turn = self._last_of("user")
        if turn is not None:
            self.edit(turn)

    # Other sizes and colours: what is seen first, what lies around it in an idle moment

    def _shed(self) -> None:
        """Nothing is dearer than widgets that nobody sees: each is polished twice."""
        self._is_changing = True
        top, room = self.verticalScrollBar().value(), self.viewport().height()
        self._column.forget_far(top, top + room, at_once=True)
        for item in self._column.items:
            if isinstance(item.widget, Answer) and not item.widget.is_held:
                item.widget.forget_beyond(top - item.y, top + room - item.y)

    def _changed(self) -> None:
        self._is_changing = False
        if self.isVisible():
            self._set_room()
            self._column.guess_anew()
            self._lay_out_seen(IDLE_MS)

    def rewrite(self) -> None:
        self._column.forget_heights()
        for item in self._column.items:
            if isinstance(item.widget, Message | QueuedRow):
                item.widget.rewrite()
        self.lay_out()

    # Following the end, or staying where the reader is

    def follow(self) -> None:
        self._following.to_end()
        self.lay_out()

    def lay_out(self) -> None:
        """Build what is near the view, give all its place, and keep the reader where he is."""
        if self._laying or self._is_changing:
            return
        self._laying = self._following.is_held = True
        with no_tips():
            self._lay_out()
        self._laying = self._following.is_held = False
        self._update_latest()

    def _lay_out_seen(self, wait_ms: int = 0) -> None:
        """What is seen at once, what lies near it a little later and piece by piece: a row takes
        some ten milliseconds, and several in a row are felt."""
        self._ahead = 0
        self.lay_out()
        self._idle.start(wait_ms)

    def _build_ahead(self) -> None:
        self._ahead += 1
        self.lay_out()
        if self._ahead < AHEAD:
            self._idle.start(0)

    def _lay_out(self) -> None:
        for _ in range(2):  # the scroll bar may come or go
            had, room = self.viewport().size(), self.viewport().height()
            around = room // 2 * self._ahead // AHEAD
            self._set_room()
            for _round in range(ROUNDS):
                top = self._following.top(room)
                moved = self._column.build(top - around, top + room + around)
                self._column.place()
                if not moved and self._following.top(room) == top:
                    break
            self._canvas.resize(had.width(), max(room, self._column.total))
            if self.viewport().size() == had:
                break
        top = self._following.top(room)
        self.verticalScrollBar().setValue(top)
        self._column.forget_far(top - 2 * room, top + 3 * room)
        self._following.settled()

    def _set_room(self) -> None:
        """The column stands over the composer whether or not there is a scroll bar."""
        px, room = current().px, self.viewport().width()
        bar = self.verticalScrollBar().sizeHint().width()
        narrow = max(px(200), min(px(PROSE_WIDTH), self.width() - 2 * px(SIDE) - 2 * bar))
        left = (self.width() - narrow) // 2
        wide = max(narrow, min(px(WIDEST), room - left - px(SIDE)))
        self._column.set_room(narrow, wide)
        self._column.move(left - px(REACH), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.lay_out()

    def _on_scrolled(self, _below: int) -> None:
        self._lay_out_seen()

    def _update_latest(self) -> None:
        more = self.verticalScrollBar().maximum() > 0
        self._latest.setVisible(more and not self._following.follows)
        px = current().px
        right = self._column.x() + self._column.width()  # beside the words, never on them
        x = right + (px(SIDE) - self._latest.width()) // 2
        self._latest.move(x, self.height() - self._latest.height() - px(12))
        self._latest.raise_()


def _cut_line(words: str) -> QWidget:
    """Over the first turn that was read for the latest answer."""
    line = label(words, "small", wrap=True)
    line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return line


def _guess(turn: Turn, width: int) -> int:
    """About how high a message is that nobody has seen."""
    px = current().px
    if turn.role == "user":
        width = min(width, px(BUBBLE_WIDTH))
    text = guess_text(turn.text, width, px(BODY), px(BODY * LINE_HEIGHT))
    return round(text) + px(18 if turn.role == "user" else 34)
