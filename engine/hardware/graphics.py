"""Graphics processors with their memory and driver, where the system tells them in time.

Drivers are asked by a process of their own (`drivers_child.py`); what it says, and what files and
commands say, is parsed here from plain text, so that any system can test it.
"""

import json
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.base.devices import Graphics
from engine.base.environment import ASK_DRIVER
from engine.base.words import shown
from engine.hardware import graphics_linux
from engine.hardware.machine import Machine, is_count

BOOT = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from engine.hardware import drivers_child as c; c.main(sys.argv[1:2])"
)
MOST = 64  # devices; and bytes that one may have:
MOST_MEMORY = 1 << 44
_DISPLAY_CLASS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"
_SOFTWARE = 2  # a flag of DXGI's: no device
_UNITS = {"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


def read_graphics(machine: Machine) -> tuple[Graphics, ...]:
    """One record per device; empty where there is none or the system keeps quiet."""
    readers = {"Linux": _linux, "Darwin": _macos, "Windows": _windows}
    found = readers[machine.system](machine) if machine.system in readers else []
    return tuple(card for card in found[:MOST] if card.name)


def ask_driver(machine: Machine, name: str) -> str:
    """What `drivers_child` prints; "" where the driver is missing, broken or hangs."""
    if getattr(sys, "frozen", False):
        return machine.run((sys.executable, ASK_DRIVER, name))
    places = [str(Path(__file__).parents[2]), *(place for place in sys.path if place)]
    return machine.run((sys.executable, "-I", "-S", "-c", BOOT, name, *places))


def parse_nvml(text: str) -> dict[str, Graphics]:
    """By PCI place ("0000:01:00.0"), or by number where it is not told."""
    told = _json(text)
    if not isinstance(told, dict) or not isinstance(told.get("devices"), list):
        return {}
    driver, found = _word(told.get("driver")), {}
    for i, device in enumerate(told["devices"][:MOST]):
        if isinstance(device, dict):
            memory = _bytes(device.get("memory"))
            place = _word(device.get("place")).lower().removeprefix("0000") or str(i)
            name = _with_vendor(_word(device.get("name")), "NVIDIA")
            found[place] = Graphics(name, memory, 0, memory == 0, f"NVIDIA {driver}".strip())
    return found


def parse_dxgi(text: str) -> list[Graphics]:
    """Windows' list of adapters, from DXGI_ADAPTER_DESC1 records; those of software left out."""
    told, found = _json(text), []
    for record in told[:MOST] if isinstance(told, list) else ():
        try:
            data = bytes.fromhex(record)
            memory, _, shared = struct.unpack_from("<QQQ", data, 272)
            (flags,) = struct.unpack_from("<I", data, 304)
        except (TypeError, ValueError, struct.error):
            continue
        name = shown(data[:256].decode("utf-16-le", "replace").partition("\0")[0].strip())
        if not flags & _SOFTWARE and "Basic Render" not in name:
            found.append(Graphics(name, _bytes(memory), _bytes(shared)))
    return list(dict.fromkeys(found))


def parse_system_profiler(text: str) -> list[Graphics]:
    """macOS: SPDisplaysDataType as JSON. Apple's own processors have no memory of their own."""
    told = _json(text)
    entries = told.get("SPDisplaysDataType") if isinstance(told, dict) else None
    found = []
    for entry in entries[:MOST] if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            continue
        name = _word(entry.get("sppci_model"))
        memory = _size(_word(entry.get("spdisplays_vram")))
        shared = _size(_word(entry.get("spdisplays_vram_shared")))
        metal = _word(entry.get("spdisplays_mtlgpufamilysupport"))
        driver = metal.removeprefix("spdisplays_metal")
        words = f"Metal {driver}" if driver != metal and driver else ""
        found.append(Graphics(name, memory, shared, name.startswith("Apple"), words))
    return found


def _linux(machine: Machine) -> list[Graphics]:
    found = graphics_linux.read(machine)
    signs = (("/proc/driver/nvidia", "version"), ("/dev", "nvidiactl"), ("/dev", "dxg"))
    if any(machine.found(*sign) for sign in signs):
        # NVIDIA's own library knows more, and is there without any display driver, too.
        found |= parse_nvml(ask_driver(machine, "nvml"))
    return list(found.values())


def _macos(machine: Machine) -> list[Graphics]:
    command = ("system_profiler", "SPDisplaysDataType", "-json", "-detailLevel", "mini")
    return parse_system_profiler(machine.run(command))


def _windows(machine: Machine) -> list[Graphics]:
    named = _registry()
    found = parse_dxgi(ask_driver(machine, "dxgi"))
    if not found:
        return [
            Graphics(name, memory, 0, False, driver) for name, (driver, memory) in named.items()
        ]
    return [
        Graphics(card.name, card.memory, card.shared, False, named.get(card.name, ("", 0))[0])
        for card in found
    ]


def _registry() -> dict[str, tuple[str, int]]:
    """Name -> the driver's version and bytes of memory, as they were when it was set up."""
    found: dict[str, tuple[str, int]] = {}
    if sys.platform == "win32":
        import winreg

        with (
            suppress(OSError),
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _DISPLAY_CLASS) as devices,
        ):
            for number in range(min(winreg.QueryInfoKey(devices)[0], 2 * MOST)):
                try:
                    with winreg.OpenKey(devices, winreg.EnumKey(devices, number)) as device:
                        name = shown(str(winreg.QueryValueEx(device, "DriverDesc")[0]))
                        driver = shown(str(winreg.QueryValueEx(device, "DriverVersion")[0]))
                        found[name] = driver, _registry_memory(device)
                except OSError:
                    continue  # "Properties" may only be read by the system
    return {n: told for n, told in found.items() if "Basic" not in n and "Remote" not in n}


def _registry_memory(device: Any) -> int:
    if sys.platform == "win32":
        import winreg

        try:
            return _bytes(winreg.QueryValueEx(device, "HardwareInformation.qwMemorySize")[0])
        except OSError:
            pass
    return 0


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _word(value: object) -> str:
    return shown(value.strip(), 100) if isinstance(value, str) else ""


def _bytes(value: object) -> int:
    """A number of bytes that can be true; else 0."""
    return value if isinstance(value, int) and 0 < value <= MOST_MEMORY else 0


def _size(text: str) -> int:
    """ "1536 MB"; 0 where it is no size."""
    number, _, unit = text.partition(" ")
    if not is_count(number):
        return 0
    return _bytes(int(number) * _UNITS.get(unit.upper(), 0))


def _with_vendor(name: str, vendor: str) -> str:
    return name if name.startswith(vendor) or not name else f"{vendor} {name}"
