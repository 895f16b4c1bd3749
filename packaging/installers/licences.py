"""The licences of all that is in the frozen program, in one file that goes with it.

Found by the files that were packed: whose distribution of Python they are, or which package of
Debian's they came from. Each text stands once, also where many libraries have the same.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from program import Program

NAME = "LICENSES.txt"
COMMON = Path(__file__).resolve().parent / "licences"  # texts that libraries only name
RULE = "=" * 80
NAMED = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
TEXT_OF = {  # what a library's metadata say -> texts of COMMON
    "LGPL-3.0": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "Apache": ("Apache-2.0.txt",),
}
QT = (
    "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. They lie in "
    "the folder PySide6 as libraries of their own, which you may exchange for others that you "
    "built. Their sources: https://download.qt.io and https://code.qt.io"
)
Texts = Iterable[tuple[str, str]]  # (name of the text, itself)


def collect(program: Program, root: Path, packed: Iterable[tuple[str, Path]]) -> str:
    """The whole file. `packed`: what each file is called in the program's folder, and where it lay
    on this machine (modules have been compiled since, and lie elsewhere)."""
    packed = list(packed)
    files, names = {path.resolve() for _, path in packed}, {Path(name) for name, _ in packed}
    parts = [
        (f"{program.name} {program.version}", program.licence, _ours(root)),
        (f"Python {sys.version.split()[0]}", "PSF-2.0", _of_python()),
    ]
    parts += [
        (_name(each), _licence(each), list(_texts(each)))
        for each in sorted(distributions(), key=lambda one: one.metadata["Name"].lower())
        if each.metadata["Name"].lower() != program.package
        and any(_is_packed(each, file, files, names) for file in each.files or [])
    ]
    parts += [(name, "", texts) for name, texts in _of_system(files)]
    return _written(program, parts)


def _written(program: Program, parts: Iterable[tuple[str, str, Texts]]) -> str:
    lines = [f"{program.name} and the libraries that come with it, each under its own licence."]
    lines += ["", QT, ""]
    known: dict[str, str] = {}
    for name, licence, texts in parts:
        lines += [RULE, name, *([f"Licence: {licence}"] if licence else []), ""]
        for title, text in texts:
            bare = " ".join(text.split())
            if bare in known:
                lines += [f"{title}: as under {known[bare]}", ""]
            else:
                known[bare] = name
                lines += [text.strip("\n"), ""]
    return "\n".join(lines)


def _ours(root: Path) -> list[tuple[str, str]]:
    """Our own, and those of the fonts, icons and the model that come with the program."""
    inside = sorted(path for path in (root / "resources").rglob("*") if NAMED.search(path.name))
    paths = [root / "LICENSE", root / "resources" / "SOURCES.txt", *inside]
    return [(str(path.relative_to(root)), _read(path)) for path in paths]


def _of_python() -> list[tuple[str, str]]:
    base = Path(sys.base_prefix)
    places = [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", base / "LICENSE.txt"]
    return [("LICENSE.txt", _read(path)) for path in places if path.is_file()][:1]


def _name(one: Distribution) -> str:
    return f"{one.metadata['Name']} {one.version}"


def _licence(one: Distribution) -> str:
    """In a few words; some have the whole text where its name belongs."""
    told = one.metadata.get("License-Expression") or one.metadata.get("License") or ""
    if told and "\n" not in told.strip() and told != "UNKNOWN":
        return str(told)
    kinds = [each for each in one.metadata.get_all("Classifier") or [] if each[:9] == "License :"]
    return ", ".join(each.rpartition("::")[2].strip() for each in kinds)


def _is_packed(one: Distribution, file: Any, files: set[Path], names: set[Path]) -> bool:
    if file.suffix == ".py":
        return Path(file).with_suffix(".pyc") in names
    return file.suffix != ".pyc" and _place(one, file) in files


def _place(one: Distribution, file: Any) -> Path:
    return Path(str(one.locate_file(file))).resolve()


def _texts(one: Distribution) -> Iterator[tuple[str, str]]:
    found = [
        file
        for file in one.files or []
        if (NAMED.search(file.name) or "licenses" in (part.lower() for part in file.parts[:-1]))
        and file.suffix not in (".py", ".pyc", ".json")
    ]
    for file in found:
        path = _place(one, file)
        if path.is_file():
            yield file.name, _read(path)
    if not found:
        said = _licence(one)
        for word, names in TEXT_OF.items():
            if word in said:
                yield from ((name, _read(COMMON / name)) for name in names)


def _of_system(files: set[Path]) -> Iterator[tuple[str, Texts]]:
    """Libraries that were taken from this Linux system: what its packages say of themselves."""
    ours = [Path(place).resolve() for place in (sys.prefix, sys.base_prefix, COMMON.parents[2])]
    foreign = sorted(str(f) for f in files if not any(f.is_relative_to(place) for place in ours))
    dpkg = shutil.which("dpkg-query")
    if not foreign or dpkg is None:
        return
    # A library may be listed below /lib, which is /usr/lib today.
    asked = [*foreign, *(path.removeprefix("/usr") for path in foreign)]
    told = subprocess.run([dpkg, "-S", *asked], capture_output=True, text=True, check=False)
    packages = sorted({line.split(":")[0] for line in told.stdout.splitlines()})
    for name in packages:
        path = Path("/usr/share/doc") / name / "copyright"
        if path.is_file():
            yield f"{name} (library of Debian)", [("copyright", _read(path))]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
