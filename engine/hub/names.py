"""Names that others chose: of files (what may become one on any system), quantizations, languages.

Invariant: a name that `objection` lets pass stays inside the folder it is put in, and means the
same file on Linux, macOS and Windows. The quantization that a name tells of is only a promise, but
the only one there is before the file's head has been read.
"""

import re
import unicodedata
from collections.abc import Iterable

from engine.base.catalogue import Words

LONGEST_PART, LONGEST_PATH = 240, 1000  # bytes; systems bear 255 a part
MOST_FOLDERS = 16
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


def objection(path: str) -> str:
    """Why this can be no file of ours, as the end of a sentence; "" if it can."""
    parts = path.split("/")
    if not path or path.startswith("/") or ".." in parts:
        return Words("it would lie outside of its folder")
    if "\\" in path or re.match(r"[A-Za-z]:", path):
        return Words("it is a path of Windows")
    if "" in parts or "." in parts:
        return Words("a folder in it has no name")
    if len(path.encode("utf-8", "replace")) > LONGEST_PATH or len(parts) > MOST_FOLDERS:
        return Words("its name is too long")
    return next((no for part in parts if (no := _objection_to_part(part))), "")


def _objection_to_part(part: str) -> str:
    if _FORBIDDEN.search(part):
        return Words("a letter in its name is forbidden in file names")
    if len(part.encode()) > LONGEST_PART:
        return Words("its name is too long")
    if part[-1] in ". " or part[0] == " ":
        return Words("its name begins or ends with a dot or space")
    if _RESERVED.fullmatch(part.partition(".")[0].rstrip()):
        return Words("Windows keeps this name for itself")
    return ""


def sound(paths: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Those that can be files of ours, and why the others cannot; also two names that would be one
    file on a system that does not tell case apart."""
    good, bad = dict[str, str](), dict[str, str]()
    for path in paths:
        same = unicodedata.normalize("NFC", path).casefold()
        if no := objection(path):
            bad[path] = no
        elif same in good:
            bad[path] = Words("on many systems it is the same file as {good}", good=good[same])
        else:
            good[same] = path
    return list(good.values()), bad


_TYPES = r"""
    IQ[1-4]_(?:XXS|XS|NL|S|M|L|XL)
  | Q[1-8]_K(?:_(?:XXS|XS|S|M|L|XL|XXL))?
  | Q[1-8]_[01](?:_[48]_[48])?
  | TQ[12]_0
  | MXFP4(?:_MOE)?
  | NVFP4
  | BF16 | FP16 | F16 | FP32 | F32
"""
_QUANT = re.compile(
    rf"(?:^|(?<=[-._ /]))(?P<own>UD[-_])?(?P<type>{_TYPES})(?=$|[-._ /])",
    re.IGNORECASE | re.VERBOSE,
)
_SAME = {"FP16": "F16", "FP32": "F32"}
_SHARD = re.compile(r"(?P<stem>.+)-(?P<no>\d{5})-of-(?P<count>\d{5})")
_WORD = re.compile(r"[a-z]+")
_BILLIONS = re.compile(
    r"(?:^|(?<=[-_ ]))(?P<count>\d{1,4}(?:\.\d{1,3})?)(?P<unit>[bm])(?=$|[-_ .])", re.IGNORECASE
)


def quant_of(path: str) -> str:
    """The quantization in a file's name, or in its folder's; "" if none is told.

    The last one counts: a name may begin with what it was made from.
    """
    stem = without_shard(path)[0]
    *folders, name = stem.split("/")
    for text in (name, *reversed(folders)):
        if found := list(_QUANT.finditer(text)):
            return _plain(found[-1])
    return ""


def model_of(path: str) -> str:
    """What is left of a file's name without quantization and number: the model's own."""
    name = without_shard(path)[0].rpartition("/")[2]
    found = list(_QUANT.finditer(name))
    if found:
        name = name[: found[-1].start()] + name[found[-1].end() :]
    return name.strip("-._ ")


def billions_of(repository: str) -> float:
    """How many billions of weights a repository's name tells of (Qwen3-0.6B-GGUF); 0.0 for none."""
    found = _BILLIONS.search(repository.rpartition("/")[2])
    if found is None:
        return 0.0
    return float(found["count"]) * (1.0 if found["unit"] in "bB" else 1e-3)


def without_shard(path: str) -> tuple[str, int, int]:
    """The path without ending and number, the number (from 1) and how many there are of it."""
    stem = path.rpartition(".")[0] or path
    found = _SHARD.fullmatch(stem)
    return (found["stem"], int(found["no"]), int(found["count"])) if found else (stem, 1, 1)


def is_projector(path: str) -> bool:
    """A model's eyes or ears, which are no model."""
    return "mmproj" in _WORD.findall(path.lower().rpartition("/")[2])


def is_importance(path: str) -> bool:
    """An importance matrix, by name; models made with one often say so, too."""
    name = path.lower().rpartition("/")[2]
    if name.endswith((".imatrix", ".dat")):
        return True
    return name.endswith(".gguf") and "imatrix" in _WORD.findall(name) and not quant_of(name)


def _plain(found: "re.Match[str]") -> str:
    name = found["type"].upper()
    return ("UD-" if found["own"] else "") + _SAME.get(name, name)


_CODES = """
    aa ab af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li
    ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os
    pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te
    tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
CODES = frozenset(_CODES.split())
