"""`chaski search` and `chaski info hf:…` against the tests' own hub."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.data import ROOT
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.cli import main

REPO = "someone/tiny-llama-GGUF"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("m") / "tiny.gguf"
    return write_tiny_llama(path, n_embd=256, n_ff=4096).read_bytes()


@pytest.fixture
def local(model: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LocalHub() as local:
        monkeypatch.setenv("HF_ENDPOINT", local.url)
        tiny = Repository(REPO, downloads=5, likes=2, card={"license": "mit"})
        tiny.gguf = {"architecture": "llama", "total": 7_000_000, "context_length": 512}
        local.add(tiny).put("tiny-F32.gguf", model).put("tiny-Q4_K_M.gguf", model)
        odd = Repository("someone/odd-GGUF", downloads=9, gguf={"architecture": "mamba9"})
        local.add(odd).put("odd-Q4_0.gguf", model)
        local.add(Repository("someone/tiny-closed-GGUF", gated="manual")).put("a-Q8_0.gguf", model)
        yield local


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    result = json.loads(out)
    assert isinstance(result, dict)
    return result


def test_search(local: LocalHub, capsys: pytest.CaptureFixture[str]) -> None:
    models = found(capsys, "search", "tiny", "GGUF")["models"]
    assert [m["id"] for m in models] == [REPO, "someone/tiny-closed-GGUF"]
    one = models[0]
    assert (one["downloads"], one["likes"], one["architecture"]) == (5, 2, "llama")
    assert (one["known"], one["gated"], one["updated"]) == (True, "", "2026-10-01T12:00:00Z")
    assert {f["quant"] for f in one["files"]} == {"F32", "Q4_K_M"}
    best = [f for f in one["files"] if f["recommended"]]
    assert [f["quant"] for f in best] == ["Q4_K_M"]
    assert best[0]["verdict"] == "well"
    assert best[0]["tok_s"] > 0
    assert best[0]["memory_bytes"] > best[0]["bytes"] > 0
    assert not local.log.of("cdn")
    assert main(["search", "tiny"]) == 0
    text = capsys.readouterr().out
    assert REPO in text
    assert "a small loss" in text


def test_search_for_what_fits(local: LocalHub, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [m["id"] for m in found(capsys, "search", "gguf")["models"]]
    assert ids[0] == "someone/odd-GGUF"
    assert [m["known"] for m in found(capsys, "search", "odd")["models"]] == [False]
    ids = [m["id"] for m in found(capsys, "search", "gguf", "--fits", "--limit", "1")["models"]]
    assert ids == [REPO]
    assert main(["search", "odd"]) == 0
    assert "family mamba9 is not supported yet" in capsys.readouterr().out
    assert main(["search", "nothing-like-that"]) == 0
    assert capsys.readouterr().out == "nothing was found\n"


def test_search_is_narrowed(local: LocalHub, capsys: pytest.CaptureFixture[str]) -> None:
    def ids(*flags: str) -> list[str]:
        return [m["id"] for m in found(capsys, "search", *flags)["models"]]

    assert ids("tiny", "--size", "2", "--license", "mit", "--family", "llama") == [REPO]
    assert ids("tiny", "--licence", "apache-2.0") == []
    assert ids("tiny", "--size", "4-8") == []
    assert ids("--gguf", "--limit", "1") == ["someone/odd-GGUF"], "without words: all there is"
    assert main(["search", "tiny", "--size", "8-", "--language", "fr"]) == 0
    assert capsys.readouterr().out == (
        "nothing was found with --size, --language; leave some of them out\n"
    )
    local.log.clear()
    for flags in (["--size", "huge"], ["--family", "jamba"], ["--language", "elvish"]):
        assert main(["search", "tiny", *flags]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert not local.log.requests, "a wrong wish is told before anybody is asked"


def test_info_from_the_head_alone(
    local: LocalHub, model: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = found(capsys, "info", f"hf:{REPO}:q4_k_m")
    (tmp_path / "tiny.gguf").write_bytes(model)
    here = found(capsys, "info", str(tmp_path / "tiny.gguf"))
    fetched = told.pop("fetched_bytes")
    assert told.pop("loss") == {"words": "a small loss; the usual choice", "measured": None}
    assert told == here
    assert fetched == local.log.sent("/cdn/") < len(model) / 10
    assert main(["info", f"hf:{REPO}"]) == 0
    assert "for all this" in capsys.readouterr().out
    assert main(["info", f"hf:{REPO}:tiny-F32.gguf", "--json"]) == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hf:someone/absent", "no model someone/absent"),
        ("hf:", "OWNER/NAME"),
        ("hf:a/b/c:Q4_0", "OWNER/NAME"),
        (f"hf:{REPO}:Q9", "it has "),
        ("hf:someone/tiny-closed-GGUF:Q8_0", "accept the terms at"),
    ],
)
def test_what_cannot_be_had(
    local: LocalHub, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    assert main(["info", name]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.startswith("error: ")
    assert told.err.count("\n") == 1
    assert not told.out


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.parametrize("verb", [["search", "tiny"], ["info", f"hf:{REPO}"]])
def test_ctrl_c_ends_a_request_that_nobody_answers(local: LocalHub, verb: list[str]) -> None:
    local.faults.add("*", silent=True)
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; from engine.cli import main; sys.exit(main())", *verb],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    begun = time.monotonic()
    while not local.log.requests and time.monotonic() - begun < 60:
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    out, told = child.communicate(timeout=WAIT)
    assert (child.returncode, out, told) == (130, "", "stopped\n")


def test_no_network(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert main(["search", "llama"]) == 1
    assert "switched off" in capsys.readouterr().err
    monkeypatch.setenv("HF_ENDPOINT", "nonsense")
    assert main(["search", "llama"]) == 1
    assert "cannot be the hub's address" in capsys.readouterr().err


def test_a_file_of_an_unknown_family(local: LocalHub, capsys: pytest.CaptureFixture[str]) -> None:
    """Its head is what counts, not what the hub says."""
    assert main(["info", "hf:someone/odd-GGUF"]) == 0
    assert "llama" in capsys.readouterr().out
