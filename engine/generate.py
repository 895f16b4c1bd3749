"""One reply in the making: read the prompt in chunks, write token by token, know when to stop.

Knows nothing of widgets, HTTP, threads or chat templates; a caller may stop it at any yield.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from engine.base.errors import ContextFullError, UsageError
from engine.base.events import PromptProgress, Statistics, StopReason, Timings
from engine.base.settings import GenerationParams, SamplingParams
from engine.compute.backends import Part
from engine.text.detokenizer import Detokenizer
from engine.text.stops import StopFinder

if TYPE_CHECKING:
    from engine.compute.backends import Backend
    from engine.model import Model
    from engine.sampling import Choice

Logits = npt.NDArray[np.float32]


class Tape:
    """A sequence of the backend together with the tokens it has read, so prefixes can be reused."""

    def __init__(self, backend: "Backend") -> None:
        self.backend = backend
        self.sequence = backend.new_sequence()
        self.tokens: list[int] = []

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def room(self) -> int:
        return self.backend.n_ctx - len(self.tokens)

    def run(self, tokens: Sequence[int], logits: Literal["none", "last", "all"]) -> Logits:
        """Read tokens; returns logits for none, the last or all of them."""
        part = Part(self.sequence, np.asarray(tokens, np.int32), logits)
        result = self.backend.run([part])
        self.tokens.extend(tokens)
        return result

    def rewind(self, prompt: Sequence[int]) -> int:
        """Forget what does not begin `prompt`; returns how many tokens need not be read again.

        At least one token is left to read, because only reading gives logits.
        """
        shared = common_prefix(self.tokens, prompt[:-1])
        if shared < len(self.tokens):
            self.sequence.trim(shared)
            del self.tokens[shared:]
        return shared

    def close(self) -> None:
        self.sequence.close()
        self.tokens.clear()


def common_prefix(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens two lists share from the start."""
    n = min(len(a), len(b))
    if a[:n] == b[:n]:
        return n
    return next(i for i in range(n) if a[i] != b[i])


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
        self.batch = model.backend.max_batch
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
        self._check(prompt)
        prompt = list(prompt)
        self._began = perf_counter()
        self._reused = done = self.tape.rewind(prompt)
        for token in prompt:
            self.sampler.accept(token)
        while done < len(prompt):
            yield PromptProgress(done, len(prompt), self._reused)
            chunk = prompt[done : done + self.batch]
            done += len(chunk)
            rows = self.tape.run(chunk, "last" if done == len(prompt) else "none")
            self._prompt_n += len(chunk)
            self._read = self._wrote = perf_counter()
        # A copy: another conversation may run before the first token is drawn from these.
        self._logits = rows[0].copy()
        yield PromptProgress(done, done, self._reused)

    def _check(self, prompt: Sequence[int]) -> None:
        n_ctx = self.tape.backend.n_ctx
        if not prompt:
            raise UsageError(
                "the prompt is empty and this model has no begin token; write something"
            )
        if len(prompt) > n_ctx:
            raise ContextFullError(
                f"the conversation has {len(prompt)} tokens, the context holds {n_ctx}; "
                "shorten it, start a new chat, or open the model with a larger context",
                len(prompt),
                n_ctx,
            )

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
        text, stopped = self._stops.push(self._detokenizer.flush())
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
