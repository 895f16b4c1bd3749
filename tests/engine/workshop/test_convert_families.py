"""Every family, converted from the files transformers saves, gives transformers' logits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_checkpoints import CONFIGS, TEXT, golden_logits, kept, write_folder

from engine.architectures import build_graph
from engine.compute.backends import BatchEntry
from engine.model import Model, open_model
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert


def open_converted(path: Path, backend: str) -> Model:
    # 64 positions, so that Phi's factors for short contexts are used; a float32 cache for figures
    # that only differ by the order of sums.
    options = replace(REFERENCE, n_ctx=64, backend=backend, cache_type="f32", batch=64)
    embeds = build_graph(open_gguf(path))[1].embeds
    model = drive(open_model(path, options, "tiny", embeds=embeds))
    assert isinstance(model, Model)
    return model


def logits_of(model: Model, step: int) -> np.ndarray:
    """Of TEXT, so many tokens at a time."""
    sequence = model.backend.new_sequence()
    tokens = np.array(TEXT, np.int32)
    step = len(tokens) if model.backend.graph.needs_whole else step
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
    """In one go, and on the fast backend in parts of any length and beside another sequence."""
    out = tmp_path / f"{name}.gguf"
    drive(convert(write_folder(tmp_path / "hf", name), out))
    golden = golden_logits(name)
    assert golden.ndim == 1 or len(golden) == len(TEXT) >= 48
    assert np.abs(golden).max() > 1  # logits that are all alike would prove nothing
    model = open_converted(out, backend)
    found = logits_of(model, len(TEXT))
    # Of a model that scores each of the rows is the one score.
    rows = kept(found)
    np.testing.assert_allclose(rows, np.broadcast_to(golden, rows.shape), rtol=0, atol=1e-4)
    if backend == "cpu":
        for step in (1, 7):
            np.testing.assert_allclose(logits_of(model, step), found, rtol=0, atol=1e-5)
        np.testing.assert_allclose(beside_another(model), found, rtol=0, atol=1e-5)
    model.backend.close()


def beside_another(model: Model) -> np.ndarray:
    """Logits of TEXT in a pass that has other tokens of another sequence, too."""
    new, text = model.backend.new_sequence, np.array(TEXT, np.int32)
    entries = [BatchEntry(new(), text[::-1].copy()[:9], "all"), BatchEntry(new(), text, "all")]
    return model.backend.run(entries)[9:].copy()
