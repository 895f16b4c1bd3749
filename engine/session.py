"""One conversation: its messages, the tokens the cache still holds, and replies as generators.

Nothing is ever cut silently: a conversation that does not fit is a ContextFullError with figures,
or, where the caller wants it so, goes on without some of its exchanges and says which.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from engine.base.attachments import with_attachments
from engine.base.errors import CancelledError, UsageError, bounded
from engine.base.events import (
    Channel,
    Event,
    Finished,
    Notice,
    PromptShown,
    Shares,
    TextDelta,
    Timings,
    TokenLogprob,
)
from engine.base.jobs import Together
from engine.base.looks import AnswerPlace, TokenLook
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams
from engine.context import Counted, Cut, Rendering, fitting, prompt_pieces, room_of
from engine.generate import Generation, Piece, check_letters
from engine.microscope import Kept, Written, looking
from engine.model import Model
from engine.shelf import shelf_of
from engine.tape import Tape
from engine.text.router import make_router
from engine.text.tool_calls import names_of, parse_calls
from engine.thinking import ThinkingLimit

if TYPE_CHECKING:
    from engine.sampling.chain import Choice
    from engine.text.prompt import Prompt
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
        self.cut = Cut()  # messages that the latest prompt was without
        self.counted = Counted(model.tokenizer)
        self._shares = Shares()
        self.kept = Kept()  # of replies, for looks at their tokens
        self._tape: Tape | None = None  # memory for the cache is taken with the first reply

    def prompt(self, cut: Cut = Cut()) -> Rendering:  # noqa: B008 (frozen)
        """The conversation so far as tokens, and as the text the model will go on from; without
        the messages that are cut. A last message of the model's own is taken as complete.

        In steps, as the template is rendered elsewhere. A text that cannot fit is not encoded.
        """
        prompt = yield from self.model.template.rendering(
            self._turns(cut),
            tools=self.tools,
            enable_thinking=self.generation.thinks,
            thinking_tokens=self.generation.thinking_tokens,
        )
        return self._encoded(prompt)

    def _open_prompt(self, cut: Cut = Cut()) -> Rendering:  # noqa: B008 (frozen)
        """The same, but the last message is the model's own and goes on."""
        prompt = yield from self.model.template.rendering_open(
            self._turns(cut),
            tools=self.tools,
            enable_thinking=self.generation.thinks,
            thinking_tokens=self.generation.thinking_tokens,
        )
        return self._encoded(prompt)

    def _encoded(self, prompt: "Prompt") -> tuple[list[int], str]:
        check_letters(self.model.tokenizer, prompt.text, self.model.info.n_ctx)
        return self.model.tokenizer.encode_prompt(prompt), prompt.text

    def _turns(self, cut: Cut = Cut()) -> list[dict[str, Any]]:  # noqa: B008 (frozen)
        turns = [_as_turn(m) for m in cut.of(self.messages)]
        if self.system:
            turns.insert(0, {"role": "system", "content": self.system})
        return turns

    def measuring(self) -> Generator[None, None, Shares]:
        """What the conversation takes of the context, as it would be read now."""
        ids, _ = yield from self._fitting(self.prompt)
        return (yield from self._weighing(len(ids)))

    def showing(self) -> Generator[None, None, PromptShown]:
        """The prompt as it would be read now, from the real template."""
        ids, _ = yield from self._fitting(self.prompt)
        pieces = yield from prompt_pieces(self.model.tokenizer, ids)
        size, cut = self.model.backend.n_ctx, self.cut
        return PromptShown(pieces, len(ids), size, cut.left_out, cut.kept)

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
            self._shares = yield from self._weighing(len(ids))
            if self._tape is None:
                self._tape = shelf_of(self.model).lend(ids, lambda: self.model.promised)
            generation = Generation(self.model, self._tape, self.sampling, self.generation)
            writer.router = make_router(self.model.template.text, text[-TAIL:])
            if begun is not None:
                writer.router.go_on(thinking=not begun.content)
            yield from generation.read(ids)
            limit = ThinkingLimit(self.model.tokenizer, writer.router, generation, begun)
            yield from self._stream(generation, writer, limit)
        except CancelledError:
            pass
        except BaseException:  # also a panic, and a reply that is dropped
            self._keep(writer, begun)
            raise
        yield from writer.rest(generation)
        answer = writer.message()
        self._put(answer, begun)
        if generation is not None:
            self.kept.note(self.messages, ids, generation)
        if answer.tool_calls:
            yield Notice(
                "The model wants to call a tool ({names_of}); this version runs none.",
                names_of=bounded(names_of(answer.tool_calls)),
            )
        yield self._finished(generation, answer)
        return answer

    def _fitting(self, build: Callable[[Cut], Rendering]) -> Rendering:
        """The prompt, without some of the exchanges where it does not fit and that is wanted."""
        begins = [i for i, m in enumerate(self.messages) if m.role == "user"][1:]
        found, self.cut = yield from fitting(
            build,
            begins,
            self.generation.when_full,
            room_of(self.model.backend.n_ctx, self.generation.max_tokens),
            self.cut,
            self._counting_first(begins[0] if begins else 0),
        )
        return found

    def _counting_first(self, n: int) -> Generator[None, None, int]:
        """Tokens of the system prompt and the first messages."""
        turns = self._turns()[: n + bool(self.system)]
        return (yield from self.counted.counting(turn["content"] for turn in turns))

    def _weighing(self, used: int) -> Generator[None, None, Shares]:
        read = self.cut.of(self.messages)
        return (yield from self.counted.shares(self.system, read, used))

    def _shares_now(self, used: int) -> Shares:
        return replace(self._shares, answer=max(0, used - replace(self._shares, answer=0).used))

    def _stream(
        self, generation: Generation, writer: "_Writer", limit: ThinkingLimit
    ) -> Generator[Event | None, None, None]:
        """The reply's text as it comes; every token is a step, also one that shows no text yet."""
        due = perf_counter() + STATISTICS_EVERY
        for piece in generation.write():
            if isinstance(piece, Together):
                yield piece
                continue
            deltas = () if piece is None else tuple(writer.deltas(piece))
            limit.look(whole=piece is not None)
            yield from deltas or (None,)
            if perf_counter() >= due:
                due = perf_counter() + STATISTICS_EVERY
                now = generation.statistics
                yield replace(now, shares=self._shares_now(now.context_used))

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
            left_out=self.cut.left_out,
            kept=self.cut.kept,
            shares=self._shares_now(s.context_used),
        )

    def looking(self, kept: Kept, place: AnswerPlace) -> Generator[Event | None, None, TokenLook]:
        """What else could have stood at a place of the last message, an answer; `kept` knows how
        it was written, where that was not long ago."""
        if not self.messages or self.messages[-1].role != "assistant":
            raise UsageError("there is nothing to look at: the last message is no answer")
        written, answer = kept.of(self.messages), self.messages[-1]
        exact = written is not None
        if written is None:
            ids, _ = yield from self._fitting(self._open_prompt)
            written = Written(ids, self.sampling, self.generation)
        look = looking(
            self.model, written, answer.content, place, lambda: self.model.promised, exact=exact
        )
        return (yield from look)

    def go_on_with(self, model: Model) -> None:
        """The model is open again."""
        self.model, self.counted = model, Counted(model.tokenizer)

    def close(self) -> None:
        """Give the cache back; the messages stay. Who goes on with them may find it again."""
        if self._tape is not None:
            shelf_of(self.model).put_back(self._tape)
            self._tape = None


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
