"""Habits that the standard keys cannot tell: spaces, first and last tokens, flags, ends."""

from typing import Any

import numpy as np
import pytest
from helpers.vocabularies import (
    BYTES,
    KEY,
    NORMAL,
    bpe_metadata,
    spm_metadata,
)

from engine.base.errors import FormatError
from engine.text.prompt import Prompt
from engine.text.tokenizer import Tokenizer, make_tokenizer

OWN = "chaski.tokenizer."
IDS = {text: i for i, text in enumerate(spm_metadata()[KEY + "tokens"])}


def spm(**own: Any) -> Tokenizer:
    return make_tokenizer(spm_metadata() | {OWN + key: value for key, value in own.items()})


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    ids = tokenizer.encode(text, add_special=False, parse_special=True)
    return [tokenizer.text_of(token) for token in ids]


@pytest.mark.parametrize(
    ("habit", "start", "spaced", "behind", "behind_spaced"),
    [
        ("none", "hello", "▁hello", "hello", "▁hello"),
        ("each", "▁hello", "▁ ▁hello", "▁hello", "▁ ▁hello"),
        ("each-unless-space", "▁hello", "▁hello", "▁hello", "▁hello"),
        ("first", "▁hello", "▁ ▁hello", "hello", "▁hello"),
        ("first-unless-space", "▁hello", "▁hello", "hello", "▁hello"),
    ],
)
def test_where_a_space_is_put_in_front(
    habit: str, start: str, spaced: str, behind: str, behind_spaced: str
) -> None:
    tokenizer = spm(space_prefix=habit)
    assert pieces(tokenizer, "hello") == start.split()
    assert "".join(pieces(tokenizer, " hello")) == spaced.replace(" ", "")
    assert pieces(tokenizer, "</s>hello") == ["</s>", *behind.split()]
    assert "".join(pieces(tokenizer, "</s> hello")) == "</s>" + behind_spaced.replace(" ", "")


@pytest.mark.parametrize("habit", ["none", "each", "first"])
@pytest.mark.parametrize("text", ["hello", " a", "a  b"])
def test_text_comes_back_whatever_the_habit(habit: str, text: str) -> None:
    tokenizer = spm(space_prefix=habit)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    ids = tokenizer.encode("a</s>" + text, parse_special=True)
    assert tokenizer.decode(ids, special=True) == "<s>a</s>" + text


def test_an_unknown_habit_names_its_key() -> None:
    with pytest.raises(FormatError, match=OWN + "space_prefix"):
        spm(space_prefix="sometimes")


def test_first_and_last_tokens_are_those_of_the_file() -> None:
    tokenizer = spm(first_tokens=np.array([3, 1]), last_tokens=np.array([2, 10**6]))
    words = tokenizer.encode("hello", add_special=False)
    assert tokenizer.encode("hello") == [3, 1, *words, 2]
    assert tokenizer.encode_prompt(Prompt("hello")) == [3, 1, *words]
    assert tokenizer.encode_prompt(Prompt("<|mark|><s>hello"))[:3] == [3, 1, IDS["▁hello"]]
    assert spm(first_tokens=[]).encode("hello") == words


def test_bos_in_templates_may_be_another_token() -> None:
    tokenizer = spm(template_bos_token_id=2, first_tokens=[3])
    assert tokenizer.vocabulary.template_token("bos") == 2
    assert tokenizer.encode_prompt(Prompt("</s>"))[0] == 2
    assert spm().vocabulary.template_token("bos") == 1


def test_more_ends_than_the_standard_keys_hold() -> None:
    tokenizer = spm(end_tokens=np.array([270, 271, 10**6], np.uint32))
    assert tokenizer.end_ids == {2, 270, 271}


def flagged(**own: list[int]) -> Tokenizer:
    return make_tokenizer(bpe_metadata() | {OWN + key: ids for key, ids in own.items()})


BPE = {text: i for i, text in enumerate(bpe_metadata()[KEY + "tokens"])}
THINK, END = BPE["<think>"], BPE["<|im_end|>"]


def test_flags_of_special_tokens() -> None:
    assert pieces(flagged(rstrip_tokens=[THINK]), "a <think> \n a") == ["a", "Ġ", "<think>", "a"]
    assert pieces(flagged(lstrip_tokens=[THINK]), "a <think> a") == ["a", "<think>", "Ġ", "a"]
    both = flagged(lstrip_tokens=[THINK], rstrip_tokens=[THINK])
    assert pieces(both, " <think>  <think> ") == ["<think>", "<think>"]
    word = flagged(single_word_tokens=[THINK])
    assert pieces(word, "a <think>!<think>") == ["a", "Ġ", "<think>", "!", "<think>"]
    assert "<think>" not in pieces(word, "a<think> <think>é")
    assert pieces(flagged(rstrip_tokens=[]), "<think> a") == ["<think>", "Ġ", "a"]


def without_some_bytes(**changes: Any) -> Tokenizer:
    """<0xC3> is missing, and a raw newline stands where <0x0A> was."""
    metadata = spm_metadata() | {KEY + key: value for key, value in changes.items()}
    tokens = list(metadata[KEY + "tokens"])
    tokens[tokens.index("<0x0A>")] = "\n"
    tokens[tokens.index("<0xC3>")] = "nothing"
    return make_tokenizer(metadata | {KEY + "tokens": tokens})


NO_BYTE_TYPES = [1 if kind == 6 else kind for kind in spm_metadata()[KEY + "token_type"]]


@pytest.mark.parametrize("types", [spm_metadata()[KEY + "token_type"], NO_BYTE_TYPES])
def test_each_byte_is_found_by_its_spelling(types: list[int]) -> None:
    tokenizer = without_some_bytes(token_type=types)
    assert pieces(tokenizer, "a\n世 ab") == ["▁a", "\n", "<0xE4>", "<0xB8>", "<0x96>", "▁a", "b"]
    ids = tokenizer.encode("aã", add_special=False)
    assert [tokenizer.text_of(token) for token in ids] == ["▁a", "<unk>", "<0xA3>"]
    assert tokenizer.decode(tokenizer.encode("a\n世 ab")) == "a\n世 ab"


@pytest.mark.parametrize("types", [NO_BYTE_TYPES, None])
def test_bytes_need_no_type(types: list[int] | None) -> None:
    metadata = spm_metadata()
    metadata[KEY + "token_type"] = types
    if types is None:
        del metadata[KEY + "token_type"]
    tokenizer = make_tokenizer(metadata)
    typed = make_tokenizer(spm_metadata())
    for text in ("once\né", "hello 世🦙", "<0x41>", "\x00\x7f"):
        assert tokenizer.encode(text) == typed.encode(text)
        assert tokenizer.decode(tokenizer.encode(text, add_special=False)) == text


def test_an_ordinary_token_in_the_place_of_unknown_stays_one() -> None:
    words = {"a": -1.0, "b": -2.0, "▁": -3.0}
    metadata = {
        KEY + "model": "llama",
        KEY + "tokens": [*words, *BYTES],
        KEY + "scores": [*words.values(), *[0.0] * 256],
        KEY + "token_type": [NORMAL] * (3 + 256),
        KEY + "add_bos_token": False,
        KEY + "add_space_prefix": False,
    }
    assert make_tokenizer(metadata).encode("ab") == [0, 1]
    del metadata[KEY + "tokens"][3:], metadata[KEY + "scores"][3:], metadata[KEY + "token_type"][3:]
    assert make_tokenizer(metadata).encode("ab") == [0, 1]
    assert make_tokenizer(metadata).encode("axb") == [0, 0, 1]


def test_the_map_of_characters_in_the_file_is_applied() -> None:
    import sentencepiece

    normalizer = sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc")
    proto = normalizer.serialized_model_proto()
    metadata = spm_metadata(precompiled_charsmap=charsmap_of(proto))
    tokenizer = make_tokenizer(metadata)
    plain = make_tokenizer(spm_metadata())
    assert tokenizer.encode("ｈｅｌｌｏ\thello") == plain.encode("hello hello")
    assert tokenizer.encode("hello") == plain.encode("hello")


def charsmap_of(proto: bytes) -> Any:
    """Field 2 of the normalizer's message: tag 0x12, a length, the bytes."""
    at = proto.index(b"nmt_nfkc") + 8
    assert proto[at] == 0x12
    size = shift = 0
    while True:
        at += 1
        size |= (proto[at] & 127) << shift
        shift += 7
        if proto[at] < 128:
            return np.frombuffer(proto[at + 1 : at + 1 + size], np.uint8)
