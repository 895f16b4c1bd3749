"""The workshop with the real engine: a model is made smaller, a job is stopped, things fail."""

from pathlib import Path

import pytest
from helpers.patience import WAIT_MS
from helpers.shortcuts import check_shortcuts
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama
from pytestqt.qtbot import QtBot

from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType
from gui.app import Shell
from gui.library.library_view import LibraryView
from gui.main_window import MainWindow
from gui.workshop.bench import Bench
from gui.workshop.words import output_name, time_left
from gui.workshop.workshop_view import WorkshopView


@pytest.fixture
def bench(workshop: MainWindow) -> Bench:
    assert isinstance(workshop.view("workshop"), WorkshopView)
    return workshop.view("workshop").bench


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "tiny-F16.gguf", type=TensorType.F16)


def take(bench: Bench, path: Path, qtbot: QtBot) -> None:
    """Until it is shown: Qt shows what a layout was given with the next turn of its loop."""
    bench.take(str(path))

    def is_there() -> bool:
        shown = bench.place is not None and bench.place.isVisible()
        return shown or not bench.error.isHidden()

    qtbot.waitUntil(is_there, timeout=WAIT_MS)


def results(bench: Bench) -> list[str]:
    return sorted(p.name for p in bench._desk.engine.paths.models.iterdir())


def test_a_model_is_made_smaller(
    workshop: MainWindow, bench: Bench, tiny: Path, qtbot: QtBot
) -> None:
    take(bench, tiny, qtbot)
    assert bench.table is not None
    assert bench.place is not None
    bench.table.choose("Q8_0")
    assert bench.place.name.text() == "tiny-Q8_0.gguf"
    assert "Q8_0" in bench.place.make.text()
    assert "Ctrl+Return" in check_shortcuts(workshop)
    bench.place.make.click()
    check_shortcuts(workshop)
    assert bench.place.isHidden(), "what a running job was told cannot be changed"
    qtbot.waitUntil(lambda: bench.made is not None, timeout=WAIT_MS)
    assert bench.made is not None
    check_shortcuts(workshop)
    with open_gguf(bench.made.path) as file:
        assert file.tensors["blk.0.attn_q.weight"].type is TensorType.Q8_0
    desk = bench._desk
    qtbot.waitUntil(lambda: any(m.key == "tiny-Q8_0" for m in desk.known), timeout=WAIT_MS)
    assert bench.job is not None
    with qtbot.waitSignal(desk.loading):
        bench.job.chat.click()
    assert workshop.rail._buttons["chats"].isChecked()
    qtbot.waitUntil(lambda: not desk.opening, timeout=WAIT_MS)


def test_a_folder_is_converted_and_quantized(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    take(bench, write_folder(tmp_path / "hf", "llama"), qtbot)
    assert bench.table is not None
    assert bench.place is not None
    bench.table.show_all()
    bench.table.choose("Q4_0")
    bench.place.make.click()
    assert bench.job is not None
    assert list(bench.job._pills) == ["convert", "quantize", "library"]
    qtbot.waitUntil(lambda: bench.made is not None, timeout=WAIT_MS)
    assert results(bench) == ["hf-Q4_0.gguf"]
    bench.job.more.click()
    assert not bench.place.isHidden(), "another type can be made"


def test_a_job_stopped_at_once_leaves_nothing(bench: Bench, tiny: Path, qtbot: QtBot) -> None:
    take(bench, tiny, qtbot)
    assert bench.place is not None
    bench.place.make.click()
    assert bench.job is not None
    with qtbot.waitSignal(bench._desk.notice) as told:
        bench.job.cancel.click()
        qtbot.waitUntil(lambda: bench.job is None, timeout=WAIT_MS)
    assert told.args == ["Stopped; nothing was finished yet"]
    assert not bench.runner.running
    assert results(bench) == []
    assert not bench.place.isHidden()
    assert bench.place.error.isHidden(), "stopping is no failure"


def test_what_goes_wrong_stands_where_it_happened(
    bench: Bench, tiny: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    take(bench, tiny, qtbot)
    assert bench.place is not None
    place = bench.place
    place.set_folder(str(tmp_path / "nowhere"))
    place.make.click()
    qtbot.waitUntil(lambda: not place.error.isHidden(), timeout=WAIT_MS)
    assert "does not exist" in place.error.text()
    place.set_folder(str(tmp_path))
    assert place.error.isHidden()
    place.name.setText(tiny.name)
    place.make.click()
    qtbot.waitUntil(lambda: not place.error.isHidden(), timeout=WAIT_MS)
    assert "exists already" in place.error.text()
    assert bench.job is None


def test_a_wrong_source_is_one_sentence(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir")
    for path in (tmp_path / "letter.txt", tmp_path / "gone.gguf", tmp_path / "home"):
        take(bench, path, qtbot)
        assert bench.error.text().count("\n") == 0
        assert not bench.pick.isHidden(), "another can be chosen at once"
        bench.error.hide()


def test_the_lowest_types_ask_for_a_matrix(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    wide = write_tiny_llama(tmp_path / "w.gguf", type=TensorType.F16, n_embd=256, n_ff=256)
    take(bench, wide, qtbot)
    assert bench.table is not None
    assert bench.place is not None
    assert bench.table.rows["Q4_K_M"].isChecked(), "the usual balance is chosen first"
    bench.table.choose("IQ1_S")
    assert not bench.place.make.isEnabled()
    assert not bench.place._matrix_row.isHidden()
    text = tmp_path / "story.txt"
    text.write_text("once upon a time there was a little girl named " * 200)
    bench.place.set_text(str(text))
    bench.place.make.click()
    assert bench.job is not None
    assert list(bench.job._pills) == ["importance", "quantize", "library"]
    qtbot.waitUntil(lambda: bench.made is not None, timeout=WAIT_MS)
    assert results(bench) == ["w-IQ1_S.gguf"]
    bench.job.more.click()
    bench.table.choose("Q6_K")
    assert bench.place.make.isEnabled()


def test_quantizing_twice_needs_consent(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    take(bench, write_tiny_llama(tmp_path / "q.gguf", type=TensorType.Q8_0), qtbot)
    assert bench.table is not None
    assert bench.place is not None
    bench.table.show_all()
    bench.table.choose("Q4_0")
    assert not bench.place.make.isEnabled()
    bench.place.twice.setChecked(True)
    assert bench.place.make.isEnabled()


def test_the_inspector_shows_and_finds(workshop: MainWindow, tiny: Path, qtbot: QtBot) -> None:
    workshop.show_view("workshop", str(tiny))
    view = workshop.view("workshop")
    assert view is not None
    qtbot.waitUntil(lambda: view.inspector is not None, timeout=WAIT_MS)
    inside = view.inspector
    assert inside is not None
    assert inside.tensors.sieve.rowCount() == 21
    inside.search.setText("head_count")
    assert inside.metadata.sieve.rowCount() == 2
    inside.metadata.selectRow(0)
    assert inside._full.toPlainText() == "4"
    inside.show_tensors.click()
    inside.search.setText("ffn_down")
    assert inside.tensors.sieve.rowCount() == 2
    assert not inside._full.isVisible()
    inside.tensors.selectRow(0)
    qtbot.waitUntil(lambda: inside.spread.name == "blk.0.ffn_down.weight", timeout=WAIT_MS)
    assert not inside.spread.isHidden()
    inside.search.setText("nothing of the kind")
    assert "nothing of the kind" in inside._none.text()
    inside.closed.emit()
    assert view.inspector is None


def test_models_lead_to_the_inspector(workshop: MainWindow, tiny: Path, qtbot: QtBot) -> None:
    desk = workshop.view("workshop").bench._desk  # type: ignore[attr-defined]
    desk.remember(str(tiny))
    qtbot.waitUntil(lambda: bool(desk.known), timeout=WAIT_MS)
    workshop.show_view("models")
    view = workshop.view("models")
    assert isinstance(view, LibraryView)
    parts = [entry for entry in view.menus.entries_of(desk.known[0]) if entry is not None]
    next(act for words, _, act in parts if words == "Look inside")()
    assert isinstance(workshop.view("workshop"), WorkshopView)
    qtbot.waitUntil(lambda: workshop.view("workshop").inspector is not None, timeout=WAIT_MS)
    assert workshop.rail._buttons["workshop"].isChecked()


def test_what_is_dropped_here_is_worked_on(
    workshop: MainWindow, bench: Bench, tiny: Path, qtbot: QtBot
) -> None:
    workshop._take_dropped(str(tiny))
    qtbot.waitUntil(lambda: bench.source is not None, timeout=WAIT_MS)
    assert bench.source is not None
    assert bench.source.path == tiny


def test_a_choice_outlives_larger_text(
    real_shell: Shell, workshop: MainWindow, bench: Bench, tiny: Path, qtbot: QtBot
) -> None:
    take(bench, tiny, qtbot)
    before = bench.table
    assert before is not None
    before.choose("IQ4_NL")
    real_shell.theme.set_font_pixels(18)
    assert bench.table is not None
    assert bench.table is not before
    assert bench.table.chosen_name() == "IQ4_NL"
    assert not bench.table.rows["IQ4_NL"].isHidden()
    real_shell.theme.set_font_pixels(14)


def test_a_file_without_weights_offers_nothing(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    with GGUFWriter(tmp_path / "vocab.gguf") as writer:
        writer.set_all({"general.architecture": "llama"})
    take(bench, tmp_path / "vocab.gguf", qtbot)
    assert bench.place is not None
    assert not bench.place.make.isEnabled()


def test_a_file_that_cannot_be_read_says_so(
    workshop: MainWindow, bench: Bench, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF\3\0\0\0")
    workshop.show_view("workshop", str(tmp_path / "broken.gguf"))
    qtbot.waitUntil(lambda: not bench.error.isHidden(), timeout=WAIT_MS)
    assert "broken.gguf" in bench.error.text()


def test_closing_the_window_ends_the_job(
    workshop: MainWindow, bench: Bench, tiny: Path, qtbot: QtBot
) -> None:
    take(bench, tiny, qtbot)
    assert bench.place is not None
    engine = bench._desk.engine
    bench.place.make.click()
    workshop.close()
    engine.shutdown()
    assert not list(engine.paths.models.glob("*.gguf"))


def test_names_and_times(tmp_path: Path) -> None:
    for name in ("Qwen3-4B-F16.gguf", "Qwen3-4B.bf16.gguf", "Qwen3-4B-Q8_0.gguf", "Qwen3-4B.gguf"):
        (tmp_path / name).touch()
        assert output_name(tmp_path / name, "Q4_K_M") == "Qwen3-4B-Q4_K_M.gguf"
    assert output_name(Path("/models/Mistral-7B-v0.1"), "F16") == "Mistral-7B-v0.1-F16.gguf"
    told = [time_left(s) for s in (0.2, 39, 130, 3900)]
    assert told == ["1 s left", "39 s left", "2 min left", "1 h 5 min left"]
