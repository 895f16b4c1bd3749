"""The chat view of one window: puts list, header, transcript, composer and panels together."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.api import ModelInfo, SamplingParams
from engine.base.events import Progress
from gui.chat.book import UNTITLED, WRITING, Book, ChatRecord, Hit, Wanted
from gui.chat.chat_header import RESTING
from gui.chat.chat_models import ChatModels
from gui.chat.conversation import Conversation
from gui.chat.turns import Tree, Turn
from gui.chat.words import around
from gui.desk import Desk, Meter
from gui.prose.places import holds
from gui.theme.theme import current

LEAST_ROOM = 400  # for a conversation


class ChatView(ChatModels):
    """One chat is shown; others may still be answering, and are kept until they are done."""

    name, title, glyph, key = "chats", "Chats", "message-square", "Ctrl+1"

    window_wanted = Signal(object)  # ChatRecord or None
    rested = Signal()  # the last answer that was being written here has ended
    forward_wanted = Signal()  # another window asks for a chat that this one shows

    def __init__(self, desk: Desk, book: Book) -> None:
        super().__init__(desk)
        self._book = book
        self._found: dict[int, Hit] | None = None  # what the search found, by chat
        self._searched = ""  # its words
        self._aim = 0  # the chat that is shown at what was found in it
        self._closed = False
        self._bare = True  # nothing but the welcome: no chats yet, no model
        self._reopening = 0  # the chat of the last run that is still being read
        self._live: dict[int, Conversation] = {}  # not shown, still answering
        self._meter = Meter()  # of a model that is opened again
        self.talk = Conversation(desk.engine, book, ChatRecord())
        self._has_own_system = False  # somebody has written one for the chat that is shown
        self._connect_parts()
        self._connect_models()
        self._attach(self.talk)
        self._list_chats()

    # What is connected with what

    def _connect_parts(self) -> None:
        self.list.opened.connect(self._open_listed)
        self.list.renamed.connect(self._book.rename)
        self.list.deleted.connect(self._delete)
        self.list.new_wanted.connect(self.new_chat)
        self.list.searched.connect(self._search)
        self.list.stepped.connect(self._step_find)
        self.header.parameters.toggled.connect(self._show_panel)
        self.header.new_window.clicked.connect(lambda: self.window_wanted.emit(None))
        self.header.file_wanted.connect(self.file_wanted)
        self.parameters.closed.connect(lambda: self.header.parameters.setChecked(False))
        self.parameters.changed.connect(self._parameters_changed)
        self.system.changed.connect(self._system_changed)
        self.system.closed.connect(lambda: self._show_system(False))
        self.composer.system_wanted.connect(lambda: self._show_system(self.system.isHidden()))
        self.composer.stopped.connect(lambda: self.talk.stop())
        self.composer.recalled.connect(self.transcript.edit_last_question)
        self.transcript.stepped.connect(lambda turn, step: self.talk.step(turn, step))
        self.transcript.branched.connect(self._branch)
        self.transcript.new_wanted.connect(self.new_chat)
        self.welcome.file_wanted.connect(self.file_wanted)
        self.welcome.page_wanted.connect(lambda repo: self.view_wanted.emit("discover", repo))
        self.error.file_wanted.connect(self.file_wanted)
        self._book.changed.connect(self._on_book_changed)
        self._book.found.connect(self._on_found)
        self._book.wanted.connect(self._on_wanted)
        self._book.failed.connect(self._give_up_reopening)

    # Which chat is shown

    def new_chat(self) -> None:
        record = ChatRecord(system=self._desk.preferences.system_prompt)
        self._show(Conversation(self._desk.engine, self._book, record), self._usual_model())
        self._desk.offer_guide()
        self.composer.take_focus()

    def chat_with(self, path: str) -> None:
        """Talk with the model in this file, in a chat of its own."""
        if self.talk.record.tree.turns:
            self.new_chat()
        self.use_path(path)

    def open_chat(self, chat_id: int) -> None:
        if chat_id == self.talk.record.id:
            return
        there = self._live.pop(chat_id, None)
        if there is not None:
            self._show(there, there.model)
            return
        if not self._book.shown_elsewhere(chat_id, self):
            self._book.fetch(chat_id, self._show_fetched)

    def _open_listed(self, chat_id: int) -> None:
        """Whoever chooses a chat goes on to write in it."""
        self._aim = chat_id
        self.open_chat(chat_id)
        self._show_hit()
        self.take_focus()

    def _show_hit(self) -> None:
        """Where the words stand that this chat was found by."""
        record = self.talk.record
        hit = (self._found or {}).get(record.id)
        if record.id != self._aim:
            return
        self._aim = 0
        turn = record.tree.turns.get(hit.turn or 0) if hit is not None else None
        if turn is None:
            return
        self.talk.stand_at(turn)
        if turn in record.tree.path():
            self.transcript.show_found(turn, self._searched)

    def _step_find(self, step: int) -> None:
        """The next place in this chat that has the words, round and round; the last one first."""
        words = self.list.search.text()
        hits = [t for t in self.talk.record.tree.path() if words.strip() and holds(t.text, words)]
        if not hits:
            return
        before = self.transcript.found_turn
        at = hits.index(before) + step if before in hits else -1
        self.transcript.show_found(hits[at % len(hits)], words)

    def reopen(self, chat_id: int) -> None:
        """The chat of the last run, as soon as the list is read, if it still is there."""
        self._reopening = chat_id
        self._reopen()
        self._update()

    def _reopen(self) -> None:
        chat_id = self._reopening
        if chat_id and any(row.id == chat_id for row in self._book.rows()):
            self.open_chat(chat_id)

    def _give_up_reopening(self, *_: object) -> None:
        if self._reopening:
            self._reopening = 0
            self._update()

    def _on_wanted(self, wanted: Wanted) -> None:
        """A chat is open in one window at a time: two could not both answer in it."""
        chat_id = wanted.chat_id
        if (
            wanted.asker is not self
            and not self._closed
            and (chat_id == self.talk.record.id or chat_id in self._live)
        ):
            wanted.taken = True
            self.open_chat(chat_id)
            self.forward_wanted.emit()

    def _show_fetched(self, record: ChatRecord) -> None:
        if record.id == self.talk.record.id or self._book.shown_elsewhere(record.id, self):
            return
        talk = Conversation(self._desk.engine, self._book, record)
        had = self.list.has_focus() or self._reopening
        self._show(talk, self._model_of(record))
        self._show_hit()
        if had:
            self.take_focus()

    def _model_of(self, record: ChatRecord) -> ModelInfo | None:
        """A chat goes on with its own model; only where that is gone, with another."""
        own = self._desk.model_at(record.model_path)
        return own if own is not None or self._has_own(record) else self._usual_model(record)

    def show_record(self, record: ChatRecord, model: ModelInfo | None) -> None:
        """What a new window starts with."""
        self._show(Conversation(self._desk.engine, self._book, record), model)

    def _show(self, talk: Conversation, model: ModelInfo | None) -> None:
        self._leave()
        self._reopening = 0
        talk.shown = True
        self._book.mark(talk.record.id, WRITING if talk.busy else "")
        if talk.record.tree.turns:  # what was wanted was wanted for another chat
            self._wanted_path = ""
        self._waiting = None
        alone = len(self._desk.models()) == 1 and not self._has_own(talk.record)
        if model is None and alone:
            model = self._usual_model(talk.record)
        self.talk, self._has_own_system = talk, False
        talk.use_model(model)
        self._give_system()
        self._attach(talk)
        self._list_chats()

    def _leave(self) -> None:
        """Part from the chat that is shown; if it is answering, let it finish on its own."""
        talk = self.talk
        for signal in (
            talk.path_changed,
            talk.text,
            talk.prompt,
            talk.waking,
            talk.context,
            talk.settled,
            talk.busy_changed,
        ):
            signal.disconnect()
        if not talk.busy:
            talk.close()
            talk.deleteLater()
            return
        talk.shown = False
        self._live[talk.record.id] = talk
        talk.settled.connect(lambda _turn: self._retire(talk))

    def _retire(self, talk: Conversation) -> None:
        if self._live.pop(talk.record.id, None) is not None:
            talk.close()
            talk.deleteLater()
            self._tell_rest()

    def _attach(self, talk: Conversation) -> None:
        talk.path_changed.connect(self._on_path)
        talk.text.connect(self._on_text)
        talk.prompt.connect(self._on_prompt)
        talk.waking.connect(self._on_waking)
        talk.context.connect(self.composer.context.set_fill)
        talk.settled.connect(self._on_settled)
        talk.busy_changed.connect(self._on_busy)
        self.transcript.show_tree(talk.record.tree)
        self.composer.context.set_fill(*talk.context_fill)
        self.system.show_text(talk.record.system)
        self._show_system(bool(talk.record.system) and not talk.record.tree.turns)
        self._show_parameters()
        self._update()
        if talk.running is not None:
            self._resume(talk.running)

    def _delete(self, chat_id: int) -> None:
        live = self._live.pop(chat_id, None)
        if live is not None:
            live.close()
        title = next((row.title for row in self._book.rows() if row.id == chat_id), "The chat")
        was_shown = chat_id == self.talk.record.id
        if was_shown:
            self.talk.stop()
            fresh = Conversation(self._desk.engine, self._book, ChatRecord())
            self._show(fresh, self._usual_model())
        self._book.delete(chat_id)
        self.undoable.emit(f"“{title}” was deleted", lambda: self._undelete(chat_id, was_shown))

    def _undelete(self, chat_id: int, was_shown: bool) -> None:
        self._book.restore(chat_id)
        if was_shown:
            self._open_listed(chat_id)

    def _branch(self, turn: Turn) -> None:
        """A new chat that begins with this one's turns up to here."""
        record, tree = self.talk.record, Tree()
        for old in record.tree.path(turn.id):
            new = tree.add(old.role, old.text, tree.leaf)
            new.thinking, new.thought_s = old.thinking, old.thought_s
            new.statistics, new.left_out = old.statistics, old.left_out
            new.complete, new.ending, new.error = old.complete, old.ending, old.error
        branch = ChatRecord(
            title=f"{record.title or UNTITLED} (branch)",
            model=record.model,
            model_path=record.model_path,
            system=record.system,
            sampling=record.sampling,
            generation=record.generation,
            tree=tree,
        )
        self._book.save(branch)
        self._show(Conversation(self._desk.engine, self._book, branch), self.talk.model)

    def _search(self, words: str) -> None:
        self._found = None
        if words.strip():
            self._book.search(words)
        else:
            self.transcript.unmark()
            self._list_chats()

    def _on_found(self, words: str, hits: dict[int, Hit]) -> None:
        if words == self.list.search.text():
            self._found, self._searched = hits, words
            self._list_chats()

    def _on_book_changed(self) -> None:
        self._list_chats()
        if self._reopening:
            self._reopen()
            if not any(row.id == self._reopening for row in self._book.rows()):
                self._give_up_reopening()
        if self.list.isHidden():  # without chats it is; now some have been read from disk
            self._update()

    def _list_chats(self) -> None:
        rows = self._book.rows()
        found: dict[int, tuple[str, str, str]] = {}
        if self._found is not None:
            rows = [row for row in rows if row.id in self._found]
            found = {i: around(hit.text, self._searched) for i, hit in self._found.items()}
        self.list.show_rows(rows, self.talk.record.id or None, self._book.marks, found)
        self.retitled.emit()
        self.header.show_title(self.heading)

    @property
    def heading(self) -> str:
        """Of the chat that is shown; "" until it has one."""
        return self.talk.record.title

    @property
    def ground(self) -> QWidget:
        return self.middle

    @property
    def shown_number(self) -> int:
        """What the chat that is shown is called in the next run, or 0."""
        return self._book.number_of(self.talk.record.id) if self.talk.record.id else 0

    @property
    def n_writing(self) -> int:
        """How many answers are being written here, seen or not."""
        return sum(talk.busy for talk in (*self._live.values(), self.talk))

    # The running answer

    def _on_path(self) -> None:
        self.transcript.refresh()
        if self.talk.busy:  # something was asked; else one goes on reading where one was
            self.transcript.follow()
        self._update()
        row = self.transcript.last_answer()
        if self.talk.busy and row is not None:
            row.begin()

    def _resume(self, turn: Turn) -> None:
        row = self.transcript.last_answer()
        if row is not None and not turn.text and not turn.thinking:
            row.begin()
        elif row is not None:
            row.resume()

    def _on_text(self, channel: str, text: str) -> None:
        row = self.transcript.last_answer()
        if row is None:
            return
        if channel == "thinking":
            row.add_thinking(text)
        else:
            row.add_text(text)

    def _on_prompt(self, event: object) -> None:
        row = self.transcript.last_answer()
        if row is not None:
            row.reading(event.done, event.total, event.reused)  # type: ignore[attr-defined]

    def _on_waking(self, event: Progress) -> None:
        """The model rested: it is opened again before it reads."""
        words, fraction = self._meter.read(event)
        self.header.show_waking(fraction)
        row, model = self.transcript.last_answer(), self.talk.model
        if row is not None and model is not None:
            row.waking(f"Opening {model.name} again: {words[:1].lower()}{words[1:]}", fraction)

    def _on_settled(self, turn: Turn) -> None:
        self.transcript.settle(turn)

    def _on_busy(self, busy: bool) -> None:
        self._meter = Meter()
        self.header.end_waking()
        self._update()
        if not busy:
            self._show_parameters()  # another model may have waited for the end
            self._do_waiting()
            self._tell_rest()

    def _tell_rest(self) -> None:
        if not self.n_writing:
            self.rested.emit()

    # Settings of the chat

    def _show_parameters(self) -> None:
        record, model = self.talk.record, self.talk.model
        own = model.default_sampling if model is not None else SamplingParams()
        self.parameters.show_values(record.sampling or own, record.generation, own)

    def _parameters_changed(self, sampling: SamplingParams, generation: object) -> None:
        record, model = self.talk.record, self.talk.model
        own = model.default_sampling if model is not None else SamplingParams()
        record.sampling = None if sampling == own else sampling
        record.generation = generation  # type: ignore[assignment]
        self._keep()

    def _give_system(self) -> bool:
        """A new chat begins with the system prompt of its model, else with the one of Settings,
        until somebody has written another. Answers whether it has changed."""
        record, model = self.talk.record, self.talk.model
        if record.tree.turns or self._has_own_system:
            return False
        own = model.default_system if model is not None else ""
        record.system = own or self._desk.preferences.system_prompt
        return record.system != self.system.text()

    def _offer_system(self) -> None:
        if self._give_system():
            self.system.show_text(self.talk.record.system)
            self._show_system(bool(self.talk.record.system))

    def _system_changed(self, text: str) -> None:
        self._has_own_system = True
        self.talk.record.system = text
        self.composer.show_system(bool(text), True)
        self._keep()

    def _keep(self) -> None:
        if self.talk.record.id:
            self._book.save(self.talk.record)

    def _show_system(self, shown: bool) -> None:
        if self.system.isVisible() and not shown:
            self.talk.measure()
        self.system.setVisible(shown)
        self.composer.show_system(bool(self.talk.record.system), shown)
        if shown:
            self.system.take_focus()

    # What is visible

    def _update(self) -> None:
        model, opening = self.talk.model, self._desk.opening
        has_turns = bool(self.talk.record.tree.turns)
        self.transcript.set_busy(self.talk.busy)
        resting = self._resting()
        begins = model is None and not opening and not has_turns
        first = begins and resting is None and not (self._guide_is_coming or self._reopening)
        ready = model is not None or bool(self._wanted_path or self._own_path())
        self.composer.set_state(self.talk.busy, ready, self._hint(model))
        self.composer.show_waiting(self._waits_in_box())
        self._foot.setVisible(not first or not self.error.isHidden())
        self.composer.setVisible(not first)
        self.header.setVisible(not first)
        page = self._page()
        coming = self._desk.guide if self._guide_is_coming else None
        self.header.show_resting(resting or coming, "opening" if coming else RESTING)
        self.header.show_model(model, self._awaited(), cancel=page is not self.loading)
        self._bare = page is self.welcome and not self._book.rows()
        self._make_room()
        self.welcome.show_guide(self._is_guide(model) or self._guide_is_coming)
        if not self._desk.opening_guide:
            self.welcome.progress.end()
        if model is not None or self._guide_is_coming:
            words = "Write below to begin. Everything stays on this computer."
            name = model.name if model is not None else self._guide_name()
            with_guide = model is None or self._is_guide(model)
            self.empty.show_words(f"Talk with {name}", words, guide=with_guide)
        elif resting is not None:
            words = "Write below to begin. The model opens with your first message."
            self.empty.show_words(f"Talk with {resting.name}", words)
        self.middle.setCurrentWidget(page)

    def _page(self) -> QWidget:
        """What the middle shows. The guide is opened behind the welcome, so that one may read it
        and ask at once."""
        model, coming = self.talk.model, self._guide_is_coming
        if self.talk.record.tree.turns or self._reopening:
            return self.transcript
        if self._awaited() and not coming:
            return self.loading
        if coming or self._is_guide(model):
            return self.empty if self._book.rows() else self.welcome
        return self.empty if model is not None or self._resting() is not None else self.welcome

    def _guide_name(self) -> str:
        return self._desk.guide.name if self._desk.guide is not None else self._desk.opening

    @property
    def panel_shown(self) -> bool:
        """Whether the parameters are wanted, also where there is no room for them."""
        return self.header.parameters.isChecked()

    def show_panel(self, shown: bool) -> None:
        self.header.parameters.setChecked(shown)

    def _show_panel(self, shown: bool) -> None:
        self.parameters.setVisible(shown)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """In a narrow window the list of chats gives way to the parameters."""
        panel = 0 if self.parameters.isHidden() else self.parameters.width()
        room = self.width() - self.list.width() - panel
        self.list.setVisible(not self._bare and room >= current().px(LEAST_ROOM))

    def _hint(self, model: ModelInfo | None) -> str:
        awaited = self._awaited()
        if self._guide_is_coming:
            return "Ask now; the guide answers as soon as it is ready"
        if awaited:
            return f"Ask now; {awaited} answers as soon as it is ready"
        if model is not None:
            return f"Message {model.name}"
        resting = self._resting()
        if resting is not None:
            return f"Message {resting.name}"
        if self._own_path() and self.talk.record.model:
            return f"Message {self.talk.record.model}"
        return "Choose a model to go on"

    def take_focus(self) -> None:
        if self.composer.isVisible():
            self.composer.take_focus()
        else:
            self.setFocus()

    def close_work(self) -> None:
        """The window closes: stop every answer, keep its text."""
        self._closed = True
        for talk in (*self._live.values(), self.talk):
            talk.close()
