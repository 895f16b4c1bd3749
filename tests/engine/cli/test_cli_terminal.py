"""Words of a file never move the cursor, colour the terminal or turn a line."""

import io
import json
import sys
from pathlib import Path

import pytest
from helpers.tiny_models import tiny_vocabulary, write_tiny_llama

from engine.base.events import Notice, Progress
from engine.cli import main
from engine.cli.console import Console

EVIL = "a\x1b[2J\x1b]0;owned\x07b\u202ec\x9bd\x7f\ne"
ACTS = [chr(c) for c in (*range(9), *range(11, 32), *range(0x7F, 0xA0), 0x202E, 0x2028)]
REFERENCE = ["--backend", "reference", "-t", "1"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def evil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model whose every word would act, and that can only write such words."""
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    tokens, scores, kinds = tiny_vocabulary()
    tokens = [EVIL * (1 + i % 3) + str(i) if i > 260 else t for i, t in enumerate(tokens)]
    words = {
        "general.name": EVIL * 500,
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.chat_template": "{% for m in messages %}{{ m.content }}" + EVIL + "{% endfor %}",
        f"own.{EVIL}": EVIL * 9999,
        "own.list": [EVIL] * 3,
    }
    path = write_tiny_llama(tmp_path / "evil.gguf", extra_metadata=words)
    return str(path)


VERBS = {
    "info": ["info", "M"],
    "info whole": ["info", "M", "--arrays"],
    "complete": ["complete", "M", "-p", "once", "-n", "12", "--ignore-eos", "--seed", "1"],
    "detokenize": ["detokenize", "M", "270,271,272"],
    "tokenize": ["tokenize", "M", "the girl"],
    "add": ["models", "add", "M"],
    "quantize": ["quantize", "M", "out.gguf", "Q8_0", "--dry-run"],
}


@pytest.mark.parametrize("verb", VERBS)
def test_on_a_terminal(verb: str, evil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    arguments = [evil if part == "M" else part for part in VERBS[verb]]
    if verb == "complete":
        arguments += REFERENCE
    assert main(arguments) == 0
    assert [c for c in ACTS if c in out.getvalue()] == []
    assert [c for c in ACTS if c in err.getvalue().replace("\r", "")] == []
    if verb == "info":
        assert max(map(len, out.getvalue().splitlines())) < 1500
        assert not any(
            line.startswith("e\x1b") or line == "e" for line in out.getvalue().split("\n")
        )


def test_a_pipe_gets_a_models_text_as_it_is(evil: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detokenize", evil, "270"]) == 0
    assert "\x1b[2J" in capsys.readouterr().out


def test_json_means_the_same_and_does_nothing(
    evil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", evil, "--json"]) == 0
    line = capsys.readouterr().out
    assert [c for c in ACTS if c in line] == []
    found = json.loads(line)
    assert found["metadata"]["own.list"] == [EVIL] * 3
    assert len(found["name"]) <= 300
    console = Console(json=True)
    console.result({"half": "\ud83d", "line": "\u2028"}, "")
    line = capsys.readouterr().out
    assert json.loads(line) == {"half": "\ud83d", "line": "\u2028"}
    line.encode()


def test_events_are_fit_to_be_shown() -> None:
    assert Progress(EVIL, 0, 1).stage.isprintable()
    assert Notice(EVIL + "x" * 10**6).text.isprintable()
    assert len(Notice("x" * 10**6).text) <= 2000


def test_arrays_whole(evil: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", evil, "--json"]) == 0
    short = json.loads(capsys.readouterr().out)["metadata"]["tokenizer.ggml.scores"]
    assert main(["info", evil, "--json", "--arrays"]) == 0
    whole = json.loads(capsys.readouterr().out)["metadata"]["tokenizer.ggml.scores"]
    assert len(whole) == short["length"] > 16
    assert whole[:16] == short["first"]
