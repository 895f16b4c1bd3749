"""Takes a window's chat into a comparison and back: what is asked, what becomes of the answers."""

from collections.abc import Callable, Sequence
from functools import cached_property

from PySide6.QtCore import QObject, Signal

from engine.base.conversation import Turn
from gui.chat.attaching import Attaching
from gui.chat.chat_parts import ChatParts
from gui.chat.chats import Chats
from gui.chat.compare import Asked, Comparison
from gui.desk import Desk
from gui.language import marked, tr

NOTHING = marked("Write a question first, or open a chat that has one")


class Comparing(QObject):
    """Of one chat view. The page stands in its place while it is shown."""

    undoable = Signal(str, object)  # words, what takes it back
    noted = Signal(str)

    def __init__(
        self,
        desk: Desk,
        parts: ChatParts,
        chats: Chats,
        attaching: Attaching,
        back: Callable[[], object],
    ) -> None:
        super().__init__(parts.middle)
        self._parts, self._chats, self._back = parts, chats, back
        self._attaching = attaching
        self._desk, self._is_made = desk, False

    @cached_property
    def page(self) -> Comparison:
        """Made for the first comparison: most windows see none, and all they have is polished
        whenever text gets another size."""
        self._is_made = True
        page = Comparison(self._desk)
        self._parts.add_page(page)
        page.closed.connect(self._on_closed)
        page.kept.connect(self._on_kept)
        return page

    @property
    def is_shown(self) -> bool:
        return self._is_made and not self.page.isHidden()

    @property
    def is_busy(self) -> bool:
        return self._is_made and any(side.busy for side in self.page.sides)

    def begin(self) -> None:
        """Compare what stands in the box, else the last question of the chat."""
        talk, composer = self._chats.talk, self._parts.composer
        text = composer.edit.toPlainText().strip()
        questions = [turn for turn in talk.record.tree.path() if turn.role == "user"]
        attached = self._attaching.ready
        if talk.busy or not (text or attached or questions):
            self.noted.emit(tr("This answer is still being written") if talk.busy else tr(NOTHING))
            return
        if self._attaching.reading:
            self.noted.emit(tr("{file} is still being read", file=self._attaching.reading))
            return
        if text or attached:
            asked = Asked(talk, text, attached)
        else:
            turn = questions[-1]
            asked = Asked(talk, turn.text, turn.attachments, turn)
        self.page.begin(asked, talk.record.title)
        self._show(True)

    def _show(self, shown: bool) -> None:
        self._parts.show_page(self.page, shown)
        if shown:
            self.page.setFocus()
        else:
            self._back()

    def _on_closed(self) -> None:
        self._show(False)
        if self.page.answers:
            self.undoable.emit(tr("The comparison was left"), self._come_back)

    def _come_back(self) -> None:
        """Its answers still stand there, as long as its chat is shown."""
        asked = self.page.asked
        if asked is not None and asked.talk is self._chats.talk and not asked.talk.busy:
            self.page.show_again()
            self._show(True)

    def _on_kept(self, asked: Asked, answers: Sequence[Turn]) -> None:
        self._show(False)
        if asked.turn is None:
            self._parts.composer.edit.clear()
            self._attaching.take()
        asked.talk.adopt(asked.turn, asked.text, asked.attached, answers)

    def put_away(self) -> None:
        """Another chat is shown: the answers stay in this one as variants, unseen."""
        if not self.is_shown:
            return
        asked = self.page.asked
        self.page.drop()
        self._show(False)
        if asked is not None and self.page.answers:
            asked.talk.adopt(asked.turn, asked.text, asked.attached, self.page.answers, shown=False)

    def close(self) -> None:
        if self._is_made:
            self.page.drop()
