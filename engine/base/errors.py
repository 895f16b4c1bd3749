"""Errors that a person reads: one sentence that says what is wrong, where, and what to do.

Everything raised on purpose is a ChaskiError; anything else that escapes is a bug. Whatever words
of files and places are in it, a sentence is one line, bounded, and nothing in it acts.
The template of the sentence is the error's code; base/catalogue.py tells it in other languages.
"""

from enum import StrEnum

from engine.base.catalogue import Words


class ChaskiError(Exception):
    """One clear sentence for the user: a template and its fields. `str(error)` is that sentence in
    English, as Words, which `catalogue.say` tells in any language."""

    def __init__(self, template: str = "", /, **fields: object) -> None:
        super().__init__(template)
        self.words = Words(template, **fields)

    def __str__(self) -> str:
        return self.words


class FormatError(ChaskiError):
    """A file is broken or not what it claims to be; names the file and the place in it."""


class UnsupportedError(ChaskiError):
    """A file is sound but asks for something this version cannot do (architecture, type, key)."""


class MemoryTooSmallError(ChaskiError):
    """The model and its context do not fit into this machine's memory."""


class ContextFullError(ChaskiError):
    """The conversation does not fit into the context; carries the figures for the choice."""

    def __init__(self, template: str, /, n_prompt: int, n_ctx: int, **fields: object) -> None:
        super().__init__(template, n_prompt=n_prompt, n_ctx=n_ctx, **fields)
        self.n_prompt = n_prompt
        self.n_ctx = n_ctx


class TemplateError(ChaskiError):
    """The chat template of a model is broken, refuses the messages or tries what it may not."""


class UsageError(ChaskiError):
    """A caller asked for something that makes no sense (wrong value of a parameter)."""


class HubFault(StrEnum):
    """Why a hub did not give what was asked for. Programs look at these; people read the error."""

    MISSING = "missing"  # no such repository, revision or file
    GATED = "gated"  # its terms must be accepted first
    TOKEN = "token"  # the token is wrong, or one is needed
    BUSY = "busy"  # too many requests
    BROKEN = "broken"  # an error of the hub's own
    REFUSED = "refused"
    EXPIRED = "expired"  # a link to a file that works no more; ask for a new one
    OFFLINE = "offline"  # no network, no such host, nobody there; or not allowed by the settings
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    CUT = "cut"  # the connection ended early
    PORTAL = "portal"  # a web page of somebody else's instead of an answer
    LIE = "lie"  # an answer that contradicts itself


_PASSING = {"busy", "broken", "expired", "offline", "proxy", "timeout", "cut", "portal"}


class HubError(ChaskiError):
    """The hub could not be asked, or says no. `page` is where a person can do something about it,
    `retry_after` how many seconds the hub wants to be left alone, `status` its answer's number."""

    def __init__(
        self,
        template: str,
        why: HubFault,
        /,
        *,
        page: str = "",
        retry_after: float = 0.0,
        status: int = 0,
        **fields: object,
    ) -> None:
        super().__init__(template, page=page, retry_after=retry_after, status=status, **fields)
        self.why, self.page, self.retry_after, self.status = why, page, retry_after, status

    @property
    def may_pass(self) -> bool:
        """Whether the same request may well succeed a little later."""
        return self.why in _PASSING


class UnconfirmedError(UsageError):
    """What was asked for touches more than the caller may think: it is done once that is
    confirmed."""


class CancelledError(ChaskiError):
    """The user stopped the job; not a failure."""


def bounded(words: object, most: int = 300) -> str:
    """Words of a file or of another program, for a sentence: short, on one line, harmless.

    What a terminal or a label would obey instead of showing it (control letters, halves of
    characters) is shown as U+FFFD.
    """
    text = " ".join(str(words)[: 2 * most].split())
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return text if len(text) <= most else text[:most] + "\u2026"


def without_surrogates(text: str) -> str:
    """Text that UTF-8 can hold; a broken half of a character becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
