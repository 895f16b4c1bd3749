"""The report of this machine, names of graphics, memory measurement, and whether models fit."""

import subprocess
import sys
from pathlib import Path

from helpers import threads

from engine.base.events import HardwareReport
from engine.base.rates import Rates
from engine.hardware import graphics
from engine.hardware.machine import Machine
from engine.hardware.report import disk_free, make_report, with_rates

GB = 10**9
LAPTOP = HardwareReport(
    cpu_name="AMD Ryzen 7 7840U",
    physical_cores=8,
    logical_cores=16,
    best_threads=8,
    cache_bytes=16 << 20,
    simd=(),
    ram_total=32 * GB,
    ram_available=int(21.4 * GB),
    disk_free=214 * GB,
    gpus=(),
    system="Linux",
    bandwidth=52.6 * GB,
)


def test_report_of_this_machine() -> None:
    report = make_report(used=frozenset({"avx2", "neon"}))
    assert report.cpu_name
    assert 1 <= report.best_threads <= report.physical_cores <= report.logical_cores
    assert 0 < report.ram_available <= report.ram_total
    assert report.disk_free > 0
    assert report.system
    assert threads.alone() == report.best_threads


def test_a_report_with_rates() -> None:
    rates = Rates(6, "avx2", ((1, 10.0 * GB), (2, 20.0 * GB), (6, 42.0 * GB), (8, 40.0 * GB)))
    report = with_rates(LAPTOP, rates)
    assert report.bandwidth_by_threads == rates.bandwidth
    assert report.bandwidth == 42.0 * GB
    assert report.best_threads == 6
    assert with_rates(LAPTOP, Rates()).best_threads == 8


def drm(root: Path, number: int, vendor: str, model: str) -> None:
    folder = root / f"sys/class/drm/card{number}/device"
    folder.mkdir(parents=True)
    (folder / "vendor").write_text(vendor)
    (folder / "device").write_text(model)


def linux(root: Path) -> Machine:
    return Machine("Linux", "x86_64", root, lambda words: "", None)


def names_of_cards(machine: Machine) -> tuple[str, ...]:
    return tuple(card.name for card in graphics.read_graphics(machine))


def test_graphics_by_list_of_devices(tmp_path: Path) -> None:
    drm(tmp_path, 0, "0x1002", "0x15bf")
    (tmp_path / "sys/class/drm/card0-HDMI-A-1").mkdir()
    ids = tmp_path / "usr/share/misc/pci.ids"
    ids.parent.mkdir(parents=True)
    ids.write_text("1001  Other\n\t15bf  Wrong\n1002  AMD/ATI\n\t15bf  Phoenix1 [Radeon 780M]\n")
    assert names_of_cards(linux(tmp_path)) == ("AMD Radeon 780M",)


def test_graphics_without_a_list(tmp_path: Path) -> None:
    drm(tmp_path, 0, "0x8086", "0x46a6")
    assert names_of_cards(linux(tmp_path)) == ("Intel graphics (8086:46a6)",)


def test_graphics_of_virtual_machines_do_not_count(tmp_path: Path) -> None:
    drm(tmp_path, 0, "0x1234", "0x1111")
    assert names_of_cards(linux(tmp_path)) == ()


def test_nvidia_without_a_display(tmp_path: Path) -> None:
    folder = tmp_path / "proc/driver/nvidia/gpus/0000:01:00.0"
    folder.mkdir(parents=True)
    (folder / "information").write_text("Model: \t\t NVIDIA GeForce RTX 4090\nIRQ: 1\n")
    assert names_of_cards(linux(tmp_path)) == ("NVIDIA GeForce RTX 4090",)


def test_graphics_of_a_mac(tmp_path: Path) -> None:
    told = '{"SPDisplaysDataType": [{"sppci_model": "Apple M2"}]}'
    assert names_of_cards(Machine("Darwin", "arm64", tmp_path, lambda w: told, None)) == (
        "Apple M2",
    )
    broken = Machine("Darwin", "arm64", tmp_path, lambda w: "[1]", None)
    assert names_of_cards(broken) == ()


def test_disk_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert disk_free(tmp_path / "not" / "yet") > 0


def test_report_needs_neither_numpy_nor_numba() -> None:
    code = (
        "import sys; from engine.hardware.report import make_report; make_report();"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'numba', 'llvmlite')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
