"""A home that cannot be written: models are used all the same, and nothing is promised."""

import os
import sqlite3
from pathlib import Path

import pytest
from helpers.tiny_models import write_tiny_llama

from engine.api import Engine, Paths
from engine.base.errors import ChaskiError
from engine.cli.entry import main
from engine.library import Library
from engine.library.files import plain_name


def blocked(tmp_path: Path) -> Path:
    """A home below a file: as good as a disk that cannot be written, also for root."""
    (tmp_path / "file").write_text("no folder")
    return tmp_path / "file" / "home"


def test_a_file_is_found_and_opened_without_a_library(tmp_path: Path) -> None:
    home = blocked(tmp_path)
    paths = Paths.under(home).with_models(tmp_path / "models")
    (tmp_path / "models").mkdir()
    model = write_tiny_llama(tmp_path / "models" / "tiny.gguf")
    library = Library(paths)
    assert [found.path for found in library.list()] == [model]
    assert library.resolve("tiny") == model
    assert "not kept" in library.notice
    for change in (
        lambda: library.add(model),
        lambda: library.remove("tiny"),
        lambda: library.rename("tiny", "other"),
    ):
        with pytest.raises(ChaskiError, match="your models"):
            change()
    library.close()


def test_a_list_that_can_only_be_read_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths.under(tmp_path)
    model = write_tiny_llama(tmp_path / "tiny.gguf")
    library = Library(paths)
    library.add(model, "mine")
    library.close()

    def refuse(*args: object, **kwargs: object) -> None:
        error = sqlite3.OperationalError("attempt to write")
        error.sqlite_errorname = "SQLITE_READONLY"
        raise error

    monkeypatch.setattr("engine.library.database.Database._opened", refuse)
    again = Library(paths)
    assert again.resolve("mine") == model
    with pytest.raises(ChaskiError, match="cannot be written"):
        again.remove("mine")
    again.close()


def test_the_guide_is_used_from_such_a_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(blocked(tmp_path)))
    with Engine() as engine:
        if engine.library.starter() is None:
            pytest.skip("this copy has no guide")
    assert main(["info", "starter"]) == 0
    assert main(["tokenize", "starter", "hello"]) == 0
    assert main(["models"]) == 0
    assert main(["models", "add", str(tmp_path / "nothing.gguf")]) == 1
    assert "internal" not in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="names there are always text")
def test_a_name_that_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9\nmodel.gguf")
    write_tiny_llama(odd)
    library = Library(Paths.under(tmp_path / "home"))
    added = library.add(odd)
    assert added.name == plain_name(odd) == "caf\ufffd\ufffdmodel"
    (listed,) = library.list()
    assert listed.path == odd
    assert library.resolve(added.name) == odd
    library.remove(added.name)
    library.close()


@pytest.mark.parametrize(
    "words", ["'{'", "'[]'", '\'{"added": "x", "file_bytes": []}\'', "x'ff'", "7"]
)
def test_a_damaged_row_costs_what_is_damaged(tmp_path: Path, words: str) -> None:
    paths = Paths.under(tmp_path)
    library = Library(paths)
    library.add(write_tiny_llama(tmp_path / "tiny.gguf"))
    library.add(write_tiny_llama(tmp_path / "other.gguf"))
    raw = sqlite3.connect(paths.library_file)
    raw.execute(f"UPDATE models SET words = {words} WHERE name = 'tiny'")
    raw.commit()
    raw.close()
    tiny = next(model for model in library.list() if model.name == "tiny")
    assert tiny.architecture == "llama", "its header was read again"
    library.remove("tiny")
    library.close()


def test_a_damaged_list_is_taken_over(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    library = Library(paths)
    model = write_tiny_llama(tmp_path / "tiny.gguf")
    library.add(model, "mine")
    library.close()
    data = bytearray(paths.library_file.read_bytes())
    data[:60] = b"x" * 60
    paths.library_file.write_bytes(data)
    again = Library(paths)
    assert again.resolve("mine") == model
    assert "1 of your models was taken over" in again.notice
    again.close()


@pytest.mark.parametrize(
    "name", ["a\nb\x1b[2J", "half \ud800", "x" * 5000, "~nobody-here/x", "a\0b"]
)
def test_an_odd_name_is_one_plain_sentence(tmp_path: Path, name: str) -> None:
    with Engine(Paths.under(tmp_path)) as engine:
        for ask in (engine.resolve, engine.library.find, engine.library.remove):
            with pytest.raises((ChaskiError, OSError)) as told:
                ask(name)
            if isinstance(told.value, ChaskiError):
                assert str(told.value).isprintable()
                assert len(str(told.value)) < 500
        model = engine.library.add(write_tiny_llama(tmp_path / "tiny.gguf"))
        if "/" not in name:
            renamed = engine.library.rename(model.name, name)
            assert renamed.name.isprintable()
            assert [found.name for found in engine.library.list()] == [renamed.name]
