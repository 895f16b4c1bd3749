"""Walks a program: every thread calls each row's kernel in turn and waits where a row says so.

Between two passes the helpers spin for a moment (the next token usually comes at once), then give
the core away, then go back to Python and sleep until they are woken. A pass may be for a part of
the team; the others sleep on.
"""

from engine.compute.kernels.abi import BARRIER, COUNTER_BYTES, KERNEL, ROW_BYTES, WORD
from engine.compute.kernels.jit import inline, native
from engine.compute.simd.memory import (
    Address,
    atomic_add,
    atomic_load,
    atomic_store,
    call_kernel,
    call_plain,
    call_with_number,
    load_i64,
    pause,
)

# --- the team's shared table: each word that threads write has a cache line of its own -----------
#     line 0    ARRIVED: how many are at the barrier
#     line 1    TURN: how often all have been there
#     line 2    PASS: the number of the latest, and for how many threads it is
#     line 3    what only the owner of the team writes, a word each:
LINE = COUNTER_BYTES
ARRIVED, TURN, PASS, _OWNERS = 0, LINE, 2 * LINE, 3 * LINE
SIZE = _OWNERS  # how many threads take part
ROWS = _OWNERS + WORD  # address of the program, of
N_ROWS = _OWNERS + 2 * WORD  # so many rows
BATCH = _OWNERS + 3 * WORD  # address
YIELD = _OWNERS + 4 * WORD  # address of the function that offers the core to others
STOP = _OWNERS + 5 * WORD  # not 0: helpers end
SLEEP = _OWNERS + 6 * WORD  # address of the function that sleeps, and
SHORTLY = _OWNERS + 7 * WORD  # what that one calls a millisecond
TEAM_BYTES = 4 * LINE

MOST_THREADS = 1 << 16  # PASS holds the pass's number, times this, and how many threads it is for

SPINS = 3000  # about 50 µs of pauses before the core is offered to others
NAPS = 2000  # offers before a helper that waits for work goes to sleep
# Offers before one that waits within a pass sleeps a millisecond at a time: others are busy with
# something slow, such as a disk.
PATIENCE = 50_000


@inline
def give_way(team: Address, spins: int) -> None:
    if spins < SPINS:
        pause()
    elif spins < SPINS + PATIENCE:
        call_plain(load_i64(team + YIELD))
    else:
        call_with_number(load_i64(team + SLEEP), load_i64(team + SHORTLY))


@inline
def barrier(team: Address) -> None:
    """Returns once all threads of the team are here."""
    size = load_i64(team + SIZE)
    if size == 1:
        return
    turn = atomic_load(team + TURN)
    if atomic_add(team + ARRIVED, 1) == size - 1:
        atomic_store(team + ARRIVED, 0)
        atomic_store(team + TURN, turn + 1)
        return
    spins = 0
    while atomic_load(team + TURN) == turn:
        give_way(team, spins)
        spins += 1


@inline
def walk(team: Address, thread: int) -> None:
    rows, batch = load_i64(team + ROWS), load_i64(team + BATCH)
    for i in range(load_i64(team + N_ROWS)):
        row = rows + i * ROW_BYTES
        if load_i64(row + BARRIER):
            barrier(team)
        call_kernel(load_i64(row + KERNEL), row, batch, thread)
    barrier(team)


@native
def announce(team: Address, threads: int) -> None:
    """There is a new pass for the first `threads` threads; rows and batch are set. Sleeping helpers
    must be woken after this: one that wakes, finds nothing announced and sleeps again would never
    come. Number and threads are one word, as a helper may look while the next pass is set."""
    number = load_i64(team + PASS) // MOST_THREADS + 1
    atomic_store(team + PASS, number * MOST_THREADS + threads)


@native
def run_pass(team: Address) -> None:
    """Called by the thread that owns the team, after announce(). Returns when all is done."""
    walk(team, 0)


@native
def help_out(team: Address, thread: int, seen: int) -> int:
    """Called by a helper: take part in passes that are newer than `seen`, until there is none for a
    while, or one that is not for this helper.

    Returns the word of the last pass it saw. It misses none of its own: those wait for it.
    """
    spins = 0
    while spins < SPINS + NAPS:
        if load_i64(team + STOP):
            return seen
        latest = atomic_load(team + PASS)
        if latest == seen:
            give_way(team, spins)
            spins += 1
            continue
        seen = latest
        if thread >= latest % MOST_THREADS:
            return seen
        walk(team, thread)
        spins = 0
    return seen


NATIVES = (announce, run_pass, help_out)
