"""The chat view: list of chats, transcript, composer, parameters."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.chat.chat_view import ChatView


def _view() -> "type[ChatView]":
    from gui.chat.chat_view import ChatView

    return ChatView


KIND = Kind("chats", marked("Chats"), "message-square", "Ctrl+1", _view)
