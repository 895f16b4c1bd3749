"""The chat view of one window: which chat is shown, and how its parts are put together.

The rest is its parts': the chats in hand (chats), which model they talk with (model_choice), what
waits for that (asking), what is chosen for a chat (chat_panels), searching (chat_search), and what
of all this is seen (chat_pages).
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from engine.api import NO_WISHES, ModelInfo
from engine.base.conversation import Turn
from engine.base.events import PromptShown
from gui.chat.asking import Asking
from gui.chat.attaching import Attaching
from gui.chat.book import Book, ChatRecord, ChatRequest
from gui.chat.chat_deeds import TEMPORARY, ChatDeeds
from gui.chat.chat_files import ChatFiles
from gui.chat.chat_pages import ChatPages
from gui.chat.chat_panels import ChatPanels
from gui.chat.chat_parts import ChatParts
from gui.chat.chat_search import ChatSearch
from gui.chat.chats import Chats, branch_of
from gui.chat.comparing import Comparing
from gui.chat.conversation import Conversation
from gui.chat.drafts import Drafts
from gui.chat.find_bar import FindBar
from gui.chat.gauge import Gauge, Growing
from gui.chat.kind import KIND
from gui.chat.message_deeds import MessageDeeds
from gui.chat.microscope import Microscope, ShownChat
from gui.chat.model_choice import ModelChoice
from gui.chat.opening_sheet import OpeningSheet
from gui.chat.prompt_sheet import PromptSheet
from gui.chat.trash_sheet import TrashSheet
from gui.desk import Desk
from gui.language import marked, tr
from gui.view import View
from gui.workers import Feed


class ChatView(View):
    """One chat is shown; others may still be answering, and are kept until they are done."""

    kind = KIND
    is_worn_in_parts = True  # most of its pages and panels are put away at any time
    drop_words = marked("Drop a model to open it, or a document to attach it")

    window_wanted = Signal(object)  # ChatRecord or None
    forward_wanted = Signal()  # another window asks for a chat that this one shows

    def __init__(self, desk: Desk, book: Book) -> None:
        super().__init__(desk)
        self._book = book
        self._closed = False
        parts = ChatParts(desk, self)
        self.list, self.header, self.error = parts.list, parts.header, parts.error
        self.transcript, self.composer = parts.transcript, parts.composer
        self.system, self.parameters = parts.system, parts.parameters
        self.welcome, self.loading, self.empty = parts.welcome, parts.loading, parts.empty
        self.at_hand = parts.at_hand
        self.middle = parts.middle
        self.chats = Chats(desk, book, self)
        self.rested = self.chats.rested
        self.models = ModelChoice(desk, self.chats, self)
        self.attaching = Attaching(desk, self.chats, self.composer, self)
        self.attaching.said.connect(self.said)
        self.attaching.undoable.connect(self.undoable)
        self.asking = Asking(
            self.chats, self.models, self.composer, self.transcript, self.attaching
        )
        shown = ShownChat(self.chats, self.asking)
        self.microscope = Microscope(shown, self.transcript, self)
        self.transcript.looked.connect(self.microscope.look_at)
        self.panels = ChatPanels(
            desk, book, self.chats, self.parameters, self.system, self.composer
        )
        self.gauge = Gauge(desk, self.chats, self.composer, self.transcript, self.attaching)
        self.growing = Growing(desk, self.chats, self)
        self._prompts = Feed(self)  # what the model would read
        self.search = ChatSearch(book, self.chats, self.list, self.transcript)
        self.drafts = Drafts(book, self.chats, self.composer)
        self.messages = MessageDeeds(
            self.chats, self.transcript, self.composer, self.attaching, self.drafts
        )
        self.messages.undoable.connect(self.undoable)
        self.files = ChatFiles(desk, book, self)
        self.find_bar = FindBar(self.chats, self.transcript)
        self.deeds = ChatDeeds(book, self.chats, self.list, self.header, self.files)
        self.pages = ChatPages(desk, book, parts, self.chats, self.models, self.asking)
        self.comparing = Comparing(desk, parts, self.chats, self.attaching, self._end_compare)
        self._connect_parts()
        self._connect_models()
        self.attaching.enter()
        self._attach(self.talk)
        self._list_chats()

    @property
    def talk(self) -> Conversation:
        """The chat that is shown."""
        return self.chats.talk

    # What is connected with what

    def _connect_parts(self) -> None:
        self.list.opened.connect(self._open_listed)
        self.list.renamed.connect(self._book.rename)
        self.list.deleted.connect(self.delete)
        self.list.new_wanted.connect(lambda: self.new_chat())
        self.header.parameters.toggled.connect(self._show_panel)
        self.header.list_wanted.connect(self.toggle_list)
        self.header.more_wanted.connect(lambda: self.view_wanted.emit("discover", ""))
        self.list.away_wanted.connect(self.toggle_list)
        deeds = self.deeds
        deeds.deleted.connect(self.delete)
        deeds.temporary_wanted.connect(lambda: self.new_chat(temporary=True))
        deeds.trash_wanted.connect(self.show_trash)
        deeds.find_wanted.connect(self.find_bar.begin)
        deeds.compare_wanted.connect(self.comparing.begin)
        self.comparing.noted.connect(self.said)
        for part in (deeds, self.files, self.comparing):
            part.undoable.connect(self.undoable)
        self.files.said.connect(self.said)
        deeds.shown.connect(lambda record: self.show_record(record, self.models.of(record)))
        deeds.window_wanted.connect(self.window_wanted)
        deeds.list_toggled.connect(self.toggle_list)
        self.parameters.closed.connect(lambda: self.header.parameters.setChecked(False))
        self.composer.limit_wanted.connect(self._ask_limit)
        self.composer.stopped.connect(lambda: self.talk.stop())
        self.transcript.larger_wanted.connect(self._go_on_larger)
        self.gauge.larger_wanted.connect(lambda n: self.growing.reopen(n))
        for asks_how in (self.gauge, self.header):
            asks_how.opening_wanted.connect(self.show_opening)
        self.gauge.prompt_wanted.connect(self.show_prompt)
        self._prompts.done.connect(self._on_prompt)
        self._prompts.failed.connect(self.said)
        self.panels.said.connect(self.said)
        self.panels.undoable.connect(self.undoable)
        self.gauge.policy_chosen.connect(self.panels.show_parameters)
        self.composer.recalled.connect(self.transcript.edit_last_question)
        self.transcript.stepped.connect(lambda turn, step: self.talk.step(turn, step))
        self.transcript.branched.connect(self._branch)
        self.transcript.new_wanted.connect(lambda: self.new_chat())
        self.welcome.page_wanted.connect(lambda repo: self.view_wanted.emit("discover", repo))
        for asks in (self.header, self.welcome, self.error):
            asks.file_wanted.connect(self.file_wanted)
        self.search.changed.connect(self._list_chats)
        QShortcut(QKeySequence("Ctrl+Shift+T"), self, lambda: self.new_chat(temporary=True))
        QShortcut(QKeySequence("Ctrl+Shift+D"), self, self.comparing.begin)
        QShortcut(QKeySequence("Ctrl+F"), self, self.find_here)
        QShortcut(QKeySequence("Ctrl+Shift+F"), self, self.begin_search)
        self._book.changed.connect(self._on_book_changed)
        self._book.wanted.connect(self._on_wanted)
        self._book.failed.connect(self._give_up_reopening)

    def _connect_models(self) -> None:
        desk, models = self._desk, self.models
        self.header.model_chosen.connect(models.use)
        self.header.close_wanted.connect(desk.close_model)
        self.welcome.model_chosen.connect(models.use)
        self.welcome.guide_wanted.connect(self.use_guide)
        at_hand = self.at_hand
        at_hand.chosen.connect(self._prefer)
        at_hand.opened.connect(self._open_listed)
        at_hand.more_wanted.connect(lambda: self.view_wanted.emit("discover", ""))
        for asks in (self.welcome.asked, at_hand.asked):
            asks.connect(self.asking.send)
        for cancels in (self.loading.cancelled, self.header.cancelled):
            cancels.connect(self.cancel)
        models.asked.connect(self.error.hide)
        models.taken.connect(self._on_taken)
        models.failed.connect(self._on_failed)
        self.asking.model_needed.connect(self.header.show_menu)
        desk.loading.connect(self._on_loading)

    # Which model it talks with

    def use_path(self, path: str) -> None:
        """This window shall talk with the model in this file."""
        self.models.use(path)

    def _prefer(self, path: str) -> None:
        self.models.prefer(path)
        self.take_focus()

    def use_guide(self) -> None:
        """Talk with the small model that comes with the program."""
        guide = self._desk.guide
        if guide is not None and not self.models.is_guide(self.talk.model):
            self.models.use(guide.path)
        self.take_focus()

    def cancel(self) -> None:
        """No model is waited for any more."""
        self.asking.forget()
        self.models.cancel()

    def _on_loading(self, name: str) -> None:
        self.pages.begin_waiting(name)
        if self.models.wanted or self.models.guide_is_coming:
            self.take_focus()  # one may write while the model is being opened

    def _on_taken(self, model: ModelInfo, asked: bool) -> None:
        self.panels.offer_system()
        if asked or not self.models.is_guide(model):  # the guide comes unasked: an error stands
            self.error.hide()
        self.panels.show_parameters()
        self.attaching.count_anew()
        self.gauge.look_for_room()
        if not self.transcript.is_editing:
            self.composer.take_focus()

    def _on_failed(self, name: str, words: str) -> None:
        self.error.show_error(tr("{name} could not be opened", name=name), words)

    # Which chat is shown

    def new_chat(self, temporary: bool = False) -> None:
        """`temporary`: nothing of it is ever written."""
        record = ChatRecord(system=self._desk.preferences.system_prompt, temporary=temporary)
        self.show_record(record, self.models.usual())
        self._desk.offer_guide()
        self.composer.take_focus()

    def chat_with(self, path: str) -> None:
        """Talk with the model in this file, in a chat of its own."""
        if self.talk.record.tree.turns:
            self.new_chat()
        self.models.use(path)

    def open_chat(self, chat_id: int) -> None:
        if chat_id == self.talk.record.id:
            return
        there = self.chats.unseen(chat_id)
        if there is not None:
            self._show(there, there.model)
        elif not self._book.shown_elsewhere(chat_id, self):
            self._book.fetch(chat_id, self._show_fetched)

    def _open_listed(self, chat_id: int) -> None:
        """Whoever chooses a chat goes on to write in it."""
        self.search.aim_at(chat_id)
        self.open_chat(chat_id)
        self.search.show_hit()
        self.take_focus()

    def reopen(self, chat_id: int) -> None:
        """The chat of the last run, as soon as the list is read, if it still is there."""
        self.chats.reopening = chat_id
        self._reopen()
        self.pages.update()

    def _reopen(self) -> None:
        chat_id = self.chats.reopening
        if chat_id and any(row.id == chat_id for row in self._book.rows()):
            self.open_chat(chat_id)

    def _give_up_reopening(self, *_: object) -> None:
        if self.chats.reopening:
            self.chats.reopening = 0
            self.pages.update()

    def _on_wanted(self, wanted: ChatRequest) -> None:
        """A chat is open in one window at a time: two could not both answer in it."""
        if wanted.asker is not self and not self._closed and self.chats.has(wanted.chat_id):
            wanted.taken = True
            self.open_chat(wanted.chat_id)
            self.forward_wanted.emit()

    def _show_fetched(self, record: ChatRecord) -> None:
        if record.id == self.talk.record.id or self._book.shown_elsewhere(record.id, self):
            return
        had = self.list.has_focus() or self.chats.reopening
        self.show_record(record, self.models.of(record))
        self.search.show_hit()
        if had:
            self.take_focus()

    def show_record(self, record: ChatRecord, model: ModelInfo | None) -> None:
        self._show(self.chats.of(record), model)

    def _end_compare(self) -> None:
        self.pages.update()
        self.take_focus()

    def _show(self, talk: Conversation, model: ModelInfo | None) -> None:
        self.comparing.put_away()
        self.microscope.close()
        self.find_bar.leave()
        self.attaching.leave()
        self.drafts.leave()
        self._offer_temporary()
        self.header.leave()
        self.chats.leave()
        if talk.record.tree.turns:  # what was wanted was wanted for another chat
            self.models.wanted = ""
        self.asking.drop()
        model = model or self.models.only_one(talk.record)
        self.chats.enter(talk)
        talk.use_model(model)
        self.panels.begin()
        self.attaching.enter()
        self._attach(talk)
        self.drafts.show()
        self._list_chats()

    def _offer_temporary(self) -> None:
        """What is in no list can be found again as long as this is told."""
        record = self.talk.record
        if record.temporary and record.tree.turns and not self._closed:
            back = partial(self._back_to, record)
            self.undoable.emit(tr("The temporary chat was left; nothing of it is kept"), back)

    def _back_to(self, record: ChatRecord) -> None:
        if record is not self.talk.record:
            self.show_record(record, self.models.of(record))

    def show_trash(self) -> None:
        """What was deleted, to be brought back or forgotten."""
        TrashSheet(self, self._book).open()

    def _attach(self, talk: Conversation) -> None:
        talk.path_changed.connect(self._on_path)
        talk.text.connect(self.transcript.add_text)
        talk.prompt.connect(self.transcript.show_prompt)
        talk.waking.connect(self.pages.show_waking)
        talk.context.connect(self._on_context)
        talk.settled.connect(self.transcript.settle)
        talk.busy_changed.connect(self._on_busy)
        self.transcript.show_figures(self._desk.preferences.show_statistics)
        self.transcript.show_tree(talk.record.tree)
        self.messages.attach(talk)
        self.gauge.update()
        self.gauge.look_for_room()
        self.panels.show()
        self.pages.update()
        if talk.running is not None:
            self.transcript.resume_answer(talk.running)

    def delete(self, chat_id: int) -> None:
        title = next((row.title for row in self._book.rows() if row.id == chat_id), tr("The chat"))
        was_shown = chat_id == self.talk.record.id
        self.chats.stop(chat_id)
        if was_shown:
            self.show_record(ChatRecord(), self.models.usual())
        self._book.delete(chat_id)
        self.attaching.set_aside(chat_id)
        self.undoable.emit(
            tr("“{title}” was deleted", title=title), lambda: self._undelete(chat_id, was_shown)
        )

    def _undelete(self, chat_id: int, was_shown: bool) -> None:
        self._book.restore(chat_id)
        if was_shown:
            self._open_listed(chat_id)

    def _branch(self, turn: Turn) -> None:
        branch = branch_of(self.talk.record, turn)
        self._book.save(branch)
        self.show_record(branch, self.talk.model)

    def _on_book_changed(self) -> None:
        self._list_chats()
        if self.chats.reopening:
            self._reopen()
            if not any(row.id == self.chats.reopening for row in self._book.rows()):
                self._give_up_reopening()
        if self.list.isHidden():  # without chats it is; now some have been read from disk
            self.pages.update()

    def _list_chats(self) -> None:
        self.search.show_list()
        self.retitled.emit()
        self.header.show_title(self.heading)

    @property
    def heading(self) -> str:
        """Of the chat that is shown; "" until it has one."""
        record = self.talk.record
        return record.title or (tr(TEMPORARY) if record.temporary else "")

    @property
    def ground(self) -> QWidget:
        return self.middle

    def shown(self) -> None:
        """Settings may have been changed meanwhile."""
        self.transcript.show_figures(self._desk.preferences.show_statistics)

    @property
    def shown_number(self) -> int:
        """What the chat that is shown is called in the next run, or 0."""
        return 0 if self.talk.record.temporary else self.talk.record.id

    @property
    def would_lose(self) -> bool:
        unsaved = self.transcript.is_editing or bool(self.attaching.reading)
        return bool(self.n_writing) or self.comparing.is_busy or unsaved

    @property
    def n_writing(self) -> int:
        """How many answers are being written here, seen or not."""
        return self.chats.n_writing

    # What takes the context

    def _on_context(self, *_: object) -> None:
        self.gauge.update()
        self.attaching.show_cost()

    def _go_on_larger(self, turn: Turn) -> None:
        """With the next larger context, and then where the answer was cut."""
        if self.gauge.larger:
            self.growing.reopen(self.gauge.larger[0][0])
            self.asking.go_on_reopened(turn)

    def show_prompt(self) -> None:
        """The prompt as the model would read it now, token by token."""
        talk = self.talk
        if talk.model is None or talk.busy:
            self.said.emit(tr("The prompt can be shown as soon as the model is open and free."))
            return
        draft = self.composer.edit.toPlainText().strip()
        attached = self.attaching.ready
        self._prompts.follow(lambda tell: talk.show_prompt(draft, attached, tell))

    def _on_prompt(self, found: object) -> None:
        if isinstance(found, PromptShown):
            sheet = PromptSheet(self, found)
            sheet.finished.connect(sheet.deleteLater)
            sheet.open()

    def show_opening(self) -> None:
        """Let it be chosen how this chat's model is opened."""
        model = self.talk.model
        if model is None:
            return
        if self.models.is_guide(model):
            self.said.emit(tr("The guide always opens as it comes with the program."))
            return
        known = self._desk.known_at(str(model.path))
        wishes = known.defaults if known is not None else NO_WISHES
        sheet = OpeningSheet(self, self._desk, model, wishes)
        sheet.chosen.connect(self.growing.reopen)
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()

    # The running answer

    def _on_path(self) -> None:
        self.microscope.close()
        self.transcript.refresh()
        if self.talk.busy:  # something was asked; else one goes on reading where one was
            self.transcript.follow()
        self.pages.update()
        if self.talk.busy:
            self.transcript.begin_answer()

    def _on_busy(self, busy: bool) -> None:
        self.pages.end_waking()
        if not busy:
            self.panels.show_parameters()  # another model may have waited for the end
            self.asking.go_on()
            self.chats.tell_rest()

    def take(self, path: str) -> bool:
        """Documents and texts go with the next message."""
        return self.files.takes(path) or self.attaching.takes(path)

    # What is visible

    @property
    def panel_shown(self) -> bool:
        """Whether the parameters are wanted, also where there is no room for them."""
        return self.header.parameters.isChecked()

    def show_panel(self, shown: bool) -> None:
        self.header.parameters.setChecked(shown)

    def toggle_panel(self) -> None:
        self.show_panel(not self.panel_shown)

    def go_on_with(self, chat_id: int) -> None:
        """Show this chat, to write in it."""
        self._open_listed(chat_id)

    def _ask_limit(self) -> None:
        self.header.parameters.setChecked(True)
        self.parameters.ask_limit()

    def _show_panel(self, shown: bool) -> None:
        self.parameters.setVisible(shown)
        self.pages.make_room()

    def toggle_list(self) -> None:
        """Put the list of chats away, or bring it back."""
        self.list.put_away(not self.list.is_put_away)
        self.pages.make_room()
        self.take_focus()

    def find_here(self) -> None:
        """In the chat that is shown; asked once more, or where nothing was said yet, in all."""
        words = self.find_bar.field.text().strip()
        if self.find_bar.field.hasFocus():
            self.find_bar.leave()
            self.begin_search()
            self.list.search.setText(words)
        elif self.transcript.isVisible() and self.talk.record.tree.turns:
            self.find_bar.begin()
        else:
            self.begin_search()

    def begin_search(self) -> None:
        if self.list.is_put_away:
            self.toggle_list()
        self.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pages.make_room()

    def take_focus(self) -> None:
        if self.composer.isVisible():
            self.composer.take_focus()
        else:
            self.setFocus()

    def close_work(self) -> None:
        """The window closes: stop every answer, keep its text."""
        self._closed = True
        self.comparing.close()
        self.microscope.close()
        self.attaching.close()
        self.gauge.typed.close()
        self._prompts.close()
        self.drafts.keep()
        self.chats.close()
