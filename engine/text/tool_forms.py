"""The forms in which models of the field write calls of tools: JSON, tags, or Python.

Each form finds its calls with the places where they stand in the text, so that what no form knows
can be kept. Values that are no texts are JSON; one that JSON would spell otherwise stays a text.
"""

import ast
import json
import math
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

ARGUMENTS = ("arguments", "parameters", "args")
MOST_PYTHON = 1 << 15  # letters of calls in Python
MOST_NAMES = 1 << 10  # letters of names that stand alone
MOST_FAILURES = 200  # each counts the lines before it
DEEPEST = 40  # brackets within brackets


class Found(NamedTuple):
    """One call and where it stands."""

    begin: int
    end: int
    name: str
    arguments: Any


def _finite(text: str) -> float:
    """A number of JSON; NaN and what is too large to be told are none."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


JSON = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)


def value_of(text: str) -> Any:
    """What stands between two tags."""
    text = text.removeprefix("\n").removesuffix("\n")
    try:
        value = JSON.decode(text)
    except (ValueError, RecursionError):
        return text
    return value if json.dumps(value, ensure_ascii=False) == text else text


# Nothing here looks further than to the next mark of its kind, so that long texts take no longer.
NAME = r"(?<![\w.\-])[\w.\-]{1,100}"
# A prefix before the words of a tag: <atem:invoke, <｜DSML｜invoke.
P = r"(?:[\w｜]{1,20}[:｜])?"
FUNCTION = re.compile(rf"<function=({NAME})>(.*?)(?:</function>|\Z)", re.DOTALL)
PARAMETER = re.compile(r"<parameter=([^>\s]+)>(.*?)(?:</parameter>|(?=<parameter=)|\Z)", re.DOTALL)
OPEN, OPENED = rf"<{P}(?:invoke|function) name=", rf"<{P}param(?:eter)? name="
INVOKE = re.compile(rf'{OPEN}"([^"<>]+)">((?:(?!{OPEN}).)*?)</{P}(?:invoke|function)>', re.DOTALL)
NAMED = re.compile(
    rf'{OPENED}"([^"<>]+)"([^<>]*)>((?:(?!{OPENED}).)*?)</{P}param(?:eter)?>', re.DOTALL
)
CDATA = re.compile(r"<!\[CDATA\[(.*)\]\]>", re.DOTALL)
VALUE = r"<arg_value[^<>]*>((?:(?!<arg_value).)*?)</arg_value[^<>]*>"
KEY = re.compile(rf"<arg_key[^<>]*>([^<]*)</arg_key[^<>]*>\s*{VALUE}", re.DOTALL)
KEYS = re.compile(
    rf"({NAME})(?:<tool_sep[^<>]*>)?\s*"
    rf"((?:<arg_key[^<>]*>[^<]*</arg_key[^<>]*>\s*{VALUE}\s*)+)",
    re.DOTALL,
)
# What stands before the arguments of a call that are one JSON object.
HEADS = re.compile(
    rf"(?:<｜tool▁call▁begin｜>)?function<｜tool▁sep｜>(?P<r1>{NAME})\s*```json\s*"
    rf"|(?:<｜tool▁call▁begin｜>)?(?P<v3>{NAME})<｜tool▁sep｜>\s*"
    rf"|<\|tool_call_begin\|>\s*(?:functions\.)?(?P<kimi>[\w.\-]{{1,100}})(?::\d+)?\s*"
    r"<\|tool_call_argument_begin\|>\s*"
    rf"|(?P<mistral>{NAME})(?:\[CALL_ID\]{NAME})?\[ARGS\]\s*"
    r"|to=(?:functions\.)?(?P<harmony>[\w.\-]{1,100})[^\n{]{0,100}(?=\{)"
    rf"|(?P<hunyuan>{NAME})\s*```json\s*"
)
TAIL = re.compile(r"\s*(?:```)?\s*(?:<｜tool▁call▁end｜>|<\|tool_call_end\|>)?")
GEMMA = re.compile(rf"call:({NAME})(?=\{{)")
BARE = re.compile(rf"^[ \t]*({NAME})[ \t]*$", re.MULTILINE)


def tagged(text: str) -> Iterator[Found]:
    """<function=f><parameter=a>1</parameter></function> (Qwen 3 Coder and 3.5, Seed-OSS)."""
    for call in FUNCTION.finditer(text):
        yield Found(*call.span(), call[1], {a: value_of(b) for a, b in PARAMETER.findall(call[2])})


def invoked(text: str) -> Iterator[Found]:
    """<invoke name="f"><parameter name="a">1</parameter></invoke>, with prefixes or without."""
    for call in INVOKE.finditer(text):
        arguments = {a: _named(flags, b) for a, flags, b in NAMED.findall(call[2])}
        yield Found(*call.span(), call[1], arguments)


def _named(flags: str, text: str) -> Any:
    quoted = CDATA.fullmatch(text)
    return text if 'string="true"' in flags else quoted[1] if quoted else value_of(text)


def keyed(text: str) -> Iterator[Found]:
    """f<arg_key>a</arg_key><arg_value>1</arg_value> (GLM, Ling, Hy)."""
    for call in KEYS.finditer(text):
        arguments = {a.strip(): value_of(b) for a, b in KEY.findall(call[2])}
        yield Found(*call.span(), call[1], arguments)


def headed(text: str) -> Iterator[Found]:
    """A name with its marks, then JSON (Mistral, DeepSeek, Kimi, gpt-oss, Hunyuan)."""
    place, failed = 0, 0
    while failed < MOST_FAILURES and (head := HEADS.search(text, place)):
        try:
            arguments, end = JSON.raw_decode(text, head.end())
        except (ValueError, RecursionError):
            place, failed = head.end(), failed + 1
            continue
        tail = TAIL.match(text, end)
        place = tail.end() if tail else end
        if isinstance(arguments, dict):
            name = next(found for found in head.groups() if found is not None)
            yield Found(head.start(), place, name, arguments)


def gemma(text: str) -> Iterator[Found]:
    """call:f{a:<|"|>text<|"|>,n:3} (Gemma 4): JSON with other quotes and bare keys."""
    for head in GEMMA.finditer(text):
        try:
            arguments, end = _gemma_value(text, head.end(), 0)
        except (ValueError, IndexError):
            continue
        yield Found(head.start(), end, head[1], arguments)


QUOTE = '<|"|>'
PLAIN = re.compile(r"[^,{}\[\]:]*")


def _gemma_value(text: str, at: int, depth: int) -> tuple[Any, int]:
    if depth > DEEPEST:
        raise ValueError
    if text.startswith(QUOTE, at):
        end = text.index(QUOTE, at + len(QUOTE))
        return text[at + len(QUOTE) : end], end + len(QUOTE)
    if text[at] == "[":
        return _gemma_list(text, at + 1, depth)
    if text[at] == "{":
        return _gemma_object(text, at + 1, depth)
    word = PLAIN.match(text, at)
    found = word[0] if word else ""
    return value_of(found.strip()), at + len(found)


def _gemma_list(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while text[at] != "]":
        value, at = _gemma_value(text, at, depth + 1)
        found.append(value)
        at = _behind_comma(text, at, "]")
    return found, at + 1


def _gemma_object(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while text[at] != "}":
        key, at = _gemma_value(text, at, depth + 1)
        if text[at] != ":":
            raise ValueError
        found[str(key).strip()], at = _gemma_value(text, at + 1, depth + 1)
        at = _behind_comma(text, at, "}")
    return found, at + 1


def _behind_comma(text: str, at: int, end: str) -> int:
    if text[at] not in (",", end):
        raise ValueError
    return at + (text[at] == ",")


def python(text: str) -> Iterator[Found]:
    """[f(a="x", n=3), g()] (LFM2, Llama 3.2 and 4): the whole text or each of its lines."""
    at = 0
    if len(text) > MOST_PYTHON:
        return
    for line in [text] if text.strip().startswith("[") else text.splitlines(keepends=True):
        for name, arguments in _python_calls(line.strip()):
            yield Found(at, at + len(line), name, arguments)
        at += len(line)


def _python_calls(text: str) -> list[tuple[str, dict[str, Any]]]:
    if not text.endswith((")", "]")) or _depth(text) > DEEPEST:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of spellings that Python thinks odd
            tree = ast.parse(text, mode="eval").body
            calls = tree.elts if isinstance(tree, ast.List) else [tree]
            return [_python_call(call) for call in calls]
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return []


def _python_call(call: ast.expr) -> tuple[str, dict[str, Any]]:
    if not isinstance(call, ast.Call) or call.args:
        raise ValueError
    name = ast.unparse(call.func)
    found = {str(each.arg): ast.literal_eval(each.value) for each in call.keywords}
    json.dumps(found, allow_nan=False)  # what JSON cannot say is no argument
    if not re.fullmatch(NAME, name) or None in [each.arg for each in call.keywords]:
        raise ValueError
    return name, found


def _depth(text: str) -> int:
    """No less than how deep brackets are nested."""
    most = depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        most = max(most, depth)
    return most


BRACKET = re.compile(r"[{\[]")


def objects(text: str) -> Iterator[Found]:
    """{"name": "f", "arguments": {…}}, {"f": {…}}, or a list of such."""
    place = 0
    while mark := BRACKET.search(text, place):
        begin = mark.start()
        try:
            value, place = JSON.raw_decode(text, begin)
        except (ValueError, RecursionError):
            return  # half a call is none
        for each in value if isinstance(value, list) else [value]:
            for name, arguments in _from_object(each, isinstance(value, list)):
                yield Found(begin, place, name, arguments)


def _from_object(value: Any, listed: bool) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        return
    inner = value.get("function")
    value = inner if isinstance(inner, dict) else value
    arguments: Any = next((value[key] for key in ARGUMENTS if value.get(key) is not None), {})
    if isinstance(value.get("name"), str):
        if isinstance(arguments, dict | str):
            yield value["name"], arguments
    elif isinstance(value.get("tool_name"), str) and isinstance(arguments, dict):
        yield value["tool_name"], arguments  # Command A
    elif listed and len(value) == 1:
        name, arguments = next(iter(value.items()))
        if isinstance(arguments, dict):
            yield name, arguments  # Apertus


def bare(text: str) -> Iterator[Found]:
    """A name alone on its line calls without arguments (GLM)."""
    for line in BARE.finditer(text) if len(text) <= MOST_NAMES else ():
        yield Found(*line.span(), line[1], {})


# In this order: the first that finds calls counts.
FORMS: tuple[Callable[[str], Iterator[Found]], ...] = (
    *(tagged, invoked, keyed, headed, gemma, python, objects, bare),
)
