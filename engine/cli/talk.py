"""A person's conversation in the terminal: what is said, how it is answered, and the commands.

Whatever goes wrong is told in a sentence, and the conversation goes on: leaving is the person's
word alone. A question that got no answer comes back into the line.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.api import Chat, ChatSettings
from engine.base.errors import CancelledError, ChaskiError, UsageError
from engine.base.models import Message, ModelInfo
from engine.base.paths import user_path
from engine.base.reading import MOST_LINE
from engine.base.words import quoted, shown
from engine.cli.console import EXIT_STOPPED, Console, say
from engine.cli.flags import generation_params, load_options, sampling_params
from engine.cli.following import follow
from engine.cli.opening import VerbModel, open_at
from engine.cli.telling import Teller, note
from engine.cli.typing_in import reader

COMMAND = re.compile(r"/([a-z?]+)(?:\s+(.*))?", re.DOTALL)
THINKING = {"on": True, "off": False, "auto": None}
MOST_LISTED = 20  # models


@dataclass(frozen=True)
class Command:
    """`takes`: what follows its name; `run` gets that, without spaces around it."""

    takes: str
    says: str
    run: Callable[[str], None]


class Leaving(Exception):
    """The person has said /exit."""


class Talk:
    """One conversation with one model at a time."""

    def __init__(self, found: VerbModel, args: argparse.Namespace) -> None:
        self._engine, self._console, self._args = found.engine, found.console, args
        self._info = found.info
        self._chat = self._new_chat(found.info)
        self._settings = ChatSettings(
            found.info.default_system if args.system is None else args.system,
            sampling_params(args, found.info.default_sampling),
            generation_params(args),
        )
        self._said: list[Message] = []
        self._begin = ""  # what stands in the line when one may write again
        self._commands = self._all_commands()
        self._reader = reader(found.engine.paths.typed_file, self._completions)

    def run(self) -> int:
        """Until the person leaves; the exit code."""
        say(f"{self._info.name}. /help lists commands, Ctrl+C stops an answer, Ctrl+D leaves.")
        asked_to_leave = False
        while True:
            try:
                begin, self._begin = self._begin, ""
                text = self._reader.read(begin)
            except EOFError:
                return 0
            except KeyboardInterrupt:
                if asked_to_leave:
                    return EXIT_STOPPED
                asked_to_leave = True
                note("Ctrl+C again, or Ctrl+D, leaves.")
                continue
            asked_to_leave = False
            try:
                self._hear(text)
            except Leaving:
                return 0
            except ChaskiError as error:
                if isinstance(error, CancelledError):
                    note("stopped")
                else:
                    say(f"error: {error}")
            self._console.forget_stop()  # it was for this answer, even if it came with its end

    def _hear(self, text: str) -> None:
        text = text.strip()
        command = COMMAND.fullmatch(text)
        if command is not None:
            self._obey(command[1], (command[2] or "").strip())
        elif len(text) > MOST_LINE:
            raise UsageError("the message has more than {most:,} letters", most=MOST_LINE)
        elif text:
            self._ask([*self._said, Message("user", text.removeprefix("/") if _doubled(text) else text)], text)

    def _ask(self, messages: Sequence[Message], typed: str = "") -> None:
        """Have it answered. What got not a word of an answer is as if it had not been asked."""
        teller = Teller()
        before, self._begin = self._said, typed
        follow(
            self._console,
            lambda told: self._chat.reply(messages, self._settings, listener=told),
            teller,
        )
        if self._chat.messages[-1].content or self._chat.messages[-1].thinking:
            self._said, self._begin = self._chat.messages, ""
        else:
            self._said = before

    # Commands

    def _all_commands(self) -> dict[str, Command]:
        return {
            "help": Command("", "this list", self._help),
            "system": Command("[TEXT | off]", "instructions for the model", self._system),
            "again": Command("", "another answer to the last question", self._again),
            "undo": Command("", "take the last question and its answer back", self._undo),
            "new": Command("", "begin a new conversation", self._new),
            "model": Command("[NAME]", "go on with another model; alone: which there are", self._model),
            "think": Command("[on | off | auto]", "think before answering", self._think),
            "file": Command("PATH", "send a text file with the next message", self._file),
            "exit": Command("", "leave, as Ctrl+D does", self._exit),
        }

    def _obey(self, name: str, rest: str) -> None:
        name = {"?": "help", "quit": "exit", "bye": "exit"}.get(name, name)
        command = self._commands.get(name)
        if command is None:
            raise UsageError(
                "there is no command /{name}; /help lists them, and a message that begins with a "
                "slash is written with two",
                name=shown(name, 40),
            )
        if rest and not command.takes:
            raise UsageError("/{name} takes nothing behind it", name=name)
        command.run(rest)
