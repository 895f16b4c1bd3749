"""Values that break readers, and mutations of trees of plain values (JSON, metadata).

Everything is drawn from a random.Random, so a seed gives the same case on every machine.
"""

import json
from random import Random
from typing import Any

INTS = (
    *(0, 1, 2, 3, 7, 8, 31, 32, 33, 64, 255, 256, 257, 1000, 4096, 65535, 65536, -1, -2, -128),
    *(2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53, 2**62, 2**63 - 1, 2**63, 2**64 - 1, -(2**31)),
)
DEEPEST = 40  # levels of a tree that mutations look into
HUGE = (2**64, 10**30, 10**400, -(10**400), -(2**63), -(2**63) - 1)
FLOATS = (0.0, -0.0, 1.0, -1.0, 1e-45, 1e-30, 1e30, 3.4e38, 1e300, 5e-324)
ODD_FLOATS = (float("nan"), float("inf"), float("-inf"))
TEXTS = (
    *("", " ", "a", "llama", "gpt2", "<s>", "</s>", "..", "../x", "/etc/passwd", "C:\\x", "CON"),
    *("\0", "\x1b[31mred\x1b[0m", "\u202etxt.exe", "line\nbreak", "\ud800", "é", "日本", "▁", "Ġ"),
    *("x" * 300, "ab" * 5000, "{{ 1 }}", "%s%n", "(a+)+$", "[", "\\", "<0x0A>", "blk.0.attn_q"),
)
ODD_BYTES = (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"a\xf5", b"\x00\x01")


def integer(rng: Random) -> int:
    """Mostly a value at an edge, at times any."""
    if rng.random() < 0.2:
        return rng.randrange(-300, 70000)
    return rng.choice(INTS)


def scalar(rng: Random) -> Any:
    """Any JSON scalar, sane or not."""
    match rng.randrange(7):
        case 0:
            return None
        case 1:
            return rng.random() < 0.5
        case 2:
            return rng.choice(FLOATS)
        case 3:
            return rng.choice(TEXTS)
        case 4:
            return rng.choice(HUGE)
        case 5:
            return rng.choice(ODD_FLOATS)
        case _:
            return integer(rng)


def tree(rng: Random, depth: int = 2) -> Any:
    """A small random tree; now and then a very deep or a very wide one."""
    chance = rng.random()
    if chance < 0.04:
        deep: Any = scalar(rng)
        for _ in range(rng.choice((20, 200, 5000))):
            deep = [deep] if rng.random() < 0.5 else {"a": deep}
        return deep
    if chance < 0.08:
        return [scalar(rng)] * rng.choice((100, 10_000))
    if depth == 0 or chance < 0.5:
        return scalar(rng)
    if chance < 0.75:
        return [tree(rng, depth - 1) for _ in range(rng.randrange(5))]
    return {rng.choice(TEXTS): tree(rng, depth - 1) for _ in range(rng.randrange(5))}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values inside a tree; long lists by their first and last few."""
    found: list[tuple[Any, ...]] = []
    if len(path) > DEEPEST:
        return found
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
        children = children[:6] + children[-6:] if len(children) > 12 else children
    else:
        return []
    for key, child in children:
        found.append((*path, key))
        found += places(child, (*path, key))
    return found


def mutate_tree(rng: Random, root: Any, changes: int = 0) -> Any:
    """A copy of a JSON tree with one to four places changed, removed, doubled or swapped."""
    root = json.loads(json.dumps(root))
    for _ in range(changes or rng.choice((1, 1, 2, 4))):
        spots = places(root)
        if not spots:
            return tree(rng)
        *way, last = rng.choice(spots)
        parent = root
        for step in way:
            parent = parent[step]
        _change(rng, root, parent, last, spots)
    return root


def _change(rng: Random, root: Any, parent: Any, last: Any, spots: list[tuple[Any, ...]]) -> None:
    old = parent[last]
    match rng.randrange(9):
        case 0:
            del parent[last]
        case 1:
            parent[last] = tree(rng)
        case 2:
            parent[last] = [old]
        case 3 if isinstance(old, list) and old:
            parent[last] = old[0] if rng.random() < 0.5 else old + old
        case 4 if isinstance(old, bool | int | float):
            parent[last] = str(old)
        case 5 if isinstance(old, str):
            parent[last] = rng.choice(TEXTS)
        case 6:
            *way, other = rng.choice(spots)
            value = root
            for step in way:
                value = value[step]
            parent[last] = value[other] if not isinstance(value[other], dict | list) else old
        case 7 if isinstance(parent, dict):
            parent[rng.choice(TEXTS) if rng.random() < 0.3 else str(last) + "_"] = parent.pop(last)
        case _:
            parent[last] = scalar(rng)


def as_json(value: Any) -> bytes:
    """JSON as sloppy writers make it: NaN, Infinity, numbers of any length, lone surrogates."""
    try:
        return json.dumps(value).encode()
    except (RecursionError, ValueError):
        return b"[" * 6000 + b"]" * 6000


def mutate_bytes(rng: Random, data: bytes, reach: int = 0) -> bytes:
    """One to three runs of bytes changed, removed, doubled; at times a cut."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        if not out:
            break
        at, size = rng.randrange(min(reach or len(out), len(out))), rng.randrange(1, 17)
        match rng.randrange(5):
            case 0:
                out[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            case 1:
                out[at : at + 8] = (integer(rng) % 2**64).to_bytes(8, "little")
            case 2:
                del out[at : at + size]
            case 3:
                out[at:at] = out[at : at + size]
            case _:
                out[at : at + size] = rng.randbytes(size)
    if rng.random() < 0.1 and out:
        del out[rng.randrange(len(out)) :]
    return bytes(out)
