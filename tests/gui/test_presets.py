"""Presets of sampling values and the library of system prompts: named, kept, deleted, undone."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import SamplingParams
from gui import presets
from gui.app import Shell
from gui.chat.preset_row import OTHER, OWN
from gui.chat.prompt_library import PromptLibrary
from gui.main_window import MainWindow
from gui.named import Named


def named(path: Path) -> Named[SamplingParams]:
    return Named(path, presets.sound, presets.told, lambda work: work())


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """With a model and its parameters in sight."""
    window.show()
    window.open_path("/models/a.gguf")
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)
    window.chat.show_panel(True)
    return window


# What is kept


def test_named_values_come_back_and_those_that_make_no_sense_do_not(tmp_path: Path) -> None:
    path = tmp_path / "presets.json"
    mine = SamplingParams(temperature=0.123, top_k=7, samplers=("top_k", "temperature"))
    assert named(path).put("  My   own ", mine) == "My own"
    assert named(path).all == {"My own": mine}
    assert json.loads(path.read_text()) == {
        "My own": {"temperature": 0.123, "top_k": 7, "samplers": ["top_k", "temperature"]}
    }
    odd = {"a": {"top_k": "x", "temperature": 0.5}, "b": 3, "": {}, "c": {"min_p": 1e99}}
    path.write_text(json.dumps(odd))
    assert named(path).all == {"a": SamplingParams(temperature=0.5), "c": SamplingParams()}


def test_a_damaged_file_is_set_aside_and_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "presets.json"
    path.write_text("{broken")
    there = named(path)
    assert there.all == {}
    there.put("a", SamplingParams())
    assert (tmp_path / "presets.damaged.json").read_text() == "{broken"


def test_a_name_that_is_taken_stays_that_ones(tmp_path: Path) -> None:
    there = named(tmp_path / "p.json")
    there.put("a", SamplingParams(top_k=1))
    there.put("b", SamplingParams(top_k=2))
    assert there.rename("a", "b") == "a"
    assert there.rename("a", "c") == "c"
    assert list(there.all) == ["c", "b"], "in its place"
    assert there.free_name("b") == "b 2"


# Presets


def test_a_preset_sets_all_values_and_is_known_again(panel: MainWindow) -> None:
    chat = panel.chat
    row, record = chat.parameters.presets, chat.talk.record
    assert row.combo.currentData() == OWN
    row.combo.setCurrentIndex(row.combo.findData("Precise"))
    row.combo.activated.emit(row.combo.currentIndex())
    assert record.sampling == presets.BUILT_IN["Precise"]
    assert row.combo.currentData() == "Precise"
    chat.parameters._rows["temperature"].changed.emit(0.77)
    assert record.sampling.temperature == 0.77
    assert row.combo.currentData() == OTHER
    row.combo.setCurrentIndex(row.combo.findData(OWN))
    row.combo.activated.emit(row.combo.currentIndex())
    assert record.sampling is None


def test_own_presets_are_saved_deleted_and_brought_back(panel: MainWindow, qtbot: QtBot) -> None:
    chat, undo = panel.chat, []
    chat.undoable.connect(lambda words, act: undo.append((words, act)))
    row = chat.parameters.presets
    chat.parameters._rows["temperature"].changed.emit(0.33)
    row.begin_name()
    assert row.combo.isHidden()
    row.name.setText("Precise")
    qtbot.keyClick(row.name, Qt.Key.Key_Return)
    assert not row.name.isHidden(), "a built-in one stays what it is"
    row.name.setText("Mine")
    qtbot.keyClick(row.name, Qt.Key.Key_Return)
    assert row.combo.currentData() == "Mine"
    assert panel._desk.presets.all["Mine"].temperature == 0.33
    row.deleted.emit("Mine")
    assert row.combo.findData("Mine") < 0
    ((words, act),) = undo
    assert words == "“Mine” was deleted"
    act()
    assert row.combo.currentData() == "Mine"


def test_new_chats_begin_with_what_was_chosen_for_them(panel: MainWindow, qtbot: QtBot) -> None:
    chat = panel.chat
    chat.parameters.presets.usual_wanted.emit("Creative")
    chat.new_chat()
    assert chat.talk.record.sampling == presets.BUILT_IN["Creative"]
    chat.parameters.presets.usual_wanted.emit("")
    chat.new_chat()
    assert chat.talk.record.sampling is None


def test_settings_choose_what_new_chats_begin_with(panel: MainWindow, qtbot: QtBot) -> None:
    panel._desk.presets.put("Mine", SamplingParams(temperature=0.4))
    panel.show_view("settings")
    settings = panel.view("settings")
    qtbot.waitUntil(lambda: "chats" in settings._made)
    settings.shown()
    settings.preset.setCurrentIndex(settings.preset.findData("Mine"))
    settings.full.setCurrentIndex(settings.full.findData("ends"))
    panel.show_view("chats")
    panel.chat.new_chat()
    record = panel.chat.talk.record
    assert (record.sampling.temperature, record.generation.when_full) == (0.4, "ends")


def test_the_models_own_values_can_be_these(
    panel: MainWindow, engine: FakeEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, kept = panel.chat, []
    monkeypatch.setattr(
        panel._desk, "wish", lambda model, change, then: kept.append((model.name, change))
    )
    chat.parameters._rows["temperature"].changed.emit(0.5)
    chat.parameters.presets.own_wanted.emit()
    ((name, change),) = kept
    from engine.api import ModelDefaults

    assert change(ModelDefaults(n_ctx=9)) == ModelDefaults(n_ctx=9, sampling={"temperature": 0.5})
    assert name == chat.talk.model.name


def test_the_guide_stays_as_it_comes(panel: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    chat, told = panel.chat, []
    chat.said.connect(told.append)
    monkeypatch.setattr(panel._desk, "is_guide", lambda path: True)
    chat.show_opening()
    chat.parameters._rows["temperature"].changed.emit(0.5)
    chat.parameters.presets.own_wanted.emit()
    assert told == [
        "The guide always opens as it comes with the program.",
        "The guide keeps its values; save yours as a preset instead.",
    ]


# System prompts


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, of any dialog
def test_system_prompts_are_found_changed_used_deleted_and_brought_back(
    panel: MainWindow, qtbot: QtBot
) -> None:
    chat, undo = panel.chat, []
    chat.undoable.connect(lambda words, act: undo.append(act))
    chat.talk.record.system = "Answer briefly."
    chat.panels.show_library()
    (sheet,) = panel.findChildren(PromptLibrary)
    assert not sheet.use.isEnabled()
    sheet.add.click()
    assert sheet.text.toPlainText() == "Answer briefly.", "a new one begins with the chat's"
    sheet.name.setText("Brief")
    sheet.name.setFocus()
    QTest.keyClick(sheet.name, Qt.Key.Key_Return)
    assert sheet.isVisible(), "a name that is given uses no prompt"
    assert sheet.focusWidget() is sheet.text
    sheet.add.click()
    sheet.text.setPlainText("You are a pirate.")
    sheet.name.setText("Pirate")
    sheet.name.editingFinished.emit()
    assert panel._desk.prompts.all == {"Brief": "Answer briefly.", "Pirate": "You are a pirate."}
    sheet.search.setText("brie")
    assert [sheet.list.item(i).text() for i in range(sheet.list.count())] == ["Brief"]
    sheet.search.setText("pirate")
    assert sheet.chosen == "Pirate"
    sheet.use.click()
    assert chat.talk.record.system == "You are a pirate."
    assert chat.system.text() == "You are a pirate."

    chat.panels.show_library()
    sheet = panel.findChildren(PromptLibrary)[-1]
    assert sheet.chosen == "Pirate", "that of the chat is chosen"
    sheet.delete.click()
    assert list(panel._desk.prompts.all) == ["Brief"]
    undo[0]()
    assert panel._desk.prompts.all["Pirate"] == "You are a pirate."
    sheet.reject()
    path = panel._desk.engine.paths.window_file.parent / "prompts.json"
    qtbot.waitUntil(lambda: path.is_file() and "pirate" in path.read_text())


def test_the_parameters_are_whole_in_a_narrow_window(panel: MainWindow, shell: Shell) -> None:
    """Also with larger letters: the box of the chat gives way."""
    parts = panel.chat.parameters, panel.chat.composer
    for pixels, width in ((21, 900), (14, 760)):
        shell.theme.set_font_pixels(pixels)
        panel.resize(width, 600)
        QApplication.processEvents()
        for part in parts:
            assert part.mapTo(panel, part.rect().topRight()).x() < width
            assert part.width() >= part.minimumSizeHint().width()
    shell.theme.set_font_pixels(14)
    panel.resize(1280, 800)
    QApplication.processEvents()
    assert panel.chat.composer.context.isVisible()


def test_a_seed_that_was_chosen_outlives_a_preset(panel: MainWindow) -> None:
    chat = panel.chat
    own = chat.talk.model.default_sampling
    chat.parameters.show_values(replace(own, seed=42), chat.talk.record.generation, own)
    chat.parameters._take_preset(presets.BUILT_IN["Precise"])
    assert chat.talk.record.sampling == replace(presets.BUILT_IN["Precise"], seed=42)
