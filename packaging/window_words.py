"""What the window says, read from the code of gui/: templates that go through `tr` and `marked`
(gui/language.py), what is wrong with such a call, and what a person sees that goes through neither.
"""

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from words import FIELD, ROOT, last

TELLERS = {"tr", "marked"}
# Whose words are the engine's, which `said` tells, and what nobody sees.
OTHERS = {
    "Notice",
    "Words",
    "Phrase",
    "cast",
    "debug",
    "setStyleSheet",
    "compile",
    "setObjectName",
    "setProperty",
    "TypeVar",
    "getattr",
}
# Whatever is given a text that a person sees, as its first argument or as one of these names.
SHOWERS = {
    *("setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName"),
    *("setAccessibleDescription", "setStatusTip", "setTitle", "addItem", "addAction", "addMenu"),
    *("setHtml", "setPlainText", "setMarkdown", "setWhatsThis", "setPrefix", "setSuffix"),
    *("setSpecialValueText", "setHeaderLabels", "addSection", "QLabel", "Label", "QAction"),
    *(
        "Button",
        "label",
        "Card",
        "Header",
        "Pill",
        "Switch",
        "ComboBox",
        "QPushButton",
        "QCheckBox",
        "QToolButton",
        "ElidedLabel",
    ),
}
NAMES = {"tip", "text", "label", "placeholder", "hint", "title", "tooltip", "undo_text", "words"}
LETTERS = re.compile(r"[^\W\d_]{2,}")
# A literal that reads like words: several of them, or one that begins with a capital letter.
WORDS = re.compile(r"[^\W\d_]{2,}[,;:.!?…]? [^\W\d_]|^[A-Z][a-z]+|…")
KEYS = re.compile(
    r"((Ctrl|Shift|Alt|Meta)\+)*(F?\d+|[A-Z+=,./-]|Esc|Return|Del|Up|Down|Left|Right"
    r"|End|Home|Enter|Space|Tab|Backspace|PgUp|PgDown|Delete|Escape|PageUp|PageDown)"
)
# The same in every language; or English on purpose: told before any is known, or to models.
SAME = {"Chaski", "Chaski Guide", "English", "JSON", "Markdown", "hf_…"}
SAME |= {"How do I get a model?", "Comment obtenir un modèle ?", "Qwen/Qwen3-4B-GGUF"}
ENGLISH = (
    "gui/start.py",
    "gui/libraries.py",
    "gui/chat/titles.py",
    "gui/theme/",
    "gui/prose/highlight.py",
)
CODE = re.compile(r"#[0-9A-F]{6}|[A-Z]\w*(\.[A-Z]\w*)+|Token\.|Align\w+|.*: .*;|<p .*", re.DOTALL)


@dataclass(frozen=True)
class Template:
    """One entry of the catalogues: English, what tells it from the same words elsewhere, files."""

    source: str
    sense: str
    files: tuple[str, ...]


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Every module of the window by its path from the root."""
    paths = sorted((ROOT / "gui").rglob("*.py"))
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
    }


def templates() -> list[Template]:
    """All that is told, by file and then by place in it."""
    found = dict[tuple[str, str], list[str]]()
    for file, tree in modules().items():
        calls = [node for node in ast.walk(tree) if is_telling(node)]
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            for text in literals(call.args[0]):
                files = found.setdefault((text, sense_of(call)), [])
                files += [file] if file not in files else []
    return [Template(source, sense, tuple(files)) for (source, sense), files in found.items()]


def is_telling(node: ast.AST) -> bool:
    """Is this a call of `tr` or `marked` that has a first argument?"""
    return isinstance(node, ast.Call) and last(node.func) in TELLERS and bool(node.args)


def literals(node: ast.expr) -> Iterator[str]:
    """A text, or both of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))


def sense_of(call: ast.Call) -> str:
    """What tells these words from the same ones elsewhere."""
    given = [word.value for word in call.keywords if word.arg == "sense"]
    given += call.args[1:] if last(call.func) == "marked" else []
    return next((text for node in given for text in literals(node)), "")


def faults() -> list[str]:
    """What is wrong with calls: templates that are not written out, fields that are not given."""
    return [
        f"{file}:{node.lineno}: {fault}"
        for file, tree in modules().items()
        if file != "gui/language.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and is_telling(node)
        for fault in _faults_of(node)
    ]


def _faults_of(call: ast.Call) -> Iterator[str]:
    texts = list(literals(call.args[0]))
    if not _is_known(call.args[0], last(call.func) == "tr"):
        yield f"the template is not written out: {ast.unparse(call.args[0])}"
    if last(call.func) == "marked" or any(word.arg is None for word in call.keywords):
        return
    given = {word.arg for word in call.keywords} - {"sense"}
    for text in texts:
        wanted = {m[1] for m in FIELD.finditer(text) if m[1]}
        if lacking := wanted - given:
            yield f"no such field given: {', '.join(sorted(lacking))}: {text}"
    wanted = {m[1] for text in texts for m in FIELD.finditer(text) if m[1]}
    if texts and (idle := given - wanted):
        yield f"field that no template has: {', '.join(sorted(map(str, idle)))}: {texts[0]}"


def _is_known(node: ast.expr, is_told: bool) -> bool:
    """Is this a text written out, or the name of words that were marked elsewhere?"""
    if isinstance(node, ast.IfExp):
        return _is_known(node.body, is_told) and _is_known(node.orelse, is_told)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.Call):
        return is_told and last(node.func) in ("get", "marked")
    return is_told and isinstance(node, ast.Name | ast.Attribute | ast.Subscript)


def unmarked(strict: bool = False) -> list[str]:
    """Literals with a letter that a person sees and that go through neither `tr` nor `marked`;
    `strict`: all that read like words, wherever they stand."""
    return [
        f"{file}:{node.lineno}: {ast.unparse(node)}"
        for file, tree in modules().items()
        if not file.startswith(ENGLISH)
        for node in (_wordy(tree) if strict else _shown(tree))
        if not _is_code(node)
    ]


def _is_code(node: ast.expr) -> bool:
    """No words, or such as are the same in every language."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [str(part.value).strip(" –") for part in parts if isinstance(part, ast.Constant)]
    return all(
        not LETTERS.search(text) or text in SAME or CODE.fullmatch(text) is not None
        for text in texts
    )


def _shown(tree: ast.Module) -> Iterator[ast.expr]:
    """What is handed, as it is written, to something that shows it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        first = node.args[:1] if last(node.func) in SHOWERS else []
        named = [word.value for word in node.keywords if word.arg in NAMES]
        for given in [*first, *named]:
            yield from (part for part in _parts(given) if _has_letter(part))


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """What a text may be: itself, either of a choice, each of a sum."""
    if isinstance(node, ast.IfExp):
        yield from (*_parts(node.body), *_parts(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_parts(node.left), *_parts(node.right))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _parts(value)
    else:
        yield node


def _has_letter(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and _has_letter(part) for part in node.values)
    return (
        isinstance(node, ast.Constant)
        and bool(LETTERS.search(str(node.value)))
        and (isinstance(node.value, str))
    )


def _wordy(tree: ast.Module) -> Iterator[ast.expr]:
    """What reads like words and is neither told, marked, a name of a key nor a docstring."""
    aside = set(_aside(tree))
    for node in ast.walk(tree):
        if id(node) in aside:
            continue
        if isinstance(node, ast.JoinedStr):
            texts = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts = [node.value] if not KEYS.fullmatch(node.value) else []
        else:
            continue
        if any(WORDS.search(text) for text in texts):
            yield node


def _aside(tree: ast.Module) -> Iterator[int]:
    """Nodes that are no words for people: docstrings, annotations, what is told or styled."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in ast.walk(node) if part is not node)
        elif isinstance(node, ast.Call):
            told = node.args if last(node.func) in TELLERS | OTHERS else []
            senses = [word.value for word in node.keywords if word.arg == "sense"]
            yield from (id(part) for given in [*told, *senses] for part in ast.walk(given))
        elif isinstance(node, ast.Raise | ast.Assert) or _is_all(node):
            yield from (id(part) for part in ast.walk(node))  # people who write programs read it
        for field in ("annotation", "returns"):
            if isinstance(getattr(node, field, None), ast.AST):
                yield from (id(part) for part in ast.walk(getattr(node, field)))


def _is_all(node: ast.AST) -> bool:
    """Names that a module gives to others."""
    return isinstance(node, ast.Assign) and last(node.targets[0]) == "__all__"
