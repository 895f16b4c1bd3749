#!/usr/bin/env python3
"""All that tells others about the program, made of packaging/program.toml and releases.toml.

    python3 packaging/describe.py OUT

makes OUT/linux (a `share` with desktop entry, file types, AppStream data), OUT/macos (Info.plist,
names of file types), OUT/windows (what the installer's script includes) and OUT/icons, which needs
PySide6. In its place

    python3 packaging/describe.py OUT --released FOLDER

makes what needs the finished packages in FOLDER, their sizes and SHA-256: OUT/release.json, which
programs look at for updates, OUT/notes.md, OUT/winget and OUT/homebrew; and

    python3 packaging/describe.py --check TAG OWNER/NAME

says whether a release may be made under this tag, in this repository.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "installers"))

import describe_linux  # noqa: E402
import describe_macos  # noqa: E402
import describe_release  # noqa: E402
import describe_windows  # noqa: E402
import icons  # noqa: E402
from program import Program, facts  # noqa: E402
from releases import newest, releases  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, nargs="?", default=Path("dist/described"))
    parser.add_argument("--released", type=Path, metavar="FOLDER", help="the finished packages")
    parser.add_argument("--check", nargs=2, metavar=("TAG", "OWNER/NAME"))
    args = parser.parse_args()
    program = facts()
    if args.check:
        check(program, *args.check)
    elif args.released:
        describe_release.write(program, newest(program.version), args.released, args.out)
    else:
        describe_linux.write(program, releases(), args.out / "linux")
        describe_macos.write(program, args.out / "macos")
        describe_windows.write(program, args.out / "windows")
        icons.make(program, args.out / "icons")


def check(program: Program, tag: str, repository: str) -> None:
    """Raises SystemExit with what is not as it must be before a release."""
    newest(program.version)
    if tag != f"v{program.version}":
        raise SystemExit(f"the tag is {tag}, but engine/base/version.py says {program.version}")
    if repository != program.owner:
        raise SystemExit(
            f"releases are made in {program.owner} alone, where installed programs look for "
            f"updates; this is {repository} (packaging/program.toml names the place)"
        )


if __name__ == "__main__":
    main()
