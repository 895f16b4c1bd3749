"""The command line speaks the person's language, and programs that read it never notice."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.said import words
from helpers.tiny_models import write_tiny_llama

from engine.base import catalogue, paths
from engine.base.catalogue import Words
from engine.base.words import columns, padded
from engine.cli import main
from engine.cli.speaking import language, told

OWN = {
    "error: {message} ({program} --help says more)": "faute : {message} (voir {program} --help)",
    "error: {what}": "faute : {what}",
    "the following arguments are required: %s": "il manque : %s",
    "argument %(argument_name)s: %(message)s": "pour %(argument_name)s : %(message)s",
    "must be {low} or more, not {n}": "au moins {low}, pas {n}",
    "usage: ": "usage : ",
    "options": "réglages",
    "the library of models": "les modèles",
    "print one JSON object": "une ligne de JSON",
    "no models yet": "aucun modèle",
    "{n:,} values": "{n:,} valeurs",
    "there is no file {argument}; check the spelling of the path": "{argument} n'existe pas",
    "default {value}": "d'habitude {value}",
}
UNITS = {"GB": "Go", "MB": "Mo", "kB": "ko", "bytes": "octets"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue of a few sentences, which the system asks for."""
    file = tmp_path / "fr.toml"
    speak(file, {**OWN})
    monkeypatch.setattr(paths, "resource", lambda *parts: tmp_path / parts[-1])
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHASKI_LANGUAGE", "fr_CA.UTF-8")
    import argparse

    monkeypatch.setattr(argparse, "_", argparse._)  # type: ignore[attr-defined]
    monkeypatch.setattr(argparse, "ngettext", argparse.ngettext)  # type: ignore[attr-defined]
    yield file
    catalogue.tongue.cache_clear()


def speak(file: Path, sentences: dict[str, str]) -> None:
    rows = [f"{json.dumps(key)} = {json.dumps(text)}" for key, text in sentences.items()]
    units = [f"{key} = {json.dumps(text)}" for key, text in UNITS.items()]
    head = ['plural = "two-on"', 'thousands = "\\u202f"', 'decimal = ","', "[units]", *units]
    file.write_text("\n".join([*head, "[sentences]", *rows]), encoding="utf-8")
    catalogue.tongue.cache_clear()


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"LANG": "fr_CA.UTF-8"}, "fr_CA"),
        ({"LANG": "fr_FR", "LC_ALL": "ja_JP.UTF-8"}, "ja_JP"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "de_DE@euro"}, "de_DE"),
        ({"LANG": "fr_FR", "CHASKI_LANGUAGE": "en"}, "en"),
        ({"LANG": "fr_FR", "CHASKI_LANGUAGE": "pt-BR"}, "pt_BR"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_systems(
    variables: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CHASKI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == code


def test_help_is_told(french: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert text.startswith("usage : chaski")
    assert "réglages:" in text
    assert "les modèles" in text
    with pytest.raises(SystemExit):
        main(["chat", "--help"])
    text = capsys.readouterr().out
    assert "d'habitude 0.8" in text, "a word with a value"
    assert "--temperature N" in text, "flags have one name everywhere"


def test_errors_are_told(french: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, line in (
        (["quantize"], "faute : il manque : IN, OUT.gguf, TYPE (voir chaski quantize --help)\n"),
        (
            ["search", "--limit", "0"],
            "faute : pour --limit : au moins 1, pas 0 (voir chaski search --help)\n",
        ),
    ):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 2
        assert capsys.readouterr().err == line
    assert main(["absent.gguf"]) == 1
    assert capsys.readouterr().err == "faute : absent.gguf n'existe pas\n"


def test_a_broken_catalogue_gives_way_to_english(
    french: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {
        "the following arguments are required: %s": "il manque %(chose)s, 100 %",
        "the library of models": "100 % des modèles",
    }
    speak(french, broken)
    with pytest.raises(SystemExit):
        main(["quantize"])
    assert "the following arguments are required: IN" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "the library of models" in capsys.readouterr().out


def test_what_programs_read_is_english(
    french: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe gets the same in every language; a terminal the person's own."""
    assert main(["models", "list"]) == 0
    assert capsys.readouterr().out == "no models yet\n"
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert main(["models", "list"]) == 0
    assert sys.stdout.getvalue() == "aucun modèle\n"  # type: ignore[attr-defined]
    assert main(["models", "list", "--json"]) == 0
    assert sys.stdout.getvalue().splitlines()[-1] == '{"models": []}'  # type: ignore[attr-defined]


def test_every_line_of_a_report_is_told(
    french: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A catalogue of all there is, in marks: what stands outside of them is no sentence of ours."""
    speak(french, {text: f"«{text}»" for text in words().templates()})
    model = str(write_tiny_llama(tmp_path / "tiny.gguf"))
    monkeypatch.setattr(sys, "stdout", Terminal())
    for verb in (["info", model], ["models", "add", model], ["chats"], ["hardware"]):
        assert main(verb) == 0
    text = sys.stdout.getvalue()  # type: ignore[attr-defined]
    assert "«architecture»" in text
    assert "«parameters»" in text
    assert "«no chats yet»" in text
    assert "«processor»" in text
    report = text.partition("\n\n")[0]
    for line in report.splitlines():
        assert line.startswith("«"), line
    plain = [line for line in report.splitlines() if " with a context of " in line]
    assert plain, "the memory line"
    assert all("«" in line.split(maxsplit=1)[1] for line in plain)


def test_a_column_holds_letters_of_two_widths(french: Path) -> None:
    assert columns("modèle") == 6
    assert columns("モデル") == 6
    assert padded("モデル", 8) == "モデル  "
    assert told(Words("{n:,} values", n=12345)) == "12\u202f345 valeurs"


def test_english_reads_no_catalogue(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever speaks English waits for none."""
    monkeypatch.setenv("CHASKI_LANGUAGE", "en")

    def refuse(*parts: str) -> Path:
        raise AssertionError(parts)

    monkeypatch.setattr(catalogue, "_read", refuse)
    with pytest.raises(SystemExit):
        main(["models", "--help"])
    assert capsys.readouterr().out.startswith("usage: chaski models")
