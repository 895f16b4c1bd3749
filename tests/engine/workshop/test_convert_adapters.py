"""PEFT's settings and extra tensors do what peft does with them, merged and beside the model."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.adapter_variants import (
    ADAPTERS,
    ONLY_MERGED,
    QK,
    Adapter,
    adapter_arrays,
    write_adapter_variant,
)
from helpers.interrupted import notices
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_checkpoints import IDS, write_folder, write_safetensors

from engine.base.errors import ChaskiError
from engine.base.events import Event
from engine.compute.backends import BatchEntry
from engine.model import open_model
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.workshop.convert import convert

GOLDEN = Path(__file__).parent / "golden" / "adapters.npz"


def logits_of(path: Path, *adapters: Path) -> np.ndarray:
    options = replace(REFERENCE, n_ctx=64, cache_type="f32")
    options = replace(options, adapters=tuple((adapter, 1.0) for adapter in adapters))
    model = drive(open_model(path, options, "tiny"))
    part = BatchEntry(model.backend.new_sequence(), np.array(IDS, np.int32), "all")
    return np.array(model.backend.run([part]))[[4, -1]]


def made(source: Path, out: Path, **options: Any) -> str:
    events: list[Event] = []
    drive(convert(source, out, **options), events)
    return notices(events)


def close(found: np.ndarray, name: str) -> bool:
    golden = np.load(GOLDEN)[name]
    return bool(np.abs(found - golden).max() < 1e-4 * np.abs(golden).max())


@pytest.mark.parametrize("name", ADAPTERS)
def test_merged_adapters_give_the_logits_of_peft(name: str, tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", ADAPTERS[name].base)
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS[name])
    made(base, tmp_path / "o.gguf", adapters=[(lora, 1.0)])
    assert close(logits_of(tmp_path / "o.gguf"), name)


@pytest.mark.parametrize("name", sorted(ADAPTERS.keys() - ONLY_MERGED))
def test_adapters_beside_the_model_give_the_logits_of_peft(name: str, tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", ADAPTERS[name].base)
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS[name])
    made(base, tmp_path / "base.gguf")
    made(lora, tmp_path / "lora.gguf", base=base)
    with open_gguf(tmp_path / "lora.gguf") as file:
        assert file.need_float("adapter.lora.alpha") > 0  # others take zero for none
    assert close(logits_of(tmp_path / "base.gguf", tmp_path / "lora.gguf"), name)


def test_a_gguf_adapter_whose_alpha_is_zero_changes_nothing(tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", "llama")
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS["plain"])
    made(base, tmp_path / "base.gguf")
    made(lora, tmp_path / "lora.gguf", base=base)
    with open_gguf(tmp_path / "lora.gguf") as file:
        writer = GGUFWriter(tmp_path / "zero.gguf")
        writer.set_all(file.metadata)
        writer.set("adapter.lora.alpha", 0.0)
        for name, info in file.tensors.items():
            writer.declare(name, info.shape, info.type)
        for name, info in file.tensors.items():
            writer.write_rows(name, file.raw(name).view("<f4").reshape(info.shape))
        writer.complete()
        writer.publish()
    plain = logits_of(tmp_path / "base.gguf")
    np.testing.assert_array_equal(logits_of(tmp_path / "base.gguf", tmp_path / "zero.gguf"), plain)


def test_an_adapter_of_which_nothing_is_left_is_told(tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", "llama")
    nothing = Adapter("llama", QK, {"target_modules": ["v_proj"]})
    lora = write_adapter_variant(tmp_path / "lora", nothing)
    with pytest.raises(ChaskiError, match="changes nothing"):
        made(lora, tmp_path / "lora.gguf", base=base)


@pytest.mark.parametrize("name", sorted(ONLY_MERGED - {"head", "head and one layer"}))
def test_what_only_merging_can_do_is_told(name: str, tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", ADAPTERS[name].base)
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS[name])
    with pytest.raises(ChaskiError, match=r"merge the adapter into its model .*--lora"):
        made(lora, tmp_path / "lora.gguf", base=base)


def test_a_changed_head_is_for_other_programs(tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", "llama")
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS["head"])
    assert "this one cannot" in made(lora, tmp_path / "a.gguf", base=base)
    (base / "model.safetensors").unlink()
    with pytest.raises(ChaskiError, match="no weights to compare it with"):
        made(lora, tmp_path / "b.gguf", base=base)


def test_left_out_matrices_are_named(tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", "llama")
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS["one layer"])
    told = made(base, tmp_path / "o.gguf", adapters=[(lora, 1.0)])
    assert "layers.0.self_attn.q_proj and 1 more were left out" in told


def test_another_name_of_the_adapter_and_a_wrapper(tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", "llama")
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS["plain"])
    arrays = {
        f"module.{name}".replace(".weight", ".mine.weight"): values
        for name, values in adapter_arrays(ADAPTERS["plain"]).items()
    }
    write_safetensors(lora / "adapter_model.safetensors", arrays)
    made(base, tmp_path / "o.gguf", adapters=[(lora, 1.0)])
    assert close(logits_of(tmp_path / "o.gguf"), "plain")


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"use_dora": True}, "use_dora"),
        ({"lora_bias": True}, "lora_bias"),
        ({"layer_replication": [[0, 2], [1, 2]]}, "layer_replication"),
        ({"target_parameters": ["experts"]}, "target_parameters"),
        ({"trainable_token_indices": [1]}, "trainable_token_indices"),
        ({"alora_invocation_tokens": [3]}, "alora_invocation_tokens"),
        ({"init_lora_weights": "pissa"}, "takes something out of the base"),
        ({"r": 5}, "says that .* has the rank 5, but the file has 4"),
        ({"rank_pattern": {"k_proj": 3}}, "rank 3"),
        ({"rank_pattern": {"(a+)+": 3}}, "tangled"),
        ({"target_modules": "(q_proj"}, "no expression"),
        ({"target_modules": [3]}, "no list of names"),
        ({"lora_alpha": True}, "lora_alpha"),
        ({"use_rslora": "yes"}, "use_rslora"),
    ],
)
def test_settings_that_cannot_be_followed_are_refused(
    settings: dict[str, Any], word: str, tmp_path: Path
) -> None:
    base = write_folder(tmp_path / "base", "llama")
    lora = write_adapter_variant(tmp_path / "lora", Adapter("llama", QK, settings))
    with pytest.raises(ChaskiError, match=word):
        made(base, tmp_path / "o.gguf", adapters=[(lora, 1.0)])


def test_unknown_settings_are_told(tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", "llama")
    lora = write_adapter_variant(tmp_path / "lora", Adapter("llama", QK, {"loudness": 3}))
    assert "loudness" in made(base, tmp_path / "o.gguf", adapters=[(lora, 1.0)])


def test_whole_tensors_cannot_be_half_there(tmp_path: Path) -> None:
    base = write_folder(tmp_path / "base", "llama")
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS["whole modules"])
    with pytest.raises(ChaskiError, match=r"scale of 0\.5"):
        made(base, tmp_path / "o.gguf", adapters=[(lora, 0.5)])
