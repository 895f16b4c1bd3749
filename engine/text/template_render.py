"""A chat template at work: compiled once, told the same conversation in other ways until it takes
one.

Runs in the helper process (engine/text/apart_child.py); imports neither NumPy nor a vocabulary.
"""

from collections.abc import Iterator
from typing import Any

import jinja2

from engine.base.catalogue import Words
from engine.base.errors import TemplateError, bounded
from engine.text.allowance import Allowance
from engine.text.template_sandbox import Refusal, Sandbox, render_bounded, without_addresses
from engine.text.template_variants import is_whole, variants

MAX_SOURCE = 1 << 20
Message = dict[str, Any]
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
