"""Llama 4: what its files leave to their readers, and what conversion makes of other layers."""

import json
from pathlib import Path
from typing import Any

import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import text_config, write_folder

from engine.architectures import build_graph
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph, Norm, Rope, Temper, TemperSpec
from engine.weights.formats.config import Config
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.workshop.convert import convert
from engine.workshop.convert.family import read_family


def converted(tmp_path: Path, name: str, **changes: object) -> GGUFFile:
    out = tmp_path / f"{name}.gguf"
    drive(convert(write_folder(tmp_path / "hf", name, **changes), out))
    return open_gguf(out)


def looks(graph: Graph) -> list[tuple[int, bool]]:
    """Window and whether it is a chunk, layer by layer."""
    return [(op.window, op.chunked) for op in graph.attentions]


def count(graph: Graph, kind: type) -> int:
    return sum(isinstance(op, kind) for op in graph.ops)


def bare_norms(graph: Graph) -> int:
    return sum(isinstance(op, Norm) and op.weight is None for op in graph.ops)


def test_a_file_without_keys_is_one_of_metas(tmp_path: Path) -> None:
    file = converted(tmp_path, "llama4_usual")
    own = {key for key in file.metadata if key.startswith("llama4.attention")}
    assert not {key for key in own if "sliding" in key or "temperature" in key or "qk" in key}
    graph = build_graph(file)[1]
    chunk = (8192, True)
    assert looks(graph) == [chunk, chunk, chunk, (0, False), chunk]
    assert count(graph, Rope) == 8 == bare_norms(graph)
    (temper,) = (op for op in graph.ops if isinstance(op, Temper))
    assert temper.spec == TemperSpec(0.1, 8192, 1.0)
    file.metadata["llama4.expert_count"] = 128  # Maverick
    assert bare_norms(build_graph(file)[1]) == 0


def test_a_window_of_none_lets_all_layers_turn_and_see_everything(tmp_path: Path) -> None:
    graph = build_graph(converted(tmp_path, "mobile_llm"))[1]
    assert looks(graph) == [(0, False)] * 2
    assert (count(graph, Rope), count(graph, Temper)) == (4, 0)


def outcome(**changes: Any) -> dict[str, Any]:
    found = read_family(Config(text_config("llama4_usual") | changes, "config.json")).out
    return json.loads(json.dumps(found, default=str))  # type: ignore[no-any-return]


def test_other_layers_are_refused_or_told() -> None:
    full, chunked = "full_attention", "chunked_attention"
    usual = [chunked, chunked, chunked, full, chunked]
    assert outcome(layer_types=usual) == outcome()
    key = "llama4.attention.sliding_window"
    assert outcome(attention_chunk_size=77)[key] == 77
    assert outcome(attention_chunk_size=None)[key] == 128 == outcome(layer_types=[full] * 5)[key]
    assert outcome(no_rope_layers=[1] * 5, layer_types=[full] * 5)[key] == 0
    for changes in (
        {"no_rope_layers": [1, 0, 1, 0, 1]},
        {"no_rope_layer_interval": 2},
        {"no_rope_layers": [1] * 5},
        {"layer_types": [chunked] * 5},
        {"layer_types": [chunked, full, chunked, full, chunked]},
    ):
        with pytest.raises(UnsupportedError, match="no_rope_layer_interval"):
            outcome(**changes)


@pytest.mark.parametrize("listed", ["1", [1, 1], ["1", "1", "1", "0", "1"], [1, 1, 1, None, 1]])
@pytest.mark.parametrize("name", ["llama4_usual", "smollm3"])
def test_which_heads_turn_is_a_list_of_numbers(name: str, listed: Any) -> None:
    config = Config(text_config(name) | {"no_rope_layers": listed}, "config.json")
    with pytest.raises(FormatError, match="no_rope_layers"):
        read_family(config)


def test_older_numbers_switch_the_sharpening_on() -> None:
    scale = "llama4.attention.temperature_scale"
    assert outcome(attn_temperature_tuning=4) == outcome()
    assert outcome(attn_temperature_tuning=False)[scale] == 0.0


def test_layers_with_experts_by_list() -> None:
    step = "llama4.interleave_moe_layer_step"
    assert outcome(moe_layers=[1, 3])[step] == 2 == outcome()[step]
    assert step not in outcome(moe_layers=[0, 3])
