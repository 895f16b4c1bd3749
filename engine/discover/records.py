"""What is told of models on a hub: frozen records and the events of the jobs behind them."""

from dataclasses import dataclass

from engine.base.events import Event
from engine.discover.offers import Offer
from engine.hardware.fits import Verdict
from engine.hub.records import FoundModel, Repository


@dataclass(frozen=True)
class Judged:
    """A repository and what becomes of it here. `known`: whether this engine runs its family (None
    where nobody says which it is); `convertible`: its own weights can be made into the GGUF files
    that `makes` tells of; `fetched`: bytes of heads that were read; `problem`: why it was not
    looked into."""

    about: FoundModel
    known: bool | None
    convertible: bool
    offers: tuple[Offer, ...] = ()
    makes: tuple[Offer, ...] = ()
    weights_bytes: int = 0
    fetched: int = 0
    problem: str = ""

    @property
    def runs(self) -> bool:
        """Whether any of it fits into this machine."""
        return any(
            o.verdict is not Verdict.NOT and not o.problem for o in (*self.offers, *self.makes)
        )

    @property
    def recommended(self) -> Offer | None:
        return next((offer for offer in self.offers + self.makes if offer.recommended), None)


@dataclass(frozen=True)
class Found(Event):
    """A search has one more."""

    model: Judged


@dataclass(frozen=True)
class Looked:
    """A repository with all there is to show of it; `card` is its makers' Markdown."""

    repository: Repository
    judged: Judged
    card: str
