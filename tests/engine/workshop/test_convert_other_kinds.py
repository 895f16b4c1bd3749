"""RWKV World's vocabulary and Gemma 4's, from folders; kinds that nobody reads are told."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from helpers.trained_tokenizers import UNDERLINE, added, byte_fallback
from helpers.vocabularies import CONTROL, KEY, USER_DEFINED

from engine.base.errors import FormatError, UnsupportedError
from engine.text.tokenizer import make_tokenizer
from engine.workshop.convert.vocabulary.read import read_tokenizer
from engine.workshop.convert.vocabulary.rwkv_file import read_rwkv

WORDS = [
    *(bytes([byte]) for byte in range(256)),
    *(" the", "the", "th", "\n\n", "\r\n", "\"'", "\\n", "世界", "世", "Ünï", "\t\t"),
    *(b"\xe4\xb8", b"\xff\xfe", b"\x00\x00", b"'\xf0", "\u2028", " \n"),
]


def world(words: list[Any] = WORDS) -> str:
    lines = [
        f"{i} {word!r} {len(word.encode() if isinstance(word, str) else word)}"
        for i, word in enumerate(words, 1)
    ]
    return "\n".join(lines) + "\n"


def folder_of(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return tmp_path


def longest_match(text: str) -> list[int]:
    """The slow twin: of all tokens that begin the rest of the bytes, the longest."""
    ids = {word.encode() if isinstance(word, str) else word: i for i, word in enumerate(WORDS, 1)}
    data, found = text.encode(), []
    while data:
        best = max((token for token in ids if data.startswith(token)), key=len)
        found.append(ids[best])
        data = data[len(best) :]
    return found


def test_rwkv_world(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, rwkv_vocab_v20230424__txt=world())
    size = len(WORDS) + 5
    keys = read_tokenizer(folder, size, {"model_type": "rwkv7"}, [])
    assert keys[KEY + "model"] == "rwkv"
    assert len(keys[KEY + "tokens"]) == size
    assert keys[KEY + "eot_token_id"] == WORDS.index("\n\n") + 1
    assert KEY + "scores" not in keys
    tokenizer = make_tokenizer(keys)
    assert tokenizer.notice is None
    assert tokenizer.first_ids == []
    assert tokenizer.end_ids == {0, WORDS.index("\n\n") + 1}
    chance = random.Random(5)
    pieces = [*(word for word in WORDS if isinstance(word, str)), "x", "é", "👩", " ", "t", "h"]
    for _ in range(200):
        text = "".join(chance.choices(pieces, k=chance.randint(0, 12)))
        ids = tokenizer.encode(text)
        assert ids == longest_match(text), text
        assert tokenizer.decode(ids) == text


@pytest.mark.parametrize(
    "line", ["1 'a'", "x 'a' 1", "1 'a' 2", "1 a 1", "0 'a' 1", "1 ['a'] 1", "1 " + "(" * 5000]
)
def test_odd_lines_of_rwkv_world_are_told(line: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, rwkv_vocab__txt=line)
    with pytest.raises(FormatError, match="line 1 is no token"):
        read_rwkv(folder / "rwkv_vocab.txt")
    folder_of(tmp_path, rwkv_vocab__txt="1 'a' 1\n1 'b' 1")
    with pytest.raises(FormatError, match="line 2 has the id 1"):
        read_rwkv(folder / "rwkv_vocab.txt")


GEMMA = byte_fallback(
    normalizer=UNDERLINE,
    pre_tokenizer={
        "type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
        "invert": False,
    },
    added=[added("<|channel>", 560), added("<|turn>", 561), added("<|image|>", 562)],
)  # fmt: skip


def gemma(tmp_path: Path, model_type: str, over_lines: bool = False) -> tuple[Any, dict[str, Any]]:
    case = json.loads(json.dumps(GEMMA))
    if not over_lines:
        case["model"]["merges"] = [
            pair for pair in case["model"]["merges"] if "\\n" not in json.dumps(pair)
        ]
    vocab, merges = case["model"]["vocab"], case["model"]["merges"]
    for run in ("\n", "\n\n", "\n\n\n", "▁▁", "▁▁▁"):
        if run not in vocab:
            vocab[run] = max(vocab.values()) + 1
        pairs = [[run[0], run[1:]], [run[1:], run[0]]] if len(run) > 1 else []
        merges += [pair for pair in pairs[: len(run) - 1] if pair not in merges]
    for ident in range(max(vocab.values()) + 1, 560):
        vocab[f"\u4e00{ident}"] = ident
    text = json.dumps(case)
    settings = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    folder = folder_of(tmp_path, tokenizer__json=text, tokenizer_config__json=json.dumps(settings))
    keys = read_tokenizer(folder, 563, {"model_type": model_type}, [])
    return tokenizers.Tokenizer.from_str(text), keys


def test_gemma_4(tmp_path: Path) -> None:
    library, keys = gemma(tmp_path, "gemma4_text")
    assert keys[KEY + "model"] == "gemma4"
    assert not any(key.startswith("chaski") and key.endswith("merges") for key in keys)
    assert keys[KEY + "token_type"][560:563].tolist() == [USER_DEFINED, CONTROL, CONTROL]
    tokenizer = make_tokenizer(keys)
    assert tokenizer.notice is None
    assert tokenizer.encode("hello")[0] == 1
    chance = random.Random(6)
    pieces = ["hello", " ", "  ", "   ", "\n", "\n\n", "\n\n\n", "a", "ball", "é", "世", "👩"]
    pieces += ["<|turn>", "<|channel>", "1", "\t", "▁", "x", "."]
    for _ in range(300):
        text = "".join(chance.choices(pieces, k=chance.randint(0, 12)))
        wanted = library.encode(text, add_special_tokens=False).ids
        assert tokenizer.encode(text, add_special=False, parse_special=True) == wanted, text


def test_other_gemmas_keep_their_scores(tmp_path: Path) -> None:
    for model_type, over_lines in (("gemma3_text", False), ("gemma4", True)):
        _, keys = gemma(tmp_path, model_type, over_lines)
        assert keys[KEY + "model"] == "llama"
        assert KEY + "scores" in keys


def test_plamo_2_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="PLaMo 2"):
        read_tokenizer(folder_of(tmp_path, tokenizer__jsonl="[]"), 9, {}, [])
    with pytest.raises(UnsupportedError, match="'plamo2'"):
        make_tokenizer({KEY + "model": "plamo2", KEY + "tokens": ["a"]})
