"""A window over a home that cannot be written: everything works but keeping, and that is said."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths
from gui.app import Shell
from gui.chat.book import ChatRecord


def test_what_cannot_be_kept_is_said_once(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    shell = Shell(qapp, Engine(Paths.under(tmp_path / "file" / "home")))
    told: list[str] = []
    shell.desk.notice.connect(told.append)
    window = shell.open_window()
    shell.read()
    qtbot.waitUntil(lambda: bool(told))
    record = ChatRecord()
    turn = record.tree.add("user", "Hello?", None)
    shell.book.save(record)
    for _ in range(5):
        turn.text += "!"
        shell.book.save_turn(record, turn)
        qtbot.wait(20)
    shell.desk.set_preferences(shell.desk.preferences)
    qtbot.waitUntil(lambda: any("refused" in words for words in told))
    assert sum("your chats" in words for words in told) == 1
    assert not [words for words in told if "inside Chaski" in words]
    assert [row.title for row in shell.book.rows()] == ["New chat"], "it goes on in memory"
    window.close()
    shell.close()
    for part in (shell.book, shell.desk, shell.theme):
        part.deleteLater()
