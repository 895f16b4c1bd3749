"""Every kind of file that can be attached, as text; what cannot be, in one sentence each."""

import time
import zipfile
from io import BytesIO

import pytest
from helpers.documents import docx, epub, locked_pdf, paragraph, pdf, row, xlsx, zipped

from engine.attachments import archive, document
from engine.attachments.read import read_document
from engine.attachments.web import markdown_of
from engine.base.errors import ChaskiError


def text_of(name: str, raw: bytes) -> str:
    return read_document(name, raw)[1].text


def refused(name: str, raw: bytes) -> str:
    with pytest.raises(ChaskiError) as caught:
        read_document(name, raw)
    return str(caught.value)


# Text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "naïve 漢字 🐎\nsecond"),
        ("utf-8-sig", "with a mark"),
        ("utf-16", "with a mark, wide"),
        ("utf-16-le", "Wide, and no mark says so."),
        ("utf-16-be", "Wide, and no mark says so."),
        ("utf-32", "very wide"),
        ("cp1252", "Der Käufer trägt die Kosten für Öl und Straßen, sagt Müller. " * 3),
        ("shift_jis", "これは日本語の文章です。今日は天気がいいですね。散歩に行きましょう。" * 3),
        ("koi8-r", "Привет, как дела? Сегодня хорошая погода, пойдем гулять. " * 3),
        ("gb18030", "你好，今天天气很好，我们去散步吧。这是一个测试文件。" * 3),
    ],
)
def test_text_is_read_in_whatever_encoding_it_has(encoding: str, text: str) -> None:
    assert text_of("notes.txt", text.encode(encoding)) == text


def test_ends_of_lines_are_all_the_same() -> None:
    assert text_of("a.csv", b"a,b\r\n1,2\r3,4\n") == "a,b\n1,2\n3,4\n"


def test_a_log_with_colours_is_text() -> None:
    assert "\x1b[31merror" in text_of("a.log", b"fine\n" * 50 + b"\x1b[31merror\x1b[0m\n")


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "it is a picture"),
        (b"GGUF" + bytes(200), "it is a model"),
        (bytes(range(256)) * 40, "it is no text"),
        (b"\x7fELF\x02\x01\x01" + bytes(300), "it is a program"),
        (zipped({"a": "b"}), "it is an archive"),
        (b"", "it is empty"),
        (b" \n\n ", "it is empty"),
    ],
)
def test_what_is_no_text_is_said_in_a_sentence(raw: bytes, what: str) -> None:
    assert refused("file.txt", raw).startswith(what)


def test_a_text_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.attachments.read.MOST_LETTERS", 100)
    assert "longer than" in refused("a.txt", b"word " * 50)


# Web pages


def test_a_web_page_keeps_its_headings_lists_tables_and_code() -> None:
    page = b"""<!doctype html><html><head><title>Tea &amp; time</title><style>p{}</style></head>
    <body><script>alert(1)</script><h1>Tea</h1><p>Boil <b>water</b>
    first.<br>Then wait.</p><ol><li>Pour<ul><li>slowly</li></ul></li><li>Drink</li></ol>
    <pre>a  b
      c</pre><blockquote><p>Good</p></blockquote>
    <table><tr><th>Kind</th><th>Minutes</th></tr><tr><td>Green</td><td></td></tr></table>
    <p>See <a href="https://example.org/long">the list</a>, <code>x</code>.</body></html>"""
    assert text_of("tea.html", page) == (
        "Tea & time\n\n# Tea\n\nBoil water first.\nThen wait.\n\n1. Pour\n  - slowly\n2. Drink\n\n"
        "```\na  b\n      c\n```\n\n> Good\n\n| Kind | Minutes |\n| --- | --- |\n| Green |  |\n\n"
        "See the list, `x`."
    )


def test_a_web_page_says_which_encoding_it_has() -> None:
    page = '<meta charset="windows-1251"><p>Чай</p>'.encode("cp1251")
    assert text_of("a.htm", page) == "Чай"
    assert text_of("a.htm", b'<meta charset="hex"><p>tea</p>') == "tea"


def test_a_broken_web_page_is_read_as_far_as_it_goes() -> None:
    assert text_of("a.html", b"<p>one<div><li>two</ul></table><td>three</tr><b>four") == (
        "one\n\n- two\n\n| three |\n| --- |\nfour"
    )


# PDF


def test_a_pdf_is_read_page_by_page() -> None:
    kind, found = read_document("a.pdf", pdf(["First line\nSecond line", "", "Third page"]))
    assert (kind.name, found.parts) == ("pdf", 3)
    assert found.text == (
        "## Page 1\n\nFirst line\nSecond line\n\n## Page 2\n\n(no text on this page)\n\n"
        "## Page 3\n\nThird page"
    )


def test_a_pdf_is_known_by_what_it_is() -> None:
    assert "hidden" in text_of("download.txt", pdf(["hidden"]))


def test_a_scanned_a_locked_and_a_broken_pdf_are_told_apart() -> None:
    assert refused("a.pdf", pdf(["", ""])).startswith("there is no text in its 2 pages, only pict")
    assert refused("a.pdf", pdf([""])).startswith("there is no text in its 1 page, only pictures")
    assert "password" in refused("a.pdf", locked_pdf())
    assert "damaged" in refused("a.pdf", b"%PDF-1.7 and nothing more")


# Office


def test_a_word_document_becomes_markdown() -> None:
    table = "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
    body = (
        paragraph("Plan", "berschrift1")
        + paragraph("First", listed=0)
        + paragraph("deeper", listed=1)
        + "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r>"
        '<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:footnoteReference w:id="2"/></w:p>'
        + table.format(paragraph("a"), paragraph("b") + paragraph("c"), paragraph("d"))
    )
    note = "<w:p><w:r><w:t>A note.</w:t></w:r></w:p>"
    notes = f'<w:notes xmlns:w="x"><w:footnote w:id="2">{note}</w:footnote></w:notes>'
    assert text_of("a.docx", docx(body, **{"word/footnotes.xml": notes})) == (
        "# Plan\n\n- First\n  - deeper\n\none\ttwo\nthree[^2]\n\n| a | b c |\n| --- | --- |\n"
        "| d |\n\n[^2]: A note."
    )


def test_what_older_programs_would_show_instead_is_not_told_twice() -> None:
    both = f"<Choice>{paragraph('box')}</Choice><Fallback>{paragraph('box')}</Fallback>"
    assert text_of("a.docx", docx(both)) == "box"


def test_a_book_is_read_in_its_order() -> None:
    kind, found = read_document(
        "b.epub", epub(["<html><body><h1>One</h1><p>Dawn.</p></body></html>", "<p>Dusk.</p>"])
    )
    assert (kind.name, found.parts) == ("book", 2)
    assert found.text == "# A book\n\n# One\n\nDawn.\n\nDusk."


def test_a_book_that_is_locked_says_so_but_fonts_may_be() -> None:
    lock = '<encryption><CipherReference URI="{}"/></encryption>'
    locks = "META-INF/encryption.xml"
    assert "DRM" in refused(
        "b.epub", epub(["x"], **{locks: lock.format("OEBPS/text/ch%200.xhtml")})
    )
    assert "Dawn" in text_of("b.epub", epub(["Dawn"], **{locks: lock.format("OEBPS/font.otf")}))


def test_sheets_become_lines_of_values() -> None:
    dated = '<row><c s="1"><v>45000</v></c><c t="b"><v>1</v></c><c><v>0.1</v></c></row>'
    rows = row("Name, first", 2, 3.5) + row("é") + "<row/>" + dated
    kind, found = read_document("a.xlsx", xlsx({"Prices": rows, "Empty": "", "More": row(1e15)}))
    assert (kind.name, found.parts) == ("sheets", 2)
    assert found.text == (
        '## Sheet: Prices\n\n"Name, first",2,3.5\né\n2023-03-15,TRUE,0.1\n\n## Sheet: More\n\n1e+15'
    )


def test_a_sheet_that_cannot_be_read_costs_the_others_nothing() -> None:
    raw = xlsx({"Chart": row("lost"), "Prices": row("tea", 3)})
    with zipfile.ZipFile(BytesIO(raw)) as found:
        files = {name: found.read(name) for name in found.namelist()}
    files["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row><c t="
    assert text_of("a.xlsx", zipped(files)) == "## Sheet: Prices\n\ntea,3"
    files["xl/worksheets/sheet2.xml"] = b"<worksheet><sheetData><row><c t="
    assert "damaged" in refused("a.xlsx", zipped(files))


def test_a_document_with_a_password_is_an_old_kind_of_file() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert "password" in refused("a.docx", ole + "EncryptedPackage".encode("utf-16-le"))
    assert "before 2007" in refused("a.doc", ole)
    assert "damaged" in refused("a.xls", ole)


# Made to do harm


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_OF_ONE", 1 << 20)
    monkeypatch.setattr(archive, "MOST_BYTES", 4 << 20)
    assert "unpacks to more" in refused("a.docx", docx("<w:p/>" * (1 << 18)))
    many = zipped({"word/document.xml": "<a/>", "xl/workbook.xml": "", "big": bytes(5 << 20)})
    assert "unpacks to more" in refused("a.xlsx", zipped({"xl/workbook.xml": bytes(5 << 20)}))
    assert refused("a.docx", many) == "there is no text in it"


def test_a_name_that_is_listed_too_often_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    assert "unpacks" in refused("a.docx", zipped({f"{i}": "" for i in range(5)}))


def test_entities_are_not_entertained() -> None:
    lol = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;">]><a>&m;</a>'
    assert "damaged" in refused("a.docx", zipped({"word/document.xml": lol}))
    outside = '<!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]><a>&l;</a>'
    assert "damaged" in refused("a.docx", zipped({"word/document.xml": outside}))
    deep = "<a>" * 5000 + "</a>" * 5000
    assert "damaged" in refused("a.docx", zipped({"word/document.xml": deep}))


@pytest.mark.parametrize("name", ["a.docx", "a.epub", "a.xlsx", "a.pdf"])
def test_no_damage_is_more_than_a_sentence(name: str) -> None:
    whole = {
        "a.docx": docx(paragraph("words") * 20),
        "a.epub": epub(["<p>words"] * 3),
        "a.xlsx": xlsx({"S": row("words", 1) * 20}),
        "a.pdf": pdf(["words"] * 3),
    }[name]
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        for damaged in (whole[:at], whole[:at] + b"\xff\x00" + whole[at + 2 :]):
            try:
                text_of(name, damaged)
            except ChaskiError as error:
                assert str(error)  # noqa: PT017 (either is right)


def test_a_locked_archive_says_so() -> None:
    raw = bytearray(docx(paragraph("x")))
    with zipfile.ZipFile(BytesIO(bytes(raw))) as found:
        assert found.namelist()[0] == "word/document.xml"
    raw[6] |= 1  # flag bits of the first file, and in the list at the end
    raw[raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"PK\x01\x02")) + 8] |= 1
    assert "password" in refused("a.docx", bytes(raw))


def test_a_text_grows_no_further_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_LETTERS", 1000)
    assert "longer than" in refused("a.docx", docx(paragraph("words") * 500))


def test_a_page_of_many_pieces_is_read_in_one_go() -> None:
    """Code with colours: a tag for each word, and no end of the block."""
    begun = time.process_time()
    text = markdown_of("<pre>" + "<span>abcdefgh</span>\n" * 300_000)
    assert text.count("abcdefgh") == 300_000
    assert time.process_time() - begun < 8
