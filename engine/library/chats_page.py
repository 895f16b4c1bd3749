"""A chat as one page of HTML: the branch that is shown, with nothing that acts or is fetched.

The words come from a model: HTML in them is text, pictures are not loaded, links are followed only
when somebody clicks, formulas stay as they were written. A policy in the page says the same to the
browser.
"""

import html
import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from engine.base.conversation import ChatRecord, Turn
from engine.library.chats_records import day_words

LONGEST_FORMULA = 4000  # letters
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
body { max-width: 46rem; margin: 2.5rem auto; padding: 0 1rem; color: #1f2328; background: #fff;
       font: 16px/1.6 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin-bottom: 0.2rem; }
.about, .thinking, .figures { color: #6b7280; font-size: 0.9rem; }
.turn { margin: 1.6rem 0; }
.who { font-size: 0.85rem; font-weight: 600; color: #6b7280; margin: 0 0 0.2rem; }
.user .said { background: #f3f4f6; border-radius: 10px; padding: 0.6rem 0.9rem;
              white-space: pre-wrap; }
pre { background: #f6f8fa; border-radius: 8px; padding: 0.8rem; overflow-x: auto; }
code { font: 0.9em/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; }
th, td { border: 1px solid #d0d7de; padding: 0.3rem 0.6rem; }
blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid #d0d7de; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e6e6; background: #18181b; }
  .user .said, pre { background: #27272a; }
  th, td, blockquote { border-color: #3f3f46; }
  a { color: #7cb7ff; }
}
@media print { .turn { break-inside: avoid-page; } }
"""
SPEAKERS = {"user": "You", "assistant": "Model"}
_SAFE = re.compile(r"(https?|mailto):", re.IGNORECASE)


def to_html(record: ChatRecord) -> str:
    """A whole page, for a browser."""
    title = html.escape(record.title or "Chat")
    head = (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>"
    )
    body = body_of(record)
    return f"<!DOCTYPE html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{body}</body>\n</html>\n"


PAPER = """
body { font-family: serif; font-size: 10.5pt; color: #000; }
h1 { font-size: 17pt; }
.about, .who, .thinking { color: #555; font-size: 9pt; }
.who { font-weight: 600; margin: 14pt 0 3pt 0; }
pre, code { font-family: monospace; font-size: 9pt; }
pre { background: #f3f4f6; white-space: pre-wrap; }
.said { white-space: pre-wrap; }
"""


# What Qt's documents have no tags for; words of the chat cannot be taken for them, `<` is escaped.
_ON_PAPER = (
    ("<details", "<div"),
    ("</details>", "</div>"),
    ("<summary>", "<p><i>"),
    ("</summary>", "</i></p>"),
    ("\n</code></pre>", "</code></pre>"),
    ("<table>", '<table border="1" cellspacing="0" cellpadding="4">'),
)


def to_print(record: ChatRecord) -> str:
    """A page for a printer, in the part of HTML and CSS that Qt's documents know."""
    body = body_of(record)
    for tag, other in _ON_PAPER:
        body = body.replace(tag, other)
    return f"<html><head><style>{PAPER}</style></head><body>{body}</body></html>"


def body_of(record: ChatRecord) -> str:
    """What stands in the page; also for a printer."""
    parts = [f"<h1>{html.escape(record.title or 'Chat')}</h1>", _about(record)]
    if record.system:
        said = f'<div class="said">{html.escape(record.system)}</div>'
        parts.append(_turn("user", "System", said))
    parts += [_of(turn) for turn in record.tree.path()]
    return "\n".join(parts) + "\n"


def _about(record: ChatRecord) -> str:
    words = " · ".join(part for part in (day_words(record.created), record.model) if part)
    return f'<p class="about">{html.escape(words)}</p>' if words else ""


def _of(turn: Turn) -> str:
    attached = "".join(
        f"<details><summary>{html.escape(each.name)}</summary>"
        f"<pre><code>{html.escape(each.text)}</code></pre></details>\n"
        for each in turn.attachments
    )
    if turn.role == "user":
        return _turn("user", "You", f'{attached}<div class="said">{html.escape(turn.text)}</div>')
    thinking = ""
    if turn.thinking:
        inside = parser().render(turn.thinking)
        thinking = f'<details class="thinking"><summary>Thinking</summary>{inside}</details>\n'
    return _turn("assistant", turn.model or "Model", thinking + parser().render(turn.text))


def _turn(kind: str, who: str, inside: str) -> str:
    name = f'<p class="who">{html.escape(who)}</p>'
    return f'<div class="turn {kind}">{name}\n{inside}</div>'


@cache
def parser() -> MarkdownIt:
    """Markdown as answers have it. HTML and pictures are text."""
    from mdit_py_plugins.amsmath import amsmath_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.disable(["html_block", "html_inline", "image"])
    made.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False,
             double_inline=True)  # fmt: skip
    made.use(amsmath_plugin)
    made.inline.ruler.before("escape", "math_brackets", _brackets)
    marks = {"math_inline": "$", "math_inline_double": "$$", "math_block": "$$", "amsmath": ""}
    for kind, mark in {**marks, "math_brackets": ""}.items():
        made.add_render_rule(kind, _as_written(mark))
    made.validateLink = lambda url: bool(_SAFE.match(url.strip()))  # type: ignore[method-assign]
    return made


def _as_written(mark: str) -> Any:
    def render(self: Any, tokens: Any, i: int, options: Any, env: Any) -> str:
        text = html.escape(f"{mark}{tokens[i].content.strip()}{mark}")
        return f"<div>{text}</div>\n" if tokens[i].block else f"<span>{text}</span>"

    return render


def _brackets(state: StateInline, silent: bool) -> bool:
    r"""\(…\) and \[…\], which Markdown would take for escaped brackets."""
    opening = state.src[state.pos : state.pos + 2]
    closing = {r"\(": r"\)", r"\[": r"\]"}.get(opening)
    if closing is None:
        return False
    last = min(state.posMax, state.pos + LONGEST_FORMULA)
    end = state.src.find(closing, state.pos + 2, last)
    if end < 0:
        return False
    if not silent:
        state.push("math_brackets", "", 0).content = state.src[state.pos : end + 2]
    state.pos = end + 2
    return True
