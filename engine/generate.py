"""One reply in the making: read the prompt in chunks, write token by token, know when to stop.

Knows nothing of widgets, HTTP, threads or chat templates; a caller may stop it at any yield.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from engine.base.errors import UsageError
from engine.base.events import PromptProgress, Statistics, StopReason, Timings
from engine.base.settings import GenerationParams, SamplingParams
from engine.tape import Logits, Tape, check_room
from engine.text.detokenizer import Detokenizer
from engine.text.stops import StopFinder

if TYPE_CHECKING:
    from engine.model import Model
    from engine.sampling.chain import Choice


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that became certain with a token; `choices` are the tokens it was made of."""

    text: str
    choices: tuple["Choice", ...]


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
        self.reason: StopReason = "cancelled"
        self._detokenizer = Detokenizer(model.tokenizer)
        self._stops = StopFinder(params.stop)
        self._held: list[Choice] = []
        self._logits: Logits | None = None
        self._prompt_n = self._reused = 0
        self._began = self._read = self._wrote = perf_counter()

    def read(self, prompt: Sequence[int]) -> Generator[PromptProgress, None, None]:
        """Read the prompt, yielding after each chunk; what the tape already holds costs nothing."""
        if not prompt:
            raise UsageError("the prompt is empty and this model has no begin token")
        check_room(self.tape, len(prompt))
        prompt = list(prompt)
        self._began = perf_counter()
        self._reused = done = self.tape.rewind(prompt)
        for token in prompt:
            self.sampler.accept(token)
        while done < len(prompt):
            yield PromptProgress(done, len(prompt), self._reused)
            chunk = prompt[done : done + self.chunk]
            done += len(chunk)
            rows = self.tape.run(chunk, "last" if done == len(prompt) else "none")
            self._prompt_n += len(chunk)
            self._read = self._wrote = perf_counter()
        # A copy: another conversation may run before the first token is drawn from these.
        self._logits = rows[0].copy()
        yield PromptProgress(done, done, self._reused)

    def write(self) -> Generator[Piece | None, None, None]:
        """Write until a rule ends the reply; yields once per token, None while text is held."""
        limit = self.params.max_tokens
        while True:
            if 0 <= limit <= len(self.ids):
                return self._end("length")
            if self._logits is None:
                if self.tape.room <= 0:
                    return self._end("context")
                self._logits = self.tape.run(self.ids[-1:], "last")[0]
            choice = self.sampler.sample(self._logits)
            self._logits = None
            if choice.token in self.end_ids and not self.params.ignore_eos:
                return self._end("eos")
            self.sampler.accept(choice.token)
            self.ids.append(choice.token)
            self._held.append(choice)
            self._wrote = perf_counter()
            text, stopped = self._stops.push(self._detokenizer.push(choice.token))
            if stopped:
                self._end("stop")
                yield self._piece(text)
                return None
            yield self._piece(text) if text else None

    def flush(self) -> Piece | None:
        """What was held back and turned out to be no stop string, once nothing follows."""
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

    @property
    def timings(self) -> Timings:
        """What it has cost so far."""
        return Timings(
            prompt_n=self._prompt_n,
            prompt_s=self._read - self._began,
            predicted_n=len(self.ids),
            predicted_s=self._wrote - self._read,
            cached_n=self._reused,
        )

    @property
    def statistics(self) -> Statistics:
        return Statistics(self.timings, len(self.tape), self.tape.backend.n_ctx)
