"""Tokenizers of other programs, against the vocabularies that llama.cpp ships for its tests."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.data import shared_data
from helpers.tiny_checkpoints import N_VOCAB, write_tokenizer

from engine.base.errors import FormatError, UnsupportedError
from engine.text.tokenizer import make_tokenizer
from engine.text.tokenizer_bpe import printable_bytes
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert.vocabulary.pre import pre_keys
from engine.workshop.convert.vocabulary.ranks import halves, is_tiktoken, read_tiktoken
from engine.workshop.convert.vocabulary.read import read_tokenizer
from engine.workshop.convert.vocabulary.sentencepiece_file import read_sentencepiece
from engine.workshop.convert.vocabulary.tokenizer_json import (
    read_merges_file,
    read_tokenizer_json,
)

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}


def split(regex: str, behavior: str = "Isolated") -> dict[str, Any]:
    return {"type": "Split", "pattern": {"Regex": regex}, "behavior": behavior, "invert": False}


def sequence(*steps: Any) -> dict[str, Any]:
    return {"pre_tokenizer": {"type": "Sequence", "pretokenizers": list(steps)}}


@pytest.mark.parametrize(
    ("tokenizer", "ignore_merges", "name"),
    [
        (sequence(split(LLAMA3), BYTES), True, "llama-bpe"),
        (sequence(split(LLAMA3), BYTES), False, "dbrx"),
        (sequence(split(LLAMA3.replace("{1,3}", "")), BYTES), False, "qwen2"),
        ({"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False}}, False, "gpt-2"),
        (
            sequence({"type": "Digits", "individual_digits": True}, BYTES | {"use_regex": True}),
            False,
            "starcoder",
        ),
    ],
)
def test_the_way_of_cutting_is_known_by_its_expressions(
    tokenizer: dict[str, Any], ignore_merges: bool, name: str
) -> None:
    assert pre_keys(tokenizer, ignore_merges) == {"pre": name}


def test_an_unknown_way_of_cutting_is_carried_and_obeyed() -> None:
    keys = pre_keys(sequence(split(r"[abc]+|."), BYTES), False)
    assert keys["pre"] == "chaski-regex"
    letters = list(printable_bytes().values())
    metadata = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": [*letters, "ab", "de"],
        "tokenizer.ggml.merges": ["a b", "d e"],
        "tokenizer.ggml.pre": keys.pop("pre"),
    }
    tokenizer = make_tokenizer(metadata | keys)
    assert tokenizer.notice is None
    assert [tokenizer.text_of(i) for i in tokenizer.encode("abde")] == ["ab", "d", "e"]


@pytest.mark.parametrize(
    "step",
    [
        None,
        {"type": "BertPreTokenizer"},
        {"type": "ByteLevel", "add_prefix_space": True},
        split("x", "MergedWithNext"),
        {"type": "Split", "behavior": "Isolated"},
    ],
)
def test_what_cannot_be_said_is_refused(step: Any) -> None:
    with pytest.raises(UnsupportedError, match="pre_tokenizer"):
        pre_keys({"pre_tokenizer": step}, False)


def test_llama2_sentencepiece_equals_llama_cpps_vocabulary() -> None:
    found = read_sentencepiece(shared_data("tokenizers", "llama2-tokenizer.model")).metadata()
    other = open_gguf(shared_data("vocab", "ggml-vocab-llama-spm.gguf")).metadata
    assert [str(t, "utf-8") if isinstance(t, bytes) else t for t in found["tokenizer.ggml.tokens"]]
    tokens = [bytes(t).decode() for t in found["tokenizer.ggml.tokens"]]
    assert tokens == list(other["tokenizer.ggml.tokens"])
    for key in ("scores", "token_type"):
        np.testing.assert_array_equal(
            found[f"tokenizer.ggml.{key}"], other[f"tokenizer.ggml.{key}"]
        )
    for key in ("bos", "eos", "unknown"):
        assert found[f"tokenizer.ggml.{key}_token_id"] == other[f"tokenizer.ggml.{key}_token_id"]


def test_gpt2_files_equal_llama_cpps_vocabulary() -> None:
    folder = shared_data("tokenizers", "gpt2")
    vocab = next(folder.glob("*vocab.json"))
    merges = next(folder.glob("*merges.txt"))
    found = read_merges_file(vocab, merges).metadata()
    other = open_gguf(shared_data("vocab", "ggml-vocab-gpt-2.gguf")).metadata
    assert found["tokenizer.ggml.tokens"] == list(other["tokenizer.ggml.tokens"])
    assert found["tokenizer.ggml.merges"] == list(other["tokenizer.ggml.merges"])
    assert found["tokenizer.ggml.pre"] == other["tokenizer.ggml.pre"]


def test_ranks_give_the_merges_they_were_learned_with(tmp_path: Path) -> None:
    """GPT-2's own vocabulary, written as ranks, gets its own merges back."""
    other = open_gguf(shared_data("vocab", "ggml-vocab-gpt-2.gguf")).metadata
    table = {letter: byte for byte, letter in printable_bytes().items()}
    tokens = list(other["tokenizer.ggml.tokens"])[:8000]
    lines = []
    for rank, token in enumerate(tokens):
        raw = bytes(table[letter] for letter in token)
        lines.append(base64.b64encode(raw) + b" %d" % rank)
    path = tmp_path / "tokenizer.model"
    path.write_bytes(b"\n".join(lines) + b"\n")
    assert is_tiktoken(path)
    found = read_tiktoken(path)
    assert found.tokens == tokens
    assert found.merges == list(other["tokenizer.ggml.merges"])[: 8000 - 256]


def test_halves_follow_the_ranks() -> None:
    ranks = {b"a": 0, b"b": 1, b"c": 2, b"bc": 3, b"ab": 4, b"abc": 5}
    assert halves(b"abc", ranks) == [b"a", b"bc"]


def test_phi2_tokenizer_json_cuts_as_the_library_does(tmp_path: Path) -> None:
    import tokenizers

    path = next(shared_data("tokenizers", "phi-2").glob("*tokenizer.json"))
    library = tokenizers.Tokenizer.from_file(str(path))
    found = read_tokenizer_json(path)
    assert found.keys["pre"] == "gpt-2"
    ours = make_tokenizer(found.metadata())
    for text in ("Hello  world, it's 2024!\n\n\tx", "Grüße 東京 🙂", "    indented"):
        assert ours.encode(text, add_special=False) == library.encode(text).ids


FLAGS = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False) | {"special": True}


def llama_tokenizer_json() -> dict[str, Any]:
    """The kind that Llama 2's relatives have: characters, byte fallback, spaces as U+2581."""
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    merges = [("\u2581", "a"), ("b", "c"), ("a", "bc"), ("\u2581a", "b")]
    tokens += ["\u2581", "a", "b", "c", *(left + right for left, right in merges)]
    return {
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": "\u2581"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
            ],
        },
        "version": "1.0",
        "added_tokens": [{"id": i, "content": t, **FLAGS} for i, t in enumerate(tokens[:3])],
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
            ],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
        },
        "model": {
            "type": "BPE",
            "byte_fallback": True,
            "fuse_unk": True,
            "unk_token": "<unk>",
            "vocab": {text: i for i, text in enumerate(tokens)},
            "merges": [f"{left} {right}" for left, right in merges],
        },
    }


def test_bpe_with_byte_fallback_becomes_sentencepiece(tmp_path: Path) -> None:
    import tokenizers

    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(llama_tokenizer_json()), encoding="utf-8")
    found = read_tokenizer_json(path)
    assert found.kind == "llama"
    assert found.keys["add_space_prefix"]
    assert found.keys["add_bos_token"]
    assert not found.keys["add_eos_token"]
    ours = make_tokenizer(found.metadata() | {"tokenizer.ggml.bos_token_id": 1})
    library = tokenizers.Tokenizer.from_file(str(path))
    for text in ("abc ab bca", "a  b", "é abc\n", ""):
        wanted = library.encode(text, add_special_tokens=False).ids if text else []
        assert ours.encode(text, add_special=False) == wanted, text


def test_special_tokens_templates_and_padding(tmp_path: Path) -> None:
    write_tokenizer(tmp_path)
    (tmp_path / "chat_template.jinja").write_text("{{ messages }}", encoding="utf-8")
    added = {"301": {"content": "<|im_end|>", "special": True}}
    settings = json.loads((tmp_path / "tokenizer_config.json").read_text())
    settings |= {"added_tokens_decoder": added, "add_bos_token": True}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    (tmp_path / "generation_config.json").write_text(json.dumps({"eos_token_id": [1, 301]}))
    keys = read_tokenizer(tmp_path, 310, {}, [])
    tokens = keys["tokenizer.ggml.tokens"]
    assert len(tokens) == 310
    assert tokens[301] == "<|im_end|>"
    assert tokens[309] == "[PAD309]"
    assert keys["tokenizer.ggml.token_type"][[0, 301, 309]].tolist() == [3, 3, 5]
    assert keys["tokenizer.ggml.eot_token_id"] == 301
    assert keys["tokenizer.ggml.add_bos_token"] is False  # tokenizer.json has none, and counts
    assert keys["tokenizer.chat_template"] == "{{ messages }}"
    notices: list[str] = []
    assert len(read_tokenizer(tmp_path, 301, {}, notices)["tokenizer.ggml.tokens"]) == 301
    assert "1 added token" in notices[0]
    with pytest.raises(FormatError, match="do not belong together"):
        read_tokenizer(tmp_path, 200, {}, [])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"model": {"type": "WordPiece", "vocab": {"a": 0}}}, "WordPiece"),
        ({"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}}, "ids"),
        ({"model": {"type": "BPE", "vocab": {"a": 1 << 21}, "merges": []}}, "gaps"),
        ({"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["ab"]}}, "pair"),
        ({"model": {"type": "BPE", "vocab": {"a": 0}}}, "merges"),
        ({"model": 3}, "vocabulary"),
        ({"normalizer": {"type": "Lowercase"}}, "Lowercase"),
        ({"added_tokens": [{"id": "x", "content": 3}]}, "added token"),
    ],
)
def test_odd_tokenizers_are_refused(change: dict[str, Any], word: str, tmp_path: Path) -> None:
    write_tokenizer(tmp_path)
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises((FormatError, UnsupportedError), match=word):
        read_tokenizer_json(path)


@pytest.mark.parametrize("raw", [b"", b"hello", b"\x0a\xff\xff\xff\xff\x7f", b"\x0a\x02\x18\x63"])
def test_broken_sentencepiece_files_are_refused(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(raw)
    with pytest.raises(FormatError, match=r"tokenizer\.model"):
        read_sentencepiece(path)


def test_a_folder_without_a_tokenizer_says_so(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="has no tokenizer"):
        read_tokenizer(tmp_path, N_VOCAB, {}, [])
