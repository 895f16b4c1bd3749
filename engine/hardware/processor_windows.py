"""The processor as Windows tells it: the registry, one call for cores and caches, feature numbers.

The record that the call fills is parsed here from plain bytes, so that any system can test it.
"""

import struct
import sys

from engine.hardware.machine import Machine
from engine.hardware.processor import Core, Processor, tidy_name

_RELATION_CORE = 0
_RELATION_CACHE = 2
_RELATION_ALL = 0xFFFF
_INSTRUCTION_CACHE = 1

# Numbers of IsProcessorFeaturePresent -> the words that Linux uses for the same.
_FEATURE_NUMBERS = {
    19: "asimd",
    38: "sse4_2",
    39: "avx",
    40: "avx2",
    41: "avx512f",
    43: "asimddp",
    46: "sve",
    47: "sve2",
    66: "i8mm",
    67: "asimdhp",
    68: "bf16",
}


def read_processor(machine: Machine) -> Processor:
    """What Windows tells by itself; `report` adds flags that the caller has from the processor."""
    cores, cache = parse_processor_information(_processor_information())
    return Processor(
        name=tidy_name(_registry_name()) or "Unknown processor",
        cores=cores or (Core(frozenset({0})),),
        cache_bytes=cache,
        features=_features(),
    )


def parse_processor_information(data: bytes) -> tuple[tuple[Core, ...], int]:
    """Cores and bytes of last-level cache from SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX records."""
    cores: list[tuple[int, frozenset[int]]] = []
    caches: dict[int, int] = {}
    place = 0
    while place + 8 <= len(data):
        relation, size = struct.unpack_from("<II", data, place)
        if size < 8 or place + size > len(data):
            break
        record = data[place + 8 : place + size]
        if relation == _RELATION_CORE and len(record) >= 24:
            cores.append((record[1], _cpus(record)))
        elif relation == _RELATION_CACHE and len(record) >= 12:
            level, _, _, n_bytes, kind = struct.unpack_from("<BBHII", record)
            if kind != _INSTRUCTION_CACHE:
                caches[level] = caches.get(level, 0) + n_bytes
        place += size
    best = max((efficiency for efficiency, _ in cores), default=0)
    found = tuple(Core(cpus, 1.0 if efficiency == best else 0.5) for efficiency, cpus in cores)
    return found, caches[max(caches)] if caches else 0


def _cpus(record: bytes) -> frozenset[int]:
    """The processors of one core, from its masks; each group holds 64."""
    (n_groups,) = struct.unpack_from("<H", record, 22)
    cpus: set[int] = set()
    for i in range(n_groups):
        if 24 + 16 * (i + 1) > len(record):
            break
        mask, group = struct.unpack_from("<QH", record, 24 + 16 * i)
        cpus.update(64 * group + bit for bit in range(64) if mask >> bit & 1)
    return frozenset(cpus)


def _processor_information() -> bytes:
    if sys.platform != "win32":
        return b""
    import ctypes

    ask = ctypes.windll.kernel32.GetLogicalProcessorInformationEx
    size = ctypes.c_ulong(0)
    ask(_RELATION_ALL, None, ctypes.byref(size))
    buffer = ctypes.create_string_buffer(size.value)
    return buffer.raw if ask(_RELATION_ALL, buffer, ctypes.byref(size)) else b""


def _registry_name() -> str:
    if sys.platform != "win32":
        return ""
    import winreg

    place = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
    except OSError:
        return ""


def _features() -> frozenset[str]:
    if sys.platform != "win32":
        return frozenset()
    import ctypes

    present = ctypes.windll.kernel32.IsProcessorFeaturePresent
    return frozenset(word for number, word in _FEATURE_NUMBERS.items() if present(number))
