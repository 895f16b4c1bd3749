"""The catalogues of the window: what is told is found, and what is broken in one is said."""

import ast
import json
from pathlib import Path

import pytest
from helpers.said import translate
from PySide6.QtCore import QTranslator

from engine.base.catalogue import ENGLISH
from gui.language import CONTEXT, languages


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that says four things."""
    Template = translate().Template
    wanted = [
        Template("Delete {n:,} {n:chat|chats}…", "", ("gui/a.py",)),
        Template("Open", "", ("gui/a.py", "gui/b.py")),
        Template("Open", "not closed", ("gui/b.py",)),
        Template("{size:memory} & <free>", "", ("gui/b.py",)),
    ]
    monkeypatch.setattr(translate(), "templates", lambda: wanted)


@pytest.mark.usefixtures("told")
def test_what_is_merged_is_kept_compiled_and_no_longer_missing(tmp_path: Path) -> None:
    translate().extract(folder=tmp_path)
    asked = translate().export("fr", True, tmp_path)
    assert list(asked) == [
        "Delete {n:,} {n:chat|chats}…",
        "Open",
        "Open || not closed",
        "{size:memory} & <free>",
    ]
    done = {"Open": "Ouvrir", "Open || not closed": "Ouverte", "Shut": "Fermer"}
    assert translate().merge("fr", done, tmp_path) == ["Shut"]
    translate().extract(folder=tmp_path)
    assert len(translate().export("fr", True, tmp_path)) == 2
    assert translate().export("ja", False, tmp_path)["Open"] == ""
    source, target = translate().catalogue("fr", tmp_path), tmp_path / "fr.qm"
    translate().compile_catalogue(source, target)
    first = target.read_bytes()
    translate().compile_catalogue(source, target)
    assert target.read_bytes() == first
    translator = QTranslator()
    assert translator.load(str(target))
    assert translator.translate(CONTEXT, "Open") == "Ouvrir"
    assert translator.translate(CONTEXT, "Open", "not closed") == "Ouverte"
    assert translator.translate(CONTEXT, "{size:memory} & <free>") == ""


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Supprimer {n:,} {n:chat|chats}…", ""),
        ("", "missing"),
        ("Supprimer {n} {m:chat|chats}…", "its plurals"),
        ("Supprimer {n:chat|chats}…", "other fields"),
        ("Supprimer {n:,} {n:chat}…", "its plurals"),
        ("Supprimer {n:,} {n:chat|chats}", "its ellipsis"),
        ("Supprimer {n:,} {n:chat|chats} …\n", "other lines"),
        (" Supprimer {n:,} {n:chat|chats}…", "other blanks before"),
        ("&Supprimer {n:,} {n:chat|chats}…", "its accelerator"),
    ],
)
def test_what_is_wrong_with_a_translation_is_told(tmp_path: Path, text: str, fault: str) -> None:
    rest = {"Open": "Ouvrir", "Open || not closed": "Ouverte"}
    rest["{size:memory} & <free>"] = "{size:memory} & <libre>"
    translate().merge("fr", {**rest, "Delete {n:,} {n:chat|chats}…": text}, tmp_path)
    found = translate().complaints("fr", tmp_path)
    assert any(each.startswith(fault) for each in found) if fault else found == []


def test_calls_that_cannot_be_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
tr(f"{n} chats")
tr("a" + "b")
tr("{n} chats")
tr("{n} chats", n=1, m=2)
tr("{n} chats", n=3)
tr(TITLE), tr(self.title), tr(TABLE[key]), tr(TABLE.get(key, "")), tr("one" if n else "many")
tr("Open", sense="not closed"), marked("Shut", "a door"), marked(f"{n}")
title.setText(f"{n} chats"), title.setText("Chats" if n else tr("None")), label("x", tip="Tip")
"""
    module = {"gui/a.py": ast.parse(code)}
    from_code = translate().faults.__globals__
    monkeypatch.setitem(from_code, "modules", lambda: module)
    faults = [each.split(":", 2)[1:] for each in translate().faults()]
    assert [int(line) for line, _ in faults] == [2, 3, 4, 5, 8]
    assert [(t.source, t.sense) for t in translate().templates()][-4:] == [
        ("many", ""),
        ("Open", "not closed"),
        ("Shut", "a door"),
        ("None", ""),
    ]
    assert len(translate().unmarked()) == 3, "one letter is no word"


def test_no_word_of_the_window_goes_past_the_catalogues() -> None:
    """Neither what is handed to a widget nor whatever else reads like words."""
    assert translate().unmarked() == []
    assert translate().unmarked(strict=True) == []


def test_what_is_offered_is_whole_and_compiled() -> None:
    """What a language says is in its .ts, all of it, and the .qm tells just that."""
    for language in [code for code, _ in languages() if code != ENGLISH]:
        source = translate().catalogue(language)
        assert translate().complaints(language) == [], language
        translator = QTranslator()
        assert translator.load(str(source.with_suffix(".qm")))
        for (english, sense), text in translate().read(source).items():
            assert translator.translate(CONTEXT, english, sense) == text, "compile it anew"


def test_the_catalogues_that_there_are_can_be_read_and_have_nothing_broken() -> None:
    assert translate().faults() == []
    for language in translate().LANGUAGES:
        found = translate().complaints(language)
        lax = ("missing", "nobody says")  # what is compiled is offered, and is whole
        assert [each for each in found if not each.startswith(lax)] == []
    assert translate().main([]) == 2
    assert json.dumps(translate().export("fr", True))


@pytest.mark.parametrize("language", ["fr", "ja"])
def test_what_the_window_reads_is_made_of_the_catalogue(language: str, tmp_path: Path) -> None:
    kept = translate().catalogue(language).with_suffix(".qm")
    translate().compile_catalogue(translate().catalogue(language), tmp_path / "now.qm")
    assert (tmp_path / "now.qm").read_bytes() == kept.read_bytes(), "translate.py compile"
