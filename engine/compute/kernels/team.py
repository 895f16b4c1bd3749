"""The threads that run kernels: a few helpers beside the caller, asleep between requests.

A team belongs to one thread (the host's compute thread): run() must not be called by two at once.
A Call is a program of a single row: one kernel with its operands, for a team or a thread alone.
"""

import ctypes
import sys
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UsageError
from engine.compute.kernels import driver
from engine.compute.kernels.abi import (
    BATCH_WORDS,
    COUNTER_BYTES,
    ROW_WORDS,
    WORD,
    Batch,
    Head,
    Operands,
    write_batch,
    write_row,
)
from engine.compute.kernels.jit import Kernel

_SIGNATURE = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)


def _let_others_run() -> tuple[int, int, int]:
    """The system's functions, by address: to give the core away (sched_yield, SwitchToThread on
    Windows) and to sleep (usleep, Sleep), with what the latter calls a millisecond."""
    if sys.platform == "win32":
        kernel32 = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
        found, millisecond = (kernel32.SwitchToThread, kernel32.Sleep), 1
    else:
        libc = ctypes.CDLL(None)
        found, millisecond = (libc.sched_yield, libc.usleep), 1000
    offer, sleep = (ctypes.cast(each, ctypes.c_void_p).value or 0 for each in found)
    return offer, sleep, millisecond


class Team:
    """`size` threads, the caller included, of which the first `active` take part in a pass."""

    def __init__(self, size: int) -> None:
        self.size = self._active = max(1, min(size, driver.MOST_THREADS - 1))
        self._store = np.zeros((driver.TEAM_BYTES + driver.LINE) // WORD, np.int64)
        self._address = -(-self._store.ctypes.data // driver.LINE) * driver.LINE
        self._words = self._store[(self._address - self._store.ctypes.data) // WORD :]
        self._set(driver.SIZE, self.size)
        for word, value in zip(
            (driver.YIELD, driver.SLEEP, driver.SHORTLY), _let_others_run(), strict=True
        ):
            self._set(word, value)
        self._wake = [threading.Event() for _ in range(self.size - 1)]
        self._helpers = [
            threading.Thread(target=self._help, args=(i,), name=f"kernel-{i + 1}", daemon=True)
            for i in range(self.size - 1)
        ]
        self._start()

    def _start(self) -> None:
        """All helpers, or none and an error."""
        for started, helper in enumerate(self._helpers):
            try:
                helper.start()
            except RuntimeError:
                self._helpers, wanted = self._helpers[:started], self.size
                self.close()
                raise UsageError(
                    "the system starts no more than {started} of {wanted} threads; choose fewer, "
                    "or close other programs",
                    started=started + 1,
                    wanted=wanted,
                ) from None

    @property
    def active(self) -> int:
        """How many threads the next passes are for, 1 to `size`; what they compute is the same."""
        return self._active

    @active.setter
    def active(self, threads: int) -> None:
        self._active = max(1, min(threads, self.size))
        self._set(driver.SIZE, self._active)

    def run(
        self,
        rows: int,
        n_rows: int,
        batch: int,
        counters: NDArray[np.int64],
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Walk the program at address `rows` with the active threads; zeroes its counters first.

        meanwhile: what the caller does first, while the helpers have begun; it must not run a
        program. Its error is raised when the pass is over.
        """
        counters[:] = 0
        self._set(driver.ROWS, rows)
        self._set(driver.N_ROWS, n_rows)
        self._set(driver.BATCH, batch)
        driver.announce(self._address, self._active)
        for event in self._wake[: self._active - 1]:
            event.set()
        try:
            if meanwhile is not None:
                meanwhile()
        finally:
            driver.run_pass(self._address)

    def close(self) -> None:
        """Ends the helpers; the team cannot run afterwards."""
        self._set(driver.STOP, 1)
        for event in self._wake:
            event.set()
        for helper in self._helpers:
            helper.join()
        self._wake, self._helpers, self.size = [], [], 1
        self.active = 1

    def _help(self, index: int) -> None:
        seen, stop = 0, driver.STOP // WORD
        while not self._words[stop]:
            self._wake[index].wait()
            # Clear first: a wake-up that comes while this helper works must not be lost.
            self._wake[index].clear()
            seen = driver.help_out(self._address, index + 1, seen)

    def _set(self, offset: int, value: int) -> None:
        self._words[offset // WORD] = value


def make_counters(n_rows: int) -> NDArray[np.int64]:
    """One work counter per row, each in a cache line of its own: int64 [n_rows, 8]."""
    store = np.zeros((n_rows + 1, COUNTER_BYTES // WORD), np.int64)
    shift = (-store.ctypes.data % COUNTER_BYTES) // WORD
    return store.reshape(-1)[shift : shift + n_rows * (COUNTER_BYTES // WORD)].reshape(n_rows, -1)


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
