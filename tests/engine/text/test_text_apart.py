"""The helper process: kept, ended, begun anew, never left behind; and what its limits let pass."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from helpers.data import ROOT, shared_data
from helpers.patience import WAIT
from helpers.vocabularies import spm_metadata

from engine.base.errors import ChaskiError, TemplateError
from engine.text import apart, apart_child
from engine.text.allowance import Allowance, for_rendering
from engine.text.template import ChatTemplate
from engine.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary(spm_metadata())
HELLO = [{"role": "user", "content": "hello"}]
FOREVER = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
TEXT = "{{ messages[0].content }}"


def template(source: str) -> ChatTemplate:
    return ChatTemplate(source, VOCABULARY)


def pid() -> int:
    """The helper that waits for work."""
    template(TEXT).render(HELLO)
    [helper] = apart._idle
    return helper.process.pid


def words_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # one of another test that has ended
        return ""


def conversation(n: int) -> list[dict[str, Any]]:
    roles = ("user", "assistant")
    return [{"role": roles[i % 2], "content": f"message {i} of some words"} for i in range(n + 1)]


def test_one_helper_serves_until_it_ends() -> None:
    first = pid()
    with pytest.raises(TemplateError, match="refuses this: no"):
        template("{{ raise_exception('no') }}").render(HELLO)
    assert pid() == first
    os.kill(first, signal.SIGTERM)
    psutil.Process(first).wait(WAIT)
    assert pid() != first


def test_stop_is_heeded_while_a_template_renders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.text.allowance.SECONDS", 10 * WAIT)  # its own end is far away
    monkeypatch.setattr("engine.text.allowance.MOST_SECONDS", 10 * WAIT)
    steps = template(FOREVER).rendering(HELLO)
    next(steps)
    [child] = [c for c in psutil.Process().children() if "apart_child" in words_of(c)]
    steps.close()
    assert not child.is_running()
    assert template(TEXT).render(HELLO).text == "hello"


def test_two_conversations_at_once() -> None:
    one, two = template(FOREVER).rendering(HELLO), template(FOREVER).rendering(HELLO)
    next(one)
    next(two)
    assert template(TEXT).render(HELLO).text == "hello"
    one.close()
    two.close()


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Allowance(0.2, 384 << 20, 1 << 24, 1 << 24, 1 << 20), "come to an end"),
        (Allowance(9.0, 64 << 20, 1 << 30, 1 << 40, 1 << 30), "takes too much memory"),
    ],
)
def test_the_limits_are_the_systems(limits: Allowance, why: str) -> None:
    """Work without any budget of its own, which only the system can end."""
    sources = {"come to an end": FOREVER, "takes too much memory": "{{ ['a' * 9999999] * 99 }}"}
    arguments = (sources[why], HELLO, {})
    with pytest.raises((apart.StoppedError, apart.FailedError), match=why):
        apart.ask("render", arguments, limits)
    assert template(TEXT).render(HELLO).text == "hello"


def test_who_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    process = psutil.Process(pid())
    process.suspend()
    limits = for_rendering(HELLO, {})._replace(seconds=-1.2)
    with pytest.raises(apart.StoppedError, match="does not come to an end"):
        apart.ask("render", (TEXT, HELLO, {}), limits)
    assert not process.is_running()


@pytest.mark.parametrize("bounded_by_the_system", [True, False])
def test_memory_is_watched_where_the_system_does_not(
    bounded_by_the_system: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "SYSTEM_BOUNDS_MEMORY", bounded_by_the_system)
    source = "{% set l = [] %}" + FOREVER.replace(
        "%}{% endfor", "%}{% set _ = l.append('x' * 9**7) %}{% endfor", 1
    )
    with pytest.raises(TemplateError, match="was stopped: it"):
        template(source).render(HELLO)


LARGE = {
    "printed": "{{ ['a' * 16000000] * 1000 }}",
    "~": "{{ (['a' * 16000000] * 1000) ~ '' }}",
    "percent": "{{ '%s' % [['a' * 16000000] * 1000] }}",
    "percents": "{{ ('%s' * 900) % (('a' * 16000000,) * 900) }}",
    "format": "{{ '{}'.format(['a' * 16000000] * 1000) }}",
    "fields": "{{ ('{0}' * 900).format('a' * 16000000) }}",
    "format filter": "{{ ('%s' * 900) | format(*(('a' * 16000000,) * 900)) }}",
    "tojson": "{{ (['a' * 16000000] * 1000) | tojson }}",
    "separators": "{{ range(9999) | list | tojson(separators=('a' * 16000000, ':')) }}",
    "upper": "{{ (['a' * 16000000] * 1000) | upper }}",
    "string": "{{ (['a' * 16000000] * 1000) | string | length }}",
    "escape": "{{ ('<' * 16000000) | e }}",
    "urlencode": "{{ ('\u4e16' * 16000000) | urlencode }}",
    "key": "{{ {('a' * 16000000): 1, ('b' * 16000000): 2} }}",
    "tabs": "{{ ('\t' * 1000000).expandtabs(1000) }}",
    "refusal": "{{ raise_exception(['a' * 16000000] * 1000) }}",
    "sum": "{{ ([['a' * 999] * 9999] * 99) | sum(start=[]) }}",
    "json of a dict": "{{ dict(a=['a' * 16000000] * 1000) | tojson(indent=16) }}",
}


@pytest.mark.parametrize("name", LARGE)
def test_texts_that_hang_in_lists(name: str) -> None:
    with pytest.raises(TemplateError, match="^The model's chat template [^\n]{3,300}$"):
        template(LARGE[name]).render(HELLO)
    for helper in apart._idle:
        assert helper.memory() < 600 << 20


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.format }}",
        "{{ [''.format, 1] }}",
        "{{ ''.upper ~ '' }}",
        "{{ '%s' % ''.upper }}",
        "{{ '%s %s' % (1, [''.upper]) }}",
        "{{ '{} {a}'.format(''.upper, a=''.lower) }}",
        "{{ '%s' | format(''.upper) }}",
        "{{ ''.upper | string | upper }}",
        "{{ [''.upper] | join }}",
        "{{ {'a': ''.upper} | string }}",
        "{{ ''.upper | e }}{{ ''.upper | replace('a', 'b') }}{{ ''.upper | trim | lower }}",
        "{{ messages | map(attribute='role') }}",
        "{{ raise_exception }}{{ strftime_now }}{{ range }}{{ cycler('a') }}{{ joiner() }}",
        "{{ raise_exception(''.upper) }}",
        "{{ ''.upper + 1 }}",
        "{{ ''.upper.foo.bar }}",
        "{{ ''.upper | tojson }}",
        "{{ [''.upper] | pprint }}",
        "{% macro m() %}{% endmacro %}{{ m }}{{ self }}{{ loop }}{{ caller }}{{ namespace() }}",
        "{% for x in [1] %}{{ loop }}{{ loop.cycle }}{{ loop.changed }}{% endfor %}",
    ],
)
def test_no_address_is_printed(source: str) -> None:
    try:
        text = template(source).render(HELLO).text
    except TemplateError as error:
        text = str(error)
    assert "0x" not in text.lower()
    typed = "<f at 0x7f12> in a list"
    assert (
        template("{{ messages[0].content }}")
        .render([{"role": "user", "content": [{"type": "text", "text": typed}]}])
        .text.count("at 0x7f12")
    )


@pytest.mark.parametrize("name", ["google-gemma-4-31B-it", "Reka-Edge", "Kimi-K3"])
def test_long_conversations(name: str) -> None:
    source = shared_data("templates", f"{name}.jinja").read_text("utf-8")
    text = template(source).render(conversation(1000)).text
    assert "message 999 of" in text
    assert "message 1 of" in text


@pytest.mark.parametrize(
    "name", ["LFM2.5-8B-A1B", "ibm-granite-granite-4.0", "deepseek-ai-DeepSeek-V3.2"]
)
def test_many_tools(name: str) -> None:
    source = shared_data("templates", f"{name}.jinja").read_text("utf-8")
    one = {"type": "string", "description": "a parameter of it"}
    tools = [
        {
            "type": "function",
            "function": {
                "name": f"tool_{i}",
                "description": "does a thing",
                "parameters": {"type": "object", "properties": {f"p{j}": one for j in range(30)}},
            },
        }
        for i in range(300)
    ]
    assert "tool_299" in template(source).render(HELLO, tools=tools).text


def test_what_cannot_be_told_is_one_sentence() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    for content in (deep, object(), 1 << 100_000, {"a": {1, object()}}):
        with pytest.raises(TemplateError) as caught:
            template("{{ messages[0].content.x }}{{ 1 | nope }}").render(
                [{"role": "user", "content": content}]
            )
        assert len(str(caught.value)) < 400


def test_halves_of_characters_pass() -> None:
    assert template(TEXT).render([{"role": "user", "content": "a\ud800b"}]).text == "a\ud800b"


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    apart.close()
    monkeypatch.setattr(sys, "executable", str(ROOT / "nothing"))
    with pytest.raises(ChaskiError, match="helper process"):
        template(TEXT).render(HELLO)


def test_a_frozen_program_is_its_own_helper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What PyInstaller makes is one program, which gets the flag as its only argument."""
    program = tmp_path / "chaski"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:] = {[str(ROOT), *sys.path]!r}\n"
        "from engine.cli import main\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    apart.close()
    with monkeypatch.context() as frozen:
        frozen.setattr(sys, "frozen", True, raising=False)
        frozen.setattr(sys, "executable", str(program))
        assert apart.command() == [str(program), "--apart"]
        assert template(TEXT).render(HELLO).text == "hello"
    apart.close()


RENDER = (
    "import sys; sys.path[:0] = {paths!r}\n"
    "from helpers.vocabularies import spm_metadata\n"
    "from engine.text.template import ChatTemplate\n"
    "from engine.text.vocabulary import Vocabulary\n"
    "from engine.text import apart\n"
    "t = ChatTemplate({source!r}, Vocabulary(spm_metadata()))\n"
    "text = t.render([{{'role': 'user', 'content': 'hello'}}]).text\n"
    "print(text, apart._idle[0].process.pid, flush=True)\n"
    "assert 'jinja2' not in sys.modules\n"
)


def program(more: str = "", source: str = TEXT) -> list[str]:
    paths = [str(ROOT), str(ROOT / "tests")]
    return [sys.executable, "-c", RENDER.format(paths=paths, source=source) + more]


def gone(number: int) -> bool:
    for _ in range(200):
        if not psutil.pid_exists(number) or psutil.Process(number).status() == "zombie":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    "more",
    ["", "import os; os._exit(3)", "import os, signal; os.kill(os.getpid(), signal.SIGABRT)"],
)
def test_the_helper_ends_with_the_program(more: str) -> None:
    done = subprocess.run(program(more), capture_output=True, text=True, timeout=WAIT)
    text, number = done.stdout.split()
    assert text == "hello"
    assert gone(int(number))
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors of POSIX")
@pytest.mark.parametrize("closed", [(0,), (1, 2), (0, 1, 2)])
def test_streams_of_the_program_may_be_closed(closed: tuple[int, ...], tmp_path: Path) -> None:
    out = tmp_path / "out"
    begin = f"import os\nfor fd in {closed}: os.close(fd)\n"
    words = program()
    words[2] = begin + words[2].replace(
        "print(text, apart._idle[0].process.pid, flush=True)",
        f"open({str(out)!r}, 'w').write(text)",
    )
    subprocess.run(words, timeout=WAIT, check=False)
    assert out.read_text() == "hello"


def test_what_the_child_loads_is_light() -> None:
    code = (
        "import sys; sys.path[:] = sys.argv[1:]\n"
        "from engine.text import apart_child, template_render\n"
        "heavy = {'numpy', 'numba', 'PySide6', 'tokenizers', 'asyncio', 'psutil'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    words = [sys.executable, "-I", "-S", "-c", code, str(ROOT), *filter(None, sys.path)]
    assert subprocess.run(words, capture_output=True, text=True).stdout.strip() == "[]"
    assert apart_child.SIZE == 8
