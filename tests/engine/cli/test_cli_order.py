"""Flags and positional arguments in any order, names that folders have, results that are JSON."""

import json
from pathlib import Path

import pytest
from helpers.tiny_models import write_tiny_llama

from engine.api import Engine, Paths
from engine.cli import main
from engine.cli.console import Console
from engine.cli.entry import _parser, positionals_first


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    return str(write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512))


@pytest.mark.parametrize(
    ("verb", "given", "ordered"),
    [
        ("convert", "S --type f16 O", "S O --type f16"),
        ("convert", "--type=f16 S --overwrite O", "S O --type=f16 --overwrite"),
        ("tokenize", "M --no-special T", "M T --no-special"),
        ("tokenize", "M --no-special -- -T", "M --no-special -- -T"),
        ("models", "--json add P", "add P --json"),
        ("complete", "-p -x M --temp -1 -n4", "M -p -x --temp -1 -n4"),
        ("complete", "M -p", "M -p"),
        ("tokenize", "M -f -", "M -f -"),
    ],
)
def test_positional_arguments_come_first(verb: str, given: str, ordered: str) -> None:
    _, verbs = _parser()
    assert positionals_first(verbs[verb], given.split()) == ordered.split()


def test_a_flag_may_stand_between(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokenize", tiny, "once upon", "--json"]) == 0
    last = capsys.readouterr().out
    assert main(["tokenize", tiny, "--json", "once upon"]) == 0
    assert capsys.readouterr().out == last
    assert main(["models", "add", "--json", tiny]) == 0
    assert main(["models", "--json", "list"]) == 0
    added, listed = map(json.loads, capsys.readouterr().out.splitlines())
    assert added == listed


def test_a_folder_does_not_hide_a_model_of_that_name(
    tiny: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "tiny").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    with Engine(Paths.under(home)) as engine:
        assert engine.resolve("tiny") == tmp_path / "here" / "tiny"
        engine.library.add(tiny)
        assert engine.resolve("tiny") == Path(tiny)


def test_no_ids_are_wrong_usage(
    tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["logits", tiny, "--out", str(tmp_path / "l.npy")], ["complete", tiny]):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--ids", " "])
        assert ended.value.code == 2
        assert "at least one token id" in capsys.readouterr().err


def test_a_damaged_file_is_an_error(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "add", tiny]) == 0
    Path(tiny).write_bytes(Path(tiny).read_bytes()[:-5000])
    capsys.readouterr()
    assert main(["models", "verify", "tiny", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["models"][0]["ok"] is False
    assert err.startswith("error: tiny is damaged: ")
    assert err.count("\n") == 1


def test_what_is_no_number_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    Console(json=True).result({"ppl": float("nan"), "all": [1.5, (float("inf"),)]}, "")
    assert capsys.readouterr().out == '{"ppl": null, "all": [1.5, [null]]}\n'
