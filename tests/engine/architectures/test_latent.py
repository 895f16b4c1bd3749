"""Latent attention: files of both forms, what is kept of a token, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.data import ROOT
from helpers.loaded import make_backend
from helpers.open_tiny import REFERENCE, drive, said
from helpers.rewritten import logits_of, read_floats, write_floats
from helpers.tiny_checkpoints import CONFIGS, golden_logits, write_folder
from numpy.typing import NDArray

from engine.architectures import build_graph
from engine.base.errors import ChaskiError
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.compute.backends import BatchEntry
from engine.compute.backends.foretell import foretell_cpu
from engine.compute.cache import CacheLayout
from engine.compute.graph import Grows
from engine.compute.kernels.jit import set_cache_folder
from engine.generate import Generation
from engine.model import Model, open_model
from engine.speculate import Speculator
from engine.tape import Tape
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert

NAME = "deepseek2"
HEADS, RANK, TURNING, NOPE, VALUE = 4, 24, 8, 16, 12


def converted(folder: Path, name: str) -> Path:
    out = folder / f"{name}.gguf"
    drive(convert(write_folder(folder / "hf", name), out))
    return out


def rewritten(path: Path, out: Path, *, old: bool = False, **keys: Any) -> Path:
    """The same file with other keys (None: without); `old`: as files were made before there were
    matrices for attention in the latent's space."""
    metadata, arrays = read_floats(path)
    if old:
        keys |= {
            "attention.head_count_kv": HEADS,
            "attention.key_length": NOPE + TURNING,
            "attention.value_length": VALUE,
            "attention.key_length_mla": None,
            "attention.value_length_mla": None,
        }
        for name in [name for name in arrays if "attn_k_b" in name]:
            k, v = arrays.pop(name), arrays.pop(name.replace("attn_k_b", "attn_v_b"))
            both = np.concatenate([k.swapaxes(1, 2), v], axis=1)
            arrays[name.replace("attn_k_b", "attn_kv_b")] = both.reshape(-1, RANK)
    own = {f"{NAME}.{key}": value for key, value in keys.items()}
    return write_floats(out, metadata | own, arrays)


@pytest.mark.parametrize("backend", ["reference", "cpu"])
@pytest.mark.parametrize("name", ["deepseek2_lite", "deepseek3"])
def test_files_of_the_older_form(name: str, backend: str, tmp_path: Path) -> None:
    old = rewritten(converted(tmp_path, name), tmp_path / "old.gguf", old=True)
    golden = golden_logits(name)
    np.testing.assert_allclose(logits_of(old, backend), golden, rtol=0, atol=1e-4)


def test_only_the_latent_is_kept(tmp_path: Path) -> None:
    path = converted(tmp_path, "deepseek2_lite")
    _, new = build_graph(open_gguf(path))
    _, old = build_graph(open_gguf(rewritten(path, tmp_path / "old.gguf", old=True)))
    assert {*new.states.values()} == {Grows(1, TURNING + RANK, RANK, within=True)}
    assert {*old.states.values()} == {Grows(HEADS, TURNING + NOPE, VALUE)}


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"attention.temperature_scale": 0.1}, "attention.temperature_scale"),
        ({"rope.scaling.type": "linear"}, "rope.scaling.type"),
        ({"attention.kv_lora_rank": 20}, "attention.kv_lora_rank"),
        ({"attention.key_length_mla": TURNING}, "attention.key_length_mla"),
        ({"expert_gating_func": 9}, "expert_gating_func"),
        ({"attention.kv_lora_rank": None}, "attention.kv_lora_rank"),
    ],
)
def test_what_is_refused(keys: dict[str, Any], words: str, tmp_path: Path) -> None:
    path = rewritten(converted(tmp_path, "deepseek2_lite"), tmp_path / "odd.gguf", **keys)
    with pytest.raises(ChaskiError) as told:
        build_graph(open_gguf(path))
    assert f"{NAME}.{words}" in str(told.value)


@pytest.mark.parametrize("name", [name for name in CONFIGS if name.startswith("deepseek2_")])
def test_the_magnitudes_of_yarn_stand_in_the_keys(name: str, tmp_path: Path) -> None:
    """Rope and scores are scaled as transformers has it, in the keys that llama.cpp reads."""
    rope = CONFIGS[name]["rope_scaling"]
    keys = open_gguf(converted(tmp_path, name)).metadata
    log = np.log(rope["factor"])
    all_dim = 1 + 0.1 * rope.get("mscale_all_dim", 0.0) * log
    turned = (1 + 0.1 * rope.get("mscale", 1.0) * log) / all_dim
    given = keys.get(f"{NAME}.rope.scaling.attn_factor", 1.0)
    multiplier = keys[f"{NAME}.rope.scaling.yarn_log_multiplier"]
    assert given == pytest.approx(turned)
    assert given * (1 + multiplier * log) == pytest.approx(all_dim)


# --- a conversation --------------------------------------------------------------------------
@pytest.fixture(params=["cpu", "reference"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Model]:
    options = replace(REFERENCE, batch=16)
    if request.param == "cpu":
        set_cache_folder(ROOT / ".pytest_cache" / "kernels")
        options = LoadOptions(backend="cpu", threads=2, batch=16, cache_type="f32")
    made = drive(open_model(converted(tmp_path, "deepseek3"), options, "latent"))
    assert isinstance(made, Model)
    yield made
    made.close()


def written(model: Model, tape: Tape, prompt: list[int], *, speculate: bool = False) -> list[int]:
    params = GenerationParams(max_tokens=24, ignore_eos=True, speculate=speculate)
    one = Generation(model, tape, SamplingParams(temperature=0.0), params)
    list(said(one.read(prompt)))
    list(said(one.write()))
    one.flush()
    return one.ids


def test_edited_and_branched(model: Model) -> None:
    """A tape that goes back says what one says that reads everything anew."""
    tape, begin = Tape(model.backend), [3 + i % 40 for i in range(40)]
    for prompt in (begin, begin[:30], [*begin[:20], 7, 9], begin):
        assert written(model, tape, prompt) == written(model, Tape(model.backend), prompt)
    assert len(tape) > len(begin)


@pytest.mark.parametrize("right", [0, 3, 6])
def test_guesses_change_nothing(model: Model, monkeypatch: pytest.MonkeyPatch, right: int) -> None:
    prompt = [3 + i % 40 for i in range(40)]
    truth = written(model, Tape(model.backend), prompt)

    def draft(self: Speculator, most: int) -> list[int]:
        at = len(self.index.tokens) - len(prompt)
        found = truth[at : at + max(0, min(most if self._seconds[0] else 0, 6))]
        return [t if i < right else (t + 1) % 290 for i, t in enumerate(found)]

    monkeypatch.setattr(Speculator, "draft", draft)
    assert written(model, Tape(model.backend), prompt, speculate=True) == truth


@pytest.mark.parametrize(("cache_type", "number"), [("f32", 4), ("f16", 2), ("q8_0", 1 + 4 / 32)])
def test_a_published_shape_takes_what_its_formula_says(cache_type: str, number: float) -> None:
    """GLM 4.7 Flash: 47 layers, a latent of 512 numbers and 64 that turn, each kept once."""
    states = {i: Grows(1, 512 + 64, 512, within=True) for i in range(47)}
    layout = CacheLayout(states, 32768, cache_type)
    assert layout.capacity == 47 * 32768 * (512 + 64) * number
    assert layout.filled(100) == 47 * 100 * (512 + 64) * number
    apart = CacheLayout({i: replace(s, within=False) for i, s in states.items()}, 32768, cache_type)
    assert apart.capacity == layout.capacity * (576 + 512) / 576
    assert layout.size - layout.capacity == apart.size - apart.capacity


@pytest.mark.parametrize("cache_type", ["f32", "f16", "q8_0"])
def test_how_a_text_is_cut_and_who_is_read_beside_it(cache_type: str, tmp_path: Path) -> None:
    """To the bit: in one pass, token by token, in pieces, beside others, after going back, and in
    a copy; over more than a tile of positions."""
    file = open_gguf(converted(tmp_path, "deepseek3"))
    _, graph = build_graph(file)
    asked: dict[str, Any] = {"n_ctx": 128, "max_batch": 128, "threads": 2}
    made = make_backend("cpu", graph, file, cache_type=cache_type, **asked)
    ids = np.random.default_rng(2).integers(3, 290, 90).astype(np.int32)

    def read(sequence: Any, part: NDArray[np.int32], cut: int) -> NDArray[np.float32]:
        pieces = [part[at : at + cut] for at in range(0, len(part), cut)]
        return np.concatenate(
            [made.run([BatchEntry(sequence, piece, "all")]).copy() for piece in pieces]
        )

    truth = read(made.new_sequence(), ids, 90)
    for cut in (1, 7, 64):
        assert np.array_equal(read(made.new_sequence(), ids, cut), truth)
    one, two = made.new_sequence(), made.new_sequence()
    both = made.run([BatchEntry(one, ids[:80], "all"), BatchEntry(two, ids[:33], "all")]).copy()
    assert np.array_equal(both, np.concatenate([truth[:80], truth[:33]]))
    each = made.run([BatchEntry(one, ids[80:], "all"), BatchEntry(two, ids[33:], "all")]).copy()
    assert np.array_equal(each, np.concatenate([truth[80:], truth[33:]]))
    copy = made.new_sequence()
    assert copy.copy_from(one, 70) == 70
    one.back_to(20)
    read(one, ids[::-1], 70)  # other tokens lie there now
    assert np.array_equal(read(copy, ids[70:], 20), truth[70:])
    one.back_to(20)
    assert np.array_equal(read(one, ids[20:], 3), truth[20:])
    exact = make_backend("reference", graph, file, n_ctx=128)
    slow = exact.run([BatchEntry(exact.new_sequence(), ids, "all")])
    bound = {"f32": 1e-4, "f16": 2e-3, "q8_0": 0.03}[cache_type]
    assert np.sqrt(np.mean((truth - slow) ** 2)) / slow.std() < bound
    made.close()


def test_what_it_keeps_was_foretold(tmp_path: Path) -> None:
    file = open_gguf(converted(tmp_path, "deepseek3"))
    _, graph = build_graph(file)
    options = LoadOptions(backend="cpu", threads=2, batch=16, cache_type="f16")
    told = foretell_cpu(graph, file.tensors, 64, options, "m")
    made = make_backend("cpu", graph, file, n_ctx=64, max_batch=16, cache_type="f16", threads=2)
    sequence = made.new_sequence()
    for _ in range(4):
        made.run([BatchEntry(sequence, np.arange(16, dtype=np.int32), "last")])
    # Of a position what turns and, in whole vectors, the latent as float16, in each of two layers.
    assert told.cache == sequence.held == 64 * 2 * 2 * (TURNING + 32)
    looked_up = file.tensors["token_embd.weight"].nbytes  # read where it lies
    assert told.weights == made.memory()["weights"] + looked_up
    made.close()
