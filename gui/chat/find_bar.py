"""Finding words in the chat that is shown: a bar over it with a count, and the way from place to
place. Esc ends it."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout

from engine.base.conversation import Turn
from gui.chat.chats import Chats
from gui.chat.transcript import Transcript
from gui.language import marked, tr
from gui.prose.places import finds
from gui.theme.theme import current
from gui.widgets.buttons import icon_button
from gui.widgets.labels import label
from gui.widgets.search_field import SearchField

TYPED_MS = 120  # after the last letter
WIDE = 380
TIP = marked(
    "Return goes to the next place, Shift+Return back; Ctrl+F again: in all chats; Esc ends it"
)


class FindBar(QFrame):
    """Stands over the upper right corner of the transcript."""

    def __init__(self, chats: Chats, transcript: Transcript) -> None:
        super().__init__(transcript)
        self.setProperty("role", "card")
        self._chats, self._transcript = chats, transcript
        self._places: list[tuple[Turn, int]] = []  # and how many stand before it in its turn
        self._at = -1
        self.field = SearchField(tr("Find in this chat"), tr(TIP))
        self.count = label("", "small")
        self.count.setAccessibleName(tr("Places"))
        before = icon_button(
            "chevron-up", tr("The place before: Shift+Return"), lambda: self.step(-1)
        )
        after = icon_button("chevron-down", tr("The next place: Return"), lambda: self.step(1))
        close = icon_button("x", tr("Close: Esc"), self.leave)
        line = QHBoxLayout(self)
        px = current().px
        line.setContentsMargins(px(8), px(6), px(6), px(6))
        line.setSpacing(px(4))
        line.addWidget(self.field, 1)
        for part in (self.count, before, after, close):
            line.addWidget(part)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(TYPED_MS)
        self._typed.timeout.connect(self._search)
        self.field.textChanged.connect(lambda: self._typed.start())
        self.field.stepped.connect(lambda step: self.step(-step))
        for keys, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(keys), self, lambda s=step: self.step(s))
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        transcript.installEventFilter(self)
        self._view = transcript.viewport()  # has its size after the transcript
        self._view.installEventFilter(self)
        current().follow(self, self._place)
        self.hide()

    def begin(self) -> None:
        """Also where it is open already: what was sought is chosen, to be written over."""
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search()

    def leave(self) -> None:
        if self.isHidden():
            return
        self.hide()
        self._typed.stop()
        self._places, self._at = [], -1
        self._transcript.unmark()
        self._transcript.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, step: int) -> None:
        """To the next place or the one before, round and round; answers may have grown."""
        if self.isHidden():
            return
        if self._typed.isActive():
            self._typed.stop()
            self._search()
            return
        here = self._places[self._at] if 0 <= self._at < len(self._places) else None
        self._places = self._found()
        if here in self._places:
            self._at = (self._places.index(here) + step) % len(self._places)
        else:
            self._at = 0 if self._places else -1
        self._show()

    def _found(self) -> list[tuple[Turn, int]]:
        words = self.field.text().strip()
        path = self._chats.talk.record.tree.path() if words else []
        return [(turn, i) for turn in path for i in range(len(finds(turn.text, words)))]

    def _search(self) -> None:
        """The first place from what is seen on."""
        self._typed.stop()
        self._places = self._found()
        seen = self._transcript.first_seen()
        path = self._chats.talk.record.tree.path()
        first = path.index(seen) if seen in path else 0
        later = (i for i, (turn, _) in enumerate(self._places) if path.index(turn) >= first)
        self._at = next(later, 0) if self._places else -1
        self._show()

    def _show(self) -> None:
        if self._at < 0:
            self.count.setText(tr("none") if self.field.text().strip() else "")
            self._transcript.unmark()
            return
        turn, which = self._places[self._at]
        self.count.setText(tr("{i:,} of {n:,}", i=self._at + 1, n=len(self._places)))
        self._transcript.show_found(turn, self.field.text(), which)

    # Where it stands

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self._place()
        elif watched is self._transcript and event.type() == QEvent.Type.Hide:
            self.leave()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        px = current().px
        room = self._view.width()
        wide = min(px(WIDE), room - px(24))
        self.setGeometry(0, 0, wide, self.sizeHint().height())
        left = px(12) if self.isRightToLeft() else room - wide - px(12)
        self.move(left, px(8))
