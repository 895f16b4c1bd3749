"""What a folder lies on, as Linux tells it: /proc/self/mountinfo and /sys/dev/block."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from engine.base.devices import DiskKind
from engine.base.words import shown
from engine.hardware.machine import Machine

_NETWORK = ("nfs", "cifs", "smb", "9p", "virtiofs", "ceph", "glusterfs", "fuse.sshfs", "afs")
_MEMORY = ("tmpfs", "ramfs")
_VIRTUAL = ("loop", "vd", "xvd", "ram", "zram")  # these say that they turn, whatever is below
_DEPTH = 8  # of disks made of disks


def kind_of(machine: Machine, folder: Path) -> tuple[DiskKind, str]:
    """Kind and file system; a volume of several disks is as its slowest kind."""
    device, file_system, source = mount_of(machine.text("/proc/self/mountinfo"), _real(folder))
    if file_system.startswith(_NETWORK):
        return DiskKind.NETWORK, file_system
    if file_system in _MEMORY:
        return DiskKind.MEMORY, file_system
    place = machine.path(f"/sys/dev/block/{device}")
    if device.startswith("0:") and source.startswith("/dev/"):  # btrfs has numbers of its own
        place = machine.path(f"/sys/class/block/{Path(source).name}")
    kinds = [_kind(machine, disk) for disk in _disks(place)]
    for kind in (DiskKind.SPINNING, DiskKind.REMOVABLE, DiskKind.SSD, DiskKind.NVME):
        if kind in kinds:
            return kind, file_system
    return DiskKind.UNKNOWN, file_system


def mount_of(mountinfo: str, folder: str) -> tuple[str, str, str]:
    """Device ("254:0"), file system and source of what is mounted where the folder is."""
    best, found = -1, ("", "", "")
    for line in mountinfo.splitlines():
        first, _, second = line.partition(" - ")
        words, rest = first.split(), second.split()
        if len(words) < 5 or len(rest) < 2:
            continue
        point = _unescaped(words[4])
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:  # the later one hides the earlier
            best = len(point)
            found = shown(words[2], 40), shown(rest[0], 40), _unescaped(rest[1])
    return found


def _unescaped(text: str) -> str:
    """Spaces and their like are written as three octal digits."""
    return re.sub(r"\\([0-3][0-7]{2})", lambda digits: chr(int(digits[1], 8)), text)


def _real(folder: Path) -> str:
    with suppress(OSError, RuntimeError):
        return os.path.realpath(folder)
    return str(folder)


def _disks(place: Path, depth: int = 0) -> Iterator[Path]:
    """The disks below a partition, a mapped volume or an array."""
    with suppress(OSError, RuntimeError):
        device = place.resolve()
        slaves = sorted(device.glob("slaves/*"))
        if slaves and depth < _DEPTH:
            for slave in slaves:
                yield from _disks(slave, depth + 1)
        elif (device / "queue").is_dir():
            yield device
        elif (device.parent / "queue").is_dir():
            yield device.parent


def _kind(machine: Machine, disk: Path) -> DiskKind:
    if disk.name.startswith("nvme"):
        return DiskKind.NVME
    if re.search(r"/usb\d", disk.as_posix()) or disk.name.startswith("mmcblk"):
        return DiskKind.REMOVABLE
    turns = machine.number(disk / "queue" / "rotational")
    if turns is None or disk.name.startswith(_VIRTUAL):
        return DiskKind.UNKNOWN
    return DiskKind.SPINNING if turns else DiskKind.SSD
