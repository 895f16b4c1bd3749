"""What goes into each product, summed by the cpu backend and by the reference."""

import numpy as np
import pytest
from helpers.expert_models import write_tiny_experts
from helpers.graph_models import VOCAB, Draft, weights_of
from helpers.loaded import make_backend
from helpers.rounding import RoundedReference
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph
from engine.compute.backends import BatchEntry, Squares
from engine.weights.formats.gguf import open_gguf
from engine.weights.types import TensorType

# A column's sum differs from the reference's by the order of float sums (ORDER of the mean of its
# matrix) and by the activations that were rounded in the layers before. How much those change a
# sum is different for each column (large values carry large errors) and for each processor (8, 12
# or 16 bits), so it is derived: helpers/rounding.py runs the reference DRAWS times with errors of
# that size. Their variance, or that of all columns together where the draws of one happen to be
# small, is what is expected; of a thousand sums none is off by more than SIGMAS, and all together
# are off by no more than one and a half.
ORDER, DRAWS, SIGMAS = 1e-4, 16, 6


def squares_of(path, name, passes, **options):
    squares, file = Squares(), open_gguf(path)
    _, graph = build_graph(file)
    backend = make_backend(
        name, graph, file, n_ctx=128, max_batch=64, cache_type="f32", squares=squares, **options
    )
    return summed(backend, squares, passes)


def summed(backend, squares, passes):
    sequence, random = backend.new_sequence(), np.random.default_rng(1)
    for n, logits in passes:
        backend.run([BatchEntry(sequence, random.integers(3, 300, n).astype(np.int32), logits)])
    backend.close()
    return {weight: (sums, tokens) for weight, sums, tokens in squares}


def expected(path, passes, truth):
    """For each matrix what rounding changes in the sum of each column: one standard deviation."""
    variances = {weight: 0.0 for weight in truth}
    for seed in range(DRAWS):
        squares = Squares()
        backend = RoundedReference(open_gguf(path), n_ctx=128, squares=squares)
        backend.draw(seed)
        for weight, (sums, _) in summed(backend, squares, passes).items():
            variances[weight] += (sums - truth[weight][0]) ** 2 / DRAWS
    return {weight: np.sqrt(np.maximum(v, v.mean())) for weight, v in variances.items()}


@pytest.mark.parametrize("name", ["F32", "BF16", "Q8_0", "Q4_0", "Q4_1"])
@pytest.mark.parametrize("architecture", ["llama", "qwen2"])
def test_both_backends_agree(tmp_path, name, architecture):
    path = write_tiny_llama(
        tmp_path / "m.gguf", type=TensorType[name], n_ff=128, architecture=architecture
    )
    passes = [(50, "none"), (1, "last"), (7, "all")]
    truth = squares_of(path, "reference", passes)
    found = squares_of(path, "cpu", passes, threads=2)
    assert found.keys() == truth.keys()
    sigmas, off = expected(path, passes, truth), []
    for weight, (sums, tokens) in truth.items():
        assert tokens == found[weight][1] == (8 if weight == "output.weight" else 58), weight
        apart = np.abs(found[weight][0] - sums)
        assert (apart < SIGMAS * sigmas[weight] + ORDER * sums.mean()).all(), weight
        off.append(np.mean((apart / (sigmas[weight] + ORDER * sums.mean())) ** 2))
    assert np.sqrt(np.mean(off)) < 1.5


def test_nothing_wanted_of_the_output_gives_no_figures_for_it(tmp_path):
    path = write_tiny_llama(tmp_path / "m.gguf")
    for backend in ("cpu", "reference"):
        assert "output.weight" not in squares_of(path, backend, [(20, "none")])


def test_collecting_does_not_change_the_logits(tmp_path):
    path = write_tiny_llama(tmp_path / "m.gguf", type=TensorType.Q8_0, n_ff=128)
    rows = []
    for squares in (None, Squares()):
        file = open_gguf(path)
        _, graph = build_graph(file)
        backend = make_backend("cpu", graph, file, n_ctx=64, squares=squares)
        ids = np.arange(5, 40, dtype=np.int32)
        rows.append(backend.run([BatchEntry(backend.new_sequence(), ids, "all")]).copy())
        backend.close()
    assert np.array_equal(*rows)


def in_graph(graph, path, n=21):
    """What both backends sum up while a pass of `n` tokens goes through a graph of floats."""
    found = []
    ids = np.random.default_rng(2).integers(0, VOCAB, n).astype(np.int32)
    with weights_of(graph, path) as file:
        for name, options in (("reference", {}), ("cpu", {"threads": 2})):
            squares = Squares()
            asked = {"n_ctx": 64, "max_batch": 64, "cache_type": "f32", "squares": squares}
            backend = make_backend(name, graph, file, **asked, **options)
            backend.run([BatchEntry(backend.new_sequence(), ids, "all")])
            backend.close()
            found.append({weight: (sums, rows) for weight, sums, rows in squares})
    return found


def agree(truth, found):
    assert found.keys() == truth.keys()
    for weight, (sums, rows) in truth.items():
        assert np.array_equal(found[weight][1], rows), weight
        np.testing.assert_allclose(found[weight][0], sums, rtol=0, atol=ORDER * sums.mean())


def test_each_expert_has_figures_of_the_rows_that_went_to_it(tmp_path):
    """Rows that only fill up are zeros where they begin, but no longer behind a bias."""
    d = Draft(48)
    route = d.graph.route(d.linear(d.x, "router", 9), 2)
    rows = d.graph.dispatch(d.x, route)
    up = d.graph.expert_linear(rows, route, "up", 32, "up.bias")
    up = d.graph.activate(d.graph.linear(up, "shared", 32), "silu")
    down = d.graph.expert_linear(up, route, "down", 48)
    graph = d.logits(d.graph.combine(down, route))
    truth, found = in_graph(graph, tmp_path / "m.gguf", n=5)
    agree(truth, found)
    assert truth["up"][0].shape == (9, 48)
    assert truth["down"][0].shape == (9, 32)
    counts = truth["up"][1]
    assert counts.sum() == truth["shared"][1].sum() == 2 * 5
    assert (counts == 0).any(), "some experts are without a token"
    assert not truth["down"][0][counts == 0].any()
    assert truth["down"][0][counts > 0].all()


def test_matrices_of_heads_and_of_a_stack_have_columns_of_their_own(tmp_path):
    d = Draft(64)
    x = d.graph.head_linear(d.x, "heads", 4, 16)
    x = d.graph.add(d.graph.linear(x, "stack", 64, part=0, parts=2), d.x)
    x = d.graph.linear(x, "stack", 64, part=1, parts=2)
    truth, found = in_graph(d.logits(x), tmp_path / "m.gguf")
    agree(truth, found)
    assert truth["heads"][0].shape == (1, 64)  # of four heads side by side; one count, as llama.cpp
    assert truth["stack"][0].shape == (2, 64)
    assert not np.allclose(*truth["stack"][0])
    assert [*truth["stack"][1]] == [21, 21]


def test_a_tensor_of_experts_in_a_model(tmp_path):
    path = write_tiny_experts(tmp_path / "m.gguf", n=8, used=2)
    passes = [(50, "none"), (1, "last")]
    truth, found = squares_of(path, "reference", passes), squares_of(path, "cpu", passes, threads=2)
    agree(truth, found)
    assert found["blk.0.ffn_down_exps.weight"][1].sum() == 2 * 51
