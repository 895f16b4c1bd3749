"""`chaski chat`: a conversation in the terminal, streamed; or one turn per line of a pipe."""

import argparse
import sys
from collections.abc import Iterator

from engine.api import Chat
from engine.base import sizes
from engine.base.errors import ChaskiError, ContextFullError
from engine.base.events import Event, Finished, TextDelta
from engine.base.models import Message
from engine.base.reading import MOST_LINE
from engine.cli.console import EXIT_STOPPED, Console, fit_for, say
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
    person = sys.stdin.isatty()
    with opened(args, console, wished=True, talks=True) as found:
        sampling = sampling_params(args, found.info.default_sampling)
        chat = found.engine.new_chat(
            found.info.id, args.system, sampling=sampling, generation=generation_params(args)
        )
        if person:
            say(f"{found.info.name}. Ctrl-C stops an answer, Ctrl-D ends the conversation.")
        said: list[Message] = []
        for line in _turns(person):
            reason = _turn(chat, [*said, Message("user", line)], console, person)
            if reason == "cancelled" and not person:
                return EXIT_STOPPED
            if reason != "full":
                said = chat.messages
    return 0


def _turns(person: bool) -> Iterator[str]:
    """What the user says, turn by turn; empty lines are skipped."""
    while True:
        if person:
            try:
                line = input("\n> ")
            except EOFError:
                return
        else:
            line = sys.stdin.readline(MOST_LINE + 1)
            if not line:
                return
            if len(line) > MOST_LINE:
                raise ChaskiError(
                    "a line on standard input has more than {most_line:,} letters",
                    most_line=MOST_LINE,
                )
        if line.strip():
            yield line.strip()


def _turn(chat: Chat, messages: list[Message], console: Console, person: bool) -> str:
    """Why the answer ended; "full" where there is none, as the context has no room for it."""
    teller = _Teller(console, person)
    try:
        follow(console, lambda told: chat.reply(messages, listener=told), teller)
    except ContextFullError as error:
        if not person:
            raise
        say(f"error: {error}")
        return "full"
    if person:
        console.forget_stop()  # it was for this answer, even if it came with its last word
    return teller.reason


class _Teller:
    """Prints a reply as it comes; thinking goes to standard error, and only for a person."""

    def __init__(self, console: Console, person: bool) -> None:
        self.console = console
        self.person = person
        self.reason = ""

    def __call__(self, event: Event) -> None:
        if isinstance(event, TextDelta):
            self._delta(event)
        elif isinstance(event, Finished):
            self.reason = event.reason
            self.console.write("\n")
            if self.person:
                say(_footer(event))

    def _delta(self, delta: TextDelta) -> None:
        if delta.channel == "answer":
            self.console.write(delta.text)
        elif self.person:
            sys.stderr.write(fit_for(sys.stderr, delta.text))
            sys.stderr.flush()


def _footer(event: Finished) -> str:
    t = event.timings
    reason = {"cancelled": "stopped", "context": "context full", "length": "length limit"}
    ended = f"{reason[event.reason]}, " if event.reason in reason else ""
    guesses = f"{t.accepted_n} of {t.draft_n} guesses right, " if t.draft_n else ""
    speed = sizes.speed(t.tokens_per_second, is_measured=True)
    return (
        f"[{ended}{t.predicted_n} tokens, {speed}, {guesses}prompt {t.cached_n} reused + "
        f"{t.prompt_n} new, context {event.context_used}/{event.context_size}]"
    )
