"""Colours for code: pygments finds the words, the theme says their colours. Knows no widgets."""

from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token
from pygments.util import ClassNotFound

# From special to general; the first that contains a token's type wins.
ROLES = (
    (Token.Comment, "muted"),
    (Token.Keyword.Constant, "good_ink"),
    (Token.Name.Builtin.Pseudo, "good_ink"),
    (Token.Keyword, "accent_ink"),
    (Token.Operator.Word, "accent_ink"),
    (Token.Literal.String, "good_ink"),
    (Token.Literal.Number, "warn_ink"),
    (Token.Name.Decorator, "warn_ink"),
    (Token.Name.Tag, "accent_ink"),
    (Token.Name.Attribute, "warn_ink"),
    (Token.Generic.Deleted, "bad"),
    (Token.Generic.Inserted, "good_ink"),
)

Span = tuple[int, int, str]  # start, length, role


@cache
def lexer(language: str) -> Lexer | None:
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
    for start, kind, text in found.get_tokens_unprocessed(code):
        role = role_of(kind)
        if role:
            result.append((start, len(text), role))
    return result


@cache
def role_of(kind: object) -> str:
    return next((role for parent, role in ROLES if kind in parent), "")
