"""Encoders in other folders than transformers writes them, and steps that GGUF cannot say."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.encoder_folders import write_encoder
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import CONFIGS, Arrays, weights_of, write_folder, write_safetensors

from engine.architectures import build_graph
from engine.base.errors import ChaskiError
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.workshop.convert import convert

HUB = (
    ("embeddings.LayerNorm", "emb_ln"),
    ("layers.", "encoder.layers."),
    ("self_attn.o_proj", "attn.out_proj"),
    ("mlp.up_proj", "mlp.fc11"),
    ("mlp.gate_proj", "mlp.fc12"),
    ("mlp.down_proj", "mlp.fc2"),
    ("post_attention_layernorm", "norm1"),
    ("post_mlp_layernorm", "norm2"),
)


def opened(folder: Path, out: Path) -> GGUFFile:
    drive(convert(folder, out))
    return open_gguf(out)


def as_in_the_class(weights: Arrays) -> Arrays:
    """The names of transformers' modules, with matrices of their own for queries, keys, values."""
    found: Arrays = {}
    for name, values in weights.items():
        if name.endswith("attn.Wqkv.weight"):
            at = name.removesuffix("attn.Wqkv.weight").replace("encoder.", "")
            for x, part in zip("qkv", np.split(values, 3), strict=True):
                found[f"{at}self_attn.{x}_proj.weight"] = part
            continue
        for new, old in HUB:
            name = name.replace(old, new)
        found[name] = values
    return found


def test_nomic_folders_as_they_are_on_the_hub(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "nomic_bert")
    plain = opened(folder, tmp_path / "plain.gguf")
    own: dict[str, Any] = {
        "model_type": "nomic_bert", "architectures": ["NomicBertModel"], "vocab_size": 300,
        "n_embd": 32, "n_layer": 2, "n_head": 4, "n_inner": 48, "layer_norm_epsilon": 1e-12,
        "n_positions": 8192, "max_trained_positions": 128, "activation_function": "swiglu",
        "rotary_emb_base": 1000, "rotary_emb_fraction": 1.0, "type_vocab_size": 2,
        "causal": False, "prenorm": False, "qkv_proj_bias": False,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(own))
    file = opened(folder, tmp_path / "hub.gguf")
    _, graph = build_graph(file)
    assert "blk.0.attn_qkv.weight" in graph.weights
    for key in ("context_length", "embedding_length", "rope.freq_base", "feed_forward_length"):
        assert file.metadata[f"nomic-bert.{key}"] == plain.metadata[f"nomic-bert.{key}"], key
    assert plain.tensors.keys() == file.tensors.keys()
    for name in plain.tensors:
        assert np.array_equal(plain.rows(name)[:], file.rows(name)[:]), name
    write_safetensors(folder / "model.safetensors", as_in_the_class(weights_of("nomic_bert")))
    apart = opened(folder, tmp_path / "class.gguf")
    alike = apart.tensors.keys() & file.tensors.keys()
    assert len(alike) == len(file.tensors) - 2
    for name in alike:
        assert np.array_equal(apart.rows(name)[:], file.rows(name)[:]), name
    fused = np.concatenate([apart.rows(f"blk.1.attn_{x}.weight")[:] for x in "qkv"])
    assert np.array_equal(file.rows("blk.1.attn_qkv.weight")[:], fused)
    (folder / "config.json").write_text(json.dumps(own | {"prenorm": True}))
    with pytest.raises(ChaskiError, match="prenorm"):
        drive(convert(folder, tmp_path / "odd.gguf"))


def test_old_names_of_norms(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "bert")
    old = {
        "bert."
        + name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): values
        for name, values in weights_of("bert").items()
    }
    more = {"cls.predictions.bias": np.zeros(300, np.float32)}
    plain = opened(folder, tmp_path / "plain.gguf")
    write_safetensors(folder / "model.safetensors", old | more)
    file = opened(folder, tmp_path / "old.gguf")
    assert file.tensors.keys() == plain.tensors.keys()
    assert all(np.array_equal(file.rows(name)[:], plain.rows(name)[:]) for name in file.tensors)
    assert not any(name.startswith("cls") for name in file.tensors)


def test_distilbert_without_what_training_used(tmp_path: Path) -> None:
    """As it is on the hub, where its class predicts masked words; a head that scores is refused."""
    folder = write_folder(tmp_path / "hf", "distilbert", architectures=["DistilBertForMaskedLM"])
    plain = opened(folder, tmp_path / "plain.gguf")
    own = {f"distilbert.{name}": values for name, values in weights_of("distilbert").items()}
    more = {
        "vocab_transform.weight": np.zeros((32, 32), np.float32),
        "vocab_layer_norm.bias": np.zeros(32, np.float32),
        "vocab_projector.bias": np.zeros(300, np.float32),
    }
    write_safetensors(folder / "model.safetensors", own | more)
    file = opened(folder, tmp_path / "masked.gguf")
    assert file.tensors.keys() == plain.tensors.keys()
    assert all(np.array_equal(file.rows(name)[:], plain.rows(name)[:]) for name in file.tensors)
    assert file.metadata["tokenizer.ggml.token_type_count"] == 1
    changed(folder, "config.json", architectures=["DistilBertForSequenceClassification"])
    with pytest.raises(ChaskiError, match="name DistilBertModel in architectures"):
        drive(convert(folder, tmp_path / "scores.gguf"))


def changed(folder: Path, place: str, **values: Any) -> Path:
    path = folder / place
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    return folder


def test_steps_that_gguf_cannot_say_are_refused(tmp_path: Path) -> None:
    weight = {"linear.weight": np.ones((8, 32), np.float32)}
    folder = write_encoder(tmp_path / "hf", "bert", "mean_tokens", **{"2_Dense": weight})
    file = opened(folder, tmp_path / "m.gguf")
    assert file.metadata["bert.pooling_type"] == 1
    assert file.metadata["bert.dense_2_feat_out"] == 8
    out = tmp_path / "odd.gguf"
    with pytest.raises(ChaskiError, match="activation_function"):
        drive(convert(changed(folder, "2_Dense/config.json", activation_function="Tanh"), out))
    odd = {"activation_function": "torch.nn.modules.linear.Identity", "out_features": 9}
    with pytest.raises(ChaskiError, match="holds no matrix of 9 x 32"):
        drive(convert(changed(folder, "2_Dense/config.json", **odd), out))
    with pytest.raises(ChaskiError, match="pooling by pooling_mode_mean_tokens, pooling_mode_max"):
        drive(convert(changed(folder, "1_Pooling/config.json", pooling_mode_max_tokens=True), out))
    for listed, words in (
        ([{"type": "a.CNN", "path": ""}], "a step of kind CNN"),
        ([{"type": "a.Pooling", "path": "../x"}], "outside of its own"),
        ([{"type": 3}], "without a type"),
        ({}, "no list of steps"),
    ):
        (folder / "modules.json").write_text(json.dumps(listed))
        with pytest.raises(ChaskiError, match=words):
            drive(convert(folder, out))


def test_small_tables_of_an_encoder_stay_exact(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "hf", "bert", "cls_token")
    drive(convert(folder, tmp_path / "m.gguf", out_type="q8_0"))
    with open_gguf(tmp_path / "m.gguf") as file:
        kinds = {name: info.type.name for name, info in file.tensors.items()}
    assert kinds["token_types.weight"] == kinds["position_embd.weight"] == "F32"
    assert kinds["blk.0.ffn_up.weight"] == "Q8_0"
    assert CONFIGS["bert"]["type_vocab_size"] == 2
