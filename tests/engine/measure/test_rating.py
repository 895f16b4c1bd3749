"""Measuring how fast this machine computes, and keeping it."""

import json
import math
import threading
from dataclasses import asdict, replace

import pytest
from helpers.patience import WAIT

from engine.api import Engine
from engine.base.devices import Disk, DiskKind
from engine.base.errors import CancelledError, UsageError
from engine.base.events import HardwareReport, Progress
from engine.base.paths import Paths
from engine.base.rates import Rates, TypeRate
from engine.cli import main
from engine.compute.backends import product_rates
from engine.compute.kernels.packed import PACKED
from engine.compute.place import take_kernel_folder
from engine.hardware import report
from engine.hardware.machine import Machine
from engine.hardware.rates_kept import Key, keep_rates, kept_rates, merged, with_kept_speeds
from engine.hardware.report import chosen_threads, most_threads, read_processor
from engine.measure import rating
from engine.measure import reporting as machine_job

KEY = Key("Some CPU", "avx2", "1")
RATES = Rates(
    threads=4,
    path="avx2",
    bandwidth=((1, 10e9), (4, 30e9)),
    types=(TypeRate("Q4_K", 50e9, 300e9), TypeRate("Q8_0", 30e9, 310e9)),
    others=0.02,
)


def driven(job):
    events = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return end.value, events


@pytest.fixture
def small(monkeypatch):
    """One type, and matrices that are quick to fill."""
    monkeypatch.setattr(rating, "TYPES", ("Q4_0",))
    monkeypatch.setattr(product_rates, "LEAST_BYTES", 8 << 20)
    monkeypatch.setattr(product_rates, "MOST_BYTES", 8 << 20)
    monkeypatch.setattr(product_rates, "ROUNDS_S", 0.02)
    take_kernel_folder()


def test_every_type_that_runs_has_its_turn_the_usual_ones_first():
    wanted = product_rates.measurable(list(rating.TYPES))
    assert sorted(wanted) == sorted(kind.name for kind in PACKED)
    assert wanted[: len(rating.OFTEN)] == list(rating.OFTEN)


def test_this_machine_is_measured(small):
    here = report.make_report()
    rates, events = driven(rating.rating(here, Rates(), 1))
    assert rates.threads in rating.thread_counts(1, most_threads())
    assert dict(rates.bandwidth).keys() == set(rating.thread_counts(1, most_threads()))
    assert all(speed > 1e7 for _, speed in rates.bandwidth)
    (of_type,) = rates.types
    assert of_type.type == "Q4_0"
    assert of_type.decode > 1e7
    assert of_type.prefill > 1e7
    assert rates.attention > 1e6
    assert rates.path == rating.path_name()
    assert 0 <= rates.others <= 1
    assert {e.stage for e in events if isinstance(e, Progress)} >= {"bandwidth", "threads", "rates"}


def test_a_measurement_that_is_stopped_leaves_no_threads(small):
    before = threading.active_count()
    job = rating.rating(report.make_report(), Rates(), 1)
    next(job)
    for _ in range(40):
        next(job)
    with pytest.raises(CancelledError):
        job.throw(CancelledError("stopped"))
    assert threading.active_count() == before


def test_no_further_type_is_begun_when_the_time_is_over(small):
    rates, _ = driven(rating.rating(report.make_report(), Rates(), 1, seconds=0.0))
    assert rates.types == ()
    assert rates.bandwidth


def test_the_report_keeps_what_it_measures(small, tmp_path, monkeypatch):
    paths = replace(Paths.under(tmp_path), cache=Paths.default().cache)
    monkeypatch.setattr(machine_job.disks, "SCRATCH", machine_job.disks.PIECE)
    monkeypatch.setattr(machine_job.disks.measuring, "__defaults__", (machine_job.disks.PIECE,))
    measured, events = driven(machine_job.reporting(True, paths))
    assert measured.rates.types
    assert measured.bandwidth > 0
    assert [disk.used_for for disk in measured.disks] == ["models", "data"]
    assert all(disk.read_rate > 0 or disk.problem for disk in measured.disks)
    reports = [e for e in events if isinstance(e, HardwareReport)]
    assert len(reports) == 2  # one before the measurement, which takes its time
    later, _ = driven(machine_job.reporting(False, paths))
    assert later.rates == measured.rates
    assert later.best_threads == measured.rates.threads
    paths.rates_file.write_text("{", encoding="utf-8")
    assert driven(machine_job.reporting(False, paths))[0].rates.types == ()


@pytest.mark.parametrize(
    ("speeds", "usual", "best"),
    [
        ({1: 10.0, 2: 20.0, 4: 38.0, 8: 40.0}, 8, 8),
        ({1: 10.0, 2: 20.0, 4: 38.0, 8: 37.0}, 8, 8),  # hardly faster: a prompt would lose more
        ({4: 50.0, 8: 49.5, 16: 20.0}, 16, 4),
        ({4: 40.0, 8: 50.0, 16: 20.0}, 16, 8),
        ({4: 40.0, 8: 50.0}, 4, 8),
        ({4: 49.0, 8: 50.0}, 4, 4),
        ({}, 4, 4),
    ],
)
def test_the_best_number_of_threads(speeds, usual, best):
    assert rating.best_count(speeds.items(), usual) == best


def test_numbers_of_threads():
    assert rating.thread_counts(6, 12) == (1, 2, 4, 6, 8, 12)
    assert rating.thread_counts(1, 1) == (1,)


def test_matrices_spare_small_machines():
    size = product_rates.matrix_bytes
    assert size(8 << 20, 8 << 30) == 128 << 20
    assert size(32 << 20, 8 << 30) == 256 << 20
    assert size(512 << 20, 64 << 30) == 512 << 20
    assert size(16 << 20, 256 << 20) == 32 << 20
    assert size(16 << 20, 0) == product_rates.FILLED


def test_what_was_measured_is_kept(tmp_path):
    file = tmp_path / "data/rates.json"
    assert kept_rates(file, KEY) == Rates()
    assert keep_rates(file, KEY, RATES)
    assert kept_rates(file, KEY) == kept_rates(file, replace(KEY, path="")) == RATES
    assert [f.name for f in file.parent.iterdir()] == ["rates.json"]


@pytest.mark.parametrize("other", [{"processor": "B"}, {"version": "2"}, {"path": "avx512"}])
def test_rates_of_another_processor_or_version_are_none(tmp_path, other):
    keep_rates(tmp_path / "r", KEY, RATES)
    assert kept_rates(tmp_path / "r", replace(KEY, **other)) == Rates()


def test_a_damaged_file_is_measured_again(tmp_path):
    file = tmp_path / "rates.json"
    keep_rates(file, KEY, RATES)
    whole = file.read_bytes()
    for at in range(0, len(whole), 7):
        for broken in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
            file.write_bytes(broken)
            found = kept_rates(file, KEY)
            assert found in (Rates(), RATES) or found.path == RATES.path


@pytest.mark.parametrize(
    "lie",
    [
        {"threads": 0},
        {"threads": True},
        {"threads": 10**9},
        {"bandwidth": [[1, math.inf]]},
        {"bandwidth": [[1]]},
        {"bandwidth": 3},
        {"types": [{"type": "Q4_K", "decode": -1, "prefill": 0}]},
        {"types": [{"type": "\x1b[2J", "decode": 1, "prefill": 0}]},
        {"types": {"a": 1}},
        {"attention": "fast"},
        {"path": None},
    ],
)
def test_lies_of_the_file(tmp_path, lie):
    told = {"form": 1, "processor": KEY.processor, "version": KEY.version}
    (tmp_path / "r").write_text(json.dumps({**told, "rates": {**asdict(RATES), **lie}}))
    assert kept_rates(tmp_path / "r", KEY) == Rates()


def test_where_nothing_can_be_kept(tmp_path):
    (tmp_path / "file").write_text("")
    assert not keep_rates(tmp_path / "file/rates.json", KEY, RATES)


def test_types_that_had_no_turn_stay():
    new = replace(RATES, types=(TypeRate("Q4_K", 49e9, 301e9),))
    assert [rate.decode for rate in merged(RATES, new).types] == [49e9, 30e9]
    assert merged(RATES, replace(new, threads=2)).types == new.types


def test_a_busy_machine_takes_nothing_back():
    slower = replace(
        RATES,
        bandwidth=((1, 5e9), (4, 31e9)),
        types=(TypeRate("Q4_K", 9e9, 301e9),),
        attention=1e9,
        others=0.6,
    )
    found = merged(RATES, slower)
    assert found.bandwidth == ((1, 10e9), (4, 31e9))
    assert found.types == (TypeRate("Q4_K", 50e9, 301e9), TypeRate("Q8_0", 30e9, 310e9))
    assert (found.attention, found.others) == (1e9, 0.6)


def test_threads_that_were_fastest_are_used(tmp_path, monkeypatch):
    file, here = tmp_path / "rates.json", Key.of(read_processor(Machine()).name)
    monkeypatch.setattr(report, "most_threads", lambda machine=None: 16)
    keep_rates(file, here, replace(RATES, threads=7))
    assert chosen_threads(0, file) == 7
    assert chosen_threads(1, file) == 1  # what was asked for
    monkeypatch.setattr(report, "most_threads", lambda machine=None: 4)
    assert chosen_threads(0, file) == report.default_threads()  # so many may no more be used
    assert chosen_threads(0, tmp_path / "none") == report.default_threads()
    with pytest.raises(UsageError):
        chosen_threads(-1, file)


def test_the_front_door_measures_in_its_lanes(small, tmp_path, monkeypatch):
    monkeypatch.setattr(machine_job.disks.measuring, "__defaults__", (machine_job.disks.PIECE,))
    paths = replace(Paths.under(tmp_path), cache=Paths.default().cache)
    lanes = []

    def listener(event):
        lanes.append((threading.current_thread().name, getattr(event, "stage", "")))

    with Engine(paths) as engine:
        ticket = engine.hardware(listener, measure=True)
        found = ticket.wait(WAIT)
    assert found.rates.types
    with Engine(paths) as engine:  # and it is still known after a new start
        again = engine.hardware().wait(WAIT)
    assert [d.read_rate for d in again.disks] == [d.read_rate for d in found.disks]
    assert any(d.read_rate for d in again.disks)
    assert ("chaski-disk", "disk") in lanes
    assert ("chaski-compute", "bandwidth") in lanes


def test_the_command_line_measures(small, tmp_path, monkeypatch, capsys):
    own = replace(Paths.under(tmp_path), cache=Paths.default().cache)
    monkeypatch.setattr(Paths, "default", classmethod(lambda cls: own))
    monkeypatch.setattr(machine_job.disks.measuring, "__defaults__", (machine_job.disks.PIECE,))
    assert main(["hardware", "--measure", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["rates"]["types"][0]["type"] == "Q4_0"
    assert set(told["rates"]["roof_share"]) == {"Q4_0"}
    assert [disk["used_for"] for disk in told["disks"]] == ["models", "data"]
    assert main(["hardware"]) == 0
    assert "Q4_0" in capsys.readouterr().out  # it was kept


def test_speeds_of_disks_are_kept(tmp_path):
    file = tmp_path / "rates.json"
    here = Disk("/m", "models", DiskKind.NVME, "ext4", 10**12, 10**11)
    slow = Disk("/d", "data", DiskKind.SPINNING, "xfs", 10**12, 10**11)
    measured = replace(here, read_rate=3e9, write_rate=1e9)
    assert with_kept_speeds(file, (here, slow)) == (here, slow)
    keep_rates(file, KEY, RATES, (measured, slow))
    fuller = replace(here, free=10**9)
    assert with_kept_speeds(file, (fuller, slow)) == (replace(measured, free=10**9), slow)
    other = replace(here, total=2 * 10**12)
    assert with_kept_speeds(file, (other,)) == (other,), "another disk is there now"
    assert kept_rates(file, KEY) == RATES


@pytest.mark.parametrize(
    "lie", [3, [3], [["/m", 10**12, -1, 0]], [["/m"]], [["/m", "x", 1, 1]], [[[], 1e999, 1, 1]]]
)
def test_lies_of_disks(tmp_path, lie):
    file, here = tmp_path / "r", Disk("/m", "models", DiskKind.NVME, "ext4", 10**12, 10**11)
    file.write_text(json.dumps({"form": 1, "disks": lie}))
    assert with_kept_speeds(file, (here,)) == (here,)
