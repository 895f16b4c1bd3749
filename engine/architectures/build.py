"""From a GGUF file to a graph: finds the family's file by `general.architecture`."""

from collections.abc import Callable

from engine.architectures import gemma, gemma2, gpt2, llama, phi3, qwen2, qwen3
from engine.architectures.hyper import Hyper, Keys
from engine.base.errors import UnsupportedError
from engine.base.words import quoted
from engine.compute.graph import Graph
from engine.weights.formats.gguf import GGUFFile

_FAMILIES: dict[str, Callable[[Keys], tuple[Hyper, Graph]]] = {
    "gemma": gemma.build,
    "gemma2": gemma2.build,
    "gpt2": gpt2.build,
    "llama": llama.build,
    "phi3": phi3.build,
    "qwen2": qwen2.build,
    "qwen3": qwen3.build,
}


def known_architectures() -> tuple[str, ...]:
    """The values of `general.architecture` that can be run."""
    return tuple(_FAMILIES)


def build_graph(file: GGUFFile) -> tuple[Hyper, Graph]:
    """Hyperparameters and graph of the model in `file`; reads metadata and tensor shapes only.

    Raises UnsupportedError for an unknown architecture or an unknown value of a key,
    FormatError for a key that is missing or makes no sense.
    """
    architecture = file.need_str("general.architecture")
    family = _FAMILIES.get(architecture)
    if family is None:
        raise UnsupportedError(
            "{file}: architecture {architecture} is not supported yet (this version runs "
            "{families}); look for a newer version of Chaski or another model",
            file=file.path.name,
            architecture=quoted(architecture),
            families=", ".join(sorted(_FAMILIES)),
        )
    return family(Keys(file, architecture))
