"""What can go wrong on purpose, for each path; a test switches it on and off.

Invariant: a fault with `times` strikes that often and never again; several that match one request
act together, the first word on each matter counts.
"""

import fnmatch
import threading
from dataclasses import dataclass, field, fields

PORTAL = b"<!DOCTYPE html><html><title>Welcome</title><body>Please accept our terms.</body></html>"


@dataclass
class Fault:
    """`path` is a pattern for a whole path ("*model.gguf", "/api/*").

    status: this answer instead of the right one, with `headers` and `body`; html: a captive
    portal's page, with status 200 if no other; silent: never an answer; reset: the connection ends
    without one; bytes_per_second: slow; cut_after: the connection ends after so many bytes of a
    body; stall_after: nothing more comes then; corrupt_at: the file's byte at this place is
    changed; no_ranges: every answer is the whole file; wrong_length: Content-Length tells this;
    wrong_range: a 206 tells and sends bytes of another place; etag: this one is told.
    """

    path: str
    door: str | None = None  # hub, cdn or both
    method: str | None = None
    times: int | None = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    html: bool = False
    silent: bool = False
    reset: bool = False
    bytes_per_second: float | None = None
    cut_after: int | None = None
    stall_after: int | None = None
    corrupt_at: int | None = None
    no_ranges: bool = False
    wrong_length: int | None = None
    wrong_range: bool = False
    etag: str | None = None

    def matches(self, door: str, method: str, path: str) -> bool:
        return (
            self.times != 0
            and self.door in (None, door)
            and self.method in (None, method)
            and fnmatch.fnmatchcase(path, self.path)
        )


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self._faults = list[Fault]()
        self._lock = threading.Lock()

    def add(self, path: str, **what: object) -> Fault:
        fault = Fault(path, **what)  # type: ignore[arg-type]
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def for_request(self, door: str, method: str, path: str) -> Fault:
        """All that strikes this request, as one."""
        with self._lock:
            found = [f for f in self._faults if f.matches(door, method, path)]
            for fault in found:
                if fault.times is not None:
                    fault.times -= 1
        whole = Fault(path)
        for fault in reversed(found):
            for each in fields(Fault):
                value = getattr(fault, each.name)
                if value != each.default and value not in (None, {}):
                    setattr(whole, each.name, value)
        return whole
