"""`chaski quantize`: its JSON, its wishes, its errors, its exit codes."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from helpers.tiny_models import write_tiny_llama

from engine.base.events import Progress
from engine.cli.console import Console
from engine.cli.entry import main
from engine.host import _Running
from engine.weights.formats.gguf import open_gguf

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))


@pytest.fixture
def source(tmp_path: Path) -> str:
    return str(write_tiny_llama(tmp_path / "tiny.gguf", n_embd=256, n_ff=256, n_layer=1))


def found(capsys: Capture, *arguments: str) -> dict[str, Any]:
    assert main(["quantize", *arguments, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    value: dict[str, Any] = json.loads(out)
    assert set(value) == {"bytes", "bpw", "seconds", "types", "resumed"}
    return value


def test_it_quantizes_and_says_so_in_json(source: str, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "small.gguf"
    made = found(capsys, source, str(out), "q8_0", "-t", "1")
    assert made["bytes"] == out.stat().st_size
    assert made["types"]["blk.0.ffn_up.weight"] == "Q8_0"
    with open_gguf(out) as file:
        assert {name: info.type.name for name, info in file.tensors.items()} == made["types"]
    foretold = found(capsys, source, str(out), "Q8_0", "--dry-run")
    assert foretold["types"] == made["types"]
    assert foretold["bpw"] == made["bpw"]
    assert main(["quantize", source, str(out), "Q8_0", "-t", "1"]) == 1
    assert "exists already" in capsys.readouterr().err
    assert main(["quantize", source, str(out), "Q4_0", "-t", "1", "--overwrite"]) == 0
    assert "bits per weight" in capsys.readouterr().out


def test_wishes_are_heeded(source: str, tmp_path: Path, capsys: Capture) -> None:
    wishes = ["--tensor-type", "ffn_up=Q5_1", "--tensor-type", "attn_q=F16", "--pure"]
    ends = ["--token-embedding-type", "BF16", "--leave-output-tensor"]
    types = found(capsys, source, str(tmp_path / "o"), "Q4_0", "--dry-run", *wishes, *ends)["types"]
    assert types["blk.0.ffn_up.weight"] == "Q5_1"
    assert types["blk.0.attn_q.weight"] == "F16"
    assert types["blk.0.ffn_down.weight"] == "Q4_0"
    assert types["token_embd.weight"] == "BF16"
    assert types["output.weight"] == "F32"


def test_what_needs_importance_says_so(source: str, tmp_path: Path, capsys: Capture) -> None:
    out = str(tmp_path / "o.gguf")
    assert main(["quantize", source, out, "IQ2_XXS", "--dry-run"]) == 0
    assert "--imatrix" in capsys.readouterr().err
    assert main(["quantize", source, out, "IQ2_XXS"]) == 1
    assert "chaski imatrix" in capsys.readouterr().err
    assert list(tmp_path.glob("o.gguf*")) == []


def test_errors_are_one_line(source: str, tmp_path: Path, capsys: Capture) -> None:
    out = str(tmp_path / "o.gguf")
    wrong = {
        ("Q9_K",): 2,
        ("Q4_0", "--tensor-type", "ffn"): 2,
        ("Q4_0", "--output-tensor-type", "Q9"): 2,
        ("Q4_0", "--imatrix", str(tmp_path / "none")): 1,
    }
    for arguments, code in wrong.items():
        assert main(["quantize", source, out, *arguments]) == code, arguments
        assert capsys.readouterr().err.count("\n") == 1
    assert main(["quantize", source, source, "Q4_0"]) == 1
    assert "the source itself" in capsys.readouterr().err
    assert main(["quantize", str(tmp_path / "no.gguf"), out, "Q4_0"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def slow_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps that a stop can come between: these files take milliseconds."""
    step = _Running.step

    def slowly(self: _Running) -> bool:
        time.sleep(0.03)
        return step(self)

    monkeypatch.setattr(_Running, "step", slowly)


@pytest.mark.usefixtures("slow_lane")
def test_stopped_it_leaves_nothing(
    source: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Console, event: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Console, "show", stop)
    assert main(["quantize", source, str(tmp_path / "o.gguf"), "Q8_0", "-t", "1"]) == 130
    assert capsys.readouterr().err == "stopped\n"
    assert list(tmp_path.glob("o.gguf*")) == [], "no tensor was whole yet"


@pytest.mark.usefixtures("slow_lane")
def test_stopped_half_way_it_goes_on(
    source: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Console, event: object) -> None:
        if isinstance(event, Progress) and event.done > event.total / 2:
            raise KeyboardInterrupt

    out = tmp_path / "o.gguf"
    with monkeypatch.context() as patched:
        patched.setattr(Console, "show", stop)
        assert main(["quantize", source, str(out), "Q8_0", "-t", "1"]) == 130
    assert list(tmp_path.glob("o.gguf*")) == [tmp_path / "o.gguf.part"]
    told = "o.gguf: what is finished is kept; the same command goes on from it\nstopped\n"
    assert capsys.readouterr().err == told
    assert main(["quantize", source, str(out), "Q8_0", "-t", "1", "--json"]) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)["resumed"] > 0
    assert re.fullmatch(r"continuing from \d\d%: \d+ tensors are written\n", found.err)
    assert list(tmp_path.glob("o.gguf*")) == [out]
