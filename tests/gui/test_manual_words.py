"""The manual is true of the program: what it names is there, and its links lead somewhere."""

import ast
import functools
import re
import tomllib
import xml.etree.ElementTree as Xml
from pathlib import Path

import pytest

from gui.main_window import VIEWS
from gui.shortcuts import CHAT, LAST, WINDOW

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "resources/help"
ENGLISH = sorted((PAGES / "en").glob("*.md"))
OTHERS = sorted(path for path in PAGES.glob("*/*.md") if path not in ENGLISH)
LANGUAGES = sorted(folder.name for folder in PAGES.iterdir() if folder.is_dir())
MADE = {"keys.md"}  # by the window itself
BOLD, CODE, LINK = (
    re.compile(r"\*\*(.+?)\*\*", re.S),
    re.compile(r"`([^`\n]+)`"),
    re.compile(r"\]\(([^)\s]+)\)"),
)
KEY = re.compile(r"(?:(?:Ctrl|Shift|Alt)\+)+(?:[A-Z0-9,+\-]|[A-Z][A-Za-z]+)|F\d+")
OF_THE_SYSTEM = {"Shift+Tab", "Ctrl+C"}  # Ctrl+C ends a command


@functools.cache
def program_words() -> set[str]:
    """Every text in the code of the window, and of what the engine says."""
    found: set[str] = set()
    for path in (*(ROOT / "gui").rglob("*.py"), *(ROOT / "engine").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_what_is_named_is_there(path: Path) -> None:
    words = program_words()
    text = path.read_text(encoding="utf-8")
    named = {" ".join(name.split()) for name in BOLD.findall(text)}
    said = {f"Memory at {n}k" for n in (4, 8)}  # of the table of Discover
    missing = {name for name in named if name not in words | said}
    assert not missing


@functools.cache
def translations(language: str) -> set[str]:
    """All that the window and the engine say in a language."""
    resources = ROOT / "resources"
    window = Xml.parse(resources / "languages" / f"chaski_{language}.ts")
    engine = (resources / "words" / f"{language}.toml").read_text(encoding="utf-8")
    told = {entry.text or "" for entry in window.iter("translation")}
    return told | set(tomllib.loads(engine)["sentences"].values())


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_named_in_another_language_is_called_so_there(path: Path) -> None:
    said = {"".join(each.split(" ")) for each in translations(path.parent.name)}
    said |= {each.replace("{context}", "8k") for each in said} | {"GGUF", "Q4_K_M"}
    found = BOLD.findall(path.read_text(encoding="utf-8"))
    named = {re.sub(r"[ \n]+", "", name) for name in found}  # lines are broken anywhere
    missing = named - said
    assert not missing


@pytest.mark.parametrize(
    "path", [*ENGLISH, *OTHERS], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_keys_do_what_is_said(path: Path) -> None:
    there = {key for key, _ in (*CHAT, *WINDOW, *LAST)} | {kind.key for kind in VIEWS}
    named = {key for key in CODE.findall(path.read_text(encoding="utf-8")) if KEY.fullmatch(key)}
    assert named <= there | OF_THE_SYSTEM


def test_keys_of_views_are_theirs() -> None:
    said = re.findall(r"\*\*(\w+)\*\* `(Ctrl\+[^`]+)`", (PAGES / "en/start.md").read_text("utf-8"))
    assert dict(said) == {kind.title: kind.key for kind in VIEWS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_pages(language: str) -> None:
    """Of its own language, or of English where a page is not told in it yet."""
    there = {path.name for path in ENGLISH} | MADE
    for path in (PAGES / language).glob("*.md"):
        assert path.name in there, f"{path} is a page that English does not have"
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# "), path
        assert set(LINK.findall(text)) <= there, path
