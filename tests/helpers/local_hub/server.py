"""A real local hub: what huggingface_hub and plain GETs ask of Hugging Face, over real sockets.

    with LocalHub() as hub:
        hub.add(Repository("someone/model-GGUF").put("model.Q4_K_M.gguf", content))
        hub.faults.add("*model.Q4_K_M.gguf", door="cdn", cut_after=1000, times=1)
        ... HF_ENDPOINT = hub.url ...
        assert hub.log.sent("model.Q4_K_M.gguf") < 2000

Large files lie behind a redirect to a second door, the CDN (another port, so another origin: no
token may arrive there), whose links are signed and can be made to expire.
"""

import ssl
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from helpers.local_hub.faults import Faults
from helpers.local_hub.handler import Handler
from helpers.local_hub.repositories import Repository
from helpers.local_hub.requests_log import Log


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are no news."""


class LocalHub:
    """The hub. `tokens` are those it knows; `page_size` is the most rows of one page."""

    def __init__(self, certificate: tuple[Path, Path] | None = None, page_size: int = 1000) -> None:
        self.repositories = dict[str, Repository]()
        self.tokens = set[str]()
        self.page_size = page_size
        self.log, self.faults = Log(), Faults()
        self.errors = list[Exception]()  # of the hub itself, none of which are on purpose
        self.closing = threading.Event()
        self._signature, self._oldest = 0, 0
        self._lock = threading.Lock()
        self._certificate = certificate
        self._servers = {door: self._open(door) for door in ("hub", "cdn")}
        self.url, self.cdn_url = self._address("hub"), self._address("cdn")

    def add(self, repository: Repository) -> Repository:
        self.repositories[repository.id] = repository
        self.tokens |= set(repository.allowed)
        return repository

    def sign(self) -> int:
        """A new signature for a link to the CDN."""
        with self._lock:
            self._signature += 1
            return self._signature

    def is_signed(self, signature: str) -> bool:
        return signature.isdigit() and self._oldest < int(signature) <= self._signature

    def expire_links(self) -> None:
        """No link that was given so far works any more."""
        self._oldest = self._signature

    def close(self) -> None:
        """Ends all connections, also those that stall."""
        self.closing.set()
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def __enter__(self) -> "LocalHub":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if self.errors and error is None:
            raise self.errors[0]

    def _open(self, door: str) -> _Server:
        handler = type("DoorHandler", (Handler,), {"hub": self, "door": door})
        server = _Server(("127.0.0.1", 0), handler)
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        run = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        run.start()
        return server

    def _address(self, door: str) -> str:
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://127.0.0.1:{self._servers[door].server_address[1]}"
