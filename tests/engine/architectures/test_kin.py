"""Families that transformers has no class for are GLM 4.5's graph under other names, and give the
logits that it gave for the same weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.kin import KIN, write_kin
from helpers.open_tiny import drive
from helpers.rewritten import logits_of, read_floats, write_floats
from helpers.tiny_checkpoints import CONFIGS, Arrays, golden_logits, write_folder

from engine.architectures import build_graph
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert

Change = Callable[[Arrays], Arrays]


@pytest.mark.parametrize("backend", ["reference", "cpu"])
@pytest.mark.parametrize(("architecture", "name", "change"), KIN)
def test_the_same_weights(
    architecture: str, name: str, change: Change, backend: str, tmp_path: Path
) -> None:
    other = write_kin(tmp_path, architecture, name, change)
    np.testing.assert_allclose(logits_of(other, backend), golden_logits(name), rtol=0, atol=1e-4)


def test_layers_that_draft_are_left_out(tmp_path: Path) -> None:
    """They stand behind the others, and the graph reads none of their tensors."""
    path = tmp_path / "glm.gguf"
    drive(convert(write_folder(tmp_path / "hf", "glm45_air"), path))
    keys, arrays = read_floats(path)
    n = CONFIGS["glm45_air"]["num_hidden_layers"]
    more = {k.replace("blk.1.", f"blk.{n}."): v for k, v in arrays.items() if "blk.1." in k}
    more[f"blk.{n}.nextn.enorm.weight"] = np.ones(32, np.float32)
    keys |= {"glm4moe.nextn_predict_layers": 1, "glm4moe.block_count": n + 1}
    with_draft = write_floats(tmp_path / "draft.gguf", keys, arrays | more)
    common, graph = build_graph(open_gguf(with_draft))
    assert common.n_layer == n
    assert not any(name.startswith(f"blk.{n}.") for name in graph.weights)
    assert graph.ops == build_graph(open_gguf(path))[1].ops


def test_a_softmax_where_the_file_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "glm.gguf"
    drive(convert(write_folder(tmp_path / "hf", "glm45_air"), path))
    keys, arrays = read_floats(path)
    said = {}
    for architecture in ("deepseek", "bailingmoe2", "dots1"):
        own = {k.replace("glm4moe.", f"{architecture}."): v for k, v in keys.items()}
        own |= {"general.architecture": architecture, f"{architecture}.expert_gating_func": None}
        names = {k.replace("post_attention_norm", "ffn_norm"): v for k, v in arrays.items()}
        other = write_floats(tmp_path / f"{architecture}.gguf", own, names)
        routes = [op for op in build_graph(open_gguf(other))[1].ops if type(op).__name__ == "Route"]
        said[architecture] = {(op.gating, op.normalized, op.group_top) for op in routes}
    assert said["deepseek"] == {("softmax", True, 1)}
    assert said["bailingmoe2"] == said["dots1"] == {("sigmoid", True, 2)}
