"""Colours for code: pygments finds the words, the theme says their colours. Knows no widgets."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

# From special to general; the first name that begins a token's type wins.
ROLES = (
    ("Comment", "muted"),
    ("Keyword.Constant", "good_ink"),
    ("Name.Builtin.Pseudo", "good_ink"),
    ("Keyword", "accent_ink"),
    ("Operator.Word", "accent_ink"),
    ("Literal.String", "good_ink"),
    ("Literal.Number", "warn_ink"),
    ("Name.Decorator", "warn_ink"),
    ("Name.Tag", "accent_ink"),
    ("Name.Attribute", "warn_ink"),
    ("Generic.Deleted", "bad"),
    ("Generic.Inserted", "good_ink"),
)

Span = tuple[int, int, str]  # start, length, role


@cache
def lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # only now: the window is up before it
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def spans(code: str, language: str) -> list[Span]:
    """Where which colour goes; nothing for a language that nobody knows."""
    found = lexer(language.lower()) if language else None
    if found is None:
        return []
    result: list[Span] = []
    # With an end to the last line: without one, some lexers know no comment there.
    for start, kind, text in found.get_tokens_unprocessed(f"{code}\n"):
        role, length = role_of(kind), min(len(text), len(code) - start)
        if role and length > 0:
            result.append((start, length, role))
    return result


@cache
def role_of(kind: object) -> str:
    """The colour of a pygments token type, whose text is like Token.Literal.String.Double."""
    name = str(kind).removeprefix("Token.")
    return next((role for start, role in ROLES if f"{name}.".startswith(f"{start}.")), "")


def ending(language: str) -> str:
    """How files of this language are called, ".py"; ".txt" for one that nobody knows."""
    found = lexer(language.lower()) if language else None
    patterns = found.filenames if found is not None else []
    endings = [p[1:] for p in patterns if p.startswith("*.") and p[2:].isalnum()]
    return endings[0] if endings else ".txt"
