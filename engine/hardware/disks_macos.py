"""What a folder lies on, as macOS tells it: diskutil's answer as a property list."""

import os
import plistlib
from pathlib import Path

from engine.base.devices import DiskKind
from engine.base.words import shown
from engine.hardware.machine import Machine


def kind_of(machine: Machine, folder: Path) -> tuple[DiskKind, str]:
    """Kind and file system of the volume that the folder is on."""
    return parse_diskutil(machine.run(("diskutil", "info", "-plist", str(volume_of(folder)))))


def volume_of(folder: Path) -> Path:
    """The mount point: diskutil takes no other folders."""
    for place in (folder, *folder.parents):
        if os.path.ismount(place):
            return place
    return Path("/")


def parse_diskutil(text: str) -> tuple[DiskKind, str]:
    try:
        told = plistlib.loads(text.encode())
    except Exception:  # plistlib raises whatever comes to its mind at a broken one
        return DiskKind.UNKNOWN, ""
    if not isinstance(told, dict):
        return DiskKind.UNKNOWN, ""
    file_system = told.get("FilesystemType")
    name = shown(file_system, 40) if isinstance(file_system, str) else ""
    bus, solid = told.get("BusProtocol"), told.get("SolidState")
    if bus == "USB" or told.get("RemovableMedia") is True:
        return DiskKind.REMOVABLE, name
    if bus in ("PCI-Express", "Apple Fabric"):
        return DiskKind.NVME, name
    if isinstance(solid, bool):
        return (DiskKind.SSD if solid else DiskKind.SPINNING), name
    return DiskKind.UNKNOWN, name
