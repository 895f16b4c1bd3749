"""Each verb is loaded alone, and the table of them says where each is."""

import argparse
import importlib
import subprocess
import sys

from helpers.data import ROOT

from engine.cli.entry import VERBS, parsers


def test_the_table_says_what_each_file_offers() -> None:
    found = {}
    for name in dict.fromkeys(VERBS.values()):
        subparsers = argparse.ArgumentParser().add_subparsers()
        importlib.import_module(f"engine.cli.{name}").add(subparsers)
        found.update(dict.fromkeys(subparsers.choices, name))
    assert list(found.items()) == list(VERBS.items())


def test_the_help_tells_of_all() -> None:
    lines = parsers()[0].format_help().splitlines()
    told = [line.split()[0] for line in lines if line.startswith("    ") and line[4] != " "]
    assert told == list(VERBS)


def test_a_verb_does_not_load_the_others() -> None:
    code = "import sys; from engine.cli import main; main(['tokenize', 'none.gguf', 'x']);"
    code += "print([n for n in ('bench', 'chat', 'convert') if f'engine.cli.{n}' in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
