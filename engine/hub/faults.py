"""Every way in which a hub fails, as one sentence: what, and what to do.

Looks at exceptions and answers of the HTTP client; the sentences are the house's own, whatever the
other side wrote.
"""

import socket
import ssl
from urllib.parse import unquote

import httpx2

from engine.base.catalogue import Words
from engine.base.errors import HubError, HubFault
from engine.base.words import shown
from engine.hub.settings import NetworkSettings, without_credentials
from engine.hub.tokens import page_of

LONGEST_WAIT = 24 * 3600.0


def unreachable(error: Exception, request: httpx2.Request, proxy: str) -> HubError:
    """What stopped a request before there was an answer, or in the middle of one."""
    host = request.url.host
    causes = list(_causes(error))
    if isinstance(error, httpx2.ReadTimeout | httpx2.WriteTimeout | httpx2.PoolTimeout):
        return HubError("{host} does not answer; try again later", HubFault.TIMEOUT, host=host)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return _not_trusted(host)
    if proxy and isinstance(error, httpx2.ProxyError | httpx2.ConnectError | httpx2.ConnectTimeout):
        return HubError(
            "the proxy {proxy} cannot be used; start it, or change the proxy in the network "
            "settings",
            HubFault.PROXY,
            proxy=without_credentials(proxy),
        )
    if isinstance(error, httpx2.ConnectTimeout):
        return HubError("{host} does not answer; check the network", HubFault.TIMEOUT, host=host)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return HubError(
            "{host} cannot be found; check that this computer is connected to the internet",
            HubFault.OFFLINE,
            host=host,
        )
    if isinstance(error, httpx2.ConnectError):
        return HubError(
            "{host} cannot be reached; check that this computer is connected to the internet",
            HubFault.OFFLINE,
            host=host,
        )
    if isinstance(error, httpx2.TooManyRedirects):
        return HubError("{host} sends in circles; try again later", HubFault.LIE, host=host)
    if isinstance(error, httpx2.ReadError | httpx2.RemoteProtocolError | httpx2.WriteError):
        return HubError("{host} ended the connection early; try again", HubFault.CUT, host=host)
    return HubError(
        "{host} answers in a way that makes no sense; try again later", HubFault.LIE, host=host
    )


def _not_trusted(host: str) -> HubError:
    return HubError(
        "the connection to {host} is not safe, as its certificate is not trusted here; if this "
        "network asks for a login, open a browser first, and if your company checks all traffic, "
        "name its certificate file in the network settings",
        HubFault.CERTIFICATE,
        host=host,
    )


def refusal(answer: httpx2.Response, settings: NetworkSettings) -> HubError | None:
    """Why this answer is none that can be used; None if it can."""
    request, status = answer.request, answer.status_code
    if status < 300 or status == 304:
        return _portal(answer, settings)
    if status < 400:
        return None
    if not is_hub(request.url, settings):
        return _of_store(request.url.host, status, answer)
    return _of_hub(answer, settings, status)


def is_hub(url: httpx2.URL, settings: NetworkSettings) -> bool:
    """Whether this is the hub itself: the only place that may see a token."""
    own = httpx2.URL(settings.endpoint)
    return (url.scheme, url.host, _port(url)) == (own.scheme, own.host, _port(own))


def _port(url: httpx2.URL) -> int:
    return url.port or {"http": 80, "https": 443}.get(url.scheme, 0)


def foreign(host: str, settings: NetworkSettings) -> HubError:
    """A request, or a redirect, to somebody who is not the hub."""
    return HubError(
        "{host} sends us to {other}, which does not belong to it; if this network asks for a "
        "login, open a browser and sign in there first",
        HubFault.PORTAL,
        host=settings.host,
        other=shown(host, 80),
    )


def not_allowed(settings: NetworkSettings) -> HubError:
    return HubError(
        "{host} was not asked, because connections are switched off; switch them on in the "
        "network settings (or take HF_HUB_OFFLINE away)",
        HubFault.OFFLINE,
        host=settings.host,
    )


def given_up(host: str) -> HubError:
    """The hub was closed here while it was asked."""
    return HubError("{host} is asked no more; try again", HubFault.CUT, host=host)


def nonsense(settings: NetworkSettings, what: str) -> HubError:
    return HubError(
        "{host} answers with something that is no {what}; try again later, or check the hub's "
        "address in the network settings",
        HubFault.LIE,
        host=settings.host,
        what=what,
    )


def _of_hub(answer: httpx2.Response, settings: NetworkSettings, status: int) -> HubError:
    code = answer.headers.get("x-error-code", "")
    repo, file = asked(answer.request.url.path)
    page = f"{settings.endpoint}/{repo}"
    has_token = "authorization" in answer.request.headers
    if code == "GatedRepo":
        return _gated(repo, page, has_token, settings)
    if status == 401 and has_token and code != "RepoNotFound":
        return HubError(
            "{host} does not accept the token that is kept here; make a new one at {page} and "
            "give it in the settings (or as HF_TOKEN)",
            HubFault.TOKEN,
            page=page_of(settings.host),
            status=status,
            host=settings.host,
        )
    if code in ("EntryNotFound", "RevisionNotFound"):
        lacks = (
            Words("no file {file}", file=file)
            if code == "EntryNotFound"
            else Words("no such revision")
        )
        words = Words(
            "{repo} has {lacks} on {host} (any more); choose another",
            repo=repo,
            lacks=lacks,
            host=settings.host,
        )
        return HubError(words, HubFault.MISSING, page=page, status=status)
    if status == 404 or (status == 401 and code in ("RepoNotFound", "")):
        return _missing(repo, page, has_token, settings, status)
    if status in (403, 451):
        words = Words(
            "{host} gives no access to {repo}; see {page}",
            host=settings.host,
            repo=repo or Words("this"),
            page=page,
        )
        return HubError(words, HubFault.REFUSED, page=page, status=status)
    return _by_number(settings.host, status, answer)


def _gated(repo: str, page: str, has_token: bool, settings: NetworkSettings) -> HubError:
    if has_token:
        words = Words(
            "your account on {host} has no access to {repo} yet; accept its terms at {page}, "
            "wait until you are let in if its makers decide that, then try again",
            host=settings.host,
            repo=repo,
            page=page,
        )
    else:
        words = Words(
            "the makers of {repo} ask for your agreement first; accept the terms at {page}, "
            "make a token at {tokens} and give it in the settings (or as HF_TOKEN)",
            repo=repo,
            page=page,
            tokens=page_of(settings.host),
        )
    return HubError(words, HubFault.GATED, page=page, status=403 if has_token else 401)


def _missing(
    repo: str, page: str, has_token: bool, settings: NetworkSettings, status: int
) -> HubError:
    if not repo:
        words = Words(
            "{host} does not know what was asked; check the hub's address", host=settings.host
        )
    elif has_token:
        words = Words(
            "{host} has no model {repo}, or you may not see it; check its name",
            host=settings.host,
            repo=repo,
        )
    else:
        words = Words(
            "{host} has no model {repo} that everybody may see; check its name, or give a "
            "token in the settings if it is a private one",
            host=settings.host,
            repo=repo,
        )
    return HubError(words, HubFault.MISSING, page=page, status=status)


def _of_store(host: str, status: int, answer: httpx2.Response) -> HubError:
    if status in (401, 403, 404, 410):
        words = Words("the link to the file on {host} works no more; try again", host=host)
        return HubError(words, HubFault.EXPIRED, status=status)
    return _by_number(host, status, answer)


def _by_number(host: str, status: int, answer: httpx2.Response) -> HubError:
    wait = _retry_after(answer)
    if status == 429:
        when = Words("in {wait:.0f} seconds", wait=wait) if wait else Words("in a few minutes")
        words = Words(
            "{host} has had too many requests from this connection; try again {when}",
            host=host,
            when=when,
        )
        return HubError(words, HubFault.BUSY, retry_after=wait, status=status)
    if status == 407:
        words = Words(
            "the proxy asks for a name and password; write them into its address in the settings"
        )
        return HubError(words, HubFault.PROXY, status=status)
    if status >= 500 or status == 408:
        words = Words(
            "{host} has a problem of its own (error {status}); try again later",
            host=host,
            status=status,
        )
        return HubError(words, HubFault.BROKEN, retry_after=wait, status=status)
    words = Words(
        "{host} refuses what was asked (error {status}); try again later", host=host, status=status
    )
    return HubError(words, HubFault.REFUSED, status=status)


def _portal(answer: httpx2.Response, settings: NetworkSettings) -> HubError | None:
    """A web page where none was asked for."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = answer.request.url.path.lower().endswith((".html", ".htm", ".xhtml"))
    if kind not in ("text/html", "application/xhtml+xml") or wanted:
        return None
    return HubError(
        "a web page came instead of an answer of {host}; if this network asks for a login, open a "
        "browser and sign in there first, then try again",
        HubFault.PORTAL,
        status=answer.status_code,
        host=settings.host,
    )


def _retry_after(answer: httpx2.Response) -> float:
    text = answer.headers.get("retry-after", "").strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        text = answer.headers.get("ratelimit", "").rpartition("t=")[2][:9]
    try:
        return min(max(0.0, float(text)), LONGEST_WAIT)
    except ValueError:
        return 0.0


def asked(path: str) -> tuple[str, str]:
    """The repository and file that an address means, for people."""
    parts = [shown(unquote(part), 100) for part in path.split("/") if part]
    if parts[:2] == ["api", "models"]:
        return "/".join(parts[2:4]), ""
    if parts[:3] == ["api", "resolve-cache", "models"]:
        return "/".join(parts[3:5]), "/".join(parts[6:])
    if len(parts) > 3 and parts[2] == "resolve":
        return "/".join(parts[:2]), "/".join(parts[4:])
    return "", ""


def _causes(error: BaseException | None) -> list[BaseException]:
    found = list[BaseException]()
    while error is not None and error not in found and len(found) < 20:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
