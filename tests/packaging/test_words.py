"""The list of all sentences: each can be told in a language made of its templates."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.said import words

from engine.base.catalogue import FIELD, FORMATTERS, Words, say, tongue

ARGPARSE = re.compile(r"%(?:\(\w+\))?[sr]")
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


def accented(template: str) -> str:
    """With accents on all but the fields, and argparse's; the forms of a plural are words, too."""
    parts, at = [], 0
    places = sorted((*FIELD.finditer(template), *ARGPARSE.finditer(template)), key=re.Match.start)
    for found in places:
        spec = (found[3] or "") if found.re is FIELD else ""
        told = found[0].replace(spec, spec.translate(ACCENTS)) if "|" in spec else found[0]
        parts += [template[at : found.start()].translate(ACCENTS), told]
        at = found.end()
    return "".join([*parts, template[at:].translate(ACCENTS)])


def pseudo() -> str:
    lines = words().skeleton().splitlines()
    done = []
    for line in lines:
        key, sign, value = line.rpartition(" = ")
        is_template = sign and value == '""'
        told = json.dumps(accented(json.loads(key)), ensure_ascii=False) if is_template else ""
        done.append(f"{key} = {told}" if is_template else line)
    return "\n".join(done)


def test_all_sentences_are_found() -> None:
    found = words().templates()
    assert len(found) > 900
    assert "loading weights" in found
    assert "no connection" in found
    assert "Runs well" in found
    assert any(
        place.startswith("engine/hub/faults.py") for places in found.values() for place in places
    )


def test_every_sentence_can_be_told_in_a_language_made_of_it(tmp_path: Path) -> None:
    tongue.cache_clear()
    (tmp_path / "xx.toml").write_text(pseudo(), encoding="utf-8")
    for template in words().templates():
        names = {m[1]: 1 if m[3] in FORMATTERS else "7" for m in FIELD.finditer(template) if m[1]}
        numbers = {m[1]: 3 for m in FIELD.finditer(template) if m[1] and "|" in (m[3] or "")}
        said = Words(template, **names | numbers)
        told = say(said, "xx", tmp_path)
        assert "{" not in told.replace("{{", "") or "{{" in template, template
        if any(c in "aeiouAEIOU" for c in ARGPARSE.sub("", FIELD.sub("", template))):
            assert told != said, template


def test_a_whole_catalogue_has_nothing_wrong() -> None:
    assert words().complaints(pseudo(), words().templates()) == []
    for path in sorted((ROOT / "resources" / "words").glob("*.toml")):
        assert words().complaints(path.read_text(encoding="utf-8"), words().templates()) == [], path


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("", "missing"),
        ("{file} a {size:file}", "other fields"),
        ("{file} a {n} {size:memory} {n:x|y}", "other fields"),
        ("{file} a {n} {size:file}", "its plurals"),
        ("{file} a {n} {size:file} {n:x|y|z}", "its plurals"),
        ("{file.name} a {n} {size:file} {n:x|y}", "other fields"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told(said: str, wrong: str) -> None:
    wanted = {"{file} has {n} {n:token|tokens}, {size:file}": ["a.py:1"]}
    (template,) = wanted
    text = f'plural = "two-on"\n[sentences]\n{json.dumps(template)} = {json.dumps(said)}\n'
    (complaint,) = words().complaints(text, wanted)
    assert complaint.startswith(wrong)


def test_a_sentence_that_nobody_says_and_a_broken_file_are_told() -> None:
    assert words().complaints('plural = "none"\n[sentences]\na = "b"\n', {}) == ["nobody says: a"]
    assert words().complaints("[", {})[0].startswith("no valid TOML")
    assert words().complaints("", {})[0].startswith("plural must be")


def test_the_skeleton_means_english(tmp_path: Path) -> None:
    tongue.cache_clear()
    (tmp_path / "xx.toml").write_text(words().skeleton(), encoding="utf-8")
    assert tomllib.loads(words().skeleton())["units"]["GB"] == "GB"
    assert say(Words("loading weights"), "xx", tmp_path) == "loading weights"
    assert words().main(["check"]) == 0
    assert words().main([]) == 2
