"""A person's conversation in the terminal: what is said, how it is answered, and the commands.

Whatever goes wrong is told in a sentence, and the conversation goes on: leaving is the person's
word alone. A question that got no answer comes back into the line. It is a tree as the window's:
another answer is a variant, and what was taken back is still there in a chat that is kept.
"""

import argparse
import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import cast

from engine.api import ChatSettings
from engine.base.attachments import Attachment
from engine.base.catalogue import Words
from engine.base.conversation import ChatRecord, Ending, Turn
from engine.base.conversation import told as told_turns
from engine.base.errors import CancelledError, ChaskiError, UsageError
from engine.base.events import Event, TextDelta
from engine.base.paths import user_path
from engine.base.reading import MOST_LINE
from engine.base.words import quoted, shown
from engine.cli.console import EXIT_STOPPED, say
from engine.cli.flags import generation_params, load_options, sampling_params
from engine.cli.following import follow
from engine.cli.kept_chats import KeptChats, title_of
from engine.cli.opening import VerbModel, open_at
from engine.cli.speaking import told
from engine.cli.telling import Teller, note, show_turns
from engine.cli.typing_in import reader

COMMAND = re.compile(r"/([a-z?]+)(?:\s+(.*))?", re.DOTALL)
THINKING = {"on": True, "off": False, "auto": None}
THINKING_WORDS = {
    "on": "thinking: on",
    "off": "thinking: off",
    "auto": "thinking: as the model usually does",
}
UNTITLED = Words("Untitled")
LONGEST_NUMBER = 7  # digits
KEEP_EVERY = 0.4  # seconds
MOST_LISTED, MOST_PLACES = 20, 200
NO_SYSTEM, INSTRUCTIONS = Words("no instructions"), Words("instructions:")


SAYS_WORDS = {
    "help": "this list",
    "system": "instructions for the model",
    "again": "another answer to the last question",
    "undo": "take the last question back, with its answer",
    "new": "begin a new conversation",
    "model": "go on with another model; alone: the list",
    "think": "think before an answer",
    "file": "send a file's text with the next message",
    "save": "keep this conversation among your chats",
    "load": "go on with a chat; alone: the latest",
    "exit": "leave, as Ctrl+D does",
}
HELP_WORDS = {
    "lines": "Alt+Enter or a backslash at the end of a line begins a new line; a message that",
    "slash": "begins with a slash is written with two.",
}


@dataclass(frozen=True)
class Command:
    """`takes`: what follows its name; `run` gets that, without spaces around it."""

    takes: str
    run: Callable[[str], None]


@dataclass
class Growing:
    """Tells a reply, and has it kept while it grows: a program may be killed at any time."""

    answer: Turn
    teller: Teller
    keep: Callable[[], None]
    due: float = 0.0  # on the clock

    def __call__(self, event: Event) -> None:
        self.teller(event)
        if isinstance(event, TextDelta) and monotonic() >= self.due:
            self.answer.text, self.answer.thinking = self.teller.text, self.teller.thinking
            with suppress(ChaskiError):  # a full disk ends no answer; its end is kept, or told
                self.keep()
            self.due = monotonic() + KEEP_EVERY


class Leaving(Exception):
    """The person has said /exit."""


class Talk:
    """One conversation with one model at a time."""

    def __init__(self, found: VerbModel, args: argparse.Namespace) -> None:
        self._engine, self._console, self._args = found.engine, found.console, args
        self._info = found.info
        self._chat = found.engine.new_chat(found.info.id)
        self._settings = ChatSettings(
            found.info.default_system if args.system is None else args.system,
            sampling_params(args, found.info.default_sampling),
            generation_params(args),
        )
        self._record = ChatRecord()
        self._store = KeptChats(found.engine)
        self._attached: tuple[Attachment, ...] = ()  # to the next message
        self._begin = ""  # what stands in the line when one may write again
        self._commands = self._all_commands()
        self._reader = reader(found.engine.paths.typed_file, self._completions)

    def run(self) -> int:
        """Until the person leaves; the exit code."""
        say(
            Words(
                "{model}. /help lists commands, Ctrl+C stops an answer, Ctrl+D leaves.",
                model=self._info.name,
            )
        )
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
                note(Words("Ctrl+C again, or Ctrl+D, leaves."))
                continue
            asked_to_leave = False
            try:
                self._hear(text)
            except Leaving:
                return 0
            except ChaskiError as error:
                stopped = isinstance(error, CancelledError)
                say(Words("stopped") if stopped else Words("error: {what}", what=error))
            self._console.forget_stop()  # it was for this answer, even if it came with its end

    def _hear(self, text: str) -> None:
        text = text.strip()
        command = COMMAND.fullmatch(text)
        if command is not None:
            self._obey(command[1], (command[2] or "").strip())
            return
        if len(text) > MOST_LINE:
            raise UsageError("the message has more than {most:,} letters", most=MOST_LINE)
        if text.startswith("//"):
            text = text[1:]
        if text:
            attached, self._attached = self._attached, ()
            question = self._record.tree.add("user", text, self._record.tree.leaf)
            question.attachments = attached
            self._ask(question)

    def _ask(self, question: Turn) -> None:
        """Have it answered. What got not a word of an answer is as if it had not been asked."""
        tree, teller = self._record.tree, Teller()
        before = self._leaf_before(question)
        messages = told_turns(tree.path(question.id)).messages
        answer = tree.add("assistant", "", question.id)
        answer.model, answer.sampling = self._info.name, self._settings.sampling
        answer.complete = False
        growing = Growing(answer, teller, self._keep)
        try:
            follow(
                self._console,
                lambda told: self._chat.reply(messages, self._settings, listener=told),
                growing,
            )
        finally:
            self._take_in(answer, teller)
            if answer.text or answer.thinking:
                self._keep()
            else:
                del tree.turns[answer.id]
                tree.leaf = before
                if before == question.parent:
                    del tree.turns[question.id]
                    self._begin, self._attached = question.text, question.attachments

    def _leaf_before(self, question: Turn) -> int | None:
        """Where one stood before it was asked, or asked again."""
        tree = self._record.tree
        answers = [turn.id for turn in tree.turns.values() if turn.parent == question.id]
        return max(answers, default=question.parent)

    def _take_in(self, answer: Turn, teller: Teller) -> None:
        """What the model has written, also where it failed amid it."""
        said = self._chat.messages
        if said and said[-1].role == "assistant":
            answer.text, answer.thinking = said[-1].content, said[-1].thinking
        answer.complete = teller.reason in ("eos", "stop")
        if teller.reason in ("cancelled", "length", "context"):
            answer.ending = cast(Ending, teller.reason)

    def _keep(self) -> None:
        """A chat that was saved or loaded is kept as it grows."""
        if self._record.id:
            self._describe()
            self._store.write(self._record)

    def _describe(self) -> None:
        record, settings = self._record, self._settings
        record.model, record.model_path = self._info.name, str(self._info.path)
        record.system, record.generation = settings.system, settings.generation
        own = settings.sampling == self._info.default_sampling
        record.sampling = None if own else settings.sampling

    # Commands

    def _all_commands(self) -> dict[str, Command]:
        return {
            "help": Command("", self._help),
            "system": Command("[TEXT | off]", self._system),
            "again": Command("", self._again),
            "undo": Command("", self._undo),
            "new": Command("", self._new),
            "model": Command("[NAME]", self._model),
            "think": Command("[on | off | auto | N]", self._think),
            "file": Command("PATH", self._file),
            "save": Command("[TITLE]", self._save),
            "load": Command("[WORDS | N]", self._load),
            "exit": Command("", self._exit),
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

    def _help(self, _: str) -> None:
        names = [f"/{name} {c.takes}".rstrip() for name, c in self._commands.items()]
        widest = max(map(len, names))
        for name, says in zip(names, SAYS_WORDS.values(), strict=True):
            say(f"  {name.ljust(widest)}  {told(Words(says))}")
        for line in HELP_WORDS.values():
            say(Words(line))

    def _system(self, text: str) -> None:
        if text:
            system = "" if text == "off" else text
            self._settings = replace(self._settings, system=system)
        system = self._settings.system
        note(f"{told(INSTRUCTIONS)} {system}" if system else NO_SYSTEM)

    def _again(self, _: str) -> None:
        self._ask(self._question())

    def _undo(self, _: str) -> None:
        question = self._question()
        self._record.tree.leaf = question.parent
        self._begin, self._attached = question.text, question.attachments
        note(Words("taken back: the question stands in the line again"))

    def _question(self) -> Turn:
        """The last one. Raises UsageError where there is none."""
        asked = [turn for turn in self._record.tree.path() if turn.role == "user"]
        if not asked:
            raise UsageError("nothing was asked yet")
        return asked[-1]

    def _new(self, _: str) -> None:
        self._record, self._attached = ChatRecord(), ()
        note(Words("a new conversation"))

    def _save(self, title: str) -> None:
        path = self._record.tree.path()
        if not path:
            raise UsageError("there is nothing to save yet")
        record = self._record
        record.is_named = record.is_named or bool(title)
        record.title = title or record.title or title_of(path[0].text)
        self._describe()
        self._store.write(record)
        note(Words("kept as “{title}”, and from now on as it grows", title=shown(record.title)))

    def _load(self, words: str) -> None:
        if not words:
            for i, head in enumerate(self._store.latest(), 1):
                say(f"  {i:2d}  {shown(head.title or told(UNTITLED), 70)}")
            note(Words("/load N or /load WORDS goes on with one"))
            return
        self._record, self._attached = self._store.read(words), ()
        record = self._record
        self._settings = replace(
            self._settings,
            system=record.system,
            sampling=sampling_params(self._args, record.sampling or self._info.default_sampling),
            generation=replace(
                self._settings.generation,
                enable_thinking=record.generation.enable_thinking,
                thinking_tokens=record.generation.thinking_tokens,
                when_full=record.generation.when_full,
            ),
        )
        path = record.tree.path()
        show_turns(path[-2:])
        title = shown(record.title) if record.title else UNTITLED
        words = Words("“{title}”, {n:,} messages", title=title, n=len(path))
        if record.model and record.model != self._info.name:
            words = Words(
                "{chat}; it was with {before}, now {model} answers",
                chat=words,
                before=shown(record.model),
                model=self._info.name,
            )
        note(words)

    def _think(self, word: str) -> None:
        generation = self._settings.generation
        if word.isdecimal() and len(word) <= LONGEST_NUMBER:
            self._limit_thinking(int(word))
            return
        if word and word not in THINKING:
            raise UsageError(
                "/think takes on, off, auto or a number, not {word}", word=quoted(word)
            )
        if word:  # as before there was a limit
            generation = replace(generation, enable_thinking=THINKING[word], thinking_tokens=-1)
            self._settings = replace(self._settings, generation=generation)
        state = next(name for name, on in THINKING.items() if on is generation.enable_thinking)
        limit = generation.thinking_tokens
        words = Words(THINKING_WORDS[state])
        if limit > 0:
            words = Words("{thinking}, up to {n:,} tokens", thinking=words, n=limit)
        note(words)

    def _limit_thinking(self, tokens: int) -> None:
        """0: off."""
        if tokens and not self._info.thinks_in_tags:
            raise UsageError("it is not known how this model ends its thinking; /think on or off")
        if not tokens:
            self._think("off")
            return
        generation = self._settings.generation
        wanted = generation.enable_thinking or None  # who sets a limit wants some
        generation = replace(generation, enable_thinking=wanted, thinking_tokens=tokens)
        self._settings = replace(self._settings, generation=generation)
        self._think("")

    def _file(self, place: str) -> None:
        if not place:
            raise UsageError("/file needs the path of a file, as in /file notes.txt")
        path = user_path(_unquoted(place))
        attached = follow(self._console, lambda told: self._engine.attach(path, told))
        self._attached = (*self._attached, attached)
        (n,) = follow(self._console, lambda told: self._chat.count([attached.told], told))
        note(
            Words(
                "{file} goes with your next message: {n:,} tokens",
                file=shown(attached.name),
                n=n,
            )
        )

    def _exit(self, _: str) -> None:
        raise Leaving

    # Models

    def _model(self, name: str) -> None:
        if not name:
            self._list_models()
            return
        path = self._engine.resolve(name)
        if path == self._info.path:
            note(Words("{model} is the model at hand", model=self._info.name))
            return
        self._chat.close()
        self._engine.close_model(self._info.id).wait()
        try:
            self._open(path)
        except BaseException:
            self._open(self._info.path)
            raise
        note(Words("{model} goes on from here", model=self._info.name))

    def _open(self, path: Path) -> None:
        """The values that flags gave stay, the others are the new model's own."""
        info = open_at(
            self._engine,
            path,
            self._args,
            self._console,
            load_options(self._args),
            wished=True,
            talks=True,
        )
        own = self._settings.system == self._info.default_system
        self._settings = replace(
            self._settings,
            system=info.default_system if own else self._settings.system,
            sampling=sampling_params(self._args, info.default_sampling),
        )
        self._info, self._chat = info, self._engine.new_chat(info.id)

    def _list_models(self) -> None:
        names = self._model_names()
        for name in names[:MOST_LISTED]:
            say(f"  {shown(name)}")
        if len(names) > MOST_LISTED:
            more = Words("and {n:,} more: chaski models", n=len(names) - MOST_LISTED)
            say(f"  {told(more)}")
        note(
            Words(
                "{model} is the model at hand; /model NAME goes on with another",
                model=self._info.name,
            )
        )

    def _model_names(self) -> list[str]:
        """What the catalogue has; no disk is looked through."""
        names = [model.name for model in self._engine.library.known()]
        return [*names, *(["starter"] if self._engine.starter_path() else [])]

    def _completions(self, before: str) -> Iterable[str]:
        """What the line may become: a command, the name of a model, a path."""
        command, space, rest = before.partition(" ")
        if not space:
            return [f"/{name}" for name in self._commands if f"/{name}".startswith(command or "-")]
        if command == "/model":
            return [f"/model {name}" for name in self._model_names() if name.startswith(rest)]
        if command == "/file":
            return [f"/file {place}" for place in _places(rest)]
        return []


def _places(begun: str) -> list[str]:
    """Files and folders whose path begins so, as it was written."""
    folder, slash, name = begun.rpartition("/")
    try:
        found = sorted(user_path(folder + slash or ".").iterdir())
    except (ChaskiError, OSError):
        return []
    fit = (p for p in found if p.name.startswith(name) and (name or not p.name.startswith(".")))
    return [folder + slash + p.name + ("/" if p.is_dir() else "") for p in fit][:MOST_PLACES]


def _unquoted(place: str) -> str:
    """A path that was dropped on the terminal comes in quotes, or with backslashes."""
    if len(place) > 1 and place[0] == place[-1] and place[0] in "\"'":
        return place[1:-1]
    return place.replace("\\ ", " ") if os.sep == "/" else place
