"""Links that open a model's page in the window: chaski://huggingface.co/OWNER/NAME?file=….

Anybody may write one, on any web page: it can show something, and start nothing.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from engine.base.errors import UsageError
from engine.base.words import quoted
from engine.hub.client import check_repo
from engine.hub.names import objection

SCHEME = "chaski"
HOSTS = ("huggingface.co", "hf.co")
LONGEST = 2000


@dataclass(frozen=True)
class DeepLink:
    """What a link means; `file` is "" where it means the whole repository."""

    repo: str
    file: str = ""


def is_link(text: str) -> bool:
    return text[: len(SCHEME) + 1].lower() == f"{SCHEME}:"


def parse(link: str) -> DeepLink:
    """Raises UsageError for what is no link of ours."""
    try:
        parts = urlsplit(link.strip())
        host, query = (parts.hostname or "").lower(), parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        raise _wrong(link) from None
    sound = parts.scheme.lower() == SCHEME and host in HOSTS and len(link) <= LONGEST
    if not sound or parts.port or parts.username or parts.password:
        raise _wrong(link)
    repo, file = unquote(parts.path).strip("/"), query.get("file", [""])[-1]
    if repo.count("/") > 1 or (file and objection(file)):
        raise _wrong(link)
    check_repo(repo)
    return DeepLink(repo, file)


def _wrong(link: str) -> UsageError:
    return UsageError(
        f"{quoted(link)} is no link to a model; such links begin with {SCHEME}://{HOSTS[0]}/ and "
        "name OWNER/NAME"
    )
