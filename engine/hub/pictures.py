"""Pictures of a model card: which of them the hub itself keeps, and their bytes, bounded.

Invariant: an address that `address` gives is the hub's own, or, of Hugging Face, one of the places
under it that keep what belongs to its pages; nothing else is ever asked for.
"""

import time
from collections.abc import Callable
from urllib.parse import quote, unquote, urlsplit

from engine.base.catalogue import Words
from engine.base.errors import HubError, HubFault
from engine.base.words import shown
from engine.hub.client import Hub
from engine.hub.connections import OWN_DOMAINS
from engine.hub.names import objection
from engine.hub.settings import NetworkSettings

MOST_BYTES = 4 << 20  # of one picture
LONGEST_S = 30.0  # that one may take
LONGEST = 2000  # letters of an address
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}


def address(reference: str, repo: str, commit: str, settings: NetworkSettings) -> str:
    """Where a picture that a card names lies on the hub; "" if it lies on another site."""
    reference = reference.strip()
    if not reference or len(reference) > LONGEST or not reference.isprintable():
        return ""
    try:
        parts = urlsplit(reference)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if not parts.scheme and not parts.netloc:
        return _inside(parts.path, repo, commit, settings)
    if parts.username or parts.password or " " in reference:
        return ""
    own = urlsplit(settings.endpoint)
    if (parts.scheme, host, port) == (own.scheme, own.hostname, own.port):
        return _of_hub(parts.path.removeprefix(own.path), settings)
    if (parts.scheme, host, port) == ("https", OWN_DOMAINS[0], None):
        return _of_hub(parts.path, settings)
    below = any(host.endswith(f".{domain}") for domain in OWN_DOMAINS)
    if below and parts.scheme == "https" and port is None and not settings.is_mirror:
        return reference
    return ""


def _inside(path: str, repo: str, commit: str, settings: NetworkSettings) -> str:
    """A file of the repository, or a path on the hub."""
    if path.startswith("/"):
        return _of_hub(path, settings)
    name = unquote(path).removeprefix("./")
    if objection(name):
        return ""
    return f"{settings.endpoint}/{repo}/resolve/{quote(commit, safe='')}/{quote(name)}"


def _of_hub(path: str, settings: NetworkSettings) -> str:
    """Only files: the hub's other pages are nobody's picture."""
    path = unquote(path)
    for page in ("/blob/", "/raw/"):
        path = path.replace(page, "/resolve/", 1)
    before, found, after = path.partition("/resolve/")
    pieces = before.removeprefix("/").split("/")
    if not found or pieces[0] == "api" or any(map(objection, (before.removeprefix("/"), after))):
        return ""
    return f"{settings.endpoint}{quote(path)}"


def kind_of(data: bytes) -> str:
    """png, jpeg, gif or webp, by how it begins; "" for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _BEGINNINGS.items() if data.startswith(start)), "")


def fetch(hub: Hub, url: str, checkpoint: Callable[[], object] = lambda: None) -> bytes:
    """A picture's bytes. Raises HubError where it is none, too large, too slow or not there."""
    data, begun = bytearray(), time.monotonic()
    with hub.stream(url) as answer:
        for piece in answer.iter_raw():
            checkpoint()
            data += piece
            if len(data) > MOST_BYTES or time.monotonic() - begun > LONGEST_S:
                raise HubError("{url} is too large to be shown", HubFault.LIE, url=_called(url))
    if not kind_of(bytes(data[:16])):
        raise HubError("{url} is no picture that can be shown", HubFault.LIE, url=_called(url))
    return bytes(data)


def _called(url: str) -> str:
    return shown(unquote(urlsplit(url).path.rpartition("/")[2]), 80) or Words("this picture")
