"""One conversation: its messages, the tokens the cache still holds, and replies as generators.

Nothing is ever cut silently: a conversation that does not fit is a ContextFullError with figures.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from engine.base.errors import CancelledError, UsageError, bounded
from engine.base.events import Channel, Event, Finished, Notice, TextDelta, Timings, TokenLogprob
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams
from engine.generate import Generation, Piece, check_letters
from engine.model import Model
from engine.tape import Tape
from engine.text.router import make_router
from engine.text.tool_calls import names_of, parse_calls

if TYPE_CHECKING:
    from engine.sampling.chain import Choice
    from engine.text.router import Router

STATISTICS_EVERY = 0.25  # seconds
TAIL = 200  # characters of the prompt that can tell whether it opened a thinking block


class Session:
    """Messages and settings may be changed between replies; the cache follows by itself."""

    def __init__(self, model: Model, system: str = "", messages: Sequence[Message] = ()) -> None:
        self.model = model
        self.system = system
        self.messages = list(messages)
        self.sampling: SamplingParams = model.info.default_sampling
        self.generation = GenerationParams()
        self.tools: list[dict[str, Any]] | None = None
        self.replying = False  # set by whoever queues a reply, cleared before its last event
        self._tape: Tape | None = None  # memory for the cache is taken with the first reply

    def prompt(self) -> Generator[None, None, tuple[list[int], str]]:
        """The conversation so far as tokens, and as the text the model will go on from.

        In steps, as the template is rendered elsewhere. A text that cannot fit is not encoded.
        """
        turns = [_as_turn(m) for m in self.messages]
        if self.system:
            turns.insert(0, {"role": "system", "content": self.system})
        prompt = yield from self.model.template.rendering(
            turns, tools=self.tools, enable_thinking=self.generation.enable_thinking
        )
        check_letters(self.model.tokenizer, prompt.text, self.model.info.n_ctx)
        return self.model.tokenizer.encode_prompt(prompt), prompt.text

    def reply(self) -> Generator[Event | None, None, Message]:
        """Answer the conversation as it stands; the answer is kept before Finished is told.

        Stopped by a CancelledError at any yield, it keeps the text so far.
        """
        writer = _Writer(self.model.token_text)
        generation: Generation | None = None
        try:
            yield None
            ids, text = yield from self._next_prompt()
            if self._tape is None:
                self._tape = Tape(self.model.backend)
            generation = Generation(self.model, self._tape, self.sampling, self.generation)
            writer.router = make_router(self.model.template.text, text[-TAIL:])
            yield from generation.read(ids)
            yield from self._stream(generation, writer)
        except CancelledError:
            pass
        except BaseException:  # also a panic, and a reply that is dropped
            self._keep(writer)
            raise
        yield from writer.rest(generation)
        answer = writer.message()
        self.messages.append(answer)
        if answer.tool_calls:
            yield Notice(
                f"The model wants to call a tool ({bounded(names_of(answer.tool_calls))}); this "
                "version runs none."
            )
        self.replying = False
        yield self._finished(generation, answer)
        return answer

    def _next_prompt(self) -> Generator[None, None, tuple[list[int], str]]:
        if not self.messages or self.messages[-1].role == "assistant":
            raise UsageError("there is nothing to answer: the last message is not the user's")
        return (yield from self.prompt())

    def _stream(
        self, generation: Generation, writer: "_Writer"
    ) -> Generator[Event | None, None, None]:
        """The reply's text as it comes; every token is a step, also one that shows no text yet."""
        due = perf_counter() + STATISTICS_EVERY
        for piece in generation.write():
            deltas = () if piece is None else tuple(writer.deltas(piece))
            yield from deltas or (None,)
            if perf_counter() >= due:
                due = perf_counter() + STATISTICS_EVERY
                yield generation.statistics

    def _keep(self, writer: "_Writer") -> None:
        """After a failure: what was written stays."""
        if writer.wrote:
            self.messages.append(writer.message())
        self.replying = False

    def _finished(self, generation: Generation | None, answer: Message) -> Finished:
        if generation is None:
            return Finished("cancelled", Timings(), "")
        s = generation.statistics
        return Finished(
            reason=generation.reason,
            timings=s.timings,
            text=answer.content,
            thinking=answer.thinking,
            tool_calls=answer.tool_calls,
            context_used=s.context_used,
            context_size=s.context_size,
        )

    def drop_answer(self) -> None:
        """Forget the answers after the last message that was not the model's."""
        while self.messages and self.messages[-1].role == "assistant":
            self.messages.pop()

    def edit(self, index: int, text: str) -> None:
        """Change a message and drop what followed it."""
        if not 0 <= index < len(self.messages):
            raise UsageError(f"message {index} does not exist; there are {len(self.messages)}")
        self.messages[index:] = [replace(self.messages[index], content=text)]

    def close(self) -> None:
        """Give the cache back; the messages stay."""
        if self._tape is not None:
            self._tape.close()
            self._tape = None


class _Writer:
    """Turns pieces into deltas, and remembers what went where."""

    def __init__(self, text_of: Callable[[int], str]) -> None:
        self.router: Router | None = None
        self._text_of = text_of
        self._parts: dict[Channel, list[str]] = {"answer": [], "thinking": [], "tool": []}
        self._choices: list[Choice] = []  # tokens whose text the router holds back

    @property
    def wrote(self) -> bool:
        return any(self._parts.values())

    def deltas(self, piece: Piece) -> Iterator[TextDelta]:
        assert self.router is not None
        self._choices.extend(piece.choices)
        yield from self._told(self.router.push(piece.text))

    def rest(self, generation: Generation | None) -> Iterator[TextDelta]:
        """Held back until it was clear that nothing follows."""
        if self.router is None or generation is None:
            return
        piece = generation.flush()
        if piece is not None:
            yield from self.deltas(piece)
        yield from self._told(self.router.flush())

    def _told(self, routed: list[tuple[Channel, str]]) -> Iterator[TextDelta]:
        for channel, text in routed:
            self._parts[channel].append(text)
            choices, self._choices = self._choices, []
            yield self._delta(channel, text, choices)

    def _delta(self, channel: Channel, text: str, choices: "list[Choice]") -> TextDelta:
        tokens = tuple(c.token for c in choices)
        if not any(c.top for c in choices):
            return TextDelta(channel, text, tokens)
        chosen = tuple(self._named(c.token, c.logprob) for c in choices)
        top = tuple(tuple(self._named(*other) for other in c.top) for c in choices)
        return TextDelta(channel, text, tokens, chosen, top)

    def _named(self, token: int, logprob: float) -> TokenLogprob:
        return TokenLogprob(token, self._text_of(token), logprob)

    def message(self) -> Message:
        answer, thinking, calls = ("".join(parts) for parts in self._parts.values())
        return Message("assistant", answer, thinking, parse_calls(calls))


def _as_turn(message: Message) -> dict[str, Any]:
    """A message with the names that chat templates expect."""
    turn: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.thinking:
        turn["reasoning_content"] = message.thinking
    if message.tool_calls:
        turn["tool_calls"] = list(message.tool_calls)
    return turn
