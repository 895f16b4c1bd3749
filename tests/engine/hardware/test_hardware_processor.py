"""Processors of several machines, each a small tree of the files that its Linux shows."""

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.hardware import processor_macos
from engine.hardware.features import simd_features
from engine.hardware.limits import cpu_quota, read_memory
from engine.hardware.machine import Machine, parse_cpu_list, run_command
from engine.hardware.processor import Core, best_threads, tidy_name
from engine.hardware.processor_linux import read_processor
from engine.hardware.processor_windows import parse_processor_information


def write(root: Path, place: str, text: str) -> None:
    path = root / place.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def machine(
    root: Path, architecture: str = "x86_64", allowed: Sequence[int] | None = None
) -> Machine:
    return Machine(
        "Linux",
        architecture,
        root,
        lambda words: "",
        None if allowed is None else frozenset(allowed),
    )


def write_cpus(root: Path, cores: Sequence[Sequence[int]], block: str) -> None:
    """/proc/cpuinfo and the topology; `block` may use {cpu}."""
    cpus = sorted(cpu for core in cores for cpu in core)
    write(root, "/proc/cpuinfo", "\n\n".join(block.format(cpu=cpu) for cpu in cpus))
    write(root, "/sys/devices/system/cpu/online", f"0-{cpus[-1]}")
    for core in cores:
        for cpu in core:
            place = f"/sys/devices/system/cpu/cpu{cpu}/topology/core_cpus_list"
            write(root, place, ",".join(map(str, core)))


def write_cache(root: Path, cpu: int, index: int, level: int, size: str, shared: str) -> None:
    place = f"/sys/devices/system/cpu/cpu{cpu}/cache/index{index}"
    for name, text in (
        ("level", str(level)),
        ("size", size),
        ("shared_cpu_list", shared),
        ("type", "Unified" if level > 1 else "Data"),
    ):
        write(root, f"{place}/{name}", text)


@pytest.fixture
def hybrid(tmp_path: Path) -> Path:
    """Core i7-1260P: 4 fast cores with two threads each, 8 slow ones."""
    pairs = [(2 * i, 2 * i + 1) for i in range(4)]
    block = (
        "processor\t: {cpu}\nvendor_id\t: GenuineIntel\n"
        "model name\t: 12th Gen Intel(R) Core(TM) i7-1260P\n"
        "flags\t\t: fpu sse4_2 avx avx2 fma f16c avx_vnni"
    )
    write_cpus(tmp_path, [*pairs, *[(i,) for i in range(8, 16)]], block)
    write(tmp_path, "/sys/devices/cpu_core/cpus", "0-7")
    write(tmp_path, "/sys/devices/cpu_atom/cpus", "8-15")
    for cpu in range(16):
        write_cache(tmp_path, cpu, 3, 3, "18432K", "0-15")
    return tmp_path


@pytest.fixture
def ryzen(tmp_path: Path) -> Path:
    """Ryzen 7 7840U: 8 equal cores with two threads each."""
    block = (
        "processor\t: {cpu}\nmodel name\t: AMD Ryzen 7 7840U w/ Radeon 780M Graphics\n"
        "flags\t\t: sse4_2 avx2 fma f16c avx512f avx512bw avx512vl avx512_vnni avx512_bf16"
    )
    write_cpus(tmp_path, [(i, i + 8) for i in range(8)], block)
    for cpu in range(16):
        write_cache(tmp_path, cpu, 0, 1, "32K", str(cpu % 8))
        write_cache(tmp_path, cpu, 3, 3, "16M", "0-15")
    return tmp_path


@pytest.fixture
def raspberry(tmp_path: Path) -> Path:
    block = (
        "processor\t: {cpu}\nFeatures\t: fp asimd fphp asimdhp asimddp\n"
        "CPU implementer\t: 0x41\nCPU part\t: 0xd0b"
    )
    write_cpus(tmp_path, [(i,) for i in range(4)], block)
    write(tmp_path, "/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    return tmp_path


def test_intel_hybrid(hybrid: Path) -> None:
    cpu = read_processor(machine(hybrid))
    assert cpu.name == "Intel Core i7-1260P"
    assert (cpu.physical_cores, cpu.logical_cores) == (12, 16)
    assert cpu.cache_bytes == 18 << 20
    assert best_threads(cpu.cores, None, None) == 4
    assert best_threads(cpu.cores, frozenset({0, 1, 8, 9}), None) == 1  # one fast core left
    assert best_threads(cpu.cores, frozenset({8, 9, 10}), None) == 3  # only slow ones: all of them


def test_amd(ryzen: Path) -> None:
    cpu = read_processor(machine(ryzen))
    assert cpu.name == "AMD Ryzen 7 7840U"
    assert (cpu.physical_cores, cpu.logical_cores) == (8, 16)
    assert cpu.cache_bytes == 16 << 20
    assert best_threads(cpu.cores, frozenset(range(16)), None) == 8
    assert best_threads(cpu.cores, frozenset({0, 8}), None) == 1
    used = frozenset({"avx2", "fma", "avx512vnni", "amx-int8"})
    features = {f.name: (f.present, f.used) for f in simd_features("x86_64", cpu.features, used)}
    assert features["SSE4.2"] == (True, False)
    assert features["AVX2"] == features["AVX-512 VNNI"] == (True, True)
    assert features["AVX-512"] == (True, False)
    assert features["AMX"] == (False, False)  # claimed, but not there


def test_arm_board(raspberry: Path) -> None:
    cpu = read_processor(machine(raspberry, "aarch64"))
    assert cpu.name == "Arm Cortex-A76 (Raspberry Pi 5 Model B Rev 1.0)"
    assert best_threads(cpu.cores, None, None) == 4
    found = {f.name for f in simd_features("aarch64", cpu.features, ()) if f.present}
    assert found == {"NEON", "FP16", "DotProd"}


def test_arm_big_and_little(raspberry: Path) -> None:
    for cpu, capacity in enumerate((1024, 870, 300, 300)):
        write(raspberry, f"/sys/devices/system/cpu/cpu{cpu}/cpu_capacity", str(capacity))
    cpu_found = read_processor(machine(raspberry, "aarch64"))
    assert best_threads(cpu_found.cores, None, None) == 2


def test_features_must_be_on_every_processor(tmp_path: Path) -> None:
    write(tmp_path, "/proc/cpuinfo", "processor: 0\nflags: avx2 fma\n\nprocessor: 1\nflags: avx2")
    cpu = read_processor(machine(tmp_path))
    assert cpu.features == {"avx2"}
    assert cpu.physical_cores == 2  # without /sys each processor counts as a core


def test_offline_processors_do_not_count(ryzen: Path) -> None:
    write(ryzen, "/sys/devices/system/cpu/online", "0-3,8-11")
    assert read_processor(machine(ryzen)).physical_cores == 4


def test_nothing_readable_is_no_error(tmp_path: Path) -> None:
    cpu = read_processor(machine(tmp_path))
    assert (cpu.name, cpu.physical_cores) == ("Unknown processor", 1)


@pytest.mark.parametrize("garbage", ["-", "9-", "x", "5-1", "1-99999999999", ",,", "\x00"])
def test_cpu_list_survives_garbage(garbage: str) -> None:
    assert len(parse_cpu_list(garbage)) <= 70000
    assert parse_cpu_list("0-2,5") == {0, 1, 2, 5}


def test_quota_of_groups(ryzen: Path) -> None:
    write(ryzen, "/proc/self/cgroup", "0::/user/app")
    write(ryzen, "/sys/fs/cgroup/user/cpu.max", "350000 100000")
    write(ryzen, "/sys/fs/cgroup/user/app/cpu.max", "max 100000")
    found = machine(ryzen)
    assert cpu_quota(found) == 3.5
    assert best_threads(read_processor(found).cores, None, cpu_quota(found)) == 4


def test_quota_of_old_groups(tmp_path: Path) -> None:
    write(tmp_path, "/proc/self/cgroup", "4:cpu,cpuacct:/box\n3:memory:/box")
    write(tmp_path, "/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "50000")
    write(tmp_path, "/sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000")
    write(tmp_path, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1")
    assert cpu_quota(machine(tmp_path)) == 0.5
    assert best_threads((Core(frozenset({0})),) * 4, None, 0.5) == 1


def test_memory_of_groups(tmp_path: Path) -> None:
    write(tmp_path, "/proc/self/cgroup", "0::/app")
    write(tmp_path, "/sys/fs/cgroup/app/memory.max", "4000")
    write(tmp_path, "/sys/fs/cgroup/app/memory.current", "3000")
    write(tmp_path, "/sys/fs/cgroup/app/memory.stat", "anon 1000\ninactive_file 1500\nfile 1700")
    memory = read_memory(machine(tmp_path), 10000, 8000)
    assert (memory.total, memory.available) == (4000, 2500)


def test_memory_without_limits(tmp_path: Path) -> None:
    write(tmp_path, "/proc/self/cgroup", "0::/")
    write(tmp_path, "/sys/fs/cgroup/memory.max", "max")
    memory = read_memory(machine(tmp_path), 10000, 8000)
    assert (memory.total, memory.available) == (10000, 8000)


def test_apple(tmp_path: Path) -> None:
    lines = {
        "machdep.cpu.brand_string": "machdep.cpu.brand_string: Apple M2",
        "hw.physicalcpu": "hw.physicalcpu: 8",
        "hw.logicalcpu": "hw.logicalcpu: 8",
        "hw.nperflevels": "hw.nperflevels: 2",
        "hw.perflevel0.physicalcpu": "hw.perflevel0.physicalcpu: 4",
        "hw.perflevel0.l2cachesize": "hw.perflevel0.l2cachesize: 16777216",
        "hw.optional": "hw.optional.AdvSIMD: 1\nhw.optional.arm.FEAT_DotProd: 1\n"
        "hw.optional.arm.FEAT_SME: 0",
    }
    apple = Machine("Darwin", "arm64", tmp_path, lambda words: lines.get(words[-1], ""), None)
    cpu = processor_macos.read_processor(apple)
    assert (cpu.name, cpu.physical_cores, cpu.cache_bytes) == ("Apple M2", 8, 16 << 20)
    assert best_threads(cpu.cores, None, None) == 4
    found = {f.name for f in simd_features("arm64", cpu.features, ()) if f.present}
    assert found == {"NEON", "DotProd"}


def windows_core(efficiency: int, mask: int) -> bytes:
    body = struct.pack("<BB20xHQHHI", 1, efficiency, 1, mask, 0, 0, 0)
    return struct.pack("<II", 0, 8 + len(body)) + body


def windows_cache(level: int, size: int, kind: int) -> bytes:
    body = struct.pack("<BBHII32x", level, 8, 64, size, kind)
    return struct.pack("<II", 2, 8 + len(body)) + body


def test_windows_record() -> None:
    data = windows_core(1, 0b11) + windows_core(1, 0b1100) + windows_core(0, 0b10000)
    data += windows_cache(1, 32768, 1) + windows_cache(2, 1 << 20, 0) + windows_cache(3, 8 << 20, 0)
    cores, cache = parse_processor_information(data)
    assert [core.cpus for core in cores] == [{0, 1}, {2, 3}, {4}]
    assert best_threads(cores, None, None) == 2
    assert cache == 8 << 20


@pytest.mark.parametrize("cut", range(0, 90, 7))
def test_windows_record_cut_short(cut: int) -> None:
    data = (windows_core(1, 0b11) + windows_cache(3, 1 << 20, 0))[:cut]
    parse_processor_information(data)
    parse_processor_information(b"\x00" * cut)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", "Intel Xeon E5-2680 v4"),
        ("AMD Ryzen 9 5950X 16-Core Processor", "AMD Ryzen 9 5950X"),
        ("AMD Ryzen 5 5600G with Radeon Graphics", "AMD Ryzen 5 5600G"),
        ("Intel(R) Core(TM) Ultra 7 155H", "Intel Core Ultra 7 155H"),
        ("Apple M3 Max", "Apple M3 Max"),
    ],
)
def test_names_as_people_say_them(told: str, said: str) -> None:
    assert tidy_name(told) == said


def test_missing_command_is_an_empty_text() -> None:
    assert run_command(("there-is-no-such-program-here",)) == ""
