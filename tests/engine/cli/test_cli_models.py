"""`chaski models` and `chaski open` from the command line."""

import json
import os
import sys
from pathlib import Path

import pytest
from helpers.many_models import fill, gguf_bytes, write
from helpers.tiny_models import write_tiny_llama

from engine.base.paths import Paths
from engine.cli import main
from engine.hub.connect import keep_network
from engine.hub.settings import NetworkSettings

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def tiny(home: Path) -> Path:
    home.joinpath("models").mkdir(parents=True)
    return write_tiny_llama(home / "models/tiny.gguf", n_ctx=512)


def told(capsys: Captured, *words: str, code: int = 0) -> dict[str, object]:
    """The object that a verb prints."""
    capsys.readouterr()
    assert main(["models", *words, "--json"]) == code
    found: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def models(capsys: Captured, *words: str) -> list[dict[str, object]]:
    found = told(capsys, *words)["models"]
    assert isinstance(found, list)
    return found


def test_words_about_a_model(tiny: Path, capsys: Captured) -> None:
    assert models(capsys, "rename", "tiny", "Small one")[0]["name"] == "Small one"
    models(capsys, "tag", "small one", "fast", "for tests")
    models(capsys, "note", "small", "keeps", "its", "word")
    (model,) = models(capsys)
    assert (model["tags"], model["notes"]) == (["fast", "for tests"], "keeps its word")
    assert main(["models"]) == 0
    assert "#fast #for tests" in capsys.readouterr().out
    assert models(capsys, "tag", "small")[0]["tags"] == []
    assert models(capsys, "note", "small")[0]["notes"] == ""


def test_what_others_have_is_listed(
    tiny: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name == "nt":
        pytest.skip("links need a privilege there")
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: tmp_path / "others")
    for name in ("HF_HOME", "HF_HUB_CACHE", "LLAMA_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    fill(tmp_path / "others", 10)
    listed = models(capsys)
    assert len(listed) == 11
    assert listed[0]["source"] == ""
    assert {str(m["source"]) for m in listed[1:]} > {"LM Studio", "Ollama", "Hugging Face"}
    assert main(["models", "trash", "Model-0-Q4_K_M"]) == 1
    assert "belongs to LM Studio" in capsys.readouterr().err
    assert main(["models", "trash", "llama0:3b", "--confirm"]) == 1
    assert "ollama rm" in capsys.readouterr().err
    assert models(capsys, "--unused", "2") == []


@pytest.mark.skipif(sys.platform != "linux", reason="the test's own trash is that of Linux")
def test_trash_and_back(
    tiny: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    from send2trash import plat_other

    data = tmp_path / "share"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setattr(plat_other, "XDG_DATA_HOME", os.fsencode(data))
    monkeypatch.setattr(plat_other, "HOMETRASH_B", os.fsencode(data / "Trash"))
    monkeypatch.setattr("send2trash.send2trash", plat_other.send2trash)
    assert models(capsys, "trash", "tiny")[0]["path"] == str(tiny)
    assert not tiny.exists()
    assert models(capsys) == []
    assert models(capsys, "restore", "tiny")[0]["path"] == str(tiny)
    assert tiny.exists()


def test_move_and_duplicates(tiny: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "disk").mkdir()
    moved = models(capsys, "move", "tiny", str(tmp_path / "disk"))
    assert moved[0]["path"] == str(tmp_path / "disk/tiny.gguf")
    assert not tiny.exists()
    assert told(capsys, "duplicates") == {"duplicates": []}
    assert main(["models", "move", "tiny", str(tmp_path / "absent"), "--confirm"]) == 1
    assert "there is no folder" in capsys.readouterr().err


def test_a_watched_folder(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "more"
    write(folder / "a.gguf", gguf_bytes("a"))
    assert [m["name"] for m in models(capsys, "watch", str(folder))] == ["a"]
    assert [m["name"] for m in models(capsys)] == ["a"]
    assert models(capsys, "unwatch", str(folder)) == []
    assert models(capsys) == []


@pytest.mark.parametrize(
    "words",
    [
        ["rename", "x"],
        ["move", "x"],
        ["move", "x", "y", "z"],
        ["list", "x"],
        ["trash"],
        ["restore"],
        ["duplicates", "x"],
        ["verify", "x", "y"],
        ["--unused", "0"],
        ["sell", "x"],
    ],
)
def test_wrong_usage(words: list[str], capsys: Captured) -> None:
    try:
        code = main(["models", *words])
    except SystemExit as end:
        code = int(str(end.code))
    assert code == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_defaults_of_one_model(tiny: Path, home: Path, capsys: Captured) -> None:
    words = ["system=Be brief", "ctx=64", "top-k=3", "temp=0.5", "cache-type=q8_0"]
    (model,) = models(capsys, "defaults", "tiny", *words)
    assert model["defaults"] == {
        "system": "Be brief",
        "sampling": {"top_k": 3, "temperature": 0.5},
        "n_ctx": 64,
        "threads": 0,
        "cache_type": "q8_0",
    }
    for wrong in ("ctx", "ctx=x", "ctx=-1", "colour=red", "top_k=9e9", "cache_type=q2", "seed=1e4"):
        assert main(["models", "defaults", "tiny", wrong]) in (1, 2), wrong
        assert capsys.readouterr().err.startswith("error: "), wrong
    assert models(capsys)[0]["defaults"] == model["defaults"]
    (model,) = models(capsys, "defaults", "tiny")
    assert model["defaults"]["sampling"] == {}  # type: ignore[index]


def test_wishes_are_used_and_use_is_noted(
    tiny: Path, home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.base.paths import Paths
    from engine.library import Library
    from engine.library.records import ModelDefaults

    library = Library(Paths.under(home))
    library.list()
    library.set_defaults("tiny", ModelDefaults(n_ctx=32))
    words = ["complete", "tiny", "-p", "once", "-n", "1", "--backend", "reference", "--json"]
    assert main([*words, "--ctx", "64"]) == 0
    assert main(words) == 0
    assert main(["complete", "tiny", "--ids", ",".join(["3"] * 40), *words[4:]]) == 1
    assert "32" in capsys.readouterr().err, "the context is as small as was wished"
    assert library.find("tiny").last_used > 0
    library.close()


def test_a_flag_comes_before_a_wish(tiny: Path, home: Path, capsys: Captured) -> None:
    words = ["complete", "tiny", "-p", "once", "-n", "6", "--backend", "reference", "--json"]

    def ids(*flags: str) -> object:
        capsys.readouterr()
        assert main([*words, *flags]) == 0
        return json.loads(capsys.readouterr().out.splitlines()[-1])["ids"]

    greedy = ids("--temp", "0")
    hot = ids("--temp", "5", "--top-k", "0", "--min-p", "0", "--top-p", "1", "--seed", "3")
    assert hot != greedy
    assert main(["models", "defaults", "tiny", "temperature=0"]) == 0
    assert ids() == greedy
    assert ids("--temp", "5", "--top-k", "0", "--min-p", "0", "--top-p", "1", "--seed", "3") == hot


# chaski open


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What a window would be opened with."""
    found: list[list[str]] = []

    def window(arguments: list[str]) -> int:
        found.append(arguments)
        return 0

    monkeypatch.setattr("engine.cli.entry.open_window", window)
    return found


def test_open_hands_over_what_is_sound(
    tiny: Path, shown: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.parent)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert main(["open", "tiny.gguf"]) == 0
    assert main(["open", "CHASKI://huggingface.co/Qwen/Qwen3-4B-GGUF/?file=a%2Db.gguf"]) == 0
    monkeypatch.setenv("HF_ENDPOINT", "http://localhost:9")
    assert main(["open", "chaski://localhost:9/a/b"]) == 0
    assert shown == [
        [str(tiny)],
        ["chaski://huggingface.co/Qwen/Qwen3-4B-GGUF?file=a-b.gguf"],
        ["chaski://huggingface.co/a/b"],
    ]


def test_a_link_may_name_the_mirror_of_the_settings(
    shown: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path))
    keep_network(Paths.default(), NetworkSettings("https://mirror.example"))
    assert main(["open", "chaski://mirror.example/a/b"]) == 0
    assert shown == [["chaski://huggingface.co/a/b"]]


@pytest.mark.parametrize(
    "what",
    [
        "absent.gguf",
        ".",
        "",
        "chaski://evil.com/a/b",
        "chaski://huggingface.co/a/b?file=../../x",
        "https://huggingface.co/a/b",
        "a\0b",
    ],
)
def test_open_refuses_in_a_sentence(what: str, shown: list[list[str]], capsys: Captured) -> None:
    assert main(["open", what]) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert "internal" not in err
    assert shown == []
