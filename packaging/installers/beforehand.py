"""What Python and PySide would compile anew at each start of the frozen program, compiled
beforehand: a quarter of a start. Read by chaski.spec; frozen/beforehand.py gives it to the program.

Both are what the same Python would make; what is not found is compiled as usual.
"""

from __future__ import annotations

import marshal
import subprocess
import sys
from pathlib import Path

CODE = "dataclasses.code"
# Whose dataclasses a start makes: those of what is imported here.
IMPORTED = ("gui.app", "gui.afterwards", "engine.library.chats", "engine.library.models")
SUPPORT = "shiboken6/files.dir"  # where PySide looks for the part of it that is written in Python
# Of that part, what stays untouched until somebody asks for the signature of a function of Qt's, or
# calls one with something else. (PySide looks into `mapping` without asking for its names.)
SELDOM = ("errorhandler", "layout", "parser", "tool", "enum_sig", "pyi_generator")
LATE = """
def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    import marshal
    del globals()["__getattr__"]
    exec(marshal.loads(CODE), globals())
    return globals()[name]
"""


def write(work: Path) -> list[tuple[str, str, str]]:
    """Both below this folder; where they go, as PyInstaller lists data."""
    place = work / "beforehand"
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, __file__, str(place)], check=True)
    files = [path for path in place.rglob("*") if path.is_file()]
    return [(path.relative_to(place).as_posix(), str(path), "DATA") for path in files]


def write_dataclasses(place: Path) -> None:
    """Of each module a table from what `dataclasses` writes to its code."""
    import dataclasses

    found: dict[str, dict[str, object]] = {}

    def compiled(text: str, spaces: dict[str, object], names: dict[str, object]) -> None:
        code = compile(text, "<string>", "exec")
        found.setdefault(str(spaces.get("__name__")), {})[text] = code
        exec(code, spaces, names)

    vars(dataclasses)["exec"] = compiled
    for name in IMPORTED:
        __import__(name)
    tables = {name: marshal.dumps(table) for name, table in found.items()}
    place.write_bytes(marshal.dumps((sys.version, tables)))


def write_support(place: Path) -> None:
    """PySide's own modules, which it keeps as text in an archive within a library."""
    import importlib.util

    loader = sys.modules["shibokensupport.signature.loader"].__spec__.loader
    for name in loader.zfile.namelist():
        path = Path(name)
        if path.suffix == ".py" and len(path.parts) > 1:
            code = compile(loader.zfile.read(name), name, "exec", dont_inherit=True)
            if path.stem in SELDOM:
                code = compile(f"CODE = {marshal.dumps(code)!r}\n{LATE}", name, "exec")
            made = place / path.with_suffix(".pyc")
            made.parent.mkdir(parents=True, exist_ok=True)
            head = importlib.util.MAGIC_NUMBER + bytes(12)
            made.write_bytes(head + marshal.dumps(code))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    folder = Path(sys.argv[1])
    write_dataclasses(folder / CODE)
    write_support(folder / SUPPORT)
