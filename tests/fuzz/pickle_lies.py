"""PyTorch files whose pickle is a random program: opcodes of a sound one moved, doubled, bent."""

import io
import pickletools
import struct
import zipfile
from functools import lru_cache
from random import Random

import numpy as np
from fuzz import evil
from helpers.torch_files import name_of, number, numbers, pickle_of, text

NAMES = (
    *(("torch._utils", "_rebuild_tensor_v2"), ("torch", "FloatStorage"), ("torch", "Size")),
    *(("collections", "OrderedDict"), ("torch.nn.parameter", "Parameter"), ("torch", "dtype")),
    *(("torch._utils", "_rebuild_parameter"), ("torch", "BFloat16Storage"), ("os", "system")),
    *(("builtins", "eval"), ("numpy.core.multiarray", "_reconstruct"), ("torch", "device")),
)
PLAIN = (b"]", b"}", b")", b"(", b"N", b"0", b"2", b"1", b"t", b"a", b"e", b"s", b"u", b"d", b"l")
PLAIN += (
    b"\x85",
    b"\x86",
    b"\x87",
    b"R",
    b"Q",
    b"b",
    b"o",
    b".",
    b"\x94",
    b"\x81",
    b"\x93",
    b"\x88",
)


@lru_cache(maxsize=1)
def arrays() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {
        "tok_embeddings.weight": random.standard_normal((8, 4), np.float32),
        "norm.weight": np.ones(4, np.float32),
        "half": np.ones((2, 3), np.float16),
    }


@lru_cache(maxsize=1)
def opcodes() -> tuple[bytes, ...]:
    """A sound pickle as a list of instructions."""
    raw = pickle_of(arrays())
    starts = [at for _, _, at in pickletools.genops(raw) if at is not None] + [len(raw)]
    return tuple(raw[a:b] for a, b in zip(starts, starts[1:], strict=False))


def instruction(rng: Random) -> bytes:
    match rng.randrange(9):
        case 0:
            return number(evil.integer(rng) % 2**31)
        case 1:
            return text(rng.choice(evil.TEXTS).encode("utf-8", "replace").decode())
        case 2:
            return name_of(*rng.choice(NAMES))
        case 3:
            return b"r" + struct.pack("<I", evil.integer(rng) % 2**32)
        case 4:
            return rng.choice((b"h", b"q", b"K")) + bytes([rng.randrange(256)])
        case 5:
            size = rng.choice((1, 8, 200))
            return b"\x8a" + bytes([size]) + rng.randbytes(size)
        case 6:
            return numbers([evil.integer(rng) % 2**31 for _ in range(rng.randrange(4))])
        case 7:
            return b"X" + struct.pack("<I", evil.integer(rng) % 2**32) + b"abc"
        case _:
            return rng.choice(PLAIN)


def program(rng: Random) -> bytes:
    """A sound program with changes; at times one that grows without end."""
    if rng.random() < 0.15:
        return _grower(rng)
    found = list(opcodes())
    for _ in range(rng.choice((0, 1, 1, 2, 5))):
        at = rng.randrange(len(found))
        match rng.randrange(5):
            case 0:
                found[at] = instruction(rng)
            case 1:
                found.insert(at, instruction(rng))
            case 2:
                del found[at]
            case 3:
                found[at:at] = found[at : at + rng.randrange(1, 9)]
            case _:
                other = rng.randrange(len(found))
                found[at], found[other] = found[other], found[at]
        if not found:
            break
    return b"".join(found)


def _grower(rng: Random) -> bytes:
    """Values that hold themselves, towers of tuples, calls on one long list over and over."""
    body = rng.choice((b"]", b"N", text("x"), b"}"))
    step = rng.choice(
        (b"2\x86", b"2\x86\x94", b"\x85", b"q\x00h\x00h\x00\x86", b"2a", b"]2a", b"}")
    )
    call = name_of("torch", "Size") + b"h\x01\x85R0"
    many = rng.choice((30, 60, 2000, 30_000))
    end = rng.choice((b".", b"Q.", name_of("os", "x") + b"\x86R.", b"\x93.", b"X\1\0\0\0a\x86}s."))
    if rng.random() < 0.3:
        return b"\x80\x02(" + b"K\x01" * 5000 + b"tq\x01" + call * many + end
    return b"\x80\x02" + body + step * many + end


def case(rng: Random) -> bytes:
    """A zip as torch.save writes it, or the stream of before 2020; sound around a bent pickle."""
    pickled = program(rng)
    if rng.random() < 0.25:
        return _stream(rng, pickled)
    out = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if rng.random() < 0.2 else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", kind) as archive:
        archive.writestr("archive/data.pkl", pickled)
        if rng.random() < 0.9:
            order = rng.choice((*[b"little"] * 9, b"big", b"", b"middle"))
            archive.writestr("archive/byteorder", order)
        for key, values in enumerate(arrays().values()):
            raw = values.tobytes()
            raw = raw[: rng.randrange(len(raw))] if rng.random() < 0.1 else raw
            archive.writestr(f"archive/data/{key}", raw)
    data = out.getvalue()
    return evil.mutate_bytes(rng, data) if rng.random() < 0.3 else data


def _stream(rng: Random, pickled: bytes) -> bytes:
    """Magic number, protocol, system, the object, the keys of its storages, then their bytes."""
    magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
    protocol = b"\x80\x02M\xe9\x03."
    system = b"\x80\x02}" + text("little_endian") + b"\x88s."
    keys = b"\x80\x02](" + b"".join(text(str(i)) for i in range(3)) + b"e."
    out = magic + protocol + system + pickled + keys
    for values in arrays().values():
        out += struct.pack("<Q", values.size) + values.tobytes()
    return evil.mutate_bytes(rng, out) if rng.random() < 0.4 else out
