"""Packages for Windows of a frozen folder: an installer (NSIS) and a portable archive.

The installer's script compiles wherever makensis is: on Windows itself, or with Debian's `nsis`.
"""

import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import describe_windows
import icons
from program import ROOT, Program, facts

FORMS = ("installer", "portable")
MACHINE = "x86_64"
SCRIPT = ROOT / "packaging" / "windows" / "chaski.nsi"
USUAL_PLACE = Path(r"C:\Program Files (x86)\NSIS\makensis.exe")
PORTABLE = """\
While this folder, "home", lies beside the program, everything is kept in it: models, chats,
settings. Without it, they are kept in your user folder, as with the installed program.

Tant que ce dossier, « home », se trouve à côté du programme, tout y est gardé : modèles,
discussions, paramètres. Sans lui, tout est gardé dans votre dossier personnel.

このフォルダ「home」がプログラムと同じ場所にある間は、モデル、チャット、設定がすべてここに保存されます。
ない場合は、インストール版と同じくユーザーフォルダに保存されます。
"""


def make(frozen: Path, out: Path, forms: Iterable[str] = FORMS) -> list[Path]:
    """The packages of these forms, in `out`."""
    program = facts()
    makers = {"installer": installer, "portable": portable}
    return [makers[form](program, frozen, out) for form in forms]


def installer(program: Program, frozen: Path, out: Path) -> Path:
    """Raises SystemExit with what lacks, or with what makensis complains about."""
    made = out / f"{program.name}-{program.version}-windows-{MACHINE}.exe"
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        describe_windows.write(program, place)
        (place / "chaski.ico").write_bytes(icons.ico(program))
        (place / "banner.bmp").write_bytes(icons.banner(program))
        given = {
            "FACTS": place / "facts.nsh",
            "FROZEN": frozen.resolve() / "*",
            "ICON": place / "chaski.ico",
            "BANNER": place / "banner.bmp",
            "LICENCE": ROOT / "LICENSE",
            "OUT": made.resolve(),
        }
        defines = [f"-D{name}={path}" for name, path in given.items()]
        command = [makensis(), "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defines, str(SCRIPT)]
        done = subprocess.run(command, capture_output=True, cwd=SCRIPT.parent)
    if done.returncode:
        told = (done.stdout + done.stderr).decode("utf-8", "replace")
        raise SystemExit(f"makensis: {told.strip()}")
    return made


def makensis() -> str:
    found = shutil.which("makensis") or (str(USUAL_PLACE) if USUAL_PLACE.is_file() else "")
    if not found:
        raise SystemExit("makensis is needed: apt-get install nsis, or choco install nsis")
    return found


def portable(program: Program, frozen: Path, out: Path) -> Path:
    """An archive of one folder, with an empty home in it."""
    folder = f"{program.name}-{program.version}"
    made = out / f"{folder}-windows-{MACHINE}-portable.zip"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(frozen.rglob("*")):
            archive.write(path, f"{folder}/{path.relative_to(frozen).as_posix()}")
        archive.write(ROOT / "LICENSE", f"{folder}/LICENSE.txt")
        archive.writestr(f"{folder}/home/README.txt", PORTABLE.replace("\n", "\r\n"))
    return made
