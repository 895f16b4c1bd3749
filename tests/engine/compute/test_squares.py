"""What goes into each product, summed by the cpu backend and by the reference."""

import numpy as np
import pytest
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph
from engine.compute.backends import Part, make_backend
from engine.compute.squares import Squares
from engine.weights.formats.gguf import open_gguf
from engine.weights.types import TensorType

# Largest difference of a column's sum over the mean of its matrix: float types differ by the order
# of sums, the others by activations rounded to 8 bits in the layers before.
TOLERANCE = {"F32": 1e-4, "Q8_0": 0.05}


def squares_of(path, name, passes, **options):
    squares, file = Squares(), open_gguf(path)
    _, graph = build_graph(file)
    backend = make_backend(
        name, graph, file, n_ctx=128, max_batch=64, cache_type="f32", squares=squares, **options
    )
    sequence, random = backend.new_sequence(), np.random.default_rng(1)
    for n, logits in passes:
        backend.run([Part(sequence, random.integers(3, 300, n).astype(np.int32), logits)])
    backend.close()
    return {weight: (sums, tokens) for weight, sums, tokens in squares}


@pytest.mark.parametrize("name", TOLERANCE)
@pytest.mark.parametrize("architecture", ["llama", "qwen2"])
def test_both_backends_agree(tmp_path, name, architecture):
    path = write_tiny_llama(
        tmp_path / "m.gguf", type=TensorType[name], n_ff=128, architecture=architecture
    )
    passes = [(50, "none"), (1, "last"), (7, "all")]
    truth = squares_of(path, "reference", passes)
    found = squares_of(path, "cpu", passes, threads=2)
    assert found.keys() == truth.keys()
    for weight, (sums, tokens) in truth.items():
        assert tokens == found[weight][1] == (8 if weight == "output.weight" else 58), weight
        assert np.abs(found[weight][0] - sums).max() < TOLERANCE[name] * sums.mean(), weight


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
        rows.append(backend.run([Part(backend.new_sequence(), ids, "all")]).copy())
        backend.close()
    assert np.array_equal(*rows)
