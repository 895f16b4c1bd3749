"""What the window says itself: English is the key, a catalogue of Qt's has the rest."""

import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from gui.language import CONTEXT, SPOKEN, marked, speak, tr

MESSAGES = {
    "Delete {n:,} {n:chat|chats}": "Supprimer {n:,} {n:conversation|conversations}",
    "{size:memory} free": "{size:memory} libres",
    "Open": "Ouvrir",
}
TITLE = marked("Open")


@pytest.fixture
def french(qapp: QApplication, tmp_path: Path) -> Iterator[None]:
    """A catalogue made here by Qt's own tool."""
    told = "".join(
        f"<message><source>{key}</source><translation>{text}</translation></message>"
        for key, text in MESSAGES.items()
    )
    sense = "<message><source>Open</source><comment>not closed</comment>"
    told += f"{sense}<translation>Ouverte</translation></message>"
    source = tmp_path / "chaski_fr.ts"
    source.write_text(
        f'<TS version="2.1" language="fr"><context><name>{CONTEXT}</name>{told}</context></TS>',
        encoding="utf-8",
    )
    tool = Path(sysconfig.get_path("scripts")) / "pyside6-lrelease"
    subprocess.run([tool, source], check=True, capture_output=True)
    before = qapp.property(SPOKEN)
    assert speak(qapp, "fr", tmp_path) == "fr"
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    qapp.setProperty(SPOKEN, before)


@pytest.mark.usefixtures("french")
def test_words_fields_and_senses() -> None:
    assert tr("Delete {n:,} {n:chat|chats}", n=1) == "Supprimer 1 conversation"
    assert tr(TITLE) == "Ouvrir"
    assert tr("Open", sense="not closed") == "Ouverte"
    assert tr("Nobody told this {one}", one="yet") == "Nobody told this yet"


def test_english_is_what_is_written(qapp: QApplication) -> None:
    assert tr("Delete {n:,} {n:chat|chats}", n=2000) == "Delete 2,000 chats"
    assert tr("{size:memory} free", size=3 * 2**30) == "3.2 GB free"
    assert tr("Open", sense="not closed") == "Open"
