"""A hub that does not answer a search keeps nothing else of the network lane waiting."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.patience import WAIT

from engine.api import Engine, Paths, discover
from engine.base.errors import CancelledError, HubError
from engine.base.events import Done, Event
from engine.base.jobs import Job, Lane


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub() as hub:
        for name in ("one", "two"):
            hub.add(Repository(f"someone/{name}-GGUF")).put(f"{name}-Q4_0.gguf", b"x" * 1000)
        yield hub


@pytest.fixture
def engine(tmp_path: Path, hub: LocalHub) -> Iterator[Engine]:
    with Engine(Paths.under(tmp_path)) as engine:
        engine.use_network(discover.NetworkSettings(endpoint=hub.url, proxy="none", timeout=WAIT))
        yield engine


def short() -> Job:
    yield None
    return "done"


def ask(engine: Engine, kind: str, heard: list[Event]) -> Any:
    report: Any = engine.hardware().wait(WAIT)
    if kind == "search":
        return engine.search_hub("GGUF", report, heard.append)
    return engine.look_into("someone/one-GGUF", report, heard.append)


@pytest.mark.parametrize("kind", ["search", "look"])
def test_the_lane_goes_on(engine: Engine, hub: LocalHub, kind: str) -> None:
    hub.faults.add("/api/models*", silent=True)
    ticket = ask(engine, kind, [])
    end = time.monotonic() + WAIT
    while not hub.log.requests:
        assert time.monotonic() < end
        time.sleep(0.005)
    assert engine.run(short(), lane=Lane.NETWORK).wait(WAIT) == "done"
    assert not ticket.ended
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)


def test_what_is_found_comes_as_it_did(engine: Engine, hub: LocalHub) -> None:
    heard = list[Event]()
    ask(engine, "search", heard).wait(WAIT)
    names = sorted(e.model.about.id for e in heard if isinstance(e, discover.Found))
    assert names == ["someone/one-GGUF", "someone/two-GGUF"]
    assert isinstance(heard[-1], Done)


def test_a_refusal_is_told_as_it_was(engine: Engine, hub: LocalHub) -> None:
    hub.faults.add("/api/models*", status=500)
    with pytest.raises(HubError, match="has a problem of its own"):
        ask(engine, "search", []).wait(WAIT)
