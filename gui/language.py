"""Which language the window speaks. English is written in the code; any other is a catalogue.

A catalogue is one file of Qt's (`resources/languages/chaski_CODE.qm`) and lies there only when it
is whole: what is offered here is never half translated. What the engine says has a catalogue of its
own (`resources/words`); it is told through `said`, and never taken apart. Whatever the window says
itself goes through `tr`, where it is shown:

    tr("Delete {n:,} {n:chat|chats}", n=3)      fields as the engine's templates have them
    tr("{size:memory} free", size=bytes)        raw numbers, told in the language's own units
    tr("Open", sense="of a chat: not closed")   one English word that others tell by two

Words of a table that is made before the language is known are `marked` there and told by `tr` where
they are shown. The template is the key: it is found by reading the code, so it is written out.
"""

import functools
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from engine.base.catalogue import ENGLISH, FIELD, filled, say, tongue
from gui.resources import resource

SYSTEM = "system"
CONTEXT = "chaski"  # of all words of the window in Qt's catalogues
SPOKEN = "spoken"  # the property of the application that says which language is spoken
FOLDER, PREFIX, SUFFIX = "languages", "chaski_", ".qm"


def folder() -> Path:
    """Where catalogues lie."""
    return Path(str(resource(FOLDER)))


def languages(place: Path | None = None) -> list[tuple[str, str]]:
    """Code and own name of each language there is, English first."""
    found = sorted((place or folder()).glob(f"{PREFIX}*{SUFFIX}"))
    codes = [path.name.removeprefix(PREFIX).removesuffix(SUFFIX) for path in found]
    return [(ENGLISH, "English"), *((code, _own_name(code)) for code in codes if code != ENGLISH)]


def spoken(choice: str, system: list[str], there: list[str]) -> str:
    """The language that is spoken: the chosen one, or the first of the system's that there is."""
    wanted = system if choice == SYSTEM else [choice]
    for tag in wanted:
        code = tag.replace("-", "_")
        for name in (code, code.partition("_")[0]):
            if name in there:
                return name
    return ENGLISH


def speak(app: QApplication, choice: str, place: Path | None = None) -> str:
    """Let the windows that are made from now on speak it; returns the language."""
    there = [code for code, _ in languages(place)]
    code, before = spoken(choice, list(QLocale.system().uiLanguages()), there), speaking()
    translator = QTranslator(app)
    if code != ENGLISH and not translator.load(
        str((place or folder()) / f"{PREFIX}{code}{SUFFIX}")
    ):
        code = ENGLISH
    for old in app.findChildren(QTranslator, SPOKEN):
        app.removeTranslator(old)
        old.deleteLater()
    if code != ENGLISH:
        _speak_as_qt(app, code)
        _install(app, translator)
    app.setProperty(SPOKEN, code)
    QLocale.setDefault(QLocale(code))  # of fields with numbers
    if QLocale(code).textDirection() != QLocale(before).textDirection():
        app.setLayoutDirection(QLocale(code).textDirection())
    return code


def _install(app: QApplication, translator: QTranslator) -> None:
    translator.setObjectName(SPOKEN)  # so that it is found when another language is spoken
    app.installTranslator(translator)


def _speak_as_qt(app: QApplication, code: str) -> None:
    """What Qt says itself: buttons of its dialogs, menus of fields."""
    translator = QTranslator(app)
    place = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{code}", place):
        _install(app, translator)


def tr(template: str, /, *, sense: str = "", **fields: object) -> str:
    """What the window says, in the language that it speaks. From any thread."""
    code = speaking()
    if code != ENGLISH:
        template = QCoreApplication.translate(CONTEXT, template, sense)
        if "{" in template and QLocale(code).textDirection() == Qt.LayoutDirection.RightToLeft:
            template = _isolated(template)
    return filled(template, fields, tongue(code)) if "{" in template else template


def _isolated(template: str) -> str:
    """Among words from right to left a name or number keeps its own order: "8k" is not "k8"."""
    return FIELD.sub(
        lambda m: f"\u2068{m[0]}\u2069" if m[1] and "|" not in m[0] else m[0], template
    )


def figures(told: str) -> str:
    """A formatted number on its own, as `sizes` tells it, with the language's separators and units:
    `figures(sizes.memory(bytes))`."""
    return tongue(speaking()).figures(told, has_units=True)


def marked(words: str, sense: str = "") -> str:
    """Words as they are, that are told by `tr` later, with the same sense."""
    return words


def speaking() -> str:
    """Code of the language that the window speaks."""
    app = QCoreApplication.instance()
    return (app and app.property(SPOKEN)) or ENGLISH


def said(words: str) -> str:
    """What the engine says, in the language that the window speaks. From any thread."""
    return say(words, speaking())


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *rest, last = names
    if not rest:
        return last
    first = functools.reduce(lambda a, b: tr("{names}, {name}", names=a, name=b), rest)
    return tr("{names} and {name}", names=first, name=last)


def dated(day: date, pattern: str) -> str:
    """A day in the words of the language. `pattern`: as QDate has it (`d MMMM yyyy`), which each
    language orders in its own way."""
    shown = QDate(day.year, day.month, day.day)
    return QLocale(speaking()).toString(shown, tr(pattern, sense="a date in Qt's letters"))


def begun(words: str) -> str:
    """The same as the beginning of a sentence."""
    words = said(words)
    return words[:1].upper() + words[1:]


def _own_name(code: str) -> str:
    """ "français" → "Français"."""
    name = QLocale(code).nativeLanguageName() or code
    return name[:1].upper() + name[1:]
