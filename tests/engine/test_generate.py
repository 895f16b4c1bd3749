"""Prefill in chunks, decode, the rules that end a reply, and prefixes that are not read twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from helpers.open_tiny import open_tiny, said

from engine.base.errors import ContextFullError, UsageError
from engine.base.settings import GenerationParams, SamplingParams
from engine.generate import Generation
from engine.model import Model
from engine.tape import Tape, common_prefix, reading

GREEDY = SamplingParams(temperature=0.0)
PROMPT = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    model = open_tiny(tmp_path_factory.mktemp("model"), n_ctx=64)
    yield model
    model.close()


def written(model: Model, tape: Tape, prompt: list[int], params: GenerationParams) -> Generation:
    generation = Generation(model, tape, GREEDY, params)
    list(generation.read(prompt))
    list(generation.write())
    return generation


def test_prefill_goes_in_chunks_of_the_batch(model: Model) -> None:
    generation = Generation(model, Tape(model.backend), GREEDY)
    progress = list(said(generation.read(PROMPT)))
    assert [(p.done, p.total, p.reused) for p in progress] == [(0, 11, 0), (8, 11, 0), (11, 11, 0)]
    assert generation.timings.prompt_n == 11


def test_greedy_tokens_are_the_likeliest_of_the_logits(model: Model) -> None:
    params = GenerationParams(max_tokens=6, ignore_eos=True)
    generation = written(model, Tape(model.backend), PROMPT, params)
    assert (len(generation.ids), generation.reason) == (6, "length")
    fed = PROMPT + generation.ids
    rows = np.concatenate([rows.copy() for _, rows in reading(Tape(model.backend), fed)])
    rows[:, sorted(model.tokenizer.end_ids)] = -np.inf
    assert generation.ids == rows[len(PROMPT) - 1 : -1].argmax(axis=1).tolist()


def test_a_shared_prefix_is_not_read_again_and_changes_nothing(model: Model) -> None:
    params = GenerationParams(max_tokens=4, ignore_eos=True)
    tape = Tape(model.backend)
    first = written(model, tape, PROMPT, params)
    again = written(model, tape, PROMPT, params)
    assert again.ids == first.ids
    assert (again.timings.cached_n, again.timings.prompt_n) == (10, 1)
    edited = [*PROMPT[:5], 7, 8, 9]
    fresh = written(model, Tape(model.backend), edited, params)
    reused = written(model, tape, edited, params)
    assert reused.ids == fresh.ids
    assert reused.timings.cached_n == 5


def test_a_full_context_ends_the_reply_and_says_so(model: Model) -> None:
    params = GenerationParams(ignore_eos=True)
    generation = written(model, Tape(model.backend), PROMPT, params)
    assert generation.reason == "context"
    # The last token need not be read any more.
    assert len(generation.ids) == 64 - len(PROMPT) + 1


def test_a_prompt_that_does_not_fit_is_refused_with_figures(model: Model) -> None:
    generation = Generation(model, Tape(model.backend), GREEDY)
    with pytest.raises(ContextFullError, match="65 tokens.*64") as caught:
        list(generation.read([1] * 65))
    assert (caught.value.n_prompt, caught.value.n_ctx) == (65, 64)


def test_an_empty_prompt_is_refused(model: Model) -> None:
    with pytest.raises(UsageError, match="empty"):
        list(Generation(model, Tape(model.backend), GREEDY).read([]))


def test_no_tokens_wanted_gives_none(model: Model) -> None:
    generation = written(model, Tape(model.backend), PROMPT, GenerationParams(max_tokens=0))
    assert (generation.ids, generation.reason) == ([], "length")


def test_an_end_token_ends_the_reply(model: Model) -> None:
    generation = Generation(
        model,
        Tape(model.backend),
        SamplingParams(temperature=0.0, logit_bias=((model.tokenizer.eos_id or 0, 1e6),)),
    )
    list(said(generation.read(PROMPT)))
    assert list(said(generation.write())) == []
    assert (generation.reason, generation.ids) == ("eos", [])


def text_of(generation: Generation) -> str:
    pieces = [p for p in said(generation.write()) if p is not None]
    last = generation.flush()
    return "".join(p.text for p in [*pieces, *([last] if last else [])])


def test_stop_strings_end_the_reply_and_are_not_shown(model: Model) -> None:
    params = GenerationParams(max_tokens=20, ignore_eos=True)
    plain = Generation(model, Tape(model.backend), GREEDY, params)
    list(plain.read(PROMPT))
    text = text_of(plain)
    stop = text[len(text) // 2 : len(text) // 2 + 3]
    stopped = Generation(
        model,
        Tape(model.backend),
        GREEDY,
        GenerationParams(max_tokens=20, ignore_eos=True, stop=(stop,)),
    )
    list(stopped.read(PROMPT))
    assert text_of(stopped) == text[: text.find(stop)]
    assert stopped.reason == "stop"


def test_pieces_carry_every_token_and_its_logprob(model: Model) -> None:
    generation = Generation(
        model,
        Tape(model.backend),
        SamplingParams(temperature=0.0, n_probs=3),
        GenerationParams(max_tokens=12, ignore_eos=True),
    )
    list(said(generation.read(PROMPT)))
    pieces = [p for p in said(generation.write()) if p is not None]
    last = generation.flush()
    choices = [c for p in [*pieces, *([last] if last else [])] for c in p.choices]
    assert [c.token for c in choices] == generation.ids
    assert all(len(c.top) == 3 and c.logprob <= c.top[0][1] + 1e-6 for c in choices)


def test_two_replies_in_turn_do_not_mix(model: Model) -> None:
    """The backend may overwrite its logits with each pass."""
    params = GenerationParams(max_tokens=8, ignore_eos=True)
    alone = [written(model, Tape(model.backend), p, params).ids for p in (PROMPT, PROMPT[:4])]
    pair = [Generation(model, Tape(model.backend), GREEDY, params) for _ in range(2)]
    steps = []
    for generation, prompt in zip(pair, (PROMPT, PROMPT[:4]), strict=True):
        list(generation.read(prompt))
        steps.append(generation.write())
    for _ in zip(*steps, strict=True):
        pass
    assert [g.ids for g in pair] == alone


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [([], [1], 0), ([1, 2], [1, 2, 3], 2), ([1, 2, 3], [1, 5], 1), ([4], [5], 0)],
)
def test_common_prefix(a: list[int], b: list[int], shared: int) -> None:
    assert common_prefix(a, b) == shared == common_prefix(b, a)


def test_reading_gives_the_same_rows_whatever_the_chunks(tmp_path: Path) -> None:
    from helpers.open_tiny import REFERENCE

    rows = []
    for batch in (3, 64):
        options = type(REFERENCE)(backend="reference", batch=batch, threads=1)
        model = open_tiny(tmp_path, options, n_ctx=64)
        rows.append(np.concatenate([r.copy() for _, r in reading(Tape(model.backend), PROMPT)]))
        model.close()
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-5)


def test_a_reply_cut_within_a_character_shows_no_half_of_it(model: Model) -> None:
    first = next(t for t in range(model.hyper.n_vocab) if model.tokenizer.piece(t) == b"\xc3")
    generation = Generation(
        model,
        Tape(model.backend),
        SamplingParams(temperature=0.0, logit_bias=((first, 1e6),)),
        GenerationParams(max_tokens=1),
    )
    list(said(generation.read(PROMPT)))
    assert generation.ids == []
    assert text_of(generation) == ""
    assert generation.ids == [first]


def test_large_models_read_their_prompt_in_smaller_steps(model: Model) -> None:
    assert model.chunk == model.backend.max_batch
    billions = replace(model.info, parameters=8_000_000_000)
    large = replace(model, info=billions, backend=SimpleNamespace(max_batch=512))  # type: ignore[arg-type]
    assert large.chunk == 64
    assert replace(large, info=replace(billions, parameters=1_100_000_000)).chunk == 448


def test_a_pass_that_fails_leaves_the_tape_as_it_was(model: Model) -> None:
    tape = Tape(model.backend)
    tape.run(PROMPT, "none")
    with pytest.raises(ContextFullError):
        tape.run([1] * 60, "none")
    assert tape.sequence.length == len(tape) == len(PROMPT)
