"""Broken vocabularies: one sentence that names the key, never a crash."""

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from helpers.vocabularies import KEY, bpe_metadata, spm_metadata
from hypothesis import given
from hypothesis import strategies as st

from engine.base.errors import ChaskiError, FormatError, UnsupportedError
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
        ("bos_token_id", 10**6),
        ("eos_token_id", -7),
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
