"""The cpu backend against the reference on tiny random models: types, rope, heads, windows."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from helpers.loaded import make_backend
from helpers.open_tiny import drive
from helpers.rounding import RoundedReference
from helpers.tiny_checkpoints import CONFIGS, FAMILY_OF, write_folder
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph
from engine.base.errors import ContextFullError, FormatError, UnsupportedError, UsageError
from engine.base.settings import LoadOptions
from engine.compute.backends import BatchEntry, cpu_weights
from engine.compute.backends.cpu_weights import kinds
from engine.compute.simd.isa import isa
from engine.fit import estimate
from engine.weights.formats.gguf import open_gguf
from engine.weights.types import TensorType
from engine.workshop.convert import convert

# Largest root mean square difference of logits over their standard deviation, per weight type:
# float types differ by the order of sums, the others by activations rounded to 8 (12, 16) bits.
# These are round figures; `rounding_alone` derives one for each type and processor.
EXACT, ROUNDED, PAIRS = 1e-5, 0.02, 2e-3
BFLOAT = 0.008  # activations rounded to bfloat16, where the CPU multiplies that itself
TOLERANCE = {"F32": EXACT, "F16": EXACT, "BF16": BFLOAT if isa().bfloat else EXACT}
TYPES = [kind.name for kind in kinds()]
HALF_CACHE = 2e-3  # what keys and values rounded to float16 may add
Q8_CACHE = 0.02  # what keys and values rounded to 8 bits may add
LONG = np.linspace(1.0, 4.0, 8, dtype=np.float32)


def backend_of(path, name, **options):
    file = open_gguf(path)
    _, graph = build_graph(file)
    return make_backend(name, graph, file, **({"n_ctx": 256, "max_batch": 64} | options))


def all_logits(backend, ids):
    return backend.run([BatchEntry(backend.new_sequence(), ids, "all")]).copy()


def some_ids(n, n_vocab=300):
    return np.random.default_rng(n).integers(3, n_vocab, n).astype(np.int32)


@lru_cache(maxsize=1)
def truth_of(path, n, n_ctx):
    """What the reference gives; the same for all caches of the other backend."""
    return all_logits(backend_of(path, "reference", n_ctx=n_ctx), some_ids(n))


def difference(path, n=40, **options):
    """How far the two backends are apart on the same tokens, relative to the logits' spread."""
    ids = some_ids(n)
    truth = truth_of(path, n, options.get("n_ctx", 256))
    cpu = backend_of(path, "cpu", **({"cache_type": "f32"} | options))
    found = all_logits(cpu, ids)
    cpu.close()
    return float(np.sqrt(np.mean((found - truth) ** 2)) / truth.std())


def rounding_alone(path, n=40, draws=3):
    """What `difference` is expected to be: the root mean square of draws of rounding errors that
    go through the reference, see helpers/rounding.py."""
    ids, squares = some_ids(n), []
    rounded = RoundedReference(open_gguf(path), n_ctx=256)
    truth = all_logits(rounded, ids)
    for seed in range(draws):
        rounded.draw(seed)
        squares.append(np.mean((all_logits(rounded, ids) - truth) ** 2))
    return float(np.sqrt(np.mean(squares)) / truth.std())


@pytest.mark.parametrize("name", TYPES)
def test_every_type(tmp_path, name):
    """A quarter more than expected: the draws of a small model are not all alike."""
    path = write_tiny_llama(
        tmp_path / "m.gguf", type=TensorType[name], n_embd=256, n_ff=512, n_head=4
    )
    found, expected = difference(path), rounding_alone(path)
    assert found < min(TOLERANCE.get(name, ROUNDED), 1.25 * expected + EXACT)


@pytest.mark.parametrize(("n_embd", "n_ff"), [(256, 512), (48, 80)])
def test_bf16_in_pairs(tmp_path, monkeypatch, n_embd, n_ff):
    """As processors with a dot product of bfloat16 have them, whatever this one can do."""
    pairs = kinds(bfloat=True)
    monkeypatch.setattr(cpu_weights, "kinds", lambda: pairs)
    shape = {"n_embd": n_embd, "n_ff": n_ff, "n_head": 4}
    path = write_tiny_llama(tmp_path / "m.gguf", type=TensorType.BF16, **shape)
    assert EXACT < difference(path) < BFLOAT


ROPES = {
    "plain": {},
    "base": {"freq_base": 500000.0},
    "partial": {"dimension_count": 8},
    "linear": {"scaling.type": "linear", "scaling.factor": 4.0},
    "yarn": {
        "scaling.type": "yarn",
        "scaling.factor": 4.0,
        "scaling.original_context_length": 64,
    },
    "yarn-attn": {
        "scaling.type": "yarn",
        "scaling.factor": 8.0,
        "scaling.original_context_length": 32,
        "scaling.attn_factor": 0.7,
    },
}


@pytest.mark.parametrize("architecture", ["llama", "qwen2"])
@pytest.mark.parametrize("rope", ROPES)
def test_every_rope(tmp_path, rope, architecture):
    path = write_tiny_llama(tmp_path / "m.gguf", rope=ROPES[rope], architecture=architecture)
    assert difference(path) < EXACT


@pytest.mark.parametrize("n_ctx", [64, 256])
def test_factor_tensors_of_llama3_and_long_rope(tmp_path, n_ctx):
    llama3 = write_tiny_llama(tmp_path / "a.gguf", extra_tensors={"rope_freqs.weight": LONG})
    assert difference(llama3, n_ctx=n_ctx) < EXACT
    factors = {"rope_factors_short.weight": LONG / 2, "rope_factors_long.weight": LONG}
    scaled = {"scaling.type": "longrope", "scaling.original_context_length": 128}
    long = write_tiny_llama(tmp_path / "b.gguf", rope=scaled, extra_tensors=factors)
    ids = some_ids(30)
    truth = all_logits(backend_of(long, "reference", n_ctx=n_ctx), ids)
    assert np.allclose(all_logits(backend_of(long, "cpu", n_ctx=n_ctx), ids), truth, atol=0.02)


def test_long_and_short_factors_differ(tmp_path):
    factors = {"rope_factors_short.weight": LONG / 2, "rope_factors_long.weight": LONG}
    scaled = {"scaling.type": "longrope", "scaling.original_context_length": 128}
    path = write_tiny_llama(tmp_path / "b.gguf", rope=scaled, extra_tensors=factors)
    short, long = (all_logits(backend_of(path, "cpu", n_ctx=n), some_ids(20)) for n in (128, 129))
    assert not np.allclose(short, long, atol=0.01)


SHAPES = {
    "all heads their own": {"n_head": 4, "n_head_kv": 4},
    "one for all": {"n_head": 4, "n_head_kv": 1},
    "wide heads": {"n_head": 4, "n_head_kv": 2, "head_dim": 40},
    "narrow heads": {"n_head": 8, "n_head_kv": 4},
    "per layer": {"n_head": [4, 2], "n_head_kv": [2, 1], "head_dim": 16},
    "a layer without attention": {"n_head": [4, 0], "n_head_kv": [2, 0], "head_dim": 16},
    "tied": {"tied": True},
    "biases": {"biases": True},
    "odd widths": {"n_embd": 72, "n_ff": 100, "n_head": 6, "n_head_kv": 3},
    "window": {"extra_metadata": {"llama.attention.sliding_window": 9}},
    "window by pattern": {
        "n_layer": 4,
        "extra_metadata": {
            "llama.attention.sliding_window": 7,
            "llama.attention.sliding_window_pattern": 2,
        },
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape(tmp_path, shape):
    path = write_tiny_llama(tmp_path / "m.gguf", **SHAPES[shape])
    assert difference(path) < EXACT
    assert difference(path, cache_type="f16") < HALF_CACHE
    assert difference(path, cache_type="q8_0") < Q8_CACHE


def checkpoints():
    """Another processor's kernels are tried with the first one of each family."""
    found = set()
    for name in CONFIGS:
        is_first = FAMILY_OF[name] not in found
        found.add(FAMILY_OF[name])
        yield name if is_first else pytest.param(name, marks=pytest.mark.anywhere)


@pytest.mark.parametrize("name", checkpoints())
def test_every_family(tmp_path, name):
    """All checkpoints of tests/families/*.json, converted."""
    path = tmp_path / "m.gguf"
    drive(convert(write_folder(tmp_path / "hf", name), path))
    assert difference(path, n_ctx=64) < EXACT
    assert difference(path, n_ctx=64, cache_type="f16") < HALF_CACHE
    assert difference(path, n_ctx=64, cache_type="q8_0") < Q8_CACHE


def test_a_window_changes_the_result(tmp_path):
    plain = write_tiny_llama(tmp_path / "a.gguf")
    window = {"extra_metadata": {"llama.attention.sliding_window": 9}}
    narrow = write_tiny_llama(tmp_path / "b.gguf", **window)
    ids = some_ids(30)
    a, b = (all_logits(backend_of(p, "cpu"), ids) for p in (plain, narrow))
    assert np.allclose(a[:9], b[:9], atol=1e-5)
    assert not np.allclose(a[20:], b[20:], atol=1e-3)


def test_long_context_with_tiles_of_positions(tmp_path):
    path = write_tiny_llama(tmp_path / "m.gguf")
    assert difference(path, n=200, max_batch=256) < EXACT
    assert difference(path, n=200, max_batch=256, cache_type="f16") < HALF_CACHE
    assert difference(path, n=200, max_batch=256, cache_type="q8_0") < Q8_CACHE


@pytest.mark.parametrize("cache", ["f16", "q8_0"])
@pytest.mark.parametrize("name", ["F32", "Q8_0", "Q4_0"])
def test_the_cut_of_a_prompt_and_the_threads_do_not_change_a_bit(tmp_path, name, cache):
    path = write_tiny_llama(tmp_path / "m.gguf", type=TensorType[name], n_head=2)
    ids, results = some_ids(60), []
    for threads, cuts in ((1, [60]), (2, [60]), (3, [1, 2, 30, 27]), (2, [59, 1])):
        backend = backend_of(path, "cpu", threads=threads, cache_type=cache)
        sequence, rows, at = backend.new_sequence(), [], 0
        for cut in cuts:
            rows.append(backend.run([BatchEntry(sequence, ids[at : at + cut], "all")]).copy())
            at += cut
        results.append(np.concatenate(rows))
        backend.close()
    assert all(np.array_equal(results[0], other) for other in results[1:])


def test_two_sequences_share_a_pass_and_do_not_mix(tmp_path):
    path = write_tiny_llama(tmp_path / "m.gguf")
    backend = backend_of(path, "cpu", threads=2)
    first, second = some_ids(20), some_ids(33)
    alone = [all_logits(backend, ids) for ids in (first, second)]
    a, b = backend.new_sequence(), backend.new_sequence()
    backend.run([BatchEntry(a, first[:7], "none"), BatchEntry(b, second[:20], "none")])
    rows = backend.run([BatchEntry(b, second[20:], "last"), BatchEntry(a, first[7:], "all")])
    assert np.array_equal(rows[0], alone[1][-1])
    assert np.array_equal(rows[1:], alone[0][7:])
    backend.close()


@pytest.mark.parametrize("cache", ["f32", "f16", "q8_0"])
def test_trim_and_copy(tmp_path, cache):
    path = write_tiny_llama(tmp_path / "m.gguf", head_dim=48)
    backend = backend_of(path, "cpu", cache_type=cache)
    ids = some_ids(50)
    whole = all_logits(backend, ids)
    first, second = backend.new_sequence(), backend.new_sequence()
    backend.run([BatchEntry(first, np.concatenate([ids[:21], ids[:15]]), "none")])
    first.back_to(21)
    second.copy_from(first, 20)
    assert (first.length, second.length) == (21, 20)
    assert np.array_equal(backend.run([BatchEntry(first, ids[21:], "all")]), whole[21:])
    assert np.array_equal(backend.run([BatchEntry(second, ids[20:], "all")]), whole[20:])
    for sequence in (first, second):
        sequence.close()
    backend.close()


def test_clear_errors(tmp_path):
    path = write_tiny_llama(tmp_path / "m.gguf")
    backend = backend_of(path, "cpu", n_ctx=16)
    sequence = backend.new_sequence()
    with pytest.raises(ContextFullError, match="20 tokens do not fit into a context of 16"):
        backend.run([BatchEntry(sequence, some_ids(20), "last")])
    with pytest.raises(UsageError, match="outside the vocabulary"):
        backend.run([BatchEntry(sequence, np.array([100000], np.int32), "last")])
    with pytest.raises(UsageError, match="1 to 64 tokens"):
        backend.run([BatchEntry(sequence, np.zeros(0, np.int32), "last")])
    assert sequence.length == 0
    backend.close()
    with pytest.raises(UsageError, match="unknown backend 'gpu'"):
        backend_of(path, "gpu")
    with pytest.raises(UsageError, match="unknown cache type"):
        backend_of(path, "cpu", cache_type="q3")


def test_a_missing_tensor_is_named(tmp_path):
    path = write_tiny_llama(tmp_path / "m.gguf")
    file = open_gguf(path)
    _, graph = build_graph(file)
    file.tensors.pop("blk.1.ffn_up.weight")
    with pytest.raises(FormatError, match=r"blk\.1\.ffn_up\.weight is missing"):
        make_backend("cpu", graph, file, n_ctx=32)


def test_a_type_that_cannot_be_run_is_named(tmp_path):
    path = write_tiny_llama(tmp_path / "m.gguf")
    file, name = open_gguf(path), "blk.0.ffn_up.weight"
    _, graph = build_graph(file)
    file.tensors[name] = replace(file.tensors[name], type=TensorType.I8)
    with pytest.raises(UnsupportedError, match=r"blk\.0\.ffn_up\.weight is of type I8"):
        make_backend("cpu", graph, file, n_ctx=32)


@pytest.mark.parametrize("name", ["Q3_K", "NVFP4", "IQ4_NL"])
def test_what_fit_foretells_is_what_the_weights_take(tmp_path, name):
    path = write_tiny_llama(tmp_path / "m.gguf", type=TensorType[name], n_embd=256, n_ff=256)
    file = open_gguf(path)
    _, graph = build_graph(file)
    foretold = estimate(file, graph, 64, LoadOptions()).weights
    foretold -= file.tensors["token_embd.weight"].nbytes  # stays in the file
    backend = make_backend("cpu", graph, file, n_ctx=64)
    assert backend.memory()["weights"] == foretold
    backend.close()


def test_pieces_in_which_weights_are_packed_do_not_matter(tmp_path, monkeypatch):
    path = write_tiny_llama(tmp_path / "m.gguf", type=TensorType.Q4_0, n_embd=256, n_ff=512)
    ids = some_ids(150)
    whole = all_logits(backend_of(path, "cpu", max_batch=150), ids)
    monkeypatch.setattr("engine.compute.backends.cpu_packing.PIECE", 1)
    monkeypatch.setattr("engine.compute.backends.cpu_packing.LEAST", 1)
    pieces = all_logits(backend_of(path, "cpu", max_batch=150), ids)
    np.testing.assert_array_equal(pieces, whole)
