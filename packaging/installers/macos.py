"""The package for macOS of a frozen bundle: signed and notarized where keys are given, in a .dmg.

Keys come from the environment, and none of them is ever shown:

    CHASKI_APPLE_IDENTITY   the certificate in the keychain: "Developer ID Application: …"
    CHASKI_APPLE_KEY        a file .p8 of App Store Connect, for notarizing
    CHASKI_APPLE_KEY_ID     its id
    CHASKI_APPLE_ISSUER     and whose it is

Programs of the bundle may write code into memory and run it, as the kernels are compiled on the
machine (packaging/macos/entitlements.plist, which must have no comment: Apple's reader fails at
one); nothing else that a hardened program may not do is asked for.

Without keys the bundle keeps the signature of nobody that it was frozen with: it runs, after its
user has allowed it under Privacy & Security.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import describe_macos
from program import ROOT, Program, facts

FORMS = ("dmg",)
MACHINE = "arm64"
ENTITLEMENTS = ROOT / "packaging" / "macos" / "entitlements.plist"
LIBRARY_MAGIC = (  # of Mach-O files: one machine, either order of bytes; several machines
    b"\xcf\xfa\xed\xfe",
    b"\xfe\xed\xfa\xcf",
    b"\xca\xfe\xba\xbe",
)


@dataclass(frozen=True)
class Keys:
    """Empty where there are none."""

    identity: str = ""
    key: str = ""
    key_id: str = ""
    issuer: str = ""

    @property
    def can_notarize(self) -> bool:
        return bool(self.identity and self.key and self.key_id and self.issuer)


def keys_of(environment: Mapping[str, str]) -> Keys:
    names = ("IDENTITY", "KEY", "KEY_ID", "ISSUER")
    return Keys(*(environment.get(f"CHASKI_APPLE_{name}", "").strip() for name in names))


def make(frozen: Path, out: Path, forms: Iterable[str] = FORMS) -> list[Path]:
    """The packages of these forms, in `out`. `frozen`: the bundle, which gets its last parts."""
    program, keys = facts(), keys_of(os.environ)
    describe_macos.write_strings(program, frozen / "Contents" / "Resources")
    sign(frozen, keys)
    return [_dmg(program, frozen, out, keys) for form in forms if form == "dmg"]


def sign(bundle: Path, keys: Keys) -> None:
    if not keys.identity:
        print("Not signed by anybody: CHASKI_APPLE_IDENTITY names no certificate.")
        run("codesign", "--force", "--sign", "-", str(bundle))  # its contents have changed
        return
    for path in [*inner(bundle), bundle]:
        run(*signing(path, keys))
    run("codesign", "--verify", "--strict", "--deep", str(bundle))


def inner(bundle: Path) -> list[Path]:
    """Every library and program in it, the deepest first: what contains others is signed last."""
    found = [path for path in bundle.rglob("*") if _is_code(path)]
    return sorted(found, key=lambda path: (-len(path.parts), path))


def _is_code(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(4) in LIBRARY_MAGIC


def signing(path: Path, keys: Keys) -> list[str]:
    """The command that signs one part; only programs are entitled to anything."""
    is_program = path.parent.name == "MacOS" or path.suffix == ".app"
    entitled = [f"--entitlements={ENTITLEMENTS}"] if is_program else []
    plain = ["codesign", "--force", "--timestamp", "--options=runtime"]
    return [*plain, *entitled, f"--sign={keys.identity}", str(path)]


def _dmg(program: Program, bundle: Path, out: Path, keys: Keys) -> Path:
    """A disk image with the bundle and a way to Applications."""
    made = out / f"{program.name}-{program.version}-macos-{MACHINE}.dmg"
    with tempfile.TemporaryDirectory() as scratch:
        disk = Path(scratch) / program.name
        shutil.copytree(bundle, disk / bundle.name, symlinks=True)
        (disk / "Applications").symlink_to("/Applications")
        shutil.copyfile(ROOT / "LICENSE", disk / "LICENSE.txt")
        image = ["hdiutil", "create", "-quiet", "-ov", "-format", "ULMO", "-fs", "HFS+"]
        run(*image, "-volname", program.name, "-srcfolder", str(disk), str(made))
    if keys.identity:
        run("codesign", "--force", "--timestamp", f"--sign={keys.identity}", str(made))
    if keys.can_notarize:
        run(*notarizing(made, keys))
        run("xcrun", "stapler", "staple", str(made))
    else:
        print("Not notarized: CHASKI_APPLE_KEY, _KEY_ID and _ISSUER are not all given.")
    return made


def notarizing(path: Path, keys: Keys) -> list[str]:
    """The command that has Apple look the image through, and waits for it."""
    return [
        *("xcrun", "notarytool", "submit", str(path), "--wait", "--timeout", "30m"),
        *("--key", keys.key, "--key-id", keys.key_id, "--issuer", keys.issuer),
    ]


def run(*command: str, input: bytes | None = None) -> None:
    """Raises SystemExit with the name of what failed; its arguments, which name keys, stay out."""
    done = subprocess.run(command, input=input)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:2])} failed (exit code {done.returncode})")
