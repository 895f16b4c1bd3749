"""Quantized checkpoints whose table says something else than their data."""

import json
import struct
from pathlib import Path
from random import Random

GOLDEN = Path(__file__).resolve().parents[1] / "engine" / "workshop" / "golden"
BYTES = {"U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E8M0": 1, "F8_E5M2": 1, "F16": 2, "BF16": 2,
         "F32": 4, "I32": 4, "I64": 8}  # fmt: skip


def case(rng: Random) -> bytes:
    data = rng.choice(sorted(GOLDEN.glob("quantized_*.safetensors"))).read_bytes()
    size = int.from_bytes(data[:8], "little")
    table, room = json.loads(data[8 : 8 + size]), len(data) - 8 - size
    table.pop("__metadata__", None)
    for _ in range(rng.randint(1, 3)):
        name = rng.choice(list(table))
        entry = table[name]
        way = rng.randrange(5)
        if way == 0:
            entry["shape"] = [max(0, n + rng.choice((-n, -1, 0, 1, n))) for n in entry["shape"]]
        elif way == 1:
            entry["shape"] = entry["shape"][::-1]
        elif way == 2:
            entry["dtype"] = rng.choice(list(BYTES))
        elif way == 3 and len(table) > 1:
            del table[name]
        else:
            table[name + rng.choice(("_scale", "_scale_inv", "x"))] = table.pop(name)
        _fit(entry, room)
    head = json.dumps(table).encode()
    return struct.pack("<Q", len(head)) + head + data[8 + size :]


def _fit(entry: dict[str, object], room: int) -> None:
    """As many bytes as the shape says, where there are so many."""
    shape, span = entry["shape"], entry["data_offsets"]
    assert isinstance(shape, list)
    assert isinstance(span, list)
    size = BYTES[str(entry["dtype"])]
    for n in shape:
        size *= n
    if span[0] + size <= room:
        entry["data_offsets"] = [span[0], span[0] + size]
