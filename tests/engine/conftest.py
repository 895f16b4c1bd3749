"""What tests of several rooms of the engine need: a hub on this machine, and a way to it."""

from collections.abc import Iterator

import pytest
from helpers.local_hub.server import LocalHub

from engine.hub.client import Hub
from engine.hub.settings import NetworkSettings


@pytest.fixture
def local() -> Iterator[LocalHub]:
    """An empty one; tests that need repositories in it fill it, or have a fixture of their own."""
    with LocalHub() as local:
        yield local


@pytest.fixture
def hub(local: LocalHub) -> Iterator[Hub]:
    with Hub(NetworkSettings(local.url, "none", timeout=5.0)) as hub:
        yield hub
