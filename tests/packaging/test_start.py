"""The starter script: what it checks and says, without installing anything."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from helpers.data import ROOT


@pytest.fixture
def start() -> ModuleType:
    """packaging/ is no package, so the script is loaded by its path."""
    spec = importlib.util.spec_from_file_location("chaski_start", ROOT / "packaging" / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_this_python_is_used_if_it_will_do(start: ModuleType) -> None:
    assert start.supported_python() == sys.executable
    assert start.version_of(sys.executable) == sys.version_info[:2]
    assert start.version_of("no-such-python") is None


def test_a_python_that_is_too_old_is_told_so(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "OLDEST", (3, 98))
    monkeypatch.setattr(start, "NEWEST", (3, 99))
    with pytest.raises(SystemExit):
        start.supported_python()
    assert "needs Python 3.98 to 3.99" in capsys.readouterr().err


def test_the_versions_are_those_of_the_project(start: ModuleType) -> None:
    asked = f'requires-python = ">=3.{start.OLDEST[1]},<3.{start.NEWEST[1] + 1}"'
    assert asked in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_set_up_runs_only_when_something_changed(
    start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(start, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(start, "environment", lambda: "python")
    monkeypatch.setattr(start, "run", lambda command, **more: commands.append(command) or 0)
    start.ready("test")
    start.ready("test")
    start.ready()  # has what it needs, and loses no extras
    assert [command[-1] for command in commands] == [f"{ROOT}[test]"]
    start.ready("check")
    assert commands[-1][-1] == f"{ROOT}[check,test]"
    (tmp_path / "stamp.json").write_text("broken")
    start.ready()
    assert len(commands) == 3


def test_missing_libraries_are_named_with_their_packages(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux leaves these to the user")
    monkeypatch.setattr(start, "missing_libraries", lambda python: {"libEGL.so.1"})
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit):
        start.need_qt_libraries("python")
    assert "apt-get install libegl1" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "installs"), [("y", True), ("", False), (None, True)])
def test_the_system_is_changed_only_where_somebody_agrees(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, answer: str | None, installs: bool
) -> None:
    """None: nobody is there to ask, as on a machine that runs tests."""
    monkeypatch.setattr(start.sys.stdin, "isatty", lambda: answer is not None, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert start.may_install(["libegl1"]) is installs


def test_hooks_have_the_versions_of_the_constraints() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    asked = re.findall(r'additional_dependencies: \["([^"]+)"\]', hooks)
    assert asked
    assert set(asked) <= set(pins)
    assert ".venv" not in hooks, "hooks run on any system"


def test_what_the_window_looks_for_is_what_the_starter_knows(start: ModuleType) -> None:
    """The network module links Kerberos: a system without it ended in Python's own words."""
    assert "QtNetwork" in start.QT_MODULES
    wanted = {"libgssapi_krb5.so.2", "libxcb-cursor.so.0", "libunheard.so.1"}
    assert start.packages_of(wanted) == ["libgssapi-krb5-2", "libunheard.so.1", "libxcb-cursor0"]


def test_constraints_hold_exact_versions_and_no_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert all(line.count("==") == 1 and "://" not in line for line in pins)
