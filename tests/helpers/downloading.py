"""Downloads against the local hub, in a real network lane: an order, its run, what it cost."""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.local_hub.answers import told_size
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.patience import WAIT

from engine.base.events import Event, Notice
from engine.base.jobs import Lane
from engine.host import Host, Ticket
from engine.hub.client import Hub
from engine.hub.download_file import Means
from engine.hub.download_limits import Limits
from engine.hub.download_order import fetching
from engine.hub.download_patience import Patience
from engine.hub.download_records import DownloadOrder, Fetched
from engine.hub.records import HubFile
from engine.hub.settings import NetworkSettings


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def quick() -> Patience:
    """Tries as usual, without the waiting; a busy machine may be silent for a second."""
    return Patience(tries=6, first_tries=3, first=0.01, longest=0.02, stall=10.0)


def hasty() -> Patience:
    """Gives a connection up that is silent for a moment."""
    return replace(quick(), stall=0.3)


def order_of(repository: Repository, folder: Path, *names: str) -> DownloadOrder:
    """What the hub's record says of these files."""
    return DownloadOrder(
        repository.id, repository.sha, tuple(record_of(repository, n) for n in names), folder
    )


def record_of(repository: Repository, name: str) -> HubFile:
    file = repository.files[name]
    if repository.is_lfs(name, file):
        return HubFile(name, told_size(file), sha256=file.sha256)
    return HubFile(name, told_size(file), blob=file.blob_id)


@dataclass
class Downloads:
    """A host that runs orders; `heard` is everything they told."""

    hub: LocalHub
    host: Host
    means: Means
    heard: list[Event] = field(default_factory=list)

    def begin(self, order: DownloadOrder) -> Ticket:
        ticket = Ticket(self.heard.append)
        self.host.submit(fetching(order, self.means), ticket)
        self.means.ring = ticket.wake
        return ticket

    def fetch(self, order: DownloadOrder) -> Fetched:
        found = self.begin(order).wait(WAIT)
        assert isinstance(found, Fetched)
        return found

    @property
    def notices(self) -> str:
        return "\n".join(event.text for event in self.heard if isinstance(event, Notice))


@contextmanager
def downloads(hub: LocalHub, limits: Limits | None = None) -> Iterator[Downloads]:
    host = Host(Lane.NETWORK)
    settings = NetworkSettings(endpoint=hub.url, proxy="none", timeout=5.0)
    with Hub(settings) as client:
        means = Means(client, limits or Limits(), patience=quick)
        try:
            yield Downloads(hub, host, means)
        finally:
            assert host.shutdown(WAIT)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
