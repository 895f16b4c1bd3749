"""The hub, asked through huggingface_hub: with everything it would do of its own accord off.

    with Hub(settings, lambda: token) as hub:
        info = hub.model_info("someone/model-GGUF")

Invariant: every call is one request or a few, made now, by the thread that calls; nothing is tried
again, nothing asked ahead. Raises HubError.
"""

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from engine.base.catalogue import Words
from engine.base.errors import HubError, HubFault, UsageError
from engine.base.words import quoted
from engine.hub.connections import OWN_DOMAINS
from engine.hub.settings import NetworkSettings, checked

if TYPE_CHECKING:
    import httpx2
    from huggingface_hub import HfApi, ModelInfo

    from engine.hub.connection import LentClient, Transport


Result = TypeVar("Result")
# Not the cards: the library makes objects of them, and what one author writes into his could then
# spoil the search of everybody. Tags say the same.
LOOKED_UP = [
    "config",
    "createdAt",
    "downloads",
    "gated",
    "gguf",
    "lastModified",
    "likes",
    "pipeline_tag",
    "private",
    "safetensors",
    "siblings",
    "tags",
]
# What the library says when an answer has another shape than it should.
NONSENSE = (TypeError, ValueError, KeyError, IndexError, AttributeError, RecursionError)


class Hub:
    """One hub with one way to reach it. Costs nothing until it is asked."""

    def __init__(
        self,
        settings: NetworkSettings | None = None,
        token: Callable[[], str | None] = lambda: None,
        domains: tuple[str, ...] = OWN_DOMAINS,
    ) -> None:
        """`token` is called where the hub refuses to answer without one; its answer is kept.
        `domains`: what belongs to it beside its own address."""
        self.settings = checked(settings or NetworkSettings())
        self._domains = domains
        self._token = functools.cache(token)
        self._made: tuple[HfApi, LentClient, Transport] | None = None
        self._lock = threading.Lock()
        self._is_closed = False

    def models(
        self,
        words: str,
        *,
        sort: str,
        most: int,
        tags: Sequence[str] = (),
        author: str = "",
        parameters: str = "",
    ) -> "Iterator[ModelInfo]":
        """Up to `most` repositories in the hub's order, page by page as they are taken.
        `parameters`: a span of weights as the hub spells it, such as "min:2B,max:8B"."""
        api, _, _ = self._parts()
        rows = iter(
            api.list_models(
                search=words or None,
                sort=sort,  # type: ignore[arg-type]
                filter=list(tags) or None,
                author=author or None,
                num_parameters=parameters or None,
                limit=most,
                expand=LOOKED_UP,  # type: ignore[arg-type]
            )
        )
        while row := self._ask(Words("list of models"), lambda: next(rows, None)):
            yield row

    def greet(self) -> None:
        """The cheapest question there is, to see whether the hub answers: one row of its list."""
        api, _, _ = self._parts()
        rows = iter(api.list_models(limit=1, expand=["downloads"]))
        self._ask(Words("list of models"), lambda: next(rows, None))

    def model_info(self, repo: str, revision: str | None = None) -> "ModelInfo":
        """A repository with its files, their sizes and checksums."""
        check_repo(repo)
        api, _, _ = self._parts()
        return self._ask(
            Words("description of a model"),
            lambda: api.model_info(
                repo, revision=revision, files_metadata=True, timeout=self.settings.timeout
            ),
        )

    def address(self, repo: str, path: str, commit: str) -> str:
        return f"{self.settings.endpoint}/{repo}/resolve/{quote(commit, safe='')}/{quote(path)}"

    @contextmanager
    def stream(
        self, url: str, start: int = 0, stop: int | None = None, etag: str = ""
    ) -> "Iterator[httpx2.Response]":
        """A file's bytes from `start` up to `stop`; with `etag`, all of it (status 200) where it
        has changed meanwhile. The answer's `iter_raw` gives what comes, as it comes."""
        import httpx2

        from engine.hub import faults
        from engine.hub.connection import FILE

        _, client, _ = self._parts()
        headers = {"range": f"bytes={start}-{'' if stop is None else stop - 1}"}
        if start == 0 and stop is None:
            headers = {}
        if etag and headers:
            headers["if-range"] = f'"{etag}"'
        request = client.build_request("GET", url, headers=headers, extensions={FILE: True})
        try:
            answer = client.send(request, stream=True)
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise faults.nonsense(self.settings, "file") from None
        try:
            yield answer
        finally:
            answer.close()

    def close(self) -> None:
        """For good: no thread that still has this hub can ask it any more."""
        with self._lock:
            made, self._made, self._is_closed = self._made, None, True
        if made:
            made[2].close()

    def __enter__(self) -> "Hub":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _parts(self) -> "tuple[HfApi, LentClient, Transport]":
        """The library's own interface, the client for all requests, and what that goes through."""
        with self._lock:
            if self._is_closed:
                raise HubError(
                    "{host} is asked no more; try again", HubFault.CUT, host=self.settings.host
                )
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> "tuple[HfApi, LentClient, Transport]":
        from huggingface_hub import HfApi

        from engine.hub.client import hush
        from engine.hub.connection import LentClient, Transport

        hush()
        api = HfApi(self.settings.endpoint, token=False)
        transport = Transport(self.settings, self._token, self._domains)
        return api, LentClient(transport), transport

    def _ask(self, what: str, call: Callable[[], Result]) -> Result:
        """One call of the library through our client."""
        import httpx2

        from engine.hub import faults
        from engine.hub.connection import through

        _, _, transport = self._parts()
        with through(transport):
            try:
                return call()
            except NONSENSE:
                raise faults.nonsense(self.settings, what) from None
            except (httpx2.HTTPError, httpx2.InvalidURL):
                raise faults.nonsense(self.settings, what) from None


def check_repo(repo: str) -> None:
    """Raises UsageError for what cannot be a repository's name."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils._validators import validate_repo_id

    try:
        validate_repo_id(repo)
    except HFValidationError:
        raise UsageError(
            "{repo} cannot be the name of a model there; write it as OWNER/NAME", repo=quoted(repo)
        ) from None


_OFF = {
    "HF_HUB_DISABLE_TELEMETRY": True,
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": True,
    "HF_HUB_DISABLE_UPDATE_CHECK": True,
    "HF_HUB_DISABLE_XET": True,
    "HF_HUB_DISABLE_PROGRESS_BARS": True,
    "HF_HUB_OFFLINE": False,  # heeded by the settings, which say so in a sentence
    "HF_DEBUG": False,  # it would log every request as a command
    "HF_HUB_USER_AGENT_ORIGIN": None,
}


def hush() -> None:
    """Switches all of that off, whatever the variables of this process say, and puts our router in
    the place of the library's session."""
    from huggingface_hub import constants, set_client_factory

    from engine.hub.connection import router

    for name, value in _OFF.items():
        if not hasattr(constants, name):
            raise AttributeError(f"huggingface_hub has no {name} any more; see client.py")
        setattr(constants, name, value)
    set_client_factory(router)
