"""What a folder lies on, as Windows tells it: the kind of drive, and two questions to its driver.

The answers are parsed here from plain bytes, so that any system can test it.
"""

import mmap
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

from engine.base.devices import DiskKind
from engine.hardware.machine import Machine

_KINDS = {2: DiskKind.REMOVABLE, 4: DiskKind.NETWORK, 6: DiskKind.MEMORY}  # GetDriveType
_QUERY = 0x2D1400  # IOCTL_STORAGE_QUERY_PROPERTY, which needs no rights to read or write
_ADAPTER, _SEEK_PENALTY = 1, 7  # properties
_USB, _NVME = 7, 17  # buses
_READ, _SHARE_ALL, _NO_BUFFERING = 0x80000000, 7, 0x20000000


def kind_of(_machine: Machine, folder: Path) -> tuple[DiskKind, str]:
    """Kind and file system of the drive that the folder is on."""
    root = PureWindowsPath(folder).anchor
    kind, file_system = _drive(root)
    if kind in _KINDS or root.startswith("\\\\"):
        return _KINDS.get(kind, DiskKind.NETWORK), file_system
    return kind_by(_ask(root, _ADAPTER), _ask(root, _SEEK_PENALTY)), file_system


def kind_by(adapter: bytes, seek_penalty: bytes) -> DiskKind:
    """From STORAGE_ADAPTER_DESCRIPTOR and DEVICE_SEEK_PENALTY_DESCRIPTOR, each maybe empty."""
    bus = adapter[24] if len(adapter) > 24 else 0
    if bus == _NVME:
        return DiskKind.NVME
    if bus == _USB:
        return DiskKind.REMOVABLE
    if len(seek_penalty) >= 9 and struct.unpack_from("<I", seek_penalty, 4)[0] >= 9:
        return DiskKind.SPINNING if seek_penalty[8] else DiskKind.SSD
    return DiskKind.UNKNOWN


def _drive(root: str) -> tuple[int, str]:
    """GetDriveType's number, and the name of the file system."""
    if sys.platform != "win32" or not root:
        return 0, ""
    import ctypes

    kind = int(ctypes.windll.kernel32.GetDriveTypeW(root))
    if kind == 4:  # a server that is gone would be waited for
        return kind, ""
    name = ctypes.create_unicode_buffer(64)
    ask = ctypes.windll.kernel32.GetVolumeInformationW
    return kind, name.value if ask(root, None, 0, None, None, None, name, 64) else ""


def _ask(root: str, what: int) -> bytes:
    """The driver's answer to a question about a drive ("C:\\"); b"" where it has none."""
    if sys.platform != "win32" or len(root) < 2:
        return b""
    import ctypes
    from ctypes import wintypes

    kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel32.CreateFileW.restype = wintypes.HANDLE
    handle = kernel32.CreateFileW(f"\\\\.\\{root[:2]}", 0, 3, None, 3, 0, None)
    if handle in (None, wintypes.HANDLE(-1).value):
        return b""
    query = struct.pack("<III", what, 0, 0)
    answer, size = ctypes.create_string_buffer(64), wintypes.DWORD()
    there = wintypes.HANDLE(handle)
    try:
        told = kernel32.DeviceIoControl(
            there, _QUERY, query, len(query), answer, len(answer), ctypes.byref(size), None
        )
        return answer.raw[: size.value] if told else b""
    finally:
        kernel32.CloseHandle(there)


@contextmanager
def past_the_cache(name: str) -> Iterator[Callable[[mmap.mmap], int]]:
    """A second way into an open scratch file, without the system's cache; reads whole pieces into
    memory of its own. Where the system refuses, nothing is read."""
    if sys.platform != "win32":
        yield len
        return
    import ctypes
    from ctypes import wintypes

    kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel32.CreateFileW.restype = wintypes.HANDLE
    handle = kernel32.CreateFileW(name, _READ, _SHARE_ALL, None, 3, _NO_BUFFERING, None)
    there = wintypes.HANDLE(handle)

    def read(place: mmap.mmap) -> int:
        count = wintypes.DWORD()
        buffer = (ctypes.c_char * len(place)).from_buffer(place)
        done = kernel32.ReadFile(there, buffer, len(place), ctypes.byref(count), None)
        return int(count.value) if done else 0

    if handle in (None, wintypes.HANDLE(-1).value):
        yield lambda place: 0
        return
    try:
        yield read
    finally:
        kernel32.CloseHandle(there)
