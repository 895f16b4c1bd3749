"""`chaski chats`: the store's chats by number or title, out of files and into them."""

import json
from pathlib import Path
from typing import Any

import pytest
from helpers.chats import say

from engine.base.paths import Paths
from engine.cli import main
from engine.library import ChatStore


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChatStore:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    found = ChatStore(Paths.default())
    for title in ("Foxes", "Wolves"):
        say(found, found.create(title, model="tiny").id, f"About {title}?", "They are red.")
    found.close()
    return found


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["chats", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_list_show_search(store: ChatStore, capsys: pytest.CaptureFixture[str]) -> None:
    chats = told(capsys)["chats"]
    assert [(c["title"], c["messages"], c["pinned"]) for c in chats] == [
        ("Wolves", 2, False),
        ("Foxes", 2, False),
    ]
    shown = told(capsys, "show", "fox")
    assert [m["content"] for m in shown["messages"]] == ["About Foxes?", "They are red."]
    assert main(["chats", "show", str(chats[1]["id"])]) == 0
    assert "## You\n\nAbout Foxes?" in capsys.readouterr().out
    hits = told(capsys, "search", "about", "wolves")["hits"]
    assert [(hit["title"], hit["message"]) for hit in hits] == [("Wolves", 1)]
    assert main(["chats"]) == 0
    assert "Foxes" in capsys.readouterr().out


def test_code_is_shown_with_its_tabs(
    store: ChatStore, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal, too; nothing else acts there."""
    say(store, store.create("Code").id, "Why?", "if x:\n\treturn \x1b[31m")
    store.close()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert main(["chats", "show", "Code"]) == 0
    assert "if x:\n\treturn \ufffd[31m\n" in capsys.readouterr().out


def test_what_is_deleted_comes_back(store: ChatStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "delete", "Foxes")["title"] == "Foxes"
    assert [c["title"] for c in told(capsys, "list", "--deleted")["chats"]] == ["Foxes"]
    assert told(capsys, "restore")["title"] == "Foxes"
    assert len(told(capsys)["chats"]) == 2


def test_out_of_the_house_and_in_again(
    store: ChatStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("f.md", "f.html", "f.docx", "f.json"):
        out = tmp_path / name
        assert told(capsys, "export", "Foxes", str(out))["bytes"] == out.stat().st_size
    told(capsys, "export", "all", str(tmp_path / "all.json"))
    taken = told(capsys, "import", str(tmp_path / "all.json"))["chats"]
    assert sorted(c["title"] for c in taken) == ["Foxes", "Wolves"]
    assert len(told(capsys)["chats"]) == 4


def test_what_could_not_be_imported_is_named(
    store: ChatStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "chats"
    folder.mkdir()
    chat = {"name": "Owls", "messages": [{"role": "user", "content": "An owl?"}]}
    (folder / "a.conversation.json").write_text(json.dumps(chat))
    (folder / "b.conversation.json").write_text("{")
    assert main(["chats", "import", str(folder)]) == 0
    told = capsys.readouterr()
    assert "Owls" in told.out
    assert "not imported: b.conversation.json: it is neither JSON" in told.err


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["show", "Bears"], 1, "no chat is called"),
        (["show", "77"], 1, "no chat 77"),
        (["export", "Foxes", "x.pdf"], 2, "--as md | html | docx | json"),
        (["import", "nothing.json"], 1, "nothing.json"),
        (["show"], 2, "chats show needs one chat or file"),
        (["restore"], 1, "no chat was deleted"),
        (["list", "Foxes"], 2, "chats list takes nothing behind it"),
        (["delete", "Foxes", "--deleted"], 2, "chats delete takes no --deleted"),
        (["show", "Foxes", "--as", "md"], 2, "chats show takes no --as"),
    ],
)
def test_what_cannot_be_is_said(
    store: ChatStore,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    sentence: str,
) -> None:
    assert main(["chats", *words]) == status
    assert sentence in capsys.readouterr().err


def test_nothing_is_replaced(
    store: ChatStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "there.md"
    out.write_text("mine")
    assert main(["chats", "export", "Foxes", str(out)]) == 1
    assert out.read_text() == "mine"
