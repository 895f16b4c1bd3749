"""Every verb with --json exactly as documented, and for people; nothing else on standard output."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.expert_models import write_tiny_experts
from helpers.tiny_models import write_tiny_llama

from engine.cli import main

REFERENCE = ["--backend", "reference", "-t", "1"]
TIMINGS = {
    "prompt_n",
    "prompt_s",
    "predicted_n",
    "predicted_s",
    "cached_n",
    "draft_n",
    "accepted_n",
    "shared_n",
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_llama(tmp_path_factory.mktemp("m") / "tiny.gguf", n_ctx=512))


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run a verb with --json; its object must be the only line."""
    code = main([*arguments, "--json"])
    out = capsys.readouterr().out
    assert code == 0
    assert out.count("\n") == 1
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def test_complete(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["complete", tiny, "-n", "6", "--temperature", "0", "--ignore-eos", *REFERENCE]
    found = run_json(capsys, *arguments, "-p", "once upon")
    assert set(found) == {"prompt_ids", "ids", "text", "stop_reason", "timings"}
    assert set(found["timings"]) == TIMINGS
    assert (len(found["ids"]), found["stop_reason"]) == (6, "length")
    ids = ",".join(map(str, found["prompt_ids"]))
    assert run_json(capsys, *arguments, "--ids", ids)["ids"] == found["ids"]
    assert main([*arguments, "-p", "once upon"]) == 0
    assert capsys.readouterr().out == found["text"] + "\n"


def test_the_same_seed_gives_the_same_text(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "complete",
        tiny,
        "-n",
        "8",
        "--seed",
        "7",
        "-p",
        "once",
        "--temp",
        "1",
        *REFERENCE,
    ]
    first = run_json(capsys, *arguments)
    assert first["ids"] == run_json(capsys, *arguments)["ids"]
    with_probs = run_json(capsys, *arguments, "--n-probs", "2")
    assert [p["id"] for p in with_probs["logprobs"]] == first["ids"]


def test_logits(tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "rows.npy"
    found = run_json(capsys, "logits", tiny, "--ids", "1,5,9", "--out", str(out), *REFERENCE)
    table = np.load(out)
    assert found == {"shape": list(table.shape)}
    assert (table.shape[0], table.dtype) == (3, np.float32)
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def test_tokenize_and_detokenize(
    tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run_json(capsys, "tokenize", tiny, "once </s>")
    assert found["ids"][0] == 1
    assert 2 not in found["ids"]
    assert len(found["pieces"]) == len(found["ids"])
    assert run_json(capsys, "tokenize", tiny, "once </s>", "--parse-special")["ids"][-1] == 2
    assert run_json(capsys, "tokenize", tiny, "once", "--no-special")["ids"][0] != 1
    file = tmp_path / "text.txt"
    file.write_text("once </s>", encoding="utf-8")
    assert run_json(capsys, "tokenize", tiny, "--file", str(file))["ids"] == found["ids"]
    ids = ",".join(map(str, found["ids"]))
    assert run_json(capsys, "detokenize", tiny, ids) == {"text": "once </s>"}


def test_render(tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages = tmp_path / "messages.json"
    messages.write_text(json.dumps([{"role": "user", "content": "hello"}]))
    found = run_json(capsys, "render", tiny, "--messages", str(messages))
    assert set(found) == {"text", "ids"}
    assert "hello" in found["text"]


def test_info(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "info", tiny, "--ctx", "64")
    expected = {"architecture", "parameters", "file_bytes", "tensors", "metadata", "memory"}
    assert expected <= set(found)
    assert set(found["memory"]) == {"weights", "cache", "workspace", "vocabulary"}
    assert 0 < found["kept_at_most"] <= 10**9
    assert found["speed"]["decode_tok_s"] > 0
    assert found["file_bytes"] == Path(tiny).stat().st_size
    assert found["metadata"]["tokenizer.ggml.tokens"]["length"] > 259
    twice = run_json(capsys, "info", tiny, "--ctx", "128")
    assert twice["memory"]["cache"] == 2 * found["memory"]["cache"]
    assert main(["info", tiny]) == 0
    assert "token_embd.weight" in capsys.readouterr().out


def test_info_tells_what_is_special(
    tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_json(capsys, "info", tiny, "--ctx", "64")["special"] == []
    path = str(write_tiny_experts(tmp_path / "m.gguf", n=8, used=2))
    assert main(["info", path, "--ctx", "64"]) == 0
    line = next(line for line in capsys.readouterr().out.split("\n") if line.startswith("special"))
    assert "8 experts, of which a token goes to 2: " in line


def test_info_of_a_file_that_cannot_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_tiny_llama(tmp_path / "odd.gguf", architecture="oddity")
    assert main(["info", str(path), "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["architecture"] == "oddity"
    assert json.loads(out)["memory"] is None
    assert "'oddity' is not supported" in err
    assert "GGUF's own names has no such" in err
    assert json.loads(out)["unlisted"] == []


def test_info_tells_names_that_gguf_does_not_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_tiny_llama(tmp_path / "odd.gguf", architecture="wavtokenizer-dec")
    assert main(["info", str(path)]) == 1
    out, err = capsys.readouterr()
    assert "\nunlisted      blk.0." in out
    assert "no names of GGUF's for this architecture" in out
    assert "'wavtokenizer-dec' is not supported yet" in err


def test_perplexity(tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "docs.json"
    file.write_text(json.dumps(["once upon a time", "the little girl"]))
    arguments = ["perplexity", tiny, "--file", str(file), *REFERENCE]
    found = run_json(capsys, *arguments)
    assert set(found) == {"ppl", "ppl_error", "n_tokens"}
    compared = run_json(capsys, *arguments, "--reference", tiny)
    assert set(compared) == {*found, "kl_mean", "kl_99", "top1"}
    assert (compared["ppl"], compared["top1"]) == (found["ppl"], 1.0)
    assert main([*arguments, "--reference", tiny]) == 0
    assert "same likeliest token 100.00%" in capsys.readouterr().out


def test_bench(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["bench", tiny, "-p", "8", "-n", "3", "-d", "4", "-r", "2", *REFERENCE]
    found = run_json(capsys, *arguments)
    assert {k: found[k] for k in ("threads",)} == {"threads": 1}
    keys = {"engine", "threads", "load_s", "pp", "tg", "stream_gb_s", "peak_rss_bytes"}
    assert set(found) == keys | {"load_parts_s", "kernels_compiled"}
    assert {"header", "tokenizer", "reading"} <= set(found["load_parts_s"])
    assert (found["pp"]["n"], len(found["pp"]["tok_s"])) == (8, 2)
    assert (found["tg"]["n"], found["tg"]["depth"], len(found["tg"]["tok_s"])) == (3, 4, 2)
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "tok/s" in said
    assert "s: header " in said


def test_bench_of_several_conversations_at_once(
    tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["bench", tiny, "-p", "0", "-n", "3", "-r", "2", "--parallel", "1,3", *REFERENCE]
    found = run_json(capsys, *arguments)["parallel"]
    assert [(each["sequences"], len(each["tok_s"])) for each in found] == [(1, 2), (3, 2)]
    assert all(rate > 0 for each in found for rate in each["tok_s"])
    assert main(arguments) == 0
    assert "3 at once" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["bench", tiny, "--parallel", "0,x"])


def test_bench_tells_the_roof_with_its_spread(
    tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["bench", tiny, "-p", "8", "-n", "3", "-r", "2", "-t", "1"]
    found = run_json(capsys, *arguments)
    roof, parts = found["roof"], found["load_parts_s"]
    assert len(roof["memory_runs_gb_s"]) == len(roof["products_runs_g_s"]) == 3
    assert roof["memory_gb_s"] == sorted(roof["memory_runs_gb_s"])[1]
    known = {"header", "compiler", "plan", "tokenizer", "kernels", "reading", "packing"}
    assert set(parts) == known
    assert sum(parts.values()) <= found["load_s"]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "in 3 runs)" in said
    assert "loading the compiler" in said


def test_bench_also_beyond_the_trained_context(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = write_tiny_llama(tmp_path / "small.gguf", n_ctx=16)
    assert run_json(capsys, "bench", str(small), "-p", "20", "-n", "1", "-r", "1", *REFERENCE)


def test_hardware(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "hardware")
    assert {"cpu_name", "simd", "ram_total", "best_threads"} <= set(found)
    assert main(["hardware"]) == 0
    assert found["cpu_name"] in capsys.readouterr().out


def test_chat_in_a_pipe(
    tiny: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hello\n\nand then\n"))
    assert main(["chat", tiny, "-n", "4", "--ignore-eos", "--seed", "1", *REFERENCE]) == 0
    out = capsys.readouterr().out
    assert out
    assert "tok/s" not in out


def test_models(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_json(capsys, "models") == {"models": []}
    added = run_json(capsys, "models", "add", tiny)["models"][0]
    assert added["path"] == tiny
    assert [m["name"] for m in run_json(capsys, "models", "list")["models"]] == [added["name"]]
    assert run_json(capsys, "tokenize", added["name"], "once")["ids"]
    assert run_json(capsys, "models", "verify", added["name"])["models"][0]["ok"] is True
    run_json(capsys, "models", "remove", added["name"])
    assert Path(tiny).exists()
    assert main(["models"]) == 0
    assert capsys.readouterr().out.startswith("no models yet")


def test_chat_with_a_person(
    tiny: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(["hello", "  "])

    def read(prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("builtins.input", read)
    assert main(["chat", tiny, "-n", "4", "--ignore-eos", "--seed", "1", *REFERENCE]) == 0
    out, err = capsys.readouterr()
    assert out.endswith("\n")
    assert "[length limit, 4 tokens" in err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("chaski ")
