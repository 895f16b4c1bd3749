"""What the local hub was asked: one record for each request, in the order of their arrival."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Request:
    """`door`: "hub" or "cdn"; `headers` have small names; `sent` is how many bytes of the body
    went out so far; `status` is 0 until there is an answer."""

    door: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    status: int = 0
    sent: int = 0

    @property
    def target(self) -> str:
        return self.path + (f"?{self.query}" if self.query else "")


@dataclass
class Log:
    requests: list[Request] = field(default_factory=list)

    def paths(self, door: str | None = None) -> list[str]:
        return [request.path for request in self.of(door)]

    def of(self, door: str | None = None, containing: str = "") -> list[Request]:
        return [
            request
            for request in list(self.requests)
            if door in (None, request.door) and containing in request.path
        ]

    def sent(self, containing: str = "") -> int:
        """Bytes of bodies that went out for paths that contain this."""
        return sum(request.sent for request in self.of(None, containing))

    def clear(self) -> None:
        self.requests.clear()
