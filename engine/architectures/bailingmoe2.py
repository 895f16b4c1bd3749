"""Ling 2 (mini, flash, Sarvam): GLM 4.5's graph, query, key and value in one matrix.

A checkpoint of these has code of its own; files of other programs run.
"""

from engine.architectures import deepseek
from engine.architectures.shared.common import Common
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.compute.graph import Graph


def build(keys: Keys) -> tuple[Common, Graph]:
    return deepseek.build(keys, style="neox", gating="sigmoid")


FAMILY = Family(build)
