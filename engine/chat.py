"""A conversation with an open model, as callers hold it; its work is done in the compute thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.base.errors import CancelledError, UsageError
from engine.base.events import Done, Finished, Listener, Statistics, Timings
from engine.base.jobs import Job
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


class Chat:
    """One conversation. Its settings may be changed between replies, not during one."""

    def __init__(self, number: int, session: "Session", means: Means) -> None:
        self.id = number
        self.model_id = session.model.info.id
        self._session = session
        self._means, self._host = means, means.host
        self._ticket: Ticket | None = None
        self._closed = False

    @property
    def messages(self) -> list[Message]:
        return list(self._session.messages)

    @messages.setter
    def messages(self, messages: Sequence[Message]) -> None:
        """Go on from another version of the conversation; the cache keeps what both share."""
        self._need_idle()
        self._session.messages[:] = messages

    @property
    def system(self) -> str:
        return self._session.system

    @system.setter
    def system(self, text: str) -> None:
        self._session.system = text

    @property
    def sampling(self) -> SamplingParams:
        return self._session.sampling

    @sampling.setter
    def sampling(self, params: SamplingParams) -> None:
        self._session.sampling = params

    @property
    def generation(self) -> GenerationParams:
        return self._session.generation

    @generation.setter
    def generation(self, params: GenerationParams) -> None:
        self._session.generation = params

    @property
    def busy(self) -> bool:
        """Whether a reply is queued or being written."""
        return self._ticket is not None and not self._ticket.ended and self._session.replying

    def send(self, text: str, listener: Listener | None = None) -> Ticket:
        """Say something; the reply comes as PromptProgress, TextDelta, Statistics, Finished."""
        self._need_idle()
        self._session.messages.append(Message("user", text))
        return self._reply(listener)

    def regenerate(self, listener: Listener | None = None) -> Ticket:
        """Answer the last user message again; an answer that is there is dropped first."""
        self._need_idle()
        self._session.drop_answer()
        return self._reply(listener)

    def continue_answer(self, listener: Listener | None = None) -> Ticket:
        """Go on with the last message, an answer that was stopped or cut; TextDelta tells what is
        new, Finished the whole."""
        self._need_idle()
        return self._reply(listener, self._session.continue_answer())

    def measure(self, listener: Listener | None = None) -> Ticket:
        """How full the context would be if the conversation were read as it stands: Statistics
        without timings, then Done."""
        self._need_idle()
        session = self._session
        probe = type(session)(session.model, session.system, session.messages)
        probe.generation, probe.left_out = session.generation, session.left_out
        return self._host.submit(self._measuring(probe), Ticket(listener))

    def _measuring(self, probe: "Session") -> Job:
        if not self._closed:
            n = yield from probe.measuring()
            yield Statistics(Timings(), n, probe.model.info.n_ctx)
        yield Done()
        return None

    def edit(self, index: int, text: str) -> None:
        """Change a message and drop what followed it; regenerate() then answers anew."""
        self._need_idle()
        self._session.edit(index, text)

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
        self._session.model = model

    def _reply(self, listener: Listener | None, job: Job | None = None) -> Ticket:
        self._session.replying = True
        self._ticket = Ticket(self._means.listening(self.model_id, listener))
        return self._host.submit(self._answering(job or self._session.reply()), self._ticket)

    def _answering(self, job: Job) -> Job:
        """The reply, behind the opening of a model that was unloaded."""
        models = self._means.models
        try:
            yield from models.awake(self.model_id)
        except BaseException as error:
            job.close()
            self._session.replying = False
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
