"""What is special about a model is told from its graph."""

from pathlib import Path

import pytest
from helpers.expert_models import write_tiny_experts
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder

from engine.architectures import build_graph
from engine.architectures.shared.special import active_parameters, specials
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert


def test_of_experts_only_those_a_token_goes_to_are_active(tmp_path: Path) -> None:
    with open_gguf(write_tiny_experts(tmp_path / "m.gguf", n=8, used=2)) as file:
        idle = 2 * 3 * 6 * 64 * 96  # layers, matrices, experts that rest
        graph = build_graph(file)[1]
        assert active_parameters(graph, file.n_parameters) == file.n_parameters - idle
        (words,) = specials(graph, 30_500_000_000)
    assert str(words).startswith("8 experts, of which a token goes to 2: 30.5")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("llama", []),
        ("mamba", ["2 layers keep a state of a fixed size, 0 look at earlier tokens"]),
        ("gemma2", ["1 of 2 layers look 5 tokens back at most"]),
        ("bert", ["reads a text in both directions"]),
        (
            "deepseek3",
            ["6 experts, of which", "of each token and layer a latent of 32 numbers is kept"],
        ),
    ],
)
def test_families(name: str, said: list[str], tmp_path: Path) -> None:
    out = tmp_path / "m.gguf"
    drive(convert(write_folder(tmp_path / "hf", name), out))
    with open_gguf(out) as file:
        found = [str(each) for each in specials(build_graph(file)[1], file.n_parameters)]
    assert len(found) == len(said)
    assert all(words.startswith(start) for words, start in zip(found, said, strict=True)), found
