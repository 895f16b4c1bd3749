"""What the command palette offers in a window: everything that can be done, and gone to."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from gui.chat.chat_menu import Deed, Deeds
from gui.chat.kind import KIND as CHATS
from gui.chat.words import when_words
from gui.language import marked, tr
from gui.widgets.menus import native_keys
from gui.widgets.palette import Entry

if TYPE_CHECKING:
    from gui.main_window import MainWindow

MESSAGE = "message-square"
MOST_CHATS, MOST_MODELS = 2000, 300
COMMAND, CHAT, MODEL = 0.6, 0.4, 0.3  # among what fits equally well
THEMES = (
    (marked("light"), "light", "sun"),
    (marked("dark"), "dark", "moon"),
    (marked("high contrast"), "contrast", "monitor"),
    (marked("as the system"), "system", "monitor"),
)


def entries(window: "MainWindow") -> list[Entry]:
    """Commands first; then chats, the last ones first, and models."""
    return [*_commands(window), *_views(window), *_chats(window), *_models(window)]


def _entry(
    words: str, act: Callable[[], object], glyph: str, keys: str = "", detail: str = ""
) -> Entry:
    return Entry(words, act, glyph, detail, native_keys(keys) if keys else "", COMMAND)


def _commands(window: "MainWindow") -> Sequence[Entry]:
    chat = window.chat

    def here(act: Callable[[], object]) -> Callable[[], object]:
        """In the view of chats, whatever is shown now."""

        def do() -> None:
            window.show_view(CHATS.name)
            act()

        return do

    shown = [
        _entry(_name(deed, inner), here(act), MESSAGE, keys)
        for deed, inner, act, keys in _deeds(chat.deeds.of_shown())
    ]
    return [
        _entry(tr("New chat"), here(chat.new_chat), "plus", "Ctrl+N"),
        _entry(tr("Choose the model"), here(chat.header.show_menu), "box", "Ctrl+M"),
        _entry(
            tr("Parameters", sense="of a chat"),
            here(chat.toggle_panel),
            "sliders-horizontal",
            "Ctrl+P",
        ),
        _entry(tr("System prompt"), here(chat.composer.system_wanted.emit), "scroll-text"),
        _entry(tr("Library of system prompts"), here(chat.panels.show_library), "scroll-text"),
        _entry(tr("Attach files"), here(chat.attaching.ask_for_files), "paperclip", "Ctrl+Shift+A"),
        _entry(tr("Context, threads, cache"), here(chat.show_opening), "box"),
        _entry(
            tr("Show the prompt"), here(chat.show_prompt), "scroll-text", "", tr("token by token")
        ),
        _entry(tr("Search chats"), here(chat.begin_search), "search", "Ctrl+Shift+F"),
        *shown,
        _entry(tr("Open a model file"), window.ask_for_file, "folder-open", "Ctrl+O"),
        _entry(tr("Larger text"), partial(window.zoom, 1), "search", "Ctrl++"),
        _entry(tr("Smaller text"), partial(window.zoom, -1), "search", "Ctrl+-"),
        _entry(tr("Usual text size"), window.usual_zoom, "search", "Ctrl+0"),
        _entry(tr("Full screen"), window.full_screen, "app-window", "F11"),
        _entry(tr("Manual"), window.show_manual, "info", "F1", tr("how things are done")),
        _entry(tr("Keyboard"), window.show_keys, "info", "Ctrl+F1", tr("all shortcuts")),
        *(
            _entry(tr("Theme: {theme}", theme=tr(words)), partial(window.choose_theme, name), glyph)
            for words, name, glyph in THEMES
        ),
        _entry(tr("Close the window"), window.ask_and_close, "x", "Ctrl+W"),
        _entry(tr("Quit"), window.quit_wanted.emit, "x", "Ctrl+Q"),
    ]


def _name(deed: Deed, inner: Deed | None) -> str:
    return tr("{deed}: {what}", deed=deed.words, what=inner.words) if inner else deed.words


def _deeds(deeds: Deeds) -> Iterator[tuple[Deed, Deed | None, Callable[[], object], str]]:
    """Of menus in the menu, each line with the one that it hangs on."""
    for deed in deeds:
        if deed is None:
            continue
        if not deed.deeds:
            yield deed, None, deed.act, deed.keys
        for inner in deed.deeds:
            if inner is not None:
                yield deed, inner, inner.act, inner.keys


def _views(window: "MainWindow") -> Sequence[Entry]:
    return [
        _entry(
            tr(kind.title),
            partial(window.show_view, kind.name),
            kind.glyph,
            kind.key,
            tr("go there"),
        )
        for kind in window.kinds()
    ]


def _chats(window: "MainWindow") -> Sequence[Entry]:
    now = datetime.now()
    return [
        Entry(
            row.title,
            partial(window.open_chat, row.id),
            MESSAGE,
            " · ".join(part for part in (row.model, when_words(row.updated, now)) if part),
            weight=CHAT - i / MOST_CHATS / 10,
        )
        for i, row in enumerate(window.book_rows()[:MOST_CHATS])
    ]


def _models(window: "MainWindow") -> Sequence[Entry]:
    known = [model for model in window.known_models() if not model.problem][:MOST_MODELS]
    return [
        Entry(
            model.name,
            partial(window.chat_with, model.path),
            "box",
            tr("{detail} · chat with it", detail=model.detail)
            if model.detail
            else tr("chat with it"),
            weight=MODEL,
        )
        for model in known
    ]
