"""Names that GGUF's own package (gguf, of llama.cpp) knows: architectures, keys, tensors.

Its file of constants is read alone and late: the package itself would bring libraries for YAML and
for the network, ten times as slow. Where it is silent that says little: what llama.cpp runs since
is not in it, and some keys of old files never were.
"""

import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

MODULE = "gguf_constants"
# Beside the tables: parts of tensors, and what several architectures have whatever the table says.
PARTS = ("weight", "bias", "scale", "input_scale")
GENERAL = ("general.", "tokenizer.", "split.", "quantize.", "chaski.", "imatrix.", "adapter.")


@cache
def _constants() -> Any:
    """The module gguf.constants, without its package."""
    found = find_spec("gguf")
    folders = found.submodule_search_locations if found is not None else None
    file = Path(next(iter(folders))) / "constants.py" if folders else None
    spec = spec_from_file_location(MODULE, file) if file is not None else None
    if spec is None or spec.loader is None:
        raise ImportError(MODULE)
    module = module_from_spec(spec)
    sys.modules[MODULE] = module
    spec.loader.exec_module(module)
    return module


@cache
def _tensors() -> Mapping[str, re.Pattern[str]]:
    """By architecture: the names of its tensors as an expression."""
    tables = _constants()
    found = {}
    for arch, name in tables.MODEL_ARCH_NAMES.items():
        names = [tables.TENSOR_NAMES[each] for each in tables.MODEL_TENSORS[arch]]
        every = "|".join(re.escape(each).replace(r"\{bid\}", r"\d+") for each in names)
        found[name] = re.compile(rf"(?:{every})(?:\.(?:{'|'.join(PARTS)}))?")
    return found


@cache
def _keys() -> frozenset[str]:
    """All keys; those that begin with an architecture, without it."""
    groups = [each for each in vars(_constants().Keys).values() if isinstance(each, type)]
    values = [value for group in groups for value in vars(group).values()]
    return frozenset(value.removeprefix("{arch}.") for value in values if isinstance(value, str))


def is_listed(architecture: str) -> bool:
    """Whether this is the name of an architecture there."""
    return architecture in _tensors()


def unlisted(architecture: str, keys: Mapping[str, Any], tensors: Mapping[str, Any]) -> list[str]:
    """Keys and tensors that have no name there; none of an architecture that has none itself."""
    if not is_listed(architecture):
        return []
    known, prefix = _keys(), f"{architecture}."
    odd = [
        key for key in keys if not key.startswith(GENERAL) and key.removeprefix(prefix) not in known
    ]
    return odd + [name for name in tensors if not _tensors()[architecture].fullmatch(name)]
