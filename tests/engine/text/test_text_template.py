"""Chat templates: those of the field, those of the families, and the ways around refusals."""

from pathlib import Path
from typing import Any

import pytest
from helpers.data import data_root, shared_data
from helpers.vocabularies import CONTROL, KEY, NORMAL, spm_metadata

from engine.architectures.shared.find import family_of, known_architectures, usual_template
from engine.base.errors import TemplateError
from engine.text.template import ChatTemplate, has_switch, make_template
from engine.text.template_families import (
    BY_TEMPLATE,
    BY_TOKENS,
    FAMILY_NAMES,
    family_template,
)
from engine.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary(spm_metadata())
PLAIN = [
    {"role": "system", "content": "SYSTEM WORDS"},
    {"role": "user", "content": "first question"},
    {"role": "assistant", "content": "first answer"},
    {"role": "user", "content": "second question"},
]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "How the weather is",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "description": "a town"}},
                "required": ["city"],
            },
        },
    }
]
CALL = {
    "id": "call12345",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Lima"}'},
}
WITH_TOOLS = [
    *PLAIN,
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "call12345", "name": "get_weather", "content": "sunny"},
]
NO_TOOLS = {"google-gemma-2-2b-it", "llama-cpp-rwkv-world", "microsoft-Phi-3.5-mini-instruct"}
FILES = sorted(path.name for path in (data_root() / "templates").glob("*.jinja"))


def template(source: str) -> ChatTemplate:
    return ChatTemplate(source, VOCABULARY)


def render(source: str, messages: list[dict[str, Any]], **values: Any) -> str:
    return template(source).render(messages, **values).text


@pytest.mark.parametrize("name", FILES or ["none.jinja"])
def test_templates_of_the_field(name: str) -> None:
    path: Path = shared_data("templates", name)
    found = template(path.read_text("utf-8"))
    text = found.render(PLAIN).text
    for message in PLAIN:
        assert message["content"] in text
    assert len(found.render(PLAIN, add_generation_prompt=False).text) <= len(text)
    for thinking in (True, False):
        assert "second question" in found.render(PLAIN, enable_thinking=thinking).text


@pytest.mark.parametrize("name", [name for name in FILES if Path(name).stem not in NO_TOOLS])
def test_tools_in_templates_of_the_field(name: str) -> None:
    path: Path = shared_data("templates", name)
    text = template(path.read_text("utf-8")).render(WITH_TOOLS, tools=TOOLS).text
    for word in ("get_weather", "Lima", "sunny"):
        assert word in text
    assert "{'city'" not in text


@pytest.mark.parametrize("family", sorted(FAMILY_NAMES))
def test_family_templates(family: str) -> None:
    text = render(family_template(family), PLAIN)
    for message in PLAIN:
        assert text.count(message["content"]) == 1


def test_templates_of_architectures_are_there() -> None:
    for name in known_architectures():
        family = family_of(name)
        assert family
        assert not family.template or family_template(family.template)


def metadata_with(tokens: tuple[str, ...], **values: str) -> dict[str, Any]:
    spellings = ["<s>", "</s>", *tokens]
    return {
        KEY + "tokens": spellings,
        KEY + "token_type": [CONTROL] * len(spellings),
        **{f"general.{name}": value for name, value in values.items()},
    }


@pytest.mark.parametrize(("family", "tokens"), BY_TOKENS)
def test_family_by_tokens(family: str, tokens: tuple[str, ...]) -> None:
    found = make_template(metadata_with(tokens))
    assert found.source == f"family:{family}"
    assert FAMILY_NAMES[family] in (found.notice or "")
    assert "second question" in found.render(PLAIN).text


def test_family_by_name_then_chatml() -> None:
    assert make_template(metadata_with((), name="Vicuna 7B")).source == "family:vicuna"
    assert make_template(metadata_with(()), usual=usual_template("gemma2")).source == "family:gemma"
    assert make_template(metadata_with(("[INST]", "[/INST]")), usual="gemma").source.endswith(
        "mistral"
    )
    assert make_template(metadata_with(()), usual=usual_template("rwkv7")).source == "family:rwkv"
    found = make_template(metadata_with((), name="Anything"))
    assert found.source == "chatml"
    assert "ChatML" in (found.notice or "")
    assert found.render(PLAIN).text.endswith("<|im_start|>assistant\n")


def test_the_files_own_template_comes_first() -> None:
    metadata = metadata_with(("<|im_start|>", "<|im_end|>"))
    found = make_template(metadata | {"tokenizer.chat_template": "{{ messages[0].content }}!"})
    assert found.source == "file"
    assert found.notice is None
    assert found.render(PLAIN).text == "SYSTEM WORDS!"


def test_a_template_may_be_a_mere_name() -> None:
    for name, family in BY_TEMPLATE.items():
        found = make_template(metadata_with(()) | {"tokenizer.chat_template": name})
        assert (found.source, found.notice) == (f"family:{family}", None)
        assert "second question" in found.render(PLAIN).text


def test_special_tokens_and_helpers() -> None:
    source = (
        "{{ bos_token }}|{{ eos_token }}|{{ unk_token }}|{{ pad_token }}|"
        "{{ strftime_now('%Y') | length }}|{{ {'b': '<é>', 'a': none} | tojson }}|"
        "{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}|"
        "{% generation %}g{% endgeneration %}|{{ extra }}|{{ enable_thinking is defined }}"
    )
    text = render(source, PLAIN[1:2], extra="more")
    # The conversation is nowhere in this text, so every form of it was tried; the first counts.
    assert text == '<s>|</s>|<unk>||4|{"b": "<é>", "a": null}|01|g|more|False'


def test_system_message_is_folded_where_it_is_refused_or_ignored() -> None:
    loop = "{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}"
    refuses = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + loop
    ignores = (
        "{% for m in messages if m.role != 'system' %}[{{ m.role }}:{{ m.content }}]{% endfor %}"
    )
    for source in (refuses, ignores):
        assert render(source, PLAIN).startswith("[user:SYSTEM WORDS\n\nfirst question]")


def test_turns_are_merged_where_roles_must_alternate() -> None:
    source = (
        "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
        "{{ raise_exception('alternate') }}{% endif %}[{{ m.content }}]{% endfor %}"
    )
    messages = [{"role": "user", "content": "one"}, {"role": "user", "content": "two"}]
    assert render(source, messages) == "[one\n\ntwo]"


def test_contents_in_parts_and_as_text() -> None:
    parts = [{"role": "user", "content": [{"type": "text", "text": "hello"}]}]
    assert render("{{ messages[0].content + '!' }}", parts) == "hello!"
    wants_parts = "{% for p in messages[0].content %}{{ p.text }}{% endfor %}"
    assert render(wants_parts, [{"role": "user", "content": "hello"}]) == "hello"


def test_arguments_as_the_template_wants_them() -> None:
    messages = [PLAIN[1], {"role": "assistant", "content": None, "tool_calls": [CALL]}]
    start = "{{ messages[0].content }} {% set a = messages[1].tool_calls[0].function.arguments %}"
    assert render(start + "{{ a | tojson }}", messages).endswith(' {"city": "Lima"}')
    assert render(start + "{{ a }}", messages).endswith(' {"city": "Lima"}')
    assert render(start + "{{ a.city }}", messages).endswith(" Lima")


def test_a_refusal_is_told_in_the_templates_words() -> None:
    with pytest.raises(TemplateError, match="refuses this: never"):
        render("{{ raise_exception('never') }}", PLAIN)


@pytest.mark.parametrize("source", ["{% for %}", "{{ 1 | nope }}", "{% endif %}", "{{ (1 }}"])
def test_a_broken_template_is_named_with_its_line(source: str) -> None:
    found = template("\n" + source)  # making it costs nothing and never fails
    with pytest.raises(TemplateError, match="broken in line 2"):
        found.render(PLAIN)


def test_nothing_of_the_caller_is_changed() -> None:
    messages = [{"role": "user", "content": "x", "extra": [1]}]
    render("{% set _ = messages[0].extra.append(2) %}{{ messages[0].content }}", messages)
    assert messages == [{"role": "user", "content": "x", "extra": [1]}]
    assert NORMAL == 1


@pytest.mark.parametrize(
    ("template", "known"),
    [
        ("{% if enable_thinking %}<think>{% endif %}", True),
        ("{{ thinking_budget }}", True),
        ("{% if '/no_think' in system %}{% endif %}", True),
        ("{% if reasoning_effort == 'none' %}{% endif %}", True),
        ("{% if reasoning_effort == 'low' %}{% endif %}", False),
        ("{{ messages[0].content }}", False),
    ],
)
def test_whether_a_template_can_be_told_to_think(template: str, known: bool) -> None:
    assert has_switch(template) is known
