"""What somebody wishes for one model holds in the window: how it is opened, what a new chat begins
with, and what comes before what."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import FakeEngine, model_info
from helpers.tiny_models import write_tiny_llama
from pytestqt.qtbot import QtBot

from engine.api import LoadOptions, ModelDefaults, ModelInfo, SamplingParams
from engine.sampling.params import check_params
from gui.app import Shell
from gui.desk import KnownModel
from gui.library.defaults_form import DefaultsForm
from gui.main_window import MainWindow
from gui.parameter_list import GROUPS
from gui.preferences import Preferences
from gui.settings.settings_view import SettingsView

PATH = "/models/Qwen3 4B.gguf"
WISH = ModelDefaults("Be a poet.", {"temperature": 0.25}, n_ctx=1024, threads=1, cache_type="q8_0")


@pytest.fixture
def wishing(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> Callable[[ModelDefaults], None]:
    """The engine opens models with these wishes, as the real one does with those of the library."""

    def wish(defaults: ModelDefaults) -> None:
        monkeypatch.setattr(
            engine, "_info", lambda path: defaults.told_in(model_info(Path(path).stem, path, path))
        )

    return wish


def opened(window: MainWindow, qtbot: QtBot, path: str = PATH) -> ModelInfo:
    window.open_path(path)
    qtbot.waitUntil(
        lambda: window.chat.talk.model is not None and str(window.chat.talk.model.path) == path
    )
    assert window.chat.talk.model is not None
    return window.chat.talk.model


# The system prompt


def test_a_new_chat_begins_with_the_models_own_system_prompt(
    window: MainWindow, wishing: Callable[[ModelDefaults], None], qtbot: QtBot
) -> None:
    wishing(WISH)
    opened(window, qtbot)
    chat = window.chat
    assert chat.talk.record.system == "Be a poet."
    assert chat.system.text() == "Be a poet."
    assert chat.system.isVisible(), "it is seen, and can be changed"
    chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not chat.talk.busy)
    assert chat.talk._chat is not None
    assert chat.talk._chat.settings.system == "Be a poet."
    assert chat.talk._chat.settings.sampling.temperature == 0.25
    chat.new_chat()
    assert chat.talk.record.system == "Be a poet."


def test_it_comes_before_that_of_settings(
    window: MainWindow, shell: Shell, wishing: Callable[[ModelDefaults], None], qtbot: QtBot
) -> None:
    shell.desk.preferences = Preferences(system_prompt="Answer briefly.")
    wishing(WISH)
    opened(window, qtbot)
    window.chat.new_chat()
    assert window.chat.talk.record.system == "Be a poet."
    wishing(ModelDefaults())
    opened(window, qtbot, "/models/other.gguf")
    assert window.chat.talk.record.system == "Answer briefly.", "another model, another beginning"


def test_what_somebody_wrote_stays(
    window: MainWindow, wishing: Callable[[ModelDefaults], None], qtbot: QtBot
) -> None:
    wishing(WISH)
    window.chat.panels.show_system(True)
    window.chat.system._edit.setPlainText("My own.")
    opened(window, qtbot)
    assert window.chat.talk.record.system == "My own."
    window.chat.system._edit.setPlainText("")
    opened(window, qtbot, "/models/other.gguf")
    assert window.chat.talk.record.system == "", "to have none is a wish, too"


def test_a_chat_that_was_begun_keeps_its_own(
    window: MainWindow, wishing: Callable[[ModelDefaults], None], qtbot: QtBot
) -> None:
    opened(window, qtbot)
    window.chat.talk.send("Hello")
    qtbot.waitUntil(lambda: not window.chat.talk.busy)
    wishing(WISH)
    opened(window, qtbot, "/models/other.gguf")
    assert window.chat.talk.record.system == ""


# Sampling


def test_a_models_wishes_are_the_values_of_its_chats(
    window: MainWindow, wishing: Callable[[ModelDefaults], None], qtbot: QtBot
) -> None:
    wishing(WISH)
    model = opened(window, qtbot)
    assert model.default_sampling == replace(SamplingParams(), temperature=0.25)
    parameters = window.chat.parameters
    assert parameters._sampling.temperature == 0.25
    chosen = replace(model.default_sampling, temperature=1.0)
    window.chat.panels.change_parameters(chosen, window.chat.talk.record.generation)
    assert window.chat.talk.record.sampling == chosen, "what a chat has chosen comes first"
    window.chat.new_chat()
    assert window.chat.talk.record.sampling is None


# How it is opened


def test_its_own_context_and_threads_come_before_settings(
    real_shell: Shell, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the list was not read yet: the catalogue is asked when it is opened."""
    desk = real_shell.desk
    one = write_tiny_llama(tmp_path / "one.gguf", n_ctx=4096)
    two = write_tiny_llama(tmp_path / "two.gguf", n_ctx=4096)
    for path in (one, two):
        desk.engine.library.add(path)
    desk.engine.library.set_defaults(one, ModelDefaults(n_ctx=640, threads=1, cache_type="f32"))
    desk.preferences = replace(desk.preferences, context=1024, threads=2)
    asked: list[LoadOptions] = []

    def opening(path: Path, options: LoadOptions, *rest: object) -> object:
        asked.append(options)
        raise RuntimeError("enough is known")
        yield

    monkeypatch.setattr(desk.engine._models, "opening", opening)
    for path in (one, two):
        with qtbot.waitSignal(desk.load_ended):
            desk.open_model(str(path))
    got = [(options.n_ctx, options.threads, options.cache_type) for options in asked]
    assert got == [(640, 1, "f32"), (1024, 2, LoadOptions().cache_type)]
    desk.refresh_known()
    qtbot.waitUntil(lambda: desk.known_at(str(one)) is not None)
    assert desk.opened._options_for(one).n_ctx == 640
    assert desk.opened._options_for(two).n_ctx == 1024


def test_an_open_model_is_reopened_with_new_wishes(
    ready: MainWindow, shell: Shell, engine: FakeEngine, qtbot: QtBot
) -> None:
    desk = shell.desk
    model = desk.models()[0]
    known = KnownModel(str(model.path), "Qwen3 4B", "", key="Qwen3 4B")
    desk.known = [known]
    assert desk.to_reopen() == []
    desk.known = [replace(known, defaults=ModelDefaults(n_ctx=2048))]
    assert desk.to_reopen() == [model]
    ready.show_view("models")
    view = ready.view("models")
    view.show_details(desk.known[0])  # type: ignore[attr-defined]
    assert view.detail.stale.isVisible()  # type: ignore[attr-defined]
    ready.show_view("settings")
    settings = ready.view("settings")
    assert isinstance(settings, SettingsView)
    assert settings.reopen.isEnabled()
    view.detail.reopen_wanted.emit(desk.known[0])  # type: ignore[attr-defined]
    assert desk.opening_path == str(model.path)
    assert desk.opened._opening_options.n_ctx == 2048
    qtbot.waitUntil(lambda: bool(desk.models()) and desk.models()[0].id != model.id)


def test_no_field_takes_what_no_chat_would(shell: Shell, qtbot: QtBot) -> None:
    form = DefaultsForm()
    qtbot.addWidget(form)
    form.more.click()
    assert {p.field for group in GROUPS for p in group.parameters} == form._figures.keys()
    for name, field in form._figures.items():
        for value in (field.minimum() + field.singleStep(), field.maximum()):
            field.setValue(value)
            check_params(replace(SamplingParams(), **{name: form.value().sampling[name]}))
        field.setValue(field.minimum())
        assert name not in form.value().sampling
