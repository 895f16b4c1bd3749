"""The quantization that a file's name tells of: Q4_K_M, IQ2_XXS, BF16, MXFP4, UD-Q4_K_XL, ….

A name is only a promise, but the only one there is before the file's head has been read.
"""

import re

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
