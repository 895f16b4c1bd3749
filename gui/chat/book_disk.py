"""The Book on disk: every change goes to the engine's chat store, in order, in the background.

The window never waits for the disk: numbers of its own stand for those the store gives later.
What other programs (a second start of this one) change in the store is looked for every second.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from engine.api import Engine
from gui.chat.book import Book, ChatRecord, ChatRow, Hit, Merged
from gui.chat.book_keeping import Keeper
from gui.chat.book_rows import (
    SPOKEN,
    Change,
    Copy,
    copied,
    generation_of,
    path_of,
    row_of,
    turn_of,
    values_of,
)
from gui.chat.turns import Tree, Turn
from gui.language import said
from gui.workers import Background

FIRST_OWN_NUMBER = 1 << 30  # the store will never reach it; signals carry 32 bits
MAX_LISTED = 2000
LOOK_MS = 1000  # between looks for what others have changed


class DiskBook(Book):
    """Reads the list at start; a chat's messages when it is opened."""

    def __init__(self, engine: Engine, background: Background, parent: QObject | None = None):
        super().__init__(parent)
        self._engine = engine
        self._background = background
        self._next = FIRST_OWN_NUMBER
        self._keeper = Keeper(engine)  # used in the background thread alone
        self._growing: dict[tuple[int, int], Copy] = {}  # chat and turn → what waits
        self._fetching: dict[int, list[Callable[[ChatRecord], object]]] = {}
        self._told = ""  # what was last said to have failed: said once, not twice a second
        self._noticed = ""
        self._looking = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def close(self) -> None:
        self._timer.stop()

    def number_of(self, chat_id: int) -> int:
        return chat_id if chat_id < FIRST_OWN_NUMBER else self._keeper.theirs(chat_id)

    # Reading

    def read(self) -> None:
        """List what is there; `changed` follows. What was deleted long ago is forgotten now."""
        self._run(self._listed, self._show)
        self._run(lambda: self._engine.chats.purge())
        self._timer.start()

    def _listed(self) -> tuple[list[ChatRow], str]:
        rows = [row_of(chat, chat.id) for chat in self._engine.chats.list(MAX_LISTED)]
        return rows, self._engine.chats.notice

    def _show(self, found: tuple[list[ChatRow], str]) -> None:
        rows, notice = found
        self._rows.update({row.id: row for row in rows})
        self.changed.emit()
        self._notice(notice)

    def search(self, words: str) -> None:
        def hits() -> dict[int, Hit]:
            found: dict[int, Hit] = {}
            for hit in self._engine.chats.search(words):
                chat = self._keeper.ours(hit.chat)
                if chat not in found or found[chat].turn is None:
                    turn = self._keeper.our_turn(chat, hit.message)
                    found[chat] = Hit(turn, hit.snippet)
            return found

        self._run(hits, lambda found: self.found.emit(words, found))

    def fetch(self, chat_id: int, then: Callable[[ChatRecord], object]) -> None:
        if chat_id in self._records:
            then(self._records[chat_id])
            return
        waiting = self._fetching.setdefault(chat_id, [])
        waiting.append(then)
        if len(waiting) == 1:  # a second window that asks meanwhile gets the same record
            self._background.run(
                lambda: self._read_record(chat_id),
                lambda record: self._fetched(chat_id, record),
                lambda words: self._not_fetched(chat_id, words),
            )

    def _fetched(self, chat_id: int, record: ChatRecord) -> None:
        self._records[chat_id] = record
        for then in self._fetching.pop(chat_id, []):
            then(record)

    def _not_fetched(self, chat_id: int, words: str) -> None:
        self._fetching.pop(chat_id, None)
        self.failed.emit(words)

    def _read_record(self, chat_id: int) -> ChatRecord:
        chat = self._engine.chats.get(chat_id)
        record = ChatRecord(chat.id, chat.title, chat.model, "", chat.system)
        record.sampling = chat.sampling
        everything = self._engine.chats.everything(chat_id)
        older: int | None = None
        for stored in everything:
            if stored.message.role not in SPOKEN:
                continue
            parent = stored.parent
            if parent is not None and parent not in record.tree.turns:
                parent = older  # a damaged file: better after the message before than nowhere
            record.tree.put(turn_of(stored, stored.id, parent))
            record.model_path = path_of(stored.extra) or record.model_path
            record.generation = generation_of(stored.extra) or record.generation
            older = stored.id
        record.tree.leaf = chat.leaf if chat.leaf in record.tree.turns else older
        self._keeper.learn(chat, everything)
        return record

    # Keeping. What is handed to the background is copied first: the window goes on changing it.

    def _keep_record(self, record: ChatRecord) -> None:
        turns = [copied(turn, record) for turn in record.tree.turns.values()]
        number, leaf, values = record.id, record.tree.leaf, values_of(record)
        self._run(lambda: self._keeper.write(number, turns, leaf, values), self._worked)

    def _keep_turn(self, record: ChatRecord, turn: Turn) -> None:
        """Of an answer that grows only the newest state waits, so a slow disk piles up nothing."""
        waiting, place = self._growing, (record.id, turn.id)
        waiting[place] = copied(turn, record)

        def write() -> None:
            newest = waiting.pop(place, None)
            if newest is not None:
                self._keeper.write_growing(place[0], newest)

        self._run(write, self._worked)

    def _keep_title(self, chat_id: int, title: str) -> None:
        self._run(lambda: self._keeper.rename(chat_id, title), self._worked)

    def _keep_deleted(self, chat_id: int, deleted: bool) -> None:
        self._run(lambda: self._keeper.set_deleted(chat_id, deleted), self._worked)

    def _run(self, work: Callable[[], object], then: Callable[..., object] | None = None) -> None:
        self._background.run(work, then, failed=self._say)

    def _say(self, sentence: str) -> None:
        if sentence != self._told:
            self._told = sentence
            self.failed.emit(sentence)

    def _worked(self, _: object) -> None:
        self._told = ""

    def _notice(self, notice: str) -> None:
        """A damaged file was put aside: said once, when it is known."""
        if notice and notice != self._noticed:
            self.failed.emit(said(notice))
        self._noticed = notice

    # What others change

    def look(self) -> None:
        """Ask whether another program has changed a chat; `changed` and `merged` follow."""
        if not self._looking:
            self._looking = True
            self._background.run(self._looked, self._take, failed=self._look_failed)

    def _looked(self) -> tuple[list[Change], str]:
        return self._keeper.changes(), self._engine.chats.notice

    def _look_failed(self, sentence: str) -> None:
        self._looking = False
        self._say(sentence)

    def _take(self, found: tuple[list[Change], str]) -> None:
        changes, notice = found
        for change in changes:
            self._take_row(change)
            record = self._records.get(change.number)
            if record is not None:
                self._merge(change, record)
        self._looking = False
        if changes:
            self.changed.emit()
        self._notice(notice)

    def _take_row(self, change: Change) -> None:
        row = row_of(change.chat, change.number)
        here, gone = self._rows, self._deleted
        if change.chat.deleted is not None:
            here, gone = gone, here
        here[row.id] = row
        gone.pop(row.id, None)

    def _merge(self, change: Change, record: ChatRecord) -> None:
        """New messages become turns; one that grew elsewhere grows here. Ours are left alone."""
        tree, ours = record.tree, dict(change.known)
        record.title = change.chat.title or record.title
        for stored in change.new:
            parent = ours.get(stored.parent) if stored.parent is not None else None
            turn = turn_of(stored, tree.next_id, parent)
            tree.put(turn)
            ours[stored.id] = turn.id
        for stored, before in change.grown:
            turn = tree.turns[ours[stored.id]]
            if (turn.text, turn.thinking) == (before.content, before.thinking):
                turn.become(turn_of(stored, turn.id, turn.parent))
        self._run(lambda: self._keeper.note(change, ours))
        leaf = ours.get(change.chat.leaf) if change.chat.leaf is not None else None
        merged = Merged(record, leaf if leaf is not None and _goes_on(tree, leaf) else None)
        self.merged.emit(merged)
        if not merged.held and merged.leaf is not None:
            tree.leaf = merged.leaf


def _goes_on(tree: Tree, leaf: int) -> bool:
    """Whether this end continues what is shown."""
    return tree.leaf is None or any(turn.id == tree.leaf for turn in tree.path(leaf))
