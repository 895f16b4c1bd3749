"""What the library knows of one model file; frozen, handed to windows and the command line."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LibraryModel:
    """A model file; `source` is the other program that keeps it, "" for the user's own.

    The words from its header are empty, and `problem` is a sentence, where it cannot be read.
    """

    name: str
    path: Path
    file_bytes: int = 0  # all parts together
    architecture: str = ""
    type_name: str = ""
    parameters: int = 0
    n_ctx_train: int = 0
    title: str = ""  # the name that the file gives itself
    source: str = ""
    added: float = 0.0
    sha256: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Verification:
    """Outcome of looking at a file closely; `sha256` only where it was computed."""

    name: str
    path: Path
    ok: bool
    problems: tuple[str, ...] = ()
    file_bytes: int = 0
    sha256: str = ""
