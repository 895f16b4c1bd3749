"""The model that comes with the program on the command line: verbs take `starter` for a MODEL."""

import io
import json
from pathlib import Path

import pytest
from helpers.packed_starter import NAME, pack_none, pack_starter

from engine.cli import main

REFERENCE = ["--backend", "reference", "-t", "1"]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return pack_starter(monkeypatch, tmp_path / "packed" / "starter")


def test_chat(
    packed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hello\n"))
    assert main(["chat", "starter", "-n", "4", "--ignore-eos", "--seed", "1", *REFERENCE]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "verb",
    [
        ["complete", "-p", "once", "-n", "2", *REFERENCE],
        ["bench", "-p", "8", "-n", "2", "-r", "1", *REFERENCE],
        ["tokenize", "once"],
    ],
)
def test_verbs(packed: Path, capsys: pytest.CaptureFixture[str], verb: list[str]) -> None:
    assert main([verb[0], "starter", *verb[1:], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_info(packed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "starter", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["metadata"]["general.name"] == NAME
    assert found["file_bytes"] == packed.stat().st_size


def test_the_library_tells_of_it_and_keeps_it(
    packed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["models"]) == 0
    assert "`chaski chat starter`" in capsys.readouterr().out
    assert main(["models", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"models": []}
    assert main(["models", "verify", "starter"]) == 0
    assert "whole" in capsys.readouterr().out
    assert main(["models", "remove", "starter"]) == 1
    assert "comes with the program" in capsys.readouterr().err
    assert packed.is_file()
    pack_none(monkeypatch)
    assert main(["models"]) == 0
    assert capsys.readouterr().out == "no models yet\n"
