"""Whatever a job raises, as one sentence for people.

Apart from errors.py, because the helper process has no use for logging and starts faster without.
"""

import logging
from errno import ENOSPC

from engine.base.errors import ChaskiError, MemoryTooSmallError, bounded

log = logging.getLogger(__name__)


def as_sentence(error: BaseException) -> ChaskiError:
    """Any exception as one that a person can read; the original stays attached as its cause."""
    if isinstance(error, ChaskiError):
        return error
    log.debug("a job failed", exc_info=error)
    if isinstance(error, MemoryError):
        told: ChaskiError = MemoryTooSmallError(
            "the computer ran out of memory; close other programs or models, or choose a smaller "
            "context or a smaller model"
        )
    elif isinstance(error, OSError) and error.errno == ENOSPC:
        if error.filename:
            told = ChaskiError(
                "the disk is full ({file}); make room on it and try again", file=error.filename
            )
        else:
            told = ChaskiError("the disk is full; make room on it and try again")
    elif isinstance(error, OSError):
        told = ChaskiError("the system refused: {error}", error=bounded(error))
    else:
        told = ChaskiError(
            "internal error ({kind}: {error}); please report it (CHASKI_DEBUG=1 shows where)",
            kind=type(error).__name__,
            error=bounded(error),
        )
    told.__cause__ = error
    return told
