"""The processor as macOS tells it: one call of sysctl."""

from engine.base.catalogue import Words
from engine.hardware.caches import number, of_sysctl
from engine.hardware.machine import Machine
from engine.hardware.processor import Core, Processor, tidy_name

_NAMES = (
    "machdep.cpu.brand_string",
    "machdep.cpu.features",
    "machdep.cpu.leaf7_features",
    "hw.physicalcpu",
    "hw.logicalcpu",
    "hw.nperflevels",
    "hw.perflevel0.physicalcpu",
    "hw.perflevel0.l2cachesize",
    "hw.perflevel0",  # all of its names
    "hw.perflevel1",
    "hw.cacheconfig",
    "hw.l1dcachesize",
    "hw.l1icachesize",
    "hw.l2cachesize",
    "hw.l3cachesize",
    "hw.optional",
    "sysctl.proc_translated",
)


def read_processor(machine: Machine) -> Processor:
    """Intel and Apple machines; the words of hw.optional.* that are 1 count as features."""
    values = read_sysctl(machine)
    translated = values.get("sysctl.proc_translated") == "1"
    note = Words(
        "This is the Intel version of Chaski on an Apple processor; the Arm version is faster."
    )
    return Processor(
        name=tidy_name(values.get("machdep.cpu.brand_string", "")) or Words("Unknown processor"),
        cores=_cores(values),
        cache_bytes=number(values, "hw.l3cachesize")
        or number(values, "hw.perflevel0.l2cachesize")
        or number(values, "hw.l2cachesize"),
        features=_features(values),
        notes=(note,) if translated else (),
        caches=of_sysctl(values),
    )


def read_sysctl(machine: Machine) -> dict[str, str]:
    """Names and values; unknown names are skipped by sysctl with a complaint we do not read."""
    values = {}
    for name in _NAMES:  # one by one: a single unknown name makes sysctl fail as a whole
        for line in machine.run(("sysctl", name)).splitlines():
            key, colon, value = line.partition(":")
            if colon:
                values[key.strip()] = value.strip()
    return values


def _cores(values: dict[str, str]) -> tuple[Core, ...]:
    """macOS tells how many, not which: they are numbered here, fast ones first."""
    physical = max(number(values, "hw.physicalcpu"), 1)
    per_core = max(number(values, "hw.logicalcpu") // physical, 1)
    hybrid = number(values, "hw.nperflevels") > 1
    n_fast = number(values, "hw.perflevel0.physicalcpu") if hybrid else physical
    return tuple(
        Core(frozenset(range(i * per_core, (i + 1) * per_core)), 1.0 if i < n_fast else 0.4)
        for i in range(physical)
    )


def _features(values: dict[str, str]) -> frozenset[str]:
    words = (
        f"{values.get('machdep.cpu.features', '')} {values.get('machdep.cpu.leaf7_features', '')}"
    )
    optional = {
        key.removeprefix("hw.optional.").removeprefix("arm.")
        for key, value in values.items()
        if key.startswith("hw.optional.") and value == "1"
    }
    return frozenset(word.lower() for word in {*words.split(), *optional})
