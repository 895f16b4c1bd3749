"""The window's settings file: kept whole, and wrong values are named."""

from pathlib import Path

import pytest

from engine.base.errors import UsageError
from gui.preferences import Preferences, checked, load, save


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "window.json"
    wanted = Preferences(theme="dark", font_pixels=18, context=4096)
    save(path, wanted)
    assert load(path) == wanted
    assert load(tmp_path / "none.json") == Preferences()


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"colour": "red"}, "colour"),
        ({"theme": "pink"}, "theme"),
        ({"font_pixels": 400}, "font_pixels"),
        ({"font_pixels": "14"}, "font_pixels"),
        ({"threads": True}, "threads"),
    ],
)
def test_wrong_values_are_named(values: dict[str, object], key: str) -> None:
    with pytest.raises(UsageError, match=key):
        checked(values)


def test_a_broken_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    for text in ("{", "[]"):
        path.write_text(text)
        with pytest.raises(UsageError, match="window.json"):
            load(path)
