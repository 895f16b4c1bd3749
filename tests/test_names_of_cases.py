"""Each worker of a parallel run must find the same tests under the same names."""

import time

import pytest
from helpers.documents import zipped

LONGEST = 400  # characters of a file, a test and the typed parts of its case


def test_no_case_is_named_by_its_content(request: pytest.FixtureRequest) -> None:
    long = [item.nodeid for item in request.session.items if len(item.nodeid) > LONGEST]
    assert long == []


def test_an_archive_made_later_has_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = zipped({"a": "b"})
    later = time.localtime(time.time() + 3600)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    assert zipped({"a": "b"}) == now
