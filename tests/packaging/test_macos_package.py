"""The steps of the package for macOS: what is signed, in which order, with which rights."""

import plistlib
import sys
from pathlib import Path

import macos
import pytest

KEYS = macos.Keys("Developer ID Application: A", "key.p8", "K1", "I1")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with a program, a library, a framework's library behind a link, and a text."""
    made = tmp_path / "Chaski.app"
    for name in ("MacOS/chaski-gui", "Frameworks/PySide6/Qt/lib/QtCore", "Frameworks/a.so"):
        path = made / "Contents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xcf\xfa\xed\xfe" + b"\0" * 28)
    (made / "Contents" / "Resources").mkdir()
    (made / "Contents" / "Resources" / "a.txt").write_text("text")
    (made / "Contents" / "Resources" / "a.so").symlink_to("../Frameworks/a.so")
    return made


def test_inner_code_is_signed_before_what_holds_it(bundle: Path) -> None:
    names = [path.relative_to(bundle / "Contents").as_posix() for path in macos.inner(bundle)]
    assert names == ["Frameworks/PySide6/Qt/lib/QtCore", "Frameworks/a.so", "MacOS/chaski-gui"]


def test_only_programs_may_run_what_they_wrote(bundle: Path) -> None:
    entitled = {
        path.name: any(part.startswith("--entitlements") for part in macos.signing(path, KEYS))
        for path in [*macos.inner(bundle), bundle]
    }
    assert entitled == {"QtCore": False, "a.so": False, "chaski-gui": True, "Chaski.app": True}
    assert all("--options=runtime" in macos.signing(path, KEYS) for path in macos.inner(bundle))


def test_rights_are_those_that_compiling_needs_and_no_more() -> None:
    assert b"<!--" not in macos.ENTITLEMENTS.read_bytes()  # Apple's reader fails at a comment
    assert plistlib.loads(macos.ENTITLEMENTS.read_bytes()) == {
        "com.apple.security.cs.allow-jit": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }


def test_keys_come_from_the_environment_and_lack_as_a_whole() -> None:
    full = {
        "CHASKI_APPLE_IDENTITY": " Developer ID Application: A ",
        "CHASKI_APPLE_KEY": "key.p8",
        "CHASKI_APPLE_KEY_ID": "K1",
        "CHASKI_APPLE_ISSUER": "I1",
    }
    assert macos.keys_of(full) == KEYS
    assert KEYS.can_notarize
    for name in full:
        assert not macos.keys_of({**full, name: ""}).can_notarize


def test_without_keys_it_is_signed_by_nobody_and_says_so(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = list[tuple[str, ...]]()
    monkeypatch.setattr(macos, "run", lambda *command: commands.append(command))
    macos.sign(bundle, macos.Keys())
    assert commands == [("codesign", "--force", "--sign", "-", str(bundle))]
    assert capsys.readouterr().out == (
        "Not signed by anybody: CHASKI_APPLE_IDENTITY names no certificate.\n"
    )
    commands.clear()
    macos.sign(bundle, KEYS)
    assert [command[-1] for command in commands][-2:] == [str(bundle), str(bundle)]
    assert len(commands) == 5


def test_what_fails_names_no_key() -> None:
    with pytest.raises(SystemExit) as failed:
        macos.run(sys.executable, "-", "--key", "secret.p8", input=b"exit(1)")
    assert str(failed.value) == f"{sys.executable} - failed (exit code 1)"
