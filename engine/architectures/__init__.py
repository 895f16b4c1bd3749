"""Model families: each file reads its hyperparameters and declares its graph. No arithmetic."""

from engine.architectures.build import build_graph, known_architectures
from engine.architectures.hyper import Hyper

__all__ = ["Hyper", "build_graph", "known_architectures"]
