"""What a family's file says, at its end, in one record."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.architectures.shared.common import Common
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Source
from engine.compute.graph import Graph


@dataclass(frozen=True)
class Family:
    """`FAMILY` of each file: how a GGUF file becomes a graph, and a checkpoint a GGUF file.

    template: the chat template (resources/templates) for files that bring none and whose
    vocabulary gives none away; most families have no need of one.
    """

    build: Callable[[Keys], tuple[Common, Graph]]
    sources: tuple[Source, ...] = ()
    template: str = ""
