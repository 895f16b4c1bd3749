"""What the system hands over: paths, file://…, links; on macOS as events."""

import subprocess
import sys

import pytest
from helpers.data import ROOT
from helpers.patience import WAIT

from gui.handed import plain

EVENTS = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from gui.handed import Application
app = Application(["test"])
app.handed.connect(lambda named: print(named))
for what in sys.argv[1:]:
    given = QUrl(what) if ":" in what else what
    QCoreApplication.postEvent(app, QFileOpenEvent(given))
QTimer.singleShot(0, app.quit)
app.exec()
"""


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/models/a.gguf", "/models/a.gguf"),
        ("file:///models/Qwen3%204B.gguf", "/models/Qwen3 4B.gguf"),
        ("FILE:///models/mod%C3%A8le.gguf", "/models/modèle.gguf"),
        ("chaski://model/a/b", "chaski://model/a/b"),
        ("chaski://evil.com/a/b?file=file:///x", "chaski://evil.com/a/b?file=file:///x"),
        ("file:", "file:"),
        ("files.gguf", "files.gguf"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths are written another way there")
def test_an_address_of_a_file_is_its_path(given: str, path: str) -> None:
    assert plain([given]) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written another way there")
def test_files_and_links_come_as_events() -> None:
    asked = ["/models/a.gguf", "chaski://model/a/b/c.gguf", "file:///models/b%20c.gguf"]
    done = subprocess.run(
        [sys.executable, "-c", EVENTS, *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=WAIT,
    )
    assert done.stdout.splitlines() == [
        "/models/a.gguf",
        "chaski://model/a/b/c.gguf",
        "/models/b c.gguf",
    ]
