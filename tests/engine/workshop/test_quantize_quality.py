"""A real small model quantized by us loses no more than llama.cpp's quantization of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.data import shared_data
from helpers.open_tiny import REFERENCE, drive

from engine.measure.perplexity import Perplexity, perplexity
from engine.model import Model, open_model
from engine.workshop.quantize import quantize_model
from engine.workshop.quantize_plan import QuantizeOptions

FOLDER = "stories260K-x256"
PART = 0.005  # of the perplexity that llama.cpp's file has in llama.cpp


@pytest.mark.parametrize("target", ["Q8_0", "Q6_K", "Q4_K_M", "Q4_0"])
def test_perplexity_near_llama_cpps(target: str, tmp_path: Path):
    source = shared_data(FOLDER, f"{FOLDER}-F32.gguf")
    text = shared_data("text", "tinystories_20.json")
    theirs = json.loads(shared_data("llama_cpp_refs.json").read_text())
    out = tmp_path / "q.gguf"
    drive(quantize_model(source, out, QuantizeOptions(target=target)))
    options = replace(REFERENCE, backend="cpu", threads=1)
    model: Model = drive(open_model(out, options, "q"))
    found: Perplexity = drive(perplexity(model, text, 256))
    expected = theirs[f"{FOLDER}-{target}.gguf"]
    assert found.n_tokens == expected["ppl_tokens"]
    assert found.ppl == pytest.approx(expected["ppl"], rel=PART)
