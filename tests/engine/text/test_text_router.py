"""Thinking, answer and tool calls go apart, however the text is cut into pieces."""

import random

import pytest

from engine.text.router import Router, make_router

THINK = "<think>{{ }}</think> <tool_call></tool_call>"
HARMONY = "<|start|>assistant<|channel|>final<|message|>"
MISTRAL = "[THINK][/THINK][TOOL_CALLS][INST]"
COHERE = "<|START_THINKING|><|END_THINKING|><|START_RESPONSE|><|END_RESPONSE|><|START_ACTION|>"

CASES = [
    (THINK, "", "plain answer \n", {"answer": "plain answer \n"}),
    (THINK, "", "<think>\nhm\n</think>\n\nyes", {"thinking": "hm", "answer": "yes"}),
    (THINK, "", " Hello", {"answer": "Hello"}),
    (THINK, "", "\n<think>hm</think>yes", {"thinking": "hm", "answer": "yes"}),
    (THINK, "<think>\n", "hm\n</think>\n\nyes", {"thinking": "hm", "answer": "yes"}),
    (THINK, "<think>", "<think>hm</think>yes", {"thinking": "hm", "answer": "yes"}),
    (THINK, "<think>\n\n</think>\n\n", "yes", {"answer": "yes"}),
    (THINK, "", "the tag <think> is", {"answer": "the tag <think> is"}),
    (THINK, "", "<think>never ends", {"thinking": "never ends"}),
    (THINK, "", "<think>a < b</think>b <", {"thinking": "a < b", "answer": "b <"}),
    (THINK, "", "<thin", {"answer": "<thin"}),
    (
        THINK,
        "",
        "<think>t</think>Look:\n<tool_call>\n{1}\n</tool_call>\n<tool_call>{2}</tool_call>",
        {"thinking": "t", "answer": "Look:", "tool": "{1}\n{2}\n"},
    ),
    ("no tags known", "", "<tool_call>x</tool_call>", {"answer": "<tool_call>x</tool_call>"}),
    (MISTRAL, "[/INST]", "[THINK]a[/THINK]b[TOOL_CALLS]f[ARGS]{}", {
        "thinking": "a", "answer": "b", "tool": "f[ARGS]{}"}),
    (COHERE, "<|START_THINKING|>", "a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>", {
        "thinking": "a", "answer": "b"}),
    ("<|channel>", "model\n", "<|channel>thought\nhm\n<channel|>yes", {
        "thinking": "hm", "answer": "yes"}),
    ("<|open|>", "<|open|>think<|sep|>", "a<|close|>think<|sep|><|open|>response<|sep|>b", {
        "thinking": "a", "answer": "b"}),
    (
        HARMONY,
        "<|end|><|start|>assistant",
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>yes",
        {"thinking": "hm", "answer": "yes"},
    ),
    (
        HARMONY,
        "<|start|>assistant",
        "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{}<|call|>",
        {"tool": "to=functions.f {}"},
    ),
    (
        HARMONY,
        "<|start|>assistant",
        "<|channel|>analysis<|message|>a<|end|><|start|>assistant to=functions.f<|channel|>"
        'commentary json<|message|>{"x": 1}<|call|><|start|>assistant<|channel|>commentary'
        " to=functions.g<|message|><|call|>",
        {"thinking": "a", "tool": 'to=functions.f {"x": 1}\nto=functions.g {}'},
    ),
    (HARMONY, "<|start|>assistant", " to=user<|message|>hi<|eot|>", {"answer": "hi<|eot|>"}),
    (
        HARMONY,
        "<|start|>assistant",
        ' to=f<|message|><atem:function_calls>\n<atem:invoke name="f"></atem:invoke>',
        {"tool": '<atem:function_calls>\n<atem:invoke name="f"></atem:invoke>'},
    ),
    (HARMONY, "<|start|>assistant", "Just text", {"answer": "Just text"}),
    (HARMONY, "<|start|>assistant<|channel|>analysis<|message|>", "hm<|end|>", {"thinking": "hm"}),
    (HARMONY, "<|start|>assistant", " to=self<|message|>a<|eom|><|start|>assistant<|message|>b", {
        "thinking": "a", "answer": "b"}),
    ("<seed:think>", "<seed:think>", "a<seed:cot_budget_reflect>5</seed:cot_budget_reflect>b"
        "</seed:think>c", {
        "thinking": "a<seed:cot_budget_reflect>5</seed:cot_budget_reflect>b", "answer": "c"}),
    ("<seed:tool_call>", "", "<seed:tool_call><function=f></function></seed:tool_call>", {
        "tool": "<function=f></function>\n"}),
    ('<function name="', "", 'yes<function name="f"><param name="a">1</param></function>!', {
        "answer": "yes!", "tool": '<function name="f"><param name="a">1</param></function>\n'}),
    ("<|tool_call|>", "", '<|tool_call|>[{"name": "f"}]', {"tool": '[{"name": "f"}]'}),
    ("<|tool_call|>", "", "<|tool_call|>[]<|/tool_call|>", {"tool": "[]\n"}),
    (THINK + "</answer>", "", "<think>a</think>\n<answer>\nb\n</answer>", {
        "thinking": "a", "answer": "b"}),
    ("<think></think> <response></response>", "", "<think>a</think><response>b</response>", {
        "thinking": "a", "answer": "b"}),
    ("<tool><response>x</response>", "", "<response>b</response>", {
        "answer": "<response>b</response>"}),
    ("'<' + '｜DSML｜' + 'function_calls>'", "", "ok\n\n<｜DSML｜function_calls>\nx\n"
        "</｜DSML｜function_calls>", {"answer": "ok", "tool": "x\n"}),
    ("<|inner_prefix|><|tools_prefix|>", "", "<|inner_prefix|>a<|inner_suffix|>"
        '<|tools_prefix|>[{"f": {}}]<|tools_suffix|>', {
        "thinking": "a", "tool": '[{"f": {}}]\n'}),
    ("<|channel><|tool_call>", "model\n", '<|tool_call>call:f{a:<|"|>x<|"|>}<tool_call|>', {
        "tool": 'call:f{a:<|"|>x<|"|>}\n'}),
    ("<|tool_call_start|>", "", "<|tool_call_start|>[f(a=1)]<|tool_call_end|>ok", {
        "tool": "[f(a=1)]\n", "answer": "ok"}),
]  # fmt: skip


def run(router: Router, pieces: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for routed in [*map(router.push, pieces), router.flush()]:
        for channel, text in routed:
            assert text
            found[channel] = found.get(channel, "") + text
    return found


def cuts(text: str) -> list[list[str]]:
    """The text whole, letter by letter, and cut at random places."""
    chance = random.Random(text)
    ways = [[text], list(text)]
    for _ in range(20):
        places = sorted(chance.sample(range(len(text) + 1), min(4, len(text))))
        edges = [0, *places, len(text)]
        ways.append([text[a:b] for a, b in zip(edges, edges[1:], strict=False)])
    return ways


@pytest.mark.parametrize(("template", "tail", "text", "expected"), CASES)
def test_channels(template: str, tail: str, text: str, expected: dict[str, str]) -> None:
    for pieces in cuts(text):
        assert run(make_router(template, tail), pieces) == expected, pieces


def test_text_is_shown_at_once_when_no_tag_can_begin() -> None:
    router = make_router(THINK, "")
    assert router.push("Hello") == [("answer", "Hello")]
    assert router.push(" <") == []
    assert router.push("b>") == [("answer", " <b>")]


def test_thinking_is_streamed() -> None:
    router = make_router(THINK, "<think>\n")
    assert router.push("I wonder") == [("thinking", "I wonder")]
    assert router.push("</thi") == []
    assert router.push("nk>Yes") == [("answer", "Yes")]
