"""What a person wants from a hub, and which files of a repository that is.

`REPO:QUANT` is one quantization, its shards as one; `make` wants the weights instead, from which
the workshop makes that type.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.words import quoted, shown

if TYPE_CHECKING:
    from engine.hub.download_records import DownloadOrder
    from engine.hub.records import HubFile, Repository, Variant

USUAL = "Q4_K_M"  # where a repository has several and none is named
_OTHER_COPIES = re.compile(r"(?:consolidated.*\.safetensors|.*\.(?:bin|pth|pt))$", re.IGNORECASE)


@dataclass(frozen=True)
class Wish:
    """`files` by their names in the repository instead of `quant`; `folder`: None for the usual
    place; `make`: a type of the workshop, such as Q4_K_M."""

    repo: str
    quant: str = ""
    files: tuple[str, ...] = ()
    revision: str = ""
    folder: Path | None = None
    make: str = ""

    @property
    def title(self) -> str:
        what = self.make or self.quant or (self.files[0] if len(self.files) == 1 else "")
        return f"{self.repo.rpartition('/')[2]} {what}".strip()


@dataclass(frozen=True)
class Got:
    """What came of it. `sha256` of each file of `paths`, "" where none was taken; `model` is its
    name in the library, "" for what is no model."""

    paths: tuple[Path, ...]
    bytes: int
    fetched_bytes: int
    sha256: tuple[str, ...] = field(default=())
    model: str = ""

    @property
    def path(self) -> Path:
        return self.paths[0]


def wish_of(text: str, **more: object) -> Wish:
    """From OWNER/NAME[:QUANT]. Raises UsageError."""
    repo, colon, quant = text.removeprefix("hf:").partition(":")
    if not repo or (colon and not quant) or repo.count("/") != 1 or any(map(str.isspace, text)):
        raise UsageError(
            "{text} names no repository; write OWNER/NAME or OWNER/NAME:QUANT, such as "
            "Qwen/Qwen3-4B-GGUF:Q4_K_M",
            text=quoted(text, 120),
        )
    return Wish(repo, quant, **more)  # type: ignore[arg-type]


def usual_folder(models: Path, repo: str) -> Path:
    """OWNER/NAME below the models folder. Raises UsageError."""
    from engine.hub.names import objection

    if repo.count("/") != 1 or objection(repo):
        raise UsageError(
            "{repo} cannot be a folder here; name one with --dir", repo=quoted(repo, 120)
        )
    return models.joinpath(*repo.split("/"))


def chosen(wish: Wish, found: "Repository", models: Path) -> "DownloadOrder":
    """The files of the wish, at one commit. Raises UsageError."""
    from engine.hub.download_records import DownloadOrder

    folder = wish.folder or usual_folder(models, wish.repo)
    return DownloadOrder(wish.repo, found.commit, _files(wish, found), folder)


def _files(wish: Wish, found: "Repository") -> "tuple[HubFile, ...]":
    if wish.make:
        return _weights(found)
    if wish.files:
        return tuple(dict.fromkeys(f for name in wish.files for f in _named(name, found)))
    return _whole(_variant(wish.quant, found), found)


def _named(name: str, found: "Repository") -> "tuple[HubFile, ...]":
    """The file; of a shard all that belong to it."""
    for variant in found.variants:
        if any(name in (file.path, file.name) for file in variant.files):
            return _whole(variant, found)
    there = [file for file in found.files if name in (file.path, file.name)]
    if not there:
        refused = dict(found.set_apart).get(name)
        file = quoted(name, 120)
        what = Words("{found} has no file {file} to download", found=found.id, file=file)
        if refused:
            raise UsageError("{what}: {refused}", what=what, refused=refused)
        raise UsageError("{what}; look at its files again", what=what)
    return (there[0],)


def _variant(quant: str, found: "Repository") -> "Variant":
    wanted = quant or USUAL
    there = [v for v in found.variants if v.quant.upper() == wanted.upper()]
    if not there and not quant and len(found.variants) == 1:
        return found.variants[0]
    if len(there) > 1:
        names = ", ".join(shown(v.names[0], 120) for v in there[:10])
        raise UsageError(
            "{found} has more than one model in {quant}; name its file: {names}",
            found=found.id,
            quant=there[0].quant,
            names=names,
        )
    if there:
        return there[0]
    if not found.variants:
        if found.weights:
            raise UsageError(
                "{found} has no GGUF files, but weights: --make Q4_K_M makes one of them; choose "
                "another repository",
                found=found.id,
            )
        raise UsageError("{found} has no GGUF files; choose another repository", found=found.id)
    names = ", ".join(dict.fromkeys(shown(v.quant or v.names[0], 60) for v in found.variants[:40]))
    what = Words("no {quant}", quant=quoted(quant, 40)) if quant else Words("several quantizations")
    raise UsageError(
        "{found} has {what}; write {found}:QUANT with one of {names}",
        found=found.id,
        what=what,
        names=names,
    )


def _whole(variant: "Variant", found: "Repository") -> "tuple[HubFile, ...]":
    if variant.missing:
        raise UsageError(
            "{found} lacks {missing} of the files of {name}; choose another quantization or "
            "repository",
            found=found.id,
            missing=variant.missing,
            name=variant.names[0],
        )
    return variant.files


def _weights(found: "Repository") -> "tuple[HubFile, ...]":
    """What the workshop converts: the folder's own weights once, and what is said of them."""
    here = [file for file in found.weights if "/" not in file.path]
    tensors = [f for f in here if f.path.endswith(".safetensors")]
    own = [f for f in tensors if not _OTHER_COPIES.match(f.path)]
    if own or tensors:
        passed = {f.path for f in here if _OTHER_COPIES.match(f.path)}
        passed -= set() if own else {f.path for f in tensors}
        here = [f for f in here if f.path not in passed]
    if not any(f.path.endswith((".safetensors", ".bin", ".pth", ".pt")) for f in here):
        raise UsageError(
            "{found} has no weights to make a model of; download one of its GGUF files, or choose "
            "another repository",
            found=found.id,
        )
    return tuple(here)
