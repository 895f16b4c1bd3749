"""The measured rates of this machine, in one small JSON file; damaged, they are measured again.

They are true of one processor, one way of computing and one version of the program; of any other
nothing is known. The file is written beside and renamed, so it is always a whole one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.base.devices import Disk
from engine.base.errors import ChaskiError
from engine.base.rates import Rates, TypeRate
from engine.base.reading import read_file
from engine.base.small_files import replaced
from engine.base.version import installed_version

FORM = 1  # of the file
LARGEST = 1 << 20  # bytes
MOST_THREADS = 4096
FASTEST = 1e16  # bytes or products a second; beyond it a number is none of ours
MOST_TYPES = 100
MOST_DISKS = 20
BUSY = 0.15  # where other programs take a larger share, a measurement is too low


@dataclass(frozen=True)
class Key:
    """What rates are true of. Without `path` (it takes the compiler to know) any will do."""

    processor: str
    path: str = ""
    version: str = ""

    @classmethod
    def of(cls, processor: str, path: str = "") -> "Key":
        """With the version of this program."""
        return cls(processor, path, installed_version())


def kept_rates(file: Path, key: Key) -> Rates:
    """What was measured; empty where nothing is kept that is true here, and sound."""
    told = _told(file)
    if (told.get("processor"), told.get("version")) != (key.processor, key.version):
        return Rates()
    rates = _rates(told.get("rates"))
    return rates if rates is not None and key.path in ("", rates.path) else Rates()


def with_kept_speeds(file: Path, disks: Iterable[Disk]) -> tuple[Disk, ...]:
    """The disks with the speeds that were measured of them, whatever the processor is: the same
    folder on a disk of the same size."""
    rows = _told(file).get("disks")
    known = {}
    for row in rows[:MOST_DISKS] if isinstance(rows, list) else ():
        try:
            folder, total, read, write = row
            known[str(folder), int(total)] = _speed(read), _speed(write)
        except (TypeError, ValueError, OverflowError):
            continue
    found = []
    for disk in disks:
        read, write = known.get((disk.folder, disk.total), (disk.read_rate, disk.write_rate))
        found.append(replace(disk, read_rate=read, write_rate=write))
    return tuple(found)


def keep_rates(file: Path, key: Key, rates: Rates, disks: Iterable[Disk] = ()) -> bool:
    """Writes them, and how fast the disks are; False where the disk refuses, which costs no more
    than another measurement."""
    told = {"form": FORM, "processor": key.processor, "version": key.version}
    speeds = [[d.folder, d.total, d.read_rate, d.write_rate] for d in disks if d.read_rate]
    text = json.dumps({**told, "rates": asdict(rates), "disks": speeds}, indent=1)
    return replaced(file, text)


def merged(old: Rates, new: Rates) -> Rates:
    """The new ones, with types that only the old have: one measurement may not come to all. Other
    programs only ever slow a measurement down: from a busy one, what is higher than before counts.

    Rates with another count of threads are no rates of the same thing.
    """
    if (old.path, old.threads) != (new.path, new.threads):
        return new
    busy = new.others > BUSY
    types = {rate.type: rate for rate in old.types}
    for rate in new.types:
        before = types.get(rate.type)
        types[rate.type] = _higher(before, rate) if busy and before is not None else rate
    if not busy:
        return replace(new, types=tuple(types.values()), attention=new.attention or old.attention)
    known = dict(old.bandwidth)
    return replace(
        new,
        bandwidth=tuple((n, max(speed, known.get(n, 0.0))) for n, speed in new.bandwidth),
        types=tuple(types.values()),
        attention=max(new.attention, old.attention),
    )


def _higher(a: TypeRate, b: TypeRate) -> TypeRate:
    return TypeRate(a.type, max(a.decode, b.decode), max(a.prefill, b.prefill))


def _told(file: Path) -> dict[str, Any]:
    """What the file holds, if it is one of ours."""
    try:
        told = json.loads(read_file(file, LARGEST)) if file.exists() else None
    except (ChaskiError, OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) and told.get("form") == FORM else {}


def _rates(told: Any) -> Rates | None:
    """None where any of it is not what we write: a half-true record would mislead."""
    try:
        rates = Rates(
            threads=_count(told["threads"]),
            path=_word(told["path"]),
            bandwidth=tuple((_count(n), _speed(rate)) for n, rate in told["bandwidth"]),
            types=tuple(_type(each) for each in told["types"][:MOST_TYPES]),
            attention=_speed(told["attention"]),
            others=_speed(told["others"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
    return rates


def _type(told: Mapping[str, Any]) -> TypeRate:
    from engine.weights.types import TensorType  # with NumPy, which the front door does without

    if told["type"] not in TensorType.__members__:
        raise ValueError("no type of ours")
    return TypeRate(_word(told["type"]), _speed(told["decode"]), _speed(told["prefill"]))


def _count(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= MOST_THREADS:
        raise ValueError("no count of threads")
    return value


def _speed(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= FASTEST:
        raise ValueError("no rate")
    return float(value)


def _word(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 40 or not value.isprintable():
        raise ValueError("no word of ours")
    return value
