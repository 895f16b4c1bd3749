"""Graphics processors from recorded answers of drivers, files and commands; drivers that lie."""

import json
import struct
import sys
from pathlib import Path

import pytest
from helpers.patience import WAIT

from engine.base.devices import Graphics
from engine.hardware import drivers_child, graphics, graphics_linux
from engine.hardware.machine import Machine, run_command

GIB = 1 << 30
# As nvidia-ml-py tells them on a board with one H100 (driver 570).
H100 = {
    "driver": "570.86.15",
    "devices": [
        {"name": "NVIDIA H100 80GB HBM3", "memory": 85520809984, "place": "00000000:18:00.0"}
    ],
}
NVRM = (
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024\n"
    "GCC version:  gcc version 12.2.0\n"
)
OPEN_NVRM = (
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build  (x@y)\n"
)
# The first windows of an Arc A770 with all of its memory on the bus.
ARC = (
    "0x0000000050000000 0x0000000050ffffff 0x0000000000140204\n"
    "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
    "0x0000006000000000 0x00000063ffffffff 0x000000000014220c\n"
)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a busy program Python itself takes long to start."""
    monkeypatch.setattr("engine.hardware.machine.COMMAND_SECONDS", WAIT)


def write(root: Path, place: str, text: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def machine(root: Path, answer: str = "", system: str = "Linux") -> Machine:
    return Machine(system, "x86_64", root, lambda words: answer, None)


def card(root: Path, vendor: str, model: str, driver: str) -> str:
    place = "sys/class/drm/card0/device"
    write(root, f"{place}/vendor", vendor)
    write(root, f"{place}/device", model)
    write(root, f"{place}/uevent", f"DRIVER={driver}\nPCI_CLASS=30000\n")
    return place


def test_amd_with_its_memory_and_driver(tmp_path: Path) -> None:
    place = card(tmp_path, "0x1002", "0x744c", "amdgpu")
    write(tmp_path, f"{place}/product_name", "AMD Radeon RX 7900 XTX")
    write(tmp_path, f"{place}/mem_info_vram_total", "25753026560\n")
    write(tmp_path, f"{place}/mem_info_gtt_total", "33554432000\n")
    write(tmp_path, "sys/module/amdgpu/version", "6.8.5\n")
    assert graphics.read_graphics(machine(tmp_path)) == (
        Graphics("AMD Radeon RX 7900 XTX", 25753026560, 33554432000, False, "amdgpu 6.8.5"),
    )


@pytest.mark.parametrize(("driver", "place"), [("xe", "xe"), ("i915", "i915"), ("i915", "window")])
def test_intel_cards(tmp_path: Path, driver: str, place: str) -> None:
    folder = card(tmp_path, "0x8086", "0x56a0", driver)
    if place == "xe":
        write(tmp_path, f"{folder}/tile0/physical_vram_size_bytes", str(16 * GIB))
    elif place == "i915":
        write(tmp_path, "sys/class/drm/card0/lmem_total_bytes", str(16 * GIB))
    else:
        write(tmp_path, f"{folder}/resource", ARC)
    (found,) = graphics.read_graphics(machine(tmp_path))
    assert (found.memory, found.driver) == (16 * GIB, driver)


def test_graphics_within_a_processor_have_no_memory_of_their_own(tmp_path: Path) -> None:
    folder = card(tmp_path, "0x8086", "0x46a6", "i915")
    small = ARC.replace("0x00000063ffffffff", "0x000000600fffffff")  # 256 MiB, the usual aperture
    write(tmp_path, f"{folder}/resource", small)
    (found,) = graphics.read_graphics(machine(tmp_path))
    assert found == Graphics("Intel graphics (8086:46a6)", driver="i915")


@pytest.mark.parametrize(("told", "driver"), [(NVRM, "550.54.14"), (OPEN_NVRM, "570.86.15")])
def test_nvidia_by_its_files_alone(tmp_path: Path, told: str, driver: str) -> None:
    write(tmp_path, "proc/driver/nvidia/version", told)
    write(tmp_path, "proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t RTX 4090\n")
    assert graphics.read_graphics(machine(tmp_path)) == (
        Graphics("RTX 4090", driver=f"NVIDIA {driver}"),
    )


def test_nvidia_by_its_library_counts_once(tmp_path: Path) -> None:
    write(tmp_path, "proc/driver/nvidia/version", OPEN_NVRM)
    write(tmp_path, "proc/driver/nvidia/gpus/0000:18:00.0/information", "Model: \t NVIDIA H100\n")
    assert graphics.read_graphics(machine(tmp_path, json.dumps(H100))) == (
        Graphics("NVIDIA H100 80GB HBM3", 85520809984, driver="NVIDIA 570.86.15"),
    )


def test_the_driver_is_not_asked_where_there_is_none(tmp_path: Path) -> None:
    def run(words: object) -> str:
        raise AssertionError(words)

    assert graphics.read_graphics(Machine("Linux", "x86_64", tmp_path, run, None)) == ()


@pytest.mark.parametrize(
    "lie",
    [
        "",
        "[",
        "[1, 2]",
        '{"devices": 3}',
        '{"devices": [null, [], {"name": 7}]}',
        "[" * 100_000,
        '{"devices": [{"name": "\\u001b[2J", "memory": -5, "place": {}}]}',
        '{"devices": [{"name": "GPU", "memory": 1e400}]}',
        '{"devices": [{"name": "GPU", "memory": 99999999999999999999999}]}',
        '{"devices": [{"name": true, "memory": true}], "driver": []}',
        '{"SPDisplaysDataType": [{"sppci_model": "A", "spdisplays_vram": "\\u00b2 GB"}]}',
        '{"SPDisplaysDataType": [{"sppci_model": "A", "spdisplays_vram": "'
        + "9" * 5000
        + ' GB"}]}',
    ],
)
def test_lies_of_a_driver(tmp_path: Path, lie: str) -> None:
    write(tmp_path, "proc/driver/nvidia/version", NVRM)
    for found in graphics.read_graphics(machine(tmp_path, lie)):
        assert found.name.isprintable()
        assert 0 <= found.memory <= graphics.MOST_MEMORY
    for found in (*graphics.parse_dxgi(lie), *graphics.parse_system_profiler(lie)):
        assert found.name.isprintable()


@pytest.mark.parametrize("lie", ["-1", "9" * 5000, "²", "--5", "lots"])
def test_lies_of_files(tmp_path: Path, lie: str) -> None:
    place = card(tmp_path, "0x1002", "0x744c", "amdgpu")
    write(tmp_path, f"{place}/mem_info_vram_total", lie)
    write(tmp_path, f"{place}/resource", f"{lie} {lie} {lie}\n" * 3)
    (found,) = graphics.read_graphics(machine(tmp_path))
    assert found.memory == 0
    assert graphics_linux.window_bytes(f"\n\n{lie} {lie}", 2) == 0


def description(name: str, memory: int, shared: int, flags: int = 0) -> str:
    """DXGI_ADAPTER_DESC1 in hexadecimal."""
    text = name.encode("utf-16-le").ljust(256, b"\0")
    numbers = struct.pack("<IIIIQQQqI4x", 0x10DE, 0x2684, 0, 0xA1, memory, 0, shared, 0, flags)
    record = text + numbers
    assert len(record) == drivers_child.DXGI_DESCRIPTION
    return record.hex()


def test_windows_by_dxgi() -> None:
    told = json.dumps(
        [
            description("NVIDIA GeForce RTX 4070 Ti", 12 * GIB, 16 * GIB),
            description("Microsoft Basic Render Driver", 0, 16 * GIB, 2),
            "zz",
            description("cut", 1, 1)[:80],
        ]
    )
    assert graphics.parse_dxgi(told) == [
        Graphics(
            "NVIDIA GeForce RTX 4070 Ti", 12 * GIB, 16 * GIB
        )  # not 28: what is shared is apart
    ]


def test_macs() -> None:
    told = {
        "SPDisplaysDataType": [
            {
                "sppci_model": "Apple M2 Pro",
                "sppci_cores": "19",
                "spdisplays_mtlgpufamilysupport": "spdisplays_metal3",
            },
            {"sppci_model": "AMD Radeon Pro 5500M", "spdisplays_vram": "8 GB"},
            {"sppci_model": "Intel UHD Graphics 630", "spdisplays_vram_shared": "1536 MB"},
        ]
    }
    assert graphics.parse_system_profiler(json.dumps(told)) == [
        Graphics("Apple M2 Pro", unified=True, driver="Metal 3"),
        Graphics("AMD Radeon Pro 5500M", 8 * GIB),
        Graphics("Intel UHD Graphics 630", shared=1536 << 20),
    ]


def test_the_process_that_asks_drivers_says_nothing_without_one() -> None:
    assert graphics.ask_driver(Machine(), "no such driver") == ""
    if not Path("/dev/nvidiactl").exists():
        assert graphics.ask_driver(Machine(), "nvml") == ""


def test_a_program_that_hangs_is_left_behind() -> None:
    late = f"import time; time.sleep({WAIT}); print('late')"
    assert run_command((sys.executable, "-c", late)) == ""


def test_a_program_that_talks_without_end_is_left_behind() -> None:
    endless = "while True: print('x' * 100_000)"
    assert run_command((sys.executable, "-c", endless)) == ""


def test_what_a_program_prints(patient: None) -> None:
    assert run_command((sys.executable, "-c", "print('yes')")).strip() == "yes"
    assert run_command((sys.executable, "-c", "print('yes'); raise SystemExit(1)")) == ""


FAKE_LIBRARY = """
import os, time
class NVMLError(Exception):
    pass
class Memory:
    total = 25757220864
class Place:
    busId = b"00000000:01:00.0"
def nvmlInit():
    {start}
def nvmlDeviceGetCount():
    return 2
def nvmlDeviceGetHandleByIndex(i):
    return i
def nvmlDeviceGetName(handle):
    return b"NVIDIA GeForce RTX 4090" if handle == 0 else "Orin (nvgpu)"
def nvmlDeviceGetMemoryInfo(handle):
    if handle:
        raise NVMLError("Not Supported")
    return Memory()
def nvmlDeviceGetPciInfo(handle):
    return Place()
def nvmlSystemGetDriverVersion():
    return "550.54.14"
"""


def asked(root: Path, start: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Graphics, ...]:
    """With a library of NVIDIA's that does this when it is started."""
    write(root, "pynvml.py", FAKE_LIBRARY.format(start=start))
    write(root, "proc/driver/nvidia/version", NVRM)
    monkeypatch.syspath_prepend(str(root))
    return graphics.read_graphics(Machine("Linux", "x86_64", root, run_command, None))


def test_two_devices_by_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patient: None
) -> None:
    assert asked(tmp_path, "pass", monkeypatch) == (
        Graphics("NVIDIA GeForce RTX 4090", 25757220864, driver="NVIDIA 550.54.14"),
        Graphics("NVIDIA Orin (nvgpu)", unified=True, driver="NVIDIA 550.54.14"),
    )


@pytest.mark.parametrize(
    "start",
    [f"time.sleep({WAIT})", "os.abort()", "raise NVMLError('no')", "print('x' * 9_000_000)"],
)
def test_a_driver_that_hangs_or_ends_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    assert asked(tmp_path, start, monkeypatch) == ()


class Key:
    """A key of the registry, as `winreg` gives it."""

    def __init__(self, values: dict[str, object] | None = None, keys: object = None) -> None:
        self.values, self.keys = values, keys if isinstance(keys, dict) else {}

    def __enter__(self) -> "Key":
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Registry:
    """What this room asks of `winreg`, answered from records of a real machine."""

    HKEY_LOCAL_MACHINE = "HKLM"

    def __init__(self, adapters: dict[str, Key | None]) -> None:
        self.root = Key({}, adapters)

    def OpenKey(self, parent: object, name: str) -> Key:
        found = self.root if parent == "HKLM" else parent.keys[name]  # type: ignore[attr-defined]
        if found is None:
            raise PermissionError(13, "Access is denied")  # "Properties"
        return found

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:
        return len(key.keys), 0, 0

    def EnumKey(self, key: Key, number: int) -> str:
        return list(key.keys)[number]

    def QueryValueEx(self, key: Key, name: str) -> tuple[object, int]:
        if key.values is None or name not in key.values:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return key.values[name], 1


RTX = {
    "DriverDesc": "NVIDIA GeForce RTX 4070 Ti",
    "DriverVersion": "32.0.15.6590",
    "HardwareInformation.qwMemorySize": 12 * GIB,
}
BASIC = {"DriverDesc": "Microsoft Basic Display Adapter", "DriverVersion": "10.0.1"}


@pytest.mark.parametrize("answers", [True, False])
def test_windows_with_its_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    adapters = {"0000": Key(RTX), "0001": Key(BASIC), "0002": Key({}), "Properties": None}
    monkeypatch.setitem(sys.modules, "winreg", Registry(adapters))
    monkeypatch.setattr(graphics.sys, "platform", "win32")
    told = json.dumps([description("NVIDIA GeForce RTX 4070 Ti", 12 * GIB, 16 * GIB)])
    here = machine(tmp_path, told if answers else "", "Windows")
    name, driver = RTX["DriverDesc"], RTX["DriverVersion"]
    shared = 16 * GIB if answers else 0
    assert graphics.read_graphics(here) == (
        Graphics(str(name), 12 * GIB, shared, False, str(driver)),
    )


def test_a_registry_that_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = {"DriverDesc": "\x1b[2J" * 200, "DriverVersion": 7}
    odd |= {"HardwareInformation.qwMemorySize": b"\x01\x02"}
    adapters = {f"{i:04}": Key(odd | {"DriverDesc": f"GPU {i}"}) for i in range(5000)}
    monkeypatch.setitem(sys.modules, "winreg", Registry({"0000": Key(odd), **adapters}))
    monkeypatch.setattr(graphics.sys, "platform", "win32")
    found = graphics.read_graphics(machine(tmp_path, "", "Windows"))
    assert 0 < len(found) <= graphics.MOST
    assert all(card.name.isprintable() and card.memory == 0 for card in found)
