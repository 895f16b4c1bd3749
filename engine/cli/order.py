"""Flags may stand anywhere, also between a verb's positional arguments.

argparse in many versions of Python takes an optional positional argument for absent as soon as a
flag comes before it (python/cpython issue 59317), so what is positional is put first.
"""

import argparse
from collections.abc import Sequence


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
