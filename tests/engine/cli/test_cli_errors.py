"""Bad input gives one sentence and the right exit code, never a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from helpers.packed_starter import pack_none
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.cli import main
from engine.cli.flags import _bias  # the form of one flag, worth its own cases


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    return str(write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512))


def error_of(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """The one line on standard error of a verb that must fail."""
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("error: ")
    assert "internal error" not in err
    return err


@pytest.mark.parametrize("verb", [["complete", "-p", "x"], ["info"], ["tokenize", "x"], ["chat"]])
def test_files_that_are_no_models(
    verb: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pack_none(monkeypatch)
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + bytes(3))
    assert "bad.gguf" in error_of(capsys, 1, verb[0], str(bad), *verb[1:])
    assert error_of(capsys, 1, verb[0], str(tmp_path), *verb[1:])
    assert "nowhere" in error_of(capsys, 1, verb[0], "nowhere", *verb[1:])
    assert "starter" in error_of(capsys, 1, verb[0], "starter", *verb[1:])


def test_a_context_beyond_the_trained_one(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    err = error_of(capsys, 1, "complete", tiny, "-p", "x", "--ctx", "513")
    assert "trained for 512" in err


def test_a_prompt_that_does_not_fit(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--ctx", "8", "--backend", "reference"]
    assert "8" in error_of(capsys, 1, "complete", tiny, "-p", "once upon a time" * 9, *flags)
    ids = ",".join("1" * 9)
    assert "9 tokens" in error_of(capsys, 1, "logits", tiny, "--ids", ids, "--out", "x.npy", *flags)


def test_a_model_larger_than_memory(
    tiny: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.fit.MARGIN", 1 << 60)
    assert "of memory" in error_of(capsys, 1, "complete", tiny, "-p", "x")


def test_a_vocabulary_that_differs_from_the_embedding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_tiny_llama(
        tmp_path / "tiny.gguf",
        extra_metadata={
            "tokenizer.ggml.tokens": ["a", "b", "c"],
            "tokenizer.ggml.scores": [0.0] * 3,
            "tokenizer.ggml.token_type": [1] * 3,
        },
    )
    err = error_of(capsys, 1, "complete", str(path), "-p", "x", "--backend", "reference")
    assert "3 tokens" in err
    assert "tokenizer.ggml.tokens" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["complete", "M", "-p", "x", "--top-p", "7"],
        ["complete", "M", "--ids", "1,99999"],
        ["complete", "M", "-p", "x", "--samplers", "top_k;nonsense"],
        ["detokenize", "M", "99999"],
    ],
)
def test_values_that_make_no_sense(
    arguments: list[str], tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [tiny if word == "M" else word for word in arguments]
    flags = ["--backend", "reference"] if words[0] == "complete" else []
    error_of(capsys, 2, *words, *flags)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["complete"],
        ["complete", "M"],
        ["complete", "M", "-p", "x", "-n", "many"],
        ["logits", "M", "--ids", "a,b", "--out", "x"],
        ["tokenize", "M"],
        ["bench", "M", "-t", "0"],
    ],
)
def test_wrong_usage_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", ["", "{}", "[1]", "[" * 5000, "\ufffd"])
def test_messages_that_are_no_messages(
    content: str, tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "messages.json"
    file.write_text(content, encoding="utf-8")
    assert "messages.json" in error_of(capsys, 1, "render", tiny, "--messages", str(file))


def test_a_window_that_cannot_start_says_what_to_do_instead(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gui.start", None)  # as where PySide6 is missing
    assert "the verbs work without it" in error_of(capsys, 1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others always have a display")
def test_no_display_says_what_to_do_instead(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert "chaski chat MODEL" in capsys.readouterr().err


def test_a_file_instead_of_a_verb_opens_the_window(
    tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[list[str]] = []
    app = ModuleType("gui.start")
    app.main = lambda arguments: opened.append(arguments)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gui.start", app)
    assert main([tiny]) == 0
    assert main([]) == 0
    assert opened == [[tiny], []]


def test_debugging_shows_the_traceback(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"x")
    code = "import sys; from engine.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "info", str(bad)]
    debug = {**os.environ, "CHASKI_DEBUG": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=debug)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    quiet = subprocess.run(command, capture_output=True, text=True)
    assert quiet.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_ctrl_c_ends_with_130_and_keeps_the_text(tmp_path: Path) -> None:
    model = str(write_tiny_llama(tmp_path / "long.gguf", n_ctx=50_000))
    code = "import sys; from engine.cli import main; sys.exit(main())"
    flags = ["--backend", "reference", "--ignore-eos", "-t", "1", "--ctx", "50000"]
    child = subprocess.Popen(
        [sys.executable, "-c", code, "complete", model, "-p", "x", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    first = child.stdout.read(1)  # it is writing now
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=WAIT)
    assert child.returncode == 130
    assert b"Traceback" not in err
    assert (first + out).endswith(b"\n")


def test_tokenizing_never_imports_the_compiler(tiny: str) -> None:
    code = (
        "import sys; from engine.cli import main; main(sys.argv[1:]);"
        "print([m for m in ('numba', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "tokenize", tiny, "x"], capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("text", "bias"), [("5+1.5", (5, 1.5)), ("7-2", (7, -2.0)), ("7-inf", (7, -float("inf")))]
)
def test_logit_bias(text: str, bias: tuple[int, float]) -> None:
    assert _bias(text) == bias
