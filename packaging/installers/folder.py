"""The frozen program: a folder that runs without any Python of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import describe_windows
import icons
from program import Program, facts

SPEC = Path(__file__).resolve().parents[1] / "chaski.spec"
WORK = "CHASKI_FREEZING"  # the folder of work, for the spec
RELEASE = "CHASKI_RELEASE"  # set by who builds a release: installed copies look for newer ones then
RELEASED = "released.txt"  # as engine/base/version.py has it
INSIDE = "_internal"
# Symbols for debuggers that these bring along; makers of others have stripped them.
STRIPPED = (
    "libllvmlite.so",
    "libpython3.*.so*",
    "tokenizers.*.so",
    "_rust.*.so",
    "lib-dynload/*.so",
)


def freeze(out: Path) -> Path:
    """A new folder below `out`; on macOS Chaski.app. Minutes."""
    work = out / "freezing"
    shutil.rmtree(work, ignore_errors=True)
    about = facts()
    _write_metadata(work / "metadata", about)
    if os.environ.get(RELEASE):
        (work / RELEASED).write_text(f"{about.repository}\n", encoding="utf-8")
    icons.make(about, work)
    describe_windows.write(about, work)
    places = ["--distpath", str(out / "frozen"), "--workpath", str(work / "build")]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places]
    environment = {**os.environ, WORK: str(work), "PYTHONHASHSEED": "0"}
    subprocess.run([*command, str(SPEC)], check=True, env=environment, cwd=SPEC.parents[1])
    made = out / "frozen" / (f"{about.name}.app" if sys.platform == "darwin" else about.package)
    if sys.platform == "linux":
        _strip(made / INSIDE)
    return made


def _write_metadata(folder: Path, about: Program) -> None:
    """What tells the program its version; the project need not be installed for it."""
    info = folder / f"{about.package}-{about.version}.dist-info"
    info.mkdir(parents=True)
    lines = f"Metadata-Version: 2.1\nName: {about.package}\nVersion: {about.version}\n"
    (info / "METADATA").write_text(lines, encoding="utf-8")


def _strip(inside: Path) -> None:
    for pattern in STRIPPED:
        for library in inside.rglob(pattern):
            subprocess.run(["strip", "--strip-unneeded", str(library)], check=True)


def weights(folder: Path) -> dict[str, int]:
    """Bytes of each part, the heaviest first: a library of Python, or a file beside them."""
    found: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            place = path.relative_to(folder).parts
            part = place[1] if place[0] == INSIDE and len(place) > 1 else place[0]
            found[part] = found.get(part, 0) + path.stat().st_size
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def table(folder: Path, least: float = 1e6) -> str:
    """What each part weighs, for people; parts under `least` bytes in one line."""
    found = weights(folder)
    lines = [f"{n / 1e6:8.1f} MB  {part}" for part, n in found.items() if n >= least]
    rest = sum(n for n in found.values() if n < least)
    lines += [f"{rest / 1e6:8.1f} MB  all else", f"{sum(found.values()) / 1e6:8.1f} MB  together"]
    return "\n".join(lines)


def make_archive(folder: Path, out: Path, kind: str) -> Path:
    """The folder as one file, e.g. "zip" or "xztar"."""
    return Path(shutil.make_archive(str(out), kind, folder.parent, folder.name))
