#!/usr/bin/env python3
"""Tries what was built in a bare Debian without Python, as somebody would who installs it.

    sudo python3 packaging/trial/debian.py --deb chaski_….deb --run chaski-….run --out DIR

Needs root, debootstrap, Xvfb, openbox, xdotool, xclip and ImageMagick's `import` here. Both
forms are installed one after the other, tried (smoke.py), opened on a screen, asked something in
three languages, and removed; DIR gets the pictures, to be looked at, and times.txt. The network is
used for Debian's packages alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PACKAGING = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PACKAGING / "installers"))

from program import facts  # noqa: E402

ABOUT = facts()
SCREEN = ":97"
MIRROR = "http://deb.debian.org/debian"
JAPANESE = "fonts-vlgothic"  # a bare system has no letters for it
LIBRARIES = "libegl1 libgl1 libopengl0 libfontconfig1 libdbus-1-3 libx11-xcb1 libglib2.0-0t64"
QUESTIONS = {
    "en": "How do I get a model?",
    "fr": "Comment obtenir un modèle ?",
    "ja": "モデルはどうやって入手しますか?",
}
PATIENCE = 400  # seconds
USER = "ana"
WHOLE = "role = 'assistant' AND complete AND content != ''"
ANSWERS = f"SELECT content FROM messages WHERE {WHOLE}"


class Bare:
    """A bare system in a folder, and what was seen of the program in it."""

    def __init__(self, root: Path, out: Path) -> None:
        self.root, self.out = root, out
        self.lines: list[str] = []

    def note(self, what: str, value: str) -> None:
        self.lines.append(f"{what:44} {value}")
        print(self.lines[-1], flush=True)

    def sh(self, script: str, user: str = "root") -> str:
        """Run in the bare system. Raises CalledProcessError where it fails."""
        home = "/root" if user == "root" else f"/home/{user}"
        words = ["chroot", f"--userspec={user}:{user}", str(self.root), "/usr/bin/env", "-i"]
        words += [f"HOME={home}", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        words += ["LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "sh", "-ec", script]
        return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout

    def timed(self, what: str, script: str, user: str = "root") -> str:
        begun = time.monotonic()
        told = self.sh(script, user)
        self.note(what, f"{time.monotonic() - begun:.1f} s")
        return told


def make(root: Path) -> None:
    """Debian's smallest system, unless it is there."""
    if not (root / "etc" / "debian_version").exists():
        order = ["debootstrap", "--variant=minbase", "stable", str(root), MIRROR]
        subprocess.run(order, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    (root / "tmp" / ".X11-unix").mkdir(exist_ok=True)
    places = [
        ("--bind", "/dev", "dev"),
        ("--bind", "/dev/pts", "dev/pts"),
        ("-t", "proc", "proc"),
        ("--bind", "/tmp/.X11-unix", "tmp/.X11-unix"),
    ]
    done = []
    try:
        for how, what, where in places:
            order = ["mount", how, what, str(root / where)]
            if how == "-t":
                order = ["mount", "-t", what, what, str(root / where)]
            subprocess.run(order, check=True)
            done.append(root / where)
        yield
    finally:
        for place in reversed(done):
            subprocess.run(["umount", str(place)], check=False)


@contextmanager
def screen() -> Iterator[None]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    x = subprocess.Popen(["Xvfb", SCREEN, "-screen", "0", "1400x900x24"], **quiet)
    os.environ["DISPLAY"] = SCREEN
    time.sleep(3)
    manager = subprocess.Popen(["openbox"], **quiet)
    try:
        yield
    finally:
        for one in (manager, x):
            one.terminate()
            one.wait()


# What is tried of each form


def smoke(bare: Bare, exe: str) -> None:
    order = [sys.executable, str(PACKAGING / "smoke.py"), "--root", str(bare.root), exe]
    done = subprocess.run(order, stdout=subprocess.PIPE, text=True, check=False)
    bare.lines += ["", *done.stdout.splitlines(), ""]
    print(done.stdout, flush=True)
    if done.returncode:
        raise SystemExit(f"{exe} is not as it must be")


def windows(bare: Bare, exe: str, form: str) -> None:
    """The window in each language: how long until it is there, what the guide answers."""
    for language, question in QUESTIONS.items():
        home = bare.root / "tmp" / f"home-{form}-{language}"
        shutil.rmtree(home, ignore_errors=True)
        (home / "config").mkdir(parents=True)
        (home / "config" / "window.json").write_text(json.dumps({"language": language}))
        if language != "en":  # not a first start: kernels are there
            before = bare.root / "tmp" / f"home-{form}-en" / "cache"
            shutil.copytree(before, home / "cache", symlinks=True)
        window(bare, exe, f"{form}-{language}", home, question)


def window(bare: Bare, exe: str, name: str, home: Path, question: str) -> None:
    inside = f"/{home.relative_to(bare.root)}"
    surroundings = [f"CHASKI_HOME={inside}", f"DISPLAY={SCREEN}", "HOME=/root", "LANG=C.UTF-8"]
    begun = time.monotonic()
    program = subprocess.Popen(["chroot", str(bare.root), "env", "-i", *surroundings, exe])
    try:
        found = x("search", "--sync", "--onlyvisible", "--class", ABOUT.package).split()
        bare.note(f"{name}: the window is there after", f"{time.monotonic() - begun:.1f} s")
        x("windowactivate", "--sync", found[-1])
        time.sleep(2)
        picture(bare, f"{name}-start")
        write(question)
        x("key", "Return")
        begun = time.monotonic()
        told = answer(home / "data" / "chats.sqlite3")
        bare.note(f"{name}: the guide has answered after", f"{time.monotonic() - begun:.1f} s")
        bare.note(f"{name}: it says", " ".join(told.split())[:160])
        time.sleep(2)
        picture(bare, f"{name}-answer")
    finally:
        program.terminate()
        program.wait(60)


def x(*words: str) -> str:
    done = subprocess.run(["xdotool", *words], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def write(text: str) -> None:
    """Pasted: letters that no key has get lost where they are typed."""
    subprocess.run(["xclip", "-selection", "clipboard"], input=text, text=True, check=True)
    x("key", "ctrl+v")
    time.sleep(1)


def picture(bare: Bare, name: str) -> None:
    subprocess.run(["import", "-window", "root", str(bare.out / f"{name}.png")], check=True)


def answer(chats: Path) -> str:
    """The first whole answer that is kept. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(0.2)
        with suppress(sqlite3.Error):
            store = sqlite3.connect(f"file:{chats}?mode=ro", uri=True)
            found = store.execute(ANSWERS).fetchone()
            store.close()
            if found:
                return str(found[0])
    raise TimeoutError("the guide does not answer")


def left(bare: Bare, what: str, places: list[str]) -> None:
    found = [place for place in places if (bare.root / place).exists()]
    bare.note(f"{what}: left behind", ", ".join(found) or "nothing")
    if found:
        raise SystemExit("not all of it was removed")


# The two forms


def try_deb(bare: Bare, deb: Path) -> None:
    shutil.copy(deb, bare.root / "tmp" / "chaski.deb")
    bare.note("deb: size", f"{deb.stat().st_size / 1e6:.1f} MB")
    bare.timed("deb: installed, with what it needs, in", "apt-get install -y /tmp/chaski.deb")
    bare.note("deb: installed size", bare.sh("du -sm --apparent-size /usr/lib/chaski").split()[0])
    smoke(bare, "/usr/bin/chaski")
    windows(bare, "/usr/bin/chaski-gui", "deb")
    bare.sh("chaski chats >/dev/null")  # so that there is something of a user's
    data = bare.root / "root" / ".local" / "share" / ABOUT.name
    data.mkdir(parents=True, exist_ok=True)
    (data / "chats.sqlite3").touch()
    told = bare.timed("deb: purged in", "apt-get purge -y chaski")
    said = [line for line in told.splitlines() if str(data.relative_to(bare.root)) in line]
    bare.note("deb: a purge says", " ".join(said) or "nothing")
    share = f"usr/share/applications/{ABOUT.id}.desktop"
    left(bare, "deb", ["usr/lib/chaski", "usr/bin/chaski", share])
    if not (data / "chats.sqlite3").exists():
        raise SystemExit("the chats are gone")


def try_run(bare: Bare, run: Path) -> None:
    """As a user without rights."""
    bare.sh(f"id {USER} >/dev/null 2>&1 || useradd --create-home {USER}")
    bare.sh(f"apt-get install -y --no-install-recommends {LIBRARIES} xz-utils")
    shutil.copy(run, bare.root / "tmp" / "chaski.run")
    bare.note("run: size", f"{run.stat().st_size / 1e6:.1f} MB")
    bare.timed("run: installed in", "sh /tmp/chaski.run", USER)
    place = f"/home/{USER}/.local"
    smoke(bare, f"{place}/bin/chaski")
    windows(bare, f"{place}/bin/chaski-gui", "run")
    moved(bare, f"{place}/lib/chaski")
    bare.timed("run: removed in", f"{place}/lib/chaski/uninstall.sh", USER)
    inside = place.lstrip("/")
    entry = f"{inside}/share/applications/{ABOUT.id}.desktop"
    left(bare, "run", [f"{inside}/lib/chaski", f"{inside}/bin/chaski", entry])


def moved(bare: Bare, folder: str) -> None:
    """In another folder it finds the kernels that it compiled in the first."""
    bare.sh(f"cp -a {folder} /tmp/elsewhere")
    ask = "echo 'What is Chaski?' | CHASKI_HOME=/tmp/home-run-en {}/chaski chat starter"
    kernels = bare.root / "tmp" / "home-run-en" / "cache" / "kernels"
    before = sorted(path.name for path in kernels.rglob("*.kernel"))
    bare.timed("run: answers from another folder in", ask.format("/tmp/elsewhere"))
    after = sorted(path.name for path in kernels.rglob("*.kernel"))
    bare.note("run: kernels compiled anew there", str(len(after) - len(before)))
    shutil.rmtree(bare.root / "tmp" / "elsewhere")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--deb", type=Path)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--root", type=Path, default=Path("/var/tmp/chaski-trial"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    make(args.root)
    bare = Bare(args.root.resolve(), args.out)
    try:
        with screen(), mounted(bare.root):
            bare.note("Debian", bare.sh("cat /etc/debian_version").strip())
            bare.note("Python", bare.sh("command -v python3 || echo none").strip())
            bare.sh(f"apt-get update -qq; apt-get install -y --no-install-recommends {JAPANESE}")
            for form, file in ((try_deb, args.deb), (try_run, args.run)):
                if file is not None:
                    form(bare, file.resolve())
    finally:
        (args.out / "times.txt").write_text("\n".join(bare.lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
