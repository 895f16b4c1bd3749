"""WordPiece and Unigram tokenizers, converted, cut texts as the library cuts them."""

import base64
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from helpers.trained_tokenizers import WORDS, sequence

from engine.base.errors import ChaskiError
from engine.text.tokenizer import Tokenizer, make_tokenizer
from engine.workshop.convert.vocabulary.read import read_tokenizer
from engine.workshop.convert.vocabulary.sentencepiece_file import _fields

SIZE = 420
TEXTS = (
    WORDS + "Der schnelle Fuchs springt über Köln; été, naïve, niño ¿verdad? Быстрая лиса прыгает. "
    "الثعلب البني السريع 素早い茶色の狐が飛び越えます。 敏捷的狐狸跳过懒狗 빠른 갈색 여우 "
    "नमस्ते दुनिया สวัสดีชาวโลก Η γρήγορη αλεπού שלום עולם İstanbul ẞ 50% [yes] a.b@c.de well-known"
)
ODD = [
    " ", "  ", "\n", "\t", "\r\n", "\xa0", "\u3000", "\u200b", "\x00", "\x85", "\x1f", "\ufffd",
    "e\u0301", "\u0301", "ﬁ", "½", "²्ष", "™", "𠀀", "🦙", "각", "ば", "ﾊﾞ", "ǅ", "ς", "\xad", "▁",
    "##", ".", "...", "'", "$", "[UNK]", "<unk>", "[SEP]", "</s>", "a" * 101,
]  # fmt: skip
BERT = {"lowercase": True, "strip_accents": None, "clean_text": True, "handle_chinese_chars": True}
RUNS = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
RIGHT = {"type": "Strip", "strip_left": False, "strip_right": True}


def template(first: str, last: str, between: list[str], ids: dict[str, int]) -> dict[str, Any]:
    def listed(*items: str) -> list[dict[str, Any]]:
        kind = {"A": "Sequence", "B": "Sequence"}
        return [{kind.get(item, "SpecialToken"): {"id": item, "type_id": 0}} for item in items]

    return {
        "type": "TemplateProcessing",
        "single": listed(first, "A", last),
        "pair": listed(first, "A", *between, "B", last),
        "special_tokens": {t: {"id": t, "ids": [ids[t]], "tokens": [t]} for t in (first, last)},
    }


@cache
def _word_piece(lower: bool, strip: bool | None) -> str:
    from tokenizers import Tokenizer as Library
    from tokenizers import models, normalizers, pre_tokenizers, trainers

    library = Library(models.WordPiece(unk_token="[UNK]"))
    library.normalizer = normalizers.BertNormalizer(lowercase=lower, strip_accents=strip)
    library.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    trainer = trainers.WordPieceTrainer(vocab_size=400, special_tokens=special, show_progress=False)
    library.train_from_iterator([TEXTS * 3], trainer)
    found = json.loads(library.to_str())
    found["post_processor"] = template("[CLS]", "[SEP]", ["[SEP]"], found["model"]["vocab"])
    return json.dumps(found)


@cache
def charsmap() -> str:
    """The map that XLM-RoBERTa and T5 come with, from sentencepiece itself."""
    import sentencepiece

    normalizer = sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc")
    spec = dict(_fields(bytes(dict(_fields(normalizer.serialized_model_proto()))[3])))  # type: ignore[arg-type]
    return base64.b64encode(bytes(spec[2])).decode()  # type: ignore[arg-type]


@cache
def _unigram() -> str:
    from tokenizers import Tokenizer as Library
    from tokenizers import models, pre_tokenizers, trainers

    library = Library(models.Unigram())
    library.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(
        vocab_size=400, special_tokens=special, unk_token="<unk>", show_progress=False
    )
    library.train_from_iterator([TEXTS.replace("世", "")] * 3, trainer)
    return library.to_str()


def unigram(normalizers: list[Any], *cuts: dict[str, Any]) -> dict[str, Any]:
    found = json.loads(_unigram())
    precompiled = {"type": "Precompiled", "precompiled_charsmap": charsmap()}
    found["normalizer"] = sequence("normalizers", precompiled, *normalizers)
    found["pre_tokenizer"] = sequence("pretokenizers", *cuts)
    ends = template("<s>", "</s>", ["</s>", "</s>"], {"<s>": 0, "</s>": 2})
    found["post_processor"] = ends
    return found


def metaspace(scheme: str, split: bool = True) -> dict[str, Any]:
    return {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": split}


CASES = {
    "words, lower": lambda: json.loads(_word_piece(True, None)),
    "words, as they are": lambda: json.loads(_word_piece(False, None)),
    "words, lower with accents": lambda: json.loads(_word_piece(True, False)),
    "likeliest by words": lambda: unigram([], {"type": "WhitespaceSplit"}, metaspace("always")),
    "likeliest, runs merged": lambda: unigram([RUNS], metaspace("always")),
    "likeliest, right end cut": lambda: unigram([RIGHT, RUNS], metaspace("first")),
    "likeliest as it is": lambda: unigram([], metaspace("never", split=False)),
}


def converted(folder: Path, **config: Any) -> Tokenizer:
    keys = read_tokenizer(folder, SIZE, config, [])
    tokens = keys["tokenizer.ggml.tokens"]
    keys["tokenizer.ggml.tokens"] = [t if isinstance(t, str) else t.decode() for t in tokens]
    return make_tokenizer(keys)


def texts(seed: int) -> list[str]:
    chance, words = random.Random(seed), TEXTS.split(" ")
    drawn = [
        "".join(
            chance.choice(words if chance.random() < 0.6 else ODD) + chance.choice([" ", "", "  "])
            for _ in range(chance.randint(1, 10))
        )
        for _ in range(150)
    ]
    return ["", " ", "hello", " hello ", *drawn]


@pytest.mark.parametrize("name", CASES)
def test_ids_are_those_of_the_library(name: str, tmp_path: Path) -> None:
    import tokenizers

    case = CASES[name]()
    (tmp_path / "tokenizer.json").write_text(json.dumps(case), encoding="utf-8")
    library, ours = tokenizers.Tokenizer.from_str(json.dumps(case)), converted(tmp_path)
    assert ours.notice is None
    marks = [each["content"] for each in case["added_tokens"]]
    some = texts(len(name))
    for text, other in zip(some, some[1:], strict=False):
        assert ours.encode(text, parse_special=True) == library.encode(text).ids, text
        wanted = library.encode(text, add_special_tokens=False).ids
        assert ours.encode(text, add_special=False, parse_special=True) == wanted, text
        if not any(mark in text + other for mark in marks):  # in a pair they stay text
            assert ours.encode_pair(text, other)[0] == library.encode(text, other).ids


def test_vocab_txt_is_read_as_berts(tmp_path: Path) -> None:
    import tokenizers

    whole = json.loads(_word_piece(True, None))
    vocab = whole["model"]["vocab"]
    lines = "".join(f"{text}\n" for text in sorted(vocab, key=vocab.__getitem__))
    (tmp_path / "vocab.txt").write_text(lines, encoding="utf-8", newline="\n")
    library, ours = tokenizers.Tokenizer.from_str(json.dumps(whole)), converted(tmp_path)
    for text in texts(3):
        assert ours.encode(text, parse_special=True) == library.encode(text).ids, text


def trained(tmp_path: Path) -> Path:
    """A sentencepiece file as XLM-RoBERTa and CamemBERT have it."""
    import sentencepiece

    model = tmp_path / "sentencepiece.bpe.model"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([TEXTS] * 3),
        model_prefix=str(tmp_path / "m"),
        vocab_size=400,
        character_coverage=0.99,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (tmp_path / "m.model").rename(model)
    return model


def test_a_camembert_file_numbers_its_pieces_anew(tmp_path: Path) -> None:
    """Against the library, which is told the pieces by their numbers."""
    import sentencepiece
    import tokenizers

    theirs = sentencepiece.SentencePieceProcessor(str(trained(tmp_path)))
    pieces = [(theirs.IdToPiece(i), theirs.GetScore(i)) for i in range(1, theirs.GetPieceSize())]
    special = [("<s>NOTUSED", 0.0), ("<pad>", 0.0), ("</s>NOTUSED", 0.0), ("<unk>", 0.0)]
    whole = [*special, ("<unk>NOTUSED", -100.0), *pieces, ("<mask>", 0.0)]
    library = tokenizers.Tokenizer(tokenizers.models.Unigram(whole, 3, False))
    library.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(
        [
            tokenizers.pre_tokenizers.WhitespaceSplit(),
            tokenizers.pre_tokenizers.Metaspace(prepend_scheme="always"),
        ]
    )
    ours = converted(tmp_path, model_type="camembert")
    assert [ours.text_of(i) for i in range(7)] == [text for text, _ in whole[:7]]
    assert ours.text_of(len(whole) - 1) == "<mask>"
    for text in ("Once upon a time", "Der  schnelle Fuchs", "hello 🦙🦙 world"):
        assert ours.encode(text) == [5, *library.encode(text).ids, 6]
    one, two = ours.encode("a"), ours.encode("b")
    assert ours.encode_pair("a", "b") == ([*one, 6, *two[1:]], len(one) + 1)


def test_an_xlm_roberta_file_numbers_its_pieces_anew(tmp_path: Path) -> None:
    import sentencepiece

    model = trained(tmp_path)
    ours, theirs = converted(tmp_path), sentencepiece.SentencePieceProcessor(str(model))
    assert [ours.text_of(i) for i in range(4)] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert ours.text_of(theirs.GetPieceSize() + 1) == "<mask>"
    for text in ("Once upon a time", "Der  schnelle Fuchs", "hello 🦙🦙 world"):
        pieces = [i + 1 if i else 3 for i in theirs.EncodeAsIds(text)]
        assert ours.encode(text) == [0, *pieces, 2]
    one, two = ours.encode("a"), ours.encode("b")
    assert ours.encode_pair("a", "b") == ([*one, 2, *two[1:]], len(one) + 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"normalizer": {"type": "NFKC"}}, "its normalizer is NFKC"),
        ({"normalizer": BERT | {"type": "BertNormalizer", "clean_text": False}}, "clean_text"),
        ({"pre_tokenizer": {"type": "WhitespaceSplit"}}, "its pre_tokenizer is WhitespaceSplit"),
        ({"pre_tokenizer": None}, "its pre_tokenizer is none at all"),
    ],
)
def test_what_gguf_cannot_say_is_refused(
    change: dict[str, Any], words: str, tmp_path: Path
) -> None:
    case = json.loads(_word_piece(True, None)) | change
    (tmp_path / "tokenizer.json").write_text(json.dumps(case), encoding="utf-8")
    with pytest.raises(ChaskiError, match=words):
        converted(tmp_path)
