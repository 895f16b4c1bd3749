"""The processor as Linux tells it: /proc/cpuinfo and /sys/devices/system/cpu."""

from collections.abc import Iterator
from pathlib import Path

from engine.base.catalogue import Words
from engine.hardware.caches import KINDS, grouped, last_level_bytes
from engine.hardware.machine import Machine, is_count, parse_cpu_list
from engine.hardware.processor import Core, Processor, tidy_name

_CPUS = "/sys/devices/system/cpu"
_SIZES = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}

# Arm's kernel gives numbers only: (implementer, part) -> name.
_ARM_PARTS = {
    ("0x41", "0xd03"): "Arm Cortex-A53",
    ("0x41", "0xd05"): "Arm Cortex-A55",
    ("0x41", "0xd07"): "Arm Cortex-A57",
    ("0x41", "0xd08"): "Arm Cortex-A72",
    ("0x41", "0xd09"): "Arm Cortex-A73",
    ("0x41", "0xd0a"): "Arm Cortex-A75",
    ("0x41", "0xd0b"): "Arm Cortex-A76",
    ("0x41", "0xd0c"): "Arm Neoverse N1",
    ("0x41", "0xd0d"): "Arm Cortex-A77",
    ("0x41", "0xd40"): "Arm Neoverse V1",
    ("0x41", "0xd41"): "Arm Cortex-A78",
    ("0x41", "0xd44"): "Arm Cortex-X1",
    ("0x41", "0xd46"): "Arm Cortex-A510",
    ("0x41", "0xd47"): "Arm Cortex-A710",
    ("0x41", "0xd48"): "Arm Cortex-X2",
    ("0x41", "0xd49"): "Arm Neoverse N2",
    ("0x41", "0xd4f"): "Arm Neoverse V2",
    ("0x41", "0xd80"): "Arm Cortex-A520",
    ("0x41", "0xd81"): "Arm Cortex-A720",
    ("0x41", "0xd82"): "Arm Cortex-X4",
    ("0x51", "0x001"): "Qualcomm Oryon",
    ("0xc0", "0xac3"): "Ampere-1",
    ("0xc0", "0xac4"): "Ampere-1a",
}


def read_processor(machine: Machine) -> Processor:
    """Everything that the two places tell."""
    blocks = _blocks(machine.text("/proc/cpuinfo"))
    cores = _cores(machine, blocks)
    caches = grouped(_caches(machine), cores)
    return Processor(
        name=_name(machine, blocks),
        cores=cores,
        cache_bytes=last_level_bytes(caches),
        features=_features(blocks),
        caches=caches,
    )


def _blocks(text: str) -> list[dict[str, str]]:
    """One dictionary per processor; Arm kernels may add one at the end about the board."""
    blocks = []
    for part in text.split("\n\n"):
        pairs = (line.partition(":") for line in part.splitlines())
        block = {key.strip().lower(): value.strip() for key, colon, value in pairs if colon}
        if block:
            blocks.append(block)
    return blocks


def _name(machine: Machine, blocks: list[dict[str, str]]) -> str:
    for block in blocks:
        if name := block.get("model name", "") or block.get("uarch", ""):
            return tidy_name(name)
    parts = dict.fromkeys(
        _ARM_PARTS.get((block["cpu implementer"], block["cpu part"]), "")
        for block in blocks
        if "cpu implementer" in block and "cpu part" in block
    )
    names = " and ".join(name for name in parts if name)
    board = machine.text("/proc/device-tree/model")
    return f"{names} ({board})" if names and board else names or board or Words("Unknown processor")


def _features(blocks: list[dict[str, str]]) -> frozenset[str]:
    """Flags that every processor has: a job may run on any of them."""
    words = [block.get("flags") or block.get("features") for block in blocks]
    sets = [frozenset(text.split()) for text in words if text]
    return frozenset.intersection(*sets) if sets else frozenset()


def _cores(machine: Machine, blocks: list[dict[str, str]]) -> tuple[Core, ...]:
    online = parse_cpu_list(machine.text(f"{_CPUS}/online"))
    fast = parse_cpu_list(machine.text("/sys/devices/cpu_core/cpus"))  # Intel hybrids only
    cores: dict[frozenset[int], Core] = {}
    for folder in machine.found(_CPUS, "cpu[0-9]*"):
        number = int(folder.name.removeprefix("cpu"))
        if online and number not in online:
            continue
        siblings = _siblings(machine, folder, number)
        cores[siblings] = Core(siblings, _speed(machine, folder, number, fast))
    if cores:
        return tuple(cores.values())
    n = sum("processor" in block for block in blocks)  # /sys is not there in some containers
    return tuple(Core(frozenset({i})) for i in range(max(n, 1)))


def _siblings(machine: Machine, folder: Path, number: int) -> frozenset[int]:
    text = machine.text(folder / "topology" / "core_cpus_list")
    text = text or machine.text(folder / "topology" / "thread_siblings_list")
    return parse_cpu_list(text) or frozenset({number})


def _speed(machine: Machine, folder: Path, number: int, fast: frozenset[int]) -> float:
    if fast:
        return 1.0 if number in fast else 0.5
    return (machine.number(folder / "cpu_capacity") or 1024) / 1024


def _caches(machine: Machine) -> Iterator[tuple[int, str, int, frozenset[int]]]:
    """Each cache is listed by every processor that shares it."""
    for folder in machine.found(_CPUS, "cpu[0-9]*/cache/index[0-9]*"):
        level, kind = machine.number(folder / "level"), machine.text(folder / "type")
        own = frozenset({int(folder.parent.parent.name.removeprefix("cpu"))})
        shared = parse_cpu_list(machine.text(folder / "shared_cpu_list")) or own
        if level is not None and kind in KINDS:
            yield level, KINDS[kind], _size(machine.text(folder / "size")), shared


def _size(text: str) -> int:
    number, unit = text[:-1], text[-1:].upper()
    return int(number) * _SIZES[unit] if is_count(number) and unit in _SIZES else 0
