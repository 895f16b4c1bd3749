"""A remote file read in pieces: few bytes, none twice, and all of the file that was described."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from helpers.local_hub.repositories import HubFile, Repository
from helpers.local_hub.server import LocalHub

from engine.base.errors import CancelledError, HubError, HubFault
from engine.hub import pieces
from engine.hub import records as hub_records
from engine.hub.client import Hub
from engine.hub.pieces import FIRST, LARGEST, Pieces
from engine.hub.settings import NetworkSettings

REPO, NAME = "someone/model-GGUF", "model.gguf"
WHOLE = np.arange(3_000_000, dtype=">u4").tobytes()  # 12 MB


@pytest.fixture
def local() -> Iterator[LocalHub]:
    with LocalHub() as local:
        local.add(Repository(REPO)).put(NAME, WHOLE)
        yield local


def opened(hub: Hub, local: LocalHub, **more: Any) -> Pieces:
    sha = more.pop("sha256", HubFile(WHOLE).true_sha256)
    file = hub_records.HubFile(NAME, more.pop("size", len(WHOLE)), sha)
    return Pieces(hub, REPO, local.repositories[REPO].sha, file, **more)


def read(found: Pieces, at: int, nbytes: int) -> bytes:
    target = bytearray(nbytes)
    found.read_into(at, memoryview(target))
    return bytes(target)


def settings(local: LocalHub, timeout: float = 20.0) -> NetworkSettings:
    return NetworkSettings(local.url, "none", timeout=timeout)


def test_from_front_to_back_in_growing_pieces(local: LocalHub) -> None:
    with Hub(settings(local)) as hub:
        found = opened(hub, local)
        for at in range(0, 3 << 20, 50_000):
            assert read(found, at, 50_000) == WHOLE[at : at + 50_000]
        sizes = [request.sent for request in local.log.of("cdn")]
        assert sizes == [FIRST << n for n in range(len(sizes))]
        assert found.fetched == sum(sizes) < 2 * (3 << 20) + FIRST
        assert len(local.log.of("hub")) == 1  # the link is used again
        for at in range(0, 3 << 20, 50_000):  # and nothing is fetched twice
            assert read(found, at, 50_000) == WHOLE[at : at + 50_000]
        assert len(local.log.of("cdn")) == len(sizes)


def test_anywhere_and_at_the_end(local: LocalHub) -> None:
    with Hub(settings(local)) as hub:
        found = opened(hub, local)
        for at, nbytes in ((7_000_000, 10), (100, 10), (7_000_000 - 5, 20), (len(WHOLE) - 3, 3)):
            assert read(found, at, nbytes) == WHOLE[at : at + nbytes]
        assert read(found, 0, len(WHOLE)) == WHOLE
        assert found.fetched == len(WHOLE)
        assert max(request.sent for request in local.log.of("cdn")) <= LARGEST


def test_a_link_that_expires_meanwhile(local: LocalHub) -> None:
    with Hub(settings(local)) as hub:
        found = opened(hub, local)
        read(found, 0, 10)
        local.expire_links()
        assert read(found, FIRST, 10) == WHOLE[FIRST : FIRST + 10]
        assert len(local.log.of("hub")) == 2


def test_it_can_be_stopped_between_requests(local: LocalHub) -> None:
    asked = list[int]()

    def checkpoint() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise CancelledError("stopped")

    with Hub(settings(local)) as hub:
        found = opened(hub, local, checkpoint=checkpoint)
        read(found, 0, 10)
        with pytest.raises(CancelledError):
            read(found, FIRST, 10)
        assert len(local.log.of("cdn")) == 1


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"cut_after": 100}, HubFault.CUT),
        ({"stall_after": 100}, HubFault.TIMEOUT),
        ({"wrong_range": True}, HubFault.LIE),
        ({"wrong_length": 100}, HubFault.CUT),
        ({"html": True}, HubFault.PORTAL),
        ({"status": 500}, HubFault.BROKEN),
        ({"status": 404}, HubFault.EXPIRED),
    ],
)
def test_what_breaks(local: LocalHub, what: dict[str, Any], why: HubFault) -> None:
    local.faults.add("/cdn/*", **what)
    timeout = 1.0 if why is HubFault.TIMEOUT else 20.0
    with Hub(settings(local, timeout)) as hub, pytest.raises(HubError) as refused:
        read(opened(hub, local), 0, 1000)
    assert refused.value.why is why


def test_a_server_without_ranges(local: LocalHub) -> None:
    local.faults.add("/cdn/*", no_ranges=True)
    with Hub(settings(local)) as hub:
        found = opened(hub, local)
        assert read(found, 0, 1000) == WHOLE[:1000]
        assert found.fetched < FIRST + (1 << 20)
        with pytest.raises(HubError, match="no parts of files"):
            read(found, FIRST, 10)


@pytest.mark.parametrize(
    ("described", "words"),
    [
        ({"size": 5000}, "has 5000 bytes, but it has 12000000"),
        ({"sha256": "a" * 64}, "another file"),
    ],
)
def test_a_record_that_lies(local: LocalHub, described: dict[str, Any], words: str) -> None:
    with Hub(settings(local)) as hub, pytest.raises(HubError, match=words) as refused:
        read(opened(hub, local, **described), 0, 1000)
    assert refused.value.why is HubFault.LIE


def test_a_head_without_end(local: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST", 1 << 20)
    with Hub(settings(local)) as hub:
        found = opened(hub, local)
        with pytest.raises(HubError, match="does not end"):
            read(found, 0, len(WHOLE))
        assert found.fetched <= 1 << 20
