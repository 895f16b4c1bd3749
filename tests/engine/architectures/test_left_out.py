"""What files hold besides: layers that draft, what sees, gates and ups of experts in one tensor,
orders of layers. It changes nothing, or the same is computed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.rewritten import logits_of, read_floats, write_floats
from helpers.tiny_checkpoints import Arrays, golden_logits, write_folder

from engine.architectures import build_graph
from engine.base.errors import FormatError
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert

# Checkpoints of the families whose published files have layers that draft, or parts that see.
DRAFTING = (
    "deepseek2_lite",
    "deepseek3",
    "ernie4_5-moe",
    "exaone4",
    "exaone_moe",
    "glm47_flash",
    "glm4",
    "glm45_air",
    "nemotron_h",
    "qwen35",
    "qwen35moe",
    "qwen3next",
)
SEEING = ("gemma3", "gemma4", "llama4_usual", "ministral3", "qwen35")
ROUTED = (
    "deepseek3",
    "ernie4_5-moe",
    "exaone_moe",
    "glm45_air",
    "gpt-oss",
    "granitemoe",
    "hunyuan_moe",
    "lfm2moe",
    "llama4_usual",
    "mixtral",
    "olmoe",
    "phimoe",
    "qwen2moe",
    "qwen3moe",
    "qwen35moe",
)
# Lists with a value for each layer, as a converter writes them for all.
BY_LAYER = ("attention.head_count", "attention.head_count_kv", "feed_forward_length")


def converted(tmp_path: Path, name: str) -> tuple[dict[str, Any], Arrays]:
    path = tmp_path / f"{name}.gguf"
    drive(convert(write_folder(tmp_path / "hf", name), path))
    return read_floats(path)


def more_layers(keys: dict[str, Any], arrays: Arrays) -> tuple[dict[str, Any], Arrays]:
    """The last layer once more, as one that drafts."""
    own = keys["general.architecture"]
    n = keys[f"{own}.block_count"]
    more = {
        name.replace(f"blk.{n - 1}.", f"blk.{n}."): values
        for name, values in arrays.items()
        if name.startswith(f"blk.{n - 1}.")
    }
    width = keys[f"{own}.embedding_length"]
    for part in ("enorm", "hnorm", "shared_head_norm"):
        more[f"blk.{n}.nextn.{part}.weight"] = np.ones(width, np.float32)
    more[f"blk.{n}.nextn.eh_proj.weight"] = np.ones((width, 2 * width), np.float32)
    added = {f"{own}.nextn_predict_layers": 1, f"{own}.block_count": n + 1}
    for key in BY_LAYER:
        values = keys.get(f"{own}.{key}")
        if values is not None and np.ndim(values):
            added[f"{own}.{key}"] = np.array([*values, values[-1]], np.int32)
    return keys | added, arrays | more


@pytest.mark.parametrize("name", DRAFTING)
def test_layers_that_draft_change_nothing(name: str, tmp_path: Path) -> None:
    keys, arrays = converted(tmp_path, name)
    path = write_floats(tmp_path / "m.gguf", *more_layers(keys, arrays))
    np.testing.assert_allclose(logits_of(path, "cpu"), golden_logits(name), rtol=0, atol=1e-4)
    graph = build_graph(open_gguf(path))[1]
    assert graph.weights.keys() <= arrays.keys()


@pytest.mark.parametrize("name", SEEING)
def test_what_sees_changes_nothing(name: str, tmp_path: Path) -> None:
    keys, arrays = converted(tmp_path, name)
    seeing = {
        "v.patch_embd.weight": np.ones((8, 3, 4, 4), np.float32),
        "v.blk.0.attn_q.weight": np.ones((8, 8), np.float32),
        "mm.input_projection.weight": np.ones((32, 8), np.float32),
    }
    path = write_floats(tmp_path / "m.gguf", keys, arrays | seeing)
    np.testing.assert_allclose(logits_of(path, "cpu"), golden_logits(name), rtol=0, atol=1e-4)


def test_a_window_by_layer_may_leave_out_those_that_draft(tmp_path: Path) -> None:
    """As published files of K-EXAONE do."""
    keys, arrays = more_layers(*converted(tmp_path, "exaone_moe"))
    key = "exaone-moe.attention.sliding_window_pattern"
    kept = [bool(slides) for slides in keys[key]]
    windows = [9 if slides else 0 for slides in kept]
    for pattern in (kept, [*kept, True], [*kept, True, True]):
        path = write_floats(tmp_path / "m.gguf", keys | {key: np.array(pattern)}, arrays)
        if len(pattern) == len(kept) + 2:
            with pytest.raises(FormatError, match="sliding_window_pattern"):
                build_graph(open_gguf(path))
            continue
        assert [op.window for op in build_graph(open_gguf(path))[1].attentions] == windows


@pytest.mark.parametrize("name", ROUTED)
def test_gates_and_ups_of_experts_in_one_tensor(name: str, tmp_path: Path) -> None:
    keys, arrays = converted(tmp_path, name)
    for gate in [each for each in arrays if "ffn_gate_exps." in each]:
        up, both = (gate.replace("gate_exps", part) for part in ("up_exps", "gate_up_exps"))
        parts = [arrays.pop(gate), arrays.pop(up)]
        arrays[both] = np.concatenate(parts, axis=1)
    assert any("gate_up_exps" in each for each in arrays)
    path = write_floats(tmp_path / "m.gguf", keys, arrays)
    for backend in ("reference", "cpu"):
        found = logits_of(path, backend)
        np.testing.assert_allclose(found, golden_logits(name), rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ["qwen35", "qwen35moe", "qwen3next"])
def test_layers_of_the_delta_rule_by_list(name: str, tmp_path: Path) -> None:
    """In place of how many there are between two of attention."""
    keys, arrays = converted(tmp_path, name)
    own = keys["general.architecture"]
    n, every = keys[f"{own}.block_count"], keys.get(f"{own}.full_attention_interval", 4)
    listed = np.array([(i + 1) % every != 0 for i in range(n)])
    said = {f"{own}.attention.recurrent_layers": listed, f"{own}.full_attention_interval": 1}
    path = write_floats(tmp_path / "m.gguf", keys | said, arrays)
    np.testing.assert_allclose(logits_of(path, "cpu"), golden_logits(name), rtol=0, atol=1e-4)
    said = {f"{own}.attention.recurrent_layers": listed[:-1]}
    path = write_floats(tmp_path / "short.gguf", keys | said, arrays)
    with pytest.raises(FormatError, match="recurrent_layers"):
        build_graph(open_gguf(path))
