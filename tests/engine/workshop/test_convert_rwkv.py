"""RWKV's own files: the same model as its folder, whose logits are held against RWKV's program."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.rewritten import read_floats
from helpers.rwkv_files import own_names, write_own, write_world
from helpers.tiny_checkpoints import weights_of, write_folder
from helpers.torch_files import write_torch

from engine.base.errors import ChaskiError, FormatError, UnsupportedError, UsageError
from engine.text.tokenizer import make_tokenizer
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert, inspect_source
from engine.workshop.convert.vocabulary.any_file import fill
from engine.workshop.convert.vocabulary.lists import NORMAL, VocabularyLists


def contents(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Keys of the architecture, and all tensors."""
    keys, arrays = read_floats(path)
    return {key: value for key, value in keys.items() if key.startswith("rwkv")}, arrays


@pytest.mark.parametrize("name", ["rwkv6", "rwkv6_one_head", "rwkv7", "rwkv7_one_head"])
def test_one_file_is_the_folder(name: str, tmp_path: Path) -> None:
    drive(convert(write_folder(tmp_path / "hf", name), tmp_path / "folder.gguf"))
    write_world(tmp_path)
    drive(convert(write_own(tmp_path / "RWKV-x.pth", name), tmp_path / "own.gguf"))
    (keys, tensors), (other_keys, others) = map(
        contents, (tmp_path / "own.gguf", tmp_path / "folder.gguf")
    )
    assert keys == other_keys
    assert tensors.keys() == others.keys()
    for each in tensors:
        np.testing.assert_array_equal(tensors[each], others[each], each)
    with open_gguf(tmp_path / "own.gguf") as file:
        tokenizer = make_tokenizer(file.metadata)
        assert file.told_str("general.name") == "RWKV-x"
    text = "the 世界\n\n ünd"
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert 0 in tokenizer.end_ids


def test_values_of_the_first_layer_are_nobodys(tmp_path: Path) -> None:
    """RWKV saves matrices there that it never reads."""
    write_world(tmp_path)
    junk = {f"blocks__0__att__v{i}": np.ones((3, 5), np.float32) for i in range(3)}
    path = write_own(tmp_path / "m.pth", "rwkv7", **junk)
    assert inspect_source(path).notices == inspect_source(write_own(path, "rwkv7")).notices


def test_the_vocabulary_must_lie_beside_it_or_be_named(tmp_path: Path) -> None:
    path = write_own(tmp_path / "m.pth", "rwkv7")
    with pytest.raises(FormatError, match=r"put 20B_tokenizer.json.* into the same folder, or"):
        inspect_source(path)
    (tmp_path / "apart").mkdir()
    words = write_world(tmp_path / "apart")
    assert inspect_source(path, tokenizer=words).architecture == "rwkv7"
    assert inspect_source(path, tokenizer=words.parent).architecture == "rwkv7"
    few = write_world(tmp_path, 258)
    few.write_text("\n".join(few.read_text("utf-8").splitlines()[:100]) + "\n", "utf-8")
    with pytest.raises(FormatError, match="do not belong together"):
        inspect_source(path)


def test_world_is_named_where_it_is_wanted(tmp_path: Path) -> None:
    own = dict(own_names("rwkv7", weights_of("rwkv7_one_head")))
    for name in ("emb.weight", "head.weight"):
        own[name] = np.zeros((65536, 64), np.float32)
    path = write_torch(tmp_path / "m.pth", {k: np.ascontiguousarray(v) for k, v in own.items()})
    with pytest.raises(FormatError, match=r"put rwkv_vocab_v20230424.txt, which comes with RWKV"):
        inspect_source(path)


def test_a_folder_of_one_file(tmp_path: Path) -> None:
    write_world(tmp_path)
    write_own(tmp_path / "a.pth", "rwkv6")
    assert inspect_source(tmp_path).what == "RWKV checkpoint, version 6"
    write_own(tmp_path / "b.pth", "rwkv7")
    with pytest.raises(UsageError, match="holds 2 checkpoints"):
        inspect_source(tmp_path)


def changed(tmp_path: Path, name: str, gone: str = "", **values: np.ndarray) -> Path:
    write_world(tmp_path)
    own = dict(own_names(name, weights_of(name)))
    own = {key: each for key, each in own.items() if not gone or gone not in key}
    own |= {key.replace("__", "."): each for key, each in values.items()}
    return write_torch(tmp_path / "m.pth", {k: np.ascontiguousarray(v) for k, v in own.items()})


ROW, SEVEN = np.zeros(3, np.float32), np.zeros((2, 7), np.float32)


@pytest.mark.parametrize(
    ("name", "gone", "values", "kind", "words"),
    [
        ("rwkv6", "time_maa_x", {}, UnsupportedError, "version 5 or before"),
        ("rwkv7", "blocks.0.att.g1", {}, FormatError, "tensor blocks.0.att.g1 is missing"),
        ("rwkv7", "", {"emb__weight": ROW}, FormatError, "tensor emb.weight is missing or has"),
        ("rwkv7", "", {"blocks__0__att__r_k": ROW}, FormatError, "att.r_k is missing or has"),
        (
            "rwkv7",
            "",
            {"blocks__0__att__r_k": np.zeros((2, 7), np.float32)},
            UnsupportedError,
            "7e-05",
        ),
        ("rwkv7", "blocks.1.", {}, FormatError, "tensor blocks.1.ln1.weight is missing"),
        ("rwkv7", "att.x_v", {}, FormatError, "att.shares.0 is missing"),
        ("rwkv7", "", {"blocks__1__att__x_w": ROW}, ChaskiError, "do not fit together"),
        ("rwkv7", "", {"blocks__900__att__x_w": ROW}, FormatError, "asks for more layers"),
        ("rwkv6", "", {"blocks__1__att__time_maa_w2": ROW}, FormatError, "asks for 5 x 128 x 32"),
        ("rwkv6", "", {"blocks__1__att__odd": ROW}, UnsupportedError, "att.odd has no place"),
    ],
)
def test_what_does_not_fit_is_told(
    name: str, gone: str, values: Any, kind: type[ChaskiError], words: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=words):
        inspect_source(changed(tmp_path, name, gone, **values))


def test_other_checkpoints_are_not_taken_for_one(tmp_path: Path) -> None:
    path = write_torch(tmp_path / "m.pth", {"a.weight": np.zeros((2, 2), np.float32)})
    with pytest.raises(FormatError, match=r"m\.pth"):
        inspect_source(path)


def test_a_folder_of_world(tmp_path: Path) -> None:
    """The vocabulary and the small files that come with it."""
    folder = write_folder(tmp_path / "hf", "rwkv7")
    for path in folder.glob("tokenizer*.json"):
        path.unlink()
    with pytest.raises(FormatError, match=r"put rwkv_vocab_v20230424.txt.* into that folder"):
        inspect_source(folder)
    write_world(folder)
    end = "<|rwkv_tokenizer_end_of_text|>"
    (folder / "added_tokens.json").write_text(f'{{"{end}": 0}}')
    (folder / "tokenizer_config.json").write_text(
        f'{{"bos_token": "{end}", "eos_token": "{end}", "tokenizer_class": "RwkvTokenizer"}}'
    )
    numbers = {"bos_token_id": 1, "eos_token_id": 2}  # fla's usual ones, of no use here
    (folder / "generation_config.json").write_text(json.dumps(numbers))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | numbers))
    out = tmp_path / "out.gguf"
    drive(convert(folder, out))
    with open_gguf(out) as file:
        tokenizer = make_tokenizer(file.metadata)
        assert file.metadata["tokenizer.ggml.eos_token_id"] == 0
    assert tokenizer.end_ids == {0, 257}
    assert tokenizer.encode(end, parse_special=True) == [0]
    assert tokenizer.encode("the 世界\n") == [*b"uif!", 259, 11]
    assert tokenizer.decode(tokenizer.encode("the 世界")) == "the 世界"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("name", ["vocab.txt", "rwkv_vocab_v20230424.txt"])
def test_a_pipe_in_the_place_of_a_vocabulary_is_not_waited_for(name: str, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "rwkv7")
    for path in folder.glob("tokenizer*.json"):
        path.unlink()
    os.mkfifo(folder / name)
    with pytest.raises(ChaskiError):
        inspect_source(folder)


@pytest.mark.parametrize(("n_tokens", "n_told"), [(65530, 0), (65529, 1)])
def test_rows_that_every_model_of_world_has_too_many_are_not_told(
    n_tokens: int, n_told: int
) -> None:
    found, notices = VocabularyLists("rwkv", ["x"] * n_tokens, [NORMAL] * n_tokens), list[str]()
    fill(found, 65536, notices)
    assert len(found.tokens) == 65536
    assert len(notices) == n_told
