"""What the engine says is shown in the window's language, from its own catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.said import translate
from PySide6.QtWidgets import QApplication

from engine.base import catalogue
from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.base.events import Progress, Stage
from gui.language import SPOKEN, begun, said, speak
from gui.workers import sentence, whole_sentence

FRENCH = """
[sentences]
"{file} is broken; get {what} again" = "{file} est abîmé ; reprenez {what}"
"the file" = "le fichier"
"loading weights" = "lecture des poids"
"""


@pytest.fixture
def french(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "fr.toml").write_text(FRENCH, encoding="utf-8")
    monkeypatch.setattr("engine.base.paths.resource", lambda _, name: tmp_path / name)
    catalogue.tongue.cache_clear()
    before = qapp.property(SPOKEN)
    qapp.setProperty(SPOKEN, "fr")
    yield
    qapp.setProperty(SPOKEN, before)
    catalogue.tongue.cache_clear()


@pytest.mark.usefixtures("french")
def test_errors_steps_and_phrases_are_told_in_it() -> None:
    error = FormatError("{file} is broken; get {what} again", file="a.gguf", what=Words("the file"))
    assert sentence(error) == "a.gguf est abîmé ; reprenez le fichier."
    assert begun(Progress(Stage.LOADING, 1, 2).words) == "Lecture des poids"
    assert said("what nobody translates") == "what nobody translates"
    assert said(Words("what {it} lacks", it="it")) == "what it lacks"


def test_english_is_what_is_written(qapp: QApplication) -> None:
    assert said(str(FormatError("{file} is broken", file="a"))) == "a is broken"
    assert begun("names stay") == "Names stay"


def test_a_japanese_sentence_has_a_japanese_full_stop(qapp: QApplication, tmp_path: Path) -> None:
    source = translate().catalogue("ja")
    translate().compile_catalogue(source, tmp_path / "chaski_ja.qm")
    error = FormatError("{file} is empty; get the file again", file="a.gguf")
    try:
        assert speak(qapp, "ja", tmp_path) == "ja"
        assert sentence(error) == "a.gguf は空です。ファイルを入手し直してください。"
        assert whole_sentence("a.gguf を開けません: 理由。") == "a.gguf を開けません: 理由。"
    finally:
        assert speak(qapp, "en") == "en"
