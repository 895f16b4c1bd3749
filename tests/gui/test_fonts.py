"""Letters that the interface's font has not: Han characters look Japanese in a Japanese window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication

from gui.language import SPOKEN
from gui.theme import fonts
from gui.theme.style import stylesheet
from gui.theme.tokens import LIGHT
from gui.widgets.labels import ElidedLabel


@pytest.fixture
def machine(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> QApplication:
    """One with fonts of China and Japan, as Linux and Windows call them."""
    there = ["Inter", "JetBrains Mono", "Noto Sans CJK SC", "Noto Sans CJK JP", "Meiryo"]
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: there)
    monkeypatch.setattr("sys.platform", "linux")
    return qapp


def test_a_japanese_window_asks_for_japanese_letters(
    machine: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "speaking", lambda: "ja")
    assert fonts.interface_font(14).families() == ["Inter", "Meiryo", "Noto Sans CJK JP"]
    assert fonts.mono_font(13).families()[0] == "JetBrains Mono"
    assert "Noto Sans CJK SC" not in fonts.mono_families()
    sheet = stylesheet(LIGHT, round, fonts.mono_families())
    assert 'font-family: "JetBrains Mono", "Meiryo", "Noto Sans CJK JP";' in sheet


@pytest.mark.parametrize("code", ["en", "fr"])
def test_others_leave_them_to_the_system(
    machine: QApplication, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(fonts, "speaking", lambda: code)
    assert fonts.interface_families() == ["Inter"]
    assert fonts.mono_families() == ["JetBrains Mono"]


def test_the_first_family_is_the_one_that_is_used(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts.load_bundled()
    before = qapp.property(SPOKEN)
    qapp.setProperty(SPOKEN, "ja")
    try:
        assert QFontInfo(fonts.interface_font(14)).family() == fonts.interface_family()
    finally:
        qapp.setProperty(SPOKEN, before)


def test_a_line_that_is_cut_has_room_for_letters_of_another_font(qapp: QApplication) -> None:
    name = ElidedLabel("モデル g")
    line = QFontMetrics(name.font()).size(Qt.TextFlag.TextSingleLine, "モデル g")
    assert name.sizeHint().height() >= line.height()
    assert name.minimumSizeHint().height() >= line.height()
