"""Scenes of every day: a later start, searching, what the list and notices tell, closing."""

from collections.abc import Callable
from typing import Any

from scenes import in_both, in_dark, in_sizes, named

WALK = "The river bends here, and the path along it is narrow and full of roots. " * 8


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(
        studio,
        daily_start,
        daily_start_dark,
        search,
        find,
        deleted,
        marks_and_notice,
        closing,
        folders,
        many_chats,
        titles,
        popups,
        palette,
        keys,
        chat_menu,
    )


def daily_start(studio: Any, name: str) -> None:
    """The hundredth start, also in a small window, with a long name."""
    from dataclasses import replace

    from gui.chat.book import ChatRecord

    long = "stories260K (function-equivalent, widened to 256, for pictures of long names)"
    desk, chat = studio.shell.desk, studio.window.chat
    for called, size in (("Qwen3 4B", (1280, 800)), (long, (900, 600))):
        desk.opened.all, desk.listed.is_read = [], False
        desk.preferences = replace(desk.preferences, model="/m.gguf", model_name=called)
        studio.window.resize(*size)
        studio.window.show_view("chats")
        chat.show_record(ChatRecord(), None)
        studio.shoot(name if called != long else f"{name}-narrow")
    studio.window.resize(1280, 800)
    desk.preferences = replace(desk.preferences, model="", model_name="")
    chat.show_record(ChatRecord(), None)


def daily_start_dark(studio: Any, name: str) -> None:
    studio.shell.theme.choose("dark")
    daily_start(studio, name)
    studio.shell.theme.choose("light")


def search(studio: Any, name: str) -> None:
    studio.reopen("Four walks", [WALK, WALK, "By the zebra crossing.", WALK, WALK])
    chats = studio.window.chat.list
    chats.search.setText("zebra")
    chats._view.clicked.emit(chats._model.index_of(studio.window.chat.talk.record.id))
    studio.shoot(name)
    studio.shell.theme.choose("dark")
    studio.shoot(f"{name}-dark")
    studio.shell.theme.choose("light")
    chats.search.clear()


def find(studio: Any, name: str) -> None:
    """The bar over the chat, and the place that is pointed at; in a small window and dark, too."""
    studio.reopen("Four walks", [WALK, WALK, "By the zebra crossing.", WALK, WALK])
    bar = studio.window.chat.find_bar
    for called, size in ((name, (1280, 800)), (f"{name}-narrow", (900, 600))):
        studio.window.resize(*size)
        bar.begin()
        bar.field.setText("river")
        bar.step(1)
        bar.step(1)
        studio.shoot(called)
    studio.shell.theme.choose("dark")
    studio.shoot(f"{name}-dark")
    studio.shell.theme.choose("light")
    bar.leave()
    studio.window.resize(1280, 800)


def deleted(studio: Any, name: str) -> None:
    """What can be brought back, and for how long."""
    from datetime import datetime

    from gui.chat.book import TrashedRow
    from gui.chat.trash_sheet import TrashSheet

    rows = [
        TrashedRow(1, "Four walks", 4, datetime.now(), 30),
        TrashedRow(
            2, "A very long title of a chat about many things and more", 1, datetime.now(), 1
        ),
    ]
    sheet = TrashSheet(studio.window, studio.shell.book)
    sheet.show_rows(rows)
    sheet.open()
    studio.shoot_part(sheet, name)
    sheet.close()


def marks_and_notice(studio: Any, name: str) -> None:
    from gui.chat.book import UNSEEN, WRITING

    studio.fill_list()
    studio.reopen("Four walks", [WALK, WALK])
    rows = studio.shell.book.rows()
    studio.shell.book.mark(rows[1].id, WRITING)
    studio.shell.book.mark(rows[2].id, UNSEEN)
    studio.window.toast.say("“Recipe for twelve people” was deleted", lambda: None)
    view = studio.window.chat.transcript
    view.verticalScrollBar().setValue(0)
    view.setFocus()
    studio.shoot(name)
    studio.window.resize(900, 600)
    studio.shoot(f"{name}-narrow")
    studio.window.resize(1280, 800)
    studio.window.toast.hide()
    for row in rows:
        studio.shell.book.mark(row.id, "")


def folders(studio: Any, name: str) -> None:
    """Pinned chats, folders, one that is closed, an empty one, a long name; the list's menu, and a
    folder that is being named."""
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QLineEdit

    studio.fill_list()
    studio.reopen("Four walks", [WALK, WALK])
    book = studio.shell.book
    rows = book.rows()
    book.arrange(rows[1].id, pinned=True)
    for row in rows[2:4]:
        book.arrange(row.id, folder="Letters and forms of the house in the Rue des Écoles")
    book.arrange(rows[4].id, folder="Cooking")
    book.make_folder("Ideas")
    in_both(studio, name)
    chat = studio.window.chat
    view = chat.list._view
    chat.deeds._show_for_list(view.mapToGlobal(QPoint(80, 420)))
    studio.wait(lambda: studio.app.activePopupWidget() is not None)
    menu = studio.app.activePopupWidget()
    studio.shoot_part(menu, f"{name}-menu")
    menu.close()
    chat.deeds._new_folder()
    studio.window.resize(900, 600)
    studio.shoot(f"{name}-named")
    studio.window.resize(1280, 800)
    view.itemDelegate().closeEditor.emit(view.findChild(QLineEdit))
    for row in rows[1:5]:
        book.arrange(row.id, pinned=False, folder="")
    for folder in book.folders():
        book.rename_folder(folder, "")


def many_chats(studio: Any, name: str) -> None:
    """Sixty-three of them; the list drawn wide, narrow, and put away."""
    from datetime import datetime, timedelta

    from gui.chat.book import ChatRow

    studio.reopen("Four walks", [WALK, WALK])
    book, now, chats = studio.shell.book, datetime.now(), studio.window.chat.list
    for i in range(63):
        when = now - timedelta(days=i * i / 9)
        title = f"Walk {i} " + "along the river and back over the hill " * (i % 3)
        book._rows[1000 + i] = ChatRow(1000 + i, title.strip(), "Qwen3 4B", 8, when)
    book.changed.emit()
    for wide in (360, 200):
        chats.set_wide(wide)
        studio.shoot(f"{name}-{wide}")
    chats.set_wide(264)
    studio.window.chat.toggle_list()
    studio.shoot(f"{name}-away")
    studio.window.chat.toggle_list()
    for i in range(63):
        del book._rows[1000 + i]
    book.changed.emit()


def titles(studio: Any, name: str) -> None:
    """Changed in the header, and in the list."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QLineEdit

    studio.fill_list()
    studio.reopen("Four walks", [WALK, WALK])
    studio.window.chat.header.rename()
    studio.shoot(name)
    studio.window.chat.header.leave()
    studio.window.chat.list.rename(studio.shell.book.rows()[1].id)
    studio.shoot(f"{name}-list")
    QTest.keyClick(studio.window.chat.list._view.findChild(QLineEdit), Qt.Key.Key_Escape)


def popups(studio: Any, name: str) -> None:
    """A tip, an open list, a menu of the composer: one look."""
    from PySide6.QtCore import QEvent, QPoint
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QMenu

    studio.ready()
    for look in ("light", "dark"):
        studio.shell.theme.choose(look)
        pill, spot = studio.window.chat.header.pill, QPoint(5, 5)
        event = QHelpEvent(QEvent.Type.ToolTip, spot, pill.mapToGlobal(spot))
        QApplication.sendEvent(pill, event)
        QTest.qWait(200)
        for tip in QApplication.topLevelWidgets():
            if tip.inherits("QTipLabel"):
                tip.grab().save(str(studio.folder / f"{name}-{look}-tip.png"))
        composer = studio.window.chat.composer
        composer.thinking.click()
        for menu in composer.findChildren(QMenu):
            studio.shoot_part(menu, f"{name}-{look}-menu")
            menu.close()
        studio.window.show_view("settings")
        box = studio.window.view("settings").theme
        box.showPopup()
        studio.shoot_part(box.view().window(), f"{name}-{look}-list")
        box.hidePopup()
        studio.window.show_view("chats")
    studio.shell.theme.choose("light")


def palette(studio: Any, name: str) -> None:
    """Ctrl+K: all, a few letters, nothing."""
    from make import known_models

    studio.fill_list()
    studio.ready()
    studio.shell.desk.known = known_models()
    for called, letters in ((name, ""), (f"{name}-letters", "the"), (f"{name}-nothing", "zzq")):
        studio.window.show_palette()
        studio.window.palette_card.field.setText(letters)
        studio.shoot(called)
    studio.window.palette_card.field.setText("model")
    in_dark(studio, name)
    in_sizes(studio, **{f"{name}-narrow": (900, 600)})
    studio.window.palette_card.shut()


def keys(studio: Any, name: str) -> None:
    """The manual at the list of keys, at a page, and where something is sought."""
    from gui.manual.manual import Manual

    studio.window.show_keys()
    (manual,) = studio.window.findChildren(Manual)
    studio.shoot_part(manual, name)
    for page in ("start", "quantization"):
        manual.show_page(page)
        for theme in ("light", "dark"):
            studio.shell.theme.choose(theme)
            studio.shoot_part(manual, f"{name}-{page}" + ("-dark" if theme == "dark" else ""))
    studio.shell.theme.choose("light")
    manual.search.setText("token")
    studio.shoot_part(manual, f"{name}-search")
    manual.search.clear()
    manual.reject()


def chat_menu(studio: Any, name: str) -> None:
    """What can be done with a chat; which models there are."""
    from helpers.fake_engine import REPORT
    from make import known_models
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QMenu

    studio.fill_list()
    studio.reopen("Four walks", [WALK, WALK])
    studio.shell.desk.known = known_models()
    studio.shell.desk.set_hardware(REPORT)
    header = studio.window.chat.header
    header.menu_wanted.emit()
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    for menu in header.findChildren(QMenu, options=direct):
        studio.shoot_part(menu, name)
        menu.close()
    header.show_menu()
    studio.shoot(f"{name}-models")
    in_dark(studio, f"{name}-models")
    in_sizes(studio, **{f"{name}-models-narrow": (900, 600)})
    header._picker.shut()


def closing(studio: Any, name: str) -> None:
    from gui.closing import Closing, ask_to_close

    ask_to_close(studio.window, 2, lambda: None, lambda: None)
    sheet = studio.window.findChild(Closing)
    studio.shoot_part(sheet, name)
    sheet.reject()
