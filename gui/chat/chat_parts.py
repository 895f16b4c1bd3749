"""What the chat view is made of and where it stands; nothing acts yet."""

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from gui.chat.chat_header import ChatHeader
from gui.chat.chat_list import ChatList
from gui.chat.composer import Composer
from gui.chat.daily import AtHand, Greeting
from gui.chat.error_card import ErrorCard
from gui.chat.parameters import Parameters
from gui.chat.starts import Loading
from gui.chat.system_prompt import SystemPrompt
from gui.chat.transcript import Transcript
from gui.chat.welcome import Welcome
from gui.desk import Desk
from gui.theme.theme import current
from gui.widgets.frames import column, frame, row

COMPOSER_WIDTH = 720
OVER, UNDER = 5, 8  # how the room over and under the box is shared


class ChatParts:
    """List, header, transcript, composer and panels, laid out in a view."""

    def __init__(self, desk: Desk, view: QWidget) -> None:
        self.view = view
        self.list = ChatList()
        self.header = ChatHeader(desk)
        self.transcript = Transcript()
        self.composer = Composer()
        self.system = SystemPrompt()
        self.parameters = Parameters()
        self.welcome, self.loading = Welcome(), Loading()
        self.empty, self.at_hand = Greeting(), AtHand()  # over the box and under it
        self.error = ErrorCard()
        self.foot = QWidget()
        self.middle = QStackedWidget()
        # Pages that are not shown shall not push the parameters out of a narrow window.
        self.middle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        pages = (self.welcome, self.empty, self.loading, self.transcript)
        for page in pages:
            self.middle.addWidget(page)
        for part in (self.system, self.parameters, self.error):
            part.hide()
        panels = (self.error, self.system, self.parameters, self.at_hand)
        current().dress_when_shown(self.list, self.header, self.composer, *pages, *panels)
        self._lay_out()

    def _lay_out(self) -> None:
        px = current().px
        foot = column(self.error, self.system, self.composer)
        foot.setContentsMargins(px(12), 0, px(12), px(16))
        self.foot.setMaximumWidth(px(COMPOSER_WIDTH) + 2 * px(12))
        self.foot.setLayout(foot)
        foot_line = row(self.foot, spacing=0)
        self._column = middle = column(self.middle, foot_line, self.at_hand, spacing=0)
        self.show_at_hand(False)
        body = row(middle, self.parameters, spacing=0)
        body.setStretch(0, 1)
        page = frame("page")
        inside = column(self.header, body, spacing=0)
        inside.setStretch(1, 1)
        page.setLayout(inside)
        self._page, self.is_covered = page, False
        self._line = line = row(self.list, page, spacing=0)
        line.setStretch(1, 1)
        self.view.setLayout(line)

    def add_page(self, page: QWidget) -> None:
        """One that can stand in the place of all the others."""
        page.hide()
        current().dress_when_shown(page)
        self._line.addWidget(page, 1)

    def show_page(self, page: QWidget, shown: bool) -> None:
        """In the place of list and chat, or these again."""
        self.is_covered = shown
        self.list.setVisible(not shown)
        self._page.setVisible(not shown)
        page.setVisible(shown)

    def show_at_hand(self, shown: bool) -> None:
        """The box stands in the middle, with what is at hand under it, or at the bottom."""
        self.at_hand.setVisible(shown)
        self._column.setStretch(0, OVER if shown else 1)
        self._column.setStretch(2, UNDER if shown else 0)
