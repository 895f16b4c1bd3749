"""A file that somebody attaches, as text: read in the helper process, where a file made to do harm
ends that process and nothing else.
"""

import json
from collections.abc import Generator
from pathlib import Path

from engine.attachments.kinds import kind_of
from engine.base.attachments import MOST_NAME, Attachment
from engine.base.catalogue import Words, again
from engine.base.errors import ChaskiError, bounded
from engine.base.events import Event
from engine.base.reading import read_file
from engine.base.turns import aside
from engine.text.allowance import for_document
from engine.text.apart import FailedError, StoppedError, asking


def attaching(path: Path) -> Generator[Event | None, None, Attachment]:
    """Reads a file of any kind in `attachments/kinds.py`; yields meanwhile.

    Raises ChaskiError with one sentence for what cannot be attached.
    """
    name = bounded(path.name, MOST_NAME)
    most = kind_of(path.name).most
    raw = yield from aside(lambda: read_file(path, most, ChaskiError))
    try:
        answer = yield from asking("read", (name, raw), for_document(len(raw)))
    except StoppedError as error:
        raise _refused(name, Words("reading it was stopped: {why}", why=error)) from None
    except FailedError as error:
        raise _refused(name, Words("it cannot be read ({why})", why=error)) from None
    found = json.loads(answer)
    if "error" in found:
        raise _refused(name, again(found["error"]))
    return Attachment(name, found["text"], found["kind"], found["parts"], len(raw))


def _refused(name: str, why: object) -> ChaskiError:
    return ChaskiError("{name} cannot be attached: {why}", name=name, why=why)
