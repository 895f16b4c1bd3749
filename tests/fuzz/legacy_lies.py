"""Formats of few numbers and much data: llama2.c, llm.c, ggml of 2023, .dat, safetensors."""

import json
import math
import struct
from pathlib import Path
from random import Random

from fuzz import evil

SIZES = (8, 16, 1, 2, 1, 4, 6)  # embd, ff, layers, heads, kv heads, vocab, ctx


def _numbers(rng: Random, values: tuple[int, ...], chance: float = 0.8) -> tuple[int, ...]:
    """The same numbers, by this chance with one to three replaced by 32-bit values of any kind."""
    found = list(values)
    for _ in range(rng.choice((1, 1, 2, 3)) if rng.random() < chance else 0):
        wild = evil.integer(rng) if rng.random() < 0.7 else found[0] * rng.choice((2, 3, 8))
        found[rng.randrange(len(found))] = (wild + 2**31) % 2**32 - 2**31
    return tuple(found)


def _cut(rng: Random, data: bytes) -> bytes:
    """At times a part of it only, or some of its first bytes changed."""
    chance = rng.random()
    if chance < 0.15:
        return data[: rng.randrange(len(data))]
    return evil.mutate_bytes(rng, data, 300) if chance < 0.4 else data


def llama2c(rng: Random) -> bytes:
    version = rng.randrange(3)
    if version == 0:
        return _cut(rng, struct.pack("<7i", *_numbers(rng, SIZES)) + bytes(4000))
    head = struct.pack("<Ii7i", 0x616B3432, version, *_numbers(rng, SIZES))
    head += struct.pack(
        "<Bi", rng.randrange(3), evil.integer(rng) % 2**31 if rng.random() < 0.3 else 8
    )
    return _cut(rng, head.ljust(256, b"\0") + bytes(4000))


def llama2c_words(rng: Random, folder: Path) -> None:
    """Its tokenizer, tok4.bin: longest token, then a score, a length and the bytes of each."""
    out = struct.pack("<i", 5 if rng.random() < 0.9 else evil.integer(rng) % 2**31)
    for no, word in enumerate((b"<unk>", b"<s>", b"</s>", b"a")):
        length = evil.integer(rng) % 2**31 if rng.random() < 0.05 else len(word)
        out += struct.pack("<fi", -float(no), length) + word
    (folder / "tok4.bin").write_bytes(_cut(rng, out) if rng.random() < 0.3 else out)


def llmc_words(rng: Random, folder: Path) -> None:
    """A tokenizer.json of four tokens."""
    tokens = [*"abc", "<|endoftext|>"]
    tree = {
        "added_tokens": [{"id": 3, "content": tokens[3], "special": True}],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        "model": {"type": "BPE", "vocab": {t: i for i, t in enumerate(tokens)}, "merges": []},
    }
    bent = evil.mutate_tree(rng, tree) if rng.random() < 0.3 else tree
    (folder / "tokenizer.json").write_bytes(evil.as_json(bent))


def llmc(rng: Random) -> bytes:
    head = struct.pack("<8i", *_numbers(rng, (20240326, 3, 4, 4, 1, 2, 8, 8)))
    return _cut(rng, head.ljust(1024, b"\0") + bytes(5000))


GGML = ((0x67676A74, 3), (0x67676A74, 2), (0x67676A74, 1), (0x67676D66, 1), (0x67676D6C, None))
LLAMA = (
    *(("tok_embeddings.weight", 64, 4), ("norm.weight", 64), ("output.weight", 64, 4)),
    *(("layers.0.attention.wq.weight", 64, 64), ("layers.0.attention.wk.weight", 64, 64)),
    *(("layers.0.attention.wv.weight", 64, 64), ("layers.0.attention.wo.weight", 64, 64)),
    *(("layers.0.feed_forward.w1.weight", 64, 32), ("layers.0.feed_forward.w2.weight", 32, 64)),
    *(("layers.0.feed_forward.w3.weight", 64, 32), ("layers.0.attention_norm.weight", 64)),
    ("layers.0.ffn_norm.weight", 64),
)


def ggml(rng: Random) -> bytes:
    """A whole llama of 2023, float32, 64 columns, four tokens; some of its numbers lie."""
    magic, version = rng.choice(GGML)
    out = struct.pack("<I", magic) + (b"" if version is None else struct.pack("<I", version))
    out += struct.pack("<7i", *_numbers(rng, (4, 64, 256, 4, 1, 16, 0), 0.4))
    for letter in (b"u", b"s", b"e", b"a"):
        out += struct.pack("<I", evil.integer(rng) % 2**32 if rng.random() < 0.03 else 1) + letter
        out += b"" if magic == 0x67676D6C else bytes(4)
    for name, *shape in LLAMA:
        kind = rng.choice((1, 2, 3, 8, 99)) if rng.random() < 0.02 else 0
        head = _numbers(rng, (len(shape), len(name), kind, *shape), 0.03)
        out += struct.pack(f"<{len(head)}i", *head) + name.encode()
        if magic == 0x67676A74:
            out += bytes(-len(out) % 32)
        out += bytes(4 * math.prod(shape))
    return _cut(rng, out)


def imatrix_dat(rng: Random) -> bytes:
    def n(value: int) -> int:
        return (evil.integer(rng) + 2**31) % 2**32 - 2**31 if rng.random() < 0.12 else value

    out = struct.pack("<i", n(2))
    for name in (b"blk.0.attn_q.weight", rng.choice((b"a", b"\xff\xfe", b"", b"\x1b[1m"))):
        figures = [rng.choice((*evil.FLOATS, *evil.ODD_FLOATS, 1.0, 2.0)) for _ in range(8)]
        clean = [f if abs(f) < 3e38 or f != f else 3e38 for f in figures]
        out += struct.pack("<i", n(len(name))) + name
        out += struct.pack("<ii", n(3), n(8)) + struct.pack("<8f", *clean)
    if rng.random() < 0.5:
        out += struct.pack("<ii", n(5), n(4)) + b"text"
    return _cut(rng, out)


DTYPES = ("F32", "F16", "BF16", "I64", "U8", "BOOL", "F8_E4M3", "F64", "I32", "F4", "", "f32", None)


def safetensors(rng: Random) -> bytes:
    """A header that is JSON and says something else than the data."""
    table: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for no in range(rng.choice((1, 2, 4))):
        shape = [rng.choice((1, 2, 4)), rng.choice((1, 4, 8))]
        size = 4 * shape[0] * shape[1]
        table[f"model.layers.{no}.weight"] = {
            "dtype": "F32", "shape": shape, "data_offsets": [at, at + size]
        }  # fmt: skip
        at += size
    if rng.random() < 0.3:
        entry = table["model.layers.0.weight"]
        assert isinstance(entry, dict)
        entry["dtype"] = rng.choice(DTYPES)
    bent = evil.mutate_tree(rng, table) if rng.random() < 0.85 else table
    head = evil.as_json(bent)
    if rng.random() < 0.05:
        head = b"{" + b'"a":[],' * rng.choice((10, 20_000)) + b'"b":{}}'
    if rng.random() < 0.05:
        head = json.dumps(table).replace("layers.0", "layers.1").encode()  # names twice
    length = len(head) if rng.random() < 0.9 else evil.integer(rng) % 2**64
    return _cut(rng, struct.pack("<Q", length) + head + bytes(at))
