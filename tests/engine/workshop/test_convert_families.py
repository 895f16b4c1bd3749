"""Every family, converted from the files transformers saves, gives transformers' logits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_checkpoints import CONFIGS, IDS, golden_logits, write_folder

from engine.compute.backends import BatchEntry
from engine.model import Model, open_model
from engine.workshop.convert import convert


def open_converted(path: Path, backend: str) -> Model:
    # 64 positions, so that Phi's factors for short contexts are used; a float32 cache for figures
    # that only differ by the order of sums.
    options = replace(REFERENCE, n_ctx=64, backend=backend, cache_type="f32")
    model = drive(open_model(path, options, "tiny"))
    assert isinstance(model, Model)
    return model


def logits_of(path: Path, backend: str) -> np.ndarray:
    model = open_converted(path, backend)
    sequence = model.backend.new_sequence()
    tokens = np.array(IDS, np.int32)
    return np.concatenate(
        [
            model.backend.run([BatchEntry(sequence, tokens[i : i + 8], "all")]).copy()
            for i in range(0, len(tokens), 8)
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
    np.testing.assert_allclose(logits_of(out, backend), golden, rtol=0, atol=1e-4)
