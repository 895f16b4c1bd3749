"""Finding a model that runs well here: what a hub offers, judged by this engine on this machine,
before anything is downloaded.

Importing it costs nothing; the rooms that do the work are imported when a job runs.
"""

from engine.discover.first_models import FirstModel, first_models, for_machine
from engine.discover.front import look, search
from engine.discover.losses import LOSS_WORDS, Loss, loss_of
from engine.discover.offers import Offer
from engine.discover.records import Found, Judged, Looked
from engine.hub.apart import stepwise
from engine.hub.connect import hub_of, keep_network
from engine.hub.connections import Connection, connections
from engine.hub.records import Filters, FoundModel, HubFile, Repository, Variant
from engine.hub.settings import NetworkSettings
from engine.hub.tokens import Tokens

__all__ = [
    "LOSS_WORDS",
    "Connection",
    "Filters",
    "FirstModel",
    "Found",
    "FoundModel",
    "HubFile",
    "Judged",
    "Looked",
    "Loss",
    "NetworkSettings",
    "Offer",
    "Repository",
    "Tokens",
    "Variant",
    "connections",
    "first_models",
    "for_machine",
    "hub_of",
    "keep_network",
    "look",
    "loss_of",
    "search",
    "stepwise",
]
