"""What can be done with a model in the window: real files, the real library, a trash of its own."""

import os
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import model_info
from helpers.many_models import gguf_bytes, put_in_ollama, write
from helpers.own_trash import trash_in
from helpers.tiny_models import write_tiny_llama
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from engine.api import Forecast, ModelDefaults, Ticket, jobs
from engine.base.models import ModelMemory, TokenWork
from gui.app import Shell
from gui.desk import KnownModel
from gui.known import title_of
from gui.library.deeds import Left
from gui.library.detail import facts
from gui.library.library_view import LibraryView
from gui.library.menus import menu_of
from gui.main_window import MainWindow
from gui.settings.settings_view import SettingsView
from gui.widgets.confirm import Confirm

pytestmark = pytest.mark.qt_log_ignore("plugin does not support")  # without a display


def tiny(path: Path, **shape: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_tiny_llama(path, **shape)  # type: ignore[arg-type]


@pytest.fixture
def own_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return trash_in(tmp_path, monkeypatch)


@pytest.fixture
def window(real_shell: Shell, qtbot: QtBot) -> MainWindow:
    made = real_shell.open_window()
    made.resize(1280, 800)
    made.show_view("models")
    return made


@pytest.fixture
def view(window: MainWindow) -> LibraryView:
    made = window.view("models")
    assert isinstance(made, LibraryView)
    return made


@pytest.fixture
def models(real_shell: Shell) -> Path:
    return real_shell.desk.engine.paths.models


def listed(view: LibraryView, qtbot: QtBot, path: Path) -> KnownModel:
    """The model in this file, once the list has it."""
    desk = view._desk
    desk.refresh_known()
    qtbot.waitUntil(lambda: desk.known_at(str(path)) is not None)
    found = desk.known_at(str(path))
    assert found is not None
    return found


def now(view: LibraryView, path: Path) -> KnownModel:
    found = view._desk.known_at(str(path))
    assert found is not None
    return found


def said(window: MainWindow) -> str:
    return window.toast._words.text() if window.toast.isVisible() else ""


def names(view: LibraryView) -> list[str]:
    return [title_of(m) for m in view._desk.known if not m.built_in]


# What is said of a model


def test_name_tags_and_notes_are_kept(
    view: LibraryView, window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf")
    model = listed(view, qtbot, path)
    view.show_details(model)
    detail = view.detail
    detail.name.setText("Étoile")
    detail.name.setModified(True)  # as typing does
    QTest.keyClick(detail.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: now(view, path).key == "Étoile")
    assert now(view, path).name == "Étoile", "everywhere, not in the list alone"
    detail.tags.setText("coding, #French, coding")
    detail.tags.setModified(True)
    QTest.keyClick(detail.tags, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: now(view, path).tags == ("coding", "French"))
    detail.notes.setPlainText("Good at Python.\nAnd at rhymes.")
    detail.leave()
    qtbot.waitUntil(lambda: now(view, path).notes == "Good at Python.\nAnd at rhymes.")
    kept = view._desk.engine.library.look_at(path)
    assert kept is not None
    assert (kept.name, kept.tags) == ("Étoile", ("coding", "French"))
    view.search.setText("#french")
    qtbot.waitUntil(lambda: view.rows.rowCount() == 2)


def test_esc_gives_up_what_was_typed(view: LibraryView, models: Path, qtbot: QtBot) -> None:
    path = tiny(models / "tiny.gguf")
    view.show_details(listed(view, qtbot, path))
    renamed: list[object] = []
    view.detail.renamed.connect(lambda *told: renamed.append(told))
    view.detail.name.setFocus()
    QTest.keyClicks(view.detail.name, "er")
    QTest.keyClick(view.detail.name, Qt.Key.Key_Escape)
    assert view.detail.name.text() == "tiny"
    assert view.detail.isVisible()
    QTest.keyClick(view.detail.name, Qt.Key.Key_Escape)
    assert not view.detail.isVisible()
    assert renamed == []


def test_a_name_that_is_taken_is_refused_and_the_old_one_stands_again(
    view: LibraryView, window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    tiny(models / "one.gguf")
    path = tiny(models / "two.gguf")
    view.show_details(listed(view, qtbot, path))
    view.detail.name.setFocus()
    view.detail.name.selectAll()
    QTest.keyClicks(view.detail.name, "ONE")
    QTest.keyClick(view.detail.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Another model is called ONE already" in said(window))
    qtbot.waitUntil(lambda: view.detail.name.text() == "two")
    view._rename(str(path), "a/b")
    qtbot.waitUntil(lambda: "must not be empty nor hold a slash" in said(window))


def test_defaults_are_kept_and_told_again(
    view: LibraryView, window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf", n_ctx=4096)
    view.show_details(listed(view, qtbot, path))
    form = view.detail.form
    contexts = [form.context.itemData(i) for i in range(form.context.count())]
    assert contexts == [0, 2048, 4096], "no more than it was trained for"
    form.system.setPlainText("Be brief.")
    form.context.setCurrentIndex(1)
    form.threads.setCurrentIndex(1)
    form.cache.setCurrentIndex(form.cache.findData("q8_0"))
    form._figures["temperature"].setValue(0.25)
    form._figures["top_k"].setValue(0)
    wish = ModelDefaults("Be brief.", {"temperature": 0.25, "top_k": 0}, 2048, 1, "q8_0")
    qtbot.waitUntil(lambda: now(view, path).defaults == wish)
    assert view._desk.engine.wishes_of(path) == wish
    form.more.click()
    form._figures["mirostat"].setValue(2)
    view._close_detail()
    qtbot.waitUntil(lambda: now(view, path).defaults.sampling.get("mirostat") == 2)
    view.show_details(now(view, path))
    assert form._figures["temperature"].value() == 0.25
    assert form._figures["top_p"].text() == "model’s own"
    form.forget.click()
    qtbot.waitUntil(lambda: now(view, path).defaults == ModelDefaults())


# Its place in the list


def test_taken_off_the_list_and_back_with_all_that_was_said(
    view: LibraryView, window: MainWindow, tmp_path: Path, models: Path, qtbot: QtBot
) -> None:
    by_hand = tiny(tmp_path / "Downloads/mine.gguf")
    inside = tiny(models / "ours.gguf")
    library = view._desk.engine.library
    library.add(by_hand)
    for path in (by_hand, inside):
        model = listed(view, qtbot, path)
        library.tag(path, ["kept"])
        view.deeds.remove(model)
        qtbot.waitUntil(lambda p=path: view._desk.known_at(str(p)) is None)
        assert path.exists()
        assert "taken off the list" in said(window)
        window.toast.undo()
        qtbot.waitUntil(lambda p=path: view._desk.known_at(str(p)) is not None)
        assert now(view, path).tags == ("kept",)


# Its file


def test_to_the_trash_and_back(
    view: LibraryView, window: MainWindow, models: Path, own_trash: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "Ёлка.gguf")
    tiny(models / "other.gguf")
    view.list.choose(listed(view, qtbot, path).path)
    QTest.keyClick(view.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "Ёлка was moved to the trash" in said(window))
    assert not path.exists()
    assert names(view) == ["other"]
    window.toast.undo()
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: names(view) == ["other", "Ёлка"])


def test_what_is_not_ours_is_asked_for_first(
    view: LibraryView,
    window: MainWindow,
    tmp_path: Path,
    own_trash: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "somebody"
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: home)
    studio = write(home / ".lmstudio/models/m/r/theirs.gguf", gguf_bytes("theirs"))
    blob = put_in_ollama(home / ".ollama/models", "registry.ollama.ai/library/x/1b", "x")
    theirs = listed(view, qtbot, studio)
    view.deeds.trash(theirs)
    qtbot.waitUntil(lambda: window.findChild(Confirm) is not None)
    asked = window.findChild(Confirm)
    assert asked is not None
    assert asked.windowTitle() == "Move theirs to the trash?"
    asked.back.click()
    assert studio.exists()
    QTest.qWait(10)
    view.deeds.trash(listed(view, qtbot, blob))
    qtbot.waitUntil(lambda: "ollama rm" in said(window))
    assert blob.exists()
    view.deeds.trash(theirs)
    qtbot.waitUntil(lambda: window.findChild(Confirm) is not None)
    asked = window.findChild(Confirm)
    assert asked is not None
    asked.go_on.click()
    qtbot.waitUntil(lambda: not studio.exists())


def test_verified_as_a_job_and_told(
    view: LibraryView, window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf")
    model = listed(view, qtbot, path)
    view.show_details(model)
    view.deeds.verify(model)
    assert view.rows.pill(model)[0].startswith("Checking")
    for deed in (view.deeds.verify, view.deeds.trash, view.deeds.move, view.deeds.remove):
        window.toast.hide()
        deed(model)
        assert "tiny is being checked or moved" in said(window)
    qtbot.waitUntil(lambda: "tiny is whole" in said(window))
    qtbot.waitUntil(lambda: bool(now(view, path).sha256))
    assert "is whole" in view.detail.checked.text()
    qtbot.waitUntil(lambda: not view.rows.mark_of(str(path)))
    (record,) = [r for r in view._desk.engine.jobs.records() if r.kind is jobs.JobKind.VERIFY]
    assert record.title == "tiny"
    with path.open("r+b") as file:
        file.seek(-8, os.SEEK_END)
        file.write(b"broken!!")
    view.deeds.verify(now(view, path))
    qtbot.waitUntil(lambda: "tiny is damaged: its contents have changed" in said(window))


def test_moved_as_a_job(
    view: LibraryView, window: MainWindow, models: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf")
    other = tmp_path / "other disk" / "模型"
    other.mkdir(parents=True)
    model = listed(view, qtbot, path)
    desk = view._desk
    desk.set_preferences(replace(desk.preferences, model=str(path)))
    view.deeds.move_to(model, str(other))
    assert view.rows.pill(model)[0].startswith("Moving")
    target = other / "tiny.gguf"
    qtbot.waitUntil(lambda: desk.known_at(str(target)) is not None)
    assert target.exists()
    assert not path.exists()
    assert f"tiny lies in {other} now" == said(window)
    assert desk.preferences.model == str(target), "the next chat finds it"
    record = next(r for r in desk.engine.jobs.records() if r.kind is jobs.JobKind.MOVE)
    assert (record.title, record.state) == ("tiny", jobs.JobState.DONE)


def test_a_move_that_cannot_be_is_one_sentence(
    view: LibraryView, window: MainWindow, models: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf")
    model = listed(view, qtbot, path)
    view.deeds.move_to(model, str(tmp_path / "unplugged"))
    qtbot.waitUntil(lambda: "There is no folder" in said(window))
    view.deeds.move_to(model, str(models))
    qtbot.waitUntil(lambda: "already" in said(window))
    taken = tmp_path / "taken"
    write(taken / "tiny.gguf", b"something else")
    view.deeds.move_to(model, str(taken))
    qtbot.waitUntil(lambda: "exists already" in said(window))
    assert path.exists()
    assert (taken / "tiny.gguf").read_bytes() == b"something else"
    assert not view.rows.mark_of(str(path))


def test_shown_in_its_folder(
    view: LibraryView,
    window: MainWindow,
    models: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind links: the folder where the bytes lie."""
    real = tiny(tmp_path / "blobs" / "abc.gguf")
    link = models / "tiny.gguf"
    link.symlink_to(real)
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True
    )
    model = listed(view, qtbot, link)
    view.deeds.reveal(model)
    qtbot.waitUntil(lambda: opened == [str(real.parent)])
    view.deeds.reveal(replace(model, path=str(tmp_path / "unplugged/x.gguf")))
    qtbot.waitUntil(lambda: "not there any more" in said(window))


def test_the_last_use_and_its_speed_are_told(
    view: LibraryView, window: MainWindow, models: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf")
    model = listed(view, qtbot, path)
    assert model.last_used == 0
    view._desk.opened.all = [model_info(path=str(path))]
    window.show_view("chats")
    view._desk.engine.note_use(path, 12.5)
    window.show_view("models")
    qtbot.waitUntil(lambda: now(view, path).tokens_per_second == 12.5)
    view.show_details(now(view, path))
    told = {name: words for name, words, _ in facts(now(view, path), None, None, time.time())}
    assert told["Last used"] == "today"
    assert told["Family"] == "Llama, Mistral, Mixtral"
    assert not view.detail.special.isVisibleTo(view)  # a plain decoder
    forecast = Forecast(64, ModelMemory(1, 1, 1), TokenWork((), (), 0), ("12 experts",))
    view.show_details(replace(now(view, path), forecast=forecast))
    assert view.detail.special.text() == "12 experts"
    assert told["Speed, measured"] == "12.5 tok/s"
    view._desk.opened.all = []


# What happens to files meanwhile


def test_a_file_that_vanishes_while_it_is_listed(
    view: LibraryView, window: MainWindow, models: Path, own_trash: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf")
    model = listed(view, qtbot, path)
    path.unlink()
    view.deeds.trash(model)
    qtbot.waitUntil(lambda: "The file of tiny is gone" in said(window))
    qtbot.waitUntil(lambda: bool(now(view, path).problem))
    assert view.rows.pill(now(view, path))[0] == "Cannot be read"
    view.deeds.verify(now(view, path))
    qtbot.waitUntil(lambda: "is missing" in said(window))
    view.deeds.move_to(now(view, path), str(own_trash.parent.parent))
    qtbot.waitUntil(lambda: "cannot be moved" in said(window))
    view.deeds.remove(now(view, path))
    qtbot.waitUntil(lambda: names(view) == [])


def test_a_folder_that_vanishes_as_an_unplugged_disk_does(
    view: LibraryView, window: MainWindow, models: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    disk = tmp_path / "media" / "usb"
    path = tiny(disk / "on usb.gguf")
    view._desk.engine.library.watch(disk)
    listed(view, qtbot, path)
    disk.rename(tmp_path / "unplugged")
    view._desk.refresh_known()
    qtbot.waitUntil(lambda: bool(now(view, path).problem))
    assert now(view, path).problem == f"its file is gone: {path}"
    view.show_details(now(view, path))
    assert view.detail.fit.text() == f"Its file is gone: {path}"
    (tmp_path / "unplugged").rename(disk)
    view._desk.refresh_known()
    qtbot.waitUntil(lambda: not now(view, path).problem)


@pytest.mark.parametrize(
    "name",
    [
        "con. «odd» 'name' .gguf",
        "模型 – Ünïcode 👾.gguf",
        "x" * 200 + ".gguf",
        "new\nline.gguf",
        "-rf --all.gguf",
    ],
)
def test_odd_names(
    view: LibraryView,
    window: MainWindow,
    models: Path,
    own_trash: Path,
    qtbot: QtBot,
    name: str,
) -> None:
    deep = models.joinpath(*["d" * 100] * 6)  # seven hundred letters of folders
    deep.mkdir(parents=True)
    path = tiny(deep / name)
    model = listed(view, qtbot, path)
    assert model.problem == ""
    assert "\n" not in title_of(model)
    view.show_details(model)
    view.grab()
    view.deeds.tag(model, ["odd"])
    qtbot.waitUntil(lambda: now(view, path).tags == ("odd",))
    view.deeds.trash(model)
    qtbot.waitUntil(lambda: "was moved to the trash" in said(window))
    assert not path.exists()
    window.toast.undo()
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: view._desk.known_at(str(path)) is not None)
    assert now(view, path).tags == ("odd",)


# Duplicates


def test_duplicates_and_which_may_go(
    view: LibraryView,
    window: MainWindow,
    models: Path,
    tmp_path: Path,
    own_trash: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "somebody"
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: home)
    data = gguf_bytes("twice", 2_000_000)
    ours = write(models / "ours.gguf", data)
    write(home / ".lmstudio/models/m/r/theirs.gguf", data)
    hub = home / ".cache/huggingface/hub"
    from helpers.many_models import put_in_hub

    put_in_hub(hub, "m/r", "hub.gguf", data)
    (hub / "link.gguf").symlink_to(ours)
    view._desk.engine.library.list()
    for _ in view._desk.engine.library.refreshing():
        pass
    view._show_duplicates()
    sheet = view.duplicates
    assert sheet.isVisible()
    qtbot.waitUntil(lambda: sheet.head.text() == "Duplicates take 4 MB")
    buttons = [b.text().strip() for b in sheet.findChildren(QPushButton)]
    trash = [words for words in buttons if words == "Move to trash"]
    assert len(trash) == 2, "what the hub shares is left alone"
    tips = [b.toolTip() for b in sheet.findChildren(QPushButton)]
    assert f"Move {ours} to the trash" in tips
    view.deeds.trash(listed(view, qtbot, ours))
    qtbot.waitUntil(lambda: "was moved to the trash" in said(window))
    qtbot.waitUntil(lambda: sheet.head.text() == "Duplicates take 2 MB")
    window.toast.undo()
    qtbot.waitUntil(lambda: sheet.head.text() == "Duplicates take 4 MB")
    sheet.closed.emit()
    assert view.list.isVisible()


def test_without_duplicates_that_is_said(view: LibraryView, models: Path, qtbot: QtBot) -> None:
    write(models / "one.gguf", gguf_bytes("one", 2_000_000))
    view._desk.engine.library.list()
    view._show_duplicates()
    qtbot.waitUntil(lambda: view.duplicates.head.text() == "No model takes room twice")


def test_what_the_trash_has_can_be_brought_back_later(
    view: LibraryView, models: Path, own_trash: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf")
    view._desk.engine.library.list()
    view._desk.engine.library.trash("tiny")
    found: list[Left] = []
    view.deeds.left(found.append)
    qtbot.waitUntil(lambda: bool(found))
    entry = view.menus.entries_of_list(found[0])[-1]
    assert entry is not None
    assert entry[0] == "Bring back tiny"
    entry[2]()
    qtbot.waitUntil(lambda: path.exists() and names(view) == ["tiny"])
    view.deeds.restore("nobody", "")
    qtbot.waitUntil(lambda: "No model nobody was moved" in said(view.window()))  # type: ignore[arg-type]


def test_a_move_that_a_killed_program_left_is_offered(
    view: LibraryView, models: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.library.moving._on_one_disk", lambda *_: False)
    path, other = tiny(models / "tiny.gguf"), tmp_path / "other"
    other.mkdir()
    listed(view, qtbot, path)
    library = view._desk.engine.library
    steps = library.moving(path, other)
    next(steps)
    steps.close()
    found: list[Left] = []
    view.deeds.left(found.append)
    qtbot.waitUntil(lambda: bool(found))
    _, _, go_on, leave = view.menus.entries_of_list(found[0])
    assert go_on is not None
    assert leave is not None
    assert go_on[0].startswith(f"Go on moving tiny to {other}")
    assert leave[0] == "Leave tiny where it is"
    with qtbot.waitSignal(view.deeds.said, check_params_cb=lambda words: "stays" in words):
        leave[2]()
    assert list(other.iterdir()) == []
    go_on[2]()
    qtbot.waitUntil(lambda: (other / "tiny.gguf").exists() and not path.exists())


# Heads that were not read yet


def test_a_search_reads_the_heads_of_all(
    view: LibraryView, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The family stands in the file alone."""
    home = tmp_path / "somebody"
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: home)
    for n in range(150):
        write(home / f".lmstudio/models/m/r{n}/x{n}.gguf", gguf_bytes(f"x{n}"))
    view._desk.refresh_known()
    qtbot.waitUntil(lambda: len(view._desk.known) >= 150)
    view.search.setText("llama")

    def found() -> int:
        items = [view.rows.item(row) for row in range(view.rows.rowCount())]
        return sum(isinstance(item, KnownModel) and bool(item.source) for item in items)

    qtbot.waitUntil(lambda: " found" in view._side.told.text() and found() == 150)


# Watched folders


def test_watched_folders_in_settings(
    window: MainWindow, view: LibraryView, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "watched"
    path = tiny(folder / "there.gguf")
    window.show_view("settings")
    settings = window.view("settings")
    assert isinstance(settings, SettingsView)
    card = settings.folders
    card.watch(str(folder))
    qtbot.waitUntil(lambda: card.watched.paths == [str(folder)])
    qtbot.waitUntil(lambda: view._desk.known_at(str(path)) is not None)
    card.watch(str(tmp_path / "absent"))
    qtbot.waitUntil(lambda: "There is no folder" in said(window))
    card.unwatch(str(folder))
    qtbot.waitUntil(lambda: card.watched.paths == [])
    qtbot.waitUntil(lambda: view._desk.known_at(str(path)) is None)
    assert path.exists()


def test_an_open_model_is_closed_before_its_file_goes(
    window: MainWindow, view: LibraryView, models: Path, own_trash: Path, qtbot: QtBot
) -> None:
    path = tiny(models / "tiny.gguf")
    model = listed(view, qtbot, path)
    desk = view._desk
    order: list[str] = []
    close, trash = desk.engine.close_model, desk.engine.library.trash
    info = model_info(path=str(path))
    desk.opened.all = [info]

    def closing(ident: str) -> Ticket:
        order.append(f"close {ident}")
        return desk.engine.run(_nothing(order))

    def throwing(name: Path, *, confirmed: bool = False) -> object:
        order.append("trash")
        return trash(name, confirmed=confirmed)

    desk.engine.close_model = closing  # type: ignore[method-assign, assignment]
    desk.engine.library.trash = throwing  # type: ignore[method-assign, assignment]
    try:
        view.deeds.trash(model)
        qtbot.waitUntil(lambda: not path.exists())
    finally:
        desk.engine.close_model = close  # type: ignore[method-assign]
    assert order == [f"close {info.id}", "closed", "trash"]
    assert desk.models() == []


def _nothing(order: list[str]) -> Generator[None, None, None]:
    yield None
    order.append("closed")


def test_what_was_begun_in_a_window_that_is_closed_is_seen_in_the_other(
    real_shell: Shell, models: Path, view: LibraryView, qtbot: QtBot
) -> None:
    """The disk was slow; the answer comes when its window is gone."""
    path = tiny(models / "tiny.gguf")
    model = listed(view, qtbot, path)
    second = real_shell.open_window()
    second.show_view("models")
    other = second.view("models")
    assert isinstance(other, LibraryView)
    held = threading.Event()
    desk = real_shell.desk
    desk.background.run(held.wait)
    other.deeds.remove(model)
    other.duplicates._found([])
    second.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    with capture_exceptions() as odd:
        held.set()
        qtbot.waitUntil(lambda: desk.known_at(str(path)) is None)
        assert shown(view) == []
    assert not odd


def shown(view: LibraryView) -> list[str]:
    return [title_of(model) for model in view.rows.models() if not model.built_in]


def test_an_ampersand_in_a_name_is_a_letter(view: LibraryView, models: Path, qtbot: QtBot) -> None:
    path = tiny(models / "R&D.gguf")
    model = listed(view, qtbot, path)
    parts = [(f"Bring back {title_of(model)}", "", lambda: None)]
    (action,) = menu_of(view, parts).actions()
    assert action.text() == "Bring back R&&D", "Qt takes a single one for the mark of a key"
