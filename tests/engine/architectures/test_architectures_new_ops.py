"""What the graphs of Gemma 2, Phi 3 and GPT-2 ask for that a llama's does not."""

from pathlib import Path

import numpy as np
import pytest
from helpers.loaded import make_backend
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder

from engine.architectures import build_graph
from engine.base.errors import ChaskiError, FormatError
from engine.compute.backends import BatchEntry
from engine.compute.graph import Graph, Slice
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.workshop.convert import convert


def converted(tmp_path: Path, name: str, **changes: object) -> GGUFFile:
    out = tmp_path / f"{name}.gguf"
    drive(convert(write_folder(tmp_path / "hf", name, **changes), out))
    return open_gguf(out)


def test_windows_come_in_turn(tmp_path: Path) -> None:
    _, graph = build_graph(converted(tmp_path, "gemma2"))
    assert [state.window for state in graph.states.values()] == [5, 0]
    assert [op.window for op in graph.attentions] == [5, 0]
    assert {op.softcap for op in graph.attentions} == {5.0}
    assert graph.attentions[0].scale == pytest.approx(24**-0.5)


def test_a_usual_score_scale_needs_no_key(tmp_path: Path) -> None:
    file = converted(tmp_path, "gemma2", query_pre_attn_scalar=16)
    assert "gemma2.attention.scale" not in file.metadata
    assert build_graph(file)[1].attentions[0].scale == 16**-0.5


def test_fused_matrices_are_cut_apart(tmp_path: Path) -> None:
    _, graph = build_graph(converted(tmp_path, "phi3"))
    cuts = [(op.start, op.width) for op in graph.ops if isinstance(op, Slice)][:5]
    assert cuts == [(0, 32), (32, 16), (48, 16), (0, 48), (48, 48)]


def test_learned_positions_end_somewhere(tmp_path: Path) -> None:
    file = converted(tmp_path, "gpt2")
    hyper, graph = build_graph(file)
    assert graph.position_limit == hyper.n_ctx_train == 64
    assert Graph().position_limit is None
    with pytest.raises(ChaskiError, match="64 positions"):
        make_backend("reference", graph, file, n_ctx=65)


def test_positions_go_on_in_a_second_pass(tmp_path: Path) -> None:
    file = converted(tmp_path, "gpt2")
    _, graph = build_graph(file)
    backend = make_backend("reference", graph, file, n_ctx=64)
    tokens = np.array([3, 5, 7, 9], np.int32)
    whole, parts = backend.new_sequence(), backend.new_sequence()
    at_once = backend.run([BatchEntry(whole, tokens, "all")]).copy()
    one_by_one = [backend.run([BatchEntry(parts, tokens[i : i + 1])])[0].copy() for i in range(4)]
    np.testing.assert_allclose(one_by_one, at_once, atol=1e-5)


def test_a_negative_cap_is_refused(tmp_path: Path) -> None:
    file = converted(tmp_path, "gemma2")
    file.metadata["gemma2.attn_logit_softcapping"] = -1.0
    with pytest.raises(FormatError, match="attn_logit_softcapping"):
        build_graph(file)
