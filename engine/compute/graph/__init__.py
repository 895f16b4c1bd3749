"""What a model computes, as data: symbolic values and ops. Knows nothing of any machine."""

from engine.compute.graph.early import select_early
from engine.compute.graph.graph import Graph
from engine.compute.graph.ops import (
    Activate,
    Activation,
    Add,
    Append,
    Attention,
    Embed,
    EmbedPosition,
    Gated,
    Linear,
    Norm,
    Op,
    Rope,
    Scale,
    Select,
    Slice,
    Softcap,
    Value,
    WeightSpec,
)
from engine.compute.graph.rope import RopeSpec, rope_frequencies
from engine.compute.graph.state import Grows, StateRef

__all__ = [
    "Activate",
    "Activation",
    "Add",
    "Append",
    "Attention",
    "Embed",
    "EmbedPosition",
    "Gated",
    "Graph",
    "Grows",
    "Linear",
    "Norm",
    "Op",
    "Rope",
    "RopeSpec",
    "Scale",
    "Select",
    "Slice",
    "Softcap",
    "StateRef",
    "Value",
    "WeightSpec",
    "rope_frequencies",
    "select_early",
]
