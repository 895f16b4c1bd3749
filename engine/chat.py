"""A conversation with an open model, as callers hold it; its work is done in the compute thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.base.errors import CancelledError, MemoryTooSmallError, UsageError
from engine.base.events import Done, Event, Failed, Finished, Listener, Statistics, Timings
from engine.base.jobs import Job
from engine.base.looks import AnswerPlace
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams
from engine.host import Host, Ticket
from engine.open_models import OpenModels

if TYPE_CHECKING:
    from engine.model import Model
    from engine.session import Session


@dataclass(frozen=True)
class Means:
    """What a conversation needs of the house. `listening`: a listener that also keeps what a reply
    tells of speed; `forget`: the conversation of that number is over."""

    host: Host
    models: OpenModels
    listening: Callable[[str, Listener | None], Listener]
    forget: Callable[[int], object]


@dataclass(frozen=True)
class ChatSettings:
    """How a conversation is answered. `system`: the system prompt, "" for none."""

    system: str = ""
    sampling: SamplingParams = SamplingParams()  # noqa: RUF009 (frozen)
    generation: GenerationParams = GenerationParams()  # noqa: RUF009 (frozen)


class Chat:
    """One conversation. Its settings may be changed between replies, not during one."""

    def __init__(self, number: int, session: "Session", means: Means) -> None:
        self.id = number
        self.model_id = session.model.info.id
        self.settings = ChatSettings(session.system, session.sampling, session.generation)
        self._session = session
        self._means, self._host = means, means.host
        self._ticket: Ticket | None = None
        self._replying = False  # cleared before the last event is told: who hears it may ask again
        self._closed = False

    @property
    def messages(self) -> list[Message]:
        """As they were asked, and what came of it."""
        return list(self._session.messages)

    @property
    def busy(self) -> bool:
        """Whether a reply is queued or being written."""
        return self._replying and self._ticket is not None and not self._ticket.ended

    def reply(
        self,
        messages: Sequence[Message],
        settings: ChatSettings | None = None,
        listener: Listener | None = None,
    ) -> Ticket:
        """Answer this version of the conversation, in this way from now on; what the cache has of
        it is not read again. Tells PromptProgress, TextDelta, Statistics, Finished.

        A last message of the model's own, one that was stopped or cut, is gone on with: TextDelta
        tells what is new, Finished the whole.
        """
        self._need_idle()
        self.settings = given = settings or self.settings
        session = self._session
        session.messages[:] = messages
        session.system = given.system
        session.sampling, session.generation = given.sampling, given.generation
        goes_on = bool(messages) and messages[-1].role == "assistant"
        job = session.continue_answer() if goes_on else session.reply()
        self._replying = True
        listener = self._means.listening(self.model_id, listener)
        self._ticket = Ticket(self._ending(listener))
        return self._host.submit(self._answering(job), self._ticket)

    def send(self, text: str, listener: Listener | None = None) -> Ticket:
        """Say something more."""
        return self.reply([*self.messages, Message("user", text)], listener=listener)

    def show_prompt(
        self,
        messages: Sequence[Message],
        settings: ChatSettings | None = None,
        listener: Listener | None = None,
    ) -> Ticket:
        """What the model would read if the conversation were read like this: tells Done(
        PromptShown)."""
        self._need_idle()
        probe = self._probe(messages, settings)

        def showing() -> Job:
            shown = yield from probe.showing()
            yield Done(shown)
            return shown

        return self._host.submit(showing(), Ticket(listener))

    def _probe(self, messages: Sequence[Message], settings: ChatSettings | None) -> "Session":
        """A conversation like this one that is only looked at."""
        given, session = settings or self.settings, self._session
        probe = type(session)(session.model, given.system, messages)
        probe.sampling, probe.generation = given.sampling, given.generation
        probe.tools, probe.cut, probe.counted = session.tools, session.cut, session.counted
        return probe

    def measure(
        self,
        messages: Sequence[Message],
        settings: ChatSettings | None = None,
        listener: Listener | None = None,
    ) -> Ticket:
        """How full the context would be if the conversation were read like this: Statistics
        without timings, then Done."""
        self._need_idle()
        probe = self._probe(messages, settings)
        return self._host.submit(self._measuring(probe), Ticket(listener))

    def _measuring(self, probe: "Session") -> Job:
        if not self._closed:
            shares = yield from probe.measuring()
            yield Statistics(Timings(), shares.used, probe.model.info.n_ctx, shares)
        yield Done()
        return None

    def look(
        self,
        messages: Sequence[Message],
        place: AnswerPlace,
        settings: ChatSettings | None = None,
        listener: Listener | None = None,
    ) -> Ticket:
        """What else could have stood at a place of the last of these messages, an answer, and which
        step of the sampler took it out; what the cache has is kept. Of an answer that was not
        written by this chat, by these settings. Tells PromptProgress, then Done(TokenLook)."""
        self._need_idle()
        probe = self._probe(messages, settings)
        return self._host.submit(self._looking(probe, place), Ticket(listener))

    def _looking(self, probe: "Session", place: AnswerPlace) -> Job:
        yield from self._means.models.awake(self.model_id)
        if self._closed:
            raise UsageError("this chat is closed because its model is; open the model again")
        if probe.model is not self._session.model:
            probe.go_on_with(self._session.model)
        try:
            look = yield from probe.looking(self._session.kept, place)
        except MemoryTooSmallError:
            if self.busy:
                raise
            self._session.close()  # what this chat has read is lent then
            look = yield from probe.looking(self._session.kept, place)
        self._means.models.note_use(self.model_id)
        yield Done(look)
        return look

    def count(self, texts: Sequence[str], listener: Listener | None = None) -> Ticket:
        """How many tokens each of these texts has, whatever else goes on: tells Done(a tuple of
        numbers). Those of the ends between messages are not among them."""
        return self._host.submit(self._counting(texts), Ticket(listener))

    def _counting(self, texts: Sequence[str]) -> Job:
        found = []
        for text in texts:
            n = yield from self._session.counted.counting([text])
            found.append(n)
        yield Done(tuple(found))
        return tuple(found)

    def stop(self) -> None:
        """Ask a running reply to end; it keeps its text and tells Finished("cancelled")."""
        if self._ticket is not None:
            self._ticket.cancel()

    def close(self) -> None:
        """Stop, and give the cache back; returns at once."""
        self.stop()
        self._means.forget(self.id)
        if not self._closed:
            self._closed = True
            self._host.submit(self._closing(), Ticket())

    def session_closed(self) -> None:
        """The model goes: free the cache now (compute thread, or after it has ended)."""
        self._closed = True
        self._session.close()
        self._means.forget(self.id)

    def _closing(self) -> Job:
        while self.busy:
            yield None
        self._session.close()
        return None

    def doze(self) -> None:
        """The model's memory is given back for a while: free the cache, too (compute thread)."""
        self._session.close()

    def go_on_with(self, model: "Model") -> None:
        """The model is open again (compute thread)."""
        self._session.go_on_with(model)

    def _ending(self, listener: Listener) -> Listener:
        def tell(event: Event) -> None:
            if isinstance(event, Finished | Failed):
                self._replying = False
            listener(event)

        return tell

    def _answering(self, job: Job) -> Job:
        """The reply, behind the opening of a model that was unloaded."""
        models = self._means.models
        try:
            yield from models.awake(self.model_id)
        except BaseException as error:
            job.close()
            if not isinstance(error, CancelledError):
                raise
            yield Finished("cancelled", Timings(), "")
            return None
        try:
            return (yield from job)
        finally:
            models.note_use(self.model_id)

    def _need_idle(self) -> None:
        if self._closed:
            raise UsageError("this chat is closed because its model is; open the model again")
        if self.busy:
            raise UsageError("the model is still answering; stop it first, or wait")
