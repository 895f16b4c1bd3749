"""The chat template of a model: messages become the prompt that the model was trained on.

From the file; else the one of its family; else ChatML, and `notice` says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import jinja2

from engine.base.errors import TemplateError
from engine.text.literals import Disguise, Spellings
from engine.text.metadata import Metadata, get_str
from engine.text.prompt import Prompt
from engine.text.template_families import FAMILY_NAMES, family_template, find_family
from engine.text.template_sandbox import Refusal, Sandbox, render_bounded
from engine.text.template_variants import is_whole, text_of, variants
from engine.text.vocabulary import Vocabulary

KEY = "tokenizer.chat_template"
MAX_SOURCE = 1 << 20
TOKENS = ("bos", "eos", "unknown", "padding")
TOKEN_NAMES = {"unknown": "unk_token", "padding": "pad_token"}


class ChatTemplate:
    """One template with the special tokens of its vocabulary; compiled when first used."""

    def __init__(
        self, text: str, vocabulary: Vocabulary, *, source: str = "file", notice: str | None = None
    ) -> None:
        self.text = text
        self.source = source
        self.notice = notice
        self._vocabulary = vocabulary
        self._sandbox = Sandbox()

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self._vocabulary, self.text)

    @cached_property
    def _tokens(self) -> dict[str, str]:
        """bos_token and its like, as templates want them: spellings, empty where there is none."""
        found = {}
        for name in TOKENS:
            token = self._vocabulary.template_token(name)
            text = "" if token is None else self._vocabulary.text(token)
            found[TOKEN_NAMES.get(name, f"{name}_token")] = text
        return found

    @cached_property
    def _compiled(self) -> jinja2.Template:
        if len(self.text) > MAX_SOURCE:
            raise TemplateError("The model's chat template is too large to be one.")
        try:
            return self._sandbox.compile_template(self.text)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                f"The model's chat template is broken in line {error.lineno}: {error.message}."
            ) from error
        except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
            raise TemplateError("The model's chat template is nested too deeply.") from error

    def render(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] | None = None,
        add_generation_prompt: bool = True,
        enable_thinking: bool | None = None,
        **kwargs: Any,
    ) -> Prompt:
        """The prompt; special tokens that users typed are marked as text in it."""
        disguise = Disguise(self._spellings, (list(messages), tools, kwargs))
        values: dict[str, Any] = {"documents": None, "date_string": f"{date.today():%d %b %Y}"}
        values |= self._tokens | disguise.hide(kwargs)
        values |= {"tools": disguise.hide(tools) if tools else None}
        values["add_generation_prompt"] = add_generation_prompt
        if enable_thinking is not None:
            values |= {"enable_thinking": enable_thinking, "thinking": enable_thinking}
        hidden = [disguise.hide_message(message) for message in messages]
        return disguise.reveal(self._render_willing(hidden, values))

    def _render_willing(self, messages: list[dict[str, Any]], values: dict[str, Any]) -> str:
        """The first form of the conversation that the template takes without losing words."""
        self._sandbox.budget.start(sum(len(text_of(message)) for message in messages))
        failure: TemplateError | None = None
        usable: str | None = None
        for variant, known in _attempts(messages, values):
            try:
                text = self._render_one(variant, known)
            except TemplateError as error:
                failure = failure or error
                if isinstance(error.__cause__, jinja2.exceptions.SecurityError):
                    break
                continue
            if is_whole(text, variant):
                return text
            usable = text if usable is None else usable
        if usable is not None:
            return usable
        raise failure or TemplateError("The chat template gives no prompt.")

    def _render_one(self, messages: list[dict[str, Any]], values: dict[str, Any]) -> str:
        try:
            return render_bounded(
                self._compiled, values | {"messages": messages}, self._sandbox.budget
            )
        except TemplateError:
            raise
        except Refusal as error:
            raise TemplateError(f"The model's chat template refuses this: {error}") from error
        except jinja2.exceptions.SecurityError as error:
            raise TemplateError(
                f"The model's chat template was stopped: {_reason(error)}."
            ) from error
        except Exception as error:  # templates are programs; they can fail in any way
            raise TemplateError(f"The model's chat template failed: {_reason(error)}.") from error


def _attempts(
    messages: list[dict[str, Any]], values: dict[str, Any]
) -> Iterator[tuple[list[dict[str, Any]], dict[str, Any]]]:
    """Every form of the conversation; should all fail, once more without the empty values."""
    given = {name: value for name, value in values.items() if value is not None}
    for known in (values, given):
        for variant in variants(messages):
            yield variant, known


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it calls itself without end"
    return str(error).rstrip(".") or type(error).__name__


def make_template(metadata: Metadata, vocabulary: Vocabulary | None = None) -> ChatTemplate:
    """The template of a model file; costs nothing until it renders."""
    vocabulary = vocabulary or Vocabulary(metadata)
    text = get_str(metadata, KEY, "")
    if text.strip():
        return ChatTemplate(text, vocabulary)
    family = find_family(metadata, vocabulary)
    if family is None:
        notice = (
            "This model file brings no chat template and its family is not known; "
            "the common ChatML form is used, so answers may be odd."
        )
        return ChatTemplate(family_template("chatml"), vocabulary, source="chatml", notice=notice)
    notice = f"This model file brings no chat template; the one of {FAMILY_NAMES[family]} is used."
    return ChatTemplate(
        family_template(family), vocabulary, source=f"family:{family}", notice=notice
    )
