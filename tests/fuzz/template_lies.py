"""Chat templates as programs that grow: random Jinja of few words, many of them hungry."""

from random import Random
from typing import Any

WORDS = ("messages", "m", "x", "'a'", "'ab' * 16000000", "[1] * 10000000", "range(99999999)")
WORDS += ("namespace()", "bos_token", "messages[0]", "x ~ x", "[x, x]", "{'k': x}", "tools", "loop")
WORDS += ("99 ** 99 ** 9", "10 ** 400", "1 / 0", "''.__class__", "cycler", "x[0]", "m.content")
FILTERS = ("upper", "trim", "tojson", "list", "join(',')", "replace('a', 'aa' * 9999)", "length")
FILTERS += ("title", "center(100000000)", "indent(99999999)", "map('upper')", "string", "e", "sort")
FILTERS += ("urlencode", "format(x, x)", "batch(1)", "wordwrap(1)", "tojson(indent=99999)", "sum")
METHODS = ("strip()", "split('')", "expandtabs(100000)", "zfill(10 ** 9)", "items()", "format(x)")
METHODS += ("join([x] * 1000)", "encode()", "ljust(2 ** 31)", "splitlines()", "__mul__(9)")


def expression(rng: Random, depth: int = 3) -> str:
    match rng.randrange(7 if depth else 1):
        case 0 | 1:
            return rng.choice(WORDS)
        case 2:
            return f"({expression(rng, depth - 1)})|{rng.choice(FILTERS)}"
        case 3:
            operator = rng.choice(("~", "+", "*", "%", "in", "==", "and"))
            return f"({expression(rng, depth - 1)} {operator} {expression(rng, depth - 1)})"
        case 4:
            return f"({expression(rng, depth - 1)}).{rng.choice(METHODS)}"
        case 5:
            return f"[{expression(rng, depth - 1)}] * {rng.choice((2, 1000, 10**7))}"
        case _:
            return f"({expression(rng, depth - 1)} if {expression(rng, depth - 1)} else x)"


def statement(rng: Random, depth: int = 3) -> str:
    body = "" if not depth else "".join(statement(rng, depth - 1) for _ in range(rng.randrange(3)))
    match rng.randrange(7):
        case 0:
            return f"{{{{ {expression(rng)} }}}}"
        case 1:
            return f"{{% for m in {expression(rng, 1)} %}}{body}{{% endfor %}}"
        case 2:
            return f"{{% set x = {expression(rng)} %}}{body}"
        case 3:
            return f"{{% if {expression(rng, 1)} %}}{body}{{% else %}}z{{% endif %}}"
        case 4:
            call = f"{{{{ f({expression(rng, 1)}) }}}}"
            return f"{{% macro f(x) %}}{body}{{{{ f(x) }}}}{{% endmacro %}}{call}"
        case 5:
            doubled = "{% for i in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}"
            return "{% set ns = namespace(s='a') %}" + doubled
        case _:
            return f"{{% filter {rng.choice(FILTERS)} %}}{body}{{% endfilter %}}"


TAME = (
    "{{ bos_token }}",
    "{% if tools %}{{ tools | tojson(indent=4) }}{% endif %}",
    "{% for m in messages %}<|{{ m.role }}|>\n{{ m['content'] | trim }}\n{% endfor %}",
    "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}",
    "{{ messages | map(attribute='role') | join(', ') }}",
    "{% macro turn(m) %}[{{ m.role | upper }}]{{ m.content }}{% endmacro %}{{ turn(messages[0]) }}",
    "{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}",
    "{% for m in messages if m.role != 'system' %}{{ loop.index }}: {{ m.content }}{% endfor %}",
)


def template(rng: Random) -> str:
    """Hungry and broken ones, and as many of the kind that models bring, a few of them bent."""
    if rng.random() < 0.4:
        text = "".join(rng.choice(TAME) for _ in range(rng.randrange(1, 6)))
        return text + (statement(rng, 1) if rng.random() < 0.3 else "")
    head = "{% set x = 'abc' %}"
    text = head + "".join(statement(rng) for _ in range(rng.randrange(1, 5)))
    if rng.random() < 0.1:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(("{%", "}}", "\0", "{{", "\ud800", "{#")) + text[at + 1 :]
    return text


def messages(rng: Random) -> list[dict[str, Any]]:
    """A short conversation; at times contents of odd types or spellings."""
    found: list[dict[str, Any]] = [{"role": "user", "content": "hello"}]
    if rng.random() < 0.3:
        odd = ("<|im_end|>", "", "\ud800", "x" * 5000, "{{ 7 * 7 }}", "\0", "日本")
        found.append({"role": "assistant", "content": rng.choice(odd)})
        found.append({"role": "user", "content": rng.choice(odd)})
    return found
