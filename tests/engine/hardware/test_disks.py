"""What folders lie on, from recorded answers of each system; how fast, on a real scratch file."""

import os
import plistlib
import signal
import struct
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from engine.base.devices import Disk, DiskKind
from engine.hardware import disks, disks_linux, disks_macos, disks_windows
from engine.hardware.machine import Machine

# A laptop: an encrypted root on NVMe, a disk on a plug, a folder of a server, one in memory.
MOUNTS = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw
40 27 8:17 / /media/my\040disk rw,nosuid - ext4 /dev/sdb1 rw
41 27 0:45 / /home/ana/server rw - nfs4 10.0.0.2:/export rw
42 27 0:23 / /dev/shm rw - tmpfs tmpfs rw
43 27 0:50 / /data rw - btrfs /dev/sda2 rw
44 27 252:1 / /vm rw - xfs /dev/vda1 rw
"""


def linux(root: Path, mounts: str = MOUNTS) -> Machine:
    proc = root / "proc/self"
    proc.mkdir(parents=True, exist_ok=True)
    (proc / "mountinfo").write_text(mounts)
    return Machine("Linux", "x86_64", root, lambda words: "", None)


def block(root: Path, place: str, number: str, turns: int, partition: str = "") -> Path:
    """A disk in /sys/devices, with links to it or its partition from the two lists."""
    disk = root / "sys/devices" / place
    (disk / "queue").mkdir(parents=True)
    (disk / "queue/rotational").write_text(f"{turns}\n")
    target = disk / partition if partition else disk
    target.mkdir(exist_ok=True)
    for folder, name in (("sys/dev/block", number), ("sys/class/block", target.name)):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / name).symlink_to(target)
    return disk


@pytest.fixture
def laptop(tmp_path: Path) -> Machine:
    nvme = block(tmp_path, "pci0/nvme/nvme0n1", "259:2", 0, "nvme0n1p2")
    mapped = block(tmp_path, "virtual/block/dm-0", "253:0", 0)
    (mapped / "slaves").mkdir()
    (mapped / "slaves/nvme0n1p2").symlink_to(nvme / "nvme0n1p2")
    block(tmp_path, "pci0/usb2/2-1/sdb", "8:17", 1, "sdb1")
    block(tmp_path, "pci0/ata1/sda", "8:2", 1, "sda2")
    block(tmp_path, "pci0/virtio1/vda", "252:1", 1, "vda1")
    return linux(tmp_path)


@pytest.mark.parametrize(
    ("folder", "kind", "file_system"),
    [
        ("/home/ana/models", DiskKind.NVME, "ext4"),
        ("/media/my disk/models", DiskKind.REMOVABLE, "ext4"),
        ("/home/ana/server", DiskKind.NETWORK, "nfs4"),
        ("/home/ana/server2", DiskKind.NVME, "ext4"),
        ("/dev/shm/x", DiskKind.MEMORY, "tmpfs"),
        ("/data/models", DiskKind.SPINNING, "btrfs"),
        ("/vm", DiskKind.UNKNOWN, "xfs"),  # it says that it turns, as all of these do
    ],
)
def test_kinds_on_linux(laptop: Machine, folder: str, kind: DiskKind, file_system: str) -> None:
    assert disks_linux.kind_of(laptop, Path(folder)) == (kind, file_system)


@pytest.mark.parametrize("text", ["", "x", " - ", "1 2 3 4 / - ext4", "\x00\n- - -\n", "1 2 " * 99])
def test_lies_of_the_list_of_mounts(tmp_path: Path, text: str) -> None:
    assert disks_linux.kind_of(linux(tmp_path, text), Path("/x"))[0] is DiskKind.UNKNOWN


def test_a_disk_that_is_made_of_itself(tmp_path: Path) -> None:
    disk = block(tmp_path, "virtual/block/dm-0", "253:0", 0)
    (disk / "slaves").mkdir()
    (disk / "slaves/dm-0").symlink_to(disk)
    assert disks_linux.kind_of(linux(tmp_path), Path("/x"))[0] is DiskKind.SSD


def diskutil(**values: object) -> str:
    return plistlib.dumps({"FilesystemType": "apfs", **values}).decode()


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (diskutil(BusProtocol="Apple Fabric", SolidState=True), DiskKind.NVME),
        (diskutil(BusProtocol="SATA", SolidState=False), DiskKind.SPINNING),
        (diskutil(BusProtocol="SATA", SolidState=True), DiskKind.SSD),
        (diskutil(BusProtocol="USB", SolidState=True), DiskKind.REMOVABLE),
        (diskutil(), DiskKind.UNKNOWN),
        ("<plist", DiskKind.UNKNOWN),
        ("", DiskKind.UNKNOWN),
        (plistlib.dumps([1]).decode(), DiskKind.UNKNOWN),
    ],
)
def test_kinds_on_macos(told: str, kind: DiskKind) -> None:
    assert disks_macos.parse_diskutil(told)[0] is kind


def adapter(bus: int) -> bytes:
    return struct.pack("<IIIII4BB7x", 32, 32, 1 << 20, 0, 0, 0, 0, 1, 0, bus)


def seek(turns: int) -> bytes:
    return struct.pack("<IIB3x", 12, 12, turns)


@pytest.mark.parametrize(
    ("bus", "penalty", "kind"),
    [
        (adapter(17), seek(0), DiskKind.NVME),
        (adapter(11), seek(0), DiskKind.SSD),
        (adapter(11), seek(1), DiskKind.SPINNING),
        (adapter(7), b"", DiskKind.REMOVABLE),
        (b"", seek(1), DiskKind.SPINNING),
        (b"", b"", DiskKind.UNKNOWN),
        (b"\x11" * 3, b"\x01" * 7, DiskKind.UNKNOWN),
    ],
)
def test_kinds_on_windows(bus: bytes, penalty: bytes, kind: DiskKind) -> None:
    assert disks_windows.kind_by(bus, penalty) is kind


def measured(disk: Disk, size: int = 2 * disks.PIECE) -> tuple[Disk, list[float]]:
    steps, shares = disks.measuring(disk, size), []
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            return end.value, shares


def test_speed_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    disk = disks.read_disk(Machine(), tmp_path / "not/yet", "models")
    found, shares = measured(disk)
    assert found.read_rate > 1e6
    assert found.write_rate > 1e5
    assert shares == sorted(shares)
    assert list(tmp_path.iterdir()) == []


def test_a_measurement_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    steps = disks.measuring(disks.read_disk(Machine(), tmp_path, "data"), 4 * disks.PIECE)
    next(steps)
    steps.close()
    assert list(tmp_path.iterdir()) == []


def test_a_measurement_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from engine.hardware import disks, machine;"
        "d = disks.read_disk(machine.Machine(), Path(sys.argv[1]), 'models');"
        "s = disks.measuring(d); next(s); next(s); print('there', flush=True); time.sleep(60)"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"there"
        child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        child.wait(30)
    until = time.monotonic() + 5
    while any(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.01)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room(tmp_path: Path) -> None:
    disk = replace(disks.read_disk(Machine(), tmp_path, "data"), free=disks.SPARE)
    assert measured(disk)[0].problem == "there is too little room on it to measure its speed"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be written")
def test_a_folder_that_takes_no_files(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    found = measured(disks.read_disk(Machine(), tmp_path, "data"))[0]
    tmp_path.chmod(0o700)
    assert "could not be measured" in found.problem


def test_a_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    disk = disks.read_disk(Machine(), tmp_path / "file/below", "data")
    assert disk.total > 0
    assert measured(disk)[0].problem == ""
