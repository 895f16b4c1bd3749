"""The report as text and as JSON."""

import json
from dataclasses import replace

import pytest

from engine.base.devices import CacheLevel, Disk, DiskKind, Graphics
from engine.base.events import HardwareReport
from engine.base.rates import Rates, TypeRate
from engine.base.runs import Prediction
from engine.hardware import report_words as words

GIB = 1 << 30
REPORT = HardwareReport(
    cpu_name="AMD Ryzen 7 7840U",
    physical_cores=8,
    logical_cores=16,
    best_threads=8,
    cache_bytes=16 << 20,
    simd=(),
    ram_total=32 * 10**9,
    ram_available=21_400_000_000,
    disk_free=214 * 10**9,
    gpus=("Radeon 780M",),
    system="Linux",
    bandwidth=52.6e9,
    bandwidth_by_threads=((1, 18e9), (8, 52.6e9)),
    caches=(
        CacheLevel(1, "data", 32 << 10, 1, 8),
        CacheLevel(1, "instruction", 32 << 10, 1, 8),
        CacheLevel(2, "unified", 1 << 20, 1, 8),
        CacheLevel(3, "unified", 16 << 20, 8, 1),
    ),
    graphics=(Graphics("Radeon 780M", 4 * GIB, 12 * GIB, False, "amdgpu 6.8"),),
    disks=(
        Disk("/m", "models", DiskKind.NVME, "ext4", 10**12, 214 * 10**9, 3.1e9, 1.2e9),
        Disk("/d", "data", DiskKind.UNKNOWN, "", 10**12, 10**9, problem="it is read-only"),
    ),
    predictions=(
        Prediction("Qwen3 4B", "/q", "Q4_K_M", 2_500_000_000, 19.0, 30.0, 18.2, 3, 0.044),
        Prediction("Odd", "/o", "Q4_0", 1, problem="its family is not known"),
    ),
    rates=Rates(
        8, "avx512-vnni", ((1, 18e9), (8, 52.6e9)), (TypeRate("Q4_K", 85e9, 900e9),), others=0.4
    ),
)


def test_text() -> None:
    lines = words.report_text(REPORT).splitlines()
    assert "caches       L1 32 kB a core, L2 1 MB a core, L3 16 MB for 8 cores" in lines
    assert "models disk  NVMe, ext4, 214.0 GB free, reads 3.1 GB/s, writes 1.2 GB/s" in lines
    assert "data disk    1.0 GB free, it is read-only" in lines
    assert "graphics     Radeon 780M, 4.3 GB, amdgpu 6.8" in lines
    assert "bandwidth    52.6 GB/s (1 thread 18.0 GB/s, 8 threads 52.6 GB/s)" in lines
    assert "91 % of the roof" in next(line for line in lines if line.startswith("Q4_K"))
    assert "kernels      avx512-vnni, 8 threads" in lines
    assert any("other programs took 40 %" in line for line in lines)
    assert "Odd          its family is not known" in lines


def test_text_before_anything_was_measured() -> None:
    bare = replace(REPORT, rates=Rates(), bandwidth=0.0, bandwidth_by_threads=(), predictions=())
    text = words.report_text(replace(bare, caches=(), graphics=(), gpus=(), disks=()))
    assert "disk         214.0 GB free" in text
    assert "graphics     none found" in text
    assert "bandwidth" not in text
    assert "kernels" not in text


def test_json() -> None:
    told = json.loads(json.dumps(words.report_json(REPORT)))
    assert told["rates"]["roof_share"] == {"Q4_K": 0.909}
    assert told["disks"][0]["kind"] == "nvme"
    assert told["caches"][3] == {
        "level": 3,
        "kind": "unified",
        "size": 16 << 20,
        "cores": 8,
        "count": 1,
    }
    assert told["predictions"][0]["error"] == 0.044


@pytest.mark.parametrize(
    ("error", "said"),
    [(0.044, "predicted 4 % too high"), (-0.1, "predicted 10 % too low"), (0.001, "as predicted")],
)
def test_predictions_beside_real_replies(error: float, said: str) -> None:
    found = replace(REPORT.predictions[0], error=error)
    assert words.prediction_words(found) == f"about 19 tok/s; 18.2 tok/s in 3 replies, {said}"


def test_a_mac_shares_its_memory() -> None:
    card = Graphics("Apple M2", unified=True, driver="Metal 3")
    assert words.graphics_words(card) == "Apple M2, the machine's memory, Metal 3"
    intel = Graphics("Intel UHD Graphics 630", shared=1536 * 10**6)
    said = "Intel UHD Graphics 630, up to 1.5 GB of the machine's memory"
    assert words.graphics_words(intel) == said


def test_names_of_wide_letters_stand_in_the_same_column() -> None:
    japanese = {"caches": "キャッシュ", "bandwidth": "帯域幅"}
    lines = words.report_text(REPORT, lambda told: japanese.get(told, told)).splitlines()
    assert any(line.startswith("キャッシュ   L1 32 kB") for line in lines)
    assert any(line.startswith("帯域幅       52.6 GB/s") for line in lines)
