"""One GET as downloads need it: what stands before the bytes, then the bytes as they come.

Plain HTTP with ranges, not the hub's Xet protocol: with ranges every byte that is on the disk is
the file's own, at its place, so that a kill, a loss of power or another network costs nothing that
came before, any mirror serves it, proxies and speed limits act on it, and the bytes can be counted.
hf-xet keeps chunks in a cache of its own, cannot go on within a file, and hides both. Xet would
spare bytes where a repository's new version shares chunks with an old one: not the case here.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import httpx2

from engine.base.errors import ChaskiError, bounded
from engine.base.events import Stage
from engine.hub.download_patience import Trouble

# The hub's own word on a file comes with the answer that leads to where the bytes lie.
OF_THE_HUB = ("x-linked-etag", "x-linked-size", "x-repo-commit", "x-error-code")


@dataclass(frozen=True)
class Reply:
    """`headers` with small names: the last answer's, and on matters of the hub the first's;
    `pieces`: the body; `host`: who sends it; `was_led`: by another than was asked."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]
    host: str
    was_led: bool = False


class Web(Protocol):
    """Whoever can open a GET. Raises Trouble while opening and while bytes come."""

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractContextManager[Reply]: ...


class HttpWeb:
    """Through a client of httpx2, whose proxy, certificates and redirects are its own affair."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[Reply]:
        host = urlsplit(url).hostname or url
        try:
            told = {"Accept-Encoding": "identity", **headers}
            with self._client.stream("GET", url, headers=told, follow_redirects=True) as answer:
                yield _reply(answer)
        except httpx2.HTTPError as error:
            raise trouble_of(error, host) from error
        except httpx2.InvalidURL:
            raise Trouble(f"{bounded(url)} is no address", again=False) from None


def _reply(answer: httpx2.Response) -> Reply:
    found = {name.lower(): value for name, value in answer.headers.items()}
    for earlier in answer.history:
        for name in OF_THE_HUB:
            if name in earlier.headers:
                found[name] = earlier.headers[name]
    host = answer.url.host or ""
    return Reply(answer.status_code, found, answer.iter_raw(), host, bool(answer.history))


def trouble_of(error: BaseException, host: str) -> Trouble:
    """Why a try failed, in a sentence, and whether another may help."""
    words = bounded(_root(error))
    if isinstance(error, ChaskiError):
        return Trouble(str(error), again=False)
    if _is_about_certificates(error):
        return Trouble(
            f"{host} cannot be trusted: its certificate is not one that this system knows "
            f"({words}); where a company's proxy opens connections, give its CA file in the "
            "settings",
            again=False,
        )
    if isinstance(error, httpx2.ProxyError):
        return Trouble(f"the proxy refuses or does not answer ({words}); check it", again=True)
    if isinstance(error, httpx2.TooManyRedirects):
        return Trouble(f"{host} leads from one address to the next without end", again=True)
    if isinstance(error, httpx2.TimeoutException):
        return Trouble(f"{host} does not answer; check the connection", again=True)
    if isinstance(error, httpx2.ConnectError):
        return Trouble(
            f"{host} cannot be reached ({words}); check the connection to the Internet", again=True
        )
    return Trouble(f"the connection to {host} broke off ({words})", again=True)


def refusal_of(reply: Reply, name: str, repo: str) -> Trouble | None:
    """What an answer other than the file means; None for 200 and 206."""
    status, code = reply.status, reply.headers.get("x-error-code", "")
    if status in (200, 206):
        return None
    from engine.hub.download_patience import ordered_wait

    wait = ordered_wait(reply.headers.get("retry-after", ""))
    if status == 429:
        return Trouble(
            f"{reply.host} says that this is too much at once (429); try again later",
            again=True,
            wait=wait,
            stage=Stage.WAITING_HUB,
        )
    if status >= 500 or status == 408:
        return Trouble(
            f"{reply.host} has trouble of its own (HTTP {status}); try again later",
            again=True,
            wait=wait,
            stage=Stage.WAITING_HUB,
        )
    if reply.was_led and status in (401, 403, 404, 410):  # the link is too old; the hub has others
        return Trouble(f"{reply.host} no longer gives {name} (HTTP {status})", again=True, wait=0.0)
    if code == "GatedRepo":
        return Trouble(
            f"{repo} is given only to whom its owner allows: accept its terms at "
            f"https://huggingface.co/{repo}, then give your access token",
            again=False,
        )
    if status in (401, 403):
        return Trouble(
            f"{reply.host} does not give {name} of {repo} (HTTP {status}): it is private or gone, "
            "or the access token is missing, wrong or without that right",
            again=False,
        )
    if status in (404, 410):
        return Trouble(f"{repo} has no {name} (any more); look at its files again", again=False)
    if status == 407:
        return Trouble("the proxy wants a name and a password; check its address", again=False)
    return Trouble(f"{reply.host} answers with HTTP {status} instead of {name}", again=False)


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _is_about_certificates(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if type(seen).__name__ in ("SSLCertVerificationError", "CertificateError"):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
