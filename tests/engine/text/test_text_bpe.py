"""Byte-pair vocabularies: round trips, the slow twin, and how the families cut text."""

import numpy as np
import pytest
from helpers.vocabularies import BPE_MERGES, CONTROL, KEY, NORMAL, bpe_metadata, slow_bpe
from hypothesis import given
from hypothesis import strategies as st

from engine.base.errors import FormatError
from engine.text.pretokenizers import (
    CARRIED,
    GPT2,
    PRE_PATTERNS,
    find_pretokenizer,
    pretokenizer_names,
)
from engine.text.tokenizer import Tokenizer, make_tokenizer

METADATA = bpe_metadata()
TOKENIZER = make_tokenizer(METADATA)
IDS = {text: i for i, text in enumerate(METADATA[KEY + "tokens"])}
ALL_FAMILIES = {
    name: make_tokenizer(bpe_metadata(name))
    for name in pretokenizer_names()
    if find_pretokenizer(name).byte_level
}
SAMPLE = (
    "HelloWorld it's DON'T 1234567 12345 你好世界。 かな 가나다 a\n\n  b สวัสดี é <|im_end|> `--`  "
)


@given(st.text(max_size=40) | st.text(alphabet="hello 123\n<|im_end|>é", max_size=40))
def test_text_comes_back(text: str) -> None:
    ids = TOKENIZER.encode(text)
    assert TOKENIZER.decode(ids) == text
    assert not {IDS["<|im_start|>"], IDS["<|im_end|>"]} & set(ids)


@given(st.text(alphabet="hello12345end", min_size=1, max_size=20))
def test_words_are_merged_as_the_slow_twin_does(text: str) -> None:
    words = [text] if text.isalpha() or text.isdigit() else []
    for word in words:
        assert TOKENIZER.encode(word) == slow_bpe(word, METADATA)


@pytest.mark.parametrize("name", sorted(ALL_FAMILIES))
def test_every_family_keeps_the_text(name: str) -> None:
    tokenizer = ALL_FAMILIES[name]
    assert tokenizer.notice is None
    assert tokenizer.decode(tokenizer.encode(SAMPLE, add_special=False)) == SAMPLE


def cut(name: str, text: str) -> list[str]:
    library = ALL_FAMILIES[name]._library  # the words themselves are nowhere else to be seen
    words = library.pre_tokenizer.pre_tokenize_str(text)
    return [text[start:end] for _, (start, end) in words]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("gpt-2", "it's DON'T 12345", ["it", "'s", " DON", "'", "T", " 12345"]),
        ("llama-bpe", "it's DON'T 12345", ["it", "'s", " DON", "'T", " ", "123", "45"]),
        ("qwen2", "a 123\n\n b", ["a", " ", "1", "2", "3", "\n\n", " b"]),
        ("gpt-4o", "HelloWorld it's", ["Hello", "World", " it's"]),
        ("tekken", "HelloWorld it's", ["Hello", "World", " it", "'s"]),
        ("tekken", "123", ["1", "2", "3"]),
        ("starcoder", "a12", ["a", "1", "2"]),
        ("falcon", "12345!?a", ["123", "45", "!?", "a"]),
        ("deepseek-v3", "12345 世界a", ["123", "45", " ", "世界", "a"]),
        ("afmoe", "1234567", ["1", "234", "567"]),
        ("superbpe", "a 1234567", ["a ", "1", "234", "567"]),
        ("kimi-k2", "世界Hello", ["世界", "Hello"]),
        ("bloom", "it's a.b", ["it's", " a", ".", "b"]),
        ("exaone-moe", "one two 3", ["one two", " ", "3"]),
        ("qwen35", "नमस्ते x", ["नमस्ते", " x"]),
        ("chameleon", "a!!", ["a", "!", "!"]),
        ("default", "a 12345", ["a", " ", "123", "45"]),
    ],
)
def test_families_cut_text_in_their_way(name: str, text: str, words: list[str]) -> None:
    assert cut(name, text) == words


def test_unknown_family_is_said_and_default_is_used() -> None:
    tokenizer = make_tokenizer(bpe_metadata("of-tomorrow"))
    assert tokenizer.notice is not None
    assert "of-tomorrow" in tokenizer.notice
    assert tokenizer.encode(SAMPLE) == ALL_FAMILIES["default"].encode(SAMPLE)
    assert make_tokenizer(bpe_metadata("")).notice is not None


def test_whole_words_come_before_merges_where_the_family_says_so() -> None:
    # "end" can only be merged from "en" + "d"; "im_end" needs a merge that never applies.
    metadata = bpe_metadata("llama-bpe", bos_token_id=0)
    metadata[KEY + "merges"] = BPE_MERGES[:6]
    assert make_tokenizer(metadata).encode("end", add_special=False) == [IDS["end"]]
    metadata[KEY + "pre"] = "gpt-2"
    assert len(make_tokenizer(metadata).encode("end")) == 3


def test_special_tokens() -> None:
    assert TOKENIZER.end_ids == {IDS["<|im_end|>"]}
    assert TOKENIZER.piece(IDS["<|im_end|>"]) == b""
    assert TOKENIZER.piece(IDS["<think>"]) == b"<think>"
    assert TOKENIZER.piece(IDS["[PAD7]"]) == b""
    assert TOKENIZER.encode("<think>")[0] == IDS["<think>"]
    assert TOKENIZER.text_of(IDS["Ġhello"]) == "Ġhello"


def test_spaces_as_sentencepiece_writes_them() -> None:
    tokens = ["<bos>", "<eos>", "a", "▁", "▁a", "\n", "\n\n"] + [f"<0x{b:02X}>" for b in range(256)]
    metadata = {
        KEY + "model": "gemma4",
        KEY + "tokens": tokens,
        KEY + "token_type": [3, 3, 1, 1, 1, 1, 1] + [6] * 256,
        KEY + "merges": ["▁ a"],
        KEY + "bos_token_id": 0,
        KEY + "eos_token_id": 1,
        KEY + "add_bos_token": False,
    }
    tokenizer = make_tokenizer(metadata)
    ids = tokenizer.encode("a a\n\n\né")
    assert ids == [0, 2, 4, 6, 5, 7 + 0xC3, 7 + 0xA9]
    assert tokenizer.decode(ids) == "a a\n\n\né"


def test_merges_must_fit_the_vocabulary() -> None:
    for odd in ("nowhere tobefound", "he", "h ", ""):
        tokenizer = make_tokenizer(bpe_metadata(merges=["h e", odd]))
        assert [tokenizer.text_of(token) for token in tokenizer.encode("hex")] == ["he", "x"]
        assert "1 of 2 entries of tokenizer.ggml.merges" in (tokenizer.notice or "")
    with pytest.raises(FormatError, match="merges"):
        make_tokenizer(bpe_metadata(merges=["he"])).encode("he")
    metadata = bpe_metadata()
    del metadata[KEY + "merges"]
    with pytest.raises(FormatError, match="merges is missing"):
        make_tokenizer(metadata)


def test_half_characters_become_replacement_characters() -> None:
    assert TOKENIZER.decode(TOKENIZER.encode("a\ud83dz")) == "a\ufffdz"
    assert TOKENIZER.decode(TOKENIZER.encode("\ud83d\ude00")) == "😀"


def test_an_empty_list_of_merges_may_have_lost_its_type() -> None:
    tokenizer = make_tokenizer(bpe_metadata(merges=np.zeros(0, np.int32)))
    assert [tokenizer.text_of(token) for token in tokenizer.encode("he")] == ["h", "e"]


def test_of_equal_spellings_the_one_that_is_no_control_token_is_text() -> None:
    metadata = bpe_metadata()
    metadata[KEY + "tokens"] = ["<|mark|>", "he", *metadata[KEY + "tokens"]]
    metadata[KEY + "token_type"] = [CONTROL, CONTROL, *metadata[KEY + "token_type"]]
    metadata[KEY + "eos_token_id"] += 2
    tokenizer = make_tokenizer(metadata)
    assert tokenizer.encode("he") == [2 + 256]


def test_glm4_takes_whole_words_first() -> None:
    metadata = bpe_metadata("glm4", merges=["h e"])
    metadata[KEY + "tokens"] = [*metadata[KEY + "tokens"], "hey"]
    metadata[KEY + "token_type"] = [*metadata[KEY + "token_type"], NORMAL]
    assert make_tokenizer(metadata).encode("hey") == [len(metadata[KEY + "tokens"]) - 1]


def test_the_normalizer_of_the_source_is_obeyed() -> None:
    tokenizer = make_tokenizer(bpe_metadata() | {"chaski.tokenizer.normalizer": ["NFC"]})
    assert tokenizer.encode("e\u0301") == make_tokenizer(bpe_metadata()).encode("\u00e9")


def carried(*patterns: str) -> Tokenizer:
    """A vocabulary whose file spells out how its text is cut."""
    return make_tokenizer(bpe_metadata(pre=CARRIED) | {PRE_PATTERNS: list(patterns)})


def test_expressions_of_a_file_cut_as_the_known_ones_do() -> None:
    text = "Hello there, \u4e16\u754c! it's 123  \n\n x" * 20
    assert carried(GPT2).encode(text) == make_tokenizer(bpe_metadata(pre="gpt-2")).encode(text)
    assert carried(r"\p{N}", GPT2).encode(text) == (
        make_tokenizer(bpe_metadata(pre="starcoder")).encode(text)
    )


ENDLESS = {
    "the library panics": ("(a+)+$", "a" * 40 + "b"),
    "minutes": ("(a+)+$", ("a" * 19 + "b ") * 1000),
    "broken": ("(a", "a"),
    "broken and long": ("a" * 100_000 + "(", "a"),
    "deep": ("(?:" * 9999 + "a" + ")" * 9999, "a"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_expressions_that_fail_or_never_end_are_one_sentence(name: str) -> None:
    pattern, text = ENDLESS[name]
    with pytest.raises(FormatError, match=PRE_PATTERNS) as caught:
        carried(pattern).encode(text)
    assert len(str(caught.value)) < 500
    assert carried(GPT2).encode("hello")
