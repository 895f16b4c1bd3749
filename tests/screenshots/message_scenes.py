"""Scenes inside the transcript: all that Markdown has, other scripts, questions that wait, what a
pointer finds."""

from collections.abc import Callable
from typing import Any

from scenes import in_dark, named

MARKDOWN = """# Three ways to sort

Some *italic*, ***bold italic*** and **bold** words, ~~struck~~, H<sub>2</sub>O, x<sup>2</sup>, and
https://pandas.pydata.org, with `code` between them.

## By key

1. Fast and *readable*
   - even for long lists
   - without a copy
2. By pairs, where $O(n \\log n)$ is enough

- [x] done
- [ ] to do

| Way | Time | Memory |
| :-- | --: | :-: |
| `sort` | 12 ms | 0 |
| `sorted` | 140 ms | one<br>copy |

> A quotation
>
> > and one within it

---

| a long heading one | a long heading two | a long heading three | four | five | six | seven |
| --- | --- | --- | --- | --- | --- | --- |
| words that are many and long enough | more words | and again more | 1 | 2 | 3 | on and on |

```rust
let n: u32 = 42; // a comment that goes on and on, so that no column is as wide as this line
```
"""
ITEMS = "- عنصر\n- `code`\n\n> اقتباس"
ARABIC = "مرحبا بالعالم، هذا نص طويل بما يكفي ليمتد على أكثر من سطر واحد.\n\n" + ITEMS
JAPANESE = "これは長い文章です。改行は文字の間で起こります。「括弧」も正しく扱われます。" * 3


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(studio, markdown, scripts, waiting)


def markdown(studio: Any, name: str) -> None:
    studio.reopen("Three ways to sort", [MARKDOWN])
    bar = studio.window.chat.transcript.verticalScrollBar()
    for part in ("top", "end"):
        bar.setValue(0 if part == "top" else bar.maximum())
        studio.shoot(f"{name}-{part}")
    in_dark(studio, f"{name}-end")


def scripts(studio: Any, name: str) -> None:
    """Arabic begins at the right; Japanese breaks between letters. The last answer is selected."""
    studio.reopen("俳句", [ARABIC, JAPANESE])
    studio.window.chat.transcript.last_answer().text.selecting.select_all()
    studio.shoot(name)


def waiting(studio: Any, name: str) -> None:
    studio.reopen("Four walks", ["Along the river."])
    studio.engine.script.text, studio.engine.script.wait_at_end = "Up the hill, and then", True
    talk = studio.window.chat.talk
    talk.send("Where does the path go?")
    studio.wait(lambda: bool(talk.record.tree.path()[-1].text))
    for question in ("And what of the other one, on the far side?", "How long does it take?"):
        studio.window.chat.composer.edit.setPlainText(question)
        studio.window.chat.composer._act_send()
    studio.shoot(name)
    for asked in list(talk.queue):
        talk.unqueue(asked)
    studio.finish_reply()
