"""Models: the files this program knows, those that are open, and how to add one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.desk import Desk, KnownModel
from gui.library.model_row import HeadRow, ModelRow
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, frame, page, row
from gui.widgets.labels import label

MOST_OWN, MOST_OTHERS, MORE = 100, 5, 50


class LibraryView(QWidget):
    """Lists `desk.known`; open, close and remove go through the desk."""

    file_wanted = Signal()
    chat_wanted = Signal(str)  # path
    inspect_wanted = Signal(str)  # path
    undoable = Signal(str, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._most: dict[str, int] = {}  # rows of a card that are shown, by its title
        view, header, self._content = page("Models")
        self._folder = label("", "small")
        header.box.insertWidget(1, self._folder)
        add = Button(
            "Add a file",
            "plus",
            "primary",
            True,
            "Add a model file",
            "Ctrl+Shift+O",
            self.file_wanted.emit,
        )
        header.box.addWidget(add)
        self._list = QWidget()
        self._content.addWidget(self._list)
        self._content.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view)
        desk.known_changed.connect(self.refresh)
        desk.models_changed.connect(self.refresh)
        desk.loading.connect(lambda _name: self.refresh())
        desk.load_ended.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        fresh = QWidget()
        box = QVBoxLayout(fresh)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(current().px(16))
        known = self._desk.known
        own = [m for m in known if not m.source and not m.built_in]
        if own:
            box.addWidget(self._card("", own))
        else:
            box.addWidget(self._empty())
        sources = sorted({m.source for m in known if m.source})
        for source in sources:
            there = [m for m in known if m.source == source]
            box.addWidget(self._card(f"Found in {source}", there))
        guide = [m for m in known if m.built_in]
        if guide:
            box.addWidget(self._card("Built in", guide))
        self._content.replaceWidget(self._list, fresh)
        self._list.deleteLater()
        self._list = fresh
        n = len(own)
        self._folder.setText(f"{n} model{'s' if n != 1 else ''}" if own else "")

    def _card(self, title: str, models: list[KnownModel]) -> Card:
        card = Card(title)
        px = current().px
        card.box.setContentsMargins(px(16), px(14 if title else 4), px(16), px(4))
        card.box.setSpacing(0)
        card.box.addWidget(HeadRow())
        card.box.addWidget(frame("rule"))
        most = self._most.get(title, MOST_OWN if not title else MOST_OTHERS)
        for i, model in enumerate(models[:most]):
            if i:
                card.box.addWidget(frame("rule"))
            info = self._desk.model_at(model.path)
            rests = info is not None and info.id in self._desk.resting
            line = ModelRow(model, info, self._desk.judge(model), rests)
            line.chat_wanted.connect(lambda p=model.path: self.chat_wanted.emit(p))
            line.inspect_wanted.connect(lambda p=model.path: self.inspect_wanted.emit(p))
            line.removed.connect(lambda m=model: self._remove(m))
            if info is not None:
                line.closed.connect(lambda i=info: self._desk.close_model(i))
            card.box.addWidget(line)
        if len(models) > most:
            more = Button(
                f"Show more ({len(models) - most:,})",
                tip="Show more of these models",
                on_click=lambda: self._show_more(title, most),
            )
            card.box.addLayout(row(None, more, None))
        return card

    def _show_more(self, title: str, most: int) -> None:
        """A row is costly to make; a program may have thousands."""
        self._most[title] = most + MORE
        self.refresh()

    def _empty(self) -> QWidget:
        card = Card()
        card.box.setContentsMargins(0, current().px(40), 0, current().px(40))
        words = label(
            "Add a GGUF file from your disk, or drop it on this window. It stays where it is.",
            "muted",
        )
        open_file = Button(
            "Add a file", "folder-open", tip="Choose a model file", on_click=self.file_wanted.emit
        )
        card.box.addLayout(row(None, label("No models yet", "section"), None))
        card.box.addLayout(row(None, words, None))
        card.box.addSpacing(current().px(8))
        card.box.addLayout(row(None, open_file, None))
        return card

    def _remove(self, model: KnownModel) -> None:
        self._desk.forget(model)
        self.undoable.emit(
            f"{model.name} was taken off the list; its file stays",
            lambda: self._desk.remember(model.path),
        )
