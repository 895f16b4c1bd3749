"""Conversations on disk: the tree of variants, search, undo, export, two stores at once."""

import json
import math
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.chats import add, choose, reword, say, shown

from engine.base.attachments import Attachment
from engine.base.conversation import ChatRecord, Turn
from engine.base.errors import UsageError
from engine.base.paths import Paths
from engine.base.settings import GenerationParams, SamplingParams
from engine.library import ChatStore, chats_search, chats_texts
from engine.library.chats_tables import version_1, version_2, version_3


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    found = ChatStore(Paths.under(tmp_path / "Ñandú 家"))
    yield found
    found.close()


def test_a_chat_comes_back_as_it_was(store: ChatStore) -> None:
    sampling = SamplingParams(temperature=0.3, logit_bias=((5, -math.inf),), samplers=("top_k",))
    chosen = {"model": "model", "model_path": "/m.gguf", "system": "Be brief.", "folder": "Work"}
    generation = GenerationParams(max_tokens=9, stop=("END",), when_full="roll")
    chat = store.create("Title", sampling=sampling, generation=generation, pinned=True, **chosen)
    turn = add(
        *(store, chat.id, "assistant", "é家\n```x```"),
        **{"thinking": "hm", "thought_s": 1.5, "statistics": "9 tok/s", "ending": "length"},
        **{"left_out": 4, "model": "tiny", "sampling": sampling, "extra": {"n": 3}},
        attachments=(Attachment("a.txt", "inside", parts=2),),
    )
    found = store.read(chat.id)
    assert found.tree.path() == [turn]
    assert found == ChatRecord(
        chat.id, "Title", **chosen, sampling=sampling, generation=generation, tree=found.tree,
        pinned=True, created=chat.created,
    )  # fmt: skip
    assert store.get(chat.id).n_messages == 1


def test_what_another_version_kept_with_a_turn_stays(store: ChatStore) -> None:
    chat = store.create().id
    turn = add(store, chat, "user", "hello", extra={"colour": [1, 2]})
    assert reword(store, chat, turn.id, "hello there")
    grown = store.read(chat).tree.turns[turn.id]
    assert grown.text == "hello there"
    odd = Turn(1, "user", "x", extra={"ending": ["x"], "left_out": "many", "sampling": 3})
    chat = store.create().id
    assert store.put(chat, odd)
    (found,) = store.turns(chat)
    assert (found.ending, found.left_out, found.sampling) == ("", 0, None)


def test_newest_chat_first(store: ChatStore) -> None:
    first, second = store.create("a"), store.create("b")
    assert [chat.id for chat in store.list()] == [second.id, first.id]
    say(store, first.id, "hello")
    assert [chat.id for chat in store.list(limit=1)] == [first.id]


def test_answering_again_makes_a_variant(store: ChatStore) -> None:
    chat = store.create().id
    question, old = say(store, chat, "why?", "because")
    new = add(store, chat, "assistant", "therefore", after=question)
    assert shown(store, chat) == ["why?", "therefore"]
    say(store, chat, "and then?")
    tree = store.read(chat).tree
    assert [v.text for v in tree.variants(tree.turns[old])] == ["because", "therefore"]
    assert choose(store, chat, old) == ["why?", "because"]
    assert store.list()[0].n_messages == 2
    assert choose(store, chat, new.id) == ["why?", "therefore", "and then?"]
    assert store.list()[0].n_messages == store.get(chat).n_messages == 3


def test_editing_the_first_message_makes_a_variant_of_all(store: ChatStore) -> None:
    chat = store.create().id
    first, _ = say(store, chat, "helo", "what?")
    add(store, chat, "user", "hello", first=True)
    assert shown(store, chat) == ["hello"]
    assert choose(store, chat, first) == ["helo", "what?"]


def test_numbers_count_within_a_chat(store: ChatStore) -> None:
    one, two = store.create().id, store.create().id
    assert say(store, one, "a", "b") == [1, 2]
    assert say(store, two, "c", "d") == [1, 2]
    assert not store.put(one, Turn(2, "assistant", "mine")), "somebody has used that number"
    assert shown(store, one) == ["a", "b"]
    assert [(hit.chat, hit.turn) for hit in store.search("d")] == [(two, 2)]


def test_a_growing_answer_is_saved_in_place(store: ChatStore) -> None:
    chat = store.create().id
    _, answer = say(store, chat, "tell", "Once")
    assert reword(store, chat, answer, "Once upon a platypus")
    assert shown(store, chat)[-1] == "Once upon a platypus"
    assert [hit.turn for hit in store.search("platypus")] == [answer]
    assert not store.put(chat, Turn(answer, "assistant", "x", 1), Turn(answer, "assistant", "Once"))


def test_an_answer_that_grows_is_found_and_is_not_complete(store: ChatStore) -> None:
    chat = store.create().id
    say(store, chat, "tell")
    answer = add(store, chat, "assistant", "", complete=False)
    for text in ("Once", "Once upon a platy", "Once upon a platypus"):
        reword(store, chat, answer.id, text, complete=False)
    assert [hit.turn for hit in store.search("platypus")] == [answer.id]
    assert [turn.complete for turn in store.turns(chat)] == [True, False]
    reword(store, chat, answer.id, "Once upon a platypus, the end")
    assert [hit.turn for hit in store.search("platypus end")] == [answer.id]
    assert store.search("nothing") == []
    assert [turn.complete for turn in store.turns(chat)] == [True, True]


def test_what_another_store_changed_is_told_once(store: ChatStore, tmp_path: Path) -> None:
    other = ChatStore(Paths.under(tmp_path / "Ñandú 家"))
    ours, theirs = store.create("ours").id, other.create("theirs").id
    assert store.changes() == [theirs]
    assert store.changes() == []
    say(store, ours, "mine alone")
    assert store.changes() == []
    say(other, ours, "from beside")
    say(store, ours, "and mine on top of it")
    assert store.changes() == [ours]
    other.delete(theirs)
    assert store.changes() == [theirs]
    other.close()


def test_talking_in_a_deleted_chat_brings_it_back(store: ChatStore) -> None:
    chat = store.create().id
    (_, answer) = say(store, chat, "one", "two")
    store.delete(chat)
    reword(store, chat, answer, "two and a half")
    assert store.list() == []
    say(store, chat, "three")
    assert [found.id for found in store.list()] == [chat]
    assert shown(store, chat) == ["one", "two and a half", "three"]


def test_deleting_can_be_undone(store: ChatStore) -> None:
    one, two = store.create("one").id, store.create("two").id
    say(store, one, "hello")
    store.delete(one)
    store.delete(two)
    assert store.list() == []
    assert store.search("hello") == []
    assert [chat.id for chat in store.deleted()] == [two, one]
    restored = store.restore()
    assert restored is not None
    assert restored.id == two
    store.restore(one)
    assert shown(store, one) == ["hello"]
    assert store.restore() is None


def test_purge_forgets_what_was_deleted_long_ago(store: ChatStore) -> None:
    chat = store.create().id
    say(store, chat, "secret", "answer")
    store.delete(chat)
    assert store.purge(older_than_days=1) == 0
    assert store.purge(older_than_days=0) == 1
    assert store.deleted() == []
    with pytest.raises(UsageError, match="no chat"):
        store.get(chat)


def test_purge_forgets_a_long_chat_without_a_trace(store: ChatStore, tmp_path: Path) -> None:
    """Over a thousand turns in a row; neither file nor log keeps a word of them."""
    chat, other = store.create("gone").id, store.create("stays").id
    say(store, other, "something else")
    with store._write() as db:
        db.execute(
            "INSERT INTO messages VALUES (9, ?, NULL, 'user', 'q', '', '[]', '{}', 0, 1, 9)",
            (chat,),
        )
        for i in range(10, 1500):
            text = f"platypus{i} secretly"
            db.execute(
                "INSERT INTO messages VALUES (?, ?, ?, 'user', ?, '', '[]', '{}', 0, 1, ?)",
                (i, chat, i - 1, text, i),
            )
            chats_search.index_added(db, i, text)
    assert len(store.search("platypus")) == 100
    store.delete(chat)
    assert store.purge(0) == 1
    assert store.search("platypus") == []
    assert len(store.search("something")) == 1
    for part in (tmp_path / "Ñandú 家").rglob("chats*"):
        assert b"platypus" not in part.read_bytes()
        assert b"secretly" not in part.read_bytes()


@pytest.mark.parametrize("indexed", [True, False])
def test_search(store: ChatStore, indexed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not indexed:
        monkeypatch.setattr(chats_search, "_has_fts5", lambda connection: False)
    chat = store.create("Recipes").id
    bread, cake = say(store, chat, "How do I bake BREAD with rye?", "A cake is 家で焼く easy")
    assert [hit.turn for hit in store.search("bread rye")] == [bread]
    assert [hit.turn for hit in store.search("brea")] == [bread]
    assert [hit.turn for hit in store.search("焼く")] == [cake]
    assert [hit.turn for hit in store.search("recipes")] == [None]
    assert store.search("bread cake") == []
    assert store.search("  ") == []
    for odd in ('"', "a AND", "x*", "NEAR(", "-", "'; --", "col:1", "\ud800"):
        store.search(odd)
    assert "bake BREAD" in store.search("bread")[0].snippet


@pytest.mark.parametrize("indexed", [True, False])
def test_a_deleted_message_is_found_only_once_it_is_back(
    tmp_path: Path, indexed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not indexed:
        monkeypatch.setattr(chats_search, "_has_fts5", lambda connection: False)
    store = ChatStore(Paths.under(tmp_path))
    chat = store.create("Animals").id
    add(store, chat, "user", "about zebras")
    add(store, chat, "assistant", "stripes, of zebras", complete=False)
    for turn in store.turns(chat):
        assert store.put(chat, replace(turn, deleted=True), turn)
    assert store.search("zebras", limit=1) == []
    store.close()
    store = ChatStore(Paths.under(tmp_path))
    assert store.search("stripes") == []
    gone = list(store.turns(chat))
    for turn in gone:
        assert store.put(chat, replace(turn, deleted=False), turn)
    assert sorted(hit.turn or 0 for hit in store.search("zebras")) == [t.id for t in gone]
    store.close()


def test_index_catches_up_after_a_time_without_it(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chats_search, "_has_fts5", lambda connection: False)
        plain = ChatStore(paths)
        say(plain, plain.create().id, "written without an index")
        plain.close()
    store = ChatStore(paths)
    assert len(store.search("written")) == 1
    assert store._indexed
    store.close()


def test_two_stores_at_once(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    one, two = ChatStore(paths), ChatStore(paths)
    chat = one.create("shared").id
    say(two, chat, "from the other window")
    assert shown(one, chat) == ["from the other window"]
    assert len(one.search("window")) == 1
    one.close()
    two.close()


def test_a_killed_process_leaves_what_it_had_saved(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from engine.base.conversation import Turn;"
        "from engine.base.paths import Paths; from engine.library import ChatStore;"
        "store = ChatStore(Paths.under(Path(sys.argv[1]))); chat = store.create('kept').id;"
        "store.put(chat, Turn(1, 'user', 'still here')); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == 9
    store = ChatStore(Paths.under(tmp_path))
    assert shown(store, store.list()[0].id) == ["still here"]
    assert store.notice == ""
    store.close()


def test_export_to_markdown(store: ChatStore) -> None:
    chat = store.create("A talk", model="tiny", system="Be kind.").id
    add(store, chat, "user", "Hi *there*")
    add(store, chat, "assistant", "Hello", thinking="greet back")
    text = chats_texts.to_markdown(store.read(chat))
    assert text.startswith("# A talk\n")
    for part in (
        "## System\n\nBe kind.",
        "## You\n\nHi *there*",
        "greet back",
        "## Model",
        "Hello",
    ):
        assert part in text


def test_export_to_json_has_all_branches(store: ChatStore) -> None:
    chat = store.create("A talk", sampling=SamplingParams(top_k=3)).id
    (question, _) = say(store, chat, "why?", "because")
    add(store, chat, "assistant", "therefore 家", after=question)
    found = json.loads(chats_texts.to_json(store.read(chat)))
    assert found["sampling"]["top_k"] == 3
    assert [m["content"] for m in found["messages"]] == ["why?", "because", "therefore 家"]
    assert [m["parent"] for m in found["messages"]] == [None, question, question]


def test_what_is_not_there_is_named(store: ChatStore) -> None:
    chat, other = store.create().id, store.create().id
    say(store, other, "x")
    with pytest.raises(UsageError, match="no chat 99"):
        store.read(99)
    with pytest.raises(UsageError, match="no message 77"):
        store.stand_at(chat, 77, 1)
    with pytest.raises(UsageError, match="not part of chat"):
        store.put(chat, Turn(2, "user", "y", 1))
    with pytest.raises(UsageError, match="colour"):
        store.update(chat, colour="red")


def test_half_a_character_does_not_break_a_chat(store: ChatStore) -> None:
    chat = store.create("bad \ud83d").id
    say(store, chat, "half \ud83d of an emoji")
    assert shown(store, chat) == ["half \ufffd of an emoji"]


def test_old_settings_with_unknown_names_still_open(store: ChatStore) -> None:
    chat = store.create().id
    with store._write() as db:
        db.execute('UPDATE chats SET sampling = \'{"top_k": 9, "tfs_z": 1}\'')
    assert store.get(chat).sampling == SamplingParams(top_k=9)


def test_a_file_of_the_first_version_goes_on(tmp_path: Path) -> None:
    """Chats of a Chaski that knew nothing of incomplete answers, with its index of words."""
    paths = Paths.under(tmp_path)
    paths.data.mkdir()
    old = sqlite3.connect(paths.chats_file, isolation_level=None)
    old.row_factory = sqlite3.Row
    version_1(old)
    old.execute("PRAGMA user_version = 1")
    old.execute("INSERT INTO chats (title, leaf, created, changed) VALUES ('Old', 2, 1, 2)")
    for number, parent, text in ((1, None, "what is a platypus"), (2, 1, "an animal")):
        old.execute(
            "INSERT INTO messages (id, chat, parent, role, content, created) "
            "VALUES (?, 1, ?, 'user', ?, 1)",
            (number, parent, text),
        )
    old.execute(
        "CREATE VIRTUAL TABLE found USING fts5("
        "content, content='messages', content_rowid='id', tokenize='unicode61')"
    )
    old.execute("INSERT INTO found(found) VALUES ('rebuild')")
    old.execute("UPDATE state SET value = 'current'")
    old.close()
    store = ChatStore(paths)
    assert [(turn.id, turn.complete) for turn in store.read(1).tree.path()] == [
        (1, True),
        (2, True),
    ]
    assert store.get(1).n_messages == 2
    assert [hit.turn for hit in store.search("platypus")] == [1]
    reword(store, 1, 2, "an egg-laying animal", complete=False)
    assert [hit.turn for hit in store.search("egg")] == [2]
    assert store.changes() == []
    assert store.notice == ""
    store.close()


def test_a_file_of_the_second_version_goes_on(tmp_path: Path) -> None:
    """A model's file and the values of replies stood with the messages; tools were messages."""
    paths = Paths.under(tmp_path)
    paths.data.mkdir()
    old = sqlite3.connect(paths.chats_file, isolation_level=None)
    old.row_factory = sqlite3.Row
    version_1(old)
    version_2(old)
    old.execute("PRAGMA user_version = 2")
    for chat, leaf in ((1, 9), (2, None)):
        old.execute(
            "INSERT INTO chats (id, title, model, leaf, created, changed, revision) "
            "VALUES (?, 'Old', 'tiny', ?, 1, ?, ?)",
            (chat, leaf, 3 - chat, chat),
        )
    generation = '{"max_tokens": 7, "stop": ["END"], "colour": "red"}'
    for number, parent, role, extra in (
        (5, None, "user", f'{{"generation": {generation}}}'),
        (7, 5, "tool", "{}"),
        (8, 5, "assistant", '{"path": "/old.gguf", "statistics": "1 tok/s"}'),
        (9, 7, "assistant", '{"path": "/new.gguf", "ending": "length"}'),
    ):
        old.execute(
            "INSERT INTO messages (id, chat, parent, role, content, extra, created, complete) "
            "VALUES (?, 1, ?, ?, ?, ?, 1, 1)",
            (number, parent, role, f"text {number}", extra),
        )
    old.close()
    store = ChatStore(paths)
    record = store.read(1)
    assert [turn.id for turn in record.tree.path()] == [5, 9], "tools are passed over"
    assert [turn.id for turn in record.tree.variants(record.tree.turns[9])] == [8, 9]
    assert record.tree.turns[8].statistics == "1 tok/s"
    assert record.tree.path()[-1].ending == "length"
    assert record.model_path == "/new.gguf"
    assert record.generation == GenerationParams(max_tokens=7, stop=("END",))
    assert [chat.n_messages for chat in store.list()] == [3, 0]
    assert (record.pinned, record.folder, record.draft) == (False, "", "")
    assert store.notice == ""
    store.close()


def test_a_file_of_the_third_version_keeps_its_folders(tmp_path: Path) -> None:
    """A folder was there only while a chat lay in it; from now on it stays."""
    paths = Paths.under(tmp_path)
    paths.data.mkdir()
    old = sqlite3.connect(paths.chats_file, isolation_level=None)
    old.row_factory = sqlite3.Row
    for migration in (version_1, version_2, version_3):
        migration(old)
    old.execute("PRAGMA user_version = 3")
    for folder, deleted in (("Work", None), ("", None), ("Work", None), ("Gone", 5.0)):
        old.execute(
            "INSERT INTO chats (title, folder, created, changed, deleted) "
            "VALUES ('Old', ?, 1, 2, ?)",
            (folder, deleted),
        )
    old.execute("UPDATE chats SET folder = x'ff' WHERE id = 2")
    old.close()
    store = ChatStore(paths)
    assert list(store.folders()) == ["Work", "\ufffd"], "one of the trash is none yet"
    assert [chat.folder for chat in store.list()] == ["Work", "\ufffd", "Work"]
    for chat in store.list():
        store.update(chat.id, folder="")
    assert list(store.folders()) == ["Work"]
    store.restore()
    assert list(store.folders()) == ["Gone", "Work"]
    store.close()
    again = ChatStore(paths)
    assert list(again.folders()) == ["Gone", "Work"]
    assert again.notice == ""
    again.close()


def test_a_folder_is_there_until_it_is_removed(tmp_path: Path) -> None:
    store = ChatStore(Paths.under(tmp_path))
    store.make_folder("Empty")
    store.make_folder("Empty")
    chat, thrown = store.create("Foxes", folder="Animals").id, store.create("Old").id
    store.update(thrown, folder="Animals")
    store.delete(thrown)
    assert list(store.folders()) == ["Animals", "Empty"]
    before = store.get(chat).changed
    store.rename_folder("Animals", "Beasts")
    assert store.get(chat).folder == "Beasts"
    assert store.get(chat).changed == before, "it is only put in order"
    store.rename_folder("Empty", "Beasts")
    store.rename_folder("Beasts", "Beasts")
    assert list(store.folders()) == ["Beasts"], "the two became one"
    assert store.restore(thrown).folder == "Beasts", "what lies in the trash goes along"
    store.rename_folder("Beasts", "")
    assert list(store.folders()) == []
    assert {row.folder for row in store.list()} == {""}
    assert len(store.list()) == 2, "no chat was deleted"
    store.close()


def test_another_store_hears_of_folders(tmp_path: Path) -> None:
    one, two = ChatStore(Paths.under(tmp_path)), ChatStore(Paths.under(tmp_path))
    chat = one.create("Foxes", folder="Animals").id
    two.changes()
    assert list(two.folders()) == ["Animals"]
    one.make_folder("Empty")
    one.rename_folder("Animals", "")
    assert list(two.folders()) == ["Empty"]
    assert two.changes() == [chat]
    one.close()
    two.close()


def test_what_was_said_last_is_read_by_itself(tmp_path: Path) -> None:
    store = ChatStore(Paths.under(tmp_path))
    chat = store.create("Foxes")
    assert store.last_words(chat.id) == ""
    assert store.last_words(chat.id + 7) == "", "there is no such chat"
    add(store, chat.id, "user", "Where are foxes?")
    add(store, chat.id, "assistant", "In the wood. " * 100)
    assert store.last_words(chat.id, 12) == "In the wood."
    store.close()
