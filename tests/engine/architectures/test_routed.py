"""Families whose feed-forwards are experts: other forms of their files, and what is left out."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_checkpoints import (
    TEXT,
    Arrays,
    golden_logits,
    kept,
    weights_of,
    write_folder,
    write_safetensors,
)

from engine.architectures import build_graph
from engine.architectures.shared.find import sources
from engine.architectures.shared.source import Metadata, Rule, Settings
from engine.compute.backends import BatchEntry
from engine.model import open_model
from engine.weights.formats.config import Config
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


@pytest.mark.parametrize("name", ["qwen35moe", "qwen3next"])
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


def test_older_files_have_one_matrix_before_the_delta_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ssm_in`, as the checkpoint has it; the logits are those of transformers."""
    name, source = sources()["qwen3_next"]
    old = Rule(
        "layers.{i}.linear_attn.in_proj_qkvz.weight",
        "blk.{i}.ssm_in.weight",
        ("all", "embd"),
        layers="rule",
    )

    def settings(config: Config, out: Metadata) -> Settings:
        found = source.settings(config, out)
        found.dims["all"] = found.dims["qkv"] + found.dims["v"]
        return found

    rules = (*(rule for rule in source.rules if rule.source != old.source), old)
    older = replace(source, rules=rules, settings=settings)
    monkeypatch.setitem(sources(), "qwen3_next", (name, older))
    out = tmp_path / "old.gguf"
    converted(write_folder(tmp_path / "hf", "qwen3next"), out).close()
    model = drive(open_model(out, replace(REFERENCE, n_ctx=64, cache_type="f32"), "tiny"))
    assert "blk.0.ssm_in.weight" in model.file.tensors
    part = BatchEntry(model.backend.new_sequence(), np.array(TEXT, np.int32), "all")
    rows = kept(np.array(model.backend.run([part])))
    np.testing.assert_allclose(rows, golden_logits("qwen3next"), rtol=0, atol=1e-4)
