#!/usr/bin/env python3
"""Tries the program as it was installed: version, window, guide, convert, quantize, chat.

    python3 packaging/smoke.py /usr/bin/chaski

EXE is the command line; the window's program lies beside it. Everything happens in a folder that is
gone afterwards, with nothing of the user's. Needs no display, no network and none of Chaski's
libraries: any Python from 3.11 on. Ends with 1 where something is not as it must be.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent / "installers"))

import tiny_checkpoint  # noqa: E402
from program import facts  # noqa: E402

PATIENCE = 300  # seconds that a step may take at most
FIRST_ANSWER, LATER_ANSWER = 45.0, 3.0  # seconds that are promised, on two cores
QUESTIONS = {  # and a word that an answer must have in it
    "en": ("What is Chaski?", "program"),
    "fr": ("Qu’est-ce que Chaski ?", "programme"),
    "ja": ("Chaski とは何ですか?", "プログラム"),
}


class WrongError(Exception):
    """Something is not as it must be."""


class Installed:
    """The two programs. `root`: another system's folder, in which they run (chroot)."""

    def __init__(self, exe: str, folder: Path, root: Path | None) -> None:
        self.folder = folder
        self._exe, self._root = exe, root
        about = facts()
        self.version = about.version
        self._window = exe[::-1].replace(about.console[::-1], about.window[::-1], 1)[::-1]

    def path(self, *names: str) -> str:
        """A path in the folder of this trial as the programs see it."""
        place = self.folder.joinpath(*names)
        return str(place) if self._root is None else f"/{place.relative_to(self._root)}"

    def _start(self, program: str, *words: str, **more: int) -> subprocess.Popen[str]:
        inside = [] if self._root is None else ["chroot", str(self._root)]
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "CHASKI_HOME": self.path("home"),
            "QT_QPA_PLATFORM": "offscreen",
        }
        return subprocess.Popen(
            [*inside, program, *words],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def run(self, *words: str, said: str = "") -> str:
        """What the command line says. Raises WrongError where it fails or does not end."""
        started = self._start(self._exe, *words)
        return _ended(started, " ".join(words), said)

    def window(self, *words: str) -> subprocess.Popen[str]:
        return self._start(self._window, *words)


def _ended(started: subprocess.Popen[str], name: str, said: str = "") -> str:
    try:
        told, _ = started.communicate(said, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        started.kill()
        raise WrongError(f"{name} does not end") from None
    if started.returncode:
        raise WrongError(f"{name} ends with {started.returncode}: {told.strip()[-2000:]}")
    return told


# The steps: each returns a few words about what it saw


def version(program: Installed) -> str:
    told = program.run("--version").strip()
    if told != f"chaski {program.version}":
        raise WrongError(f"it says {told!r}, and this is {program.version}")
    return told


def window(program: Installed) -> str:
    """It opens, and a second start hands over to it; then it is ended from outside."""
    first = program.window()
    try:
        begun = time.monotonic()
        while not Path(program.folder, "home", "data", "chats.sqlite3").exists():
            if first.poll() is not None:
                raise WrongError(f"the window has ended: {_ended(first, 'chaski-gui')}")
            if time.monotonic() - begun > PATIENCE:
                raise WrongError("the window does not come up")
            time.sleep(0.05)
        second = program.window()
        _ended(second, "a second start of the window")
        if first.poll() is not None:
            raise WrongError("the window has ended by itself")
    finally:
        first.terminate()
        first.wait(PATIENCE)
    return "opens, and a second start hands over to it"


def guide(program: Installed) -> str:
    times = []
    for language in ("en", *QUESTIONS):
        question, word = QUESTIONS[language]
        begun = time.monotonic()
        told = program.run("chat", "starter", "--temperature", "0", said=question + "\n")
        times.append(time.monotonic() - begun)
        if word not in told:
            raise WrongError(f"the guide's answer to {question!r} is {told!r}")
        print(f"    {language}  {times[-1]:.1f} s  {' '.join(told.split())[:90]}")
    late = times[0] > FIRST_ANSWER or max(times[1:]) > LATER_ANSWER
    promised = f"promised are {FIRST_ANSWER:.0f} s and {LATER_ANSWER:.0f} s"
    return f"first answer {times[0]:.1f} s, later {max(times[1:]):.1f} s" + late * f" ({promised})"


def convert(program: Installed) -> str:
    tiny_checkpoint.write(Path(program.folder, "tiny"))
    program.run("convert", program.path("tiny"), program.path("tiny.gguf"))
    return f"{Path(program.folder, 'tiny.gguf').stat().st_size / 1e6:.1f} MB"


def quantize(program: Installed) -> str:
    program.run("quantize", program.path("tiny.gguf"), program.path("small.gguf"), "Q4_K_M")
    before, after = (Path(program.folder, f"{n}.gguf").stat().st_size for n in ("tiny", "small"))
    if not 0 < after < before / 3:
        raise WrongError(f"{after} bytes were made of {before}")
    return f"{after / 1e6:.1f} MB"


def chat(program: Installed) -> str:
    words = ("chat", program.path("small.gguf"), "-n", "16", "--seed", "1", "--ignore-eos")
    told = program.run(*words, said="hello\n")
    if not told.strip():
        raise WrongError("the model that was made says nothing")
    return f"{len(told.strip())} letters"


STEPS: tuple[Callable[[Installed], str], ...] = (version, window, guide, convert, quantize, chat)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("exe", metavar="EXE", help="the installed command line")
    parser.add_argument("--root", type=Path, help="it is installed in this system's folder")
    parser.add_argument("--skip", nargs="*", default=[], metavar="STEP")
    args = parser.parse_args()
    root = args.root.resolve() if args.root else None
    with TemporaryDirectory(
        prefix="chaski-smoke-", dir=root and root / "tmp", ignore_cleanup_errors=True
    ) as folder:
        program = Installed(args.exe, Path(folder).resolve(), root)
        for step in STEPS:
            if step.__name__ not in args.skip:
                begun = time.monotonic()
                try:
                    told = step(program)
                except WrongError as wrong:
                    print(f"{step.__name__:9} failed: {wrong}", file=sys.stderr)
                    return 1
                print(f"{step.__name__:9} {time.monotonic() - begun:6.1f} s  {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
