"""How models lie in the folders of other programs: one finder for each form of folder.

Whatever is odd in the files of other programs counts as nothing; small ones are read with a bound.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.paths import openable
from engine.base.reading import read_file
from engine.library.files import is_model_name, plain_name
from engine.library.walk import Sight, Steps, Trail, entries_of, sight_of, sights_in, walk

MOST_SMALL = 1 << 20  # bytes of a file of words
MOST_MANIFESTS = 20_000
MODEL_LAYER = "application/vnd.ollama.image.model"
PICTURES_LAYER = "application/vnd.ollama.image.projector"
USUAL_HOST, USUAL_SPACE = "registry.ollama.ai", "library"


def plain(folder: Path, trail: Trail) -> Steps:
    """Files in folders (LM Studio: MAKER/REPO/FILE), named as they are called."""
    return walk(folder, trail)


def own(folder: Path, trail: Trail) -> Steps:
    """The same in a folder of the user's: a split model is shown even if a part is missing."""
    return walk(folder, trail, whole_only=False)


def hugging_face(folder: Path, trail: Trail) -> Steps:
    """models--MAKER--REPO/snapshots/REVISION/FILE, links to blobs/CHECKSUM; on systems without
    links the files themselves. The revision that `main` names comes first."""
    if trail.enter(folder):
        yield from _repositories(folder, trail)


def _repositories(folder: Path, trail: Trail) -> Steps:
    for n, repo in enumerate(entries_of(folder), 1):
        if n % 64 == 0:
            yield None
        if repo.startswith("models--"):
            yield from _snapshots(folder / repo, trail)


def _snapshots(repo: Path, trail: Trail) -> Steps:
    main = first_line(repo / "refs/main")
    if not trail.enter(repo / "snapshots"):
        return
    for revision in sorted(entries_of(repo / "snapshots"), key=lambda name: (name != main, name)):
        # A link whose file is still being fetched leads nowhere, so it is not met.
        yield from walk(repo / "snapshots" / revision, trail)


def llama_cpp(folder: Path, trail: Trail) -> Steps:
    """A flat cache (MAKER_REPO_FILE with manifest=MAKER=REPO=TAG.json), or Hugging Face's form."""
    if not trail.enter(folder):
        return
    names = set(entries_of(folder))
    yield None
    known = _manifested(folder, names)
    for sight in sights_in(folder, names, flat=True):
        if sight is None:
            yield None
            continue
        name, pictures = known.get(sight.path.name, ("", ""))
        beside = str(folder / pictures) if pictures in names else ""
        yield replace(sight, name=name or sight.name, pictures=beside or sight.pictures)
    if any(name.startswith("models--") for name in names):
        yield from _repositories(folder, trail)


def _manifested(folder: Path, names: set[str]) -> dict[str, tuple[str, str]]:
    """File of the cache → the name it has at the hub, and the file of its picture half."""
    found: dict[str, tuple[str, str]] = {}
    manifests = sorted(name for name in names if name.startswith("manifest="))
    for name in manifests[:MOST_MANIFESTS]:
        words = name.removesuffix(".json").split("=")
        if len(words) != 4:
            continue
        model, pictures = manifest_files(folder / name)
        start = f"{words[1]}_{words[2]}_"
        if model:
            half = start + pictures.replace("/", "_") if pictures else ""
            found[start + model.replace("/", "_")] = plain_name(Path(model)), half
    return found


def manifest_files(path: Path) -> tuple[str, str]:
    """Names at the hub of a model's file and of its picture half, of one of llama.cpp's
    manifests."""
    manifest = small_json(path)
    found = (manifest.get(key) for key in ("ggufFile", "mmprojFile"))
    model, pictures = (
        str(item.get("rfilename", "")) if isinstance(item, dict) else "" for item in found
    )
    return model, pictures


def jan(folder: Path, trail: Trail) -> Steps:
    """ID/model.gguf with ID/model.yml, which may name a file elsewhere; the folders carry the
    name."""
    data = folder.parent.parent if folder.parent.name == "llamacpp" else folder.parent
    for sight in walk(folder, trail):
        if sight is None:
            yield None
            continue
        name = _above(sight.path, folder)
        yield replace(sight, name=name or sight.name) if sight.name == "model" else sight
    for place in list(trail.folders):
        named = small_words(place / "model.yml").get("model_path", "")
        if not named or not is_model_name(Path(named).name):
            continue
        path = data / named  # an absolute one replaces the folder
        if path.parent != place and (sight := sight_of(path)) is not None:
            yield replace(sight, name=_above(place / "model.yml", folder) or sight.name)
        yield None


def _above(path: Path, folder: Path) -> str:
    return "/".join(path.parent.relative_to(folder).parts)


def ollama(folder: Path, trail: Trail) -> Steps:
    """Manifests name the blob with the weights: manifests/HOST/SPACE/NAME/TAG, named as `ollama
    list` does."""
    manifests = Path(openable(folder / "manifests"))
    trail.enter(folder / "blobs")
    if not trail.enter(manifests):
        return
    n = 0
    for place, below, names in os.walk(manifests):
        below.sort()
        for tag in sorted(names):
            n += 1
            if n > MOST_MANIFESTS:
                trail.truncated = True
                return
            if n % 32 == 0:
                yield None
            sight = _manifest(folder, Path(place) / tag, Path(place).relative_to(manifests))
            if sight is not None:
                yield sight
        for name in below:
            trail.enter(Path(place) / name)


def _manifest(folder: Path, path: Path, place: Path) -> Sight | None:
    layers = small_json(path).get("layers")
    blob = _blob(folder, layers, MODEL_LAYER)
    if blob is None:
        return None
    half = _blob(folder, layers, PICTURES_LAYER)
    host, *words = place.parts or ("",)
    words = words[1:] if words[:1] == [USUAL_SPACE] else words
    name = "/".join(words if host == USUAL_HOST else [host, *words])
    sight = sight_of(blob, f"{name}:{path.name}", "")
    if sight is None or half is None:
        return sight
    return replace(sight, pictures=str(half))


def _blob(folder: Path, layers: object, kind: str) -> Path | None:
    for layer in layers if isinstance(layers, list) else []:
        if isinstance(layer, dict) and layer.get("mediaType") == kind:
            digest = str(layer.get("digest", "")).replace(":", "-")
            path = folder / "blobs" / digest
            if digest.startswith("sha256-") and digest[7:].isalnum() and path.is_file():
                return path
    return None


# Small files of other programs


def small_json(path: Path) -> dict[str, object]:
    """An object; of anything else an empty one."""
    try:
        found = json.loads(read_file(Path(openable(path)), MOST_SMALL))
    except (ChaskiError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def small_words(path: Path) -> dict[str, str]:
    """`key: value` lines at the left edge of a YAML file; its other forms are passed over."""
    return dict(_pairs(path, ":"))


def setting_of(path: Path, key: str) -> str:
    """A value of an ini file, as Qt writes them."""
    return next((value for name, value in _pairs(path, "=") if name == key), "")


def first_line(path: Path) -> str:
    for line in small_lines(path):
        return line.strip()
    return ""


def _pairs(path: Path, sign: str) -> Iterator[tuple[str, str]]:
    for line in small_lines(path):
        key, found, value = line.partition(sign)
        if found and key and not key[0].isspace():
            yield key.strip(), value.strip().strip("'\"")


def small_lines(path: Path) -> list[str]:
    """A text of another program; of one that cannot be read nothing."""
    try:
        return read_file(Path(openable(path)), MOST_SMALL).decode("utf-8", "replace").splitlines()
    except ChaskiError:
        return []
