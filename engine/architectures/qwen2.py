"""Qwen 2 and 2.5: a llama with rotated halves (neox order) and biases on query, key and value."""

from engine.architectures.hyper import Hyper, Keys, read_hyper
from engine.architectures.llama import declare
from engine.compute.graph import Graph


def build(keys: Keys) -> tuple[Hyper, Graph]:
    h = read_hyper(keys, rope_style="neox", windowed=False)
    return h, declare(keys, h)
