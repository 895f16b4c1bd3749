"""Hostile templates end soon, in little memory, with one sentence."""

import time
import tracemalloc

import pytest
from helpers.vocabularies import spm_metadata

from engine.base.errors import TemplateError
from engine.text.template import ChatTemplate
from engine.text.vocabulary import Vocabulary

MESSAGES = [{"role": "user", "content": "hello"}]
LOOP = "{% for i in range(99999) %}"
GROW = "{% set ns = namespace(x='a', l=[1], n=3) %}{% for i in range(60) %}"
ENDLESS = {
    "one range": "{% for i in range(10**9) %}x{% endfor %}",
    "nested": LOOP + LOOP + "{% endfor %}{% endfor %}",
    "nested with a condition": LOOP
    + "{% for j in range(99999) if j < 0 %}{% endfor %}{% endfor %}",
    "recursion": "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}"
    "{{ f(60) }}",
    "recursion without end": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "recursive loop": "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "sorting": LOOP + "{% set x = range(99999) | sort | list %}{% endfor %}",
}
HUGE = {
    "output": LOOP + LOOP + "x" * 1000 + "{% endfor %}{% endfor %}",
    "block": "{% set x %}" + LOOP + LOOP + "x" * 1000 + "{% endfor %}{% endfor %}{% endset %}",
    "~": GROW + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "+": GROW + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "set": GROW + "{% set y %}{{ ns.x }}{{ ns.x }}{% endset %}{% set ns.x = y %}{% endfor %}",
    "format": GROW + "{% set ns.x = '{}{}'.format(ns.x, ns.x) %}{% endfor %}",
    "percent": GROW + "{% set ns.x = '%s%s' % (ns.x, ns.x) %}{% endfor %}",
    "lists": GROW + "{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
    "tuples": GROW + "{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ ns.l == ns.l }}",
    "dicts": GROW + "{% set ns.l = dict(a=ns.l, b=ns.l) %}{% endfor %}{{ ns.l | tojson }}",
    "appending": "{% set l = [] %}{% for i in range(60) %}{% set m = [] %}"
    "{% set _ = m.append(l) %}{% set _ = m.append(l) %}{% set _ = l.append(m) %}{% endfor %}",
    "numbers": GROW + "{% set ns.n = ns.n * ns.n %}{% endfor %}",
    "power": "{{ 2 ** (10 ** 9) }}",
    "times": "{{ 'a' * 10 ** 9 }}",
    "list times": "{% set x = [[0] * 100000] * 100000 %}",
    "center": "{{ 'a' | center(10 ** 9) }}",
    "zfill": "{{ 'a'.zfill(10 ** 9) }}",
    "format width": "{{ '{:1000000000}'.format(1) }}",
    "nested width": "{{ '{:{}}'.format(1, 10 ** 9) }}",
    "percent width": "{{ '%1000000000d' % 1 }}",
    "percent star": "{{ '%*d' % (10 ** 9, 1) }}",
    "filter width": "{{ '%1000000000d' | format(1) }}",
    "replace": "{{ ('a' * 10 ** 6) | replace('a', 'b' * 10 ** 6) }}",
    "join": "{{ ('x' * 10 ** 6).join(['a'] * 10 ** 5) }}",
    "join filter": "{{ range(100000) | join('x' * 10 ** 6) }}",
    "indent": "{{ 'a' | indent(10 ** 9, true) }}",
    "json": "{{ [1] | tojson(indent=10 ** 9) }}",
    "date": "{{ strftime_now('%1000000000Y') }}",
    "translate": "{{ ('a' * 10 ** 5).translate({97: 'x' * 10 ** 5}) }}",
    "bytes": "{{ (1).to_bytes(10 ** 9, 'big') }}",
    "batch": "{{ [1] | batch(10 ** 8, 'x') | list }}",
    "slice": "{{ [1] | slice(10 ** 8) | list }}",
    "many": "{% set l = [] %}" + LOOP + "{% set _ = l.append('x' * 10 ** 7) %}{% endfor %}",
}
REACHING = {
    "class": "{{ ''.__class__.__mro__ }}",
    "printed": "{{ messages.__class__ }}",
    "filter": "{{ '' | attr('__class__') }}",
    "map": "{{ messages | map(attribute='__class__') | list }}",
    "format": "{{ '{0.__class__}'.format('') }}",
    "globals": "{{ raise_exception.__globals__ }}",
    "self": "{{ self.__init__.__globals__ }}",
    "cycler": "{{ cycler.__init__.__globals__.os }}",
    "include": "{% include 'x' %}",
    "import": "{% import 'os' as o %}",
    "changing": "{{ messages.clear() }}",
    "the budget": "{% set environment = none %}" + LOOP + LOOP + "{% endfor %}{% endfor %}",
}
CPU_SECONDS = 2.0  # the budget is 0.9; what runs between two looks at the clock comes on top
MEMORY = 200 << 20


def refuse(source: str) -> str:
    template = ChatTemplate(source, Vocabulary(spm_metadata()))
    began = time.thread_time()
    with pytest.raises(TemplateError) as caught:
        template.render(MESSAGES)
    took = time.thread_time() - began
    assert took < (CPU_SECONDS if not tracemalloc.is_tracing() else 5 * CPU_SECONDS)
    return str(caught.value)


@pytest.mark.parametrize("name", ENDLESS)
def test_endless(name: str) -> None:
    assert "chat template" in refuse(ENDLESS[name])


@pytest.mark.parametrize("name", HUGE)
def test_huge(name: str) -> None:
    tracemalloc.start()
    try:
        assert "chat template" in refuse(HUGE[name])
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", REACHING)
def test_reaching(name: str) -> None:
    assert "chat template" in refuse(REACHING[name])


@pytest.mark.parametrize("source", ["{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
                                    "{% if 1 %}" * 500 + "{% endif %}" * 500,
                                    "x" * (2 << 20)])  # fmt: skip
def test_too_deep_or_too_large(source: str) -> None:
    assert "chat template" in refuse(source)


def test_a_long_conversation_fits() -> None:
    source = (
        "{% set ns = namespace(all='') %}{% for m in messages %}"
        "{% set ns.all = ns.all + m.role + ': ' + m.content + '\n' %}{% endfor %}{{ ns.all }}"
    )
    messages = [{"role": "user", "content": "word " * 200}] * 300
    text = ChatTemplate(source, Vocabulary(spm_metadata())).render(messages).text
    assert len(text) > 300_000
