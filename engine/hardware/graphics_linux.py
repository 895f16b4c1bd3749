"""Graphics processors as Linux shows them: /sys/class/drm, and NVIDIA's folder in /proc."""

import re
from pathlib import Path

from engine.base.devices import Graphics
from engine.base.words import shown
from engine.hardware.machine import Machine

_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel", "0x106b": "Apple"}
_PCI_NAMES = ("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids")
MOST_MEMORY = 1 << 44  # bytes; beyond it the driver tells nonsense
# Intel's cards show all of their memory through this window of the bus; processors with graphics in
# them show one of 256 MB or less, which is no memory.
_WINDOW, _NO_MEMORY = 2, 256 << 20


def read(machine: Machine) -> dict[str, Graphics]:
    """By PCI place ("0000:01:00.0")."""
    folders = machine.found("/sys/class/drm", "card[0-9]*")
    devices = [folder / "device" for folder in folders if "-" not in folder.name]
    found = {device.resolve().name: _device(machine, device) for device in devices}
    # NVIDIA's own driver knows the exact name, and is there without any display driver, too.
    for file in machine.found("/proc/driver/nvidia/gpus", "*/information"):
        model = re.search(r"^Model:\s*(.+)$", machine.text(file), re.MULTILINE)
        if model:
            name = shown(model[1].strip(), 100)
            found[file.parent.name] = Graphics(name, driver=_nvidia_driver(machine))
    return {place: card for place, card in found.items() if card is not None}


def _device(machine: Machine, device: Path) -> Graphics | None:
    name = _name(machine, device)
    if not name:
        return None  # virtual machines' and servers' displays compute nothing
    driver = driver_of(machine.text(device / "uevent"))
    version = machine.text(f"/sys/module/{driver}/version") if driver.isidentifier() else ""
    return Graphics(
        name,
        _memory(machine, device, driver),
        _sound(machine.number(device / "mem_info_gtt_total")),
        driver=shown(f"{driver} {version}".strip(), 100),
    )


def driver_of(uevent: str) -> str:
    """The kernel module that drives a device."""
    found = re.search(r"^DRIVER=([\w-]{1,40})$", uevent, re.MULTILINE)
    return found[1] if found else ""


def _memory(machine: Machine, device: Path, driver: str) -> int:
    """amdgpu and xe tell it; i915 tells it on some kernels; else Intel's window shows it."""
    for place in (
        device / "mem_info_vram_total",
        device / "tile0" / "physical_vram_size_bytes",
        device.parent / "lmem_total_bytes",
    ):
        if size := _sound(machine.number(place)):
            return size
    if driver in ("i915", "xe"):
        size = window_bytes(machine.text(device / "resource"), _WINDOW)
        return size if size > _NO_MEMORY else 0
    return 0


def window_bytes(resource: str, number: int) -> int:
    """How large a PCI device's window of that number is: lines of first and last address, flags."""
    lines = resource.splitlines()
    words = lines[number].split() if number < len(lines) else []
    try:
        first, last = (int(word, 16) for word in words[:2])
    except ValueError:
        return 0
    return _sound(last - first + 1) if last > first else 0


def _nvidia_driver(machine: Machine) -> str:
    told = machine.text("/proc/driver/nvidia/version")
    found = re.search(r"Kernel Module[^\n]{0,40}?\s(\d+\.[\d.]{1,20})\s", told)
    return f"NVIDIA {found[1]}" if found else "NVIDIA"


def _name(machine: Machine, device: Path) -> str:
    vendor, model = machine.text(device / "vendor"), machine.text(device / "device")
    if vendor not in _VENDORS:
        return ""
    own = machine.text(device / "product_name")
    name = own or _pci_name(machine, vendor[2:], model[2:]) or _lspci_name(machine, device)
    name = shown(name, 100)
    if not name:
        return shown(f"{_VENDORS[vendor]} graphics ({vendor[2:]}:{model[2:]})", 100)
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


def _sound(size: int | None) -> int:
    return size if size is not None and 0 < size <= MOST_MEMORY else 0
