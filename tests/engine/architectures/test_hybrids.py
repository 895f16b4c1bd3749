"""Layers without attention: which op each has, what is kept of a sequence, and what is refused."""

from pathlib import Path

import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Attention, Conv, Fixed, Graph, Grows, Scan
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert


def graph_of(tmp_path: Path, name: str) -> tuple[str, Graph]:
    """The architecture of a converted checkpoint, and its graph."""
    out = tmp_path / "m.gguf"
    drive(convert(write_folder(tmp_path / "hf", name), out))
    file = open_gguf(out)
    common, graph = build_graph(file)
    file.close()
    return common.architecture, graph


@pytest.mark.parametrize(
    ("name", "architecture", "attentions", "convolutions", "scans"),
    [
        ("lfm2", "lfm2", 1, 2, 0),
        ("lfm2moe", "lfm2moe", 1, 2, 0),
        ("mamba", "mamba", 0, 2, 2),
        ("mamba2", "mamba2", 0, 2, 2),
        ("falcon-h1", "falcon-h1", 2, 2, 2),
        ("granitehybrid", "granitehybrid", 1, 2, 2),
        ("granitehybrid-attention-alone", "granite", 3, 0, 0),
        ("nemotron_h", "nemotron_h", 1, 2, 2),
        ("nemotron_h_moe", "nemotron_h_moe", 1, 1, 1),
    ],
)
def test_layers_are_what_the_file_says(
    tmp_path: Path, name: str, architecture: str, attentions: int, convolutions: int, scans: int
) -> None:
    found, graph = graph_of(tmp_path, name)
    assert found == architecture
    kinds = [type(op) for op in graph.ops]
    counted = [kinds.count(kind) for kind in (Attention, Conv, Scan)]
    assert counted == [attentions, convolutions, scans]
    kept = [type(state) for state in graph.states.values()]
    assert kept.count(Grows) == attentions
    assert kept.count(Fixed) == convolutions + scans


def test_other_families_need_attention(tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf", extra_metadata={"llama.attention.head_count": 0})
    with open_gguf(path) as file, pytest.raises(FormatError, match="head_count is 0"):
        build_graph(file)


def test_steps_with_limits_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "mamba2", time_step_limit=[0.001, 0.1])
    with pytest.raises(UnsupportedError, match="time_step_limit"):
        drive(convert(folder, tmp_path / "m.gguf"))


def test_two_factors_of_one_matrix_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "falcon-h1-plain", lm_head_multiplier=0.5)
    with pytest.raises(UnsupportedError, match="lm_head_multiplier"):
        drive(convert(folder, tmp_path / "m.gguf"))
