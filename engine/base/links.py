"""Links that name a model at the hub: chaski://model/MAKER/NAME[/FILE], whichever hub is in use,
or chaski://huggingface.co/MAKER/NAME[?file=FILE].

Anybody can write such a link into a page or a message, so it is taken apart strictly: a link can
show a repository, and can do nothing else. Whatever it lacks or has too much is told in a sentence.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from engine.base.errors import UsageError
from engine.base.words import quoted

SCHEME = "chaski"
USUAL_HOST = "huggingface.co"
MODEL = "model"  # stands where a host would: the hub in use
LONGEST = 2000  # letters of a link
FORM = "chaski://model/MAKER/NAME"
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_]|[-.](?=[A-Za-z0-9_])){0,95}")
_FILE_PIECE = re.compile(r"[\w](?:[\w .+()\[\]@,=-]{0,250}[\w)\]])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class ModelLink:
    """A repository of the hub, and a file in it, or ""."""

    repository: str
    file: str = ""

    @property
    def text(self) -> str:
        """The link again, in its plain form."""
        behind = f"?file={quote(self.file)}" if self.file else ""
        return f"{SCHEME}://{USUAL_HOST}/{self.repository}{behind}"


def is_link(text: str) -> bool:
    """Whether this is meant as a link of ours, sound or not."""
    return text[: len(SCHEME) + 1].lower() == f"{SCHEME}:"


def parse_link(text: str, endpoint: str = "") -> ModelLink:
    """What a link names. endpoint: the address of the hub in use, whose host is right as well.

    Raises UsageError.
    """
    if len(text) > LONGEST:
        raise UsageError(
            "this link has {n_text} letters; {form} needs far fewer", n_text=len(text), form=FORM
        )
    if not text.isprintable():
        raise UsageError(
            "the link {text} has letters that no link has; write {form}",
            text=quoted(text),
            form=FORM,
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError("{text} is no link; write {form}", text=quoted(text), form=FORM) from None
    if parts.scheme != SCHEME or not host:
        raise UsageError("{text} is no link to a model; write {form}", text=quoted(text), form=FORM)
    _check_host(text, parts, host, port, endpoint)
    if host == MODEL:
        return _of_model(text, parts)
    return ModelLink(_repository(text, parts.path), _file(text, parts))


def _of_model(text: str, parts: SplitResult) -> ModelLink:
    """Everything stands in the path; the letters of a file may be escaped."""
    words = parts.path.split("/", 3)
    repository, file = _repository(text, "/".join(words[:3])), words[3] if len(words) > 3 else ""
    if parts.query or parts.fragment:
        raise UsageError(
            "the link {text} asks for more than a file; write {form}", text=quoted(text), form=FORM
        )
    return ModelLink(repository, _checked(file) if file else "")


def _check_host(text: str, parts: SplitResult, host: str, port: int | None, endpoint: str) -> None:
    if "@" in parts.netloc:
        raise UsageError(
            "the link {text} names a user; a link to a model has none", text=quoted(text)
        )
    hubs: set[tuple[str, int | None]] = {(USUAL_HOST, None), (MODEL, None)}
    try:
        own = urlsplit(endpoint)
        hubs.add((own.hostname or USUAL_HOST, own.port))
    except ValueError:  # an odd setting is told by whoever connects to it
        pass
    if (host, port) not in hubs:
        known = ", ".join(sorted(name for name, _ in hubs if name != MODEL))
        raise UsageError(
            "the link {text} leads to {host}; only links to {known} are opened",
            text=quoted(text),
            host=quoted(host),
            known=known,
        )


def _repository(text: str, path: str) -> str:
    words = path.strip("/").split("/") if path.count("/") <= 3 else []
    sound = (
        len(words) == 2
        and "//" not in path
        and all(_NAME.fullmatch(word) for word in words)
        and not words[1].endswith((".git", ".ipynb"))
    )
    if not sound:
        raise UsageError(
            "the link {text} names no repository of the hub; write {form}",
            text=quoted(text),
            form=FORM,
        )
    return "/".join(words)


def _file(text: str, parts: SplitResult) -> str:
    """The file that is named, checked for what could lead out of a folder."""
    if parts.fragment:
        raise UsageError(
            "the link {text} goes on behind #; write {form}", text=quoted(text), form=FORM
        )
    if not parts.query:
        return ""
    try:
        pairs = parse_qsl(
            parts.query,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=1,
        )
    except (ValueError, UnicodeDecodeError):
        pairs = []
    if len(pairs) != 1 or pairs[0][0] != "file":
        raise UsageError(
            "the link {text} asks for more than a file; write {form}", text=quoted(text), form=FORM
        )
    return _checked(pairs[0][1], is_plain=True)


def _checked(name: str, is_plain: bool = False) -> str:
    """A file's name, with its escaped letters told unless it `is_plain`. Raises UsageError."""
    try:
        name = name if is_plain else unquote(name, errors="strict")
    except UnicodeDecodeError:
        name = ""
    if not is_file_name(name):
        raise UsageError(
            "the link names {name}, which cannot be a file of a repository", name=quoted(name)
        )
    return name


def is_file_name(name: str) -> bool:
    """Whether this can be a file in a repository, and a file on any disk: no way up or out, no name
    that Windows keeps for devices."""
    pieces = name.split("/")
    return (
        0 < len(name) <= 500
        and name.isprintable()
        and len(pieces) <= 8
        and all(_FILE_PIECE.fullmatch(p) and not _RESERVED.fullmatch(p) for p in pieces)
    )
