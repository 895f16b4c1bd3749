"""`chaski chat`: a conversation in the terminal, streamed; or one turn per line of a pipe."""

import argparse
import sys
from collections.abc import Iterator

from engine.api import Chat
from engine.base.errors import ChaskiError
from engine.base.events import Event, Finished, TextDelta
from engine.base.models import Message
from engine.base.reading import MOST_LINE
from engine.cli.console import EXIT_STOPPED, Console
from engine.cli.flags import (
    Subparsers,
    add_load_flags,
    add_sampling_flags,
    add_verb,
    check_sampling,
    generation_params,
    sampling_params,
)
from engine.cli.following import follow
from engine.cli.opening import opened


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "chat", "talk to a model in the terminal", run, json=False)
    parser.add_argument("--system", metavar="S", help="instructions for the model")
    add_load_flags(parser)
    add_sampling_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    check_sampling(args)
    with opened(args, console, wished=True, talks=True) as found:
        if sys.stdin.isatty():
            from engine.cli.talk import Talk

            return Talk(found, args).run()
        sampling = sampling_params(args, found.info.default_sampling)
        chat = found.engine.new_chat(
            found.info.id, args.system, sampling=sampling, generation=generation_params(args)
        )
        return _piped(chat, console)


def _piped(chat: Chat, console: Console) -> int:
    """Only answers go to standard output."""
    teller = _Teller(console)
    for line in _turns():
        messages = [*chat.messages, Message("user", line)]
        follow(console, lambda told: chat.reply(messages, listener=told), teller)  # noqa: B023
        if teller.reason == "cancelled":
            return EXIT_STOPPED
    return 0


def _turns() -> Iterator[str]:
    """Standard input, line by line; empty lines are skipped."""
    while line := sys.stdin.readline(MOST_LINE + 1):
        if len(line) > MOST_LINE:
            raise ChaskiError(
                "a line on standard input has more than {most_line:,} letters", most_line=MOST_LINE
            )
        if line.strip():
            yield line.strip()


class _Teller:
    """Prints a reply as it comes."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.reason = ""

    def __call__(self, event: Event) -> None:
        if isinstance(event, TextDelta) and event.channel == "answer":
            self.console.write(event.text)
        elif isinstance(event, Finished):
            self.reason = event.reason
            self.console.write("\n")
