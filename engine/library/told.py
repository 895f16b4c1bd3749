"""What others say a file's checksum is: names of blobs, manifests, and words beside a download.

Only 64 hexadecimal digits count as one. Nothing here reads the model itself.
"""

import re
from pathlib import Path

from engine.base.paths import folder_of
from engine.library.stores import manifest_files, small_json, small_lines
from engine.library.walk import entries_of

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_MANIFESTS = 5_000


def told_sha256(path: Path) -> tuple[str, str]:
    """The checksum of one file and who tells it; empty where nobody does."""
    for teller, found in (
        ("Hugging Face", _hub_blob(path)),
        ("Ollama", _ollama_blob(path)),
        ("Hugging Face", _beside(path)),
        ("llama.cpp", _manifest(path)),
    ):
        if found:
            return found, teller
    return "", ""


def _hub_blob(path: Path) -> str:
    """A link of the hub's cache leads to blobs/CHECKSUM; small files' names are git's."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        return ""
    return _digest(real.name) if real.parent.name == "blobs" else ""


def _ollama_blob(path: Path) -> str:
    name = path.name.replace(":", "-")
    return _digest(name.removeprefix("sha256-")) if name.startswith("sha256-") else ""


def _beside(path: Path) -> str:
    """The hub's client notes revision, checksum and time of what it downloads to a folder."""
    for above in list(path.parents)[:4]:
        folder = above / ".cache/huggingface/download"
        lines = small_lines(folder / f"{path.relative_to(above)}.metadata")
        if len(lines) >= 2:
            return _digest(lines[1].strip())
    return ""


def _manifest(path: Path) -> str:
    """Of llama.cpp's flat cache: manifest=MAKER=REPO=TAG.json names MAKER_REPO_FILE."""
    if path.parent.name != "llama.cpp" and path.parent != folder_of("LLAMA_CACHE"):
        return ""
    names = [name for name in entries_of(path.parent) if name.startswith("manifest=")]
    for name in names[:_MOST_MANIFESTS]:
        words = name.removesuffix(".json").split("=")
        if len(words) != 4 or not path.name.startswith(f"{words[1]}_{words[2]}_"):
            continue
        file, _ = manifest_files(path.with_name(name))
        if path.name == f"{words[1]}_{words[2]}_{file.replace('/', '_')}":
            model = small_json(path.with_name(name)).get("ggufFile")
            record = model.get("lfs") if isinstance(model, dict) else None
            return _digest(str(record.get("sha256", ""))) if isinstance(record, dict) else ""
    return ""


def _digest(text: str) -> str:
    text = text.strip().strip('"').lower()
    return text if _SHA256.fullmatch(text) else ""
