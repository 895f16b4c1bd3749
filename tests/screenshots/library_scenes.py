"""Scenes of Models: the list, details, duplicates, menus, nothing yet, ten thousand."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from scenes import in_both, in_dark, in_sizes, named

DAY = 86400.0


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(
        studio,
        library,
        library_detail,
        library_menu,
        library_search,
        library_large,
        library_duplicates,
        library_empty,
        library_many,
        library_long,
    )


def library(studio: Any, name: str) -> None:
    """The list: light, dark, narrow."""
    _show(studio, _models())
    in_both(studio, name)
    studio.window.resize(900, 640)
    studio.shoot(f"{name}-narrow")
    studio.window.resize(1280, 800)


def library_detail(studio: Any, name: str) -> None:
    """One model's panel: beside the list, further down, dark, and in place of the list."""
    view = _show(studio, _models())
    view.show_details(studio.shell.desk.known[0])
    studio.shoot(name)
    from PySide6.QtWidgets import QScrollArea

    bar = view.detail.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    studio.shoot(f"{name}-below")
    bar.setValue(0)
    in_dark(studio, name)
    studio.window.resize(900, 640)
    studio.shoot(f"{name}-narrow")
    studio.window.resize(1280, 800)
    view._close_detail()


def library_menu(studio: Any, name: str) -> None:
    view = _show(studio, _models())
    model = studio.shell.desk.known[1]
    view.list.choose(model.path)
    from gui.library.menus import menu_of

    menu = menu_of(view, view.menus.entries_of(model))
    spot = view.list.visualRect(view.list.currentIndex()).center()
    menu.popup(view.list.viewport().mapToGlobal(spot))
    _over(studio, menu, view, name)


def library_search(studio: Any, name: str) -> None:
    view = _show(studio, _models())
    view.search.setText("#coding")
    studio.shoot(name)
    view.search.setText("nothing of the kind")
    studio.shoot(f"{name}-nothing")
    view.search.clear()


def library_large(studio: Any, name: str) -> None:
    """Text half as large again."""
    view = _show(studio, _models())
    studio.shell.theme.set_font_pixels(21)
    view.show_details(studio.shell.desk.known[0])
    studio.shoot(name)
    view._close_detail()
    studio.shell.theme.set_font_pixels(14)


def library_duplicates(studio: Any, name: str) -> None:
    from engine.library.records import Keeper, LibraryModel, Twins

    view = _show(studio, _models())
    sheet = view.duplicates
    view._stack.setCurrentWidget(sheet)
    size = 2_497_000_000
    copies = (
        LibraryModel("Qwen3-4B-Q4_K_M", Path("/home/ana/models/Qwen3-4B-Q4_K_M.gguf"), size),
        LibraryModel(
            "Qwen3-4B-Q4_K_M",
            Path("/home/ana/.lmstudio/models/Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf"),
            size,
            source="LM Studio",
        ),
        LibraryModel(
            "qwen3:4b",
            Path("/home/ana/.ollama/models/blobs/sha256-163553aea1b1de62de7c5eb2ef5afb756b4b3133"),
            size,
            source="Ollama",
        ),
    )
    sheet._twins = (
        Twins(copies, size, 2 * size, True),
        Twins(copies[:2], 1_100_000_000, 1_100_000_000, False),
    )
    keepers = (Keeper("", "", True), Keeper("LM Studio"), Keeper("Ollama", "ollama rm"))
    sheet._keepers = {str(copy.path): keeper for copy, keeper in zip(copies, keepers, strict=True)}
    sheet._show()
    studio.shoot(name)
    view._hide_duplicates()


def library_empty(studio: Any, name: str) -> None:
    _show(studio, [])
    studio.shoot(name)


def library_many(studio: Any, name: str) -> None:
    """Ten thousand files of other programs, somewhere in the middle."""
    first = _models()[6]
    many = [
        replace(
            first, path=f"/home/ana/.lmstudio/models/maker/repo{n}/Model-{n}.gguf", key=f"M {n}"
        )
        for n in range(10_000)
    ]
    view = _show(studio, [*_models()[:2], *many])
    studio.shoot(name)
    view.list.verticalScrollBar().setValue(view.list.verticalScrollBar().maximum() // 2)
    studio.shoot(f"{name}-middle")
    view.list.verticalScrollBar().setValue(0)


def library_long(studio: Any, name: str) -> None:
    """Long names, tags, notes and reasons: the list, and the details of one."""
    long = "A-Very-Long-Name-Of-A-Model-Somebody-Merged-From-Five-Others-2511-Instruct-Q4_K_M"
    models = _models()
    tags = tuple(f"a tag of many words, number {i}" for i in range(6))
    folder = "/media/ana/A disk with a long name/Models that were fetched in the year 2026"
    models[0] = replace(
        models[0],
        key=long,
        name=f"{long} (a copy)",
        path=f"{folder}/{long}.gguf",
        tags=tags,
        notes="It is good at many things, and this note says which. " * 12,
        sha256="0123456789abcdef" * 4,
        source="",
    )
    models[4] = replace(models[4], problem=f"its file is gone: {folder}/{long}.gguf " * 2)
    view = _show(studio, models)
    in_both(studio, name)
    view.show_details(models[0])
    studio.shoot(f"{name}-detail")
    in_sizes(studio, **{f"{name}-narrow": (760, 600)})
    view.show_details(models[4])
    studio.shoot(f"{name}-problem")
    view._close_detail()


def _show(studio: Any, models: list[Any]) -> Any:
    from helpers.fake_engine import REPORT
    from PySide6.QtTest import QTest

    from gui.library.library_view import LibraryView

    QTest.qWait(200)  # the list that opening a model asked for would come in between
    studio.window.show_view("models")
    view = studio.window.view("models")
    assert isinstance(view, LibraryView)
    view._wants_details = False
    studio.shell.desk.known = models
    studio.shell.desk.set_hardware(REPORT)
    studio.shell.desk.known_changed.emit()
    QTest.qWait(100)
    return view


def _over(studio: Any, popup: Any, view: Any, name: str) -> None:
    """A menu is a window of its own: it is painted over the picture."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter
    from PySide6.QtTest import QTest

    QTest.qWait(150)
    picture = studio.window.grab()
    painter = QPainter(picture)
    spot = popup.pos() - studio.window.mapToGlobal(QPoint())
    painter.drawPixmap(spot, popup.grab())
    painter.end()
    path = studio.folder / f"{name}.png"
    picture.save(str(path))
    print(path)
    popup.close()


def _models() -> list[Any]:
    from make import known_models

    from engine.api import ModelDefaults

    now = time.time()
    own = [
        replace(
            model,
            key=f"{model.name.replace(' ', '-')}-{model.type_name}",
            architecture=family,
            n_ctx_train=40_960,
            added=now - 40 * DAY,
            last_used=used and now - used * DAY,
            tokens_per_second=rate,
        )
        for model, (family, used, rate) in zip(
            known_models(),
            (
                ("qwen3", 0.5, 8.6),
                ("gemma3", 5, 0.0),
                ("llama", 75, 11.2),
                ("llama", 200, 0.0),
                ("phi3", 0, 0.0),
                ("gpt-oss", 0, 0.0),
            ),
            strict=True,
        )
    ]
    wishes = ModelDefaults("Answer briefly.", {"temperature": 0.6}, 8192)
    own[0] = replace(own[0], tags=("coding", "French"), notes="Good at Python.", defaults=wishes)
    gone = replace(
        own[3],
        path="/media/usb/Модели/Vikhr-Nemo-12B-Q5_K_M.gguf",
        key="Vikhr-Nemo-12B-Q5_K_M",
        name="Vikhr Nemo 12B",
        type_name="",
        problem="its file is gone: /media/usb/Модели/Vikhr-Nemo-12B-Q5_K_M.gguf",
    )
    guide = replace(
        own[0],
        path="/resources/starter/Chaski Guide.gguf",
        name="Chaski Guide",
        key="starter",
        type_name="Q8_0",
        parameters=6_524_160,
        file_bytes=7_084_352,
        size="7.08 MB",
        built_in=True,
        tags=(),
    )
    return [*own[:4], gone, own[4], own[5], guide]
