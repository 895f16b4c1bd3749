"""Trying the connection: one cheap question, asked because somebody wants to know."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from engine.base.jobs import Job
from engine.hub.apart import Question
from engine.hub.client import Hub
from engine.hub.settings import without_credentials


@dataclass(frozen=True)
class Answered:
    """The hub can be used. `proxy`: what the question went through, "" for straight."""

    host: str
    seconds: float
    proxy: str = ""


def trying(hub: Hub, ring: Callable[[], None]) -> Job:
    """Asks in a thread of its own; rests until the answer has come. Raises HubError, UsageError."""
    return (yield from Question(hub, _tried, ring).answer())


def _tried(hub: Hub) -> Answered:
    import httpx2

    from engine.hub.connection import proxy_for

    begun = perf_counter()
    hub.greet()
    proxy = proxy_for(httpx2.URL(hub.settings.endpoint), hub.settings)
    return Answered(hub.settings.host, perf_counter() - begun, without_credentials(proxy))
