"""Two small proxies for tests: HTTP (absolute addresses and CONNECT) and SOCKS5.

with HttpProxy() as proxy:
    ... NetworkSettings(proxy=proxy.url) ...
    assert proxy.asked == ["127.0.0.1:1234"]
"""

import select
import socket
import socketserver
import struct
import threading
from types import TracebackType
from urllib.parse import urlsplit

PIECE = 1 << 16


class Proxy(socketserver.ThreadingTCPServer):
    """`asked`: each host:port that somebody wanted through it."""

    daemon_threads = True
    allow_reuse_address = True
    scheme = "http"

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asked = list[str]()
        self.url = f"{self.scheme}://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are no news."""

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.shutdown()
        self.server_close()


class HttpProxy(Proxy):
    def __init__(self, password: str = "") -> None:
        self.password = password  # what Proxy-Authorization must hold
        super().__init__(_Http)


class SocksProxy(Proxy):
    scheme = "socks5"

    def __init__(self) -> None:
        super().__init__(_Socks)


class _Http(socketserver.StreamRequestHandler):
    server: HttpProxy

    def handle(self) -> None:
        while line := self.rfile.readline().decode("latin-1"):
            method, target, version = line.split()
            headers = list[str]()
            while (header := self.rfile.readline().decode("latin-1").strip()) != "":
                headers.append(header)
            told = [h for h in headers if h.lower().startswith("proxy-authorization:")]
            if self.server.password and not any(self.server.password in h for h in told):
                self.wfile.write(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
                continue
            if method == "CONNECT":
                host, _, port = target.partition(":")
                self.server.asked.append(target)
                with socket.create_connection((host, int(port))) as there:
                    self.wfile.write(b"HTTP/1.1 200 Go on\r\n\r\n")
                    _join(self.connection, there)
                return
            self._forward(method, target, version, headers)

    def _forward(self, method: str, target: str, version: str, headers: list[str]) -> None:
        parts = urlsplit(target)
        self.server.asked.append(parts.netloc)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        kept = [h for h in headers if not h.lower().startswith(("proxy-", "connection:"))]
        words = "\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""])
        with socket.create_connection((parts.hostname or "", parts.port or 80)) as there:
            there.sendall(words.encode("latin-1"))
            head = there.recv(PIECE)
            while b"\r\n\r\n" not in head:
                head += there.recv(PIECE)
            # The client must know that this connection ends with the answer.
            self.wfile.write(head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            while piece := there.recv(PIECE):
                self.wfile.write(piece)
        self.connection.shutdown(socket.SHUT_RDWR)


class _Socks(socketserver.StreamRequestHandler):
    server: SocksProxy

    def handle(self) -> None:
        _, n = self.rfile.read(2)
        self.rfile.read(n)
        self.wfile.write(b"\x05\x00")
        _, _, _, kind = self.rfile.read(4)
        if kind == 1:
            host = socket.inet_ntoa(self.rfile.read(4))
        else:
            host = self.rfile.read(self.rfile.read(1)[0]).decode()
        (port,) = struct.unpack(">H", self.rfile.read(2))
        self.server.asked.append(f"{host}:{port}")
        with socket.create_connection((host, port)) as there:
            self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
            _join(self.connection, there)


def _join(one: socket.socket, other: socket.socket) -> None:
    """Bytes both ways until one side ends."""
    while True:
        for side in select.select([one, other], [], [])[0]:
            piece = side.recv(PIECE)
            if not piece:
                return
            (other if side is one else one).sendall(piece)
