"""The one way to the network: decides whom we talk to, through which proxy, trusting whom.

Invariant: nothing leaves for any address but the hub's own and those it sends us to for a file;
no cookie is kept, no word about this machine is told. A token goes to the hub itself alone, and
only where it has refused to answer without: searching names nobody.
Whatever fails is a HubError before anybody else sees it, so that no library tries it again behind
our back.
"""

import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cached_property
from urllib.request import getproxies, proxy_bypass

import httpx2

from engine.base.catalogue import Words
from engine.base.errors import HubError, HubFault, UsageError
from engine.base.reading import reason
from engine.hub import faults
from engine.hub.connections import OWN_DOMAINS
from engine.hub.settings import NONE, SYSTEM, NetworkSettings

USER_AGENT = "chaski"
MOST_ANSWER = 64 << 20  # bytes of an answer that is no file
LONGEST_ANSWER = 120.0  # seconds that it may take to come
FILE = "chaski.file"  # request extension: the answer is a file, of any length
_NOT_SENT = ("authorization", "cookie", "x-amzn-trace-id", "x-hf-download-counter")


class Transport(httpx2.BaseTransport):
    """Sends each request through the right door. May be used by several threads."""

    def __init__(
        self,
        settings: NetworkSettings,
        token: Callable[[], str | None],
        domains: tuple[str, ...] = OWN_DOMAINS,
    ) -> None:
        """`domains`: what belongs to the hub beside its address itself, and is under them."""
        self._settings, self._token, self._domains = settings, token, domains
        self._closed = set[str]()  # repositories that want a token
        self._doors = dict[str, httpx2.HTTPTransport]()
        self._sent_to = set[str]()  # hosts that the hub keeps its files at
        self._lock = threading.Lock()
        self._is_closed = False
        weakref.finalize(self, _close_all, self._doors)  # where nobody closes it

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not self._settings.allowed:
            raise faults.not_allowed(self._settings)
        if not self._is_ours(request.url):
            raise faults.foreign(request.url.host, self._settings)
        self._make_plain(request)
        request.extensions = {**request.extensions, "timeout": self._timeouts()}
        if not faults.is_hub(request.url, self._settings):
            return self._sent(request)
        repo = faults.asked(request.url.path)[0]
        if repo in self._closed:
            self._add_token(request)
        try:
            return self._sent(request)
        except HubError as no:
            if no.status not in (401, 403) or not self._add_token(request):
                raise
        answer = self._sent(request)
        self._closed.add(repo)
        return answer

    def _sent(self, request: httpx2.Request) -> httpx2.Response:
        proxy = proxy_for(request.url, self._settings)
        door = self._door(proxy)
        try:
            answer = door.handle_request(request)
        except (httpx2.HTTPError, ssl.SSLError, OSError) as error:
            raise faults.unreachable(error, request, proxy) from None
        finally:
            if self._is_closed:  # meanwhile, by another thread: what was opened since goes, too
                door.close()
        if self._is_closed:
            answer.close()
            raise faults.given_up(request.url.host)
        answer.request = request
        return self._looked_at(answer, request, proxy)

    def _add_token(self, request: httpx2.Request) -> bool:
        """Whether there is a token that was not sent yet; it is in the request then."""
        token = self._token()
        if token is None or "authorization" in request.headers:
            return False
        request.headers["authorization"] = f"Bearer {token}"
        return True

    def close(self) -> None:
        """No connection stays, and none is opened any more, whatever other threads are doing."""
        with self._lock:
            self._is_closed = True
            _close_all(self._doors)

    def _make_plain(self, request: httpx2.Request) -> None:
        request.headers["user-agent"] = USER_AGENT
        request.headers["accept-encoding"] = "identity"
        for name in _NOT_SENT:
            request.headers.pop(name, None)

    def _timeouts(self) -> dict[str, float | None]:
        """Ours, whatever the caller says: a library's may be none at all."""
        most = self._settings.timeout
        return {"connect": min(most, 15.0), "read": most, "write": most, "pool": None}

    def _looked_at(
        self, answer: httpx2.Response, request: httpx2.Request, proxy: str
    ) -> httpx2.Response:
        """The answer if it is one, with a body that fails in our words."""
        try:
            if no := faults.refusal(answer, self._settings):
                raise no
            if answer.is_redirect:
                self._check_redirect(answer)
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise faults.nonsense(self._settings, Words("plain answer"))
        except HubError:
            answer.close()
            raise
        for name in ("set-cookie", "set-cookie2"):
            answer.headers.pop(name, None)
        most = None if request.extensions.get(FILE) else MOST_ANSWER
        assert isinstance(answer.stream, httpx2.SyncByteStream)
        answer.stream = _Body(answer.stream, request, proxy, most, self._settings)
        return answer

    def _check_redirect(self, answer: httpx2.Response) -> None:
        """A file may lie elsewhere; nothing else may."""
        url = answer.request.url.join(answer.headers.get("location", ""))
        is_file = "/resolve/" in answer.request.url.path
        is_safe = url.scheme == "https" or answer.request.url.scheme == "http"
        if self._settings.is_mirror and is_file and is_safe and url.host:
            self._sent_to.add(_place(url))
        if not (is_safe and self._is_ours(url)):
            raise faults.foreign(url.host or "nowhere", self._settings)

    def _is_ours(self, url: httpx2.URL) -> bool:
        if faults.is_hub(url, self._settings) or _place(url) in self._sent_to:
            return True
        of_hub = any(url.host == d or url.host.endswith("." + d) for d in self._domains)
        return of_hub and url.scheme == "https"

    def _door(self, proxy: str) -> httpx2.HTTPTransport:
        with self._lock:
            if self._is_closed:
                raise faults.given_up(self._settings.host)
            if proxy not in self._doors:
                self._doors[proxy] = httpx2.HTTPTransport(
                    verify=self._certificates,
                    trust_env=False,
                    proxy=_as_proxy(proxy) if proxy else None,
                    limits=httpx2.Limits(max_connections=None, max_keepalive_connections=8),
                )
            return self._doors[proxy]

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        """The system's own, and those of the user's file."""
        import truststore

        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self._settings.ca_file:
            try:
                context.load_verify_locations(cafile=self._settings.ca_file)
            except (OSError, ssl.SSLError) as error:
                raise HubError(
                    "{ca_file} holds no certificates that can be read ({reason}); name another "
                    "file in the network settings",
                    HubFault.CERTIFICATE,
                    ca_file=self._settings.ca_file,
                    reason=reason(error),
                ) from None
        return context


def _close_all(doors: dict[str, httpx2.HTTPTransport]) -> None:
    for door in doors.values():
        door.close()


class _Body(httpx2.SyncByteStream):
    """An answer's body: what breaks it off is told in our words, and it has an end."""

    def __init__(
        self,
        stream: httpx2.SyncByteStream,
        request: httpx2.Request,
        proxy: str,
        most: int | None,
        settings: NetworkSettings,
    ) -> None:
        self._stream, self._request, self._proxy = stream, request, proxy
        self._most, self._settings = most, settings

    def __iter__(self) -> Iterator[bytes]:
        size, begun = 0, time.monotonic()
        try:
            for piece in self._stream:
                size += len(piece)
                if self._most is not None and size > self._most:
                    raise faults.nonsense(self._settings, Words("answer of a sensible length"))
                if self._most is not None and time.monotonic() - begun > LONGEST_ANSWER:
                    raise HubError(
                        "{host} answers too slowly; try again later",
                        HubFault.TIMEOUT,
                        host=self._settings.host,
                    )
                yield piece
        except (httpx2.HTTPError, ssl.SSLError, OSError) as error:
            raise faults.unreachable(error, self._request, "") from None

    def close(self) -> None:
        with suppress(httpx2.HTTPError, OSError):
            self._stream.close()


_IN_USE: ContextVar[Transport] = ContextVar("transport")


class _Router(httpx2.BaseTransport):
    """huggingface_hub has one session for the whole process; each of our calls through it goes its
    own way, in its own thread."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        transport = _IN_USE.get(None)
        if transport is None:  # the library asks something of its own accord
            raise RuntimeError("huggingface_hub is used through engine/hub/client.py alone")
        return transport.handle_request(request)


def router() -> "LentClient":
    """The session that the library gets."""
    return LentClient(_Router())


@contextmanager
def through(transport: Transport) -> Iterator[None]:
    """What this thread asks the library meanwhile goes through this transport."""
    token = _IN_USE.set(transport)
    try:
        yield
    finally:
        _IN_USE.reset(token)


class LentClient(httpx2.Client):
    """A client that goes through one transport only, and that a library cannot close."""

    def __init__(self, transport: httpx2.BaseTransport) -> None:
        super().__init__(transport=transport, trust_env=False, follow_redirects=True)

    def close(self) -> None:
        """Nothing: whoever made the transport closes it."""


def proxy_for(url: httpx2.URL, settings: NetworkSettings) -> str:
    """The proxy's address for this request; "" if it goes straight."""
    if settings.proxy == NONE:
        return ""
    if settings.proxy != SYSTEM:
        return settings.proxy
    with suppress(OSError, ValueError):
        if not proxy_bypass(url.host):
            found = getproxies()
            proxy = found.get(url.scheme) or found.get("all") or ""
            return proxy if "://" in proxy or not proxy else f"http://{proxy}"
    return ""


def _as_proxy(address: str) -> httpx2.Proxy:
    try:
        return httpx2.Proxy(address.replace("socks://", "socks5://"))
    except (httpx2.InvalidURL, ValueError):
        raise UsageError(
            "the proxy that this system names cannot be used; write one into the network settings"
        ) from None


def _place(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"
