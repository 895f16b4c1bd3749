"""`chaski update`: what there is, told and as JSON; an installer on request, never installed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.releases_server import NEWEST, Answer, ReleasesServer

from engine import jobs
from engine.base.version import VERSION
from engine.cli import main, update

APP = b"installer" * 1000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ReleasesServer]:
    for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("no_proxy", "*")
    with ReleasesServer() as server:
        monkeypatch.setattr(update, "PLACE", server.place)
        server.put("app.run", APP)
        server.tell()
        yield server


def test_a_newer_version_is_told(
    server: ReleasesServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["update"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Chaski 9.0.0 is there; this is {VERSION}",
        "- Faster.",
        "- Calmer.",
        f"{server.place.repository}/releases/tag/v9",
    ]
    assert main(["update", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "installed": VERSION,
        "newest": "9.0.0",
        "is_newer": True,
        "date": "2030-01-31",
        "page": f"{server.place.repository}/releases/tag/v9",
        "notes": ["Faster.", "Calmer."],
        "path": None,
    }


def test_the_newest_is_told(server: ReleasesServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.tell(version=VERSION)
    assert main(["update", "--get", "/nowhere"]) == 0
    assert capsys.readouterr().out == f"Chaski {VERSION} is the newest version\n"


def test_an_installer_on_request(
    server: ReleasesServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["update", "--get", str(tmp_path)]) == 1
    assert "came without an installer" in capsys.readouterr().err
    monkeypatch.setattr(jobs, "file_for_here", lambda release: release.files[0])
    assert main(["update", "--get", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(tmp_path / "app.run")
    assert (tmp_path / "app.run").read_bytes() == APP


def test_what_makes_no_sense_is_one_sentence(
    server: ReleasesServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers[NEWEST] = Answer(b"{}")
    assert main(["update"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "makes no sense" in told.err
    assert told.err.count("\n") == 1
