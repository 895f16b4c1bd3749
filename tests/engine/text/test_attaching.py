"""Files become attachments in the helper process; whatever they do, it is a sentence at most."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.documents import docx, epub, paragraph, pdf, row, xlsx
from helpers.open_tiny import drive
from helpers.patience import WAIT

from engine.api import Engine, Paths
from engine.base.attachments import Attachment
from engine.base.errors import ChaskiError
from engine.text import apart, attaching
from engine.text.allowance import Allowance


@pytest.fixture(autouse=True)
def _no_helper_stays() -> Iterator[None]:
    yield
    apart.close()


def attached(path: Path) -> Attachment:
    found = drive(attaching.attaching(path))
    assert isinstance(found, Attachment)
    return found


def test_each_kind_of_file_comes_with_its_name_and_its_parts(tmp_path: Path) -> None:
    files = {
        "notes.md": ("# Plan", b"# Plan", "markdown", 0),
        "main.py": ("print(1)", b"print(1)", "code", 0),
        "a.pdf": ("## Page 1\n\nwords", pdf(["words"]), "pdf", 1),
        "a.docx": ("words", docx(paragraph("words")), "word", 0),
        "a.epub": ("# A book\n\nwords", epub(["words"]), "book", 1),
        "a.xlsx": ("## Sheet: S\n\nwords", xlsx({"S": row("words")}), "sheets", 1),
    }
    for name, (text, raw, kind, parts) in files.items():
        path = tmp_path / name
        path.write_bytes(raw)
        assert attached(path) == Attachment(name, text, kind, parts, len(raw))
    assert len(apart._idle) == 1  # one helper served them all


def test_a_bad_file_is_one_sentence_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "scan.pdf").write_bytes(pdf(["", ""]))
    with pytest.raises(ChaskiError, match=r"^empty\.txt cannot be attached: it is empty$"):
        attached(tmp_path / "empty.txt")
    with pytest.raises(ChaskiError, match=r"^scan\.pdf cannot be attached: there is no text"):
        attached(tmp_path / "scan.pdf")
    with pytest.raises(ChaskiError, match="cannot be read"):
        attached(tmp_path / "missing.txt")
    with pytest.raises(ChaskiError, match="cannot be read|no ordinary file"):
        attached(tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.write(b"words " * 100)
        file.truncate(17 << 20)
    with pytest.raises(ChaskiError, match=r"more than the 16\.8 MB that are read|are there"):
        attached(path)


def test_a_file_that_takes_too_much_ends_the_helper_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bomb.docx").write_bytes(docx("<w:p/>" * (8 << 20)))  # 48 MB of XML
    (tmp_path / "good.txt").write_text("good")
    monkeypatch.setattr(
        attaching, "for_document", lambda n: Allowance(1.0, 32 << 20, 1 << 20, 1 << 20, 0)
    )
    with pytest.raises(ChaskiError, match=r"^bomb\.docx cannot be attached: .*(stopped|unpacks)"):
        attached(tmp_path / "bomb.docx")
    assert attached(tmp_path / "good.txt").text == "good"


def test_a_reader_that_fails_by_itself_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("words")

    def failing(*_: object) -> object:
        raise attaching.FailedError("IndexError: list index out of range")
        yield

    monkeypatch.setattr(attaching, "asking", failing)
    with pytest.raises(ChaskiError, match=r"a\.txt cannot be attached: it cannot be read \(Index"):
        attached(tmp_path / "a.txt")


def test_the_engine_reads_in_the_lane_of_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("words", encoding="utf-8")
    with Engine(Paths.under(tmp_path / "home")) as engine:
        assert engine.attach(path).wait(WAIT) == Attachment("notes.txt", "words", "text", 0, 5)
        with pytest.raises(ChaskiError, match="cannot be read"):
            engine.attach(tmp_path / "no.txt").wait(WAIT)
