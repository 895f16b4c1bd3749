"""Languages that nobody speaks, made of all that the program says: whatever was not marked shows.

"xx" has other letters throughout and is longer by two fifths, "ar" goes from right to left. No
letter of English is left in either, so one that is seen was not marked, or is somebody's data.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from pathlib import Path
from unittest.mock import patch

from helpers.said import translate, words

from engine.base import catalogue, paths
from engine.base.catalogue import FIELD
from gui.language import PREFIX, SUFFIX

LETTERS = {
    "xx": (
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "áƀčđéƒǧĥíĵķļɱñóƥɋřšŧúṽŵẋýžÁɃČĐÉƑǦĤÍĴĶĻṀÑÓƤɊŘŠŦÚṼŴẊÝŽ",
    ),
    "ar": (
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ابتثجحخدذرزسشصضطظعغفقكلمنهابتثجحخدذرزسشصضطظعغفقكلمنه",
    ),
}
LONGER = 0.4
ARGPARSE = re.compile(r"%(?:\(\w+\))?[sr]")  # what the command line's parser fills in
FILTER = re.compile(r"\([^)]*\*[^)]*\)")  # of files, which a dialog reads
DATE = "a date in Qt's letters"


def told(template: str, language: str, sense: str = "") -> str:
    """A template in one of these languages: fields stay, the forms of plurals are words, too."""
    if sense == DATE:
        return template
    table = str.maketrans(*LETTERS[language])
    parts, at = [], 0
    places = (*FIELD.finditer(template), *FILTER.finditer(template), *ARGPARSE.finditer(template))
    for found in sorted(places, key=re.Match.start):
        spec = found[3] or "" if found.re is FIELD else ""
        field = found[0].replace(spec, spec.translate(table)) if "|" in spec else found[0]
        parts += [template[at : found.start()].translate(table), field]
        at = found.end()
    parts.append(template[at:].translate(table))
    return _longer("".join(parts)) if language == "xx" else "".join(parts)


def _longer(text: str) -> str:
    """Between brackets that show where it is cut, outside of the blanks and the ellipsis."""
    body = text.strip()
    more = "ẋ" * round(LONGER * len(FIELD.sub("", body)))
    more = " ".join(more[i : i + 6] for i in range(0, len(more), 6))
    dots = "…" if body.endswith("…") else ""
    body = f"⟦{body.removesuffix('…')}{' ' + more if more else ''}⟧{dots}"
    return text.replace(text.strip(), body) if text.strip() else text


def make(folder: Path, language: str) -> None:
    """Both catalogues: of the window as it reads it, and the engine's."""
    folder.mkdir(parents=True, exist_ok=True)
    tool = translate()
    wanted = tool.templates()
    every = {(each.source, each.sense): told(each.source, language, each.sense) for each in wanted}
    source = folder / f"{PREFIX}{language}.ts"
    tool.write(source, language, every, wanted)
    tool.compile_catalogue(source, folder / f"{PREFIX}{language}{SUFFIX}")
    source.unlink()
    (folder / f"{language}.toml").write_text(_engine(lambda text: told(text, language)), "utf-8")


def _engine(tell: Callable[[str], str]) -> str:
    lines = []
    for line in words().skeleton().splitlines():
        key, sign, value = line.rpartition(" = ")
        is_template = bool(sign) and value == '""'
        new = json.dumps(tell(json.loads(key)), ensure_ascii=False) if is_template else ""
        lines.append(f"{key} = {new}" if is_template else line)
    return "\n".join(lines) + "\n"


@contextmanager
def offered(folder: Path) -> Iterator[None]:
    """The program finds its languages in this folder, and no others."""
    from_program = paths.resource

    def resource(*names: str) -> Traversable:
        return folder / names[-1] if names[0] == catalogue.FOLDER else from_program(*names)

    with patch("gui.language.folder", lambda: folder), patch.object(paths, "resource", resource):
        catalogue.tongue.cache_clear()
        yield
    catalogue.tongue.cache_clear()
