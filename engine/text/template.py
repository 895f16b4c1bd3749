"""The chat template of a model: messages become the prompt that the model was trained on.

From the file; else the one of its family; else ChatML, and `notice` says so. An answer that was cut
goes on in the form that models give their own, thinking set apart.

Thinking is switched on and off in the words that a template knows for it: most take
`enable_thinking` or `thinking`; others have an effort that may be none, a budget that may be
nothing, or a word that stands in the system message and that they take out again.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import TemplateError
from engine.text.allowance import for_rendering
from engine.text.apart import FailedError, StoppedError, asking
from engine.text.literals import Disguise, Spellings
from engine.text.metadata import Metadata, get_str
from engine.text.prompt import Prompt
from engine.text.router import FRAMES, THINK, THINKING_TAGS, has_headers
from engine.text.template_families import (
    FAMILY_NAMES,
    family_template,
    find_family,
    named_family,
)
from engine.text.vocabulary import Vocabulary

FRAME_BEGINS = tuple(frame for frame in FRAMES if "START" in frame or "open" in frame)


def begun_answer(template: str, prompt: str, thinking: str, content: str) -> str:
    """What the model had written after `prompt`, in the form of its own reply.

    Blank space at its end is left out: the model writes it anew, in a token with what follows.
    """
    thinking, content = thinking.strip(), content.rstrip()
    if has_headers(template):
        return _with_headers(thinking, content)
    tags = [tag for tag in THINKING_TAGS if tag.is_in(template)] or [THINK]
    end = prompt.rstrip()
    opened = next((tag for tag in tags if end.endswith(tag.open.rstrip())), None)
    tag, parts = opened or tags[0], []
    if thinking and opened is None:
        parts.append(tag.open.rstrip() + "\n")
    parts.append(thinking)
    if content:
        if thinking or opened is not None:
            parts.append(tag.ending)
        frame = next((frame for frame in FRAME_BEGINS if frame in template), "")
        parts += ["" if end.endswith(frame) else frame, content]
    return "".join(parts)


def _with_headers(thinking: str, content: str) -> str:
    parts = []
    if thinking:
        parts.append(f"<|channel|>analysis<|message|>{thinking}")
    if content:
        parts.append(f"<|channel|>final<|message|>{content}")
    return "<|end|><|start|>assistant".join(parts)


KEY = "tokenizer.chat_template"
TOKENS = ("bos", "eos", "unknown", "padding")
TOKEN_NAMES = {"unknown": "unk_token", "padding": "pad_token"}
# A variable of that name, and not only a field of the template's own.
TAKES_SWITCH = re.compile(r"(?<![.\w])enable_thinking\b(?!\s*=[^=])")
EFFORT, BUDGET = "reasoning_effort", "thinking_budget"
NO_EFFORT = re.compile(r"""["'](none|no_think)["']""")
WORDS = {True: "/think", False: "/no_think"}


class ChatTemplate:
    """One template with the special tokens of its vocabulary; rendered in the helper process."""

    def __init__(
        self, text: str, vocabulary: Vocabulary, *, source: str = "file", notice: str | None = None
    ) -> None:
        self.text = text
        self.source = source
        self.notice = notice
        self._vocabulary = vocabulary

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
        steps = self.rendering(
            messages,
            tools=tools,
            add_generation_prompt=add_generation_prompt,
            enable_thinking=enable_thinking,
            **kwargs,
        )
        try:
            while True:
                next(steps)
        except StopIteration as end:
            prompt: Prompt = end.value
            return prompt
        finally:
            steps.close()

    def rendering(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] | None = None,
        add_generation_prompt: bool = True,
        enable_thinking: bool | None = None,
        thinking_tokens: int = -1,
        **kwargs: Any,
    ) -> Generator[None, None, Prompt]:
        """The same in steps: yields while the helper process renders, ended when this is."""
        try:
            disguise = Disguise(self._spellings, (list(messages), tools, kwargs))
            values: dict[str, Any] = {"documents": None, "date_string": f"{date.today():%d %b %Y}"}
            values |= self._tokens | disguise.hide(kwargs)
            values |= {"tools": disguise.hide(tools) if tools else None}
            values["add_generation_prompt"] = add_generation_prompt
            values = switches(self.text, enable_thinking, thinking_tokens) | values
            told = with_switch(self.text, messages, enable_thinking)
            hidden = [with_thoughts(disguise.hide_message(message)) for message in told]
            text = yield from self._rendering_apart(hidden, values)
        except RecursionError as error:
            raise TemplateError("The messages are nested too deeply for a prompt.") from error
        return disguise.reveal(text)

    def rendering_open(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] | None = None,
        enable_thinking: bool | None = None,
        thinking_tokens: int = -1,
    ) -> Generator[None, None, Prompt]:
        """The prompt that lets the model go on with the last message, which is its own."""
        *before, last = messages
        prompt = yield from self.rendering(
            before, tools=tools, enable_thinking=enable_thinking, thinking_tokens=thinking_tokens
        )
        thinking, content = str(last.get("reasoning_content", "")), str(last.get("content", ""))
        begun = begun_answer(self.text, prompt.text, thinking, content)
        # Our own marks are tokens; what an answer spells of others is text, as in any other.
        parts = {thinking.strip(): begun.find, content.rstrip(): begun.rfind}
        literal, start = list(prompt.literal), len(prompt.text)
        for part, find in parts.items():
            at = start + find(part)
            for piece, special in self._spellings.find(part, "assistant"):
                if special:
                    literal.append((at, at + len(piece)))
                at += len(piece)
        return Prompt(prompt.text + begun, tuple(literal))

    def _rendering_apart(
        self, messages: list[dict[str, Any]], values: dict[str, Any]
    ) -> Generator[None, None, str]:
        allowance = for_rendering(messages, values)
        try:
            made = yield from asking("render", (self.text, messages, values), allowance)
        except FailedError as error:
            if not messages:
                raise TemplateError("The conversation has no message yet.") from error
            raise TemplateError(str(error)) from error
        except StoppedError as error:
            raise TemplateError(
                "The model's chat template was stopped: {error}.", error=error
            ) from error
        except ValueError as error:
            raise TemplateError(
                "The messages hold something that is no text, number, list or object, or are "
                "nested too deeply."
            ) from error
        return made.decode("utf-8", "surrogatepass")


def make_template(
    metadata: Metadata, vocabulary: Vocabulary | None = None, usual: str = ""
) -> ChatTemplate:
    """The template of a model file; costs nothing until it renders.

    usual: the template of its architecture, for a file that neither brings nor suggests one.
    """
    vocabulary = vocabulary or Vocabulary(metadata)
    text = get_str(metadata, KEY, "")
    if named := named_family(text):
        return ChatTemplate(family_template(named), vocabulary, source=f"family:{named}")
    if text.strip():
        return ChatTemplate(text, vocabulary)
    family = find_family(metadata, vocabulary, usual)
    if family is None:
        notice = Words(
            "This model file brings no chat template and its family is not known; "
            "the common ChatML form is used, so answers may be odd."
        )
        return ChatTemplate(family_template("chatml"), vocabulary, source="chatml", notice=notice)
    name = FAMILY_NAMES.get(family, family)
    notice = Words(
        "This model file brings no chat template; the one of {family} is used.", family=name
    )
    return ChatTemplate(
        family_template(family), vocabulary, source=f"family:{family}", notice=notice
    )


def has_switch(template: str) -> bool:
    """Whether this template can be told to think or not, in any of the ways that are known."""
    told = TAKES_SWITCH.search(template) or BUDGET in template or WORDS[False] in template
    return bool(told) or (EFFORT in template and bool(NO_EFFORT.search(template)))


def switches(template: str, wanted: bool | None, tokens: int = -1) -> dict[str, Any]:
    """What the template is told; nothing where it shall do as it usually does. `tokens`: what
    thinking may take, where it is not off."""
    told: dict[str, Any] = {}
    if BUDGET in template and tokens > 0 and wanted is not False:
        told[BUDGET] = tokens
    if wanted is None:
        return told
    told |= {"enable_thinking": wanted, "thinking": wanted}
    if TAKES_SWITCH.search(template):
        return told
    none = NO_EFFORT.search(template) if EFFORT in template else None
    if none and not wanted:
        told[EFFORT] = none[1]
    elif none and none[1] == "no_think":  # where this is what is usual
        told[EFFORT] = "high"
    if BUDGET in template and not wanted:
        told[BUDGET] = 0
    return told


def with_switch(
    template: str, messages: Sequence[Mapping[str, Any]], wanted: bool | None
) -> Sequence[Mapping[str, Any]]:
    """The messages with the word in the system's, where nothing else switches."""
    told = wanted is None or TAKES_SWITCH.search(template) or EFFORT in template
    if told or WORDS[False] not in template:
        return messages
    word = WORDS[wanted is True]
    if messages and messages[0].get("role") == "system":
        content = messages[0].get("content")
        if not isinstance(content, str):
            return messages
        return [{**messages[0], "content": f"{content} {word}"}, *messages[1:]]
    return [{"role": "system", "content": word}, *messages]


def with_thoughts(message: dict[str, Any]) -> dict[str, Any]:
    """A message whose reasoning has both names that templates ask for."""
    thoughts = message.get("reasoning_content")
    return message if thoughts is None else {"thinking": thoughts, **message}
