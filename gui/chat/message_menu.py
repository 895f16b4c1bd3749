"""What can be done with a message or with what is selected in it, as a menu."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from engine.base.conversation import Turn
from gui.language import tr
from gui.prose.links import show_link, shown
from gui.prose.rich_text import RichText
from gui.widgets.menus import round_menu, unmarked

MOST_LINKS = 20  # of a message in its menu


def show_menu(
    parent: QWidget,
    spot: QPoint,
    turn: Turn,
    text: RichText,
    quote: Callable[[str], object],
    delete: Callable[[], object] | None,
    look: Callable[[], object] | None = None,
) -> None:
    """At a place of the screen. `delete`: None while an answer is being written; `look`: at what
    else could have stood there, for a model's words."""
    menu = round_menu(parent)
    menu.setAccessibleName(tr("Message"))
    chosen = text.selecting.whole()
    if chosen:
        menu.addAction(tr("Copy what is selected"), text.selecting.copy)
        menu.addAction(tr("Quote it in the next message"), lambda: quote(chosen))
    else:
        menu.addAction(tr("Quote it in the next message"), lambda: quote(turn.text))
    menu.addAction(tr("Select all of it"), text.selecting.select_all)
    menu.addSeparator()
    menu.addAction(tr("Copy as Markdown"), lambda: _copy(turn.text))
    menu.addAction(tr("Copy as plain text"), lambda: _copy(text.plain()))
    _add_links(menu, parent, text.links())
    menu.addSeparator()
    if look is not None:
        menu.addAction(tr("Look at its words\tAlt+Click"), look)
    action = menu.addAction(tr("Delete this message"), lambda: delete and delete())
    action.setEnabled(delete is not None)
    menu.popup(spot)


def _add_links(menu: QMenu, parent: QWidget, links: Sequence[str]) -> None:
    """For who has no pointer: the same as a click on one."""
    if links:
        inner = menu.addMenu(tr("Links"))
        for address in links[:MOST_LINKS]:
            follow = partial(show_link, parent, QUrl(address))
            inner.addAction(unmarked(shown(address)), follow)


def _copy(words: str) -> None:
    QGuiApplication.clipboard().setText(words)


def quoted(words: str) -> str:
    """As a quotation that an answer can be written below."""
    lines = words.strip().split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"
