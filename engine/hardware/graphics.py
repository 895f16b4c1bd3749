"""Names of the graphics processors, where the system tells them without being slow."""

import json
import re
import sys
from pathlib import Path

from engine.hardware.machine import Machine

_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel", "0x106b": "Apple"}
_PCI_NAMES = ("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids")
_DISPLAY_CLASS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"


def read_gpus(machine: Machine) -> tuple[str, ...]:
    """One name per device; empty where there is none or the system keeps quiet."""
    readers = {"Linux": _linux, "Darwin": _macos, "Windows": _windows}
    names = readers[machine.system](machine) if machine.system in readers else []
    return tuple(name for name in names if name)


def _linux(machine: Machine) -> list[str]:
    folders = machine.found("/sys/class/drm", "card[0-9]*")
    devices = [folder / "device" for folder in folders if "-" not in folder.name]
    named = {device.resolve().name: _linux_name(machine, device) for device in devices}
    # NVIDIA's own driver knows the exact name, and is there without any display driver, too.
    for file in machine.found("/proc/driver/nvidia/gpus", "*/information"):
        found = re.search(r"^Model:\s*(.+)$", machine.text(file), re.MULTILINE)
        if found:
            named[file.parent.name] = found[1].strip()
    return list(named.values())


def _linux_name(machine: Machine, device: Path) -> str:
    vendor, model = machine.text(device / "vendor"), machine.text(device / "device")
    if vendor not in _VENDORS:
        return ""  # virtual machines' and servers' displays compute nothing
    own = machine.text(device / "product_name")
    name = own or _pci_name(machine, vendor[2:], model[2:]) or _lspci_name(machine, device)
    if not name:
        return f"{_VENDORS[vendor]} graphics ({vendor[2:]}:{model[2:]})"
    return name if name.startswith(_VENDORS[vendor]) else f"{_VENDORS[vendor]} {name}"


def _pci_name(machine: Machine, vendor: str, model: str) -> str:
    for place in _PCI_NAMES:
        text = machine.text(place)
        start = re.search(rf"^{re.escape(vendor)}\s", text, re.MULTILINE)
        if start is None or not model:
            continue
        for line in text[start.end() :].splitlines()[1:]:
            if line and not line.startswith(("\t", "#")):
                break  # the next vendor
            if line.startswith(f"\t{model}"):
                return _in_brackets(line.split(None, 1)[1])
    return ""


def _lspci_name(machine: Machine, device: Path) -> str:
    words = re.findall(r'"([^"]*)"', machine.run(("lspci", "-mm", "-s", device.resolve().name)))
    return _in_brackets(words[2]) if len(words) > 2 else ""


def _in_brackets(name: str) -> str:
    """Lists of devices put the selling name in brackets: "Phoenix1 [Radeon 780M]"."""
    found = re.search(r"\[([^\]]+)\]\s*$", name)
    return found[1] if found else name.strip()


def _macos(machine: Machine) -> list[str]:
    text = machine.run(("system_profiler", "SPDisplaysDataType", "-json", "-detailLevel", "mini"))
    try:
        entries = json.loads(text)["SPDisplaysDataType"]
        return [str(entry.get("sppci_model", "")) for entry in entries]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _windows(machine: Machine) -> list[str]:
    if sys.platform != "win32":
        return []
    import winreg

    names: list[str] = []
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _DISPLAY_CLASS) as devices:
        for number in range(winreg.QueryInfoKey(devices)[0]):
            try:
                with winreg.OpenKey(devices, winreg.EnumKey(devices, number)) as device:
                    names.append(str(winreg.QueryValueEx(device, "DriverDesc")[0]))
            except OSError:
                continue  # "Properties" may only be read by the system
    real = [name for name in names if "Basic" not in name and "Remote" not in name]
    return list(dict.fromkeys(real))
