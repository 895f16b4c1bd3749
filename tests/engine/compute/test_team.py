"""The thread team: all threads take part, nothing runs when nothing is asked, closing ends it."""

import threading
import time

import numpy as np
import pytest

from engine.compute.kernels import roof
from engine.compute.kernels.team import Call, Team


def read_program(pieces=64):
    """One row that reads some memory: each thread writes its own line of the sink."""
    data = np.ones(pieces * 1024 + 2048, np.float32)
    sink = np.zeros(64 * 16, np.float32)
    operands = roof.RateOperands(
        data=data.ctypes.data, pieces=pieces, piece_bytes=4096, sink=sink.ctypes.data
    )
    return Call(roof.read_memory, operands), sink, data


@pytest.mark.parametrize("size", [1, 2, 5])
def test_every_thread_takes_part_in_every_pass(size):
    team = Team(size)
    call, sink, data = read_program()
    for _ in range(50):
        sink[:] = 0
        call.run(team)
        assert [sink[16 * i] for i in range(size)] == [1.0] * size
        assert call.counters[0, 0] >= 64
    team.close()
    assert data[0] == 1.0


@pytest.mark.parametrize("size", [2, 4])
def test_a_part_of_the_team_takes_part(size):
    team = Team(size)
    call, sink, data = read_program(pieces=8)
    chance = np.random.default_rng(0)
    for _ in range(600):
        team.active = active = int(chance.integers(1, size + 1))
        if chance.random() < 0.03:
            time.sleep(0.004)  # some have gone to sleep by now
        sink[:] = 0
        call.run(team)
        assert [sink[16 * i] for i in range(size)] == [1.0] * active + [0.0] * (size - active)
    team.close()
    assert data[0] == 1.0


def test_those_who_are_not_asked_sleep():
    team = Team(4)
    call, _, data = read_program()
    call.run(team)
    team.active = 1
    call.run(team)
    time.sleep(0.1)
    before = time.process_time()
    until = time.perf_counter() + 0.3
    while time.perf_counter() < until:
        call.run(team)
        time.sleep(0.005)
    assert time.process_time() - before < 0.2  # of the caller alone
    team.close()
    assert data[0] == 1.0


def test_active_threads_stay_within_the_team():
    team = Team(2)
    team.active = 99
    assert team.active == 2
    team.active = 0
    assert team.active == 1
    team.close()
    assert (team.size, team.active) == (1, 1)


def test_a_team_goes_to_sleep_and_wakes_again():
    team = Team(2)
    call, sink, _ = read_program()
    call.run(team)
    time.sleep(0.3)
    before = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - before < 0.1  # the helper no longer spins
    sink[:] = 0
    call.run(team)
    assert sink[16] == 1.0
    team.close()


def test_helpers_rest_while_the_caller_does_something_slow():
    team = Team(2)
    call, sink, _ = read_program()
    before = time.process_time()
    call.run(team, meanwhile=lambda: time.sleep(1.0))
    assert time.process_time() - before < 0.4  # it offers its core for a while, then it sleeps
    assert sink[16] == 1.0
    team.close()


class SlowEvent(threading.Event):
    """Whoever sets it is held up right after: the system gave the core to somebody else."""

    def set(self):
        super().set()
        time.sleep(0.03)


def test_a_caller_that_is_held_up_while_waking_helpers_does_not_lose_them(monkeypatch):
    monkeypatch.setattr("engine.compute.kernels.team.threading.Event", SlowEvent)
    team = Team(2)
    call, sink, data = read_program()
    for _ in range(4):
        sink[:] = 0
        call.run(team)
        assert [sink[0], sink[16]] == [data[0], data[0]]
    team.close()


def test_closing_ends_the_helpers():
    before = threading.active_count()
    team = Team(4)
    assert threading.active_count() == before + 3
    team.close()
    assert threading.active_count() == before
