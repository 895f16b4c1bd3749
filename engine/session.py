"""One conversation: its messages, the tokens the cache still holds, and replies as generators.

Nothing is ever cut silently: a conversation that does not fit is a ContextFullError with figures,
or, where the caller wants it rolling, goes on without its oldest exchanges and says so.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

from engine.base.attachments import with_attachments
from engine.base.errors import CancelledError, ContextFullError, UsageError, bounded
from engine.base.events import Channel, Event, Finished, Notice, TextDelta, Timings, TokenLogprob
from engine.base.jobs import Together
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams
from engine.generate import Generation, Piece, check_letters
from engine.model import Model
from engine.shelf import shelf_of
from engine.tape import Tape
from engine.text.router import make_router
from engine.text.tool_calls import names_of, parse_calls

if TYPE_CHECKING:
    from engine.sampling.chain import Choice
    from engine.text.prompt import Prompt
    from engine.text.router import Router

Rendering = Generator[None, None, tuple[list[int], str]]
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
        self.left_out = 0  # messages that the latest prompt began without
        self._tape: Tape | None = None  # memory for the cache is taken with the first reply

    def prompt(self, left_out: int = 0) -> Rendering:
        """The conversation so far as tokens, and as the text the model will go on from; without
        its first `left_out` messages. A last message of the model's own is taken as complete.

        In steps, as the template is rendered elsewhere. A text that cannot fit is not encoded.
        """
        prompt = yield from self.model.template.rendering(
            self._turns(left_out),
            tools=self.tools,
            enable_thinking=self.generation.enable_thinking,
        )
        return self._encoded(prompt)

    def _open_prompt(self, left_out: int = 0) -> Rendering:
        """The same, but the last message is the model's own and goes on."""
        prompt = yield from self.model.template.rendering_open(
            self._turns(left_out), enable_thinking=self.generation.enable_thinking
        )
        return self._encoded(prompt)

    def _encoded(self, prompt: "Prompt") -> tuple[list[int], str]:
        check_letters(self.model.tokenizer, prompt.text, self.model.info.n_ctx)
        return self.model.tokenizer.encode_prompt(prompt), prompt.text

    def _turns(self, left_out: int) -> list[dict[str, Any]]:
        turns = [_as_turn(m) for m in self.messages[left_out:]]
        if self.system:
            turns.insert(0, {"role": "system", "content": self.system})
        return turns

    def measuring(self) -> Generator[None, None, int]:
        """How many tokens of the context the conversation takes, as it would be read now."""
        ids, _ = yield from self._fitting(self.prompt)
        return len(ids)

    def reply(self) -> Generator[Event | None, None, Message]:
        """Answer the conversation as it stands; the answer is kept before Finished is told.

        Stopped by a CancelledError at any yield, it keeps the text so far.
        """
        if not self.messages or self.messages[-1].role == "assistant":
            raise UsageError("there is nothing to answer: the last message is not the user's")
        return (yield from self._write(None))

    def continue_answer(self) -> Generator[Event | None, None, Message]:
        """Go on with the last message, an answer that was stopped or cut: the deltas are what is
        new, the message and Finished's text are the whole."""
        if not self.messages or self.messages[-1].role != "assistant":
            raise UsageError("there is nothing to go on with: the last message is no answer")
        return (yield from self._write(self.messages[-1]))

    def _write(self, begun: Message | None) -> Generator[Event | None, None, Message]:
        writer = _Writer(self.model.token_text, begun)
        generation: Generation | None = None
        try:
            yield None
            build = self.prompt if begun is None else self._open_prompt
            ids, text = yield from self._fitting(build)
            if self._tape is None:
                self._tape = shelf_of(self.model).lend(ids, lambda: self.model.promised)
            generation = Generation(self.model, self._tape, self.sampling, self.generation)
            writer.router = make_router(self.model.template.text, text[-TAIL:])
            if begun is not None:
                writer.router.go_on(thinking=not begun.content)
            yield from generation.read(ids)
            yield from self._stream(generation, writer)
        except CancelledError:
            pass
        except BaseException:  # also a panic, and a reply that is dropped
            self._keep(writer, begun)
            raise
        yield from writer.rest(generation)
        answer = writer.message()
        self._put(answer, begun)
        if answer.tool_calls:
            yield Notice(
                "The model wants to call a tool ({names_of}); this version runs none.",
                names_of=bounded(names_of(answer.tool_calls)),
            )
        yield self._finished(generation, answer)
        return answer

    def _fitting(self, build: Callable[[int], Rendering]) -> Rendering:
        """The prompt, without the oldest exchanges where it is to roll and does not fit.

        What is left out once stays out for as long as the rest fits, and the rest then takes no
        more than half of the context: so the cache serves several turns before it moves again.
        """
        begins = [i for i, m in enumerate(self.messages) if m.role == "user"][1:]
        if self.generation.when_full == "stop" or not begins:
            self.left_out = 0
            return (yield from build(0))  # one exchange alone: what is too much is refused
        size = self.model.backend.n_ctx
        for left_out in (0, self.left_out) if self.left_out in begins else (0,):
            found = yield from _within(self._most(size), build, left_out)
            if found is not None:
                self.left_out = left_out
                return found
        low, high = 0, len(begins) - 1
        while low < high:  # the first exchange from which on half of the context is enough
            middle = (low + high) // 2
            found = yield from _within(size // 2, build, begins[middle])
            low, high = (low, middle) if found is not None else (middle + 1, high)
        self.left_out = begins[low]
        return (yield from build(self.left_out))

    def _most(self, size: int) -> int:
        """Tokens that a prompt may have, so that there is room for an answer."""
        room, limit = size // 4, self.generation.max_tokens
        return size - max(1, min(room, limit) if limit >= 0 else room)

    def _stream(
        self, generation: Generation, writer: "_Writer"
    ) -> Generator[Event | None, None, None]:
        """The reply's text as it comes; every token is a step, also one that shows no text yet."""
        due = perf_counter() + STATISTICS_EVERY
        for piece in generation.write():
            if isinstance(piece, Together):
                yield piece
                continue
            deltas = () if piece is None else tuple(writer.deltas(piece))
            yield from deltas or (None,)
            if perf_counter() >= due:
                due = perf_counter() + STATISTICS_EVERY
                yield generation.statistics

    def _keep(self, writer: "_Writer", begun: Message | None) -> None:
        """After a failure: what was written stays."""
        if writer.wrote:
            self._put(writer.message(), begun)

    def _put(self, answer: Message, begun: Message | None) -> None:
        if begun is not None:
            self.messages.pop()
        self.messages.append(answer)

    def _finished(self, generation: Generation | None, answer: Message) -> Finished:
        if generation is None:
            return Finished("cancelled", Timings(), answer.content, answer.thinking)
        s = generation.statistics
        return Finished(
            reason=generation.reason,
            timings=s.timings,
            text=answer.content,
            thinking=answer.thinking,
            tool_calls=answer.tool_calls,
            context_used=s.context_used,
            context_size=s.context_size,
            left_out=self.left_out,
        )

    def close(self) -> None:
        """Give the cache back; the messages stay. Who goes on with them may find it again."""
        if self._tape is not None:
            shelf_of(self.model).put_back(self._tape)
            self._tape = None


def _within(
    most: int, build: Callable[[int], Rendering], left_out: int
) -> Generator[None, None, tuple[list[int], str] | None]:
    """The prompt without these messages, if it has no more tokens than that."""
    try:
        found = yield from build(left_out)
    except ContextFullError:
        return None
    return found if len(found[0]) <= most else None


class _Writer:
    """Turns pieces into deltas, and remembers what went where."""

    def __init__(self, text_of: Callable[[int], str], begun: Message | None = None) -> None:
        self.router: Router | None = None
        self._text_of = text_of
        self._parts: dict[Channel, list[str]] = {"answer": [], "thinking": [], "tool": []}
        if begun is not None:
            self._parts["answer"].append(begun.content.rstrip())
            self._parts["thinking"].append(begun.thinking.rstrip())
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
    content = with_attachments(message.content, message.attachments)
    turn: dict[str, Any] = {"role": message.role, "content": content}
    if message.thinking:
        turn["reasoning_content"] = message.thinking
    if message.tool_calls:
        turn["tool_calls"] = list(message.tool_calls)
    return turn
