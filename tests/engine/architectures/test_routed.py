"""Families whose feed-forwards are experts: other forms of their files, and what is left out."""

import re
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import Arrays, weights_of, write_folder, write_safetensors

from engine.architectures import build_graph
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.workshop.convert import convert


def converted(folder: Path, out: Path) -> GGUFFile:
    drive(convert(folder, out))
    return open_gguf(out)


def fused(weights: Arrays) -> Arrays:
    """The form of the hub's files: a tensor of all experts' gates and ups, one of their downs."""
    one = re.compile(r"(.*experts)\.\d+\.(gate|up|down)_proj\.weight")
    found = {name: value for name, value in weights.items() if not one.fullmatch(name)}
    for at in dict.fromkeys(m[1] for name in weights if (m := one.fullmatch(name))):
        parts = []
        for part in ("gate", "up", "down"):
            n = sum(name.startswith(f"{at}.") and f".{part}_" in name for name in weights)
            each = [weights[f"{at}.{e}.{part}_proj.weight"] for e in range(n)]
            parts.append(np.stack(each))
        found[f"{at}.gate_up_proj"] = np.concatenate(parts[:2], axis=1)
        found[f"{at}.down_proj"] = parts[2]
    return found


@pytest.mark.parametrize("name", ["qwen35moe"])
def test_experts_in_one_tensor_are_those_in_many(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "hf", name)
    apart = converted(folder, tmp_path / "apart.gguf")
    write_safetensors(folder / "model.safetensors", fused(weights_of(name)))
    whole = converted(folder, tmp_path / "whole.gguf")
    assert list(apart.tensors) == list(whole.tensors)
    for each in apart.tensors:
        np.testing.assert_array_equal(apart.raw(each), whole.raw(each))
    apart.close()
    whole.close()


def test_a_width_that_no_layer_has_may_be_left_out(tmp_path: Path) -> None:
    """As llama.cpp's files of models whose layers all have experts."""
    with converted(write_folder(tmp_path / "hf", "qwen35moe"), tmp_path / "m.gguf") as file:
        usual = build_graph(file)[1].ops
        del file.metadata["qwen35moe.feed_forward_length"]
        common, graph = build_graph(file)
    assert set(common.n_ff) == {0}
    assert graph.ops == usual
