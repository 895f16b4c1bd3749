"""Every connection that the program can make: what for, to whom, what is told. For people who want
to know; `connection.py` sees to it that there is no other."""

from dataclasses import dataclass

from engine.hub.settings import NetworkSettings

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
    stores = "wherever it keeps its files" if settings.is_mirror else _under(OWN_DOMAINS)
    return (
        Connection(
            settings.host, "you search for models", "the words of the search and its filters"
        ),
        Connection(settings.host, "you open a model's page", "the model's name"),
        Connection(stores, "you open a model's page", "which file's beginning is read"),
        Connection(stores, "you let a page show its pictures", "which pictures"),
        Connection(stores, "you download a model", "which file"),
        Connection(
            settings.host,
            "you open or download a model that its makers have closed",
            "your token, if you have given one",
        ),
    )


def _under(domains: tuple[str, ...]) -> str:
    return " and ".join(f"{domain} with what is under it" for domain in domains)
