"""Words of a file, fit to be shown: in sentences, names, tables and on a terminal. No file vouches
for its words: they may be endless, move the cursor, or turn the direction of what follows them.

Invariant: what shown() gives is short and one line, without a letter that does anything.
"""

import re
from typing import Any

MOST = 300  # letters of one name or value
MOST_OF_SENTENCE = 2000
STAND_IN = "\N{REPLACEMENT CHARACTER}"
DIGITS = 512  # bits; the words of a larger number are of no use to anybody

# C0, DEL and C1 (ESC among them), line and paragraph separators, letters that are half of one,
# and those that turn the direction of writing, or hide in it.
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HIDDEN = "\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_ACTING = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_TURNING}{_HIDDEN}]")
# On a terminal: people's own marks of direction stay, overrides do not; lines and tabs are text.
_MOVES = "\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_MOVING = re.compile(f"[\x00-\x08\x0b-\x1f{_MOVES}]")
_SPACES = re.compile("[^\\S\u00a0\u202f]+")  # those that do not break are a language's own
_WIDE, _OPENS = "\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60", "（「『［｛"
_CLOSES = "、。，．：；！？）」』］｝ー〜…々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_PIECES = re.compile(f"[{_OPENS}]*(?:[{_WIDE}]|[^ {_WIDE}]+)[{_CLOSES}]* *")  # not to be broken
_UNSAFE_JSON = re.compile(f"[\u2028\u2029{_MOVES}]")  # C0 is escaped by JSON itself


def shown(value: object, most: int = MOST) -> str:
    """A word of a file for people: bounded, and with U+FFFD for every letter that acts.

    Anything but text and plain numbers is told by its kind: a list of a file has no bound.
    """
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, int):
        if value.bit_length() > DIGITS:
            return f"a number of {value.bit_length()} bits"
        text = str(int(value))
    elif isinstance(value, float):
        text = f"{float(value):g}"
    elif isinstance(value, str):
        text = _ACTING.sub(STAND_IN, value[: most + 1])
    else:
        return _kind(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def quoted(value: object, most: int = 80) -> str:
    """The same in quotes, for the middle of a sentence; short."""
    words = shown(value, most)
    return repr(words) if isinstance(value, str) else words


def sentence(text: str) -> str:
    """A whole sentence as one line; of a very long one the beginning and the end, which says what
    to do."""
    if len(text) > 4 * MOST_OF_SENTENCE:
        text = text[: 3 * MOST_OF_SENTENCE] + text[-MOST_OF_SENTENCE:]
    line = _ACTING.sub(STAND_IN, _SPACES.sub(" ", text).strip())
    if len(line) <= MOST_OF_SENTENCE:
        return line
    return line[: MOST_OF_SENTENCE - 501] + "…" + line[-500:]


def printable(text: str) -> str:
    """Text of several lines for a terminal or a view: nothing in it acts but lines and tabs."""
    return _MOVING.sub(STAND_IN, text.replace("\r", ""))


def padded(text: str, width: int) -> str:
    """To so many columns of a terminal, of which some letters take two."""
    return text + " " * max(0, width - columns(text))


def columns(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width

    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)


def lines_of(text: str, width: int) -> list[str]:
    """Words in lines of so many columns. A line may end behind any wide letter, as Japanese has no
    spaces, but none begins with a mark that closes, nor ends with one that opens."""
    lines, line = list[str](), ""
    for piece in _PIECES.findall(_SPACES.sub(" ", text).strip()):
        if line and columns(line) + columns(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line else lines


def escaped(json: str) -> str:
    """The same JSON with \\u in front of every letter that acts: it means what it did."""
    return _UNSAFE_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def _kind(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return f"{len(value)} bytes"
    if isinstance(value, dict):
        return "an object"
    if hasattr(value, "__len__"):
        return "a list"
    return "something else"
