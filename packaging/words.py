#!/usr/bin/env python3
"""The sentences of the engine, for those who translate them.

    python3 packaging/words.py list                  every template, and where it is said
    python3 packaging/words.py skeleton > fr.toml    a catalogue with nothing translated yet
    python3 packaging/words.py check                 are the catalogues of resources/words whole?

A template is the first argument of an error, a Notice, Words or Phrase, or stands in a table whose
name ends in WORDS; to them come the help of the command line, and what the models to begin with are
good for. `{n:token|tokens}` has a form for each plural of the language (`PLURALS` of
engine/base/catalogue.py), and is left out where it has none; every other field stays as it is.
"""

import argparse
import ast
import functools
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.base.catalogue import FIELD, FORMATTERS, PLURALS  # noqa: E402

SAYERS = {"Notice", "Words", "Phrase"}  # beside all errors
TABLES = "WORDS"
FORMS = {"not-one": 2, "two-on": 2, "none": 0}  # of each plural
UNITS = ("TB", "GB", "MB", "kB", "bytes", "byte", "tok", "s", "min", "h", "days")
FOLDERS = ("engine", "gui")
FIRST_MODELS = "resources/first_models.json"
HELP = "chaski --help"  # the place of what parsers say


@functools.cache
def modules() -> list[tuple[str, list[ast.AST]]]:
    """Every module of the program, by its path from the root, and all its nodes."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [
        (path.relative_to(ROOT).as_posix(), list(ast.walk(ast.parse(path.read_text("utf-8")))))
        for path in paths
    ]


@functools.cache
def kinds() -> dict[str, set[str]]:
    """Whatever takes a template first, and its own parameters, which are no fields."""
    classes = {n.name: n for _, nodes in modules() for n in nodes if isinstance(n, ast.ClassDef)}
    found = {"ChaskiError"}
    while True:
        more = {n for n, c in classes.items() if any(last(base) in found for base in c.bases)}
        if more <= found:
            break
        found |= more
    return {name: _own(name, classes) for name in found | SAYERS}


def _own(name: str, classes: dict[str, ast.ClassDef]) -> set[str]:
    """The parameters of a class or the nearest of its bases, without the template."""
    kind = classes.get(name)
    for part in kind.body if kind is not None else []:
        if isinstance(part, ast.FunctionDef) and part.name in ("__init__", "__new__"):
            taken = [*part.args.posonlyargs[2:], *part.args.args, *part.args.kwonlyargs]
            return {each.arg for each in taken} - {"self", "cls"}
    bases = [last(base) for base in kind.bases] if kind is not None else []
    return _own(bases[0], classes) if bases else set()


def last(node: ast.expr) -> str:
    """The last word of a dotted name."""
    return getattr(node, "attr", "") or getattr(node, "id", "")


@functools.cache
def said() -> list[tuple[str, ast.Call, str]]:
    """Every call that says something: its place, itself, and the name of what is called."""
    known = kinds()
    return [
        (f"{place}:{node.lineno}", node, last(node.func))
        for place, nodes in modules()
        for node in nodes
        if isinstance(node, ast.Call) and node.args and last(node.func) in known
        if not isinstance(node.args[0], ast.Starred)
    ]


@functools.cache
def templates() -> dict[str, list[str]]:
    """Every template and its places, in the order of the code."""
    found = dict[str, list[str]]()
    for place, call, _ in said():
        for text in _texts(call.args[0]):
            found.setdefault(text, []).append(place)
    for place, nodes in modules():
        for node in nodes:
            if isinstance(node, ast.Assign) and last(node.targets[0]).endswith(TABLES):
                for text in _texts(node.value):
                    found.setdefault(text, []).append(f"{place}:{node.lineno}")
    for text in good_for():
        found.setdefault(text, []).append(FIRST_MODELS)
    for text in helps():
        found.setdefault(text, []).append(HELP)
    return {text: places for text, places in found.items() if text}


def good_for() -> list[str]:
    """What each of the models to begin with is good for: data that is told as a sentence."""
    rows = json.loads((ROOT / FIRST_MODELS).read_text(encoding="utf-8"))["models"]
    return [row["good_for"] for row in rows]


def helps() -> list[str]:
    """What the command line says of itself, as its parsers have it."""
    from engine.base.catalogue import Words
    from engine.cli.entry import parsers

    found = dict[str, None]()
    for parser in parsers():
        told = [parser.description, parser.epilog]
        told += [group.title for group in parser._action_groups]
        actions = [action for action in parser._actions if action.help]
        verbs = [verb for action in parser._actions for verb in _verbs_of(action)]
        told += [each.help for each in (*actions, *verbs)]
        for text in told:
            if text:
                found[text.template if isinstance(text, Words) else str(text)] = None
    return list(found)


def _verbs_of(action: argparse.Action) -> list[argparse.Action]:
    """The lines of the list of verbs, which argparse keeps for itself."""
    return list(getattr(action, "_choices_actions", ()))


def _texts(node: ast.expr) -> Iterator[str]:
    """A text, both of a choice, all values of a table."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)


def fields(template: str) -> set[str]:
    """Names of fields, with the formatter where they have one; without plurals, which are forms."""
    return {
        f"{m[1]}:{m[3]}" if m[3] in FORMATTERS else m[1]
        for m in FIELD.finditer(template)
        if m[1] is not None and "|" not in (m[3] or "")
    }


def places(template: str) -> list[str]:
    """Where argparse puts its own words: %s, %(name)r."""
    return sorted(re.findall(r"%(?:\(\w+\))?[sr]", template))


def plurals(template: str) -> dict[str, int]:
    """Fields that choose a form, and how many forms there are."""
    found = (m for m in FIELD.finditer(template) if "|" in (m[3] or ""))
    return {m[1]: m[3].count("|") + 1 for m in found}


def skeleton() -> str:
    """A catalogue whose sentences are empty, which means English."""
    head = ['plural = "not-one"', 'thousands = ","', 'decimal = "."', 'percent = "%"']
    units = [f'{json.dumps(unit)} = "{unit}"' for unit in UNITS]
    lines = [*head, "", "[units]", *units, "", "[sentences]"]
    for template, places in templates().items():
        lines += [f"# {places[0]}", f'{_quoted(template)} = ""']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML, whose escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False)


def complaints(text: str, wanted: dict[str, list[str]]) -> list[str]:
    """What is wrong with a catalogue: what lacks, what is too much, which fields are others."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [f"no valid TOML: {error}"]
    plural, sentences = table.get("plural"), table.get("sentences")
    if plural not in PLURALS or not isinstance(sentences, dict):
        return [f"plural must be one of {', '.join(PLURALS)}, and there must be [sentences]"]
    found = [f"missing: {template}" for template in wanted if not sentences.get(template)]
    for template, told in sentences.items():
        if template not in wanted:
            found.append(f"nobody says: {template}")
        elif told and (fields(template) != fields(told) or places(template) != places(told)):
            found.append(f"other fields: {template} -> {told}")
        elif told and not _has_forms(plurals(template), plurals(told), FORMS[plural]):
            found.append(f"its plurals must have {FORMS[plural]} forms: {told}")
    return found


def _has_forms(wanted: dict[str, int], told: dict[str, int], forms: int) -> bool:
    return told == ({name: forms for name in wanted} if forms else {})


def main(arguments: list[str]) -> int:
    match arguments:
        case ["list"]:
            for template, places in templates().items():
                print(f"{template}\n    {', '.join(places)}")
        case ["skeleton"]:
            print(skeleton(), end="")
        case ["check"]:
            wanted, bad = templates(), 0
            for path in sorted((ROOT / "resources" / "words").glob("*.toml")):
                for complaint in complaints(path.read_text(encoding="utf-8"), wanted):
                    print(f"{path.name}: {complaint}")
                    bad += 1
            return 1 if bad else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
