"""tokenizer.model files, trained on the spot, against the sentencepiece library itself."""

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from helpers.trained_tokenizers import WORDS, added, byte_fallback

from engine.base.errors import UnsupportedError
from engine.text.tokenizer import Tokenizer, make_tokenizer
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.workshop.convert.vocabulary.read import read_tokenizer

PIECES = [
    *WORDS.split(" ")[:30], " ", "  ", "   ", "\n", "\t", "é", "e\u0301", "世", "🦙", "▁", "12",
    "ｈ", "ﬁ", "<x>", "[INST]", "<y>", "\xa0", "\u3000", "\u200b", "Å",
]  # fmt: skip
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "nfkc": {"normalization_rule_name": "nmt_nfkc"},
    "nfkc, small letters": {"normalization_rule_name": "nmt_nfkc_cf"},
    "no prefix": {"add_dummy_prefix": False},
    "all spaces": {"remove_extra_whitespaces": False},
    "nfkc, all spaces": {
        "normalization_rule_name": "nmt_nfkc", "remove_extra_whitespaces": False,
    },
    "no bytes": {"byte_fallback": False, "vocab_size": 170},
    "user's symbols": {"user_defined_symbols": ["<x>", "lily", "▁▁", "▁▁▁", "[INST]"]},
    "user's symbols, no prefix": {
        "user_defined_symbols": ["<x>", "▁▁", "▁▁▁▁"], "add_dummy_prefix": False,
        "remove_extra_whitespaces": False,
    },
    "control symbols": {"control_symbols": ["<y>", "[INST]"]},
    "other ids": {"bos_id": -1, "eos_id": 3, "pad_id": 5, "unk_id": 0},
    "words of several": {"split_by_whitespace": False},
    "digits": {"split_digits": True},
}  # fmt: skip


def trained(**kind: Any) -> bytes:
    import sentencepiece

    out = io.BytesIO()
    settings: dict[str, Any] = {
        "model_type": "bpe",
        "byte_fallback": True,
        "normalization_rule_name": "identity",
        "vocab_size": 430,
        "character_coverage": 0.99,
        "hard_vocab_limit": False,
        "minloglevel": 2,
    }
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([WORDS.replace("\n", " ")] * 5),
        model_writer=out,
        **settings | kind,
    )
    return out.getvalue()


def read(folder: Path, model: bytes, size: int) -> tuple[Tokenizer, dict[str, Any], list[str]]:
    (folder / "tokenizer.model").write_bytes(model)
    notices: list[str] = []
    keys = read_tokenizer(folder, size, {}, notices)
    tokens = keys["tokenizer.ggml.tokens"]
    keys["tokenizer.ggml.tokens"] = [t.decode() if isinstance(t, bytes) else t for t in tokens]
    return make_tokenizer(keys), keys, notices


@pytest.mark.parametrize("name", KINDS)
def test_ids_are_those_of_sentencepiece(name: str, tmp_path: Path) -> None:
    import sentencepiece

    model = trained(**KINDS[name])
    theirs = sentencepiece.SentencePieceProcessor(model_proto=model)
    ours, _, _ = read(tmp_path, model, theirs.GetPieceSize())
    ends = [theirs.bos_id(), theirs.eos_id(), theirs.unk_id()]
    assert [-1 if e is None else e for e in (ours.bos_id, ours.eos_id, ours.unknown_id)] == ends
    chance = random.Random(name)
    for _ in range(200):
        text = "".join(chance.choices(PIECES, k=chance.randint(0, 9)))
        assert ours.encode(text, add_special=False) == theirs.EncodeAsIds(text), text


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ({"treat_whitespace_as_suffix": True}, "treat_whitespace_as_suffix"),
        ({"model_type": "unigram", "vocab_size": 400}, "unigram"),
    ],
)
def test_what_gguf_cannot_say_is_refused(kind: dict[str, Any], word: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match=word):
        read(tmp_path, trained(**kind), 600)


def test_bos_is_told_where_nobody_says(tmp_path: Path) -> None:
    ours, keys, notices = read(tmp_path, trained(), 430)
    assert ours.encode("")[:1] == [1]
    assert keys["tokenizer.ggml.add_bos_token"] is True
    assert "add_bos_token" in notices[0]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"add_bos_token": False}))
    ours, keys, notices = read(tmp_path, trained(), 430)
    assert ours.encode("") == []
    assert not notices


def test_own_keys_come_back_from_a_file(tmp_path: Path) -> None:
    """Merges as pairs, flags, several first tokens and ends, through a GGUF file and back."""
    case = byte_fallback(
        added=[added("<|a|>", 450, rstrip=True)],
        normalizer=None,
        pre_tokenizer={"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"},
    )
    items = [{"SpecialToken": {"id": text, "type_id": 0}} for text in ("<|a|>", "<s>")]
    case["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [*items, {"Sequence": {"id": "A", "type_id": 0}}],
        "special_tokens": {"<|a|>": {"ids": [450]}, "<s>": {"ids": [1]}},
    }
    (tmp_path / "tokenizer.json").write_text(json.dumps(case), encoding="utf-8")
    settings = {"bos_token": "<s>", "eos_token": "</s>"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    keys = read_tokenizer(tmp_path, 600, {"eos_token_id": [2, 5, 6, 7]}, [])
    with GGUFWriter(tmp_path / "out.gguf") as file:
        file.set_all({"general.architecture": "llama"} | keys)
    with open_gguf(tmp_path / "out.gguf") as found:
        ours, direct = make_tokenizer(found.metadata), make_tokenizer(keys)
        text = "hello <|a|>  world\n</s>a"
        assert ours.encode(text, parse_special=True) == direct.encode(text, parse_special=True)
        assert ours.encode("x")[:2] == [450, 1]
        assert ours.end_ids == {2, 5, 6, 7}
