"""Rules of the house about words: sentences are templates with fields, nobody looks at their
letters, sizes have one formatter."""

import ast
import re
from collections.abc import Iterator

import pytest
from helpers.said import words

from engine.base.catalogue import FIELD, FORMATTERS

SENTENCES = {"error", "event", "step", "told", "progress", "notice", "fault", "failure", "fit"}
THEIRS = {"words", "text", "template", "problem", "label"}  # of those: sentences
LOOKS = {
    *("startswith", "endswith", "replace", "partition", "rpartition", "removeprefix", "split"),
    *("removesuffix", "find", "index", "count", "casefold", "lower", "match", "fullmatch"),
    *("search", "sub", "findall", "finditer"),
}
OTHERS_WORDS = ("engine/library/database_files.py",)  # SQLite's own, which has no code for it
MADE_BY_HAND = re.compile(r"^\s?([TGMk]i?B|KB|[GM]B/s)\b")
PHRASE = re.compile(r"[A-Za-z],? [A-Za-z]")  # two words, in whichever language
BESIDE = re.compile(r"[A-Za-z],? | [A-Za-z]")  # a word beside a field
# Who makes the whole sentence of the words that are given, and what such words are called.
HELPERS = re.compile("refuse|wrong|fail")
PARTS = {"where", "what", "why", "wanted", "problem"}
SIZES = "engine/base/sizes.py"
CATALOGUE = "engine/base/catalogue.py"  # `joined` makes templates that have no words


def made_here(node: ast.expr) -> bool:
    """Whether this expression puts a text together."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod | ast.Mult)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("format", "join", "format_map")
    if isinstance(node, ast.IfExp):
        return made_here(node.body) or made_here(node.orelse)
    return False


def test_a_sentence_is_a_template_and_its_fields() -> None:
    """No f-string, `%`, `.format` or `+` as the message of an error, a notice or a phrase."""
    assert [place for place, call, _ in words().said() if made_here(call.args[0])] == []
    raised = [
        f"{name}:{node.lineno}"
        for name, nodes in words().modules()
        for node in nodes
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args
        if isinstance(node.exc.func, ast.Call) and made_here(node.exc.args[0])  # type(error)(…)
    ]
    assert raised == []


def test_a_sentence_is_not_made_before_it_is_raised() -> None:
    """A name that is given as the message must not have been put together nearby."""
    found = []
    for name, nodes in [each for each in words().modules() if each[0] != CATALOGUE]:
        for scope in nodes:
            if isinstance(scope, ast.FunctionDef):
                found += [f"{name}:{line}" for line in _made_before(scope)]
    assert found == []


def _made_before(scope: ast.FunctionDef) -> Iterator[int]:
    made = {
        target.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign | ast.AugAssign)
        and (made_here(node.value) or isinstance(node, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    known = words().kinds().keys()
    for node in ast.walk(scope):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name):
            is_said = (getattr(node.func, "attr", "") or getattr(node.func, "id", "")) in known
            if is_said and node.args[0].id in made:
                yield node.lineno


def words_glued(node: ast.expr | None) -> bool:
    """Whether this is words in English that no catalogue has: a bare phrase, or words put together
    with something. Names and keys (`f"{prefix}.weight"`) are no words."""
    match node:
        case ast.Constant(value=str(text)):
            return bool(PHRASE.search(text))
        case ast.JoinedStr(values=parts):
            texts = [part.value for part in parts if isinstance(part, ast.Constant)]
            return any(BESIDE.search(str(text)) for text in texts) or any(
                isinstance(part, ast.FormattedValue) and part.format_spec for part in parts
            )  # a figure that is formatted already
        case ast.IfExp(body=one, orelse=other):
            return words_glued(one) or words_glued(other)
        case ast.BinOp(left=one, op=ast.Add() | ast.Mod(), right=other):
            sides = [side.value for side in (one, other) if isinstance(side, ast.Constant)]
            glued = any(BESIDE.search(str(side)) for side in sides)
            return glued or words_glued(one) or words_glued(other)
        case ast.Call(func=ast.Attribute(attr="format" | "strip" | "join", value=inner)):
            return words_glued(inner)
    return False


def test_a_field_is_no_text_in_english() -> None:
    """What stands in a field is a name, a number, or Words in turn."""
    found = [
        f"{place} {each.arg}"
        for place, call, _ in words().said()
        for each in call.keywords
        if words_glued(each.value)
    ]
    assert found == []


def test_a_field_is_not_put_together_before() -> None:
    found = [
        f"{name}:{node.lineno} {each.arg}"
        for name, nodes in words().modules()
        if not name.startswith("engine/cli/")  # which is in English
        for scope in nodes
        if isinstance(scope, ast.FunctionDef)
        for glued in [_glued_names(scope)]
        for node in ast.walk(scope)
        if isinstance(node, ast.Call) and words().last(node.func) in words().kinds()
        for each in node.keywords
        if isinstance(each.value, ast.Name) and each.value.id in glued
    ]
    assert found == []


def _glued_names(scope: ast.FunctionDef) -> set[str]:
    return {
        target.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and words_glued(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def test_who_makes_a_sentence_of_parts_is_given_words() -> None:
    """`_refuse(op, Words("…"))`, not `_refuse(op, "…")`."""
    takers = _takers()
    found = [
        f"{name}:{node.lineno}"
        for name, nodes in words().modules()
        if name.startswith("engine/") and not name.startswith("engine/cli/")
        for node in nodes
        if isinstance(node, ast.Call) and words().last(node.func) not in words().kinds()
        for given in _sentence_parts(node, takers)
        if words_glued(given)
    ]
    assert found == []


def _takers() -> dict[str, list[list[str]]]:
    """The parameters of every function, by its name."""
    found: dict[str, list[list[str]]] = {}
    for name, nodes in words().modules():
        for node in nodes:
            if isinstance(node, ast.FunctionDef) and name.startswith("engine/"):
                taken = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
                own = taken[1:] if taken[:1] in (["self"], ["cls"]) else taken
                found.setdefault(node.name, []).append(own)
    return found


def _sentence_parts(call: ast.Call, takers: dict[str, list[list[str]]]) -> Iterator[ast.expr]:
    name = words().last(call.func)
    makes = bool(HELPERS.search(name.lower()))
    yield from (each.value for each in call.keywords if makes or each.arg in PARTS)
    for i, given in enumerate(call.args):
        called = {each[i] for each in takers.get(name, ()) if i < len(each)}
        if makes or called & PARTS:
            yield given


def test_the_fields_of_a_template_are_those_that_are_given() -> None:
    own, wrong = words().kinds(), []
    for place, call, kind in words().said():
        given = {each.arg for each in call.keywords}
        if None in given or not isinstance(call.args[0], ast.Constant):
            continue
        named = {m[1] for m in FIELD.finditer(call.args[0].value) if m[1]}
        missing, unused = named - given - own[kind], given - named - own[kind]
        if missing or unused:
            wrong.append(f"{place}: lacks {missing}, has for nothing {unused}")
    assert wrong == []


def test_templates_have_plain_fields_alone() -> None:
    """{name}, {name!r}, {name:spec}: what else has braces would be told as it is written."""
    odd = re.compile(r"[{}]")
    plain = re.compile(r"0?\d?,?(\.\d)?[dfge%]?")
    for template, places in words().templates().items():
        assert not odd.search(FIELD.sub("", template)), (places, template)
        for found in FIELD.finditer(template):
            spec = found[3] or ""
            assert "|" in spec or spec in FORMATTERS or plain.fullmatch(spec), (places, template)


def test_nobody_looks_at_the_letters_of_a_sentence() -> None:
    """What a program must tell apart has a code (Stage, Verdict, HubFault, a class of error)."""
    found = [
        f"{name}:{node.lineno}"
        for name, nodes in words().modules()
        if name not in OTHERS_WORDS
        for errors in [_caught(nodes)]
        for node in nodes
        if _looks(node, errors)
    ]
    assert found == []


def _caught(nodes: list[ast.AST]) -> set[str]:
    return {n.name for n in nodes if isinstance(n, ast.ExceptHandler) and n.name}


def _is_sentence(node: ast.expr, errors: set[str]) -> bool:
    """str(error), error.args[0], event.words, notice.text and the like."""
    match node:
        case ast.Call(func=ast.Name(id="str"), args=[ast.Name(id=name)]):
            return name in errors | {"error", "fault", "failure"}
        case ast.Subscript(value=ast.Attribute(attr="args", value=ast.Name(id=name))):
            return name in errors | {"error", "fault", "failure"}
        case ast.Attribute(attr=attr, value=ast.Name(id=name)):
            return attr in THEIRS and name in SENTENCES
        case ast.Attribute(attr=attr, value=ast.Attribute(attr=of)):
            return attr in THEIRS and of in SENTENCES
        case ast.Call(func=ast.Attribute(attr=attr, value=inner)) if attr in LOOKS:
            return _is_sentence(inner, errors)
    return False


def _looks(node: ast.AST, errors: set[str]) -> bool:
    match node:
        case ast.Compare(left=left, comparators=others):
            sides = [left, *others]
            told = [side for side in sides if _is_sentence(side, errors)]
            texts = [s for s in sides if isinstance(s, ast.Constant | ast.JoinedStr | ast.Tuple)]
            return bool(told) and any(getattr(text, "value", "-") for text in texts)
        case ast.Call(func=ast.Attribute(attr=attr, value=inner), args=given) if attr in LOOKS:
            return any(_is_sentence(each, errors) for each in [inner, *given])
    return False


def test_sizes_have_one_formatter() -> None:
    """1 GB is 10^9 bytes everywhere, and only base/sizes.py writes the letters behind a number."""
    made = [
        f"{name}:{node.lineno}"
        for name, nodes in words().modules()
        if name != SIZES
        for node in nodes
        if isinstance(node, ast.JoinedStr)
        for value, after in zip(node.values, node.values[1:], strict=False)
        if isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)
        if MADE_BY_HAND.match(after.value)
    ]
    assert made == []
    table = [
        f"{name}:{node.lineno}"
        for name, nodes in words().modules()
        if name not in (SIZES, "engine/hardware/graphics.py")  # which reads what others write
        for node in nodes
        if isinstance(node, ast.Constant) and node.value in ("GB", "MB", "kB", "KB", "GiB", "MiB")
    ]
    assert table == []


def test_what_is_formatted_is_not_formatted_again() -> None:
    cut = [
        f"{name}:{node.lineno}"
        for name, nodes in words().modules()
        if name != SIZES
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in LOOKS and isinstance(node.func.value, ast.Call)
        if ast.unparse(node.func.value.func).rpartition(".")[2] in FORMATTERS.keys() | {"column"}
        and ast.unparse(node.func.value.func).startswith("sizes.")
    ]
    assert cut == []


@pytest.mark.parametrize(
    ("code", "is_made"),
    [
        ('f"no {x}"', True),
        ('"no %s" % x', True),
        ('"no {}".format(x)', True),
        ('"no " + x', True),
        ('"a" if b else f"c {d}"', True),
        ('"no {x}"', False),
        ("x", False),
        ("x.words", False),
    ],
)
def test_a_text_that_is_put_together_is_seen(code: str, is_made: bool) -> None:
    assert made_here(ast.parse(code, mode="eval").body) is is_made


@pytest.mark.parametrize(
    ("code", "is_glued"),
    [
        ('"a text"', True),
        ('"llama"', False),
        ('f"{x} without a pattern"', True),
        ('f"Metaspace, {x}"', True),
        ('f"{x} {y}".strip()', False),
        ('f"{x}.weight"', False),
        ('f"{x:.2g}"', True),
        ('"the " + x', True),
        ('"tensor %s" % x', True),
        ('"a" if x else "a b"', True),
        ('Words("a text")', False),
        ('", ".join(names)', False),
    ],
)
def test_words_that_no_catalogue_has_are_seen(code: str, is_glued: bool) -> None:
    assert words_glued(ast.parse(code, mode="eval").body) is is_glued


@pytest.mark.parametrize(
    ("code", "is_seen"),
    [
        ('str(error) == "busy"', True),
        ('"full" in str(error)', True),
        ('str(error).lower().startswith("no")', True),
        ('error.args[0].endswith(".")', True),
        ('event.words == "warming up"', True),
        ('self.notice.text in ("a", "b")', True),
        ('re.search("no", str(error))', True),
        ("event.stage is Stage.WARMING", False),
        ("if_(str(error))", False),
        ('wish.words.startswith("#")', False),
        ("notice.text not in source.notices", False),
    ],
)
def test_a_look_at_letters_is_seen(code: str, is_seen: bool) -> None:
    assert any(_looks(node, {"error"}) for node in ast.walk(ast.parse(code))) is is_seen
