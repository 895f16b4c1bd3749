"""A trash of a test's own: nobody's real one gets anything."""

import os
import sys
from pathlib import Path

import pytest


def trash_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the system's trash is from now on."""
    data = folder / "share"
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    if sys.platform == "linux":
        from send2trash import plat_other

        monkeypatch.setattr(plat_other, "XDG_DATA_HOME", os.fsencode(data))
        monkeypatch.setattr(plat_other, "HOMETRASH_B", os.fsencode(data / "Trash"))
        monkeypatch.setattr("send2trash.send2trash", plat_other.send2trash)
    return data / "Trash"
