"""The smallest, largest and oddest value of every number that a verb takes: 0, 1 or 2 comes back,
with one sentence at most; never an internal error, never a warning of a library."""

import argparse
import io
import sys
from pathlib import Path

import pytest
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine.cli import main
from engine.cli.entry import _parser

VALUES = ("0", "1", "-1", "2", "3", "0.5", "1e-320", "1e308", "-1e308", "1e6", "nan", "inf", "-inf")
WHOLE = (
    "2147483647",
    "2147483648",
    "1000000",
    "-2147483649",
    "9223372036854775807",
    "18446744073709551616",
)
HUGE = ("9" * 30, "9" * 5000, "1e999", "", "x", "٣", "1_0")
REFERENCE = ["--backend", "reference", "-t", "1"]
BENCH = ("-p", "-n", "-d", "-r")  # what was asked for would be done, for hours
ENDLESS = {("bench", flag): ("1000000", "2147483647")[: 1 + (flag == "-r")] for flag in BENCH}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("values")
    write_tiny_llama(folder / "m.gguf", n_ctx=48, n_layer=1)
    (folder / "t.json").write_text('["once upon a time there was", "the little girl"]')
    (folder / "t.txt").write_text("once upon a time there was a little girl " * 4)
    write_folder(folder / "hf", "llama")
    return folder


def commands(place: Path) -> dict[str, list[str]]:
    m, text, out = str(place / "m.gguf"), str(place / "t.txt"), str(place / "out")
    return {
        "complete": ["complete", m, "-p", "once upon a time", "-n", "3", *REFERENCE],
        "chat": ["chat", m, "-n", "3", *REFERENCE],
        "logits": ["logits", m, "--ids", "1,5,9", "--out", out, "--overwrite", *REFERENCE],
        "perplexity": ["perplexity", m, "-f", text, "-c", "16", *REFERENCE],
        "bench": ["bench", m, "-p", "4", "-n", "2", "-r", "1", *REFERENCE],
        "imatrix": ["imatrix", m, "-f", text, out, "--overwrite", "-c", "16", *REFERENCE],
        "embed": ["embed", m, "once upon a time", "-t", "1"],
        "info": ["info", m],
        "models": ["models", "list"],
        "chats": ["chats", "list"],
        "search": ["search", "anything"],
        "download": ["download", "someone/something:Q4_K_M"],
        "quantize": ["quantize", m, out, "Q8_0", "--overwrite"],
        "convert": ["convert", str(place / "hf"), out, "--overwrite"],
    }


def numbers() -> list[tuple[str, str]]:
    """Every flag of every verb that takes a number."""
    found = []
    for verb, parser in _parser()[1].items():
        for action in parser._actions:
            takes_number = action.type is not None or action.option_strings[-1:] in (
                ["--logit-bias"],
                ["--lora"],
            )
            if action.option_strings and takes_number and action.nargs is None:
                found.append((verb, action.option_strings[0]))
    return found


def test_the_numbers_are_found() -> None:
    found = numbers()
    assert ("complete", "--top-k") in found
    assert ("bench", "-r") in found
    assert ("convert", "-t") in found
    assert ("perplexity", "-c") in found
    assert {verb for verb, _ in found} <= set(commands(Path())) | {"detokenize"}
    assert isinstance(_parser()[0], argparse.ArgumentParser)


def run(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize(("verb", "flag"), numbers())
def test_values(
    verb: str, flag: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # nobody is asked
    if verb == "detokenize":
        base = ["detokenize", str(place / "m.gguf")]
    else:
        base = commands(place)[verb]
    values = [*VALUES, *WHOLE, *HUGE]
    if flag == "--logit-bias":
        values = [f"5+{v}" for v in values] + [f"{v}+1" for v in values] + ["5", "+", ""]
    if flag == "--lora":
        values = [f"{place / 'hf'}={v}" for v in values] + ["=", "", "none=1"]
    for value in values:
        if value in ENDLESS.get((verb, flag), ()):
            continue
        monkeypatch.setattr(sys, "stdin", io.StringIO("once upon a time\n"))
        code = run([*base, f"{flag}={value}" if flag.startswith("--") else f"{flag}{value}"])
        out, err = capsys.readouterr()
        told = f"{verb} {flag}={value[:40]}: {code}\n{out[-300:]}\n{err[:600]}"
        assert code in (0, 1, 2), told
        assert "internal error" not in err, told
        assert "Traceback" not in err, told
        assert "Warning" not in err, told
        if code:
            assert err.count("error: ") == 1, told
            assert len(err) < 1200, told


def test_ids(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    model = str(place / "m.gguf")
    for ids in ("-1", "99999", "9" * 30, "9" * 5000, "1.5", "", ",", "nan", "1,,2", "٣"):
        for base in (["detokenize", model, f"{ids}"], ["complete", model, f"--ids={ids}", "-n1"]):
            more = REFERENCE if base[0] == "complete" else []
            assert run([*base, *more]) in (0, 1, 2)
