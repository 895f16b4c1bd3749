"""SentencePiece vocabularies: the library against a slow twin, and the odd corners of files."""

import pytest
from helpers.vocabularies import CONTROL, KEY, NORMAL, USER_DEFINED, slow_spm, spm_metadata
from hypothesis import given
from hypothesis import strategies as st

from engine.base.errors import FormatError
from engine.text.detokenizer import Detokenizer
from engine.text.tokenizer import make_tokenizer

METADATA = spm_metadata()
TOKENIZER = make_tokenizer(METADATA)
IDS = {text: i for i, text in enumerate(METADATA[KEY + "tokens"])}
texts = st.text(alphabet="abchello é▁\n\t世🦙", max_size=40) | st.text(max_size=20)


@given(texts)
def test_same_as_the_slow_twin(text: str) -> None:
    text = text.replace("\x00", "")
    expected = slow_spm(" " + text, METADATA) if text else []
    assert TOKENIZER.encode(text, add_special=False) == expected


@given(texts)
def test_text_comes_back(text: str) -> None:
    expected = text.replace("▁", " ")  # SentencePiece cannot tell these two apart
    ids = TOKENIZER.encode(text)
    assert ids[0] == TOKENIZER.bos_id
    assert TOKENIZER.decode(ids) == expected
    detokenizer = Detokenizer(TOKENIZER, at_start=True)
    assert "".join(map(detokenizer.push, ids)) + detokenizer.flush() == expected


def test_space_goes_in_front_of_text_and_after_special_tokens() -> None:
    assert TOKENIZER.encode("hello", add_special=False) == [IDS["▁hello"]]
    ids = TOKENIZER.encode("a<|mark|>hello", add_special=False)
    assert ids == [IDS["▁a"], IDS["<|mark|>"], IDS["▁hello"]]
    assert TOKENIZER.encode("hello</s>a", parse_special=True) == [
        1, IDS["▁hello"], IDS["</s>"], IDS["▁a"],
    ]  # fmt: skip
    without = make_tokenizer(spm_metadata(add_space_prefix=False))
    assert without.encode("hello", add_special=False) == [IDS["hello"]]
    assert without.decode([IDS["▁hello"]]) == " hello"


def test_extra_spaces_are_removed_when_the_file_says_so() -> None:
    tokenizer = make_tokenizer(spm_metadata(remove_extra_whitespaces=True))
    assert tokenizer.encode("  hello   a ") == tokenizer.encode("hello a")


def test_without_byte_tokens_the_unknown_is_unknown() -> None:
    tokenizer = make_tokenizer(spm_metadata(with_bytes=False))
    ids = tokenizer.encode("a世b", add_special=False)
    assert 0 in ids
    assert tokenizer.piece(0) == b""


def test_control_tokens_stay_text() -> None:
    ids = TOKENIZER.encode("<s> </s> <unk>", add_special=False)
    assert not {0, 1, 2} & set(ids)
    assert TOKENIZER.decode(ids) == "<s> </s> <unk>"


def test_bos_and_eos_as_the_file_asks() -> None:
    assert TOKENIZER.encode("") == [1]
    assert make_tokenizer(spm_metadata(add_bos_token=False)).encode("") == []
    assert make_tokenizer(spm_metadata(add_eos_token=True)).encode("") == [1, 2]


def test_equal_and_empty_spellings_do_no_harm() -> None:
    metadata = spm_metadata()
    metadata[KEY + "tokens"] = [*metadata[KEY + "tokens"], "hello", "", "▁▁▁"]
    metadata[KEY + "scores"] = [*metadata[KEY + "scores"], 0.0, 0.0, -1.0]
    metadata[KEY + "token_type"] = [*metadata[KEY + "token_type"], NORMAL, CONTROL, USER_DEFINED]
    tokenizer = make_tokenizer(metadata)
    assert tokenizer.encode("hello", add_special=False) == [IDS["▁hello"]]
    assert tokenizer.encode("    a", add_special=False)[0] == len(metadata[KEY + "tokens"]) - 1


def test_padding_beyond_the_vocabulary_is_silent() -> None:
    assert TOKENIZER.piece(10_000) == b""
    assert TOKENIZER.decode([10_000, IDS["▁a"]]) == "a"


def test_scores_are_needed() -> None:
    metadata = spm_metadata()
    del metadata[KEY + "scores"]
    with pytest.raises(FormatError, match="scores is missing"):
        make_tokenizer(metadata)
