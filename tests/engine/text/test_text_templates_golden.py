"""Every chat template of the field, held against what transformers makes of it.

golden/templates.json.gz comes from make_golden_templates.py.
"""

import gzip
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from helpers.conversations import CONVERSATIONS, NEXT, ODD, SYSTEM, TURNS, Message
from helpers.data import shared_data
from helpers.vocabularies import spm_metadata

from engine.base.errors import TemplateError
from engine.text.template import ChatTemplate
from engine.text.vocabulary import Vocabulary

GOLDEN = Path(__file__).with_name("golden") / "templates.json.gz"
DATE = date(2031, 2, 4)
VOCABULARY = Vocabulary(spm_metadata())
ALL = CONVERSATIONS | ODD
# These leave the system's words out; here they go into the first question.
TOLD_OTHERWISE = {
    ("mistralai-Mistral-Nemo-Instruct-2407", "called"),
    ("mistralai-Mistral-Nemo-Instruct-2407", "only-system"),
}


@cache
def golden() -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = json.loads(gzip.decompress(GOLDEN.read_bytes()))
    return found


def template(name: str) -> ChatTemplate:
    source = shared_data("templates", f"{name}.jinja").read_text("utf-8")
    return ChatTemplate(source, VOCABULARY)


def rendered(found: ChatTemplate, messages: list[Message], told: dict[str, Any]) -> str | None:
    """The prompt; None where there is one clear sentence instead."""
    try:
        return found.render(messages, **told).text
    except TemplateError as error:
        sentence = str(error)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert 10 < len(sentence) < 400
        return None


@pytest.mark.parametrize("name", sorted(golden()))
def test_as_transformers(name: str) -> None:
    found, today = template(name), date.today()
    for which, wanted in golden()[name].items():
        messages, told = ALL[which]
        text = rendered(found, messages, told)
        if wanted is None or (name, which) in TOLD_OTHERWISE:
            assert which in ODD or text is not None or "gemma-2" in name, which
            continue
        for form in ("%Y-%m-%d", "%d %b %Y"):
            wanted = wanted.replace(DATE.strftime(form), today.strftime(form))
        assert text == wanted, which


def test_the_golden_file_holds_every_template() -> None:
    folder = shared_data("templates")
    assert {path.stem for path in folder.glob("*.jinja")} == golden().keys()


def test_a_conversation_without_messages_is_told() -> None:
    with pytest.raises(TemplateError, match="no message yet"):
        template("Qwen3-Coder").render([])


# What is known to switch thinking, and how the end of the prompt shows it.
SWITCHED = {
    "GLM-4.7-Flash": ("<think>", "</think>"),
    "Cohere2MoE": ("<|START_THINKING|>", "<|START_THINKING|><|END_THINKING|>"),
    "Kimi-K3": ("<|open|>think<|sep|>", "<|open|>response<|sep|>"),
    "NVIDIA-Nemotron-Nano-v2": ("<think>\n", "<think></think>"),
    "tencent-Hy3": ("<think:opensource>", "<think:opensource></think:opensource>"),
    "deepseek-ai-DeepSeek-V4": ("<think>", "</think>"),
    "inclusionai-ling-3.0-flash": ("<think>", "<think></think>"),
}


@pytest.mark.parametrize("name", sorted(SWITCHED))
def test_thinking_is_switched(name: str) -> None:
    found = template(name)
    for wanted, end in zip((True, False), SWITCHED[name], strict=True):
        text = found.render(TURNS, enable_thinking=wanted).text
        assert text.endswith(end), text[-80:]
        assert SYSTEM["content"] in text
        assert NEXT["content"].strip() in text


def test_thinking_is_switched_by_a_budget_or_a_word() -> None:
    seed = ChatTemplate("{% if thinking_budget == 0 %}none{% endif %}", VOCABULARY)
    assert seed.render(TURNS, enable_thinking=False).text == "none"
    assert seed.render(TURNS, enable_thinking=True).text == ""
    word = ChatTemplate(
        "{% for m in messages %}{{ m.content.replace('/no_think', '!') }};{% endfor %}", VOCABULARY
    )
    assert word.render([NEXT], enable_thinking=False).text == f"!;{NEXT['content']};"
    assert word.render([NEXT]).text == f"{NEXT['content']};"
