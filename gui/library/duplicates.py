"""What takes room more than once: the copies of each content, whose they are, and which may go."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.base.events import Progress
from gui.desk import Desk
from gui.known import KnownModel, known, title_of
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, frame, row, scroller
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.sheets import fill_sheet
from gui.workers import Feed

if TYPE_CHECKING:
    from engine.api import Keeper, Twins

MOST = 50  # groups that are shown: the largest
HELP = marked(
    "One copy is enough for every program that can read it where it lies. Copies that another "
    "program shares between its models can only be removed there."
)


class Duplicates(QWidget):
    """A sheet over the list; looks when it is shown."""

    closed = Signal()
    trash_wanted = Signal(object)  # KnownModel

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._twins: Sequence[Twins] = ()
        self._keepers: dict[str, Keeper] = {}
        self._gone: set[str] = set()
        self._feed = Feed(self)
        self._feed.progress.connect(self._show_progress)
        self._feed.done.connect(self._found)
        self._feed.failed.connect(self._fail)
        body = fill_sheet(self, tr("Duplicates"), self.closed.emit)
        self.head = label("", "section", wrap=True)
        self.words = label("", "muted", wrap=True)
        self.bar = Bar(4)
        canvas = QWidget()
        canvas.setProperty("role", "canvas")
        self._box = QVBoxLayout(canvas)
        self._box.setContentsMargins(0, 0, current().px(8), 0)
        self._box.setSpacing(current().px(12))
        self._cards: list[QWidget] = []
        self._box.addStretch(1)
        for part in (self.head, self.words, self.bar):
            body.addWidget(part)
        body.addWidget(scroller(canvas), 1)

    def begin(self) -> None:
        """Compare all files of the same size, a few pieces of each."""
        self._feed.close()
        self._twins, self._gone = (), set()
        self._show_cards([])
        self.head.setText(tr("Looking for duplicates"))
        self.words.setText(tr("Files of the same size are compared."))
        self.bar.show()
        self.bar.set_fraction(None)
        self._feed.follow(lambda listener: self._desk.engine.find_duplicates(listener))

    def end(self) -> None:
        self._feed.close()

    def _show_progress(self, event: Progress) -> None:
        self.bar.set_fraction(event.done / event.total if event.total else None)

    def _fail(self, words: str) -> None:
        self.bar.hide()
        self.head.setText(tr("The files could not be compared"))
        self.words.setText(words)

    def _found(self, twins: Sequence["Twins"]) -> None:
        """Whose the copies are is asked of the disk."""
        library = self._desk.engine.library
        paths = [model.path for group in twins for model in group.models]

        def keepers() -> dict[str, "Keeper"]:
            return {str(path): library.keeper(path) for path in paths}

        self._twins, self._keepers = twins, {}
        self._desk.background.run(keepers, self._show_with, self._fail)

    def _show_with(self, keepers: dict[str, "Keeper"]) -> None:
        self._keepers = keepers
        self._show()

    def take_out(self, path: str) -> None:
        """This copy is gone."""
        self._gone.add(path)
        self._show()

    def put_back(self, path: str) -> None:
        self._gone.discard(path)
        self._show()

    def _show(self) -> None:
        if self._feed.running:  # it looks anew: what was found before is not true any more
            return
        self.bar.hide()
        groups = []
        for twins in self._twins:
            there = [model for model in twins.models if str(model.path) not in self._gone]
            missing = len(twins.models) - len(there)
            wasted = twins.wasted_bytes - missing * twins.file_bytes
            if len(there) > 1 and wasted > 0:
                groups.append((twins, [known(model, model.source) for model in there], wasted))
        wasted = sum(group[2] for group in groups)
        if not groups:
            self.head.setText(tr("No model takes room twice"))
            self.words.setText(tr("Links to one file take no room, and are not counted."))
        else:
            self.head.setText(tr("Duplicates take {size:file}", size=wasted))
            words = [tr(HELP)]
            if len(groups) > MOST:
                words.append(tr("The largest {n} of {all:,} groups:", n=MOST, all=len(groups)))
            self.words.setText(" ".join(words))
        self._show_cards([self._card(*group) for group in groups[:MOST]])

    def _show_cards(self, cards: list[QWidget]) -> None:
        for card in self._cards:
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = cards
        for i, card in enumerate(cards):
            self._box.insertWidget(i, card)

    def _card(self, twins: "Twins", models: list[KnownModel], wasted: int) -> Card:
        card = Card()
        px = current().px
        card.box.setContentsMargins(px(16), px(12), px(16), px(8))
        n, size = len(models), twins.file_bytes
        if twins.certain:
            words = tr("{n} × {size:file}, the same contents", n=n, size=size)
        else:
            words = tr("{n} × {size:file}, most likely the same contents", n=n, size=size)
        free = label(tr("{size:file} could be free", size=wasted), "strong")
        card.box.addLayout(row(ElidedLabel(title_of(models[0]), "section"), None, free))
        card.box.addWidget(label(words, "small"))
        for model in models:
            card.box.addWidget(frame("rule"))
            card.box.addWidget(self._copy(model))
        return card

    def _copy(self, model: KnownModel) -> QWidget:
        keeper = self._keepers.get(model.path)
        whose = model.source or tr("Yours")
        line = QWidget()
        words = QVBoxLayout()
        words.setSpacing(current().px(2))
        words.addWidget(ElidedLabel(f"{whose} · {title_of(model)}", "smallText"))
        words.addWidget(ElidedLabel(str(Path(model.path)), "tiny"))
        box = row(spacing=12)
        box.addLayout(words, 1)
        if keeper is not None and keeper.remove_with:
            told = label(
                tr("Left alone; remove it with “{command}”", command=keeper.remove_with), "small"
            )
            told.setToolTip(
                tr(
                    "{program} shares its files between models; remove it there",
                    program=keeper.program,
                )
            )
            box.addWidget(told)
        else:
            trash = Button(tr("Move to trash"), "trash-2", "plain", True)
            trash.describe(tr("Move {model} to the trash", model=model.path))
            trash.clicked.connect(lambda _=False, m=model: self.trash_wanted.emit(m))
            box.addWidget(trash)
        line.setLayout(box)
        return line
