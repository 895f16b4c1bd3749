"""Broken vocabularies: one sentence that names the key, never a crash."""

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from helpers.vocabularies import KEY, bpe_metadata, spm_metadata
from hypothesis import given
from hypothesis import strategies as st

from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.text.template import ChatTemplate
from engine.text.tokenizer import make_tokenizer


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tokens", None),
        ("tokens", []),
        ("tokens", "text"),
        ("tokens", 7),
        ("tokens", np.zeros(4)),
        ("model", np.zeros(4)),
        ("model", ["llama"]),
        ("scores", [[1.0], [1.0, 2.0]]),
        ("scores", [1 << 70] * 400),
        ("token_type", [1 << 70] * 400),
        ("scores", [0.0]),
        ("scores", "x"),
        ("scores", [float("nan")] * 400),
        ("token_type", [1, 2]),
        ("token_type", 3),
        ("eos_token_id", "two"),
        ("unknown_token_id", True),
        ("add_bos_token", "yes"),
        ("add_space_prefix", 1.5),
    ],
)
def test_the_sentence_names_the_key(key: str, value: Any) -> None:
    metadata = spm_metadata()
    metadata[KEY + key] = value
    with pytest.raises(FormatError, match=KEY + key):
        make_tokenizer(metadata).encode("hello")


@pytest.mark.parametrize("value", [None, 5, [1, 2], "text"])
def test_bad_merges(value: Any) -> None:
    with pytest.raises(FormatError, match=KEY + "merges"):
        make_tokenizer(bpe_metadata(merges=value)).encode("hello")


def test_bos_wanted_but_missing() -> None:
    with pytest.raises(FormatError, match="add_bos_token"):
        make_tokenizer(bpe_metadata(add_bos_token=True))


def test_no_token_is_written_in_two_ways() -> None:
    for value in (-1, 0xFFFFFFFF):
        assert make_tokenizer(bpe_metadata(eos_token_id=value)).eos_id is None


@pytest.mark.parametrize("name", ["bos", "eos", "eot", "eom", "unknown", "padding", "mask"])
@pytest.mark.parametrize("value", [389, 10**6, -7, (1 << 32) - 2])
def test_a_special_id_beyond_the_vocabulary_is_passed_over(name: str, value: int) -> None:
    """As padding often has it; the kind's own default stands in, and a notice tells."""
    good = spm_metadata()
    metadata = good | {f"{KEY}{name}_token_id": value}
    assert len(good[KEY + "tokens"]) <= 389
    tokenizer = make_tokenizer(metadata)
    assert tokenizer.encode("hello 世") == make_tokenizer(good).encode("hello 世")
    assert tokenizer.end_ids == {2}
    assert f"{KEY}{name}_token_id = {value}" in (tokenizer.notice or "")
    text = "{{ bos_token }}|{{ eos_token }}|{{ unk_token }}|{{ pad_token }}|"
    rendered = ChatTemplate(text, tokenizer.vocabulary).render([]).text
    assert name != "padding" or rendered == "<s>|</s>|<unk>||"


def test_one_score_that_is_no_number_does_not_spoil_the_list() -> None:
    metadata = spm_metadata()
    metadata[KEY + "scores"] = [*metadata[KEY + "scores"][:-1], float("nan")]
    tokenizer = make_tokenizer(metadata)
    assert tokenizer.encode("hello") == make_tokenizer(spm_metadata()).encode("hello")
    assert "1 of tokenizer.ggml.scores" in (tokenizer.notice or "")


def test_bos_beyond_the_vocabulary_is_not_put_in_front() -> None:
    tokenizer = make_tokenizer(bpe_metadata(add_bos_token=True, bos_token_id=10**6))
    assert tokenizer.encode("he") == make_tokenizer(bpe_metadata()).encode("he")
    assert "bos_token_id" in (tokenizer.notice or "")


def test_a_padding_id_that_is_no_number_stops_nobody() -> None:
    tokenizer = make_tokenizer(spm_metadata(padding_token_id="none"))
    assert tokenizer.encode("hello")
    assert ChatTemplate("{{ pad_token }}.", tokenizer.vocabulary).render([]).text == "."


def test_kinds_that_are_missing_or_not_supported() -> None:
    with pytest.raises(FormatError, match="tokenizer.ggml.model"):
        make_tokenizer({})
    with pytest.raises(UnsupportedError, match="no vocabulary"):
        make_tokenizer({KEY + "model": "none"})
    with pytest.raises(UnsupportedError, match="plamo2"):
        make_tokenizer({KEY + "model": "plamo2", KEY + "tokens": ["a"]})


def test_numpy_values_as_the_reader_gives_them() -> None:
    metadata = spm_metadata()
    for key in ("scores", "token_type"):
        metadata[KEY + key] = np.array(metadata[KEY + key])
    metadata[KEY + "bos_token_id"] = np.uint32(1)
    metadata[KEY + "add_eos_token"] = np.bool_(True)
    assert make_tokenizer(metadata).encode("")[0] == 1


values = st.one_of(
    st.none(), st.integers(), st.floats(), st.text(max_size=5), st.booleans(),
    st.lists(st.text(max_size=3), max_size=5), st.lists(st.integers(), max_size=5),
)  # fmt: skip


@given(
    st.sampled_from(["llama", "gpt2", "t5", "bert", "rwkv"]),
    st.dictionaries(
        st.sampled_from(
            ["tokens", "scores", "token_type", "merges", "bos_token_id", "eos_token_id", "pre",
             "unknown_token_id", "add_bos_token", "add_space_prefix", "precompiled_charsmap"]
        ),
        values,
    ),
)  # fmt: skip
def test_nothing_but_our_own_errors(kind: str, changes: dict[str, Any]) -> None:
    metadata = spm_metadata() | {KEY + "merges": [], KEY + "model": kind}
    metadata |= {KEY + name: value for name, value in changes.items()}
    with suppress(ChaskiError):
        tokenizer = make_tokenizer(metadata)
        tokenizer.decode(tokenizer.encode("hello a<|mark|>", parse_special=True))
        assert tokenizer.end_ids is not None
