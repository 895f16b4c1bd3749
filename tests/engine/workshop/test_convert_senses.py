"""Folders of models that see: the text model is converted, the rest is left out and told."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import CONFIGS, Arrays, weights_of, write_folder, write_safetensors

from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert, inspect_source
from engine.workshop.convert.senses import TEXT

WHOLE = [name for name, config in CONFIGS.items() if "text_config" in config]


def renamed(arrays: Arrays, old: str, new: str) -> Arrays:
    return {name.replace(old, new, 1): values for name, values in arrays.items()}


def tensors_of(folder: Path, out: Path) -> dict[str, np.ndarray]:
    drive(convert(folder, out, overwrite=True))
    file = open_gguf(out)
    return {name: np.array(file.raw(name)) for name in file.tensors}


def changed(folder: Path, **changes: Any) -> Path:
    """Keys of the text model's part; None takes one away."""
    config = json.loads((folder / "config.json").read_text())
    config["text_config"] |= changes
    config["text_config"] = {k: v for k, v in config["text_config"].items() if v is not None}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


@pytest.mark.parametrize("name", WHOLE)
def test_one_notice_tells_what_is_left_out_and_how_large_it_is(name: str, tmp_path: Path) -> None:
    info = inspect_source(write_folder(tmp_path / "hf", name))
    told = [notice for notice in info.notices if "left out" in notice]
    assert len(told) == 1
    parts = {n.removeprefix("model.").split(".")[0] for n in weights_of(name)}
    parts -= {"language_model", "lm_head"}
    assert parts
    assert all(f"{part} (" in told[0] for part in parts)
    assert CONFIGS[name]["architectures"][0] in info.what


@pytest.mark.parametrize("name", WHOLE)
def test_names_of_both_generations_are_the_same_model(name: str, tmp_path: Path) -> None:
    """Which one a folder has is its class's matter."""
    folder, found = write_folder(tmp_path / "hf", name), []
    for text, head in (("model.language_model.", ""), ("language_model.model.", "language_model.")):
        arrays = {}
        for tensor, values in weights_of(name).items():
            bare = TEXT.sub("", tensor)
            whose = head if bare.startswith("lm_head") else text if bare != tensor else ""
            arrays[whose + bare] = values
        write_safetensors(folder / "model.safetensors", arrays)
        found.append(tensors_of(folder, tmp_path / "out.gguf"))
    new, old = found
    assert new.keys() == old.keys()
    assert all(np.array_equal(values, old[each]) for each, values in new.items())


def test_a_type_of_text_that_is_not_said_is_the_usual_one(tmp_path: Path) -> None:
    folder = changed(write_folder(tmp_path / "hf", "gemma3_whole"), model_type=None)
    assert inspect_source(folder).architecture == "gemma3"


def test_the_wholes_own_type_of_text_is_the_usual_one(tmp_path: Path) -> None:
    """As the first files of EXAONE 4.5 have it."""
    folder = changed(write_folder(tmp_path / "hf", "exaone4_5_whole"), model_type="exaone4_5_text")
    assert inspect_source(folder).architecture == "exaone4"


def test_another_text_model_counts_as_its_type_says(tmp_path: Path) -> None:
    folder = changed(write_folder(tmp_path / "hf", "mistral_whole"), model_type="llama")
    assert inspect_source(folder).architecture == "llama"
    with pytest.raises(UnsupportedError, match="'other', which cannot be converted"):
        inspect_source(changed(folder, model_type="other"))


def test_a_text_model_alone_may_keep_the_names_of_the_whole(tmp_path: Path) -> None:
    """As fine-tuning tools save it."""
    folder = write_folder(tmp_path / "hf", "gemma3_by_layer")
    write_safetensors(
        folder / "model.safetensors",
        renamed(weights_of("gemma3_by_layer"), "model.", "model.language_model."),
    )
    plain = write_folder(tmp_path / "plain", "gemma3_by_layer")
    a, b = (tensors_of(each, tmp_path / "x.gguf") for each in (folder, plain))
    assert a.keys() == b.keys()
    assert all(np.array_equal(values, b[each]) for each, values in a.items())


def test_quantized_text_is_refused(tmp_path: Path) -> None:
    quantized = {"quantization_config": {"quant_method": "gptq"}}
    folder = changed(write_folder(tmp_path / "hf", "gemma3_whole"), **quantized)
    with pytest.raises(UnsupportedError, match="text_config.*gptq"):
        inspect_source(folder)


@pytest.mark.parametrize("part", [[], "x", 7, {"model_type": []}, {"model_type": 1}])
def test_junk_instead_of_the_text_is_a_sentence(part: Any, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "gemma3_whole", text_config=part)
    with pytest.raises(ChaskiError):
        inspect_source(folder)


def test_two_of_one_name_must_be_equal(tmp_path: Path) -> None:
    folder, arrays = write_folder(tmp_path / "hf", "qwen35_whole"), weights_of("qwen35_whole")
    twice = {"language_model.lm_head.weight": arrays["lm_head.weight"] + np.float32(1)}
    write_safetensors(folder / "model.safetensors", arrays | twice)
    with pytest.raises(FormatError, match="twice with different values"):
        inspect_source(folder)


def test_a_text_of_another_kind_is_a_sentence(tmp_path: Path) -> None:
    folder, arrays = write_folder(tmp_path / "hf", "gemma3_whole"), weights_of("gemma3_whole")
    odd = {name: x for name, x in arrays.items() if "language_model" not in name}
    odd["language_model.transformer.wte"] = np.ones((4, 4), np.float32)
    write_safetensors(folder / "model.safetensors", odd)
    with pytest.raises(FormatError, match="none of this text model's"):
        inspect_source(folder)
