"""Bad input gives one clear sentence and leaves nothing; so do cancelling and a full disk."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import CONFIGS, weights_of, write_folder, write_safetensors
from helpers.torch_files import write_torch

from engine.base.errors import ChaskiError
from engine.base.events import Event, Progress
from engine.base.settings import CONVERT_TYPES
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert, inspect_source

HOSTILE = Path(__file__).parent / "golden" / "hostile.bin"
Change = Callable[[Path], None]


def without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def missing_shard(folder: Path) -> None:
    without_weights(folder)
    index = {"weight_map": {"model.norm.weight": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def shard_elsewhere(folder: Path) -> None:
    without_weights(folder)
    index = {"weight_map": {"model.norm.weight": "../../secret.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def truncated(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:2000])


def hostile_pickle(folder: Path) -> None:
    without_weights(folder)
    shutil.copy(HOSTILE, folder / "pytorch_model.bin")


def with_config(**changes: Any) -> Change:
    def change(folder: Path) -> None:
        values = CONFIGS["llama"] | changes
        kept = {key: value for key, value in values.items() if value != "gone"}
        (folder / "config.json").write_text(json.dumps(kept))

    return change


def with_tensors(**changes: Any) -> Change:
    def change(folder: Path) -> None:
        arrays = weights_of("llama")
        for key, value in changes.items():
            name = key.replace("__", ".")
            arrays.pop(name, None)
            if value is not None:
                arrays[name] = value
        write_safetensors(folder / "model.safetensors", arrays)

    return change


BAD: dict[str, tuple[Change, str]] = {
    "no weights": (without_weights, "holds no weights"),
    "missing shard": (missing_shard, "model-00002-of-00002.safetensors is missing"),
    "shard outside the folder": (shard_elsewhere, "is missing"),
    "truncated": (truncated, "cut short"),
    "hostile pickle": (hostile_pickle, "none of it is run"),
    "config is no JSON": (lambda f: (f / "config.json").write_text("{") and None, "config.json"),
    "config is a list": (lambda f: (f / "config.json").write_text("[]") and None, "config.json"),
    "no architecture": (with_config(architectures=None, model_type="gone"), "architectures"),
    "unknown architecture": (with_config(architectures=["JambaForCausalLM"]), "JambaForCausalLM"),
    "unknown activation": (with_config(hidden_act="gelu"), "key hidden_act is 'gelu'"),
    "key missing": (with_config(hidden_size="gone"), "asks for 300 x 4096"),
    "key that is null": (with_config(hidden_size=None), "no key hidden_size"),
    "key of wrong type": (with_config(hidden_size="32"), "hidden_size must be a whole number"),
    "negative key": (with_config(num_hidden_layers=-1), "num_hidden_layers is -1"),
    "heads that do not divide": (with_config(num_key_value_heads=3), "num_key_value_heads"),
    "absurd layers": (with_config(num_hidden_layers=1 << 30), "num_hidden_layers is 1073741824"),
    "one layer too many": (with_config(num_hidden_layers=3), "layers.2.input_layernorm"),
    "unknown rope": (with_config(rope_scaling={"rope_type": "magic"}), "magic"),
    "rope without factor": (with_config(rope_scaling={"type": "linear"}), "no key factor"),
    "infinite number": (with_config(rms_norm_eps=float("inf")), "rms_norm_eps is inf"),
    "missing tensor": (
        with_tensors(model__layers__1__mlp__up_proj__weight=None),
        "layers.1.mlp.up_proj.weight is missing",
    ),
    "no output matrix": (with_tensors(lm_head__weight=None), "tie_word_embeddings"),
    "wrong shape": (
        with_tensors(model__norm__weight=np.ones(31, np.float32)),
        "norm.weight is 31, but the model's configuration asks for 32",
    ),
    "tensor without a place": (
        with_tensors(model__layers__0__mlp__experts__weight=np.ones(3, np.float32)),
        "layers.0.mlp.experts.weight has no place",
    ),
    "quantized": (with_config(quantization_config={"quant_method": "gptq"}), "gptq"),
    "part of the rope": (with_config(partial_rotary_factor=0.5), "partial_rotary_factor"),
    "odd yarn": (
        with_config(rope_scaling={"type": "yarn", "factor": 4.0, "truncate": False}),
        "truncate",
    ),
    "no tokenizer": (lambda f: (f / "tokenizer.json").unlink(), "has no tokenizer"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_folder_is_a_sentence(name: str, tmp_path: Path) -> None:
    change, words = BAD[name]
    folder = write_folder(tmp_path / "model", "llama")
    change(folder)
    with pytest.raises(ChaskiError) as caught:
        drive(convert(folder, tmp_path / "out.gguf"))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.glob("out*"))


class Files(NamedTuple):
    """A file's name and content, and what must be said of it."""

    name: str
    content: bytes
    words: str


@pytest.mark.parametrize(
    "case",
    [
        Files("model.gguf", b"GGUF" + bytes(60), "GGUF file already"),
        Files("empty.bin", b"", "empty"),
        Files("page.bin", b"<html>" + bytes(60), "web page"),
        Files("text.txt", b"hello, I am no model at all, only some words in a file", "no model"),
        Files("half.bin", bytes(1000), "beginning of a download"),
        Files("lonely.safetensors", b"\x10" + bytes(7) + b"{" + bytes(50), "safetensors"),
    ],
)
def test_a_file_that_is_no_source_says_what_it_is(case: Files, tmp_path: Path) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.content)
    with pytest.raises(ChaskiError, match=case.words):
        drive(convert(path, tmp_path / "out.gguf"))


def test_places_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "llama")
    taken = tmp_path / "taken.gguf"
    taken.write_bytes(b"x")
    source = tmp_path / "it.bin"
    source.write_bytes(b"y")
    for src, out, words in (
        (folder, taken, "exists already"),
        (source, source, "the source itself"),
        (tmp_path / "nothing", tmp_path / "out.gguf", "does not exist"),
        (folder, tmp_path / "no" / "out.gguf", "does not exist"),
        (folder, tmp_path, "is a folder"),
        (tmp_path, tmp_path / "out.gguf", "holds GGUF files"),
    ):
        with pytest.raises(ChaskiError, match=words):
            drive(convert(src, out))
    assert taken.read_bytes() == b"x"
    with pytest.raises(ChaskiError, match="unknown type"):
        drive(convert(folder, tmp_path / "out.gguf", out_type="q4_k"))
    drive(convert(folder, taken, overwrite=True))
    assert open_gguf(taken).tensors


def test_a_full_disk_is_noticed_before_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "model", "llama")
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ChaskiError, match="free; make room"):
        drive(convert(folder, tmp_path / "out.gguf"))
    assert not list(tmp_path.glob("out*"))


def test_cancelling_leaves_a_part_at_most(tmp_path: Path) -> None:
    job = convert(write_folder(tmp_path / "model", "llama"), tmp_path / "out.gguf")
    next(job)
    job.close()
    assert not list(tmp_path.glob("out*"))
    job = convert(tmp_path / "model", tmp_path / "out.gguf")
    for event in job:
        if isinstance(event, Progress) and event.done > 0:
            break
    job.close()
    assert list(tmp_path.glob("out*")) == [tmp_path / "out.gguf.part"]


def test_progress_runs_to_its_end(tmp_path: Path) -> None:
    events: list[Event] = []
    drive(convert(write_folder(tmp_path / "model", "gpt2"), tmp_path / "out.gguf"), events)
    steps = [event for event in events if isinstance(event, Progress) and event.total]
    assert steps[-1].done <= steps[-1].total < steps[-1].done + 32 * len(steps)


@pytest.mark.parametrize("out_type", CONVERT_TYPES)
def test_sizes_are_foretold(out_type: str, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "llama")
    told = inspect_source(folder)
    out = tmp_path / "out.gguf"
    result = drive(convert(folder, out, out_type=out_type))
    assert result.bytes == out.stat().st_size
    assert result.bytes <= told.sizes[out_type] < result.bytes + 20_000
    file = open_gguf(out)
    assert file.n_parameters == told.parameters
    wanted = {"auto": "F32"}.get(out_type, out_type.upper())
    assert file.tensors["blk.0.attn_q.weight"].type.name == wanted
    assert file.tensors["blk.0.attn_norm.weight"].type.name == "F32"
    # 48 columns are no whole number of Q8_0's blocks.
    assert file.tensors["blk.0.ffn_down.weight"].type.name == (
        "F16" if out_type == "q8_0" else wanted
    )


def test_sixteen_bits_stay_as_they_are(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", "llama")
    halves = {name: values.astype(np.float16) for name, values in weights_of("llama").items()}
    (folder / "model.safetensors").unlink()
    write_torch(folder / "pytorch_model.bin", halves)
    drive(convert(folder / "pytorch_model.bin", tmp_path / "out.gguf"))
    file = open_gguf(tmp_path / "out.gguf")
    assert file.metadata["general.file_type"] == 1
    raw = file.raw("token_embd.weight").view("<f2")
    np.testing.assert_array_equal(raw, halves["model.embed_tokens.weight"])


@pytest.mark.parametrize(("out_type", "held"), [("f16", 65000.0), ("q8_0", 8e6), ("bf16", 1e30)])
def test_what_a_type_cannot_hold_is_refused_at_this_door_too(
    out_type: str, held: float, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "model", "llama")
    arrays = weights_of("llama")
    name = "model.layers.0.self_attn.q_proj.weight"
    arrays[name][0, 0] = held
    write_safetensors(folder / "model.safetensors", arrays)
    drive(convert(folder, tmp_path / "a.gguf", out_type=out_type))
    arrays[name][0, 0] = 2 * held
    write_safetensors(folder / "model.safetensors", arrays)
    if out_type == "bf16":
        drive(convert(folder, tmp_path / "b.gguf", out_type=out_type))
        return
    with pytest.raises(ChaskiError, match=r"blk.0.attn_q.weight holds values up to .*--type bf16"):
        drive(convert(folder, tmp_path / "b.gguf", out_type=out_type))
