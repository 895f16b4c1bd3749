"""What a reader gives, and the errors that all readers share."""

from dataclasses import dataclass

from engine.attachments.kinds import MOST_LETTERS
from engine.base.errors import ChaskiError


@dataclass(frozen=True)
class Document:
    """Text or Markdown; `parts`: pages, sheets or chapters, 0 where there are none."""

    text: str
    parts: int = 0


class Growing:
    """A text that is put together from pieces and may not become endless."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._letters = 0

    def add(self, piece: str) -> None:
        self._letters += len(piece)
        if self._letters > MOST_LETTERS:
            raise too_long()
        self._pieces.append(piece)

    @property
    def text(self) -> str:
        return "".join(self._pieces)


def too_long() -> ChaskiError:
    return ChaskiError(
        "the text is longer than {most:,} letters, more than any model here can read; attach a "
        "part of it",
        most=MOST_LETTERS,
    )


def is_protected() -> ChaskiError:
    return ChaskiError("it is protected with a password; save a copy without one and attach that")


def is_damaged() -> ChaskiError:
    return ChaskiError("it is damaged or not what its name says; get it again")
