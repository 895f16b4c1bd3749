"""What a letter of a text costs does not depend on what else a vocabulary holds."""

import re
import time
from collections.abc import Callable, Iterable
from itertools import islice, product

import pytest
from helpers.vocabularies import CONTROL, KEY, NORMAL, UNKNOWN, USER_DEFINED, bpe_metadata
from hypothesis import given
from hypothesis import strategies as st

from engine.base.errors import ContextFullError
from engine.generate import check_letters
from engine.text import tokenizer_bpe
from engine.text.prompt import LONGEST, Prefixes, Splitter
from engine.text.tokenizer import Tokenizer, make_tokenizer

SECONDS = 2.0  # of this thread; each takes a tenth of it, and took minutes
LETTERS = 20_000
NESTED = ["a" * k + "b" for k in range(1, 2000)]  # each letter of "aaa" may begin any of them


def seconds(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def other_kind(kind: str, words: Iterable[str], **more: object) -> Tokenizer:
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words]
    types = [CONTROL, UNKNOWN, CONTROL, CONTROL] + [NORMAL] * (len(tokens) - 4)
    ids = {KEY + f"{name}_token_id": i for i, name in ((1, "unknown"), (2, "bos"), (3, "eos"))}
    ids[KEY + "seperator_token_id"] = 3
    lists = {KEY + "tokens": tokens, KEY + "token_type": types}
    scores = {KEY + "scores": [-float(i) for i in range(len(tokens))]}
    return make_tokenizer({KEY + "model": kind, **lists, **scores, **ids, **more})


@given(st.lists(st.text("ab", max_size=9), max_size=30), st.text("aab", max_size=60))
def test_the_longest_spelling_at_a_place(spellings: list[str], text: str) -> None:
    words = {*spellings, *("a" * k for k in range(1, len(spellings)))}
    prefixes = Prefixes(words)
    for start in range(len(text) + 1):
        expected = max((len(word) for word in words if text.startswith(word, start)), default=0)
        assert prefixes.longest(text, start) == expected


def test_spellings_beyond_all_reason_are_not_looked_for() -> None:
    prefixes = Prefixes(["a" * LONGEST, "a" * (LONGEST + 1)])
    assert prefixes.longest("a" * 2 * LONGEST) == LONGEST


@pytest.mark.parametrize("kind", [CONTROL, USER_DEFINED])
def test_special_tokens_of_all_lengths(kind: int) -> None:
    metadata = bpe_metadata()
    metadata[KEY + "tokens"] = [*metadata[KEY + "tokens"], *NESTED, *("a" * k for k in range(99))]
    more = len(metadata[KEY + "tokens"]) - len(metadata[KEY + "token_type"])
    metadata[KEY + "token_type"] = [*metadata[KEY + "token_type"], *[kind] * more]
    tokenizer = make_tokenizer(metadata)
    tokenizer.prepare()
    for text in ("a" * LETTERS, "a" * 50 + "z" * LETTERS):
        assert seconds(lambda text=text: tokenizer.encode(text, parse_special=True)) < SECONDS


def test_marks_that_swallow_what_follows() -> None:
    splitter = Splitter({"<a>": 1}, frozenset([1]))
    text = "<a>  \n" * LETTERS + "x" * (1 << 20)
    assert seconds(lambda: list(splitter.split(text))) < SECONDS


@pytest.mark.parametrize("kind", ["rwkv", "bert", "t5", "llama"])
def test_words_without_end(kind: str) -> None:
    words = ["\u2581", "\u2581a", "a", *NESTED, *("a" * k for k in range(2, 300))]
    tokenizer = other_kind(kind, words)
    tokenizer.prepare()
    for text in ("a" * LETTERS, "a" * (LETTERS // 2) + "z", "z" * LETTERS, "\u4e16" * LETTERS):
        assert seconds(lambda text=text: tokenizer.encode(text)) < SECONDS


def test_words_are_cut_as_the_library_cuts_them() -> None:
    from tokenizers import models

    pieces = ["".join(letters) for n in (1, 2, 3) for letters in product("abc", repeat=n)][::2]
    tokenizer = other_kind("bert", ["\u2581" + piece for piece in pieces[::2]] + pieces[1::3])
    spellings = {piece: 7 for piece in pieces[::2]} | {"##" + piece: 8 for piece in pieces[1::3]}
    library = models.WordPiece({**spellings, "[UNK]": 1}, unk_token="[UNK]")
    for letters in islice(product("abcd", repeat=6), 0, None, 7):
        word = "".join(letters)
        expected = [token.value for token in library.tokenize(word)]
        found = [tokenizer.text_of(token) for token in tokenizer.encode(word, add_special=False)]
        assert [("##" + text).replace("##\u2581", "").replace("##[", "[") for text in found] == (
            expected
        )


LINES = {
    "digits": "1",
    "spaces": " ",
    "letters": "aA",
    "marks": "!' ",
    "lines": " \n",
    "han": "\u4e16",
    "accents": "a\u0301",
}


@pytest.mark.parametrize(
    "pre", ["superbpe", "afmoe", "tiny_aya", "gpt-4o", "deepseek-v3", "jais-2"]
)
def test_long_runs_of_anything(pre: str) -> None:
    tokenizer = make_tokenizer(bpe_metadata(pre=pre))
    tokenizer.prepare()
    for text in LINES.values():
        assert seconds(lambda text=text: tokenizer.encode(text * 3 * LETTERS)) < SECONDS


@pytest.mark.parametrize("pre", ["superbpe", "afmoe", "tiny_aya"])
@pytest.mark.parametrize("tail", ["", "a", " b", "_", ".5", "\u00b2", "\u4e16", "\u0301"])
def test_long_numbers_are_grouped_as_before(
    pre: str, tail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokenizer = make_tokenizer(bpe_metadata(pre=pre))
    texts = ["x " + "1234567890" * 300 + "9" * n + tail + " y" for n in range(4)]
    found = [tokenizer.encode(text) for text in texts]
    monkeypatch.setattr(tokenizer_bpe, "LONG_NUMBER", re.compile(r"(?!)"))
    assert found == [tokenizer.encode(text) for text in texts]


def test_a_text_that_cannot_fit_is_refused_before_it_is_encoded() -> None:
    tokenizer = make_tokenizer(bpe_metadata())
    longest = max(map(len, tokenizer.vocabulary.tokens))
    with pytest.raises(ContextFullError, match="letters") as caught:
        check_letters(tokenizer, "a" * (1 << 20), 64)
    assert caught.value.n_prompt == (1 << 20) // longest
    check_letters(tokenizer, "a" * (1 << 20), (1 << 20) // longest)


def test_the_least_number_of_tokens_is_never_too_high() -> None:
    metadata = bpe_metadata()
    for tokenizer in (make_tokenizer(metadata), other_kind("bert", ["\u2581a"])):
        for text in ("hello " * 20_000, "\u4e16" * 99_999, " " * 99_999, "x" * 70_000):
            assert tokenizer.least_tokens(text) <= len(tokenizer.encode(text))
