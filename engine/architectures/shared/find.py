"""From a GGUF file to a graph: finds the family's file by `general.architecture`.

Nothing is imported but the one family that is asked for; `sources`, which looks through all of
them, is for conversion.
"""

import functools
import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

from engine.base.errors import UnsupportedError
from engine.base.words import quoted

if TYPE_CHECKING:  # heavy, and the window asks for names
    from engine.architectures.shared.common import Common
    from engine.architectures.shared.family import Family
    from engine.architectures.shared.source import Source
    from engine.compute.graph import Graph
    from engine.weights.formats.gguf import GGUFFile

ROOM = "engine.architectures"
# Architectures that are another one's graph with the same keys: their name -> that one's.
ALIASES: dict[str, str] = {
    "lfm2moe": "lfm2",
    "minicpm": "granite",
    "nemotron_h_moe": "nemotron_h",
}


def known_architectures() -> tuple[str, ...]:
    """The values of `general.architecture` that can be run."""
    return tuple(sorted([*_files(), *ALIASES]))


@functools.cache
def _files() -> tuple[str, ...]:
    folder = import_module(ROOM).__path__
    found = pkgutil.iter_modules(folder)
    return tuple(_architecture(name) for _, name, is_folder in found if not is_folder)


def _architecture(module: str) -> str:
    """`gpt_oss` is the file of gpt-oss, `granite__swa` that of granite_swa."""
    return "_".join(part.replace("_", "-") for part in module.split("__"))


def family_of(architecture: str) -> "Family | None":
    """The family that runs this architecture, or None."""
    if architecture not in known_architectures():
        return None
    name = ALIASES.get(architecture, architecture)
    module = import_module(f"{ROOM}.{name.replace('_', '__').replace('-', '_')}")
    family: Family = module.FAMILY
    return family


def build_graph(file: "GGUFFile", pooling: str = "") -> "tuple[Common, Graph]":
    """Hyperparameters and graph of the model in `file`; reads metadata and tensor shapes only.

    pooling: one of encoder.POOLINGS, to make vectors of texts otherwise than the file says.
    Raises UnsupportedError for an unknown architecture or an unknown value of a key,
    FormatError for a key that is missing or makes no sense.
    """
    from engine.architectures.shared.keys import Keys

    architecture = file.need_str("general.architecture")
    family = family_of(architecture)
    if family is None:
        from engine.weights.formats.gguf_names import is_listed

        if not is_listed(architecture):
            raise UnsupportedError(
                "{file}: architecture {architecture} is not supported, and the list of GGUF's own "
                "names has no such either; look for a newer version of Chaski or another model "
                "(this version runs {known_architectures})",
                file=file.path.name,
                architecture=quoted(architecture),
                known_architectures=", ".join(known_architectures()),
            )
        raise UnsupportedError(
            "{file}: architecture {architecture} is not supported yet (this version runs "
            "{known_architectures}); look for a newer version of Chaski or another model",
            file=file.path.name,
            architecture=quoted(architecture),
            known_architectures=", ".join(known_architectures()),
        )
    return family.build(Keys(file, architecture, pooling))


def usual_template(architecture: str) -> str:
    """The chat template of a family whose files may bring none; "" where it has none."""
    family = family_of(architecture)
    return family.template if family else ""


@functools.cache
def sources() -> "dict[str, tuple[str, Source]]":
    """All kinds of checkpoint by the model type of config.json, each with its architecture."""
    families = [(name, family) for name in _files() if (family := family_of(name))]
    return {source.kind: (name, source) for name, family in families for source in family.sources}


@functools.cache
def class_kinds() -> dict[str, str]:
    """Class names of config.json, of models with a head -> the model type of their text."""
    found = {name: kind for kind, (_, source) in sources().items() for name in source.classes}
    outer = ((w, kind) for kind, (_, source) in sources().items() for w in source.within.values())
    return dict(outer) | found


@functools.cache
def held_kinds() -> dict[str, str]:
    """Model types of models of several senses -> that of the text model they usually hold."""
    return {w: kind for kind, (_, source) in sources().items() for w in source.within}
