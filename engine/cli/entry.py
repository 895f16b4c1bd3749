"""Chooses the verb, and turns every error into one sentence and an exit code.

0 done, 1 a clear error, 2 wrong usage, 130 Ctrl-C. No verb: the window.
"""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from engine.base.catalogue import Words
from engine.base.environment import ASK_DRIVER, COMPILE, HELPER, debugging
from engine.base.errors import CancelledError, ChaskiError, bounded
from engine.base.failures import as_sentence
from engine.base.words import lines_of
from engine.cli import interrupt
from engine.cli.console import EXIT_ERROR, EXIT_STOPPED, EXIT_USAGE, Console, say
from engine.cli.flags import FlagError
from engine.cli.speaking import ARGPARSE_WORDS, helping, teach_argparse, told

ALL = "*"
MOST_LETTERS = 4000  # of a sentence; the terminal must not obey the words of a file


def main(argv: Sequence[str] | None = None) -> int:
    """The entry point; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == [HELPER]:  # a frozen program is its own helper
        from engine.text.apart_child import serve

        return serve()
    if arguments[:1] == [ASK_DRIVER]:
        from engine.hardware import drivers_child

        return drivers_child.main(arguments[1:])
    if arguments[:1] == [COMPILE]:
        from engine.compute.kernels import warm

        return warm.serve(arguments[1:])
    if argv is not None:
        interrupt.give_back()
    _speak_utf8()
    if debugging():
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    return _guarded(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    check_ours("engine")
    if not arguments or (arguments[0] not in VERBS and Path(arguments[0]).is_file()):
        return open_window(arguments)
    if arguments[0].lower().endswith(".gguf"):
        raise ChaskiError(
            "there is no file {argument}; check the spelling of the path", argument=arguments[0]
        )
    wanted = arguments[0] if arguments[0] in VERBS else None
    parser, verbs = _parser(None if arguments == ["--version"] else wanted or ALL)
    if wanted is not None:
        arguments[1:] = positionals_first(verbs[wanted], arguments[1:])
    teach_argparse()
    args = parser.parse_args(arguments)
    status: int = args.run(args, Console(json=args.json))
    return status


@cache
def _parser(
    wanted: str | None = ALL,
) -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The command line's, and each verb's: of ALL or no files, or of that in which `wanted` is, as
    the others take longer to load than most verbs run. Made once, for who runs many verbs."""
    parser = _Parser(
        prog="chaski",
        description="Run language models on your own computer. Without a verb, open the window.",
        epilog="chaski VERB --help says more. MODEL is a path or a name in the library.",
    )
    subparsers = parser.add_subparsers(metavar="VERB", required=True)
    files = VERBS.values() if wanted == ALL else [VERBS[wanted]] if wanted else []
    for name in dict.fromkeys(files):
        importlib.import_module(f"engine.cli.{name}").add(subparsers)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    return parser, dict(subparsers.choices)


def parsers() -> list[argparse.ArgumentParser]:
    """The whole command line's, and those of the verbs: what there is to tell of them."""
    parser, verbs = _parser(ALL)
    return [parser, *verbs.values()]


# A file each, by what it offers; in the order of the help. Loaded when they are asked for, so that
# Ctrl-C is heeded from the first moment.
VERBS = {
    "chat": "chat",
    "complete": "complete",
    "logits": "logits",
    "tokenize": "tokens",
    "detokenize": "tokens",
    "render": "tokens",
    "embed": "embed",
    "info": "info",
    "perplexity": "perplexity",
    "bench": "bench",
    "hardware": "hardware",
    "search": "search",
    "models": "models",
    "download": "download",
    "chats": "chats",
    "open": "window",
    "update": "update",
    "convert": "convert",
    "quantize": "quantize",
    "imatrix": "imatrix",
}


class _Parser(argparse.ArgumentParser):
    """Says what was wrong in one line; the verbs have more flags than anyone wants to see then."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **values})

    def error(self, message: str) -> NoReturn:
        words = Words(
            "error: {message} ({program} --help says more)", message=message, program=self.prog
        )
        self.exit(EXIT_USAGE, told(words) + "\n")


class _Help(argparse.HelpFormatter):
    """Help in the person's language, also where letters are two columns wide."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        prefix = helping(ARGPARSE_WORDS["usage"]) if prefix is None else prefix
        super().add_usage(usage, actions, groups, prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and helping(heading))

    def add_text(self, text: str | None) -> None:
        super().add_text(text if text in (None, argparse.SUPPRESS) else helping(str(text)))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and helping(action.help)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return lines_of(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in lines_of(text, width - len(indent)))


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than parsing."""

    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> None:
        from engine.base.version import installed_version

        print(f"chaski {installed_version()}")
        parser.exit(0)


def _guarded(run: Callable[[], int]) -> int:
    """Run a verb; whatever it raises becomes a sentence."""
    try:
        return run()
    except (KeyboardInterrupt, CancelledError):
        say(Words("stopped"))
        return EXIT_STOPPED
    except BrokenPipeError:
        # The reader went away (`| head`); give the interpreter nothing more to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_ERROR
    except FlagError as error:
        return _failed(error, EXIT_USAGE)
    except SystemExit:
        raise
    except BaseException as error:  # a panic of a library is no Exception
        return _failed(error, EXIT_ERROR)


def _failed(error: BaseException, code: int) -> int:
    if debugging():
        logging.getLogger(__name__).debug("failed", exc_info=error)
    sentence: ChaskiError = as_sentence(error)
    say(bounded(told(Words("error: {what}", what=sentence)), MOST_LETTERS))
    return code


def open_window(arguments: list[str]) -> int:
    """Open the window, found by its name only: the engine never imports the gui."""
    try:
        check_ours("gui")
        window = importlib.import_module("gui.start")
        return int(window.main(arguments) or 0)
    except ImportError as error:
        raise ChaskiError(
            "the window cannot start here ({error}); python3 packaging/start.py says what to "
            "install, and the verbs work without it (chaski --help)",
            error=error,
        ) from error


def check_ours(name: str) -> None:
    """Both packages have common names: one of another program may come first, or lie upon ours."""
    package = importlib.import_module(name)
    if getattr(package, "PROGRAM", "") != "Chaski":
        raise ChaskiError(
            "another program's package {name}, in {place}, stands in the way of Chaski's; install "
            "Chaski into an environment of its own: python3 packaging/start.py",
            name=name,
            place=next(iter(package.__path__), ""),
        )


def _speak_utf8() -> None:
    """Model text is Unicode, whatever the terminal of this system was set to.

    A stream that is not there (a program without a console) takes everything and keeps nothing.
    """
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def positionals_first(verb: argparse.ArgumentParser, arguments: Sequence[str]) -> list[str]:
    """A verb's arguments in an order that argparse reads; as they are where a `--` says so."""
    if "--" in arguments:
        return list(arguments)
    positional, flags = list[str](), list[str]()
    rest = iter(arguments)
    for text in rest:
        if not text.startswith("-") or text == "-":
            positional.append(text)
            continue
        flags.append(text)
        if _takes_a_value(verb, text):
            flags += [value for value in [next(rest, None)] if value is not None]
    return positional + flags


def _takes_a_value(verb: argparse.ArgumentParser, flag: str) -> bool:
    """Whether the next argument belongs to the flag, which may be cut short (--temp) and may have
    its value with it (--top-k=40, -n5)."""
    if "=" in flag:
        return False
    known = {name: action for action in verb._actions for name in action.option_strings}
    found = known.get(flag)
    if found is None and flag.startswith("--"):
        meant = [action for name, action in known.items() if name.startswith(flag)]
        found = meant[0] if meant else None
    return found is not None and found.nargs is None
