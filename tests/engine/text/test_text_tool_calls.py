"""Calls of tools as models write them: with names where the form is known, never lost."""

import pytest

from engine.text.tool_calls import names_of, parse_calls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"name": "f", "arguments": {"a": 1}}', [("f", {"a": 1})]),
        ('{"name": "f", "parameters": {}}\n{"name": "g"}\n', [("f", {}), ("g", {})]),
        ('[{"name": "f", "arguments": "{}"}]', [("f", "{}")]),
        ('{"type": "function", "function": {"name": "f", "arguments": {}}}', [("f", {})]),
        ("f[ARGS]{}", [("", "f[ARGS]{}")]),
        ('{"name": "f", "argum', [("", '{"name": "f", "argum')]),
        ("[" * 5000, [("", "[" * 5000)]),
        (" \n", []),
    ],
)
def test_forms(text: str, expected: list[tuple[str, object]]) -> None:
    functions = [call["function"] for call in parse_calls(text)]
    assert [(each["name"], each["arguments"]) for each in functions] == expected


def test_names() -> None:
    assert names_of(parse_calls('{"name": "f"}{"name": "f"}{"name": "g"}')) == "f, g"
    assert names_of(parse_calls("what is this")) == "without a name"
