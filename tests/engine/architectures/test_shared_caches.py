"""Gemma 3n and 4: layers that share caches, inputs for each layer, and files that make no sense."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.loaded import make_backend
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import TEXT, Arrays, weights_of, write_folder, write_safetensors

from engine.architectures import build_graph
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.backends import BatchEntry
from engine.compute.backends.cpu_fusions import check_graph
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.backends.foretell import looked_up_bytes
from engine.compute.graph import Append, Attention, Linear, Sparse, select_early
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.workshop.convert import convert, inspect_source

TABLE = "per_layer_token_embd.weight"


def converted(tmp_path: Path, name: str, more: Arrays | None = None, **changes: Any) -> GGUFFile:
    folder = write_folder(tmp_path / "hf", name, **changes)
    if more:
        write_safetensors(folder / "model.safetensors", weights_of(name) | more)
    drive(convert(folder, tmp_path / "m.gguf", overwrite=True))
    return open_gguf(tmp_path / "m.gguf")


def of_shared_layers(*layers: int) -> Arrays:
    """What checkpoints have of such layers, though nobody reads it."""
    at = "model.layers.{}.self_attn."
    found: Arrays = {}
    for i in layers:
        found[at.format(i) + "k_proj.weight"] = np.ones((32, 32), np.float32)
        found[at.format(i) + "v_proj.weight"] = np.ones((32, 32), np.float32)
        found[at.format(i) + "k_norm.weight"] = np.ones(16, np.float32)
    return found


def test_a_layer_reads_the_latest_cache_of_its_kind(tmp_path: Path) -> None:
    _, graph = build_graph(converted(tmp_path, "gemma4"))
    assert [op.state.index for op in graph.attentions] == [0, 1, 2, 1, 1, 2]
    assert sum(isinstance(op, Append) for op in graph.ops) == 3


@pytest.mark.parametrize("name", ["gemma4", "gemma3n"])
def test_layers_that_share_are_for_the_wanted_tokens_alone(name: str, tmp_path: Path) -> None:
    """What leads to their queries, too, and all that stands behind them."""
    own, file = 3, converted(tmp_path, name)
    graph = build_graph(file)[1]
    early = select_early(graph)
    few, _ = check_graph(early)
    whole = [op.weight for i, op in enumerate(early.ops) if isinstance(op, Linear) and i not in few]
    layers = {int(weight.split(".")[1]) for weight in whole if weight.startswith("blk.")}
    assert layers == set(range(own))
    assert [i in few for i, op in enumerate(early.ops) if isinstance(op, Attention)] == [
        *([False] * own),
        *([True] * (len(early.attentions) - own)),
    ]
    assert len(early.attentions) > own
    asked = {"n_ctx": 64, "max_batch": 64, "cache_type": "f32"}
    cpu, ids = make_backend("cpu", graph, file, **asked), np.array(TEXT, np.int32)
    whole = cpu.run([BatchEntry(cpu.new_sequence(), ids, "all")]).copy()
    sequence = cpu.new_sequence()
    cpu.run([BatchEntry(sequence, ids[:30], "none")])
    last = cpu.run([BatchEntry(sequence, ids[30:], "last")])
    assert np.array_equal(last[0], whole[-1])
    cpu.close()


def test_the_table_of_inputs_stays_in_the_file(tmp_path: Path) -> None:
    """Looked up as the embedding is; the embedding is a product's matrix, too."""
    file = converted(tmp_path, "gemma4")
    _, graph = build_graph(file)
    packed = PackedWeights(graph, file.tensors, "m")
    assert TABLE not in packed.matrices | dict.fromkeys(packed._vector_names)
    assert looked_up_bytes(graph, file.tensors) == file.tensors[TABLE].nbytes


def test_tokens_beyond_the_table_have_the_input_of_the_first(tmp_path: Path) -> None:
    table = weights_of("gemma3n")["model.embed_tokens_per_layer.weight"]
    found = converted(tmp_path, "gemma3n").rows(TABLE)[:].view(np.float32)
    assert (len(table), len(found)) == (290, 300)
    np.testing.assert_array_equal(found[:290], table)
    np.testing.assert_array_equal(found[290:], np.tile(table[:1], (10, 1)))


def test_matrices_of_layers_that_share(tmp_path: Path) -> None:
    """Gemma 4 leaves them out; of Gemma 3n other programs want them, whatever they hold."""
    found = converted(tmp_path / "a", "gemma3n", of_shared_layers(3, 4, 5))
    assert "blk.5.attn_v.weight" in found.tensors
    build_graph(found)
    folder = write_folder(tmp_path / "b", "gemma4")
    more = of_shared_layers(3, 4)
    write_safetensors(folder / "model.safetensors", weights_of("gemma4") | more)
    told = [each for each in inspect_source(folder).notices if "earlier ones" in each]
    assert len(told) == 1


def test_only_sparse_layers_cut_their_gates(tmp_path: Path) -> None:
    _, graph = build_graph(converted(tmp_path, "gemma3n"))
    cuts = [op.above for op in graph.ops if isinstance(op, Sparse)]
    np.testing.assert_allclose(cuts, [0.0, 0.8416212, 1.2815516], atol=1e-6)


@pytest.mark.parametrize("name", ["gemma3n", "gemma4"])
@pytest.mark.parametrize("shared", [5, 6])
def test_a_layer_that_shares_needs_an_earlier_one_of_its_kind(
    name: str, shared: int, tmp_path: Path
) -> None:
    file = converted(tmp_path, name)
    file.metadata[f"{name}.attention.shared_kv_layers"] = shared
    with pytest.raises(FormatError, match="shares a cache"):
        build_graph(file)


@pytest.mark.parametrize("width", [0, None])
def test_gemma_3n_needs_inputs_for_its_layers(width: int | None, tmp_path: Path) -> None:
    file = converted(tmp_path, "gemma3n")
    key = "gemma3n.embedding_length_per_layer_input"
    del file.metadata[key]
    if width is not None:
        file.metadata[key] = width
    with pytest.raises(FormatError, match=key):
        build_graph(file)


@pytest.mark.parametrize(
    "figures",
    [np.zeros(5, np.float32), np.full(6, np.nan, np.float32), np.full(6, np.inf, np.float32)],
)
def test_cutoffs_are_one_figure_for_each_layer(figures: Any, tmp_path: Path) -> None:
    file = converted(tmp_path, "gemma3n")
    file.metadata["gemma3n.activation_sparsity_scale"] = figures
    with pytest.raises(FormatError, match="has not one figure for each of 6 layers"):
        build_graph(file)


@pytest.mark.parametrize(
    "layers",
    [
        {"2": {"head_dim": 32}},
        {"2": {"head_dim": 32}, "5": {"head_dim": 64}},
        {"2": {"head_dim": 32}, "5": {"head_dim": 32}, "0": {"head_dim": 32}},
        {"2": {"sliding_window": 3}, "5": {"sliding_window": 3}},
    ],
)
def test_layers_with_settings_of_their_own_are_refused(layers: Any, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "gemma4", per_layer_config=layers)
    with pytest.raises(UnsupportedError, match="per_layer_config"):
        inspect_source(folder)
    same = {"02": {"head_dim": 32}, "5": {"head_dim": 32}}
    (folder / "config.json").write_text(
        json.dumps(json.loads((folder / "config.json").read_text()) | {"per_layer_config": same})
    )
    assert inspect_source(folder).architecture == "gemma4"
