"""facts.nsh: what the installer's script for Windows includes."""

import sys
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from program import ROOT, Program

HOME = "$LOCALAPPDATA\\{name}"  # where engine/base/paths.py keeps a user's files there


def write(program: Program, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    # With a mark at its beginning, by which makensis knows UTF-8.
    (out / "facts.nsh").write_text(facts_nsh(program), encoding="utf-8-sig", newline="\r\n")
    (out / "version.txt").write_text(version_info(program), encoding="utf-8", newline="\n")


def facts_nsh(program: Program) -> str:
    kind = program.file_types[0]
    told = {
        "NAME": program.name,
        "VERSION": program.version,
        "PLAIN_VERSION": program.plain_version,
        "PUBLISHER": program.publisher,
        "COPYRIGHT": program.copyright,
        "HOMEPAGE": program.repository,
        "WINDOW": program.window,
        "CONSOLE": program.console,
        "SCHEME": program.scheme,
        "EXTENSION": kind.extension,
        "FILE_CLASS": f"{program.name}.{kind.extension}",
        **{f"SUMMARY_{lang.upper()}": text for lang, text in program.summary.items()},
        **{f"FILE_NAME_{lang.upper()}": text for lang, text in kind.name.items()},
    }
    home = HOME.format(name=program.name)
    lines = [f'!define {name} "{escaped(text)}"' for name, text in told.items()]
    lines += [f'!define HOME "{home}"', f'!define CHATS_FILE "{home}\\chats.sqlite3"']
    lines += _macro("DELETE_CACHES", (f'RMDir /r "{home}\\{each}"' for each in caches()))
    deletes = [f'Delete "{home}\\{each}"' for each in kept()]
    deletes += [f'RMDir /r "{home}\\{each}"' for each in folders()]
    lines += _macro("DELETE_CHATS_AND_SETTINGS", iter(deletes))
    return "\n".join(lines) + "\n"


def version_info(program: Program) -> str:
    """What Windows shows of each program under Properties, in PyInstaller's form."""
    numbers = tuple(int(n) for n in program.plain_version.split("."))
    told = {
        "CompanyName": program.publisher,
        "FileDescription": program.name,
        "FileVersion": program.version,
        "LegalCopyright": program.copyright,
        "ProductName": program.name,
        "ProductVersion": program.version,
    }
    words = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in told.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=["
        f"StringFileInfo([StringTable('040904B0', [{words}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def escaped(text: str) -> str:
    """As NSIS reads a text in quotes."""
    if not text.isprintable():
        raise ValueError(f"{text!r} cannot stand in an installer's script")
    return text.replace("$", "$$").replace('"', '$\\"')


def kept() -> list[str]:
    """Every file of a user's that is no model, with what SQLite and mending leave beside it."""
    return sorted({f"{path.stem}*{path.suffix}*" for path in _files()})


def folders() -> list[str]:
    """What lies beside those files in folders of its own, but for the models."""
    there = (path for path in _paths() if path.parent.name == "data" and not path.suffix)
    return [path.name for path in there if path.name != "models"]


def caches() -> list[str]:
    """Folders whose contents are made anew where they lack."""
    home = PureWindowsPath("Cache")
    return [str(home / folder.name) for folder in _paths() if folder.parent.name == "cache"]


def _files() -> Iterator[Path]:
    for path in _paths():
        if path.suffix and path.parent.name in ("config", "data"):
            yield path


def _paths() -> Iterator[Path]:
    """All that the program itself names: nothing is forgotten here when it learns of another."""
    sys.path.insert(0, str(ROOT))
    from engine.base.paths import Paths

    example = Paths.under(ROOT)
    for name, value in vars(Paths).items():
        if isinstance(value, property):
            yield getattr(example, name)


def _macro(name: str, lines: Iterator[str]) -> list[str]:
    return [f"!macro {name}", *(f"  {line}" for line in lines), "!macroend"]
