"""Discover: what is asked for, the list, the page of a model, the downloads."""

from dataclasses import replace

import pytest
from helpers.fake_engine import REPORT
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from engine.api import Fit, Verdict, discover, jobs, sizes
from engine.base.errors import UsageError
from engine.discover.offers import offers
from gui.app import Shell
from gui.discover.card import Picture
from gui.discover.card_view import decoded
from gui.discover.discover_view import DiscoverView
from gui.discover.shown import (
    Answer,
    Found,
    Offer,
    Page,
    Pictures,
    Query,
    name_of,
    second_line,
)
from gui.discover.told import page_of
from gui.prose.prose import Prose
from gui.widgets.work_card import Work, WorkCard, _figures

WELL = Fit(Verdict.WELL, 31.0, 3_600_000_000, "2.50 GB weights + 1.10 GB context")
NOT = Fit(Verdict.NOT, 0.0, 17_200_000_000, "17.2 GB, but 13.9 GB is free")
FOUND = (
    Found("Qwen/Qwen3-4B-GGUF", 1_200_000, 1900, "Apache-2.0", fit=WELL),
    Found("acme/Strange-7B-GGUF", 512, problem="The family strange is not known yet"),
    Found("big/Model-400B", 41_000, fit=NOT),
)
OFFERS = (
    Offer("Q4_K_M", 2_500_000_000, WELL, "Best balance for this machine", recommended=True),
    Offer("Q8_0", 4_280_000_000, WELL, "Nearly lossless", path="/models/q8.gguf"),
    Offer("F32", 16_100_000_000, NOT, "The original weights"),
    Offer("Q9_9", 1_000_000, None, problem="Made with a type that Chaski does not know"),
)
PAGE = Page(
    FOUND[0], 8192, "36 layers", OFFERS, ("# Qwen3\n\nA *card*.",), sums="Memory = weights + cache"
)

pytestmark = pytest.mark.qt_log_ignore("plugin does not support")  # without a display


@pytest.fixture
def view(shell: Shell, qtbot: QtBot) -> DiscoverView:
    made = DiscoverView(shell.desk)
    qtbot.addWidget(made)
    made.resize(1216, 800)
    made.show()
    return made


def rows(view: DiscoverView) -> list[str]:
    model = view.list._view.model()
    return [model.index(i, 0).data() for i in range(model.rowCount())]


def test_the_hub_is_asked_once_when_typing_ends(view: DiscoverView, qtbot: QtBot) -> None:
    asked: list[Query] = []
    view.list.wanted.connect(asked.append)
    qtbot.keyClicks(view.list.search, "qwen3 4b")
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.wait(500)
    assert asked == [Query("qwen3 4b")]
    view.list.fits.click()
    assert asked[-1] == Query("qwen3 4b", fits_only=False)


def test_nothing_is_asked_before_somebody_does(view: DiscoverView, qtbot: QtBot) -> None:
    asked: list[Query] = []
    view.list.wanted.connect(asked.append)
    qtbot.wait(600)
    assert asked == []


def test_choosing_tells_the_repository_and_figures_come_in_place(view: DiscoverView) -> None:
    chosen: list[str] = []
    view.list.chosen.connect(chosen.append)
    view.list.show_answer(Answer(Query("x"), FOUND))
    assert rows(view) == ["Qwen3 4B", "Strange 7B", "Model 400B"]
    view.list._view.setCurrentIndex(view.list._view.model().index(1, 0))
    assert chosen == ["acme/Strange-7B-GGUF"]
    judged = (FOUND[0], FOUND[1], replace(FOUND[2], fit=WELL))
    view.list.show_answer(Answer(Query("x"), judged), "acme/Strange-7B-GGUF")
    assert view.list._view.currentIndex().row() == 1, "what is chosen stays so"
    assert chosen == ["acme/Strange-7B-GGUF"], "and is not chosen again"


def test_a_problem_stands_in_the_lists_place(view: DiscoverView) -> None:
    asked: list[Query] = []
    view.list.wanted.connect(asked.append)
    words = "huggingface.co cannot be reached; look at the connection and try again"
    view.list.show_answer(Answer(Query("x"), problem=words))
    assert view.list._words.text() == words
    view.list._again.click()
    assert len(asked) == 1
    view.list.show_answer(Answer(Query("x")))
    assert "Nothing was found" in view.list._words.text()
    assert not view.list._again.isVisible()


def test_only_what_runs_can_be_had(view: DiscoverView) -> None:
    wanted: list[tuple[str, str]] = []
    chats: list[tuple[str, str]] = []
    view.page.download_wanted.disconnect(view.finder.get)
    view.page.download_wanted.connect(lambda *what: wanted.append(what))
    view.page.chat_wanted.connect(lambda *what: chats.append(what))
    view.page.show_page(PAGE)
    table = view.page.table
    assert table is not None
    assert set(table.buttons) == {"Q4_K_M", "Q8_0"}
    table.buttons["Q4_K_M"].click()
    table.buttons["Q8_0"].click()
    assert wanted == [("Qwen/Qwen3-4B-GGUF", "Q4_K_M")]
    assert chats == [("Qwen/Qwen3-4B-GGUF", "Q8_0")]
    assert view.page.card.isVisible()


class Painted(QObject):
    """The heights at which a widget was painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.heights: list[int] = []
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.heights.append(watched.height())
        return False


def test_nothing_is_seen_squeezed(view: DiscoverView, qtbot: QtBot) -> None:
    view.resize(1000, 420)
    qtbot.wait(50)
    view.page.show_page(PAGE)
    table = view.page.table
    assert table is not None
    painted = Painted(table)
    qtbot.waitUntil(lambda: bool(painted.heights))
    qtbot.wait(100)
    assert min(painted.heights) >= table.minimumSizeHint().height() - 4


def test_without_a_model_it_says_what_can_be_done(view: DiscoverView) -> None:
    view.page.show_page(PAGE)
    view.page.show_page(None)
    assert view.page.table is None
    assert view.page._title.full() == "Discover"
    assert not view.page.card.isVisible()


@pytest.mark.parametrize("width", [680, 780, 1000, 1216])
def test_nothing_is_cut_off(view: DiscoverView, width: int, qtbot: QtBot) -> None:
    view.page.show_page(PAGE)
    view.page.show_downloads(
        [Work(1, "A long name of a model " * 4, "running", 0.5, "5 GB of 10 GB · 3 MB/s")]
    )
    view.resize(width, 700)
    area = view.page.findChild(QScrollArea)
    assert area is not None
    assert view.width() == width
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())


def test_every_button_has_a_name(view: DiscoverView) -> None:
    view.page.show_page(PAGE)
    view.page.show_downloads([Work(1, "x", "running", 0.5)])
    for button in view.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text(), button


def test_works_keep_their_cards(view: DiscoverView) -> None:
    works, told = view.page.downloads, list[int]()
    works.paused.connect(told.append)
    view.page.show_downloads([Work(1, "A", "running", 0.1, can_pause=True)])
    first = works.cards[1]
    first.pause.click()
    assert told == [1]
    view.page.show_downloads([Work(2, "B", "waiting"), Work(1, "A", "paused", can_resume=True)])
    assert works.cards[1] is first
    assert list(works.cards) == [1, 2]
    assert works._box.itemAt(0).widget() is works.cards[2]
    assert not first.resume.isHidden()
    assert first.pause.isHidden()
    view.page.show_downloads([])
    assert works.cards == {}


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (Work(1, "A", "running", 0.5, "1.31 GB of 2.02 GB", left="39 s left"), "39 s left"),
        (Work(1, "A", "paused", 0.5, "1 GB of 2 GB", left="5 s left"), "1 GB of 2 GB · paused"),
        (Work(1, "A", "done", 1.0, "2 GB"), "2 GB"),
    ],
)
def test_figures_of_a_work(work: Work, words: str) -> None:
    assert _figures(work).endswith(words)


def test_words() -> None:
    assert [sizes.count(n) for n in (512, 1900, 9960, 980_000, 999_600, 1_234_567)] == [
        "512",
        "1.9k",
        "10k",
        "980k",
        "1.0M",
        "1.2M",
    ]
    assert name_of("Qwen/Qwen3-4B-Instruct-GGUF") == "Qwen3 4B Instruct"
    assert name_of("x") == "x"
    assert second_line(FOUND[0]) == "Qwen · 1.2M downloads"
    assert second_line(replace(FOUND[0], good_for="Quick answers")) == "Quick answers"


def chosen(view: DiscoverView, key: str, value: str) -> None:
    """As a person chooses."""
    choice = view.list.panel.choices[key]
    choice.setCurrentIndex(choice.findData(value))


def test_filters_are_chosen_seen_and_taken_away(view: DiscoverView, qtbot: QtBot) -> None:
    asked: list[Query] = []
    view.list.wanted.connect(asked.append)
    found = view.list
    assert not found.panel.isVisible()
    found.filter_button.click()
    assert found.panel.isVisible()
    assert asked == [], "looking at them asks nobody"
    chosen(view, "size", "4")
    chosen(view, "language", "fr")
    assert asked[-1] == Query(size="4", language="fr")
    assert found.filter_button.text().strip() == "Filters · 2"
    assert not found.chips.isVisible(), "the choices themselves are in sight"
    found.filter_button.click()
    assert [chip.text().strip() for chip in found.chips.buttons.values()] == ["Up to 4 B", "French"]
    assert found.chips.buttons["size"].accessibleName() == "Take the filter Up to 4 B away"
    assert found.chips.buttons["size"].focusPolicy() & Qt.FocusPolicy.TabFocus
    found.chips.buttons["size"].click()
    assert asked[-1] == Query(language="fr")
    assert list(found.chips.buttons) == ["language"]
    assert len(asked) == 3


def test_nothing_found_names_the_filters_and_offers_to_clear_them(view: DiscoverView) -> None:
    asked: list[Query] = []
    view.list.search.setText("x")
    chosen(view, "licence", "mit")
    view.list.wanted.connect(asked.append)
    view.list.show_answer(Answer(view.list.asked()))
    assert view.list._words.text() == (
        "Nothing was found with these words. Filters that are on: Fits this machine, GGUF, MIT."
    )
    assert view.list._clear.isVisible()
    view.list._clear.click()
    assert asked == [Query("x", False, False)]
    view.list.show_answer(Answer(asked[0]))
    assert view.list._words.text() == "Nothing was found with these words."
    assert not view.list._clear.isVisible()


def test_models_to_begin_with_are_narrowed_and_nobody_is_asked(
    view: DiscoverView, shell: Shell
) -> None:
    shell.desk.set_hardware(REPORT)
    everything = rows(view)
    assert len(everything) > 5
    chosen(view, "family", "gemma2")
    assert rows(view) == ["Gemma 2 9B", "Gemma 2 2B"] or set(rows(view)) < set(everything)
    assert all("Gemma" in name for name in rows(view))
    chosen(view, "family", "gpt2")
    assert rows(view) == []
    assert "None of the models to begin with" in view.list._words.text()
    assert view.list._clear.isVisible()
    assert view.list.everywhere.isVisible()


def test_all_of_the_hub_is_searched_when_somebody_says_so(view: DiscoverView) -> None:
    asked: list[Query] = []
    view.list.wanted.connect(asked.append)
    view.list.everywhere.click()
    assert asked == [Query(everywhere=True)]
    view.list.show_answer(Answer(asked[0], FOUND))
    assert "to begin with" in view.list.everywhere.text()
    view.list.everywhere.click()
    assert asked[-1] == Query()


def test_return_searches_at_once(view: DiscoverView, qtbot: QtBot) -> None:
    asked: list[Query] = []
    view.list.wanted.connect(asked.append)
    qtbot.keyClicks(view.list.search, "gemma")
    qtbot.keyClick(view.list.search, Qt.Key.Key_Return)
    assert asked == [Query("gemma")]


def test_a_links_file_is_chosen_and_in_sight(view: DiscoverView, qtbot: QtBot) -> None:
    many_offers = tuple(
        Offer(f"Q{n}_0", 10**9, WELL, files=(f"sub/x-Q{n}_0.gguf",)) for n in range(30)
    )
    page = replace(PAGE, offers=many_offers)
    for named in ("sub/x-Q25_0.gguf", "X-q25_0.gguf"):
        assert page.with_file(named).chosen == "Q25_0"
    assert page.with_file("").chosen == page.with_file("").note == ""
    gone = page.with_file("old.gguf")
    assert (gone.chosen, "no file old.gguf" in gone.note) == ("", True)
    assert replace(page, loading=True).with_file("old.gguf").note == ""
    view.page.show_page(page.with_file("x-Q25_0.gguf"))
    table, area = view.page.table, view.page.findChild(QScrollArea)
    assert table is not None
    assert area is not None
    qtbot.waitUntil(lambda: table.is_whole)
    row = table.chosen_row
    assert row is not None
    assert "Q25_0" in row.accessibleName()
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    top = row.mapTo(area.viewport(), row.rect().topLeft()).y()
    assert 0 <= top <= area.viewport().height() - row.height()


def test_types_of_one_name_are_told_apart() -> None:
    here = discover.Here(REPORT)
    about = discover.FoundModel("a/b-GGUF", n_parameters=10**9, architecture="llama")
    files = [discover.HubFile(f"{name}-Q8_0.gguf", 10**9) for name in ("one", "two")]
    variants = [discover.Variant("Q8_0", file.name, (file,)) for file in files]
    judged = discover.Judged(about, True, False, offers(about, variants, here))
    assert {each.name for each in page_of(judged, 8192, {}).offers} == {
        "one-Q8_0.gguf",
        "two-Q8_0.gguf",
    }


def drawn(width: int, height: int, kind: str) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    data, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)
    return bytes(data.data())


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_pictures_are_made_small_enough(kind: str) -> None:
    assert decoded(drawn(40, 30, kind), kind).size() == QSize(40, 30)
    large = decoded(drawn(3040, 400, kind), kind)
    assert large.size() == QSize(760, 100)
    assert decoded(drawn(3040, 400, kind), kind, 2.0).deviceIndependentSize().width() == 760


def test_what_is_no_picture_is_none() -> None:
    png = drawn(40, 30, "png")
    assert decoded(png[:60], "png").isNull()
    assert decoded(png, "gif").isNull(), "it is read as what it said it is"
    assert decoded(b"", "png").isNull()
    bomb = bytearray(drawn(1, 1, "png"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2  # its head says 3.6 billion pixels
    assert decoded(bytes(bomb), "png").isNull()


def test_pictures_stay_out_until_somebody_asks(view: DiscoverView, qtbot: QtBot) -> None:
    card = view.page.card
    parts = ("# Title", Picture("a.png", "a map"), "Words", Picture("http://x.org/b.png"))
    page = replace(PAGE, card=parts, pictures=Pictures(("a.png",), 1, "huggingface.co"))
    view.page.show_page(page)
    assert card.source == "# Title\n\nWords"
    assert len(card.words) == 1
    assert card.told.text() == "1 picture at huggingface.co; 1 picture on other sites stays out"
    wanted: list[bool] = []
    card.wanted.disconnect()
    card.wanted.connect(lambda: wanted.append(True))
    card.show_button.click()
    assert wanted == [True]
    assert [part.source for part in card.words] == ["# Title", "Words"]
    card.show_picture("a.png", decoded(drawn(40, 30, "png"), "png"))
    (image,) = card.images["a.png"]
    assert image.isVisible()
    assert image.height() == 30
    assert image.accessibleName() == "a map"
    card.pictures_came(0, "")
    assert not card.show_button.isVisible()
    assert card.told.text() == "1 picture on other sites stays out"
    view.page.show_page(page)
    assert image is card.images["a.png"][0], "the same page again fetches nothing anew"
    view.page.show_page(PAGE)
    assert not card.images
    assert not card.told.isVisible()


def test_a_card_follows_the_theme(view: DiscoverView, shell: Shell) -> None:
    view.page.show_page(PAGE)
    (prose,) = view.page.card.words[0].findChildren(Prose)

    def ink() -> str:
        cursor = prose.textCursor()
        cursor.setPosition(2)
        return cursor.charFormat().foreground().color().name()

    before = ink()
    shell.theme.choose("dark")
    try:
        assert ink() != before
    finally:
        shell.theme.choose("light")
    assert ink() == before


def test_settings_without_sense_break_no_page(
    view: DiscoverView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_engine: object) -> object:
        raise UsageError("'nonsense' cannot be the hub's address")

    monkeypatch.delattr(view.finder._desk.engine, "hub")
    monkeypatch.setattr(type(view.finder._desk.engine), "hub", property(broken), raising=False)
    view.finder.open("maker/name")
    assert view.page._title.full() == "name"
    assert not view.page._web.isVisible()


def judged_q8(measured: object = None) -> "discover.Judged":
    about = discover.FoundModel("a/b-GGUF", n_parameters=10**9, architecture="llama")
    file = discover.HubFile("b-Q8_0.gguf", 10**9)
    made = offers(about, [discover.Variant("Q8_0", "b", (file,))], discover.Here(REPORT))
    return discover.Judged(about, True, False, (replace(made[0], measured=measured),))  # type: ignore[arg-type]


def test_another_file_of_the_same_name_is_not_here() -> None:
    def path(size: int) -> str:
        return page_of(judged_q8(), 8192, {("b-Q8_0.gguf", size): "/m/b-Q8_0.gguf"}).offers[0].path

    assert (path(10**9), path(10**9 - 1)) == ("/m/b-Q8_0.gguf", "")


def test_what_was_measured_is_said_and_how() -> None:
    loss = jobs.Loss("Q8_0", "b.gguf", "m", 1, 8.5, "", "k", 640, 8.0, 8.1, 0.01, 0.2, 0.97)
    (offer,) = page_of(judged_q8(loss), 8192, {}).offers
    assert offer.words == "Best here; measured: 1.2 % worse at predicting text"
    assert "640 tokens of the built-in text" in offer.tip
    assert "97.0 % of the time" in offer.tip
    (offer,) = page_of(judged_q8(), 8192, {}).offers
    assert offer.words == "Best here: no loss that anybody would notice"
    assert offer.tip.startswith("Writes about ")


def test_a_table_is_built_anew_only_where_it_looks_different(
    view: DiscoverView, qtbot: QtBot
) -> None:
    page = replace(PAGE, offers=tuple(Offer(f"Q{n}_0", 10**9, WELL) for n in range(30)))
    view.page.show_page(page)
    table = view.page.table
    assert table is not None
    qtbot.waitUntil(lambda: table.is_whole)
    assert len(table.buttons) == 24
    table.more.click()
    qtbot.waitUntil(lambda: len(table.buttons) == 30)
    assert not table.more.isVisible()
    view.page.show_page(replace(page, problem="it broke", failed=True))
    assert view.page.table is table, "what was opened stays open"
    view.page.show_page(replace(page, context=2048))
    assert view.page.table is not table


def test_a_works_name_is_whole_in_a_narrow_window(view: DiscoverView) -> None:
    work = Work(1, "Llama 3.2 3B Q4_K_M", "running", 0.6, "1.3 GB of 2 GB", left="39 s left")
    card = WorkCard(work)
    for width, narrow in ((900, False), (360, True), (900, False)):
        card.resize(width, 80)
        card.show()
        assert card._below.isHidden() is not narrow
        assert card._figures.isHidden() is narrow
        assert card._title.text() == work.title
    card.close()
    card.deleteLater()
