#!/usr/bin/env python3
"""The words of the window, for those who translate them (those of the engine: words.py).

    python3 packaging/translate.py extract [fr]          brings catalogues up to the code
    python3 packaging/translate.py export fr --missing   JSON to fill in: {"English": ""}
    python3 packaging/translate.py merge fr done.json    takes what is filled in
    python3 packaging/translate.py check [fr]            what lacks, what is broken
    python3 packaging/translate.py compile [fr]          makes what the window reads (Qt's .qm)
    python3 packaging/translate.py unmarked [--all]      words in gui/ that go through no `tr`

Catalogues are Qt Linguist's, `resources/languages/chaski_LANG.ts`; the `.qm` beside it is kept,
too, so that the window speaks it without any tool. `{n:token|tokens}` has a form for each plural of
the language, and is left out where it has none; every other field stays as it is. Where one English
text has two senses, the key in JSON is "English || sense".
"""

import json
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as Xml
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import words  # noqa: E402
from window_words import Template, faults, templates, unmarked  # noqa: E402

FOLDER = words.ROOT / "resources" / "languages"
LANGUAGES = {"fr": "two-on", "ja": "none"}  # and how they count, as PLURALS has it
CONTEXT = "chaski"
BETWEEN = " || "  # of words and their sense
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
ACCELERATOR = re.compile(r"&(?!&)\w")
Told = dict[tuple[str, str], str]  # translations by English and sense


def catalogue(language: str, folder: Path = FOLDER) -> Path:
    """Where the words in a language are kept."""
    return folder / f"chaski_{language}.ts"


def read(path: Path) -> Told:
    """All entries of a catalogue, also those that nobody has translated yet ("")."""
    if not path.exists():
        return {}
    return {
        (entry.findtext("source", ""), entry.findtext("comment", "")): entry.findtext(
            "translation", ""
        )
        for entry in Xml.parse(path).iter("message")
    }


def write(path: Path, language: str, told: Told, wanted: list[Template]) -> None:
    """A catalogue of what is wanted, with what is told of it. Without numbers of lines, so that
    only what changed differs."""
    root = Xml.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = Xml.SubElement(root, "context")
    Xml.SubElement(context, "name").text = CONTEXT
    for template in wanted:
        entry = Xml.SubElement(context, "message")
        for file in template.files:
            Xml.SubElement(entry, "location", filename=f"../../{file}")
        Xml.SubElement(entry, "source").text = template.source
        if template.sense:
            Xml.SubElement(entry, "comment").text = template.sense
        translation = Xml.SubElement(entry, "translation")
        translation.text = told.get((template.source, template.sense), "")
        if not translation.text:
            translation.set("type", "unfinished")
    Xml.indent(root, "    ")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = Xml.tostring(root, encoding="unicode")
    path.write_text(f"{HEAD}{text}\n", encoding="utf-8", newline="\n")


def extract(languages: Iterable[str] = LANGUAGES, folder: Path = FOLDER) -> None:
    """Bring catalogues up to the code: what is translated stays, what nobody says goes."""
    wanted = templates()
    for language in languages:
        path = catalogue(language, folder)
        write(path, language, read(path), wanted)


def export(language: str, is_missing: bool, folder: Path = FOLDER) -> dict[str, str]:
    """Words to translate and their translations, by `key`."""
    told = read(catalogue(language, folder))
    found = ((each, told.get((each.source, each.sense), "")) for each in templates())
    return {key(each): text for each, text in found if not (is_missing and text)}


def merge(language: str, given: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """Take what was filled in; returns keys that nobody says."""
    path, wanted = catalogue(language, folder), templates()
    told, keys = read(path), {key(each): (each.source, each.sense) for each in wanted}
    for name, text in given.items():
        if text and name in keys:
            told[keys[name]] = text
    write(path, language, told, wanted)
    return [name for name in given if name not in keys]


def key(template: Template) -> str:
    """How an entry is called in JSON."""
    return template.source + (BETWEEN + template.sense if template.sense else "")


def compile_catalogue(source: Path, target: Path) -> None:
    """What the window reads, by Qt's own tool, which comes with PySide6; what is not translated is
    left out of it and is shown in English."""
    import PySide6

    tool = Path(PySide6.__file__).parent / (
        "lrelease.exe" if sys.platform == "win32" else "lrelease"
    )
    command = [str(tool), "-silent", "-nounfinished", str(source), "-qm", str(target)]
    subprocess.run(command, check=True)


def complaints(language: str, folder: Path = FOLDER) -> list[str]:
    """What is wrong with a catalogue."""
    path, wanted = catalogue(language, folder), {(each.source, each.sense) for each in templates()}
    told, forms = read(path), words.FORMS[plural_of(language)]
    found = [f"missing: {source}" for source, sense in wanted if not told.get((source, sense))]
    for (source, sense), text in told.items():
        if (source, sense) not in wanted:
            found.append(f"nobody says: {source}")
        elif text:
            found += [f"{fault}: {source} -> {text}" for fault in broken(source, text, forms)]
    return found


def plural_of(language: str) -> str:
    """How a language counts: as its catalogue of the engine's says, which fills the fields."""
    path = words.ROOT / "resources" / "words" / f"{language}.toml"
    if not path.exists():
        return LANGUAGES[language]
    return str(tomllib.loads(path.read_text(encoding="utf-8")).get("plural"))


def broken(source: str, text: str, forms: int) -> Iterator[str]:
    """What of a text's form its translation lost."""
    if words.fields(source) != words.fields(text):
        yield "other fields"
    if words.plurals(text) != ({n: forms for n in words.plurals(source)} if forms else {}):
        yield f"its plurals must have {forms} forms"
    if source.count("\n") != text.count("\n"):
        yield "other lines"
    if bool(ACCELERATOR.search(source)) != bool(ACCELERATOR.search(text)):
        yield "its accelerator"
    if source.rstrip().endswith("…") != text.rstrip().endswith("…"):
        yield "its ellipsis"
    for part, here, there in (
        ("before", source[: -len(source.lstrip())], text[: -len(text.lstrip())]),
        ("after", source[len(source.rstrip()) :], text[len(text.rstrip()) :]),
    ):
        if source.strip() and here != there:
            yield f"other blanks {part}"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["extract", *some] if set(some) <= set(LANGUAGES):
            extract(some or LANGUAGES)
        case ["export", language, *more] if language in LANGUAGES and more in ([], ["--missing"]):
            found = export(language, bool(more))
            print(json.dumps(found, ensure_ascii=False, indent=1))
        case ["merge", language, file] if language in LANGUAGES:
            for name in merge(language, json.loads(Path(file).read_text(encoding="utf-8"))):
                print(f"nobody says: {name}")
        case ["check", *some] if set(some) <= set(LANGUAGES):
            return _tell(
                [f"{code}: {fault}" for code in some or LANGUAGES for fault in complaints(code)]
                + faults()
                + unmarked()
            )
        case ["compile", *some] if set(some) <= set(LANGUAGES):
            for code in some or LANGUAGES:
                compile_catalogue(catalogue(code), catalogue(code).with_suffix(".qm"))
        case ["unmarked", *more] if more in ([], ["--all"]):
            return _tell(faults() + unmarked(strict=bool(more)))
        case _:
            print(__doc__)
            return 2
    return 0


def _tell(found: list[str]) -> int:
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
