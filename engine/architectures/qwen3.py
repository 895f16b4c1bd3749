"""Qwen 3, dense: a llama in neox order whose query and key heads are normed before rope."""

from engine.architectures.hyper import Hyper, Keys, read_hyper
from engine.architectures.llama import declare
from engine.compute.graph import Graph


def build(keys: Keys) -> tuple[Hyper, Graph]:
    h = read_hyper(keys, rope_style="neox", windowed=False)
    return h, declare(keys, h, head_norm=True)
