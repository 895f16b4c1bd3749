"""Guessing ahead changes nothing but the time: tokens, text, cache and the reasons to end."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import pytest
from helpers.data import ROOT, shared_data
from helpers.open_tiny import REFERENCE, drive, open_tiny, said

from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.compute.kernels.jit import set_cache_folder
from engine.generate import Generation, Piece
from engine.model import Model, open_model
from engine.speculate import SIZES, Speculator
from engine.tape import Tape

GREEDY = SamplingParams(temperature=0.0)
LOOP = [5, 6, 7, 8, 9] * 6
ENDLESS = GenerationParams(max_tokens=60, ignore_eos=True)
KERNELS = ROOT / ".pytest_cache" / "kernels"
CPU = LoadOptions(backend="cpu", threads=1)

SAMPLINGS = {
    "greedy": GREEDY,
    "seed 1": SamplingParams(seed=1),
    "seed 2": SamplingParams(seed=2, temperature=0.5),
    "hot": SamplingParams(seed=3, temperature=1.5, top_k=0, top_p=1.0, min_p=0.0),
    "penalties": SamplingParams(seed=4, repeat_penalty=1.3, frequency_penalty=0.2),
    "greedy penalties": replace(GREEDY, repeat_penalty=1.2, repeat_last_n=16),
    "dry": SamplingParams(seed=5, dry_multiplier=0.8, dry_sequence_breakers=()),
    "xtc": SamplingParams(seed=6, xtc_probability=0.5, xtc_threshold=0.05),
    "mirostat 1": SamplingParams(seed=7, mirostat=1),
    "mirostat 2": SamplingParams(seed=8, mirostat=2),
    "adaptive p": SamplingParams(seed=9, adaptive_target=0.4),
    "probabilities": replace(GREEDY, n_probs=3),
}


@pytest.fixture(scope="module", params=["reference", "cpu"])
def model(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Model]:
    set_cache_folder(KERNELS)
    options = replace(REFERENCE, batch=32) if request.param == "reference" else CPU
    model = open_tiny(tmp_path_factory.mktemp("model"), options, n_ctx=256)
    yield model
    model.close()


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guess always and as far as possible, so that what is wrong is tried, too."""

    def draft(self: Speculator, most: int) -> list[int]:
        n = max(0, min(most, SIZES[-1] - 1)) if self._seconds[0] else 0
        return self.index.continuation(n) or self.index.tokens[:n]

    monkeypatch.setattr(Speculator, "draft", draft)


class Reply:
    """What a reply was, in every respect that guessing must not change."""

    def __init__(
        self,
        model: Model,
        tape: Tape,
        prompt: list[int],
        sampling: SamplingParams,
        params: GenerationParams,
        pieces: int = -1,
    ) -> None:
        g = Generation(model, tape, sampling, params)
        list(g.read(prompt))
        written: list[Piece | None] = []
        used: list[int] = []
        for piece in said(g.write()):
            written.append(piece)
            used.append(g.statistics.context_used)
            if len(written) == pieces:
                break
        written.append(g.flush())
        told = [p for p in written if p is not None]
        self.timings = g.timings
        self.seen = (
            g.ids,
            g.reason,
            "".join(p.text for p in told),
            used,
            list(tape.tokens),
            tape.sequence.length,
        )
        self.choices = [c for p in told for c in p.choices]


def both(
    model: Model, sampling: SamplingParams, params: GenerationParams, **more: Any
) -> tuple[Reply, Reply]:
    """The same reply without and with guessing."""
    return tuple(  # type: ignore[return-value]
        Reply(
            model,
            Tape(model.backend),
            more.get("prompt", LOOP),
            sampling,
            replace(params, speculate=speculate),
            more.get("pieces", -1),
        )
        for speculate in (False, True)
    )


@pytest.mark.parametrize("name", SAMPLINGS)
def test_the_same_tokens_and_cache(model: Model, name: str) -> None:
    plain, fast = both(model, SAMPLINGS[name], ENDLESS)
    assert fast.seen == plain.seen
    assert [c.token for c in fast.choices] == [c.token for c in plain.choices]
    for a, b in zip(fast.choices, plain.choices, strict=True):
        assert [t for t, _ in a.top] == [t for t, _ in b.top]
        assert [p for _, p in a.top] == pytest.approx([p for _, p in b.top], abs=1e-4)
    assert fast.timings.draft_n > 0
    assert plain.timings.draft_n == plain.timings.accepted_n == 0


def test_guesses_come_true_where_the_model_repeats_itself(model: Model) -> None:
    _, fast = both(model, GREEDY, replace(ENDLESS, max_tokens=150))
    assert fast.timings.draft_n >= fast.timings.accepted_n > 0
    assert fast.timings.predicted_n == 150


def repeating(model: Model, *tokens: int) -> SamplingParams:
    """A sampler that chooses among few tokens, so that most guesses come true."""
    return SamplingParams(seed=9, logit_bias=tuple((t, 1e4) for t in tokens))


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 7, 12, 13, 25])
def test_the_limit_cuts_within_a_run(model: Model, limit: int) -> None:
    plain, fast = both(model, repeating(model, 300), GenerationParams(max_tokens=limit))
    assert fast.seen == plain.seen
    assert len(fast.seen[0]) == limit


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 8, 11, 14])
def test_stop_strings_cut_within_a_run(model: Model, length: int) -> None:
    letters = [t for t in range(model.hyper.n_vocab) if model.tokenizer.piece(t) in (b"a", b"b")]
    params = GenerationParams(max_tokens=100, stop=("a" * length, "ab" * length))
    plain, fast = both(model, repeating(model, *letters), params)
    assert fast.seen == plain.seen


@pytest.mark.parametrize("seed", range(6))
def test_an_end_token_cuts_within_a_run(model: Model, seed: int) -> None:
    eos = model.tokenizer.eos_id
    assert eos is not None
    bias = ((300, 1e4), (eos, 1e4 - 3.0))
    sampling = SamplingParams(seed=seed, logit_bias=bias, min_p=0.0, top_k=0, top_p=1.0)
    plain, fast = both(model, sampling, GenerationParams(max_tokens=120))
    assert fast.seen == plain.seen


def test_an_end_token_in_the_draft_is_no_text_when_it_is_ignored(model: Model) -> None:
    eos = model.tokenizer.eos_id or 0
    prompt = [*LOOP, eos, *LOOP, eos, *LOOP]
    for ignore in (False, True):
        plain, fast = both(model, GREEDY, replace(ENDLESS, ignore_eos=ignore), prompt=prompt)
        assert fast.seen == plain.seen


def test_a_full_context_ends_at_the_same_token(model: Model) -> None:
    params = GenerationParams(ignore_eos=True)
    plain, fast = both(model, repeating(model, 300), params)
    assert fast.seen == plain.seen
    assert (fast.seen[1], fast.seen[5]) == ("context", model.backend.n_ctx)


@pytest.mark.parametrize("pieces", [1, 2, 5, 9])
def test_stopped_between_two_pieces(model: Model, pieces: int) -> None:
    letter = next(t for t in range(model.hyper.n_vocab) if model.tokenizer.piece(t) == b"a")
    plain, fast = both(model, repeating(model, letter), ENDLESS, pieces=pieces)
    assert fast.seen == plain.seen
    assert fast.seen[1] == "cancelled"


def test_the_cache_can_be_gone_on_from(model: Model) -> None:
    """What rejected guesses left in the cache must not be seen by the next reply."""
    tape = Tape(model.backend)
    first = Reply(model, tape, LOOP, SamplingParams(seed=1), ENDLESS)
    assert first.timings.accepted_n < first.timings.draft_n
    prompt = [*LOOP, *first.seen[0], 20, 21, 22]
    again = Reply(model, tape, prompt, GREEDY, ENDLESS)
    fresh = Reply(model, Tape(model.backend), prompt, GREEDY, replace(ENDLESS, speculate=False))
    assert again.seen == fresh.seen
    assert again.timings.cached_n >= len(prompt) - 4


def test_two_replies_in_turn_do_not_mix(model: Model) -> None:
    """The backend may overwrite its logits with each pass."""
    prompts = (LOOP, LOOP[:17])
    alone = [both(model, GREEDY, ENDLESS, prompt=p)[0].seen[0] for p in prompts]
    pair = [Generation(model, Tape(model.backend), GREEDY, ENDLESS) for _ in prompts]
    steps = []
    for generation, prompt in zip(pair, prompts, strict=True):
        list(generation.read(prompt))
        steps.append(generation.write())
    for _ in zip_longest(*steps):
        pass
    assert [g.ids for g in pair] == alone


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_a_trained_model_on_two_threads(temperature: float) -> None:
    path = shared_data("stories260K", "stories260K.gguf")
    options = LoadOptions(n_ctx=512, threads=2)
    model = drive(open_model(path, options, "stories"))
    prompt = model.tokenizer.encode("Once upon a time, there was a little girl named Lily.")
    params = replace(ENDLESS, max_tokens=200)
    plain, fast = both(
        model, SamplingParams(seed=1, temperature=temperature), params, prompt=prompt
    )
    assert fast.seen == plain.seen
    assert fast.timings.accepted_n > 10
    model.close()
