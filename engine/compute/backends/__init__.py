"""Backends run graphs: `reference` (NumPy, plain and slow, the oracle) and `cpu` (our kernels)."""

from engine.compute.backends.interface import Backend, LogitsWanted, Part, Sequence
from engine.compute.backends.make import new_backend

__all__ = ["Backend", "LogitsWanted", "Part", "Sequence", "new_backend"]
