"""Where a person types: several lines, a history that is kept, editing, commands completed by Tab.

Enter sends; Alt+Enter, Ctrl+J or a backslash at the end begin a new line; pasted lines stay lines.
prompt_toolkit is imported only here, and only where there is a terminal at both ends.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.base.environment import variable
from engine.base.small_files import alone, replaced

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

MARK, GOES_ON = "> ", "  "
MOST_KEPT = 500  # entries of the history
MOST_LETTERS = 4000  # of one; what is longer was pasted, and stands in its file
Complete = Callable[[str], Iterable[str]]


class Reader(Protocol):
    """Answers what a person says; raises EOFError and KeyboardInterrupt where one leaves."""

    def read(self, begin: str = "") -> str: ...


def reader(history: Path, complete: Complete) -> Reader:
    """The best one that this terminal allows."""
    return EditedReader(history, complete) if edits() else PlainReader()


def edits() -> bool:
    """Whether lines can be edited here and looks are understood: terminals that say so."""
    return sys.stdin.isatty() and sys.stdout.isatty() and variable("TERM") != "dumb"


class PlainReader:
    """Lines as the terminal gives them."""

    def read(self, begin: str = "") -> str:
        text = input("\n" + MARK)
        while text.endswith("\\"):
            text = text[:-1] + "\n" + input(GOES_ON)
        return text


class EditedReader:
    """prompt_toolkit's editor. `complete` has all that the text before the cursor may become."""

    def __init__(self, history: Path, complete: Complete) -> None:
        from prompt_toolkit import PromptSession

        self._session: PromptSession[str] = PromptSession(
            history=_history(KeptLines(history)),
            multiline=True,
            key_bindings=_keys(),
            completer=_completer(complete),
            complete_while_typing=False,
            enable_suspend=True,
            prompt_continuation=GOES_ON,
        )

    def read(self, begin: str = "") -> str:
        print()
        return self._session.prompt(MARK, default=begin)


class KeptLines:
    """What was typed in earlier conversations, oldest first; a disk that refuses keeps nothing."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> list[str]:
        """A file that is damaged says nothing."""
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return []
        lines = found if isinstance(found, list) else []
        return [line for line in lines if isinstance(line, str)][-MOST_KEPT:]

    def add(self, text: str) -> None:
        if len(text) > MOST_LETTERS or not text.strip():
            return
        with alone(self._file):
            lines = [*self.read(), text][-MOST_KEPT:]
            replaced(self._file, json.dumps(lines, ensure_ascii=True, indent=0))


def _history(kept: KeptLines) -> "History":
    from prompt_toolkit.history import History

    class Kept(History):
        """Between the editor and our file."""

        def load_history_strings(self) -> Iterator[str]:
            return reversed(kept.read())

        def store_string(self, string: str) -> None:
            kept.add(string)

    return Kept()


def _completer(complete: Complete) -> "Completer":
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

    class Ours(Completer):
        """Between the editor and what can be completed."""

        def get_completions(
            self, document: Document, complete_event: CompleteEvent
        ) -> Iterator[Completion]:
            before = document.text_before_cursor
            for whole in complete(before):
                yield Completion(whole, start_position=-len(before))

    return Ours()


def _keys() -> "KeyBindings":
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("enter")
    def send(event: "KeyPressEvent") -> None:
        buffer = event.current_buffer
        if buffer.document.is_cursor_at_the_end and buffer.text.endswith("\\"):
            buffer.delete_before_cursor()
            buffer.newline(copy_margin=False)
        elif buffer.text.strip():
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    @keys.add("c-j")
    def new_line(event: "KeyPressEvent") -> None:
        event.current_buffer.newline(copy_margin=False)

    @keys.add("c-c")
    @keys.add("<sigint>")
    def interrupt(event: "KeyPressEvent") -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt())

    return keys
