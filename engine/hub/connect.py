"""The hub as this user reaches it: kept settings, variables on top, the kept token; trying it."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from engine.base.errors import ChaskiError
from engine.base.jobs import Job
from engine.base.paths import Paths
from engine.hub.apart import HubQuestion
from engine.hub.client import Hub
from engine.hub.settings import HUGGING_FACE, NetworkSettings, kept, load, save, without_credentials
from engine.hub.tokens import TokenStore


def hub_of(paths: Paths) -> Hub:
    """Nothing is asked yet, neither the hub nor the keyring. Raises UsageError for settings that
    make no sense."""
    settings = load(paths.network_file)
    return Hub(settings, lambda: TokenStore(paths.token_file).get(settings.host))


def endpoint_of(paths: Paths) -> str:
    """The address of the hub that is asked; Hugging Face's where the settings make no sense, which
    whoever asks it is told."""
    try:
        return load(paths.network_file).endpoint
    except ChaskiError:
        return HUGGING_FACE


def kept_network(paths: Paths) -> NetworkSettings:
    """What the user chose; variables, and what cannot be used any more, are not looked at."""
    return kept(paths.network_file)


def keep_network(paths: Paths, settings: NetworkSettings) -> None:
    """Raises UsageError for settings that make no sense, or where they cannot be kept."""
    save(settings, paths.network_file)


@dataclass(frozen=True)
class Answered:
    """The hub can be used. `proxy`: what the question went through, "" for straight."""

    host: str
    seconds: float
    proxy: str = ""


def trying(hub: Hub, ring: Callable[[], None]) -> Job:
    """Asks in a thread of its own; rests until the answer has come. Raises HubError, UsageError."""
    return (yield from HubQuestion(hub, _tried, ring).answer())


def _tried(hub: Hub) -> Answered:
    import httpx2

    from engine.hub.connection import proxy_for

    begun = perf_counter()
    hub.greet()
    proxy = proxy_for(httpx2.URL(hub.settings.endpoint), hub.settings)
    return Answered(hub.settings.host, perf_counter() - begun, without_credentials(proxy))
