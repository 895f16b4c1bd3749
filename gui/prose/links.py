"""A link in a text that a model wrote: a click shows where it leads, a second one goes there."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QCursor, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.widgets.menus import round_menu, unmarked

OPENABLE = ("http", "https", "mailto")
LONGEST = 90  # letters of an address that a menu shows


def show_link(parent: QWidget, url: QUrl) -> None:
    """A menu at the pointer: the address, to open it, to copy it."""
    menu = round_menu(parent)
    menu.setAccessibleName(tr("Link"))
    address = url.toDisplayString()
    told = menu.addAction(unmarked(shown(address)))
    told.setEnabled(False)
    menu.addSeparator()
    if url.scheme() in OPENABLE:
        where = tr("Write a mail") if url.scheme() == "mailto" else tr("Open in the browser")
        menu.addAction(where, lambda: QDesktopServices.openUrl(url))
    menu.addAction(tr("Copy the address"), lambda: QGuiApplication.clipboard().setText(address))
    menu.popup(QCursor.pos())


def shown(address: str) -> str:
    """Short enough for a line; its beginning, which says whose it is, always is there."""
    plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in address)
    if len(plain) <= LONGEST:
        return plain
    return f"{plain[: LONGEST - 25]}…{plain[-24:]}"
