"""What lets a stopped job go on later: what it is known by, and what is told when it goes on.

Invariant: a part is taken up only where the finished file will be, byte for byte, what one run
would have written; in every doubt the job begins anew, and says so.
"""

import hashlib
import json
from collections.abc import Generator, Iterable, Sequence
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.base.errors import CancelledError
from engine.base.events import Event, Notice, Progress, Stage
from engine.base.turns import aside
from engine.weights.formats.gguf_part import is_part
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.formats.imatrix import ImportanceMatrix

# What stops a job without speaking against it. A full disk is one: room can be made.
STOPS = (GeneratorExit, KeyboardInterrupt, CancelledError, OSError, MemoryError)


def job_key(files: Iterable[Path], **choices: object) -> bytes:
    """What a job is known by, beside the header that it writes: its sources and what was chosen.

    A source that was touched is another source: its size and time of change are part of this.
    """
    stats = {str(path.resolve()): path.stat() for path in files}
    told = {
        "program": _version(),
        "files": {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()},
        "choices": choices,
    }
    return json.dumps(told, sort_keys=True, default=str).encode()


def matrix_digest(matrix: ImportanceMatrix | None) -> str:
    """Of its figures, not of its file: one that was made again weighs the same."""
    if matrix is None:
        return ""
    found = hashlib.sha256()
    for name, entry in sorted(matrix.entries.items()):
        found.update(name.encode() + bytes(1) + entry.sums.tobytes() + entry.counts.tobytes())
    return found.hexdigest()


def resume_parts(
    writers: Sequence[GGUFWriter], key: bytes
) -> Generator[Event | None, None, set[str]]:
    """Opens the parts of a job; returns the tensors that earlier runs wrote. Tells what is odd."""
    taken: set[str] = set()
    for writer in writers:
        found = yield from aside(partial(writer.progress, key))
        if found is None and is_part(writer.part):
            yield Notice(
                "{part} is of another job or another version of its source, or is damaged; "
                "starting anew",
                part=writer.part.name,
            )
        for _ in writer.resume(key):
            yield Progress(Stage.CHECKING_PART, 0, 0)
        if writer.kept is not None:
            yield Notice(
                "{part} was not of Chaski's making; it is called {kept} now",
                part=writer.part.name,
                kept=writer.kept.name,
            )
        if found is not None and len(writer.taken) < found.tensors:
            yield Notice(
                "{part} is damaged behind {n_taken} of {tensors} tensors; the others are made "
                "again",
                part=writer.part.name,
                n_taken=len(writer.taken),
                tensors=found.tensors,
            )
        taken |= set(writer.taken)
    return taken


def tell_resumed(done: int, total: int, taken: int) -> Generator[Event | None, None, None]:
    """Says once that the job goes on, and from where."""
    if taken:
        progress = Progress(Stage.CONTINUING, done, total)
        yield Notice(
            "{words}: {taken} tensors are written", progress, words=progress.words, taken=taken
        )
        yield progress


def keep_or_remove_parts(writers: Iterable[GGUFWriter], error: BaseException) -> None:
    """Leaves the parts of a stopped job for its next run; of one that failed nothing stays."""
    for writer in writers:
        if isinstance(error, STOPS):
            writer.keep_part()
        else:
            writer.abandon()


def bytes_there(outs: Iterable[Path]) -> int:
    """What unfinished files take already of the room that the job needs."""
    parts = (out.with_name(out.name + ".part") for out in outs)
    return sum(part.stat().st_size for part in parts if is_part(part))


@cache
def _version() -> str:
    """Another version may round otherwise."""
    try:
        return version("chaski")
    except PackageNotFoundError:
        return "0"
