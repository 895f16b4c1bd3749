"""The pages of the manual: files of `resources/help`, in the window's language where it has them,
and the list of keys, which the program writes itself. Knows nothing of how they are shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.base.catalogue import ENGLISH
from gui.language import marked, tr
from gui.resources import resource
from gui.shortcuts import KEY_GROUPS, Keys, native

FOLDER = "help"
KEYS = "keys"
ORDER = (
    "start",
    "models",
    "quantization",
    "workshop",
    "chat",
    "context",
    "speed",
    "tools",
    "places",
    "access",
    "trouble",
)
FIRST = ORDER[0]
OF_VIEWS = {
    "chats": "chat",
    "models": "models",
    "discover": "models",
    "workshop": "workshop",
    "hardware": "speed",
    "activity": "models",
    "settings": "places",
}
WIDE = "\u3000"  # where the letters begin that need no space between words
_BEGINS = re.compile(r"#|\||    \S|\s*(?:[-*]|\d+\.)\s")
_CODE = re.compile(r"`([^`\n]+)`")
_KEY = re.compile(r"(?:(?:Ctrl|Shift|Alt)\+)+(?:[A-Z0-9,+\-]|[A-Z][A-Za-z]+)|F\d+")
_MARKS = re.compile(r"[*`#|]|\]\([^)]*\)")


@dataclass(frozen=True)
class Page:
    """`text` is Markdown, and begins with the title."""

    name: str
    text: str

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].removeprefix("# ").strip()

    def has(self, words: str) -> bool:
        """Whether all of these words stand in it, whatever their case."""
        plain = " ".join(_MARKS.sub(" ", self.text).split()).casefold()
        return all(word in plain for word in words.casefold().split())


def pages(code: str, views: Keys) -> list[Page]:
    """All of them in their order, the keys at the end. `views`: those of the window, with their
    keys."""
    return [*(Page(name, _read(name, code)) for name in ORDER), Page(KEYS, _keys(views))]


def page_of(view: str) -> str:
    """Which page belongs to a view of the window."""
    return OF_VIEWS.get(view, FIRST)


def _read(name: str, code: str) -> str:
    file = resource(FOLDER, code, f"{name}.md")
    if not file.is_file():
        file = resource(FOLDER, ENGLISH, f"{name}.md")
    return _CODE.sub(_as_here, _in_whole_lines(file.read_text(encoding="utf-8")))


def _in_whole_lines(text: str) -> str:
    """In what is shown a line ends where it ends; files have them broken to be read as files."""
    lines: list[str] = []
    for line in text.splitlines():
        begins = not line.strip() or _BEGINS.match(line)
        if begins or not lines or not lines[-1].strip() or lines[-1].startswith(("#", "|", "    ")):
            lines.append(line)
        else:
            lines[-1] += _gap(lines[-1], line) + line.strip()
    return "\n".join(lines)


def _gap(before: str, after: str) -> str:
    """Japanese has no spaces between words, so none where a line of it was broken."""
    return " " if before[-1] < WIDE and after.strip()[0] < WIDE else ""


def _as_here(code: re.Match[str]) -> str:
    """Keys as this system writes them; other code as it is."""
    return f"`{native(code[1])}`" if _KEY.fullmatch(code[1]) else code[0]


def _keys(views: Keys) -> str:
    parts = [f"# {tr('Keyboard')}"]
    for name, keys in (*KEY_GROUPS, (marked("Views"), _in_order(views))):
        head = f"| {tr('Key', sense='of the keyboard')} | {tr('What it does')} |"
        parts.append(f"## {tr(name)}\n\n{head}\n| --- | --- |")
        parts[-1] += "".join(f"\n| `{native(key)}` | {tr(words)} |" for key, words in keys)
    return "\n\n".join(parts)


def _in_order(views: Keys) -> Sequence[tuple[str, str]]:
    return sorted(views, key=lambda view: (not view[0][-1].isdigit(), view[0]))
