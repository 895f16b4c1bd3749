"""The n-gram index against a slow twin that scans the whole text for each token."""

from hypothesis import given
from hypothesis import strategies as st

from engine.speculate import NgramIndex

Tokens = list[int]


def slow_place(tokens: Tokens, place: tuple[int, int], token: int) -> tuple[int, int]:
    """Where the text repeats after `token`, given where it repeated before: (at, length)."""
    at, length = place
    at, length = (at + 1, length + 1) if length and tokens[at] == token else (0, 0)
    text = [*tokens, token]
    for n in (3, 2):
        ends = [i for i in range(n, len(text)) if text[i - n : i] == text[-n:]]
        if n > length and n <= len(tokens) and ends:
            return ends[-1], n
    return (at, length) if length else (0, 0)


@given(st.lists(st.sampled_from([0, 1, 2, 3, 151_935, (1 << 20) - 2]), max_size=60))
def test_the_index_finds_what_a_scan_finds(text: Tokens) -> None:
    index, place = NgramIndex(), (0, 0)
    for i, token in enumerate(text):
        place = slow_place(text[:i], place, token)
        index.append(token)
        assert index.length == place[1]
        if index.length:
            assert index.at == place[0]
            assert text[i + 1 - index.length : i + 1] == text[index.at - index.length : index.at]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.integers(1, 30))
def test_a_continuation_is_what_would_be_appended_if_the_place_kept_its_word(
    text: Tokens, n: int
) -> None:
    index = NgramIndex()
    for token in text:
        index.append(token)
    found = index.continuation(n)
    if not index.length:
        assert found == []
        return
    for token in found:
        assert token == index.tokens[index.at]
        index.append(token)
    assert len(found) == n


def test_a_loop_is_continued_beyond_its_end() -> None:
    index = NgramIndex()
    for token in [7, 8, 9, 7, 8, 9, 7]:
        index.append(token)
    assert index.continuation(7) == [8, 9, 7, 8, 9, 7, 8]


def test_memory_is_bound_by_the_text() -> None:
    index = NgramIndex()
    for i in range(5000):
        index.append(i % 17)
    assert len(index._ends) <= 2 * 17 + 2
