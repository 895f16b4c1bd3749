"""Every connection that the program can make: what for, to whom, what is told. For people who want
to know; `connection.py` sees to it that there is no other."""

from dataclasses import dataclass

from engine.base.catalogue import Words
from engine.base.version import released_from
from engine.hub.settings import NONE, SYSTEM, NetworkSettings, without_credentials

OWN_DOMAINS = ("huggingface.co", "hf.co")  # where Hugging Face is, and keeps its files
RELEASE_DOMAINS = ("github.com", "githubusercontent.com")  # where releases of Chaski are kept


@dataclass(frozen=True)
class Connection:
    """`to`: hosts; `when`: what the person does; `told`: what the other side learns, beside the
    address that every connection shows."""

    to: str
    when: str
    told: str


def connections(settings: NetworkSettings) -> tuple[Connection, ...]:
    """All of them, as the settings are; none where they are switched off."""
    if not settings.allowed:
        return ()
    host = settings.host
    stores = Words("whoever keeps its files") if settings.is_mirror else _under(OWN_DOMAINS)
    page = Words("you open a model's page, or follow a link to it")
    download = Words("you download a model, or start Chaski while a download is not finished")
    found = (
        Connection(
            host,
            Words("you search for models"),
            Words("the words of the search, as you write them, and its filters"),
        ),
        Connection(host, page, Words("the model's name, and that its card is read")),
        Connection(stores, page, Words("which file's beginning is read")),
        Connection(stores, Words("you let a page show its pictures"), Words("which pictures")),
        Connection(host, download, Words("the model's name")),
        Connection(stores, download, Words("which files")),
        Connection(
            host,
            Words("you open or download a model that its makers have closed"),
            Words("your token, if you have given one"),
        ),
        Connection(host, Words("you try the connection"), Words("nothing but that it is asked")),
    )
    return (*found, *_of_releases(), *_proxies(settings))


def _of_releases() -> tuple[Connection, ...]:
    """A copy that was not built as a release knows no place to look at."""
    if not released_from():
        return ()
    place = _under(RELEASE_DOMAINS)
    return (
        Connection(
            place,
            Words("you look for updates, or have allowed it once a week"),
            Words("nothing but that it is asked"),
        ),
        Connection(place, Words("you download an update"), Words("which system it is for")),
    )


def _proxies(settings: NetworkSettings) -> tuple[Connection, ...]:
    """Whoever stands between learns whom we talk to."""
    if settings.proxy == NONE:
        return ()
    named = settings.proxy != SYSTEM
    to = without_credentials(settings.proxy) if named else Words("a proxy that this system names")
    return (Connection(to, Words("any of this happens"), Words("which of these hosts is asked")),)


def _under(domains: tuple[str, ...]) -> str:
    return Words("{domains} or what is under them", domains=", ".join(domains))
