"""What the chat view is made of and where it stands; nothing acts yet."""

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui.chat.chat_header import ChatHeader
from gui.chat.chat_list import ChatList
from gui.chat.composer import Composer
from gui.chat.error_card import ErrorCard
from gui.chat.parameters import Parameters
from gui.chat.starts import EmptyChat, Loading
from gui.chat.system_prompt import SystemPrompt
from gui.chat.transcript import Transcript
from gui.chat.welcome import Welcome
from gui.desk import Desk
from gui.theme.theme import current
from gui.view import View
from gui.widgets.frames import frame

COMPOSER_WIDTH = 744


class ChatParts(View):
    """List, header, transcript, composer and panels, laid out."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._make_parts(desk)
        self._lay_out()

    def _make_parts(self, desk: Desk) -> None:
        self.list = ChatList()
        self.header = ChatHeader(desk)
        self.transcript = Transcript()
        self.composer = Composer()
        self.system = SystemPrompt()
        self.parameters = Parameters()
        self.welcome, self.loading, self.empty = Welcome(), Loading(), EmptyChat()
        self.error = ErrorCard()
        self.middle = QStackedWidget()
        for page in (self.welcome, self.empty, self.loading, self.transcript):
            self.middle.addWidget(page)
        for part in (self.system, self.parameters, self.error):
            part.hide()

    def _lay_out(self) -> None:
        px = current().px
        foot = QVBoxLayout()
        foot.setSpacing(px(8))
        for part in (self.error, self.system, self.composer):
            foot.addWidget(part)
        self._foot = QWidget()
        self._foot.setMaximumWidth(px(COMPOSER_WIDTH) + 2 * px(12))
        foot.setContentsMargins(px(12), 0, px(12), px(16))
        self._foot.setLayout(foot)
        foot_line = QHBoxLayout()
        foot_line.setContentsMargins(0, 0, 0, 0)
        foot_line.addWidget(self._foot)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.middle, 1)
        middle.addLayout(foot_line)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(middle, 1)
        body.addWidget(self.parameters)
        page = frame("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.list)
        line.addWidget(page, 1)
