"""A hub's answers, which nobody vouches for, made into records: every value looked at.

Invariant: words are bounded and one line; numbers are whole and not negative; what is missing is
told as unknown, what contradicts itself is a HubError.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.base.catalogue import Words
from engine.base.errors import HubError, HubFault
from engine.base.words import quoted, shown
from engine.hub.names import CODES, is_importance, is_projector, quant_of
from engine.hub.records import FoundModel, HubFile

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo

MOST_FILES = 20_000
MOST_BYTES = 1 << 50
MOST_NUMBER = 1 << 60
MOST_WORDS = 1000  # of a list; some have tags for a hundred languages in front of the licence's
SHA256, GIT = 64, 40  # letters of a checksum


def found_model(info: "ModelInfo", host: str) -> FoundModel:
    """A repository as the hub describes it. Raises HubError where it is none."""
    if not isinstance(info.id, str) or not info.id or len(info.id) > 200:
        raise lie(host, Words("names a model in a way that cannot be"))
    tags = words(info.tags)
    card = _card(info)
    gguf, config = _dict(info.gguf), _dict(info.config)
    parts = _dict(info.safetensors)
    paths = [shown(each.rfilename, 1000) for each in (info.siblings or ())[:MOST_FILES]]
    models = [p for p in paths if p.endswith(".gguf") and not is_projector(p)]
    return FoundModel(
        id=shown(info.id),
        downloads=number(info.downloads),
        likes=number(info.likes),
        updated=_date(info.last_modified),
        licence=_word(card.get("license")) or _tagged(tags, "license:"),
        languages=words(card.get("language")) or tuple(t for t in tags if t in CODES),
        gated=info.gated if info.gated in ("auto", "manual") else "manual" if info.gated else "",
        private=info.private is True,
        architecture=_name(gguf.get("architecture")),
        classes=words(config.get("architectures")),
        model_type=_name(config.get("model_type")),
        n_parameters=number(gguf.get("total")) or number(parts.get("total")),
        n_ctx_train=number(gguf.get("context_length")),
        formats=tuple(_formats(paths, tags)),
        quants=tuple(
            dict.fromkeys(q for p in models if not is_importance(p) if (q := quant_of(p)))
        ),
        base_model=_word(card.get("base_model")) or _tagged(tags, "base_model:").split(":")[-1],
    )


def files(info: "ModelInfo", host: str) -> list[HubFile]:
    """The files of a repository, with sizes. Raises HubError for sizes that cannot be."""
    rows = info.siblings or []
    if len(rows) > MOST_FILES:
        raise lie(
            host,
            Words(
                "tells of more than {most_files:,} files in {tensor}",
                most_files=MOST_FILES,
                tensor=info.id,
            ),
        )
    return [_file(row, host) for row in rows]


def _file(row: Any, host: str) -> HubFile:
    path, size = row.rfilename, row.size
    if not isinstance(path, str):
        raise lie(host, Words("tells of a file without a name"))
    known = row.lfs.size if row.lfs else size
    if not isinstance(known, int) or isinstance(known, bool) or not 0 <= known <= MOST_BYTES:
        raise lie(
            host,
            Words("says that {file} has {known} bytes", file=quoted(path), known=quoted(known)),
        )
    if size is not None and size != known:
        raise lie(
            host,
            Words(
                "tells two sizes of {file}: {size} and {known} bytes",
                file=quoted(path),
                size=quoted(size),
                known=known,
            ),
        )
    digest = row.lfs.sha256 if row.lfs else ""
    if row.lfs and not _is_digest(digest):
        raise lie(host, Words("tells a checksum of {file} that is none", file=quoted(path)))
    blob = "" if row.lfs or not _is_digest(row.blob_id, GIT) else row.blob_id.lower()
    return HubFile(path, known, digest.lower(), blob)


def lie(host: str, what: str) -> HubError:
    return HubError(
        "{host} {what}; try again later, or choose another model",
        HubFault.LIE,
        host=host,
        what=what,
    )


def number(value: object) -> int:
    """A count; 0 for whatever is none."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_NUMBER:
        return 0
    return value


def words(value: object) -> tuple[str, ...]:
    """One word or several, bounded."""
    found: Iterable[object] = [value] if isinstance(value, str) else ()
    if isinstance(value, list | tuple):
        found = value[:MOST_WORDS]
    return tuple(shown(each, 100) for each in found if isinstance(each, str) and each)


def _word(value: object) -> str:
    return next(iter(words(value)), "")


def _name(value: object) -> str:
    return shown(value, 100) if isinstance(value, str) else ""


def _card(info: "ModelInfo") -> dict[str, Any]:
    card = info.card_data
    to_dict: Callable[[], Any] | None = getattr(card, "to_dict", None)
    return _dict(to_dict() if to_dict else card)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tagged(tags: tuple[str, ...], start: str) -> str:
    return next((tag.removeprefix(start) for tag in tags if tag.startswith(start)), "")


def _formats(paths: list[str], tags: tuple[str, ...]) -> list[str]:
    return [
        kind
        for kind in ("gguf", "safetensors")
        if kind in tags or any(path.endswith("." + kind) for path in paths)
    ]


def _date(value: object) -> str:
    if not isinstance(value, datetime):
        return ""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_digest(text: object, letters: int = SHA256) -> bool:
    if not isinstance(text, str) or len(text) != letters:
        return False
    return all(letter in "0123456789abcdef" for letter in text.lower())
