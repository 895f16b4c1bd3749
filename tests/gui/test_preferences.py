"""The window's settings file: kept whole, and wrong values are named."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from engine.api import Paths
from gui.app import main, user_paths
from gui.preferences import Preferences, load, mend, read, save


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
        ({"theme": ["dark"]}, "theme"),
        ({"font_pixels": 400}, "font_pixels"),
        ({"font_pixels": "14"}, "font_pixels"),
        ({"font_pixels": 1e400}, "font_pixels"),
        ({"threads": True}, "threads"),
        ({"context": 10**30}, "context"),
        ({"system_prompt": {}}, "system_prompt"),
        ({"models_folder": None}, "models_folder"),
    ],
)
def test_a_wrong_value_costs_that_value_and_is_named(
    tmp_path: Path, values: dict[str, object], key: str
) -> None:
    path = tmp_path / "window.json"
    sound = {"show_statistics": False, "threads": 3, **values}
    path.write_text(json.dumps(sound))
    found, complaint = read(path)
    assert not found.show_statistics
    assert found.threads == (0 if key == "threads" else 3)
    assert getattr(found, key, None) == getattr(Preferences(), key, None)
    assert key in complaint


def test_any_damaged_byte_costs_one_value(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    wanted = Preferences("dark", 18, "/models", 4, 4096, "Be brief, please. " * 3, False)
    save(path, wanted)
    data = path.read_bytes()
    for at in range(len(data)):
        for byte in (data[at] ^ 1, 0x22, 0x7B, 0xFF, 0):
            path.write_bytes(data[:at] + bytes([byte]) + data[at + 1 :])
            found = asdict(load(path))
            others = sum(found[k] != v for k, v in asdict(wanted).items())
            assert others <= 2, (at, byte)


def test_a_damaged_file_is_kept_beside_a_sound_one(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    save(path, Preferences(theme="dark", system_prompt="a secret"))
    damaged = path.read_bytes().replace(b'"theme"', b'"the')
    path.write_bytes(damaged)
    found, complaint = mend(path)
    assert found == Preferences(system_prompt="a secret")
    assert "window.damaged.json" in complaint
    assert "secret" not in complaint
    assert (tmp_path / "window.damaged.json").read_bytes() == damaged
    assert read(path) == (found, "")


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '"x"', "[" * 100_000, "\0" * 99])
def test_what_is_no_settings_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "window.json"
    path.write_text(text)
    found, complaint = mend(path)
    assert found == Preferences()
    assert "window.json" in complaint
    folder = tmp_path / "folder.json"
    folder.mkdir()
    assert "cannot be read" in mend(folder)[1]


def test_a_models_folder_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path))
    for folder in ("~nobody-here/x", "a\0b", "half \ud800"):
        save(Paths.default().window_file, Preferences(models_folder=folder))
        assert user_paths().data == Paths.default().data


def test_without_a_place_for_its_files_the_window_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHASKI_HOME", "~nobody-here/x")
    assert main([]) == 1
    assert "no home folder" in capsys.readouterr().err
