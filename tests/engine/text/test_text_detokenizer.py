"""Streaming text: whole characters only, whatever the tokens are."""

from helpers.vocabularies import KEY, bpe_metadata, byte_letters, spm_metadata
from hypothesis import given
from hypothesis import strategies as st

from engine.text.detokenizer import Detokenizer
from engine.text.tokenizer import make_tokenizer

BPE = make_tokenizer(bpe_metadata())
SPM = make_tokenizer(spm_metadata())
SPM_IDS = {text: i for i, text in enumerate(spm_metadata()[KEY + "tokens"])}
assert len(byte_letters()) == 256


@given(st.text(max_size=30))
def test_never_half_a_character(text: str) -> None:
    detokenizer = Detokenizer(BPE)
    shown = ""
    for byte in text.encode():
        shown += detokenizer.push(byte)  # the first 256 tokens are the bytes
        assert text.startswith(shown)
    assert shown + detokenizer.flush() == text


@given(st.binary(max_size=40))
def test_any_bytes_end_as_one_decoding_would(data: bytes) -> None:
    detokenizer = Detokenizer(BPE)
    shown = "".join(detokenizer.push(byte) for byte in data) + detokenizer.flush()
    assert shown == data.decode("utf-8", "replace")


def test_broken_bytes_show_as_soon_as_they_are_surely_broken() -> None:
    detokenizer = Detokenizer(BPE)
    assert detokenizer.push(0xF0) == ""
    assert detokenizer.push(0x9F) == ""
    assert detokenizer.push(ord("a")) == "\ufffda"
    assert detokenizer.push(0xE4) == ""
    assert detokenizer.flush() == "\ufffd"
    assert detokenizer.flush() == ""


def test_first_space_is_kept_in_a_continuation_and_dropped_at_a_start() -> None:
    hello, bos = SPM_IDS["▁hello"], SPM_IDS["<s>"]
    assert Detokenizer(SPM).push(hello) == " hello"
    start = Detokenizer(SPM, at_start=True)
    assert [start.push(token) for token in (bos, hello, hello)] == ["", "hello", " hello"]
