#!/usr/bin/env python3
"""From a fresh clone to a running program: makes .venv, installs what is pinned, starts.

    python3 packaging/start.py              the window
    python3 packaging/start.py test [...]   the tests (what follows goes to pytest)
    python3 packaging/start.py check        lint, types, import contracts
    python3 packaging/start.py VERB [...]   any verb of the command line

Standard library only, and plain enough to parse on Pythons too old to run the program.
"""

from __future__ import annotations

import hashlib
import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "chaski-installed.json"
OLDEST, NEWEST = (3, 11), (3, 13)
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
QT_MODULES = ("QtWidgets", "QtSvg", "QtNetwork")  # those that the window imports


def main(arguments: list[str]) -> int:
    """Set up if anything changed, then do what was asked."""
    verb = arguments[0] if arguments else ""
    if verb == "test":
        python = ready("test")
        need_qt_libraries(python)
        return run_tests(python, arguments[1:])
    if verb == "check":
        return run_checks(ready("test", "check"))
    return run_program(ready(), arguments)


def ready(*extras: str) -> str:
    """The environment's Python, with the project and these extras installed as pinned."""
    python = environment()
    have = read_stamp()
    want = {"inputs": inputs_hash(), "extras": sorted({*extras, *have.get("extras", [])})}
    if have != want:
        say(f"Setting up in {VENV} (the first time this takes a minute or two) ...")
        project = f"{ROOT}[{','.join(want['extras'])}]" if want["extras"] else str(ROOT)
        pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        if run([*pip, "--constraint", str(ROOT / "constraints.txt"), "--editable", project]):
            fail("Setting up failed; see above. Is there a connection to the internet?")
        STAMP.write_text(json.dumps(want), encoding="utf-8")
    return python


def environment() -> str:
    """The Python of .venv, which is made if it is not there."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if python.is_file() and version_of(str(python)) is not None:
        return str(python)
    maker = supported_python()
    if run([maker, "-m", "venv", "--clear", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        fail(
            f"Python could not make an environment in {VENV}. On Debian and Ubuntu first run: "
            "sudo apt-get install python3-venv"
        )
    return str(python)


def supported_python() -> str:
    """This Python if it will do, else another one of this system."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and version_of(found) == (3, minor):
            return found
    return fail(
        "Chaski needs Python 3.{} to 3.{}; this is {}.{}. Get one from https://www.python.org".format(
            OLDEST[1], NEWEST[1], *sys.version_info[:2]
        )
    )


def version_of(python: str) -> tuple[int, int] | None:
    """The version of an interpreter; None if it does not run."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


def inputs_hash() -> str:
    """Changes with anything that decides what must be installed, and where."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def read_stamp() -> dict[str, Any]:
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def run_program(python: str, arguments: list[str]) -> int:
    """The window or a verb; what the system lacks for a window the program says itself."""
    code = "import sys; from engine.cli import main; sys.exit(main())"
    # -P: a folder called engine where the user stands must not take the place of ours.
    return run([python, "-P", "-c", code, *arguments], cwd=None)


def run_tests(python: str, arguments: list[str]) -> int:
    """All of them take two processes, which halves the time, and say at the end which were slow; a
    choice runs as pytest does."""
    env = dict(os.environ)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile all modules anew
    if not arguments:
        two = ["-n", "2"] if (os.cpu_count() or 1) > 1 else []
        arguments = [*two, "--durations=15"]
    if not has_display():
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
    return run([python, "-m", "pytest", *arguments], env=env)


def run_checks(python: str) -> int:
    """All checks run, so that one visit shows everything there is to mend."""
    folder = Path(python).parent
    failed = [check[0] for check in CHECKS if run([str(folder / check[0]), *check[1:]])]
    if failed:
        say("failed: " + ", ".join(failed))
    return 1 if failed else 0


def need_qt_libraries(python: str) -> None:
    """What the tests of the window need of this system; root on Debian may have it installed."""
    missing = missing_libraries(python)
    if not missing:
        return
    packages = packages_of(missing)
    if os.geteuid() == 0 and shutil.which("apt-get") and may_install(packages):
        run(["apt-get", "update", "-qq"])
        if not run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]):
            return
    fail(what_to_install(missing))


def may_install(packages: list[str]) -> bool:
    """Said before it is done, and asked where somebody is there to answer."""
    words = "the tests of the window need of the system: " + " ".join(packages)
    if not sys.stdin.isatty():  # a machine that runs tests
        say(f"Installing what {words}")
        return True
    say(f"What {words}")
    try:
        return input("Install it with apt-get now? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def qt_packages() -> dict[str, str]:
    """Qt's libraries and Debian's package with each: the list that the window itself goes by."""
    known = runpy.run_path(str(ROOT / "gui" / "libraries.py"))
    return {**known["NEEDED"], **known["NEEDED_BY_X"]}


def packages_of(missing: set[str]) -> list[str]:
    known = qt_packages()
    return sorted({known.get(name, name) for name in missing})


def what_to_install(missing: set[str]) -> str:
    return (
        f"The tests need libraries that this system lacks ({', '.join(sorted(missing))}). "
        f"On Debian and Ubuntu run: sudo apt-get install {' '.join(packages_of(missing))}"
    )


def missing_libraries(python: str) -> set[str]:
    """The shared libraries that Qt's modules and its offscreen platform look for in vain."""
    if not sys.platform.startswith("linux"):
        return set()
    code = "import PySide6; print(PySide6.__path__[0])"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True)
    if found.returncode or not shutil.which("ldd"):
        return set()
    folder = Path(found.stdout.strip())
    plugins = folder / "Qt" / "plugins" / "platforms"
    files = [file for name in QT_MODULES for file in folder.glob(f"{name}*.so")]
    files.append(plugins / "libqoffscreen.so")
    listing = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True).stdout
    return {line.split()[0] for line in listing.splitlines() if line.endswith("not found")}


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def run(command: list[str], env: dict[str, str] | None = None, cwd: Path | None = ROOT) -> int:
    """Run a command in the foreground; Ctrl-C is the command's business."""
    child = subprocess.Popen(command, env=env, cwd=cwd)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> str:
    say(text)
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
