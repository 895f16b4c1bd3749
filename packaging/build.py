#!/usr/bin/env python3
"""Makes what people install: the program as one folder with its own Python, then its packages.

    python3 packaging/build.py [linux|windows|macos] --out DIR

`installers/folder.py` freezes the program (chaski.spec, the same for all systems); the module of
each system there makes its packages of that folder. Needs the project and PyInstaller in this
Python; a frozen program holds for the system that made it, so others need `--folder`.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "installers"))

import folder  # noqa: E402
from sums import write_sums  # noqa: E402

SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    here = SYSTEMS.get(sys.platform, "linux")
    parser.add_argument("system", nargs="?", choices=[*SYSTEMS.values()], default=here)
    parser.add_argument("--out", type=Path, default=Path("dist"), help="where the packages go")
    parser.add_argument("--folder", type=Path, help="a frozen folder that was made before")
    parser.add_argument("--only", nargs="*", metavar="FORM", help="some of the system's forms")
    parser.add_argument("--sizes", action="store_true", help="tell what each part weighs, and end")
    args = parser.parse_args()
    if args.folder is None and args.system != here:
        parser.error(f"this system freezes for {here} only; name a --folder made on {args.system}")
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    frozen = args.folder.resolve() if args.folder else folder.freeze(out)
    print(folder.table(frozen))
    if args.sizes:
        return
    system = importlib.import_module(args.system)
    made = system.make(frozen, out, args.only or system.FORMS)
    for path in [*made, write_sums(out, made)]:
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
