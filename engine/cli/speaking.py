"""Which language the command line speaks: what it tells people, in their own.

The system's language (LC_ALL, LC_MESSAGES, LANG; on Windows the one of its windows), or what
CHASKI_LANGUAGE says. Catalogues are the engine's (`resources/words`), read with the first word that
is not English: whoever speaks English, or asks for JSON, waits for none.

What programs read is the same in every language: JSON, names of flags and files, exit codes, and
whatever a verb writes to a standard output that is no terminal. Told in the person's language are
help and errors, notes and progress (`told`), and results on a terminal (`printed`).
"""

import argparse
import re
import sys

from engine.base.catalogue import ENGLISH, Tongue, Words, say, tongue
from engine.base.environment import variable

PLACES = re.compile(r"%(?:\(\w+\))?[a-z]?")  # where argparse fills words in
# What argparse itself says, by the words it looks up. %s and %(name)s stay as they are.
ARGPARSE_WORDS = {
    "usage": "usage: ",
    "positional": "positional arguments",
    "options": "options",
    "help": "show this help message and exit",
    "required": "the following arguments are required: %s",
    "unknown": "unrecognized arguments: %s",
    "one": "expected one argument",
    "some": "expected at least one argument",
    "few": "expected at most one argument",
    "exactly one": "expected %s argument",
    "exactly": "expected %s arguments",
    "choice": "invalid choice: %(value)r (choose from %(choices)s)",
    "kind": "invalid %(type)s value: %(value)r",
    "ambiguous": "ambiguous option: %(option)s could match %(matches)s",
    "beside": "not allowed with argument %s",
    "one of": "one of the arguments %s is required",
    "ignored": "ignored explicit argument %r",
    "argument": "argument %(argument_name)s: %(message)s",
}


def language() -> str:
    """Its code, such as "fr_CA"; English where the system says none."""
    wanted = variable("CHASKI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") or _of_windows()
    code = wanted.partition(".")[0].partition("@")[0].replace("-", "_")
    is_english = code in ("", "C", "POSIX") or code.partition("_")[0] == ENGLISH
    return ENGLISH if is_english else code


def told(words: str) -> str:
    """Words in the person's language; any other text as it is."""
    return say(words, language()) if isinstance(words, Words) else words


def printed(words: str) -> str:
    """The same for standard output: English, where that is no terminal."""
    return told(words) if sys.stdout.isatty() else words


def told_figures(text: str) -> str:
    """A formatted number on its own, with the language's separators and units."""
    return _tongue().figures(text, has_units=True)


def printed_figures(text: str) -> str:
    """The same for standard output."""
    return told_figures(text) if sys.stdout.isatty() else text


def helping(text: str) -> str:
    """What a parser says of itself: it is written in English, and told where help is shown. Words
    that would not fill as the English ones do give way to them."""
    if isinstance(text, Words):
        return told(text)
    own = _tongue().sentences.get(text, text)
    return own if sorted(PLACES.findall(own)) == sorted(PLACES.findall(text)) else text


def teach_argparse() -> None:
    """Let errors of argparse be told, too; it has no door for that but its own two names."""
    if language() != ENGLISH:
        vars(argparse).update(_=helping, ngettext=_counted)


def _counted(one: str, many: str, n: int) -> str:
    return helping(one if n == 1 else many)


def _tongue() -> Tongue:
    return tongue(language())


def _of_windows() -> str:
    """The language of its windows, where no variable says another."""
    if sys.platform != "win32":
        return ""
    import ctypes
    from locale import windows_locale

    return windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
