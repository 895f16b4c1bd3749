"""Conversations that every chat template is tried with, ordinary ones and odd ones.

Plain data: the script that asks transformers needs them, too.
"""

from typing import Any

Message = dict[str, Any]

SYSTEM = {"role": "system", "content": 'You are terse. Müller\'s <rules> & "quotes" hold.'}
FIRST = {"role": "user", "content": "What is the weather in Lima?"}
ANSWER = {"role": "assistant", "content": "Mild — about 18 °C.\nBring a coat."}
NEXT = {"role": "user", "content": "  And tomorrow?\n"}
THOUGHT = {**ANSWER, "reasoning_content": "Lima lies\n\nat the sea."}
TOOLS: list[dict[str, Any]] = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "How the weather is & will be",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "a town"},
                    "days": {"type": "integer", "description": "how many", "default": 1},
                },
                "required": ["city"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "stop_clock",
            "description": "Stops it",
            "parameters": {"type": "object", "properties": {}},
        },
    },
]
CALL = {
    "id": "call12345",
    "type": "function",
    "function": {"name": "get_weather", "arguments": {"city": "Lima", "days": 2}},
}
CALLING = {"role": "assistant", "content": "", "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "call12345", "name": "get_weather", "content": "sunny"}

TURNS = [SYSTEM, FIRST, ANSWER, NEXT]
# Name: messages, and what else the template is told.
CONVERSATIONS: dict[str, tuple[list[Message], dict[str, Any]]] = {
    "one": ([FIRST], {}),
    "turns": (TURNS, {}),
    "closed": (TURNS, {"add_generation_prompt": False}),
    "thinking": (TURNS, {"enable_thinking": True}),
    "silent": (TURNS, {"enable_thinking": False}),
    "thought": ([SYSTEM, FIRST, THOUGHT, NEXT], {}),
    "thought-last": ([FIRST, THOUGHT], {"add_generation_prompt": False}),
    "tools": ([SYSTEM, FIRST], {"tools": TOOLS}),
    "called": ([SYSTEM, FIRST, CALLING, RESULT], {"tools": TOOLS}),
    "called-before": ([FIRST, CALLING, RESULT, ANSWER, NEXT], {"tools": TOOLS}),
}
ODD: dict[str, tuple[list[Message], dict[str, Any]]] = {
    "nothing": ([], {}),
    "only-system": ([SYSTEM], {}),
    "two-questions": ([SYSTEM, FIRST, NEXT], {}),
    "answer-first": ([ANSWER, NEXT], {}),
    "empty-question": ([{"role": "user", "content": ""}], {}),
    "empty-answer": ([FIRST, {"role": "assistant", "content": ""}, NEXT], {}),
    "late-system": ([FIRST, ANSWER, SYSTEM, NEXT], {}),
    "result-without-call": ([FIRST, RESULT], {}),
}
