"""Linux: a Debian package, a file that installs itself for one user, a manifest for Flatpak."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import describe_linux
import icons
import linux_flatpak
import linux_run
from folder import INSIDE
from licences import NAME as LICENCES
from parts import is_wanted
from program import ROOT, Program, facts
from releases import releases

sys.path.append(str(ROOT))
from gui import libraries  # noqa: E402

FORMS = ("deb", "run", "flatpak")
SCRIPTS = Path(__file__).resolve().parent / "linux_scripts"
DEBIAN_NAMES = {"x86_64": "amd64", "aarch64": "arm64"}
# Libraries that are not in the folder, as every desktop has its own (parts.py): Debian's packages.
NEEDED = (
    "libc6 (>= {libc})",
    "libbrotli1",
    "libdbus-1-3",
    "libegl1",
    "libexpat1",
    "libfontconfig1",
    "libfreetype6",
    "libgcc-s1",
    "libgl1",
    "libglib2.0-0 | libglib2.0-0t64",
    "libopengl0",
    "libstdc++6",
    "libx11-6",
    "libx11-xcb1",
    "libxcb1",
    "libzstd1",
    "zlib1g",
)
GOOD_TO_HAVE = ("xdg-utils", "shared-mime-info", "desktop-file-utils", "libwayland-client0")
GOOD_TO_HAVE += ("libwayland-cursor0", "libwayland-egl1")


def make(folder: Path, out: Path, forms: Sequence[str]) -> list[Path]:
    """What is asked for of FORMS. Flatpak's manifest takes the program from the Debian package.

    Raises SystemExit where the machine that froze the folder lacked libraries that belong into it.
    """
    if lacking := lacks(folder):
        packages = " ".join(sorted(lacking.values()))
        raise SystemExit(
            f"the frozen folder lacks {', '.join(sorted(lacking))}, and the window would not open; "
            f"install {packages} and freeze it again"
        )
    about, made = facts(), dict[str, Path]()
    makers = {"deb": make_deb, "run": make_run}
    for form in forms:
        if form in makers:
            made[form] = makers[form](folder, out, about)
    if "flatpak" in forms:
        made["flatpak"] = linux_flatpak.write(out, about, deb_name(about))
    return list(made.values())


def lacks(folder: Path) -> dict[str, str]:
    """Libraries that the window asks for and that neither lie here nor are the system's, each with
    Debian's package."""
    wanted = libraries.NEEDED | libraries.NEEDED_BY_X
    inside = {path.name for path in folder.rglob("*.so*")}
    return {name: p for name, p in wanted.items() if is_wanted(name) and name not in inside}


def deb_name(about: Program) -> str:
    return f"{about.package}_{about.version}_{_architecture()}.deb"


def _architecture() -> str:
    return DEBIAN_NAMES.get(platform.machine(), platform.machine())


def write_share(about: Program, share: Path) -> None:
    """Desktop entry, file types, AppStream data, icons of all sizes."""
    describe_linux.write(about, releases(), share)
    drawn = share.parent / "drawn"
    icons.make(about, drawn)
    shutil.copytree(drawn / "hicolor", share / "icons" / "hicolor")
    shutil.rmtree(drawn)


def script(name: str, about: Program, **more: str) -> str:
    """One of linux_scripts, with what stands between @ filled in."""
    shared = {part: f"{part}.sh" for part in ("caches", "chats", "clear")}
    parts = {
        part: (SCRIPTS / file).read_text(encoding="utf-8").rstrip("\n")
        for part, file in shared.items()
    }
    fields = {
        "version": about.version,
        "id": about.id,
        "window": about.window,
        "programs": f"{about.console} {about.window}",
        "machine": platform.machine(),
        **more,
    }
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    for table in (parts, fields):
        for field, value in table.items():
            text = text.replace(f"@{field}@", value)
    left = re.findall(r"@\w+@", text)
    if left:
        raise ValueError(f"{name}: nobody fills in {', '.join(left)}")
    return text


# Debian


def make_deb(folder: Path, out: Path, about: Program) -> Path:
    """Into /usr/lib/chaski; the programs are links in /usr/bin."""
    tree = out / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    place = tree / "usr" / "lib" / about.package
    shutil.copytree(folder, place, symlinks=True)
    (tree / "usr" / "bin").mkdir()
    for name in (about.console, about.window):
        (tree / "usr" / "bin" / name).symlink_to(f"../lib/{about.package}/{name}")
    write_share(about, tree / "usr" / "share")
    papers = tree / "usr" / "share" / "doc" / about.package
    papers.mkdir(parents=True)
    (papers / "copyright").symlink_to(f"../../../lib/{about.package}/{INSIDE}/{LICENCES}")
    _write_control(tree, about, _libc_of(place))
    made = out / deb_name(about)
    # More threads take gigabytes.
    pressing = ["-Zxz", f"-z{linux_run.LEVEL}", "--threads-max=1"]
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", *pressing, "--build", str(tree), str(made)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(tree)
    return made


def _write_control(tree: Path, about: Program, libc: str) -> None:
    size = sum(p.lstat().st_size for p in tree.rglob("*") if p.is_file() and not p.is_symlink())
    fields = {
        "Package": about.package,
        "Version": about.version,
        "Architecture": _architecture(),
        "Maintainer": f"{about.publisher} <noreply@users.noreply.github.com>",
        "Installed-Size": str(-(-size // 1024)),
        "Depends": ", ".join(NEEDED).format(libc=libc),
        "Recommends": ", ".join(GOOD_TO_HAVE),
        "Suggests": "gnome-keyring | kwalletmanager, fonts-noto-cjk",
        "Section": "science",
        "Priority": "optional",
        "Homepage": about.repository,
        "Description": "\n .\n".join(
            [about.summary["en"], *(f" {text}" for text in about.description["en"])]
        ).replace("\n .\n ", "\n ", 1),
    }
    control = tree / "DEBIAN"
    control.mkdir()
    lines = [f"{name}: {text}" for name, text in fields.items()]
    (control / "control").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("postinst", "postrm"):
        (control / name).write_text(script(name, about), encoding="utf-8")
        (control / name).chmod(0o755)


def _libc_of(folder: Path) -> str:
    """The newest version of the C library that anything in the folder asks for."""
    newest = 0
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if data[:4] == b"\x7fELF":
                found = re.findall(rb"\0GLIBC_2\.(\d+)(?=\0)", data)
                newest = max([newest, *map(int, found)])
    return f"2.{newest}"


# For one user


def make_run(folder: Path, out: Path, about: Program) -> Path:
    """A shell script with the program behind it, pressed."""
    tree = out / "run"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree, symlinks=True)
    write_share(about, tree / "share")
    for name in ("install.sh", "uninstall.sh"):
        (tree / name).write_text(script(name, about), encoding="utf-8")
        (tree / name).chmod(0o755)
    made = out / f"{about.package}-{about.version}-linux-{platform.machine()}.run"
    linux_run.press(tree, made, lambda **more: script("header.sh", about, **more))
    shutil.rmtree(tree)
    return made
