"""One chat that is open: keeps its tree and the engine's conversation in step.

The engine's chat holds the cache; it is kept as long as the model is.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from engine.api import Chat, ChatSettings, Engine, ModelInfo, Ticket, WhenFull
from engine.base.attachments import Attachment
from engine.base.conversation import KEPT, Told, Turn, told
from engine.base.errors import ChaskiError, ContextFullError
from engine.base.events import Finished, Listener, Progress, PromptProgress, Shares, Statistics
from engine.base.looks import AnswerPlace
from gui.chat.book import UNSEEN, WRITING, Book, ChatRecord, Merged
from gui.chat.titles import Titling
from gui.chat.words import full_words, statistics_line, title_of, too_long_words
from gui.language import tr
from gui.workers import Feed, sentence

STOPS = ("cancelled", "length", "context")  # ends that are not the model's
FEW = 16  # tokens: an answer that went on by fewer found no room
LONG_PROMPT = 128  # tokens: of fewer, nothing can be told of the speed
TITLE_MS = 900  # after its first answer a chat is given a title, unless one goes on
KEEP_MS = 400  # an answer that grows is on disk this long after it was shown


@dataclass
class Queued:
    """A question that was asked while an answer is being written; it is asked after that."""

    text: str
    attached: tuple[Attachment, ...] = ()


class Conversation(QObject):
    """Sends, stops, regenerates, edits; tells what changed. Knows no widgets."""

    path_changed = Signal()  # turns were added or another variant was chosen
    text = Signal(str, str)  # channel, new text of the running answer
    prompt = Signal(PromptProgress)
    waking = Signal(Progress)  # its model rests, and is being opened again
    context = Signal(int, int)  # used, size
    settled = Signal(object)  # Turn: the running answer is complete
    busy_changed = Signal(bool)
    queue_changed = Signal()

    def __init__(self, engine: Engine, book: Book, record: ChatRecord) -> None:
        super().__init__()
        self.record = record
        self._engine = engine
        self._book = book
        self._model: ModelInfo | None = None
        self._chat: Chat | None = None
        self._turn: Turn | None = None  # the answer being written
        self.queue: list[Queued] = []  # asked one after the other
        self._begins: list[int] = []  # of its messages, see Told
        self._next: tuple[ModelInfo | None] | None = None  # the model after this answer
        self._thinking = QElapsedTimer()
        self._keeping = QTimer(self)  # runs while there is text that the book does not have
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEP_MS)
        self._keeping.timeout.connect(self._keep_text)
        self.context_fill = (0, 0)
        self.shares = Shares()  # of what is filled
        self.read_rate = 0.0  # tokens a second, as its model has shown with the last long prompt
        self._closed = False
        self.gives_titles = False
        self._titling = Titling(self)
        self._titling.titled.connect(self._on_titled)
        self.shown = True  # in a window; else its end is marked in the list
        book.merged.connect(self._on_merged)
        self._feed = Feed(self)
        self._feed.text.connect(self._on_text)
        self._feed.prompt.connect(self.prompt)
        self._feed.progress.connect(self.waking)
        self._feed.statistics.connect(self._on_statistics)
        self._feed.finished.connect(self._on_finished)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._on_ended)
        self._meter = Feed(self)
        self._meter.statistics.connect(self._on_measured)

    @property
    def busy(self) -> bool:
        return self._turn is not None

    @property
    def running(self) -> Turn | None:
        return self._turn

    @property
    def model(self) -> ModelInfo | None:
        return self._model

    def use_model(self, model: ModelInfo | None) -> None:
        """From the next message on, this model answers."""
        if self.busy:
            self._next = (model,)
            return
        self._next = None
        if model == self._model:
            return
        self._drop_chat()
        self._model, self.read_rate = model, 0.0
        if model is not None:
            self.record.model, self.record.model_path = model.name, str(model.path)
            self._set_fill(0, 0 if self.record.tree.turns else model.n_ctx, Shares())
            self.measure()

    def measure(self) -> None:
        """Ask how much of the context the conversation takes; `context` follows."""
        path = self.record.tree.path()
        if self._model is None or self.busy or not path:
            return
        try:
            chat, messages, settings = self._ready_chat(), told(path).messages, self._settings()
            self._meter.follow(lambda listener: chat.measure(messages, settings, listener))
        except ChaskiError:
            pass  # a figure that is not needed; what matters is told when one asks

    def show_prompt(self, draft: str, attached: tuple[Attachment, ...], tell: Listener) -> Ticket:
        """What the model would read now, with what is written and not sent: Done(PromptShown)."""
        path = list(self.record.tree.path())
        if draft or attached:
            path.append(Turn(0, "user", draft, attachments=attached))
        return self._ready_chat().show_prompt(told(path).messages, self._settings(), tell)

    # What the user does

    def send(self, text: str, attached: tuple[Attachment, ...] = ()) -> None:
        if self._model is None or self.busy:
            return
        question = self.record.tree.add("user", text, self.record.tree.leaf)
        question.attachments = attached
        self._ask(question)

    def enqueue(self, text: str, attached: tuple[Attachment, ...] = ()) -> None:
        """Ask this as soon as the answer has ended, and what was asked before it."""
        self.queue.append(Queued(text, attached))
        self.queue_changed.emit()

    def unqueue(self, asked: Queued) -> None:
        """It is not to be asked."""
        self.queue = [each for each in self.queue if each is not asked]
        self.queue_changed.emit()

    def send_queued(self, asked: Queued | None = None) -> None:
        """Ask this one of those that wait now, or the first."""
        asked = asked or (self.queue[0] if self.queue else None)
        if asked is not None and self._model is not None and not self.busy:
            self.unqueue(asked)
            self.send(asked.text, asked.attached)

    def goes_on(self, turn: Turn) -> bool:
        """Something waits to be asked after this answer, and nothing has stopped it."""
        return bool(self.queue) and (turn.complete or turn.ending == "length")

    def delete(self, turn: Turn) -> Callable[[], None]:
        """Take a message out of the conversation; what is given brings it back."""
        tree = self.record.tree
        leaf, gone = tree.leaf, tree.delete(turn)
        left = tree.leaf
        self._path_chosen()

        def bring_back() -> None:
            for each in gone:
                each.deleted = False
            if tree.leaf == left:  # else something was said since, and one stays there
                tree.leaf = leaf
            self._path_chosen()

        return bring_back

    def count(self, texts: Sequence[str], listener: Listener) -> Ticket:
        """How many tokens each of these texts has for its model: tells Done(a tuple)."""
        return self._ready_chat().count(texts, listener)

    def again(self, answer: Turn) -> None:
        """Another answer to the same question; the old one stays as a variant. One that never
        began is written now."""
        if answer.parent is None or self._model is None or self.busy:
            return
        unwritten = not answer.text and not answer.thinking
        self._ask(self.record.tree.turns[answer.parent], answer if unwritten else None)

    def go_on(self, answer: Turn) -> None:
        """Continue the last answer where it was cut."""
        if self._model is None or self.busy or answer.id != self.record.tree.leaf:
            return
        if not answer.text and not answer.thinking:
            self.again(answer)
            return
        answer.text = answer.text.rstrip()
        self._begin(answer, told(self.record.tree.path()))

    def go_on_rolling(self, answer: Turn) -> None:
        """From now on the oldest messages are left out where the context is full."""
        self.choose_when_full("roll")
        self.go_on(answer)

    def go_on_with_ends(self, answer: Turn) -> None:
        """From now on what stands between the first exchange and the last ones is left out."""
        self.choose_when_full("ends")
        self.go_on(answer)

    def choose_when_full(self, policy: WhenFull) -> None:
        """What becomes of this chat where the context is full."""
        self.record.generation = replace(self.record.generation, when_full=policy)
        if self.record.id:
            self._save()
        self.measure()

    def edit(self, turn: Turn, text: str, attached: tuple[Attachment, ...] | None = None) -> None:
        """A question is asked again in its new words, with what it had or with what is `attached`
        now; an answer just gets another variant."""
        asks = turn.role == "user"
        if self.busy or (asks and self._model is None):
            return
        self._bring_back()
        new = self.record.tree.add(turn.role, text, turn.parent)
        new.attachments = turn.attachments if attached is None else attached
        if asks:
            self._ask(new)
        else:
            self._path_chosen()

    def look(self, turn: Turn, place: AnswerPlace, listener: Listener) -> Ticket:
        """What else could have stood at a place of this answer: see Chat.look. Raises
        ChaskiError."""
        settings = self._settings()
        if turn.sampling is not None:
            settings = replace(settings, sampling=turn.sampling)
        messages = told(self.record.tree.path(turn.id)).messages
        return self._ready_chat().look(messages, place, settings, listener)

    def take(self, answer: Turn, text: str, *, ends: bool) -> None:
        """Another variant of an answer that begins so, and that the model goes on with unless it
        `ends` there."""
        if self.busy or self._model is None:
            return
        self._bring_back()
        new = self.record.tree.add("assistant", text.rstrip(), answer.parent)
        new.thinking, new.thought_s = answer.thinking, answer.thought_s
        new.model, new.complete = answer.model, ends
        if ends:
            self._path_chosen()
        else:
            self._begin(new, told(self.record.tree.path()))

    def adopt(
        self,
        question: Turn | None,
        text: str,
        attached: tuple[Attachment, ...],
        answers: Sequence[Turn],
        *,
        shown: bool = True,
    ) -> None:
        """Answers that were written elsewhere to a question of this chat, or to a new one, become
        its variants; the last of them is shown, unless one shall stand where one stood."""
        if self.busy:
            return
        self._bring_back()
        tree = self.record.tree
        stood = tree.leaf
        if question is None:
            question = tree.add("user", text, tree.leaf)
            question.attachments = attached
            self.record.title = self.record.title or title_of(text)
        for answer in answers:
            number = tree.add("assistant", answer.text, question.id).id
            new = replace(answer, id=number, parent=question.id, created=time.time())
            tree.put(new)
        if not shown and stood is not None:
            tree.leaf = stood
        self._path_chosen()

    def step(self, turn: Turn, step: int) -> None:
        """Go to the variant before or after this one."""
        variants = self.record.tree.variants(turn)
        place = variants.index(turn) + step
        if 0 <= place < len(variants) and not self.busy:
            self.record.tree.choose(variants[place])
            self._path_chosen()

    def stand_at(self, turn: Turn) -> None:
        """Choose the variants that this turn belongs to."""
        if not self.busy and not turn.deleted and turn not in self.record.tree.path():
            self.record.tree.choose(turn)
            self._path_chosen()

    def _path_chosen(self) -> None:
        self._save()
        self.path_changed.emit()
        self.measure()

    def stop(self) -> None:
        self._feed.stop()

    def close(self) -> None:
        """Stop at once; what was written is kept."""
        self._feed.close()
        self._meter.close()
        self._titling.close()
        self._keeping.stop()
        if self.queue and self.record.id and not self._closed:  # what waited is not lost
            words = [*(asked.text for asked in self.queue), self.record.draft]
            self._book.keep_draft(self.record, "\n\n".join(filter(None, words)))
            self.queue = []
        self._closed = True
        turn, self._turn = self._turn, None
        if turn is not None:
            self._mark("")
            self._save()
            self._book.end_shown(self.record, turn)
        self._drop_chat()

    # Asking

    def _ask(self, question: Turn, into: Turn | None = None) -> None:
        """Have the question answered, in a new turn or in one that nothing was written into."""
        if self._model is None or self.busy:
            return
        tree, record = self.record.tree, self.record
        if question.parent is None:
            about = question.text or next((a.name for a in question.attachments), "")
            record.title = record.title or title_of(about)
        asked = told(tree.path(question.id))
        turn = into or tree.add("assistant", "", question.id)
        tree.leaf = turn.id
        self._begin(turn, asked)

    def _begin(self, turn: Turn, asked: Told) -> None:
        """Let the model write into this turn, as an answer to what is asked or as its end."""
        self._turn, self._begins = turn, asked.begins
        turn.complete, turn.ending, turn.error = False, "", ""  # until its model has ended it
        self._meter.close()
        self._bring_back()
        self._thinking.invalidate()
        self._save()
        self._mark(WRITING)
        self.path_changed.emit()
        self.busy_changed.emit(True)
        self._titling.stop(lambda: self._follow(turn, asked))

    def _follow(self, turn: Turn, asked: Told) -> None:
        if turn is not self._turn:  # closed meanwhile
            return
        try:
            chat, settings = self._ready_chat(), self._settings()
            turn.model, turn.sampling = self.record.model, settings.sampling
            self._feed.follow(lambda listener: chat.reply(asked.messages, settings, listener))
        except ChaskiError as error:
            self._on_failed(sentence(error))
            self._on_ended()

    def _ready_chat(self) -> Chat:
        """The engine's chat; it goes on from whatever it has read that its messages share."""
        assert self._model is not None
        if self._chat is None:
            self._chat = self._engine.new_chat(self._model.id)
        return self._chat

    def _settings(self) -> ChatSettings:
        """Today's."""
        assert self._model is not None
        sampling = self.record.sampling or self._model.default_sampling
        return ChatSettings(self.record.system, sampling, self.record.generation)

    def _drop_chat(self) -> None:
        self._titling.close()
        if self._chat is not None:
            self._chat.close()
            self._chat = None

    # What the engine tells

    def _on_text(self, channel: str, text: str) -> None:
        turn = self._turn
        if turn is None:
            return
        if channel == "thinking":
            if not self._thinking.isValid():
                self._thinking.start()
            turn.thinking += text
        elif channel == "tool":
            return  # no part of the answer; told when it is finished
        else:
            self._note_thinking(turn)
            turn.text += text
        if not self._keeping.isActive():
            self._keeping.start()
        self._book.note_shown(self.record, turn, "text" if channel != "thinking" else channel, text)
        self.text.emit(channel, text)

    def _keep_text(self) -> None:
        """A crash may come at any time: what is on the screen must be in the book soon."""
        if self._turn is not None:
            self._book.save_turn(self.record, self._turn)

    def _note_thinking(self, turn: Turn) -> None:
        if turn.thinking and not turn.thought_s and self._thinking.isValid():
            turn.thought_s = max(self._thinking.elapsed() / 1000, 0.05)

    def _on_measured(self, event: Statistics) -> None:
        if not self.busy:
            self._set_fill(event.context_used, event.context_size, event.shares)

    def _on_statistics(self, event: Statistics) -> None:
        self._set_fill(event.context_used, event.context_size, event.shares)

    def _on_finished(self, event: Finished) -> None:
        turn = self._turn
        if turn is None:
            return
        self._note_thinking(turn)
        turn.text = event.text or turn.text  # of a stopped reply there may be more than was told
        turn.complete = event.reason in ("eos", "stop")
        turn.ending = event.reason if event.reason in STOPS else ""  # type: ignore[assignment]
        turn.left_out = self._turns_before(event.left_out)
        kept = self._turns_before(event.kept)  # of the first ones, which were read all the same
        rest = {name: value for name, value in turn.extra.items() if name != KEPT}
        turn.extra = {**rest, KEPT: kept} if kept else rest
        turn.statistics = statistics_line(event.timings) if event.timings.predicted_n else ""
        if event.reason == "context":
            self._note_full(turn, event)
        elif event.tool_calls:
            turn.error = tr("The model wanted to call a tool; this version runs none.")
        if event.timings.prompt_n >= LONG_PROMPT and event.timings.prompt_s > 0:
            self.read_rate = event.timings.prompt_n / event.timings.prompt_s
        if event.context_size:
            self._set_fill(event.context_used, event.context_size, event.shares)

    def _note_full(self, turn: Turn, event: Finished) -> None:
        trained = self._model.n_ctx_train if self._model is not None else 0
        turn.error = full_words(event.context_size, trained)
        if self._rolls and event.timings.predicted_n < FEW:  # leaving out more does not help
            turn.ending = "alone"
            turn.error = tr(
                "This exchange alone fills the context of {size:,} tokens.", size=event.context_size
            )

    @property
    def _rolls(self) -> bool:
        return self.record.generation.when_full != "stop"

    def _turns_before(self, n_messages: int) -> int:
        return self._begins[n_messages] if 0 < n_messages < len(self._begins) else 0

    def _on_failed(self, words: str) -> None:
        turn, error = self._turn, self._feed.error
        if turn is None:
            return
        turn.ending, turn.error = "failed", words
        if isinstance(error, ContextFullError):
            turn.ending = "alone" if self._rolls else "full"
            turn.error = too_long_words(error.n_prompt, error.n_ctx, alone=self._rolls)

    def _on_ended(self) -> None:
        turn, self._turn = self._turn, None
        self._keeping.stop()
        if turn is None:
            return
        self._save()
        self._book.end_shown(self.record, turn)
        self._mark("" if self.shown else UNSEEN)
        self.settled.emit(turn)
        if self._next is not None:
            self.use_model(*self._next)
        self.busy_changed.emit(False)
        if self.goes_on(turn) and not self._closed:
            self.send_queued()
        if self.gives_titles and turn.complete and len(self.record.tree.path()) == 2:
            QTimer.singleShot(TITLE_MS, self, self._begin_title)

    # Its title

    def _begin_title(self) -> None:
        record = self.record
        path = record.tree.path()
        wanted = not (record.is_named or record.temporary or self._closed or self.busy)
        if not wanted or self._chat is None or len(path) != 2:
            return
        self._titling.begin(self._chat, told(path).messages, self._settings())

    def _on_titled(self, title: str) -> None:
        if not self.record.is_named and not self._closed:
            self._book.arrange(self.record.id, title=title)

    def _save(self) -> None:
        self._book.save(self.record)

    def _mark(self, mark: str) -> None:
        self._book.mark(self.record.id, mark)

    def _bring_back(self) -> None:
        """Deleted in another window, but here somebody still talks in it."""
        if self._book.is_deleted(self.record.id):
            self._book.restore(self.record.id)

    def _on_merged(self, merged: Merged) -> None:
        if merged.record is not self.record or self._closed:
            return
        merged.held = True
        if not self.busy:
            if merged.leaf is not None:
                self.record.tree.leaf = merged.leaf
            self.path_changed.emit()
            self.measure()

    def _set_fill(self, used: int, size: int, shares: Shares) -> None:
        self.context_fill, self.shares = (used, size), shares
        self.context.emit(used, size)
