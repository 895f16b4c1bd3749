"""Chats as files: what a reader sees is there, and nothing in them acts or is fetched."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from engine.base.attachments import Attachment
from engine.base.conversation import ChatRecord
from engine.base.errors import UsageError
from engine.library.chats_texts import FORMS, as_file

EVIL = "<script>alert(1)</script> <img src=x onerror=alert(1)> ![p](http://evil.example/p.png)"
ANSWER = r"""# Foxes

A *small* **red** `animal` of [the woods](https://example.org) and [bad](javascript:alert(1)).

- one
- two
  1. deep

| a | b |
|---|---|
| 1 | 2 |

```python
print("a < b")
```

Mass: \(E = m_1 * c_2 * d\) and $a_i * b_i$ costs $5, and

$$
\sum_i x_i * y_i
$$

> quoted
"""


def record() -> ChatRecord:
    found = ChatRecord(title="Foxes & <wolves>", model="tiny", system="Be <brief>.", created=1.7e9)
    question = found.tree.add("user", f"What is a fox?\n{EVIL}", None)
    question.attachments = (Attachment("notes <1>.txt", "inside </pre><script>x</script>"),)
    answer = found.tree.add("assistant", f"{ANSWER}\n{EVIL}\n\x07bell", question.id)
    answer.thinking, answer.model = "Hm, <b>this</b>.", "tiny"
    return found


def test_a_page_has_all_and_does_nothing() -> None:
    page = as_file(record(), "html").decode()
    for part in ("<strong>red</strong>", "<code>animal</code>", "<td>1</td>", "<li>one</li>"):
        assert part in page
    for part in (
        "&lt;script&gt;",
        "Foxes &amp; &lt;wolves&gt;",
        "Be &lt;brief&gt;.",
        "notes &lt;1",
    ):
        assert part in page
    for formula in (r"\(E = m_1 * c_2 * d\)", "$a_i * b_i$", r"\sum_i x_i * y_i"):
        assert formula in page, "formulas stand as they were written"
    assert "costs $5" in page
    tags = set(re.findall(r"<([a-z0-9]+)", page))
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "base"}
    assert not re.findall(r"<[^>]*\son[a-z]+=", page)
    links = re.findall(r'href="([^"]*)"', page)  # followed only when somebody clicks
    assert links == ["https://example.org", "http://evil.example/p.png"]
    assert "default-src 'none'" in page


def test_markdown_has_what_was_said() -> None:
    text = as_file(record(), "md").decode()
    for part in ("# Foxes & <wolves>", "Be <brief>.", ANSWER.strip(), "notes <1>.txt"):
        assert part in text


def test_a_document_of_word_is_sound() -> None:
    archive = zipfile.ZipFile(io.BytesIO(as_file(record(), "docx")))
    assert archive.testzip() is None
    for name in archive.namelist():
        ElementTree.fromstring(archive.read(name))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    document = ElementTree.fromstring(archive.read("word/document.xml"))
    styles = ElementTree.fromstring(archive.read("word/styles.xml"))
    known = {style.get(f"{space}styleId") for style in styles.iter(f"{space}style")}
    used = {style.get(f"{space}val") for style in document.iter(f"{space}pStyle")}
    assert used <= known
    lines = ["".join(t.text or "" for t in p.iter(f"{space}t")) for p in document.iter(f"{space}p")]
    for line in (
        "Foxes & <wolves>",
        "•  one",
        "1. deep",
        'print("a < b")',
        "tiny",
        "Hm, <b>this</b>.",
    ):
        assert line in lines
    assert any(r"$a_i * b_i$ costs $5" in line for line in lines)
    (table,) = document.iter(f"{space}tbl")
    assert len(list(table.iter(f"{space}tc"))) == 4
    bold = [r for r in document.iter(f"{space}r") if r.find(f"{space}rPr/{space}b") is not None]
    assert [t.text for r in bold for t in r.iter(f"{space}t")] == ["red"]


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_chat_becomes_a_file(form: str) -> None:
    assert as_file(ChatRecord(), form)
    odd = ChatRecord(title="half \ud83d", created=1.7e9)
    odd.tree.add("assistant", "half \ud83d\x00", None)
    assert as_file(odd, form)


def test_a_form_that_is_not_known() -> None:
    with pytest.raises(UsageError, match="md, html, docx, json"):
        as_file(ChatRecord(), "pdf")
