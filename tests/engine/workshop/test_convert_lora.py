"""LoRA adapters: as GGUF adapters, and merged; both change a model as the formula says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.interrupted import notices, stopped
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import Arrays, weights_of, write_folder, write_safetensors
from helpers.torch_files import write_torch

from engine.base.errors import ChaskiError
from engine.base.events import Event, Progress
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.workshop.convert import convert, inspect_source

RANK, ALPHA = 4, 6.0
TARGETS = ("self_attn.q_proj", "self_attn.k_proj", "mlp.down_proj")


def lora_of(arrays: Arrays) -> Arrays:
    random = np.random.RandomState(3)
    out = {}
    for name, values in arrays.items():
        if any(target in name for target in TARGETS):
            stem = f"base_model.model.{name.removesuffix('.weight')}"
            shape_a, shape_b = (RANK, values.shape[1]), (values.shape[0], RANK)
            out[f"{stem}.lora_A.weight"] = random.standard_normal(shape_a).astype(np.float32)
            out[f"{stem}.lora_B.weight"] = random.standard_normal(shape_b).astype(np.float32)
    return out


def write_adapter(folder: Path, arrays: Arrays, **changes: Any) -> Path:
    folder.mkdir(exist_ok=True)
    settings = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA, "bias": "none"}
    settings |= {"base_model_name_or_path": "some/model", "use_rslora": False} | changes
    (folder / "adapter_config.json").write_text(json.dumps(settings))
    write_safetensors(folder / "adapter_model.safetensors", arrays)
    return folder


def converted(source: Path, out: Path, **options: Any) -> GGUFFile:
    drive(convert(source, out, **options))
    return open_gguf(out)


def values(file: GGUFFile, name: str) -> np.ndarray:
    shape = file.tensors[name].shape
    return file.raw(name).view("<f4").reshape(shape)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "base", "llama")


def merged_by_hand(tmp_path: Path, factor: float) -> GGUFFile:
    """The base with W + factor · B · A in Hugging Face's own layout."""
    arrays = weights_of("llama")
    lora = lora_of(arrays)
    for name in arrays:
        stem = f"base_model.model.{name.removesuffix('.weight')}.lora_"
        if f"{stem}A.weight" in lora:
            arrays[name] = arrays[name] + np.float32(factor) * (
                lora[f"{stem}B.weight"] @ lora[f"{stem}A.weight"]
            )
    folder = write_folder(tmp_path / "merged", "llama")
    write_safetensors(folder / "model.safetensors", arrays)
    return converted(folder, tmp_path / "merged.gguf")


def test_merging_gives_the_sum(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "lora", lora_of(weights_of("llama")))
    ours = converted(base, tmp_path / "ours.gguf", adapters=[(adapter, 0.5)])
    expected = merged_by_hand(tmp_path, 0.5 * ALPHA / RANK)
    for name in expected.tensors:
        np.testing.assert_allclose(values(ours, name), values(expected, name), atol=1e-5)


def test_a_gguf_adapter_changes_the_model_as_merging_does(tmp_path: Path, base: Path) -> None:
    adapter = write_adapter(tmp_path / "lora", lora_of(weights_of("llama")))
    assert "rank 4 for 6 matrices" in inspect_source(adapter, base=base).what
    file = converted(adapter, tmp_path / "lora.gguf", base=base)
    assert file.metadata["general.type"] == "adapter"
    assert file.metadata["adapter.type"] == "lora"
    assert file.metadata["general.architecture"] == "llama"
    alpha = file.need_float("adapter.lora.alpha")
    assert alpha == ALPHA
    plain = converted(base, tmp_path / "base.gguf")
    expected = merged_by_hand(tmp_path, ALPHA / RANK)
    for name in expected.tensors:
        found = values(plain, name)
        if f"{name}.lora_a" in file.tensors:
            a, b = values(file, f"{name}.lora_a"), values(file, f"{name}.lora_b")
            found = found + alpha / len(a) * (b @ a)
        np.testing.assert_allclose(found, values(expected, name), atol=1e-5)


def test_adapters_of_torch_and_with_root_scaling(tmp_path: Path, base: Path) -> None:
    lora = lora_of(weights_of("llama"))
    adapter = write_adapter(tmp_path / "lora", lora, use_rslora=True)
    (adapter / "adapter_model.safetensors").unlink()
    write_torch(adapter / "adapter_model.bin", lora)
    file = converted(adapter, tmp_path / "lora.gguf", base=base / "config.json")
    assert file.need_float("adapter.lora.alpha") == pytest.approx(ALPHA * RANK**0.5)


def changed(name: str, replacement: str) -> Arrays:
    lora = lora_of(weights_of("llama"))
    return {key.replace(name, replacement): value for key, value in lora.items()}


@pytest.mark.parametrize(
    ("arrays", "settings", "word"),
    [
        ({}, {}, "no LoRA matrices"),
        (changed("lora_A.weight", "lora_magnitude_vector"), {}, "no half"),
        (changed("q_proj", "x_proj"), {}, "x_proj is no matrix"),
        (changed("layers.1", "layers.1.extra"), {}, "no matrix"),
        (lora_of(weights_of("qwen3")), {}, "another model"),
        (lora_of(weights_of("llama")), {"use_dora": True}, "use_dora"),
        (lora_of(weights_of("llama")), {"alpha_pattern": {"(.*)*q": 1}}, "tangled"),
        (lora_of(weights_of("llama")), {"peft_type": "LOHA"}, "peft_type"),
        (lora_of(weights_of("llama")), {"lora_alpha": "much"}, "lora_alpha"),
    ],
)
def test_what_is_no_plain_adapter_is_refused(
    arrays: Arrays, settings: dict[str, Any], word: str, tmp_path: Path, base: Path
) -> None:
    adapter = write_adapter(tmp_path / "lora", arrays, **settings)
    with pytest.raises(ChaskiError, match=word):
        drive(convert(adapter, tmp_path / "out.gguf", base=base))
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    ("name", "module", "word"),
    [
        ("falcon-h1", "mamba.in_proj", "multiplied by a factor"),
        ("qwen35", "linear_attn.in_proj_z", "in another order"),
        ("qwen3moe", "mlp.experts.3.down_proj", "belongs to an expert"),
        ("deepseek3", "self_attn.kv_b_proj", "cannot be converted"),
    ],
)
def test_matrices_that_conversion_changes_take_no_adapter(
    name: str, module: str, word: str, tmp_path: Path
) -> None:
    """A sum of two matrices would have to be changed as a whole."""
    arrays = weights_of(name)
    stem = f"model.layers.0.{module}"
    rows, columns = arrays[f"{stem}.weight"].shape
    lora = {
        f"base_model.model.{stem}.lora_A.weight": np.ones((RANK, columns), np.float32),
        f"base_model.model.{stem}.lora_B.weight": np.ones((rows, RANK), np.float32),
    }
    base = write_folder(tmp_path / "base", name)
    with pytest.raises(ChaskiError, match=word):
        drive(convert(write_adapter(tmp_path / "lora", lora), tmp_path / "out.gguf", base=base))


def test_the_base_model_must_be_known(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "lora", lora_of(weights_of("llama")))
    with pytest.raises(ChaskiError, match="some/model"):
        drive(convert(adapter, tmp_path / "out.gguf"))


def test_a_stopped_merge_goes_on_with_the_same_scale_only(base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "lora", lora_of(weights_of("llama")))
    out = tmp_path / "out.gguf"
    for scale in (0.5, 0.25):
        job = convert(base, out, adapters=[(adapter, scale)])
        assert stopped(job, lambda e: isinstance(e, Progress) and e.done > 0.6 * e.total > 0)
        events: list[Event] = []
        made = drive(convert(base, out, adapters=[(adapter, 0.5)]), events)
        assert (made.resumed > 0) == (scale == 0.5)
        assert ("another job" in notices(events)) == (scale != 0.5)
        file = converted(base, tmp_path / "whole.gguf", adapters=[(adapter, 0.5)], overwrite=True)
        assert file.path.read_bytes() == out.read_bytes()
        file.close()
        out.unlink()
