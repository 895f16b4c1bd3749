"""Calls of tools as models write them: with names where the form is known, never lost."""

import time

import pytest

from engine.text.tool_calls import names_of, parse_calls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"name": "f", "arguments": {"a": 1}}', [("f", {"a": 1})]),
        ('{"name": "f", "parameters": {}}\n{"name": "g"}\n', [("f", {}), ("g", {})]),
        ('[{"name": "f", "arguments": "{}"}]', [("f", "{}")]),
        ('{"type": "function", "function": {"name": "f", "arguments": {}}}', [("f", {})]),
        ("f[ARGS]{}", [("f", {})]),
        ('f[CALL_ID]x1[ARGS]{"a": 1}g[ARGS]{}', [("f", {"a": 1}), ("g", {})]),
        ("f[ARGS]{", [("", "f[ARGS]{")]),
        ('{"name": "f"}\nand then?', [("f", {}), ("", "and then?")]),
        (
            "<function=f>\n<parameter=a>\nx\ny\n</parameter>\n<parameter=b>\n3\n</parameter>\n"
            "</function>\n<function=g>\n</function>",
            [("f", {"a": "x\ny", "b": 3}), ("g", {})],
        ),
        (
            "f\n<arg_key>a</arg_key>\n<arg_value>x < y</arg_value>\n<arg_key>b</arg_key>"
            "<arg_value>[1, 2]</arg_value>\ng<arg_key>a</arg_key><arg_value>007</arg_value>",
            [("f", {"a": "x < y", "b": [1, 2]}), ("g", {"a": "007"})],
        ),
        (
            "f<tool_sep:opensource>\n<arg_key:opensource>a</arg_key:opensource>\n"
            "<arg_value:opensource>1</arg_value:opensource>",
            [("f", {"a": 1})],
        ),
        ("stop_clock\n", [("stop_clock", {})]),
        (
            '<invoke name="f">\n<parameter name="a">x</parameter>\n</invoke>',
            [("f", {"a": "x"})],
        ),
        (
            '<｜DSML｜invoke name="f">\n<｜DSML｜parameter name="a" string="true">1'
            '</｜DSML｜parameter>\n<｜DSML｜parameter name="b" string="false">1'
            "</｜DSML｜parameter>\n</｜DSML｜invoke>",
            [("f", {"a": "1", "b": 1})],
        ),
        (
            '<atem:function_calls>\n<atem:invoke name="n.f">\n<atem:parameter name="a">\nx\n'
            "</atem:parameter>\n</atem:invoke>\n</atem:function_calls>",
            [("n.f", {"a": "x"})],
        ),
        (
            '<function name="f"><param name="a"><![CDATA[x < y]]></param></function>',
            [("f", {"a": "x < y"})],
        ),
        (
            '<|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{"a": 1}<|tool_call_end|>'
            "<|tool_call_begin|>functions.g:1<|tool_call_argument_begin|>{}<|tool_call_end|>",
            [("f", {"a": 1}), ("g", {})],
        ),
        (
            '<｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{"a": 1}\n```'
            "<｜tool▁call▁end｜>",
            [("f", {"a": 1})],
        ),
        ('<｜tool▁call▁begin｜>f<｜tool▁sep｜>{"a": 1}<｜tool▁call▁end｜>', [("f", {"a": 1})]),
        ('to=functions.f {"a": 1}\nto=functions.g {}', [("f", {"a": 1}), ("g", {})]),
        ("to=python print(1)", [("", "to=python print(1)")]),
        (
            'call:f{a:<|"|>x, {y}<|"|>,b:3,c:true,d:[1,<|"|>z<|"|>],e:{<|"|>k<|"|>:null}}',
            [("f", {"a": "x, {y}", "b": 3, "c": True, "d": [1, "z"], "e": {"k": None}})],
        ),
        ("call:f{a:", [("", "call:f{a:")]),
        ('[f(a="x", b=[1, -2]), n.g()]', [("f", {"a": "x", "b": [1, -2]}), ("n.g", {})]),
        ('f(a="\\d")', [("f", {"a": "\\d"})]),
        ("f(a=open)", [("", "f(a=open)")]),
        ("f(" * 3000 + ")" * 3000, [("", "f(" * 3000 + ")" * 3000)]),
        ('[{"f": {"a": 1}}, {"g": {}}]', [("f", {"a": 1}), ("g", {})]),
        ('[{"tool_call_id": "0", "tool_name": "f", "parameters": {"a": 1}}]', [("f", {"a": 1})]),
        ('<tool_call>f\n```json\n{"a": 1}\n```\n</tool_call>', [("f", {"a": 1})]),
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


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "a ", "[]", '<invoke name="f">', "f<arg_key>a</arg_key><arg_value>", "to=f ", "<|"),
        *("call:f{", 'call:f{a:<|"|>', "<function=f>", "f[ARGS]{", "f)\n", '<parameter name="a">'),
        *("<tool_sep", "f<｜tool▁sep｜>", "```json", "<arg_key>", "a\n", "\t"),
    ],
)
def test_long_texts_take_no_longer(piece: str) -> None:
    text = piece * ((1 << 17) // len(piece))
    begin = time.process_time()
    calls = parse_calls(text)
    assert time.process_time() - begin < 5
    assert calls or not text.strip()


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_json_cannot_say_stays_text(text: str) -> None:
    from engine.text.tool_forms import value_of

    assert value_of(text) == text
