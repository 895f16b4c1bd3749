"""Discover with the real engine and a real hub: from a search to a chat with what was found."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.patience import WAIT_MS
from helpers.tiny_models import write_tiny_llama
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths, jobs
from engine.jobs import Wish
from engine.measure.losses import keep_loss
from gui.app import Shell
from gui.chat.book import Book
from gui.discover.discover_view import DiscoverView
from gui.discover.shown import Page
from gui.main_window import MainWindow
from gui.widgets.lists import ROW

REPO = "someone/tiny-llama-GGUF"
pytestmark = pytest.mark.qt_log_ignore("plugin does not support")  # without a display


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    model = write_tiny_llama(tmp_path / "tiny.gguf").read_bytes()
    with LocalHub() as hub:
        made = hub.add(Repository(REPO, downloads=4321, likes=12))
        made.put("tiny-Q4_K_M.gguf", model).put("tiny-Q8_0.gguf", model + bytes(4096))
        made.put("README.md", b"---\nlicense: mit\n---\n# Tiny\n\nA *very* small model.")
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        yield hub


@pytest.fixture
def window(real_shell: Shell) -> MainWindow:
    made = real_shell.open_window()
    made.resize(1280, 800)
    return made


@pytest.fixture
def view(hub: LocalHub, window: MainWindow) -> DiscoverView:
    window.show_view("discover")
    made = window.view("discover")
    assert isinstance(made, DiscoverView)
    return made


def search(view: DiscoverView, words: str) -> None:
    view.list.search.setText(words)
    view.list.search.returnPressed.emit()


def names(view: DiscoverView) -> list[str]:
    model = view.list._view.model()
    return [model.index(i, 0).data() for i in range(model.rowCount())]


def test_opening_it_asks_nobody(view: DiscoverView, hub: LocalHub, qtbot: QtBot) -> None:
    qtbot.wait(300)
    assert names(view), "the models to begin with are there all the same"
    assert view.list._head.text() == "Good to begin with"
    model = view.list._view.model()
    fits = [model.index(i, 0).data(ROW).fit.label for i in range(model.rowCount())]
    assert fits[0] == "Runs well"
    assert fits.index("Runs slowly") == fits.count("Runs well"), "what runs well stands first"
    assert hub.log.requests == []


def test_from_a_search_to_a_chat(
    view: DiscoverView, window: MainWindow, real_shell: Shell, qtbot: QtBot
) -> None:
    search(view, "tiny")
    qtbot.waitUntil(lambda: names(view) == ["tiny llama"], timeout=WAIT_MS)
    view.list._view.setCurrentIndex(view.list._view.model().index(0, 0))
    qtbot.waitUntil(lambda: view.page.table is not None, timeout=WAIT_MS)
    qtbot.waitUntil(
        lambda: view.page._page is not None and not view.page._page.loading, timeout=WAIT_MS
    )
    shown = view.page._page
    assert shown is not None
    assert [offer.name for offer in shown.offers] == ["Q8_0", "Q4_K_M"]
    assert "read from the file's own header" in shown.sums
    assert view.page.card.source.startswith("# Tiny")
    table = view.page.table
    assert table is not None
    table.buttons["Q4_K_M"].click()
    works = real_shell.desk.works
    qtbot.waitUntil(
        lambda: bool(works.downloads) and works.downloads[0].state == "done", timeout=WAIT_MS
    )
    path = real_shell.desk.engine.paths.models / "tiny-Q4_K_M.gguf"
    found = [p for p in real_shell.desk.engine.paths.models.rglob("*.gguf")]
    assert len(found) == 1, f"{path} or below a folder"
    qtbot.waitUntil(
        lambda: any(Path(m.path) == found[0] for m in real_shell.desk.known), timeout=WAIT_MS
    )
    qtbot.waitUntil(lambda: view.finder.path_of("Q4_K_M") == str(found[0]), timeout=WAIT_MS)
    assert works.downloads[0].path == str(found[0])
    wanted: list[str] = []
    view.chat_wanted.connect(wanted.append)
    chat = view.page.table
    assert chat is not None
    chat.buttons["Q4_K_M"].click()
    assert wanted == [str(found[0])]


def test_the_welcome_shows_a_first_model_here(
    hub: LocalHub, window: MainWindow, qtbot: QtBot
) -> None:
    window.chat.welcome.page_wanted.emit(REPO)
    view = window.view("discover")
    assert isinstance(view, DiscoverView)
    qtbot.waitUntil(lambda: view.page.table is not None, timeout=WAIT_MS)


def test_a_hub_that_is_gone_is_a_sentence(view: DiscoverView, hub: LocalHub, qtbot: QtBot) -> None:
    hub.close()
    search(view, "tiny")
    qtbot.waitUntil(lambda: bool(view.list._words.text()), timeout=WAIT_MS)
    assert not view.list._again.isHidden()
    assert "inside Chaski" not in view.list._words.text()


def test_a_new_search_ends_the_one_before(view: DiscoverView, qtbot: QtBot) -> None:
    search(view, "nothing like this")
    search(view, "tiny")
    qtbot.waitUntil(lambda: names(view) == ["tiny llama"], timeout=WAIT_MS)
    qtbot.wait(300)
    assert names(view) == ["tiny llama"]


def test_without_words_the_first_models_come_back(view: DiscoverView, qtbot: QtBot) -> None:
    before = names(view)
    search(view, "tiny")
    qtbot.waitUntil(lambda: names(view) == ["tiny llama"], timeout=WAIT_MS)
    search(view, "")
    assert names(view) == before


def test_a_context_asks_for_its_memory(view: DiscoverView, qtbot: QtBot) -> None:
    search(view, "tiny")
    qtbot.waitUntil(lambda: names(view) == ["tiny llama"], timeout=WAIT_MS)
    view.finder.open(REPO)
    qtbot.waitUntil(
        lambda: view.page._page is not None and bool(view.page._page.sums), timeout=WAIT_MS
    )
    before = view.page._page
    assert before is not None
    view.page.context_chosen.emit(2048)
    qtbot.waitUntil(
        lambda: (
            view.page._page is not None
            and view.page._page.context == 2048
            and bool(view.page._page.sums or view.page._page.problem)
        ),
        timeout=WAIT_MS,
    )
    assert view.page._page is not None
    assert replace(view.page._page, sums="") != replace(before, sums="")


def test_what_was_asked_for_goes_on_after_a_new_start(
    hub: LocalHub, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    home = Paths.under(tmp_path / "again")
    with Engine(home) as engine:  # the program was ended before a byte came
        hub.faults.add("*", silent=True)
        engine.downloads.get(Wish(REPO, "Q4_K_M"))
        time.sleep(0.3)
    hub.faults.clear()
    shell = Shell(qapp, Engine(home), Book())
    try:
        shell.open_window()
        shell.read()
        works = shell.desk.works
        qtbot.waitUntil(lambda: any(w.state == "done" for w in works.downloads), timeout=WAIT_MS)
    finally:
        shell.close()


def test_pictures_come_when_they_are_asked_for(
    hub: LocalHub, view: DiscoverView, qtbot: QtBot
) -> None:
    image = QImage(320, 90, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    data, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "png")
    card = "# Tiny\n\n![one](figures/one.png)\n\n![gone](gone.png)\n\n![far](https://x.org/f.png)"
    made = hub.repositories[REPO].put("README.md", card.encode())
    made.put("figures/one.png", bytes(data.data()))
    view.look_at(REPO)
    shown = view.page.card
    qtbot.waitUntil(lambda: shown.show_button.isVisible(), timeout=WAIT_MS)
    assert shown.told.text().startswith("2 pictures at 127.0.0.1")
    assert shown.told.text().endswith("1 picture on other sites stays out")
    qtbot.wait(100)
    assert not [each for each in hub.log.requests if each.path.endswith(".png")], "not by itself"
    shown.show_button.click()
    qtbot.waitUntil(lambda: not shown.show_button.isVisible(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: shown.images["figures/one.png"][0].isVisible(), timeout=WAIT_MS)
    assert shown.images["figures/one.png"][0].height() == 90
    assert not shown.images["gone.png"][0].isVisible()
    assert "1 picture could not be shown: " in shown.told.text()
    assert "no file gone.png" in shown.told.text()
    asked = [each.path for each in hub.log.requests if ".png" in each.path]
    assert asked
    assert all(REPO in path for path in asked)


@pytest.mark.parametrize("form", ["{host}/{repo}?file={file}", "model/{repo}/{file}"])
def test_a_link_chooses_its_file(
    hub: LocalHub, window: MainWindow, real_shell: Shell, qtbot: QtBot, form: str
) -> None:
    host, file = hub.url.removeprefix("http://"), "tiny-Q8_0.gguf"
    real_shell.come_forward(["chaski://" + form.format(host=host, repo=REPO, file=file)])
    view = window.view("discover")
    assert isinstance(view, DiscoverView)

    def page() -> Page | None:
        there = view.page._page
        return there if there is not None and not there.loading else None

    qtbot.waitUntil(lambda: page() is not None, timeout=WAIT_MS)
    shown = page()
    assert shown is not None
    assert (shown.chosen, shown.note) == ("Q8_0", "")
    assert shown.sums.startswith("Q8_0: "), "its own head was read"
    assert not real_shell.desk.works.downloads, "a link downloads nothing"
    assert view.page.table is not None
    assert view.page.table.chosen_row is not None
    view.look_at(REPO, "old.gguf")
    assert view.page._note.text().startswith("There is no file old.gguf")
    view.look_at(REPO)
    assert not view.page._note.isVisible()


def test_more_of_the_same_is_asked_for(hub: LocalHub, view: DiscoverView, qtbot: QtBot) -> None:
    model = hub.repositories[REPO].files["tiny-Q4_K_M.gguf"]
    for n in range(24):
        hub.add(Repository(f"a/tiny-{n:02}-GGUF", downloads=n)).put("x-Q8_0.gguf", model)
    search(view, "tiny")
    qtbot.waitUntil(lambda: view.list.more.isVisible(), timeout=WAIT_MS)
    before = names(view)
    assert len(before) == 20
    view.list._view.setCurrentIndex(view.list._view.model().index(7, 0))
    lengths: list[int] = []
    view.finder.answered.connect(lambda answer: lengths.append(len(answer.found)))
    view.list.more.click()
    qtbot.waitUntil(lambda: len(names(view)) == 25, timeout=WAIT_MS)
    assert names(view)[:20] == before
    assert min(lengths) > 20, "what is shown stays until there is more"
    assert view.list._view.currentIndex().row() == 7
    search(view, "tiny-1")
    qtbot.waitUntil(lambda: len(names(view)) == 10, timeout=WAIT_MS)
    assert view.list.asked().limit == 20


def test_a_page_that_fails_keeps_what_is_known(
    hub: LocalHub, view: DiscoverView, qtbot: QtBot
) -> None:
    hub.faults.add("/cdn/*", status=503)
    view.look_at(REPO)
    qtbot.waitUntil(lambda: view.page.again.isVisible(), timeout=WAIT_MS)
    shown = view.page._page
    assert shown is not None
    assert [offer.name for offer in shown.offers] == ["Q8_0", "Q4_K_M"]
    assert "a problem of its own" in view.page._problem._words.text()
    assert shown.web == f"{hub.url}/{REPO}"
    hub.faults.clear()
    view.page.again.click()
    qtbot.waitUntil(lambda: bool(view.page._page and view.page._page.sums), timeout=WAIT_MS)
    assert not view.page._problem.isVisible()


def test_what_cannot_be_decoded_is_told(view: DiscoverView, hub: LocalHub, qtbot: QtBot) -> None:
    made = hub.repositories[REPO].put("README.md", b"# T\n\n![x](broken.png)")
    made.put("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(300))
    view.look_at(REPO)
    card = view.page.card
    qtbot.waitUntil(lambda: card.show_button.isVisible(), timeout=WAIT_MS)
    card.show_button.click()
    qtbot.waitUntil(
        lambda: "could not be shown: it is damaged" in card.told.text(), timeout=WAIT_MS
    )


def test_a_measured_loss_stands_on_the_page(
    hub: LocalHub, view: DiscoverView, real_shell: Shell, qtbot: QtBot
) -> None:
    file = hub.repositories[REPO].files["tiny-Q4_K_M.gguf"]
    loss = jobs.Loss(
        "Q4_K_M", "own.gguf", "m", file.size, 4.9, "", "k", 600, 8.0, 8.4, 0.03, 0.4, 0.95,
        sha256=file.sha256,
    )  # fmt: skip
    keep_loss(real_shell.desk.engine.paths.losses_file, "source", loss)
    view.look_at(REPO)
    qtbot.waitUntil(lambda: bool(view.page._page and view.page._page.sums), timeout=WAIT_MS)
    assert view.page._page is not None
    words = {offer.name: offer.words for offer in view.page._page.offers}
    assert "easured: 5 % worse" in words["Q4_K_M"]
    assert "measured" not in words["Q8_0"]
