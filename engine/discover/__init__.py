"""Finding a model that runs well here: what a hub offers, judged by this engine on this machine,
before anything is downloaded.

Importing it costs nothing; the rooms that do the work are imported when a job runs.
"""

from engine.discover.asking import MOST as MOST_PICTURES
from engine.discover.asking import PictureCame, PicturesCame, look, pictures, search
from engine.discover.choices import (
    FAMILIES,
    LANGUAGES,
    LICENCES,
    SIZES,
    FilterChoice,
    family_name,
    filters_of,
)
from engine.discover.first_models import FirstModel, first_models, for_machine
from engine.discover.losses import LOSS_WORDS, LossLevel, loss_of
from engine.discover.offers import Here, Offer
from engine.discover.records import Found, Judged, Looked
from engine.hub.apart import stepwise
from engine.hub.connect import Answered, endpoint_of, hub_of, keep_network, kept_network, trying
from engine.hub.connections import Connection, connections
from engine.hub.pictures import address as picture_address
from engine.hub.records import Filters, FoundModel, HubFile, Repository, Variant
from engine.hub.settings import NetworkSettings, hidden, revealed
from engine.hub.tokens import TokenStore

__all__ = [
    "Answered",
    "FAMILIES",
    "LANGUAGES",
    "LICENCES",
    "LOSS_WORDS",
    "MOST_PICTURES",
    "SIZES",
    "FilterChoice",
    "Connection",
    "Filters",
    "FirstModel",
    "Found",
    "FoundModel",
    "Here",
    "HubFile",
    "Judged",
    "Looked",
    "LossLevel",
    "NetworkSettings",
    "Offer",
    "PictureCame",
    "PicturesCame",
    "Repository",
    "TokenStore",
    "Variant",
    "connections",
    "endpoint_of",
    "family_name",
    "filters_of",
    "first_models",
    "for_machine",
    "hidden",
    "hub_of",
    "keep_network",
    "kept_network",
    "look",
    "loss_of",
    "picture_address",
    "pictures",
    "revealed",
    "search",
    "stepwise",
    "trying",
]
