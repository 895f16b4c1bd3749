"""A real server of releases: the small file that tells of the newest, and the files it names.

    with ReleasesServer() as server:
        server.put("app.exe", b"...")
        server.tell(version="9.0.0")
        ... server.place ...

What it answers to a path may be put in its place: a status, headers, bytes.
"""

import hashlib
import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from engine.hub.updates import Place

NEWEST = "/maker/app/releases/latest/download/release.json"


@dataclass
class Answer:
    """`slow`: seconds between two bytes of the body; `cut`: it ends after so many of them."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0
    cut: int | None = None


class ReleasesServer:
    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self.answers = dict[str, Answer]()
        self.asked = list[tuple[str, dict[str, str]]]()
        self._files = list[dict[str, Any]]()
        handler = type("OurHandler", (_Handler,), {"home": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        scheme = "http"
        if certificate:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self.place = Place(f"{self.url}/maker/app", domains=())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def put(self, name: str, data: bytes, **what: Any) -> str:
        """A file of the release; returns its path."""
        path = f"/maker/app/releases/download/v9/{name}"
        self.answers[path] = Answer(data)
        told = {
            "form": "installer",
            "system": "linux",
            "machine": "x86_64",
            "url": self.url + path,
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        self._files.append({**told, **what})
        return path

    def told(self, **what: Any) -> dict[str, Any]:
        """What the small file says."""
        return {
            "version": "9.0.0",
            "date": "2030-01-31",
            "page": f"{self.place.repository}/releases/tag/v9",
            "notes": {"en": ["Faster.", "Calmer."], "fr": ["Plus rapide.", "Plus calme."]},
            "files": self._files,
            **what,
        }

    def tell(self, **what: Any) -> None:
        self.answers[NEWEST] = Answer(json.dumps(self.told(**what)).encode())

    def __enter__(self) -> "ReleasesServer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    home: ReleasesServer
    timeout = 30

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.home.asked.append((self.path, headers))
        answer = self.home.answers.get(self.path, Answer(b"Not Found", 404))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        try:
            self._send(answer)
        except OSError:  # who asked has gone
            self.close_connection = True

    def _send(self, answer: Answer) -> None:
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        if not answer.slow:
            self.wfile.write(body)
            return
        for i in range(len(body)):
            self.wfile.write(body[i : i + 1])
            time.sleep(answer.slow)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""
