"""`chaski download`: progress, --json, Ctrl-C, and what is made of weights, over a local hub."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from helpers.data import ROOT
from helpers.downloading import noise, sha256
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.base.paths import Paths
from engine.cli import main
from engine.hub.connect import keep_network
from engine.hub.download_limits import Limits
from engine.hub.settings import NetworkSettings

REPO = "someone/tiny-GGUF"
PROGRAM = [sys.executable, "-c", "import sys; from engine.cli import main; sys.exit(main())"]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    with LocalHub() as hub:
        model = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512)
        hub.add(Repository(REPO)).put("tiny-Q4_K_M.gguf", model.read_bytes())
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        yield hub


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["download", *arguments, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def test_downloaded_and_used(
    hub: LocalHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(capsys, f"{REPO}:Q4_K_M")
    assert set(found) == {"path", "bytes", "fetched_bytes", "sha256", "model"}
    path = Path(found["path"])
    assert path == tmp_path / "home" / "models" / "someone" / "tiny-GGUF" / "tiny-Q4_K_M.gguf"
    assert found["sha256"] == sha256(path)
    assert found["fetched_bytes"] == found["bytes"] == path.stat().st_size
    again = asked(capsys, REPO)
    assert (again["fetched_bytes"], again["path"]) == (0, found["path"])
    flags = ["-p", "once", "-n", "2", "--backend", "reference", "--json"]
    assert main(["complete", found["model"], *flags]) == 0
    assert json.loads(capsys.readouterr().out)["ids"]


def test_for_people(hub: LocalHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "here"
    assert main(["download", REPO, "--dir", str(folder), "--max-rate", "50M"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(str(folder / "tiny-Q4_K_M.gguf"))
    assert "in the library as tiny-Q4_K_M" in out


def test_at_a_terminal_the_kept_speed_holds_and_the_hours_do_not(
    hub: LocalHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who types the command wants it now, and at night, too."""
    now, chosen = datetime.now(), list[float]()
    away = [(now + timedelta(hours=n)).strftime("%H:%M") for n in (2, 4)]
    settings = NetworkSettings(max_rate=50e6, hours_from=away[0], hours_until=away[1])
    keep_network(Paths.default(), settings)
    wait = Limits.wait

    def noted(limits: Limits) -> float:
        chosen.append(limits.max_rate)
        return wait(limits)

    monkeypatch.setattr(Limits, "wait", noted)
    assert asked(capsys, REPO)["fetched_bytes"] > 0
    assert set(chosen) == {50e6}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nonsense"], 2, "OWNER/NAME"),
        ([REPO, "--max-rate", "fast"], 2, "is no speed"),
        ([f"{REPO}:Q4_K_M", "--file", "x"], 2, "give one of"),
        ([f"{REPO}:Q2_K"], 1, "has no 'Q2_K'"),
        (["someone/nothing"], 1, "no model someone/nothing"),
        ([REPO, "--make", "Q4_K_M"], 1, "has no weights"),
    ],
)
def test_what_is_wrong_is_one_line(
    hub: LocalHub,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    try:
        assert main(["download", *arguments]) == code
    except SystemExit as end:
        assert end.code == code  # noqa: PT017
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


def begun(hub: LocalHub, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*PROGRAM, "download", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_ctrl_c_leaves_the_part_and_the_same_command_goes_on(
    hub: LocalHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.repositories[REPO].put("notes.bin.txt", noise(800_000))
    slow = hub.faults.add("*notes*", door="cdn", bytes_per_second=200_000)
    folder = tmp_path / "here"
    arguments = [REPO, "--file", "notes.bin.txt", "--dir", str(folder)]
    running = begun(hub, *arguments)
    part = folder / "notes.bin.txt.part"
    until = time.monotonic() + WAIT
    while not (part.exists() and part.stat().st_size > 50_000):
        assert time.monotonic() < until
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=WAIT)
    assert running.returncode == 130
    assert "the same command goes on" in err
    assert "Traceback" not in err
    slow.times = 0
    there = part.stat().st_size
    found = asked(capsys, *arguments)
    assert found["fetched_bytes"] == 800_000 - there
    assert found["model"] == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_two_programs_on_one_file(
    hub: LocalHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.repositories[REPO].put("notes.bin.txt", noise(300_000))
    hub.faults.add("*notes*", bytes_per_second=50_000)
    arguments = [REPO, "--file", "notes.bin.txt", "--dir", str(tmp_path / "here")]
    first = begun(hub, *arguments)
    until = time.monotonic() + WAIT
    while not (tmp_path / "here" / "notes.bin.txt.part").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert main(["download", *arguments]) == 1
    assert "is being downloaded already, here or by another program" in capsys.readouterr().err
    first.kill()
    first.communicate()
    hub.faults.clear()
    assert asked(capsys, *arguments)["bytes"] == 300_000
