"""The processor as Windows tells it: the registry, one call for cores and caches, feature numbers.

The record that the call fills is parsed here from plain bytes, so that any system can test it.
"""

import struct
import sys
from collections.abc import Iterator

from engine.base.catalogue import Words
from engine.hardware.caches import grouped
from engine.hardware.machine import Machine
from engine.hardware.processor import Core, Processor, tidy_name

_RELATION_CORE = 0
_RELATION_CACHE = 2
_RELATION_ALL = 0xFFFF
_INSTRUCTION_CACHE = 1
_CACHE_KINDS = {0: "unified", 1: "instruction", 2: "data"}

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
    data = _processor_information()
    cores, cache = parse_processor_information(data)
    return Processor(
        name=tidy_name(_registry_name()) or Words("Unknown processor"),
        cores=cores or (Core(frozenset({0})),),
        cache_bytes=cache,
        features=_features(),
        caches=grouped(parse_caches(data), cores),
    )


def parse_processor_information(data: bytes) -> tuple[tuple[Core, ...], int]:
    """Cores and bytes of last-level cache from SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX records."""
    cores: list[tuple[int, frozenset[int]]] = []
    caches: dict[int, int] = {}
    for relation, record in _records(data):
        if relation == _RELATION_CORE and len(record) >= 24:
            cores.append((record[1], _cpus(record, 22)))
        elif relation == _RELATION_CACHE and len(record) >= 12:
            level, _, _, n_bytes, kind = struct.unpack_from("<BBHII", record)
            if kind != _INSTRUCTION_CACHE:
                caches[level] = caches.get(level, 0) + n_bytes
    best = max((efficiency for efficiency, _ in cores), default=0)
    found = tuple(Core(cpus, 1.0 if efficiency == best else 0.5) for efficiency, cpus in cores)
    return found, caches[max(caches)] if caches else 0


def parse_caches(data: bytes) -> list[tuple[int, str, int, frozenset[int]]]:
    """Level, kind, bytes and sharing processors of each cache, from the same records."""
    found = []
    for relation, record in _records(data):
        if relation == _RELATION_CACHE and len(record) >= 32:
            level, _, _, n_bytes, kind = struct.unpack_from("<BBHII", record)
            if kind in _CACHE_KINDS:
                found.append((level, _CACHE_KINDS[kind], n_bytes, _cpus(record, 30)))
    return found


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record, up to the first that is cut short."""
    place = 0
    while place + 8 <= len(data):
        relation, size = struct.unpack_from("<II", data, place)
        if size < 8 or place + size > len(data):
            return
        yield relation, data[place + 8 : place + size]
        place += size


def _cpus(record: bytes, place: int) -> frozenset[int]:
    """Processors, from the masks behind their count at `place`; each group holds 64. A count of 0
    stands for one mask: earlier versions of Windows tell no count for caches."""
    (n_groups,) = struct.unpack_from("<H", record, place)
    start, cpus = place + 2, set[int]()
    for i in range(max(n_groups, 1)):
        if start + 16 * (i + 1) > len(record):
            break
        mask, group = struct.unpack_from("<QH", record, start + 16 * i)
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
