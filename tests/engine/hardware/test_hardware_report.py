"""The report of this machine, names of graphics, memory measurement, and whether models fit."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.base.events import HardwareReport
from engine.base.rates import Rates
from engine.hardware import graphics
from engine.hardware.fits import Verdict, fit, headline, typical_fits
from engine.hardware.machine import Machine
from engine.hardware.report import default_threads, disk_free, make_report, with_rates

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
    assert default_threads() == report.best_threads


def test_a_report_with_rates() -> None:
    rates = Rates(6, "avx2", ((1, 10.0 * GB), (2, 20.0 * GB), (6, 42.0 * GB), (8, 40.0 * GB)))
    report = with_rates(LAPTOP, rates)
    assert report.bandwidth_by_threads == rates.bandwidth
    assert report.bandwidth == 42.0 * GB
    assert report.best_threads == 6
    assert with_rates(LAPTOP, Rates()).best_threads == 8


@pytest.mark.parametrize(
    ("size", "verdict"), [(5, Verdict.WELL), (15, Verdict.SLOWLY), (25, Verdict.NOT)]
)
def test_fit(size: int, verdict: Verdict) -> None:
    found = fit(size * GB, GB // 2, GB // 4, LAPTOP)
    assert found.verdict is verdict
    if verdict is Verdict.NOT:
        assert found.tokens_per_second == 0
    else:
        assert found.tokens_per_second == pytest.approx(52.6 / size)


def test_fit_shows_its_arithmetic() -> None:
    text = fit(5 * GB, GB // 2, GB // 4, LAPTOP).text
    assert "5.0 GB weights + 500 MB context + 250 MB workspace = 5.8 GB" in text
    assert "52.6 GB/s" in text
    assert text.endswith("at most 11 tok/s")


def test_fit_of_experts_counts_what_one_token_reads() -> None:
    assert fit(18 * GB, 0, 0, LAPTOP, active_bytes=2 * GB).verdict is Verdict.WELL


def test_fit_says_what_would_help() -> None:
    assert "closing other programs" in fit(25 * GB, 0, 0, LAPTOP).text
    assert "this machine has 32.0 GB" in fit(60 * GB, 0, 0, LAPTOP).text


def test_fit_before_measuring_says_so() -> None:
    found = fit(4 * GB, 0, 0, replace(LAPTOP, bandwidth=0.0))
    assert found.tokens_per_second == 5
    assert "not measured yet" in found.text


def test_headline() -> None:
    first, second = headline(LAPTOP)
    assert first == "Models up to 8 billion parameters run well here"
    assert "8B at Q4_K_M: about 11 tok/s" in second
    assert len(typical_fits(LAPTOP)) == 7
    nothing, _ = headline(replace(LAPTOP, ram_available=GB // 2))
    assert nothing == "Free some memory to run a model here"


def drm(root: Path, number: int, vendor: str, model: str) -> None:
    folder = root / f"sys/class/drm/card{number}/device"
    folder.mkdir(parents=True)
    (folder / "vendor").write_text(vendor)
    (folder / "device").write_text(model)


def linux(root: Path) -> Machine:
    return Machine("Linux", "x86_64", root, lambda words: "", None)


def test_graphics_by_list_of_devices(tmp_path: Path) -> None:
    drm(tmp_path, 0, "0x1002", "0x15bf")
    (tmp_path / "sys/class/drm/card0-HDMI-A-1").mkdir()
    ids = tmp_path / "usr/share/misc/pci.ids"
    ids.parent.mkdir(parents=True)
    ids.write_text("1001  Other\n\t15bf  Wrong\n1002  AMD/ATI\n\t15bf  Phoenix1 [Radeon 780M]\n")
    assert graphics.read_gpus(linux(tmp_path)) == ("AMD Radeon 780M",)


def test_graphics_without_a_list(tmp_path: Path) -> None:
    drm(tmp_path, 0, "0x8086", "0x46a6")
    assert graphics.read_gpus(linux(tmp_path)) == ("Intel graphics (8086:46a6)",)


def test_graphics_of_virtual_machines_do_not_count(tmp_path: Path) -> None:
    drm(tmp_path, 0, "0x1234", "0x1111")
    assert graphics.read_gpus(linux(tmp_path)) == ()


def test_nvidia_without_a_display(tmp_path: Path) -> None:
    folder = tmp_path / "proc/driver/nvidia/gpus/0000:01:00.0"
    folder.mkdir(parents=True)
    (folder / "information").write_text("Model: \t\t NVIDIA GeForce RTX 4090\nIRQ: 1\n")
    assert graphics.read_gpus(linux(tmp_path)) == ("NVIDIA GeForce RTX 4090",)


def test_graphics_of_a_mac(tmp_path: Path) -> None:
    told = '{"SPDisplaysDataType": [{"sppci_model": "Apple M2"}]}'
    assert graphics.read_gpus(Machine("Darwin", "arm64", tmp_path, lambda w: told, None)) == (
        "Apple M2",
    )
    broken = Machine("Darwin", "arm64", tmp_path, lambda w: "[1]", None)
    assert graphics.read_gpus(broken) == ()


def test_disk_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert disk_free(tmp_path / "not" / "yet") > 0


def test_report_needs_neither_numpy_nor_numba() -> None:
    code = (
        "import sys; from engine.hardware.report import make_report; make_report();"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'numba', 'llvmlite')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
