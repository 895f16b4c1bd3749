"""Measured losses found again for a model that is only looked at: by the contents of a file, or by
the model, its type and its size.

Other people make other files of one type (with an importance matrix or without), so a loss of
another file counts only where both have nearly the same number of bytes. And a model that was made
of another often keeps its name in the head of the file, or takes it for the repository: whoever
names it must name the model that was measured.
"""

import hashlib
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.errors import UsageError
from engine.measure.losses import Loss, all_losses, plain_name

if TYPE_CHECKING:
    from engine.weights.formats.gguf import GGUFFile

SAME_WEIGHTS = 0.005  # part by which two tellings of one number of weights may differ
SAME_BYTES = 0.02
PIECE = 4 << 20
_PARTS = ("general.basename", "general.size_label", "general.finetune", "general.version")


@dataclass(frozen=True)
class Subject:
    """A model, whatever its type: what each that names it calls it, made plain (the head of a
    file, its repository), and its number of weights."""

    names: tuple[frozenset[str], ...]
    parameters: int


@dataclass(frozen=True)
class KnownLosses:
    """`losses`: the newest last."""

    losses: tuple[Loss, ...] = ()

    @classmethod
    def kept_in(cls, file: Path) -> "KnownLosses":
        """A file that is missing or damaged tells what it can."""
        return cls(all_losses(file))

    def of(self, subject: Subject, type: str, size: int, sha256: str = "") -> Loss | None:
        """What this very file lost; else what the same model lost in a file like it. A size of 0:
        the file is still to be made, by this program."""
        if sha256 in self._by_contents:
            return self._by_contents[sha256]
        alike = self._by_type.get(type.casefold(), ())
        return next((loss for loss in alike if _is_alike(loss, subject, size)), None)

    @cached_property
    def _by_contents(self) -> dict[str, Loss]:
        """The newest of each."""
        return {loss.sha256: loss for loss in self.losses if loss.sha256}

    @cached_property
    def _by_type(self) -> dict[str, list[Loss]]:
        """The newest first: a repository may have many files, and many losses be known."""
        found = defaultdict[str, list[Loss]](list)
        for loss in reversed(self.losses):
            found[loss.name.casefold()].append(loss)
        return found


NONE_KNOWN = KnownLosses()


def subject_of(file: "GGUFFile", *names: str) -> Subject:
    """By the head of a file; `names`: of its repository, and what others call it."""
    return Subject(_told(names_of(file), *([name] for name in names)), file.n_parameters)


def subject_named(parameters: int, *names: str) -> Subject:
    """A model of which no file was read."""
    return Subject(_told(*([name] for name in names)), parameters)


def names_of(file: "GGUFFile", *names: str) -> tuple[str, ...]:
    """Its names, made plain, each once."""
    parts = [part for key in _PARTS if (part := file.told_str(key))]
    whole = "-".join(part for i, part in enumerate(parts) if part not in parts[:i])
    return tuple(dict.fromkeys(_plain((file.told_str("general.name"), whole, *names))))


def sha256_of(path: Path) -> Generator[None, None, str]:
    """Of a file's contents, a piece a step. Raises UsageError where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                yield None
    except OSError as error:
        raise UsageError(
            "{file} cannot be read: {reason}", file=path, reason=error.strerror or error
        ) from None
    return digest.hexdigest()


def _told(*sources: Iterable[str]) -> tuple[frozenset[str], ...]:
    """Without those that tell nothing."""
    return tuple(names for source in sources if (names := frozenset(_plain(source))))


def _plain(names: Iterable[str]) -> list[str]:
    """Some makers put the owner's name before the model's: Qwen_Qwen3-4B-GGUF."""
    told = [each for name in names for each in (name, name.rpartition("/")[2].partition("_")[2])]
    return [plain for name in told if (plain := plain_name(name))]


def _is_alike(loss: Loss, subject: Subject, size: int) -> bool:
    return (
        bool(subject.names)
        and all(names & set(loss.models) for names in subject.names)
        and _near(loss.parameters, subject.parameters, SAME_WEIGHTS)
        and (size == 0 or _near(loss.bytes, size, SAME_BYTES))
    )


def _near(one: int, other: int, part: float) -> bool:
    return one > 0 and other > 0 and abs(one - other) <= part * max(one, other)
