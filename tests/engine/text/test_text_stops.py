"""Stop strings are found wherever the tokens cut the text, and never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text.detokenizer import StopFinder, partial_end


def run(stops: list[str], pieces: list[str]) -> tuple[str, bool]:
    finder, shown = StopFinder(stops), ""
    for piece in pieces:
        text, stopped = finder.push(piece)
        shown += text
        if stopped:
            return shown, True
    return shown + finder.flush(), False


@given(
    st.lists(st.text(alphabet="ab", min_size=1, max_size=4), max_size=3),
    st.lists(st.text(alphabet="abc", max_size=3), max_size=12),
)
def test_same_as_searching_the_whole_text(stops: list[str], pieces: list[str]) -> None:
    text = "".join(pieces)
    ends = [(text.find(stop) + len(stop), text.find(stop)) for stop in stops if stop in text]
    shown, stopped = run(stops, pieces)
    assert stopped == bool(ends)
    if not ends:
        assert shown == text
    else:
        assert text.startswith(shown)
        assert not any(stop in shown for stop in stops)


@pytest.mark.parametrize(
    ("stops", "pieces", "shown"),
    [
        (["\nUser:"], ["Hi", "\n", "Us", "er", ": x"], "Hi"),
        (["###"], ["a#", "#", "b"], "a##b"),
        (["ab", "abc"], ["x", "abc"], "x"),
        ([], ["all"], "all"),
        ([""], ["all"], "all"),
    ],
)
def test_cases(stops: list[str], pieces: list[str], shown: str) -> None:
    assert run(stops, pieces)[0] == shown


def test_held_back_only_while_undecided() -> None:
    finder = StopFinder(["STOP"])
    assert finder.push("a ST") == ("a ", False)
    assert finder.push("A") == ("STA", False)
    assert partial_end("xS", ["STOP"]) == 1
    assert partial_end("STOP", ["STOP"]) == 0
