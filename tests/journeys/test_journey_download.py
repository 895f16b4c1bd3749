"""From a hub to a conversation: killed on the way, no byte fetched twice, opened at the end."""

import json
import sys
from pathlib import Path

import pytest
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.tiny_models import write_tiny_llama
from kills.download_kills import kill_downloads

from engine.cli import main

SPREAD_S = 3.0  # a slow connection: beside a busy program more of a quick one is on its way
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="signals differ")


@UNIX
@pytest.mark.parametrize(("kind", "kills"), [("single", 2), ("shards", 2), ("make", 1)])
def test_a_killed_download_goes_on(tmp_path: Path, kind: str, kills: int) -> None:
    """A few kills; tests/kills/download_kills.py does thirty."""
    figures = kill_downloads(tmp_path, kills, seed=5, megabytes=24, kind=kind, spread_s=SPREAD_S)
    assert figures.passed, figures.words()


def test_searched_fetched_and_talked_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    template = {"tokenizer.chat_template": "{% for m in messages %}{{ m.content }}{% endfor %}"}
    model = write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512, extra_metadata=template)
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with LocalHub() as hub:
        hub.add(Repository("someone/talker-GGUF")).put("talker-Q4_K_M.gguf", model)
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        assert main(["download", "someone/talker-GGUF", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        hosts = {request.headers["host"] for request in hub.log.requests}
        assert len(hosts) <= 2  # the hub and where its files lie
    flags = ["-p", "hello", "-n", "2", "--backend", "reference", "--json"]
    assert main(["complete", found["model"], *flags]) == 0
    assert json.loads(capsys.readouterr().out)["timings"]["predicted_n"] == 2
