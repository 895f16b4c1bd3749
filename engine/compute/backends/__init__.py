"""Backends run graphs: `reference` (NumPy, plain and slow, the oracle) and `cpu` (our kernels)."""

from engine.compute.backends.interface import Backend, BatchEntry, RowsWanted, Sequence, Squares
from engine.compute.backends.make import new_backend

__all__ = ["Backend", "RowsWanted", "BatchEntry", "Sequence", "Squares", "new_backend"]
