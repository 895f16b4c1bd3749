"""The same model in the files of other programs converts to the same tensors."""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.adapter_variants import ADAPTERS, write_adapter_variant
from helpers.data import shared_data
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_checkpoints import (
    CONFIGS,
    N_VOCAB,
    Arrays,
    weights_of,
    write_folder,
    write_safetensors,
)
from helpers.torch_files import write_torch

from engine.base.errors import ChaskiError
from engine.compute.backends import BatchEntry
from engine.model import open_model
from engine.text.tokenizer_bpe import printable_bytes
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.workshop.convert import convert, inspect_source


def converted(source: Path, out: Path, **options: Any) -> GGUFFile:
    drive(convert(source, out, **options))
    return open_gguf(out)


def same_tensors(a: GGUFFile, b: GGUFFile) -> None:
    assert list(a.tensors) == list(b.tensors)
    for name, info in a.tensors.items():
        assert info.shape == b.tensors[name].shape, name
        assert info.type == b.tensors[name].type, name
        np.testing.assert_array_equal(a.raw(name), b.raw(name), err_msg=name)


def test_safetensors_shards_and_bin_files_give_equal_files(tmp_path: Path) -> None:
    arrays = weights_of("qwen2")
    plain = write_folder(tmp_path / "model", "qwen2")
    first = converted(plain, tmp_path / "a.gguf")

    (plain / "model.safetensors").unlink()
    places = {}
    for i, names in enumerate((list(arrays)[:5], list(arrays)[5:])):
        shard = f"model-{i}.safetensors"
        write_safetensors(plain / shard, {name: arrays[name] for name in names})
        places |= dict.fromkeys(names, shard)
    (plain / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    converted(plain, tmp_path / "b.gguf")
    assert (tmp_path / "b.gguf").read_bytes() == (tmp_path / "a.gguf").read_bytes()

    for path in plain.glob("model*"):
        path.unlink()
    write_torch(plain / "pytorch_model.bin", arrays)
    converted(plain, tmp_path / "c.gguf")
    assert (tmp_path / "c.gguf").read_bytes() == (tmp_path / "a.gguf").read_bytes()
    assert first.metadata["tokenizer.ggml.pre"] == "gpt-2"
    assert first.metadata["tokenizer.chat_template"] == "{{ 'hi' }}"


# Meta's names of a llama, and how its pieces are cut: rows, columns, or whole in each.
META = {
    "self_attn.q_proj": ("attention.wq", 0),
    "self_attn.k_proj": ("attention.wk", 0),
    "self_attn.v_proj": ("attention.wv", 0),
    "self_attn.o_proj": ("attention.wo", 1),
    "mlp.gate_proj": ("feed_forward.w1", 0),
    "mlp.down_proj": ("feed_forward.w2", 1),
    "mlp.up_proj": ("feed_forward.w3", 0),
    "input_layernorm": ("attention_norm", None),
    "post_attention_layernorm": ("ffn_norm", None),
}


def meta_name(name: str) -> tuple[str, int | None]:
    outer = {
        "model.embed_tokens.weight": ("tok_embeddings.weight", 1),
        "model.norm.weight": ("norm.weight", None),
        "lm_head.weight": ("output.weight", 0),
    }
    if name in outer:
        return outer[name]
    _, _, layer, rest = name.split(".", 3)
    own, axis = META[rest.removesuffix(".weight")]
    return f"layers.{layer}.{own}.weight", axis


def unpermuted(values: np.ndarray, heads: int) -> np.ndarray:
    """From Hugging Face's halves back to Meta's pairs."""
    rows, cols = values.shape
    split = values.reshape(heads, 2, rows // heads // 2, cols)
    return np.ascontiguousarray(split.transpose(0, 2, 1, 3).reshape(rows, cols))


def as_meta(arrays: Arrays) -> dict[str, tuple[np.ndarray, int | None]]:
    out = {}
    for name, values in arrays.items():
        if "q_proj" in name or "k_proj" in name:
            values = unpermuted(values, 4 if "q_proj" in name else 2)
        own, axis = meta_name(name)
        out[own] = (values, axis)
    return out


def tokenizer_model(size: int = N_VOCAB, with_bytes: bool = True) -> bytes:
    """A sentencepiece model of `size` pieces, kind BPE."""
    pieces = [("<unk>", 2), ("<s>", 3), ("</s>", 3)]
    if with_bytes:
        pieces += [(f"<0x{byte:02X}>", 6) for byte in range(256)]
    pieces += [(f"\u2581{chr(97 + i % 26)}{i}", 1) for i in range(size - len(pieces))]
    out = b""
    for i, (text, kind) in enumerate(pieces):
        raw = text.encode()
        body = b"\x0a" + bytes([len(raw)]) + raw + b"\x15" + struct.pack("<f", -i)
        body += b"\x18" + bytes([kind])
        out += b"\x0a" + bytes([len(body)]) + body
    trainer = b"\x18\x02"
    return out + b"\x12" + bytes([len(trainer)]) + trainer


@pytest.mark.parametrize("pieces", [1, 2, 4, 8])
def test_meta_checkpoints_are_put_together(pieces: int, tmp_path: Path) -> None:
    hf = converted(write_folder(tmp_path / "hf", "llama"), tmp_path / "hf.gguf")
    folder = tmp_path / "meta"
    folder.mkdir()
    whole = as_meta(weights_of("llama"))
    for i in range(pieces):
        part = {
            name: values if axis is None else np.array_split(values, pieces, axis)[i]
            for name, (values, axis) in whole.items()
        }
        part["rope.freqs"] = np.ones(4, np.float32)
        write_torch(folder / f"consolidated.{i:02d}.pth", part)
    params = {"dim": 32, "n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "norm_eps": 1e-5}
    (folder / "params.json").write_text(json.dumps(params | {"vocab_size": -1}))
    (folder / "tokenizer.model").write_bytes(tokenizer_model())
    assert f"{pieces} piece" in inspect_source(folder).what
    same_tensors(hf, converted(folder, tmp_path / "meta.gguf"))


def test_llama3_tokens_get_the_specials_that_stand_in_metas_code(tmp_path: Path) -> None:
    (tmp_path / "hf").mkdir()
    folder = write_folder(tmp_path / "hf" / "x", "llama")
    converted(folder, tmp_path / "hf.gguf")
    whole = as_meta(weights_of("llama"))
    write_torch(folder / "consolidated.00.pth", {name: x for name, (x, _) in whole.items()})
    (folder / "config.json").unlink()
    params = {"dim": 32, "n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "norm_eps": 1e-5}
    params |= {"rope_theta": 500000.0, "use_scaled_rope": True}
    (folder / "params.json").write_text(json.dumps(params))
    lines = [base64.b64encode(bytes([byte])) + b" %d" % byte for byte in range(256)]
    (folder / "tokenizer.model").write_bytes(b"\n".join(lines))
    file = converted(folder, tmp_path / "out.gguf")
    assert file.metadata["tokenizer.ggml.pre"] == "llama-bpe"
    assert file.metadata["tokenizer.ggml.tokens"][256] == "<|begin_of_text|>"
    assert file.metadata["tokenizer.ggml.tokens"][265] == "<|eot_id|>"
    assert file.metadata["tokenizer.ggml.bos_token_id"] == 256
    factors = file.raw("rope_freqs.weight").view("<f4")[0]
    assert factors[0] == 1.0
    assert factors[-1] == 8.0


def test_a_piece_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "params.json").write_text(json.dumps({"dim": 32}))
    write_torch(tmp_path / "consolidated.01.pth", {"a": np.ones(2, np.float32)})
    with pytest.raises(Exception, match="one is missing"):
        drive(convert(tmp_path, tmp_path / "out.gguf"))


def llmc_file(arrays: Arrays, version: int) -> bytes:
    config = CONFIGS["gpt2"]
    padded = 320 if version > 1 else N_VOCAB
    header = [20240326, version, config["n_positions"], N_VOCAB, 2, 4, 32, padded]
    out = struct.pack("<256i", *header, *[0] * (256 - len(header)))
    wte = np.zeros((padded, 32), np.float32)
    wte[:N_VOCAB] = arrays["transformer.wte.weight"]
    tensors = [wte, arrays["transformer.wpe.weight"]]
    names = ["ln_1.weight", "ln_1.bias", "attn.c_attn.weight", "attn.c_attn.bias"]
    names += ["attn.c_proj.weight", "attn.c_proj.bias", "ln_2.weight", "ln_2.bias"]
    names += ["mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias"]
    for name in names:
        layers = [arrays[f"transformer.h.{i}.{name}"] for i in range(2)]
        tensors += [values.T if values.ndim == 2 else values for values in layers]
    tensors += [arrays["transformer.ln_f.weight"], arrays["transformer.ln_f.bias"]]
    data = b"".join(np.ascontiguousarray(values).tobytes() for values in tensors)
    if version == 5:
        whole = np.frombuffer(data, np.uint32)
        data = (whole >> 16).astype(np.uint16).tobytes()
    return out + data


@pytest.mark.parametrize("version", [1, 3, 5])
def test_llmc_checkpoints_are_the_gpt2_they_came_from(version: int, tmp_path: Path) -> None:
    arrays = weights_of("gpt2")
    if version == 5:  # keep what 16 bits hold, so that files can be compared bit for bit
        for name, values in arrays.items():
            cut = values.view(np.uint32) & np.uint32(0xFFFF0000)
            arrays[name] = cut.view(np.float32)
    folder = write_folder(tmp_path / "hf", "gpt2")
    write_safetensors(folder / "model.safetensors", arrays)
    hf = converted(folder, tmp_path / "hf.gguf", out_type="f32")
    path = tmp_path / "gpt2.bin"
    path.write_bytes(llmc_file(arrays, version))
    tokenizer = folder / "tokenizer.json"
    found = converted(path, tmp_path / "c.gguf", tokenizer=tokenizer, out_type="f32")
    same_tensors(hf, found)


def test_llmc_tokenizers_get_their_merges_back(tmp_path: Path) -> None:
    tokens = [bytes([byte]) for byte in range(256)] + [b"th", b"the", b" the"]
    raw = struct.pack("<3I", 20240328, 2, len(tokens) + 1) + bytes(1024 - 12)
    for token in (*tokens, b"<|endoftext|>"):
        raw += bytes([len(token)]) + token
    (tmp_path / "gpt2_tokenizer.bin").write_bytes(raw)
    arrays = weights_of("gpt2")
    (tmp_path / "m.bin").write_bytes(llmc_file(arrays, 3))
    found = converted(tmp_path / "m.bin", tmp_path / "c.gguf")
    space = printable_bytes()[32]
    assert found.metadata["tokenizer.ggml.merges"][:] == ["t h", "th e", f"{space} the"]
    assert found.metadata["tokenizer.ggml.eos_token_id"] == 259


@pytest.mark.parametrize("name", ["stories260K.bin", "checkpoint_v1.bin", "stories260K-q8.bin"])
def test_llama2c_files_tell_the_published_story(name: str, tmp_path: Path) -> None:
    published = shared_data("stories260K", "stories260K.md").read_text(encoding="utf-8")
    out = tmp_path / "stories.gguf"
    tokenizer = shared_data("stories260K", "tok512.bin")
    converted(shared_data("stories260K", name), out, tokenizer=tokenizer)
    model = drive(open_model(out, REFERENCE, "x"))
    sequence = model.backend.new_sequence()
    tokens, said = model.tokenizer.encode("Once upon a time"), []
    for _ in range(48):
        logits = model.backend.run([BatchEntry(sequence, np.array(tokens, np.int32))])
        tokens = [int(logits[-1].argmax())]
        said += tokens
    text = "Once upon a time" + str(model.tokenizer.decode(said))
    assert len(text) > 120
    assert text in published


def test_llama2c_version_0_equals_the_gguf_of_others(tmp_path: Path) -> None:
    other = open_gguf(shared_data("stories260K", "stories260K.gguf"))
    tokenizer = shared_data("stories260K", "tok512.bin")
    source = shared_data("stories260K", "stories260K.bin")
    found = converted(source, tmp_path / "a.gguf", tokenizer=tokenizer)
    for name, info in found.tensors.items():
        assert other.tensors[name].shape == info.shape
        np.testing.assert_array_equal(found.raw(name), other.raw(name), err_msg=name)
    for key in ("tokens", "token_type"):
        full = f"tokenizer.ggml.{key}"
        assert list(found.metadata[full]) == list(other.metadata[full])


def llama2c_file(vocab: int) -> bytes:
    """A checkpoint of llama2.c, version 0, with the output in the embedding."""
    n_embd, n_ff, n_head, n_ctx = 16, 24, 2, 32
    count = vocab * n_embd + n_embd + 4 * n_embd * n_embd + n_embd + 3 * n_embd * n_ff
    count += n_embd + 2 * n_ctx * (n_embd // n_head // 2)
    values = np.random.RandomState(4).standard_normal(count).astype(np.float32)
    return struct.pack("<7i", n_embd, n_ff, 1, n_head, n_head, vocab, n_ctx) + values.tobytes()


def llama2c_tokenizer(size: int) -> bytes:
    out = struct.pack("<i", 8)
    for i in range(size):
        text = f"<0x{i - 3:02X}>" if 3 <= i < 20 else f" w{i}"
        out += struct.pack("<fi", -float(i), len(text)) + text.encode()
    return out


def in_folder(folder: Path, vocab: int) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "it.bin").write_bytes(llama2c_file(vocab))
    return folder / "it.bin"


@pytest.mark.parametrize("name", ["tok105.model", "tokenizer.model", "anything.model"])
def test_a_sentencepiece_file_beside_llama2c_weights_serves(name: str, tmp_path: Path) -> None:
    path = in_folder(tmp_path / "m", 105)
    (path.parent / name).write_bytes(tokenizer_model(105, with_bytes=False))
    file = converted(path, tmp_path / "o.gguf")
    tokens = list(file.metadata["tokenizer.ggml.tokens"])
    assert (len(tokens), tokens[:4]) == (105, ["<unk>", "<s>", "</s>", "\u2581a0"])
    assert list(file.metadata["tokenizer.ggml.token_type"])[:5] == [2, 3, 3, 1, 1]
    assert file.metadata["tokenizer.ggml.bos_token_id"] == 1
    assert file.metadata["tokenizer.ggml.add_bos_token"] is True


def given_kinds(folder: Path) -> dict[str, Path]:
    """The same size of vocabulary in all kinds of files, none under its usual name."""
    write_folder(folder, "llama")
    table = json.loads((folder / "tokenizer.json").read_text())["model"]
    (folder / "merges.txt").write_text("\n".join(" ".join(pair) for pair in table["merges"]))
    (folder / "vocab.json").write_text(json.dumps(table["vocab"]))
    (folder / "tokenizer.json").rename(folder / "whole.bin")
    (folder / "pieces.json").write_bytes(tokenizer_model())
    (folder / "export.model").write_bytes(llama2c_tokenizer(N_VOCAB))
    lines = [base64.b64encode(bytes([byte])) + b" %d" % byte for byte in range(256)]
    (folder / "ranks.bin").write_bytes(b"\n".join(lines))
    raw = struct.pack("<3I", 20240328, 2, 256) + bytes(1024 - 12)
    (folder / "gpt.model").write_bytes(raw + b"".join(bytes([1, byte]) for byte in range(256)))
    names = ("whole.bin", "pieces.json", "export.model", "ranks.bin", "gpt.model", "vocab.json")
    return {name: folder / name for name in (*names, "merges.txt")}


@pytest.mark.parametrize("source", ["llama2c", "meta", "folder"])
def test_a_given_tokenizer_is_judged_by_its_content(source: str, tmp_path: Path) -> None:
    given = given_kinds(tmp_path / "given")
    if source == "llama2c":
        path = in_folder(tmp_path / "m", N_VOCAB)
    else:
        path = write_folder(tmp_path / "m", "llama")
        (path / "tokenizer.json").unlink()
    if source == "meta":
        (path / "config.json").unlink()
        whole = as_meta(weights_of("llama"))
        write_torch(path / "consolidated.00.pth", {name: x for name, (x, _) in whole.items()})
        params = {"dim": 32, "n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "norm_eps": 1e-5}
        (path / "params.json").write_text(json.dumps(params))
    for name, tokenizer in given.items():
        out = tmp_path / f"{name}.gguf"
        file = converted(path, out, tokenizer=tokenizer)
        kind = "llama" if name in ("pieces.json", "export.model") else "gpt2"
        assert file.metadata["tokenizer.ggml.model"] == kind, name
        assert len(file.metadata["tokenizer.ggml.tokens"]) == N_VOCAB, name


def test_a_tokenizer_of_another_size_is_another_model_s(tmp_path: Path) -> None:
    path = in_folder(tmp_path / "m", 105)
    (path.parent / "tokenizer.bin").write_bytes(llama2c_tokenizer(512))
    with pytest.raises(ChaskiError, match="512 tokens, but the model's embedding 105 rows"):
        converted(path, tmp_path / "a.gguf")
    (path.parent / "tok.model").write_bytes(tokenizer_model(105, with_bytes=False))
    converted(path, tmp_path / "b.gguf")  # the next one fits
    for size in (50, 200):
        (tmp_path / "t.model").write_bytes(tokenizer_model(size, with_bytes=False))
        with pytest.raises(ChaskiError, match=f"{size} tokens, but"):
            converted(path, tmp_path / "c.gguf", tokenizer=tmp_path / "t.model")


def test_what_is_no_tokenizer_is_told(tmp_path: Path) -> None:
    path = in_folder(tmp_path / "m", 105)
    path = path.rename(path.with_name("tokens.bin"))  # itself no tokenizer, whatever its name
    with pytest.raises(ChaskiError, match=r"neither tok105.bin nor tokenizer.bin"):
        converted(path, tmp_path / "a.gguf")
    for name, content, words in (
        ("config.json", b'{"a": "b"}', "holds no vocabulary"),
        ("x.model", b"hello, this is no tokenizer at all", "no tokenizer that is known"),
        ("half.bin", llama2c_tokenizer(105)[:-3], "is broken: token 104"),
        ("vocab.json", b'{"a": 0}', r"merges.txt is missing"),
        ("empty.bin", b"", "holds no tokens"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ChaskiError, match=words):
            converted(path, tmp_path / "a.gguf", tokenizer=tmp_path / name)


def test_a_vocabulary_without_bytes_has_none(tmp_path: Path) -> None:
    path = in_folder(tmp_path / "m", 105)
    (path.parent / "tok105.bin").write_bytes(llama2c_tokenizer(105))
    file = converted(path, tmp_path / "a.gguf")
    assert list(file.metadata["tokenizer.ggml.token_type"]).count(6) == 17


def test_adapters_need_a_folder_of_hugging_face(tmp_path: Path) -> None:
    path = in_folder(tmp_path / "m", 105)
    (path.parent / "tok105.bin").write_bytes(llama2c_tokenizer(105))
    lora = write_adapter_variant(tmp_path / "lora", ADAPTERS["plain"])
    with pytest.raises(ChaskiError, match="only be merged into a Hugging Face folder"):
        converted(path, tmp_path / "o.gguf", adapters=[(lora, 1.0)])


def meta_folder(folder: Path, **changes: Any) -> Path:
    folder.mkdir(exist_ok=True)
    whole = {name: x for name, (x, _) in as_meta(weights_of("llama")).items()}
    write_torch(folder / "consolidated.00.pth", whole)
    params = {"dim": 32, "n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "norm_eps": 1e-5}
    (folder / "params.json").write_text(json.dumps(params | changes))
    (folder / "tokenizer.model").write_bytes(tokenizer_model())
    return folder


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"quantization_args": {"group_size": 32}}, "quantization_args"),
        ({"lora_args": {"rank": 16}}, "lora_args"),
        ({"moe": {"num_experts": 8}}, "moe"),
        ({"head_dim": 16}, "head_dim is 16, but the weights have 8"),
        ({"hidden_dim": 64}, "hidden_dim is 64, but the weights have 48"),
        ({"vocab_size": 32000}, "vocab_size is 32000, but the weights have 300"),
    ],
)
def test_params_that_the_weights_contradict(
    changes: dict[str, Any], word: str, tmp_path: Path
) -> None:
    with pytest.raises(ChaskiError, match=word):
        converted(meta_folder(tmp_path / "m", **changes), tmp_path / "o.gguf")


def test_every_key_of_params_is_read_or_told(tmp_path: Path) -> None:
    told = {"sliding_window": 5, "head_dim": 8, "hidden_dim": 48, "multiple_of": 256, "loud": 3}
    told |= {"use_scaled_rope": True, "rope_scaling_factor": 32.0, "rope_theta": 500000.0}
    folder = meta_folder(tmp_path / "m", **told)
    notices = inspect_source(folder).notices
    assert [notice for notice in notices if "loud" in notice and "multiple_of" not in notice]
    file = converted(folder, tmp_path / "o.gguf")
    assert file.metadata["llama.attention.sliding_window"] == 5
    assert file.raw("rope_freqs.weight").view("<f4")[0, -1] == 32.0
