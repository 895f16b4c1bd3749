"""Every family, converted from the files transformers saves, gives transformers' logits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_checkpoints import CONFIGS, IDS, golden_logits, write_folder

from engine.architectures import build_graph
from engine.compute.backends import BatchEntry
from engine.model import Model, open_model
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert


def open_converted(path: Path, backend: str) -> Model:
    # 64 positions, so that Phi's factors for short contexts are used; a float32 cache for figures
    # that only differ by the order of sums.
    options = replace(REFERENCE, n_ctx=64, backend=backend, cache_type="f32")
    embeds = build_graph(open_gguf(path))[1].embeds
    model = drive(open_model(path, options, "tiny", embeds=embeds))
    assert isinstance(model, Model)
    return model


def logits_of(path: Path, backend: str) -> np.ndarray:
    model = open_converted(path, backend)
    sequence = model.backend.new_sequence()
    tokens = np.array(IDS, np.int32)
    step = len(tokens) if model.backend.graph.needs_whole else 8
    return np.concatenate(
        [
            model.backend.run([BatchEntry(sequence, tokens[i : i + step], "all")]).copy()
            for i in range(0, len(tokens), step)
        ]
    )


@pytest.mark.parametrize("backend", ["reference", "cpu"])
@pytest.mark.parametrize("name", CONFIGS)
def test_converted_models_give_the_logits_of_transformers(
    name: str, backend: str, tmp_path: Path
) -> None:
    out = tmp_path / f"{name}.gguf"
    drive(convert(write_folder(tmp_path / "hf", name), out))
    golden = golden_logits(name)
    assert np.abs(golden).max() > 1  # logits that are all alike would prove nothing
    found = logits_of(out, backend)
    # Of a model that scores each of the rows is the one score.
    np.testing.assert_allclose(found, np.broadcast_to(golden, found.shape), rtol=0, atol=1e-4)
