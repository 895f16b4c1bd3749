"""One reply in the making: read the prompt in chunks, write token by token, know when to stop.

Tokens that the text suggests are read ahead in one pass and kept as far as the sampler chooses the
same: a reply is the same with and without. A model whose states have a fixed size goes back to
marks alone: they are set where a conversation is likely to go on differently, and what was right
of a guess that failed is read once more, together with what comes next. What is to be read is
yielded (`Wanted`), so that several replies can share a pass; a driver that does nothing about it
gets the same reply. Knows nothing of widgets, HTTP, threads or chat templates; a caller may stop it
at any yield.
"""

from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from time import perf_counter
from typing import TYPE_CHECKING

from engine.base.errors import ContextFullError, UsageError
from engine.base.events import PromptProgress, Statistics, StopReason, Timings
from engine.base.settings import GenerationParams, SamplingParams
from engine.batch import FEW, Wanted
from engine.sampling.chain import Choice
from engine.speculate import Speculator
from engine.tape import Logits, Tape, check_room, common_prefix
from engine.text.detokenizer import Detokenizer, StopFinder

if TYPE_CHECKING:
    from engine.model import Model
    from engine.sampling.state import Memory
    from engine.sampling.tracing import Traced
    from engine.text.tokenizer import Tokenizer


TAIL = 4  # tokens of a prompt behind its last mark: as many as a pass reads at the price of one


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that became certain with a token; `choices` are the tokens it was made of."""

    text: str
    choices: tuple["Choice", ...]


def check_letters(tokenizer: "Tokenizer", text: str, n_ctx: int) -> None:
    """Refuse a text that cannot fit, before the work of cutting it into tokens."""
    least = tokenizer.least_tokens(text)
    if least > n_ctx:
        raise ContextFullError(
            "the prompt has {n_text:,} letters, which are {n_prompt:,} tokens or more, but the "
            "context holds {n_ctx}; shorten it, start a new chat, or open the model with a larger "
            "context",
            least,
            n_ctx,
            n_text=len(text),
        )


class Generation:
    """Reads one prompt, then writes until a rule ends it; `reason` says which one did."""

    def __init__(
        self,
        model: "Model",
        tape: Tape,
        sampling: SamplingParams,
        params: GenerationParams = GenerationParams(),  # noqa: B008 (frozen)
    ) -> None:
        self.tape = tape
        self.params = params
        self.end_ids = model.tokenizer.end_ids
        if params.ignore_eos:
            never = tuple((token, -float("inf")) for token in sorted(self.end_ids))
            sampling = replace(sampling, logit_bias=sampling.logit_bias + never)
        self.sampler = model.make_sampler(sampling)
        self.chunk = model.chunk
        self.ids: list[int] = []
        self.memories: list[Memory | None] = []  # what the sampler knew when it chose each
        self.reason: StopReason = "cancelled"
        self._detokenizer = Detokenizer(model.tokenizer)
        self._stops = StopFinder(params.stop)
        self._held: list[Choice] = []
        self._logits: Logits | None = None
        self._ahead: deque[Choice] = deque()  # chosen already, not written yet
        self._again: list[int] = []  # of the text, but not (or no longer) on the tape
        self.look_at = -1  # so many tokens are written before the caller may `write_these`
        self._speculator: Speculator | None = None
        self._odd = False  # the next pass reads more than guesses ask for
        self._company = 0  # replies that shared the last pass
        self._shared_n = 0
        self._prompt_n = self._reused = 0
        self._began = self._read = self._wrote = perf_counter()

    def read(self, prompt: Sequence[int]) -> Generator[PromptProgress | Wanted, None, None]:
        """Read the prompt, yielding after each chunk; what the tape already holds costs nothing."""
        if not prompt:
            raise UsageError("the prompt is empty and this model has no begin token")
        check_room(self.tape, len(prompt))
        prompt, n = list(prompt), len(prompt)
        self._began = perf_counter()
        known = common_prefix(self.tape.tokens, prompt[:-1])
        self._reused = done = self.tape.rewind(prompt)
        again = known - done
        for token in prompt:
            self.sampler.accept(token)
        if self.params.speculate:
            self._speculator = Speculator(prompt)
        while done < n:
            yield PromptProgress(done, n, self._reused, again)
            chunk = prompt[done : self._next_stop(done, n)]
            done += len(chunk)
            rows, _ = yield from self.tape.run_together(chunk, "last" if done == n else "none")
            if done < n:
                self.tape.mark()
            self._prompt_n += len(chunk)
            self._read = self._wrote = perf_counter()
        # A copy: another conversation may run before the first token is drawn from these.
        self._logits = rows[0].copy()
        yield PromptProgress(done, done, self._reused, again)

    def trace(self, n: int, also: Sequence[int], memory: "Memory | None") -> "list[Traced]":
        """What the sampler would choose among right behind the prompt; nothing is chosen."""
        assert self._logits is not None
        return self.sampler.trace(self._logits, n, also, memory)

    def _next_stop(self, done: int, n: int) -> int:
        """Where the next chunk of a prompt ends: where a mark is due, at the latest."""
        end = min(done + self.chunk, n)
        due = (*self.tape.borders, n - TAIL) if self.tape.needs_marks else ()
        return min((at for at in due if done < at < end), default=end)

    def write(self) -> Generator[Piece | Wanted | None, None, None]:
        """Write until a rule ends the reply; yields once per token, None while text is held."""
        limit = self.params.max_tokens
        while True:
            if 0 <= limit <= len(self.ids):
                return self._end("length")
            if not self._ahead and not (yield from self._choose()):
                return self._end("context")
            choice = self._ahead.popleft()
            if self._ends(choice.token):
                return self._end("eos")
            self.ids.append(choice.token)
            self.memories.append(choice.memory)
            self._held.append(choice)
            self._wrote = perf_counter()
            text, stopped = self._stops.push(self._detokenizer.push(choice.token))
            if stopped:
                self._end("stop")
                yield self._piece(text)
                return None
            yield self._piece(text) if text else None

    def _choose(self) -> Generator[Wanted, None, bool]:
        """Choose the next token, or several where guesses come true; False: no room to read on."""
        if self._logits is not None:
            rows, self._logits = self._logits[None], None
            self._take(rows, [])
            return True
        if self.tape.room <= len(self._again):
            return False
        again, drafted = self._again, self._draft()
        ids = [*again, self.ids[-1], *drafted]
        rows, wanted = yield from self.tape.run_together(ids, "all" if drafted else "last")
        self._again = []
        right = self._take(rows[-1 - len(drafted) :], drafted)
        self._unread(len(drafted) - right)
        self._company = wanted.shared
        self._shared_n += (1 + right) * bool(wanted.shared)
        if self._speculator is not None:
            seconds = None if wanted.shared or self._odd else wanted.seconds
            self._odd = False
            self._speculator.passed(len(drafted), right, seconds, len(again))
        return True

    def write_these(self, tokens: Sequence[int]) -> None:
        """What is written next is not for the model to choose. Only where nothing was chosen ahead:
        at the beginning, or with `look_at` tokens."""
        assert not self._ahead
        # The tape is without the last token of the text, but has the whole prompt.
        last = self.ids[-1:] if self._logits is None else []
        self._again += [*last, *tokens[:-1]]
        self._logits, self._odd = None, True
        for token in tokens:
            self._ahead.append(Choice(token, 0.0))  # certain
            self.sampler.accept(token)
            if self._speculator is not None:
                self._speculator.accept(token)

    def _draft(self) -> list[int]:
        """Tokens worth reading ahead; never beyond the context, the limit or one pass."""
        if self._speculator is None or len(self._again) >= TAIL:
            return []
        # What a pass reads at the price of one token is for all that share it.
        fair = FEW // (1 + self._company) if self._company else self.tape.backend.max_batch
        most = min(self.tape.room, self.tape.backend.max_batch, fair) - 1 - len(self._again)
        if self.params.max_tokens >= 0:
            most = min(most, self.params.max_tokens - len(self.ids) - 1)
        if self.look_at >= 0:
            most = min(most, max(0, self.look_at - len(self.ids) - 1))
        return self._speculator.draft(most)

    def _take(self, rows: Logits, drafted: list[int]) -> int:
        """Choose row by row for as long as the choice is the guess; returns how many guesses were.

        All at once: the rows may be overwritten while the pieces are told.
        """
        right = 0
        for row, guess in zip_longest(rows, drafted):
            choice = self.sampler.sample(row)
            self._ahead.append(choice)
            if self._ends(choice.token):
                break
            self.sampler.accept(choice.token)
            if self._speculator is not None:
                self._speculator.accept(choice.token)
            if choice.token != guess:
                break
            right += 1
        return right

    def _ends(self, token: int) -> bool:
        return token in self.end_ids and not self.params.ignore_eos

    def flush(self) -> Piece | None:
        """What was held back and turned out to be no stop string, once nothing follows."""
        self._drop_ahead()
        self.tape.mark()
        if self.reason == "stop":
            return None
        # A reply that was cut short may end within a character: half of one is never shown.
        broken = self._detokenizer.flush() if self.reason == "eos" else ""
        text, stopped = self._stops.push(broken)
        if not stopped:
            text += self._stops.flush()
        return self._piece(text) if text or self._held else None

    def _piece(self, text: str) -> Piece:
        piece = Piece(text, tuple(self._held))
        self._held.clear()
        return piece

    def _end(self, reason: StopReason) -> None:
        self.reason = reason
        self._drop_ahead()

    def _drop_ahead(self) -> None:
        """The reply ends here: what was chosen ahead is not part of it, nor of the tape."""
        self._unread(len(self._ahead))
        self._ahead.clear()

    def _unread(self, n: int) -> None:
        """Forget the last n tokens, which came with the last pass. What the tape must forget with
        them is to be read again."""
        of_these = min(n, len(self._again))
        self._again = self._again[: len(self._again) - of_these]
        wanted = max(0, len(self.tape) - (n - of_these))
        kept = self.tape.tokens[:wanted]
        self._again = kept[self.tape.back_to(wanted) :] + self._again

    @property
    def timings(self) -> Timings:
        """What it has cost so far."""
        return Timings(
            prompt_n=self._prompt_n,
            prompt_s=self._read - self._began,
            predicted_n=len(self.ids),
            predicted_s=self._wrote - self._read,
            cached_n=self._reused,
            draft_n=self._speculator.drafted if self._speculator else 0,
            accepted_n=self._speculator.accepted if self._speculator else 0,
            shared_n=self._shared_n,
        )

    @property
    def statistics(self) -> Statistics:
        used = len(self.tape) + len(self._again) - len(self._ahead)
        return Statistics(self.timings, used, self.tape.backend.n_ctx)
