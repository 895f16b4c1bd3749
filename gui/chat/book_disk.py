"""The Book on disk: every change goes to the engine's chat store, in order, in the background.

The window never waits for the disk. What other programs (a second start of this one) change in the
store is looked for every second.
"""

import copy
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from engine.api import Engine
from engine.base.conversation import Shift, Tree, Turn
from gui.chat.book import UNTITLED, Book, ChatRecord, ChatRow, Hit, Merged, TrashedRow
from gui.language import said, tr
from gui.workers import Background

if TYPE_CHECKING:
    from engine.api import Change, ChatHead, ChatKeeper, ShownAnswer

KEPT_DAYS = 30  # what was deleted, as the store forgets it (engine/library/chats.py)
MAX_LISTED = 2000
TAKEN_AT_ONCE = 20  # of chats that are imported
LOOK_MS = 1000  # between looks for what others have changed


class DiskBook(Book):
    """Reads the list at start; a chat's messages when it is opened."""

    def __init__(self, engine: Engine, background: Background, parent: QObject | None = None):
        super().__init__(parent)
        self._engine = engine
        self._background = background
        self._growing: dict[tuple[int, int], Turn] = {}  # chat and turn → what waits
        self._shown: dict[tuple[int, int], ShownAnswer] = {}  # likewise, of those that grow
        self._fetching: dict[int, list[Callable[[ChatRecord], object]]] = {}
        self._told = ""  # what was last said to have failed: said once, not twice a second
        self._noticed = ""
        self._looking = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    @cached_property
    def _keeper(self) -> "ChatKeeper":
        """Used in the background thread alone."""
        return self._engine.chats.keeper()

    def close(self) -> None:
        self._timer.stop()

    # Reading

    def read(self) -> None:
        """List what is there; `changed` follows. What was deleted long ago is forgotten now."""
        self._run(self._listed, self._show)
        self._run(lambda: self._engine.chats.purge())
        self._timer.start()

    def _listed(self) -> tuple[list[ChatRow], Sequence[str], str, str]:
        chats = self._engine.chats
        rows = [row_of(chat) for chat in chats.list(MAX_LISTED)]
        return rows, chats.folders(), chats.noted("draft"), chats.notice

    def _show(self, found: tuple[list[ChatRow], Sequence[str], str, str]) -> None:
        rows, folders, self.new_draft, notice = found
        self._folders.update(folders)
        self._rows.update({row.id: row for row in rows})
        self.changed.emit()
        self._notice(notice)

    def trash(self, then: Callable[[list[TrashedRow]], object]) -> None:
        def found() -> list[TrashedRow]:
            return [trashed_of(chat) for chat in self._engine.chats.deleted()]

        self._run(found, then)

    def search(self, words: str) -> None:
        def hits() -> dict[int, Hit]:
            found: dict[int, Hit] = {}
            for hit in self._engine.chats.search(words):
                if hit.chat not in found or found[hit.chat].turn is None:
                    found[hit.chat] = Hit(hit.turn, hit.snippet)
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
                lambda: self._keeper.read(chat_id),
                lambda record: self._fetched(chat_id, record),
                lambda words: self._not_fetched(chat_id, words),
            )

    def glance(self, chat_id: int, then: Callable[[str], object]) -> None:
        if chat_id in self._records:
            super().glance(chat_id, then)
        else:
            self._run(lambda: self._engine.chats.last_words(chat_id), then)

    def _fetched(self, chat_id: int, record: ChatRecord) -> None:
        self._records[chat_id] = record
        for then in self._fetching.pop(chat_id, []):
            then(record)

    def _not_fetched(self, chat_id: int, words: str) -> None:
        self._fetching.pop(chat_id, None)
        self.failed.emit(words)

    # Keeping. What is handed to the background is copied first: the window goes on changing it.

    def _keep_record(self, record: ChatRecord) -> None:
        copied = record.copied()
        self._run(lambda: self._keeper.write(copied), lambda shift: self._kept(record, shift))

    def _keep_turn(self, record: ChatRecord, turn: Turn) -> None:
        """Of an answer that grows only the newest state waits, so a slow disk piles up nothing."""
        waiting, place = self._growing, (record.id, turn.id)
        waiting[place] = copy.copy(turn)

        def write() -> Shift | None:
            newest = waiting.pop(place, None)
            return None if newest is None else self._keeper.write_growing(place[0], newest)

        self._run(write, lambda shift: self._kept(record, shift))

    def _keep_shown(self, record: ChatRecord, turn: Turn, channel: str, text: str) -> None:
        """At once, as a kill may come before the background has kept it."""
        place = (record.id, turn.id)
        if place not in self._shown:
            before = copy.copy(turn)
            whole = getattr(before, channel)
            setattr(before, channel, whole[: len(whole) - len(text)])
            self._shown[place] = self._engine.chats.show(record.id, before)
        self._shown[place].add(channel, text)

    def end_shown(self, record: ChatRecord, turn: Turn) -> None:
        shown = self._shown.pop((record.id, turn.id), None)
        if shown is not None:
            last, chat = copy.copy(turn), record.id
            self._run(lambda: shown.close(kept=self._keeper.has(chat, last)))

    def _kept(self, record: ChatRecord, shift: Shift | None) -> None:
        """Where another program has used our numbers, ours count on; from now on here as well."""
        self._worked(None)
        if shift is not None:
            for place in [each for each in self._shown if each[0] == record.id]:
                self._shown.pop(place).close(kept=True)  # under a number that is no more ours
            record.tree.shift(shift)
            self._run(lambda: self._keeper.settle(record.id))

    def _keep_values(self, chat_id: int, values: dict[str, Any]) -> None:
        self._run(lambda: self._keeper.update(chat_id, **values), self._worked)

    def _keep_folder(self, name: str) -> None:
        self._run(lambda: self._engine.chats.make_folder(name), self._worked)

    def _keep_folder_renamed(self, old: str, new: str) -> None:
        self._run(lambda: self._keeper.rename_folder(old, new), self._worked)

    def _keep_new_draft(self, text: str) -> None:
        self._run(lambda: self._engine.chats.note("draft", text), self._worked)

    def _keep_forgotten(self, chat_ids: Sequence[int]) -> None:
        self._run(lambda: self._engine.chats.purge(0, chat_ids), self._worked)

    def _keep_deleted(self, chat_id: int, deleted: bool) -> None:
        def work() -> "ChatHead":
            self._keeper.set_deleted(chat_id, deleted)
            return self._engine.chats.get(chat_id)

        self._run(work, self._placed)

    def _placed(self, head: "ChatHead") -> None:
        """It was deleted or restored; one that was deleted in an earlier run is listed again."""
        self._worked(None)
        if head.deleted is None and head.id not in self._rows and not self.is_deleted(head.id):
            self._rows[head.id] = row_of(head)
            self.changed.emit()

    def take_in(
        self, records: Sequence[ChatRecord], then: Callable[[Sequence[int]], object]
    ) -> None:
        """A few at a time, so that answers that are being written are kept between them."""
        chats, taken = self._engine.chats, list[int]()

        def next_ones() -> None:
            some = records[len(taken) : len(taken) + TAKEN_AT_ONCE]
            if some:
                self._run(lambda: [chats.take_in(record) for record in some], listed)
            else:
                self.changed.emit()
                then(taken)

        def listed(heads: "list[ChatHead]") -> None:
            self._rows.update({head.id: row_of(head) for head in heads})
            taken.extend(head.id for head in heads)
            next_ones()

        next_ones()

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
            take = partial(self._take, self._folder_deeds)
            self._background.run(self._looked, take, failed=self._look_failed)

    def _looked(self) -> "tuple[list[Change], Sequence[str], str]":
        chats = self._engine.chats
        return self._keeper.changes(), chats.folders(), chats.notice

    def _look_failed(self, sentence: str) -> None:
        self._looking = False
        self._say(sentence)

    def _take(self, deeds: int, found: "tuple[list[Change], Sequence[str], str]") -> None:
        changes, folders, notice = found
        for change in changes:
            self._take_row(change)
            record = self._records.get(change.head.id)
            if record is not None and change.known:
                self._merge(change, record)
        self._looking = False
        if self._take_folders(folders, deeds) or changes:
            self.changed.emit()
        self._notice(notice)

    def _take_folders(self, folders: Sequence[str], deeds: int) -> bool:
        """Whether they are others than we knew. What we did since one looked counts for more."""
        news = set(folders)
        if deeds != self._folder_deeds or news == self._folders:
            return False
        self._folders = news
        return True

    def _take_row(self, change: "Change") -> None:
        row = row_of(change.head)
        here, gone = self._rows, self._deleted
        if change.head.deleted is not None:
            here, gone = gone, here
        here[row.id] = row
        gone.pop(row.id, None)

    def _merge(self, change: "Change", record: ChatRecord) -> None:
        """New turns come in; one that grew elsewhere grows here. Ours are left alone."""
        tree, head = record.tree, change.head
        record.title = head.title or record.title
        record.is_named, record.pinned, record.folder = head.is_named, head.pinned, head.folder
        new = [turn for turn in change.new if turn.id not in tree.turns]
        for turn in new:
            tree.put(copy.copy(turn))
        for turn, before in change.grown:
            ours = tree.turns.get(turn.id)
            if ours is not None and (ours.text, ours.thinking) == (before.text, before.thinking):
                ours.become(turn)
        taken = {turn.id for turn in new} | {turn.id for turn, _ in change.grown}
        self._run(lambda: self._keeper.note(change, taken))
        leaf = head.leaf if head.leaf in tree.turns else None
        merged = Merged(record, leaf if leaf is not None and _goes_on(tree, leaf) else None)
        self.merged.emit(merged)
        if not merged.held and merged.leaf is not None:
            tree.leaf = merged.leaf


def row_of(head: "ChatHead") -> ChatRow:
    title, changed = head.title or tr(UNTITLED), datetime.fromtimestamp(head.changed)
    about = head.id, title, head.model, head.n_messages, changed
    return ChatRow(*about, pinned=head.pinned, folder=head.folder)


def trashed_of(head: "ChatHead") -> TrashedRow:
    deleted = datetime.fromtimestamp(head.deleted or 0)
    left = max(0, math.ceil(KEPT_DAYS - (datetime.now() - deleted).total_seconds() / 86400))
    return TrashedRow(head.id, head.title or tr(UNTITLED), head.n_messages, deleted, left)


def _goes_on(tree: Tree, leaf: int) -> bool:
    """Whether this end continues what is shown."""
    return tree.leaf is None or any(turn.id == tree.leaf for turn in tree.path(leaf))
