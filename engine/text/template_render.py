"""A chat template at work: compiled once, told the same conversation in other ways until it takes
one. Each way keeps every word; it only moves or wraps them.

Runs in the helper process (engine/text/apart_child.py); imports neither NumPy nor a vocabulary.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import jinja2

from engine.base.catalogue import Words
from engine.base.errors import TemplateError, bounded
from engine.text.allowance import Allowance
from engine.text.template_sandbox import Refusal, Sandbox, render_bounded, without_addresses

Message = dict[str, Any]
Variant = Callable[[list[Message]], list[Message]]


def variants(messages: list[Message]) -> Iterator[list[Message]]:
    """The conversation as it is, then ever further from it; equal ones are left out."""
    seen: list[list[Message]] = []
    for arguments in (parse_arguments, write_arguments):
        for change in (_same, join_parts, fold_system, wrap_parts, merge_turns, _fold_and_merge):
            found = change(arguments(messages))
            if found not in seen:
                seen.append(found)
                yield found


def _same(messages: list[Message]) -> list[Message]:
    return messages


def fold_system(messages: list[Message]) -> list[Message]:
    """The system message goes in front of the first user message."""
    if not messages or messages[0].get("role") != "system":
        return messages
    system, rest = text_of(messages[0]), [dict(message) for message in messages[1:]]
    for message in rest:
        if message.get("role") == "user":
            message["content"] = f"{system}\n\n{text_of(message)}" if system else text_of(message)
            return rest
    return [{"role": "user", "content": system}, *rest]


def merge_turns(messages: list[Message]) -> list[Message]:
    """Messages of the same role in a row become one."""
    merged: list[Message] = []
    for message in messages:
        last = merged[-1] if merged else {}
        plain = message.keys() <= {"role", "content"} and last.keys() <= {"role", "content"}
        if plain and last.get("role") == message.get("role"):
            merged[-1] = {**last, "content": f"{text_of(last)}\n\n{text_of(message)}"}
        else:
            merged.append(message)
    return merged


def _fold_and_merge(messages: list[Message]) -> list[Message]:
    return merge_turns(fold_system(messages))


def join_parts(messages: list[Message]) -> list[Message]:
    """Contents that are lists of text parts become texts."""
    return [
        {**message, "content": text_of(message)}
        if isinstance(message.get("content"), list)
        else message
        for message in messages
    ]


def wrap_parts(messages: list[Message]) -> list[Message]:
    """Contents that are texts become lists of one text part."""
    return [
        {**message, "content": [{"type": "text", "text": message["content"]}]}
        if isinstance(message.get("content"), str)
        else message
        for message in messages
    ]


def text_of(message: Message) -> str:
    """A message's text, whichever form its content has."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def parse_arguments(messages: list[Message]) -> list[Message]:
    """Arguments of tool calls as values, which is what templates are written for."""
    return _with_arguments(messages, _parse)


def write_arguments(messages: list[Message]) -> list[Message]:
    """Arguments of tool calls as JSON text, for templates that print them as they are."""
    return _with_arguments(messages, _write)


def _parse(arguments: Any) -> Any:
    if not isinstance(arguments, str):
        return arguments
    try:
        found = json.loads(arguments)
    except ValueError:
        return arguments
    return found if isinstance(found, dict) else arguments


def _write(arguments: Any) -> Any:
    return json.dumps(arguments, ensure_ascii=False) if isinstance(arguments, dict) else arguments


def _with_arguments(messages: list[Message], change: Callable[[Any], Any]) -> list[Message]:
    return [
        {**message, "tool_calls": [_change_call(call, change) for call in message["tool_calls"]]}
        if isinstance(message.get("tool_calls"), list)
        else message
        for message in messages
    ]


def _change_call(call: Any, change: Callable[[Any], Any]) -> Any:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict) or "arguments" not in function:
        return call
    changed = {**function, "arguments": change(function["arguments"])}
    return {**call, "function": changed}


def is_whole(text: str, messages: list[Message]) -> bool:
    """Whether the system's and the last user's words are in the prompt, and no Python in it."""
    users = [message for message in messages if message.get("role") == "user"]
    systems = [message for message in messages[:1] if message.get("role") == "system"]
    said = all(_words_of(message) in text for message in users[-1:] + systems)
    return said and not any(repr(value) in text for value in _argument_values(messages))


def _words_of(message: Message) -> str:
    """A message's text without the switch at its end, which templates take out."""
    return SWITCH.sub("", text_of(message).strip()).strip()


def _argument_values(messages: list[Message]) -> Iterator[dict[str, Any]]:
    for message in messages:
        for call in message.get("tool_calls") or []:
            function = call.get("function") if isinstance(call, dict) else None
            arguments = function.get("arguments") if isinstance(function, dict) else None
            if isinstance(arguments, dict) and arguments:
                yield arguments


SWITCH = re.compile(r"/(no_)?think$")
MAX_SOURCE = 1 << 20
Values = dict[str, Any]


class Renderer:
    """One template, compiled when it first renders."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._sandbox = Sandbox()
        self._compiled: jinja2.Template | None = None

    def render(self, messages: list[Message], values: Values, allowance: Allowance) -> str:
        """The first form of the conversation that the template takes without losing words."""
        self._sandbox.budget.start(allowance)
        failure: TemplateError | None = None
        usable: str | None = None
        for variant, known in _attempts(messages, values):
            try:
                text = self._render_one(variant, known)
            except TemplateError as error:
                failure = failure or error
                if isinstance(error.__cause__, jinja2.exceptions.SecurityError | MemoryError):
                    raise
                continue
            if is_whole(text, variant):
                return text
            usable = text if usable is None else usable
        if usable is not None:
            return usable
        raise failure or TemplateError("The chat template gives no prompt.")

    def _compile(self) -> jinja2.Template:
        if len(self._source) > MAX_SOURCE:
            raise TemplateError("The model's chat template is too large to be one.")
        try:
            return self._sandbox.compile_template(self._source)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                "The model's chat template is broken in line {line}: {message}.",
                line=error.lineno,
                message=bounded(error.message),
            ) from error
        except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
            deep = TemplateError("The model's chat template is nested too deeply.")
            raise deep from RecursionError(str(error))

    def _render_one(self, messages: list[Message], values: Values) -> str:
        if self._compiled is None:
            self._compiled = self._compile()
        try:
            return render_bounded(
                self._compiled, values | {"messages": messages}, self._sandbox.budget
            )
        except TemplateError:
            raise
        except Refusal as error:
            raise TemplateError(
                "The model's chat template refuses this: {reason}.", reason=_reason(error)
            ) from error
        except MemoryError as error:
            raise TemplateError(
                "The model's chat template was stopped: {reason}.",
                reason=Words("it takes too much memory"),
            ) from error
        except jinja2.exceptions.SecurityError as error:
            raise TemplateError(
                "The model's chat template was stopped: {reason}.", reason=_reason(error)
            ) from error
        except Exception as error:  # templates are programs; they can fail in any way
            raise TemplateError(
                "The model's chat template failed: {reason}.", reason=_reason(error)
            ) from error


def _attempts(messages: list[Message], values: Values) -> Iterator[tuple[list[Message], Values]]:
    """Every form of the conversation; should all fail, once more without the empty values."""
    given = {name: value for name, value in values.items() if value is not None}
    for known in (values, given):
        for variant in variants(messages):
            yield variant, known


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return Words("it calls itself without end")
    told = str(error)
    if isinstance(told, Words):  # what our own sandbox says
        return told
    return bounded(without_addresses(told)).rstrip(".") or type(error).__name__
