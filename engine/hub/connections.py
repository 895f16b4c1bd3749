"""Every connection that the program can make: what for, to whom, what is told. For people who want
to know; `connection.py` sees to it that there is no other."""

from dataclasses import dataclass

from engine.hub.settings import NONE, SYSTEM, NetworkSettings, without_credentials

OWN_DOMAINS = ("huggingface.co", "hf.co")  # where Hugging Face is, and keeps its files


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
    stores = "whoever keeps its files" if settings.is_mirror else _under(OWN_DOMAINS)
    page = "you open a model's page, or follow a link to it"
    download = "you download a model, or start Chaski while a download is not finished"
    found = (
        Connection(
            host,
            "you search for models",
            "the words of the search, as you write them, and its filters",
        ),
        Connection(host, page, "the model's name, and that its card is read"),
        Connection(stores, page, "which file's beginning is read"),
        Connection(stores, "you let a page show its pictures", "which pictures"),
        Connection(host, download, "the model's name"),
        Connection(stores, download, "which files"),
        Connection(
            host,
            "you open or download a model that its makers have closed",
            "your token, if you have given one",
        ),
        Connection(host, "you try the connection", "nothing but that it is asked"),
    )
    return (*found, *_proxies(settings))


def _proxies(settings: NetworkSettings) -> tuple[Connection, ...]:
    """Whoever stands between learns whom we talk to."""
    if settings.proxy == NONE:
        return ()
    named = settings.proxy != SYSTEM
    to = without_credentials(settings.proxy) if named else "a proxy that this system names"
    return (Connection(to, "any of this happens", "which of these hosts is asked"),)


def _under(domains: tuple[str, ...]) -> str:
    return f"{', '.join(domains)} or what is under them"
