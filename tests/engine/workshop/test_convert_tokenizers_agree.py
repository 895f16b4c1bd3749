"""Every tokenizer.json that is accepted cuts text as the tokenizers library cuts it."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from helpers.trained_tokenizers import (
    BYTE_LEVEL,
    LLAMA3,
    PREPEND,
    UNDERLINE,
    WORDS,
    added,
    all_pairs,
    byte_fallback,
    byte_level,
    sequence,
    split,
)

from engine.text.own_keys import MERGES
from engine.text.tokenizer import Tokenizer, make_tokenizer
from engine.workshop.convert.vocabulary.read import read_tokenizer

SIZE = 600
PIECES = [
    *WORDS.split(" ")[:30], " ", "  ", "   ", "\n", "\n\n", "\t", "é", "e\u0301", "世", "🦙", "▁",
    "12345", ".", "'s", "\xa0", "ﬁ", "ｈ", "<|a|>", "<|a|>", "<tool>", " <|a|> ", "<s>", "</s>",
    "<0x41>", "\r\n", "\u200b", "x", "\x00", "Å", "\u1e9b\u0323",
]  # fmt: skip
MARKS = [added("<|a|>", 560), added("<tool>", 561, special=False)]
TEMPLATE = {
    "type": "TemplateProcessing",
    "single": [
        {"SpecialToken": {"id": "<|a|>", "type_id": 0}},
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    ],
    "pair": [],
    "special_tokens": {
        "<|a|>": {"id": "<|a|>", "ids": [560], "tokens": ["<|a|>"]},
        "<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]},
        "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]},
    },
}
ROBERTA = {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}
ROBERTA |= {"trim_offsets": True, "add_prefix_space": False}
METASPACE = {"type": "Metaspace", "replacement": "▁"}


def metaspace(scheme: str, cut: bool) -> dict[str, Any]:
    return METASPACE | {"prepend_scheme": scheme, "split": cut}


def flags(**values: bool) -> list[dict[str, Any]]:
    return [added("<|a|>", 560, **values), added("<tool>", 561, special=False, **values)]


CASES: dict[str, dict[str, Any]] = {
    "byte level": byte_level(added=MARKS),
    "two first": byte_level(added=MARKS, post_processor=TEMPLATE),
    "both ends": byte_level(post_processor=ROBERTA),
    "several processors": byte_level(
        added=MARKS,
        post_processor=sequence("processors", BYTE_LEVEL, TEMPLATE),
    ),
    "only bytes": byte_level(post_processor=BYTE_LEVEL),
    "nfc": byte_level(normalizer={"type": "NFC"}),
    "nfkc": byte_level(normalizer=sequence("normalizers", {"type": "NFKC"}), added=MARKS),
    "nfkd": byte_level(normalizer=sequence("normalizers", {"type": "NFD"}, {"type": "NFKD"})),
    "ignore merges": byte_level(model={"ignore_merges": True}),
    "llama 3": byte_level(
        pre_tokenizer=sequence(
            "pretokenizers", split(LLAMA3), BYTE_LEVEL | {"use_regex": False}
        )
    ),
    "all is kept": byte_level(
        pre_tokenizer=sequence(
            "pretokenizers", split(LLAMA3, "Removed", True), BYTE_LEVEL | {"use_regex": False}
        )
    ),
    "own expression": byte_level(
        pre_tokenizer=sequence(
            "pretokenizers",
            {"type": "Digits", "individual_digits": False},
            {"type": "Punctuation", "behavior": "Contiguous"},
            split("[a-l]+", invert=True),
            {"type": "Split", "pattern": {"String": "el"}, "behavior": "Isolated", "invert": False},
            BYTE_LEVEL,
        )
    ),
    "lstrip": byte_level(added=flags(lstrip=True)),
    "rstrip": byte_level(added=flags(rstrip=True)),
    "single word": byte_level(added=flags(single_word=True)),
    "all flags": byte_level(added=flags(single_word=True, lstrip=True, rstrip=True)),
    "no merges": byte_level(model={"merges": []}),
    "unknown token": byte_level(model={"unk_token": "<unk>", "fuse_unk": True}),
    "prepend": byte_fallback(added=MARKS),
    "prepend, all pairs": all_pairs(byte_fallback(added=MARKS)),
    "no prefix": byte_fallback(normalizer=UNDERLINE),
    "replace first": byte_fallback(normalizer=sequence("normalizers", UNDERLINE, PREPEND)),
    "prepend and flags": byte_fallback(added=flags(lstrip=True, rstrip=True)),
    "found in normalized text": byte_fallback(added=flags(normalized=True)),
    "found in text with a space": byte_fallback(added=flags(normalized=True, rstrip=True)),
    "normalized without prefix": byte_fallback(
        normalizer=UNDERLINE, added=[*flags(normalized=True), added("a b", 562, normalized=True)]
    ),
    "normalized, metaspace": byte_fallback(
        normalizer=None, pre_tokenizer=METASPACE, added=flags(normalized=True, single_word=True)
    ),
    "normalized, bytes": byte_level(
        normalizer={"type": "NFC"}, added=flags(normalized=True, lstrip=True)
    ),
    "gemma": byte_fallback(
        normalizer=UNDERLINE,
        pre_tokenizer={
            "type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
            "invert": False,
        },
        added=MARKS,
    ),
    "lines apart": byte_fallback(
        pre_tokenizer={
            "type": "Split", "pattern": {"String": "\n"}, "behavior": "Isolated", "invert": False,
        }
    ),
    "whole words": byte_fallback(model={"ignore_merges": True}),
    "forms": byte_fallback(
        normalizer=sequence("normalizers", {"type": "NFKC"}, PREPEND, UNDERLINE)
    ),
    "digits": byte_fallback(pre_tokenizer={"type": "Digits", "individual_digits": True}),
    "prepend and metaspace": byte_fallback(pre_tokenizer=metaspace("first", False)),
}  # fmt: skip
for _scheme in ("first", "always", "never"):
    for _cut in (False, True):
        CASES[f"metaspace {_scheme}{', cut' * _cut}"] = byte_fallback(
            normalizer=None, pre_tokenizer=metaspace(_scheme, _cut), added=MARKS
        )


def converted(folder: Path, tokenizer: dict[str, Any], **settings: Any) -> tuple[Tokenizer, Any]:
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    named = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"} | settings
    (folder / "tokenizer_config.json").write_text(json.dumps(named), encoding="utf-8")
    keys = read_tokenizer(folder, SIZE, {}, [])
    return make_tokenizer(keys), keys


def texts(seed: int) -> list[str]:
    chance = random.Random(seed)
    drawn = ["".join(chance.choices(PIECES, k=chance.randint(0, 12))) for _ in range(150)]
    return ["", " ", "hello", " hello", "<|a|>hello", "<|a|> hello", *drawn]


@pytest.mark.parametrize("name", CASES)
def test_ids_are_those_of_the_library(name: str, tmp_path: Path) -> None:
    import tokenizers

    case = json.loads(json.dumps(CASES[name]))
    # The library gives added tokens the next free ids; so the vocabulary is filled up to theirs.
    vocab = case["model"]["vocab"]
    for ident in range(max(vocab.values()) + 1, 560):
        vocab[f"\u4e00{ident}"] = ident
    library = tokenizers.Tokenizer.from_str(json.dumps(case))
    ours, _ = converted(tmp_path, case)
    assert ours.notice is None
    for text in texts(len(name)):
        wanted = library.encode(text).ids
        assert ours.encode(text, parse_special=True) == wanted, text
        wanted = library.encode(text, add_special_tokens=False).ids
        assert ours.encode(text, add_special=False, parse_special=True) == wanted, text


def test_pairs_are_carried_only_where_scores_cannot_say_them(tmp_path: Path) -> None:
    assert MERGES in converted(tmp_path, CASES["prepend"])[1]
    assert MERGES not in converted(tmp_path, CASES["prepend, all pairs"])[1]
