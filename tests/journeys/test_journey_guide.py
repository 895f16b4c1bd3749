"""What the window proposes to ask of the guide, asked from the terminal in a fresh home."""

import io
from pathlib import Path

import pytest
from helpers.starter_questions import starter_file as trained_file

from engine.cli import main
from gui.chat.guide import QUESTIONS


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))


DISCOVER = ("Discover", "Découvrir", "探す")  # as the window calls it in each language


@pytest.mark.parametrize(("question", "name"), zip(QUESTIONS, DISCOVER, strict=True))
def test_the_trained_one_answers(
    question: str, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fresh home, and what the window proposes to ask; `tests/starter` asks more."""
    trained_file()  # skips where it was not trained yet
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{question}\n"))
    assert main(["chat", "starter", "--temperature", "0"]) == 0
    said = capsys.readouterr().out
    assert name in said
    assert "Ctrl+5" in said
