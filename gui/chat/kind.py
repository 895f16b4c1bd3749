"""What the window knows of this view before it is wanted."""

from typing import TYPE_CHECKING

from gui.kind import Kind
from gui.language import marked

if TYPE_CHECKING:
    from gui.chat.chat_view import ChatView


def _view() -> "type[ChatView]":
    from gui.chat.chat_view import ChatView

    return ChatView


KIND = Kind("chats", marked("Chats"), "message-square", "Ctrl+1", _view)
