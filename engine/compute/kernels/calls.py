"""Programs of a single row: one kernel with its operands, for a team or for this thread alone."""

import ctypes
from collections.abc import Callable

import numpy as np

from engine.compute.kernels.abi import (
    BATCH_WORDS,
    ROW_WORDS,
    Batch,
    Head,
    Operands,
    write_batch,
    write_row,
)
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.team import Team, make_counters

_SIGNATURE = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)


class Call:
    """May be run as often as wanted, by one thread at a time; whoever made it keeps alive what the
    operands point to. Compiles the kernel if nobody has."""

    def __init__(self, kernel: Kernel, operands: Operands, batch: Batch | None = None) -> None:
        kernel.check(operands)
        self._address, self.counters = kernel.address, make_counters(1)  # of its work
        self._row = np.zeros(ROW_WORDS, np.int64)
        self._batch = np.zeros(BATCH_WORDS, np.int64)
        head = Head(kernel=self._address, counter=self.counters.ctypes.data)
        write_row(self._row, head, operands.words())
        write_batch(self._batch, batch or Batch())

    def run(self, team: Team, meanwhile: Callable[[], None] | None = None) -> None:
        """With the team's active threads; see Team.run."""
        batch = self._batch.ctypes.data
        team.run(self._row.ctypes.data, 1, batch, self.counters, meanwhile)

    def run_here(self) -> None:
        """In this thread alone."""
        self.counters[:] = 0
        _SIGNATURE(self._address)(self._row.ctypes.data, self._batch.ctypes.data, 0)
