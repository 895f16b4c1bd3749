"""The window with the real engine: attach, see what it costs, ask, find it again."""

from contextlib import closing
from pathlib import Path

import pytest
from helpers.documents import docx, paragraph, pdf
from helpers.patience import WAIT_MS
from helpers.talkers import write_talker
from PySide6.QtCore import QMimeData, Qt, QUrl
from pytestqt.qtbot import QtBot

from engine.api import GenerationParams
from engine.base.attachments import Attachment, to_json
from engine.library import ChatStore
from gui.app import Shell
from gui.chat.inline_edit import InlineEdit
from gui.main_window import MainWindow
from gui.named import Named
from gui.widgets.file_chip import FileChip


@pytest.fixture
def window(shell: Shell, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    path = write_talker(tmp_path / "tiny.gguf")
    made = shell.open_window()
    shell.read()
    with qtbot.waitSignal(shell.desk.loaded, timeout=WAIT_MS):
        made.open_path(str(path))
    made.chat.talk.record.generation = GenerationParams(max_tokens=6, ignore_eos=True)
    return made


def files(folder: Path, **contents: bytes) -> list[str]:
    for name, raw in contents.items():
        (folder / name).write_bytes(raw)
    return [str(folder / name) for name in contents]


def ready(qtbot: QtBot, window: MainWindow, n: int) -> None:
    attaching = window.chat.attaching
    qtbot.waitUntil(
        lambda: (
            len(attaching._held) == n
            and all(h.is_counted for h in attaching._held)
            and not attaching.reading
        ),
        timeout=WAIT_MS,
    )


def send(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.chat.composer.edit.setPlainText(text)
    window.chat.composer._act_send()
    qtbot.waitUntil(lambda: bool(window.chat.talk.record.tree.path()), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not window.chat.talk.busy, timeout=WAIT_MS)


def test_files_are_counted_before_they_are_sent_and_kept_with_the_chat(
    window: MainWindow, shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    chat, talk = window.chat, window.chat.talk
    made = {"a.pdf": pdf(["the fox"]), "b.docx": docx(paragraph("the river runs"))}
    window._take_dropped(*files(tmp_path, **made))
    ready(qtbot, window, 2)
    chips = chat.composer.attached.chips
    assert [chip.name for chip in chips] == ["a.pdf", "b.docx"]
    model = shell.desk.engine.model(talk.model.id)
    pdf_told = Attachment("a.pdf", "## Page 1\n\nthe fox").told
    n = len(model.tokenizer.encode(pdf_told, add_special=False))
    assert chips[0].detail == f"{n} tokens"
    assert chat.composer.attached.cost.startswith(f"{chat.attaching.tokens:,} tokens")
    assert "PDF · 1 page" in chips[0].toolTip()

    send(qtbot, window, "where is it")
    question, answer = talk.record.tree.path()
    assert [a.name for a in question.attachments] == ["a.pdf", "b.docx"]
    assert question.text == "where is it", "the file is no wall of text in the transcript"
    assert answer.text
    assert chat.composer.attached.chips == []
    rows = chat.transcript.findChildren(FileChip)
    assert [chip.name for chip in rows] == ["a.pdf", "b.docx"]
    read = talk._chat._session.messages[0]
    assert read.attachments == question.attachments
    fill = talk.context_fill[0]
    assert fill > chat.attaching.tokens + n

    # The next question reads only what is new, and the files are there after a new start.
    reads: list[int] = []
    talk.prompt.connect(lambda event: reads.append(event.reused))
    send(qtbot, window, "and now")
    assert max(reads) > n
    number = talk.record.id
    with closing(ChatStore(shell.desk.engine.paths)) as store:
        qtbot.waitUntil(lambda: len(store.turns(number)) == 4, timeout=WAIT_MS)
        assert store.read(number).tree.path()[0].attachments == question.attachments


def test_a_question_that_is_edited_keeps_what_is_attached(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    talk = window.chat.talk
    window._take_dropped(*files(tmp_path, **{"a.txt": b"the fox"}))
    ready(qtbot, window, 1)
    send(qtbot, window, "")
    question = talk.record.tree.path()[0]
    assert talk.record.title == "a.txt", "a file may be all that is asked"
    talk.edit(question, "and the river")
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    assert talk.record.tree.path()[0].text == "and the river"
    assert talk.record.tree.path()[0].attachments == question.attachments


def test_what_goes_with_a_question_is_changed_while_it_is_edited(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    chat, talk = window.chat, window.chat.talk
    window._take_dropped(*files(tmp_path, **{"a.txt": b"the fox", "b.txt": b"the hen"}))
    ready(qtbot, window, 2)
    send(qtbot, window, "who")
    question = talk.record.tree.path()[0]
    chat.transcript.edit(question)
    (box,) = chat.transcript.findChildren(InlineEdit)
    assert [chip.name for chip in box.files.row.chips] == ["a.txt", "b.txt"]
    box.files.row.chips[0].cross.click()
    pasted = QMimeData()
    pasted.setUrls([QUrl.fromLocalFile(files(tmp_path, **{"c.md": b"the river"})[0])])
    box.edit.insertFromMimeData(pasted)
    assert not box._save.isEnabled(), "what is asked waits for its files"
    qtbot.waitUntil(box._save.isEnabled, timeout=WAIT_MS)
    box._act_save()  # its words are what they were
    qtbot.waitUntil(lambda: not talk.busy, timeout=WAIT_MS)
    again = talk.record.tree.path()[0]
    assert [(a.name, a.text) for a in again.attachments] == [
        ("b.txt", "the hen"),
        ("c.md", "the river"),
    ]
    assert [a.name for a in question.attachments] == ["a.txt", "b.txt"], "a variant keeps its own"
    assert chat.composer.attached.chips == []


def test_a_file_that_cannot_be_read_leaves_an_edited_question_as_it_is(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    chat, talk = window.chat, window.chat.talk
    send(qtbot, window, "who")
    chat.transcript.edit(talk.record.tree.path()[0])
    (box,) = chat.transcript.findChildren(InlineEdit)
    box.files.add_files(files(tmp_path, **{"e.txt": b""}))
    qtbot.waitUntil(box._save.isEnabled, timeout=WAIT_MS)
    assert box._wait.text() == "e.txt cannot be attached: it is empty."
    assert box.files.row.chips == []
    for text in ("one " * 2000, "two " * 2000):
        box.files.add_text(text)
    assert len({chip.name for chip in box.files.row.chips}) == 2, "each has a name of its own"
    box.files.add_files(files(tmp_path, **{"late.txt": b"the fox"}))
    box._cancel.click()  # while it is read
    assert len(talk.record.tree.path()) == 2
    qtbot.wait(300)


def test_a_bad_file_is_one_sentence_and_no_chip(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    told: list[str] = []
    window.chat.said.connect(told.append)
    window._take_dropped(*files(tmp_path, **{"scan.pdf": pdf(["", ""]), "e.txt": b""}))
    qtbot.waitUntil(lambda: len(told) == 2, timeout=WAIT_MS)
    assert window.chat.composer.attached.chips == []
    assert sorted(told) == [
        "e.txt cannot be attached: it is empty.",
        "scan.pdf cannot be attached: there is no text in its 2 pages, only pictures; have the "
        "text recognized (OCR) and attach the result.",
    ]


def test_a_long_paste_and_pasted_files_become_chips(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    chat = window.chat
    edit = chat.composer.edit
    data = QMimeData()
    data.setText("short")
    edit.insertFromMimeData(data)
    assert edit.toPlainText() == "short"
    data = QMimeData()
    data.setText("the fox \r\n" * 600)
    edit.insertFromMimeData(data)
    assert edit.toPlainText() == "short"
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(p) for p in files(tmp_path, **{"a.txt": b"the river"})])
    assert edit.canInsertFromMimeData(data)
    edit.insertFromMimeData(data)
    ready(qtbot, window, 2)
    assert [chip.name for chip in chat.composer.attached.chips] == ["Pasted text.txt", "a.txt"]
    assert "more than the 512" in chat.composer.attached.cost
    held = chat.attaching._held[0]
    chat.attaching._put_back(held)
    assert edit.toPlainText() == "short" + "the fox \n" * 600
    assert len(chat.composer.attached.chips) == 1


def test_what_is_not_sent_waits_with_its_chat(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    chat = window.chat
    send(qtbot, window, "hello")
    first = chat.talk.record.id
    window._take_dropped(*files(tmp_path, **{"a.txt": b"the river"}))
    ready(qtbot, window, 1)
    chat.new_chat()
    assert chat.composer.attached.isHidden()
    chat.open_chat(first)
    qtbot.waitUntil(lambda: chat.talk.record.id == first, timeout=WAIT_MS)
    assert [chip.name for chip in chat.composer.attached.chips] == ["a.txt"]
    qtbot.mouseClick(chat.composer.attached.chips[0].cross, Qt.MouseButton.LeftButton)
    assert chat.composer.attached.chips == []


def test_what_is_not_sent_is_there_in_the_next_run(
    window: MainWindow, shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    window._take_dropped(*files(tmp_path, **{"a.txt": b"the river"}))
    ready(qtbot, window, 1)
    there = shell.desk.engine.paths.window_file.with_name("attached.json")
    qtbot.waitUntil(lambda: there.is_file() and "the river" in there.read_text(), timeout=WAIT_MS)
    kept = Named(there, shell.desk.attached._sound, to_json, lambda work: work())
    assert kept.all == {"0": (Attachment("a.txt", "the river", "text", 0, 9),)}
    second = shell.open_window()
    assert second.chat.composer.attached.chips == [], "the first window shows them"
    attaching = window.chat.attaching
    attaching.leave()
    attaching._kept.clear()
    attaching.enter()  # as the next run does
    assert [chip.name for chip in window.chat.composer.attached.chips] == ["a.txt"]
    send(qtbot, window, "where is it")
    qtbot.waitUntil(lambda: "the river" not in there.read_text(), timeout=WAIT_MS)


def test_what_waits_with_a_chat_goes_with_it_and_comes_back_with_it(
    window: MainWindow, shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    chat, undo = window.chat, []
    chat.undoable.connect(lambda words, act: undo.append(act))
    send(qtbot, window, "hello")
    number = chat.talk.record.id
    window._take_dropped(*files(tmp_path, **{"a.txt": b"the river"}))
    ready(qtbot, window, 1)
    assert str(number) in shell.desk.attached.all
    chat.delete(number)
    assert shell.desk.attached.all == {}, "nothing of a deleted chat stays on the disk"
    undo[-1]()
    qtbot.waitUntil(lambda: chat.talk.record.id == number, timeout=WAIT_MS)
    assert [chip.name for chip in chat.composer.attached.chips] == ["a.txt"]
    assert str(number) in shell.desk.attached.all


def test_the_seconds_to_read_are_told_by_what_was_measured(
    window: MainWindow, qtbot: QtBot
) -> None:
    chat, talk = window.chat, window.chat.talk
    send(qtbot, window, "the fox and the river " * 12)
    assert talk.read_rate > 0
    chat.attaching.add_text("the hare\n" * 5)
    ready(qtbot, window, 1)
    seconds = chat.attaching._seconds(chat.attaching.tokens, 0)
    assert seconds == pytest.approx(chat.attaching.tokens / talk.read_rate)
    assert " to read" in chat.composer.attached.cost


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, of any dialog
def test_a_chip_opens_what_the_model_reads(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    from gui.chat.attachment_sheet import AttachmentSheet

    window._take_dropped(*files(tmp_path, **{"a.pdf": pdf(["the river"])}))
    ready(qtbot, window, 1)
    window.chat.composer.attached.chips[0].button.click()
    (sheet,) = window.findChildren(AttachmentSheet)
    assert sheet.text.toPlainText() == "## Page 1\n\nthe river"
    assert sheet.facts.text().startswith("PDF · 1 page · ")
    assert sheet.facts.text().endswith(" tokens")
    sheet.accept()
