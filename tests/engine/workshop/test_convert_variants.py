"""Where a folder contradicts itself or is silent, conversion does as transformers, and tells."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.checkpoint_variants import (
    EMBED,
    GONE,
    HEAD,
    VARIANTS,
    WRAPPED,
    Variant,
    prefixed,
    renamed,
    write_variant,
)
from helpers.interrupted import notices
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_checkpoints import (
    IDS,
    Arrays,
    golden_logits,
    kept,
    weights_of,
    write_folder,
    write_safetensors,
)

from engine.base.errors import ChaskiError
from engine.base.events import Event
from engine.compute.backends import BatchEntry
from engine.model import open_model
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert

GOLDEN = Path(__file__).parent / "golden" / "variants.npz"


def logits_of(path: Path) -> np.ndarray:
    from dataclasses import replace

    options = replace(REFERENCE, n_ctx=64, cache_type="f32")
    model = drive(open_model(path, options, "tiny"))
    part = BatchEntry(model.backend.new_sequence(), np.array(IDS, np.int32), "all")
    return np.array(model.backend.run([part]))


def converted(folder: Path, out: Path, **options: Any) -> str:
    """Converts; returns what was told."""
    events: list[Event] = []
    drive(convert(folder, out, **options), events)
    return notices(events)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_logits_are_those_of_transformers(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out.gguf"
    converted(write_variant(tmp_path / "hf", VARIANTS[name]), out)
    golden = np.load(GOLDEN)[name]
    found = logits_of(out)[[4, -1]]
    assert np.abs(found - golden).max() < 1e-4 * np.abs(golden).max()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tied with another head", "another lm_head.weight; that was kept"),
        ("two classes", "the type counts"),
        ("no figures said", "does not say max_position_embeddings; 2048"),
        ("mistral without a window said", "does not say sliding_window; 4096"),
        ("biases that are not said", "layers.0.self_attn.k_proj.bias"),
        ("biases that are not there", "the file has none"),
        ("more layers than said", "the model has 2 layers"),
        ("buffers and a value head", "v_head.summary.weight"),
        ("unknown keys", "logit_scale, embedding_multiplier"),
        ("rope scaling before parameters", "rope_scaling and rope_parameters"),
        ("theta within and beside", "two values of rope_theta"),
        ("gemma2 with its own turns", "layer_types"),
    ],
)
def test_nothing_is_left_out_without_a_word(name: str, words: str, tmp_path: Path) -> None:
    assert words in converted(write_variant(tmp_path / "hf", VARIANTS[name]), tmp_path / "o.gguf")


def test_a_wrong_head_of_a_tied_model_is_no_head(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "qwen2")
    arrays = weights_of("qwen2") | {HEAD: np.ones((7, 32), np.float32)}
    write_safetensors(folder / "model.safetensors", arrays)
    with pytest.raises(ChaskiError, match=r"lm_head.weight is 7 x 32"):
        converted(folder, tmp_path / "o.gguf")


def test_a_plain_folder_needs_no_words(tmp_path: Path) -> None:
    assert converted(write_folder(tmp_path / "hf", "llama"), tmp_path / "o.gguf") == ""


def test_an_equal_copy_of_the_embedding_is_not_written_twice(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "qwen2")
    arrays = weights_of("qwen2")
    write_safetensors(folder / "model.safetensors", arrays | {HEAD: arrays[EMBED]})
    assert converted(folder, tmp_path / "o.gguf") == ""
    with open_gguf(tmp_path / "o.gguf") as file:
        assert "output.weight" not in file.tensors


@pytest.mark.parametrize("prefix", WRAPPED)
def test_what_training_tools_put_before_names_is_taken_away(prefix: str, tmp_path: Path) -> None:
    converted(write_folder(tmp_path / "plain", "llama"), tmp_path / "plain.gguf")
    folder = write_variant(tmp_path / "hf", Variant("llama", {}, prefixed(prefix)))
    assert prefix in converted(folder, tmp_path / "out.gguf")
    with open_gguf(tmp_path / "plain.gguf") as a, open_gguf(tmp_path / "out.gguf") as b:
        assert list(a.tensors) == list(b.tensors)
        assert all(np.array_equal(a.raw(name), b.raw(name)) for name in a.tensors)


def test_a_wrapper_around_gpt2_that_is_called_model(tmp_path: Path) -> None:
    folder = write_variant(tmp_path / "hf", Variant("gpt2", {}, prefixed("model.")))
    converted(folder, tmp_path / "o.gguf")
    golden = golden_logits("gpt2")[: len(IDS)]
    assert np.abs(kept(logits_of(tmp_path / "o.gguf")) - golden).max() < 1e-3


def test_two_names_for_one_tensor_must_agree(tmp_path: Path) -> None:
    arrays = weights_of("llama")
    folder = write_folder(tmp_path / "hf", "llama")
    name = "model.norm.weight"
    write_safetensors(folder / "model.safetensors", arrays | {f"module.{name}": arrays[name]})
    converted(folder, tmp_path / "o.gguf")
    write_safetensors(folder / "model.safetensors", arrays | {f"module.{name}": arrays[name] * 2})
    with pytest.raises(ChaskiError, match="twice with different values"):
        converted(folder, tmp_path / "o.gguf", overwrite=True)


Q = "model.layers.0.self_attn.q_proj"
MARKED = {
    "GPTQ": (f"{Q}.qweight", f"{Q}.qzeros", f"{Q}.scales", f"{Q}.g_idx"),
    "AWQ": (f"{Q}.qweight", f"{Q}.qzeros", f"{Q}.scales"),
    "bitsandbytes": (f"{Q}.weight.absmax", f"{Q}.weight.quant_map"),
    "8 bits": (f"{Q}.weight", f"{Q}.SCB"),
    "compressed-tensors": (f"{Q}.weight_packed", f"{Q}.weight_scale", f"{Q}.weight_shape"),
    "fp8": (f"{Q}.weight", f"{Q}.weight_scale_inv"),
    "HQQ": (f"{Q}.W_q", f"{Q}.meta"),
    "EETQ": (f"{Q}.weight", f"{Q}.weight_scales"),
    "quanto": (f"{Q}.weight._data", f"{Q}.weight._scale"),
    "int8": (f"{Q}.weight",),
    "EXL2": (f"{Q}.q_weight", f"{Q}.q_scale"),
    "MLX": (f"{Q}.weight", f"{Q}.scales", f"{Q}.biases"),
    "adapter lies within": (f"{Q}.base_layer.weight", f"{Q}.lora_A.default.weight"),
}


@pytest.mark.parametrize("method", MARKED)
def test_quantized_weights_are_known_by_their_names(method: str, tmp_path: Path) -> None:
    arrays: dict[str, Any] = dict(weights_of("llama"))
    del arrays[f"{Q}.weight"]
    arrays |= {name: np.zeros((32, 32), np.int8) for name in MARKED[method]}
    folder = write_folder(tmp_path / "hf", "llama")
    write_safetensors(folder / "model.safetensors", arrays)
    with pytest.raises(ChaskiError, match=method) as caught:
        converted(folder, tmp_path / "o.gguf")
    assert "missing" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        ("quantization_config", {"load_in_4bit": True}, "bitsandbytes"),
        ("quantization_config", {"quant_method": "fp8"}, "fp8"),
        ("compression_config", {"format": "pack-quantized"}, "some method"),
        ("quantization", {"group_size": 64, "bits": 4}, "key? ?quantization|some method"),
    ],
)
def test_quantized_weights_are_known_by_their_configuration(
    key: str, value: dict[str, Any], word: str, tmp_path: Path
) -> None:
    folder = write_variant(tmp_path / "hf", Variant("llama", {key: value}))
    with pytest.raises(ChaskiError, match=word):
        converted(folder, tmp_path / "o.gguf")
    left = {"load_in_8bit": False, "load_in_4bit": False}
    folder = write_variant(tmp_path / "hf", Variant("llama", {"quantization_config": left}))
    converted(folder, tmp_path / "o.gguf")


@pytest.mark.parametrize(
    ("change", "config", "words"),
    [
        (
            renamed(f"{Q}.weight", "model.layers.0.self_attn.qkv_proj.weight"),
            {},
            "others in its place, such as layers.0.self_attn.qkv_proj.weight",
        ),
        (lambda arrays: None, {"num_hidden_layers": 5}, "asks for more layers"),
        (lambda arrays: arrays.pop(f"{Q}.weight"), {}, "incomplete, get it again"),
        (prefixed("a.b.c.d.e.f."), {}, "such as a.b.c.d.e.f.model"),
    ],
)
def test_what_is_there_is_told_not_only_what_is_missing(
    change: Callable[[Arrays], None], config: dict[str, Any], words: str, tmp_path: Path
) -> None:
    folder = write_variant(tmp_path / "hf", Variant("llama", config, change))
    with pytest.raises(ChaskiError) as caught:
        converted(folder, tmp_path / "o.gguf")
    assert words in str(caught.value)


def test_a_type_that_cannot_be_read_is_told_before_anything_is_written(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "llama")
    arrays: dict[str, Any] = dict(weights_of("llama"))
    arrays[f"{Q}.weight"] = np.zeros((32, 32), np.uint8)
    write_safetensors(folder / "model.safetensors", arrays)
    with pytest.raises(ChaskiError, match="of type U8"):
        converted(folder, tmp_path / "o.gguf")
    assert not list(tmp_path.glob("o.gguf*"))


def sharded(folder: Path, arrays: Arrays) -> dict[str, str]:
    """Two shards and their index; returns the index's map."""
    write_folder(folder, "llama")
    (folder / "model.safetensors").unlink()
    names = list(arrays)
    files = [f"model-0000{i}-of-00002.safetensors" for i in (1, 2)]
    for file, part in zip(files, (names[:6], names[6:]), strict=True):
        write_safetensors(folder / file, {name: arrays[name] for name in part})
    places = {name: files[i >= 6] for i, name in enumerate(names)}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    return places


def of_index(folder: Path, places: dict[str, str]) -> None:
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))


def test_the_index_says_which_of_two_copies_counts(tmp_path: Path) -> None:
    arrays = weights_of("llama")
    folder = tmp_path / "hf"
    places = sharded(folder, arrays)
    first, second = sorted(set(places.values()))
    name = "model.embed_tokens.weight"
    others = {n: arrays[n] for n in places if places[n] == second}
    write_safetensors(folder / second, others | {name: arrays[name] * 3})
    assert "in two files" in converted(folder, tmp_path / "a.gguf")
    with open_gguf(tmp_path / "a.gguf") as file:
        found = file.raw("token_embd.weight").view("<f4")
        np.testing.assert_array_equal(found, arrays[name])
    of_index(folder, places | {name: second})
    converted(folder, tmp_path / "b.gguf")
    with open_gguf(tmp_path / "b.gguf") as file:
        found = file.raw("token_embd.weight").view("<f4")
        np.testing.assert_array_equal(found, arrays[name] * 3)
    del places[name]
    of_index(folder, places)
    with pytest.raises(ChaskiError, match="does not say which one counts"):
        converted(folder, tmp_path / "c.gguf")


def _moved(folder: Path, places: dict[str, str]) -> None:
    first, second = sorted(set(places.values()))
    of_index(folder, {name: second for name in places} | {"model.norm.weight": first})


def _unnamed(folder: Path, places: dict[str, str]) -> None:
    of_index(folder, {name: file for name, file in places.items() if name != "model.norm.weight"})


def _left_aside(folder: Path, places: dict[str, str]) -> None:
    write_safetensors(folder / "model-00003-of-00003.safetensors", {"x": np.ones(2, np.float32)})


def _one_file_too(folder: Path, places: dict[str, str]) -> None:
    write_safetensors(folder / "model.safetensors", weights_of("llama"))
    of_index(folder, dict.fromkeys(places, "gone.safetensors"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_moved, "in another file than the index says"),
        (_unnamed, "not in the index"),
        (_left_aside, "is not named by"),
        (_one_file_too, "the one file was taken"),
    ],
)
def test_index_and_files_are_compared_both_ways(
    change: Callable[[Path, dict[str, str]], None], words: str, tmp_path: Path
) -> None:
    folder = tmp_path / "hf"
    change(folder, sharded(folder, weights_of("llama")))
    assert words in converted(folder, tmp_path / "out.gguf")
    converted(write_folder(tmp_path / "plain", "llama"), tmp_path / "plain.gguf")
    with open_gguf(tmp_path / "plain.gguf") as a, open_gguf(tmp_path / "out.gguf") as b:
        assert all(np.array_equal(a.raw(name), b.raw(name)) for name in a.tensors)


def test_what_the_index_names_and_no_file_has_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "hf"
    places = sharded(folder, weights_of("llama"))
    of_index(folder, places | {"model.x.weight": places["model.norm.weight"]})
    with pytest.raises(ChaskiError, match=r"does not hold the tensor model.x.weight"):
        converted(folder, tmp_path / "o.gguf")


def test_a_shard_that_is_missing_is_known_without_an_index(tmp_path: Path) -> None:
    folder = tmp_path / "hf"
    places = sharded(folder, weights_of("llama"))
    (folder / "model.safetensors.index.json").unlink()
    converted(folder, tmp_path / "o.gguf")
    arrays = weights_of("llama")
    for factor in (1, 2):  # a third file that repeats a tensor, and one that contradicts it
        twice = {"model.norm.weight": arrays["model.norm.weight"] * np.float32(factor)}
        write_safetensors(folder / "extra.safetensors", twice)
        if factor == 2:
            with pytest.raises(ChaskiError, match="with different values"):
                converted(folder, tmp_path / "q.gguf")
        else:
            converted(folder, tmp_path / "q.gguf", overwrite=True)
            (tmp_path / "q.gguf").unlink()
    (folder / "extra.safetensors").unlink()
    (folder / max(places.values())).unlink()
    with pytest.raises(ChaskiError, match="part 2 of 2 is missing"):
        converted(folder, tmp_path / "p.gguf")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"per_layer_config": {"0": {"hidden_size": 8}}}, "per_layer_config"),
        ({"is_encoder_decoder": True}, "is_encoder_decoder"),
        ({"use_bidirectional_attention": True}, "use_bidirectional_attention"),
        ({"rope_parameters": {"full_attention": {"rope_theta": 5.0}}}, "full_attention"),
        ({"rope_scaling": {"type": "linear", "factor": 0}}, "factor is 0"),
        ({"rope_scaling": {"rope_type": "llama3", "factor": 8.0}}, "low_freq_factor"),
        ({"rope_scaling": {"type": 3}}, "known are"),
        ({"num_hidden_layers": True}, "num_hidden_layers"),
        ({"rope_theta": "10000"}, "rope_theta"),
        ({"tie_word_embeddings": "false"}, "tie_word_embeddings"),
        ({"attention_bias": 1}, "attention_bias"),
        ({"architectures": GONE, "model_type": "mamba"}, "known model types"),
        ({"architectures": ["LlamaForSequenceClassification"]}, "SequenceClassification"),
    ],
)
def test_keys_that_change_the_model_are_refused(
    changes: dict[str, Any], word: str, tmp_path: Path
) -> None:
    folder = write_variant(tmp_path / "hf", Variant("llama", changes))
    with pytest.raises(ChaskiError, match=word):
        converted(folder, tmp_path / "o.gguf")


@pytest.mark.parametrize(
    "changes",
    [
        {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1},
        {"layer_types": ["full_attention", "sliding_attention"]},
        {"layer_types": ["full_attention"]},
        {"layer_types": ["full_attention", "chunked_attention"]},
    ],
)
def test_windows_that_qwen_has_no_key_for_are_refused(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    folder = write_variant(tmp_path / "hf", Variant("qwen2", changes))
    with pytest.raises(ChaskiError, match="layer_types"):
        converted(folder, tmp_path / "o.gguf")
