"""A download that an earlier run left, damaged: its journal, its part, or both; and rows of the
queue. What comes of them is a sentence, or the file byte for byte.
"""

import sqlite3
import zlib
from pathlib import Path
from random import Random
from typing import Any

from fuzz import evil

from engine.hub.records import HubFile

NAME, SIZE, KEY = "m.gguf", 300_000, "sha256:x:300000"
CONTENT = Random(5).randbytes(SIZE)


def part(rng: Random, folder: Path) -> Path:
    """What lies there, and where the file will be."""
    emptied(folder)
    data = bytearray(CONTENT[: rng.choice((0, 1, 65_536, 65_537, 200_000, SIZE, SIZE))])
    for _ in range(rng.choice((0, 0, 1, 3))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    if rng.random() < 0.1:
        data += rng.randbytes(70_000)
    (folder / f"{NAME}.part").write_bytes(data)
    if rng.random() < 0.95:
        (folder / f"{NAME}.part.journal").write_bytes(journal(rng))
    return folder / NAME


def emptied(folder: Path) -> None:
    """What an earlier case left."""
    for path in folder.iterdir():
        path.unlink()


def journal(rng: Random) -> bytes:
    head: Any = {"form": 1, "key": KEY, "size": SIZE}
    head = evil.mutate_tree(rng, head) if rng.random() < 0.2 else head
    lines = [line(head)]
    for number in range(rng.randrange(8)):
        piece = CONTENT[number * 65_536 : (number + 1) * 65_536]
        told: Any = [number, zlib.crc32(piece), rng.random() < 0.2]
        lines.append(line(evil.mutate_tree(rng, told) if rng.random() < 0.3 else told))
    raw = bytearray(b"".join(lines))
    if rng.random() < 0.3:
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw[: rng.randrange(len(raw) + 1)] if rng.random() < 0.2 else raw)


def line(told: Any) -> bytes:
    words = evil.as_json(told)
    return b"%s %08x\n" % (words, zlib.crc32(words))


def use_part(out: Path) -> None:
    """Goes on as a download does, with the right bytes; the file must be right in the end."""
    from engine.hub import download_part

    download_part.PIECE = 65_536
    import hashlib

    file = HubFile(NAME, SIZE, hashlib.sha256(CONTENT).hexdigest())
    found = download_part.DownloadPart(out, file, KEY)
    try:
        for _ in range(3):
            list(found.look())
            for start, stop in found.damaged:
                found.rewrite((start, stop), [CONTENT[start:stop]])
            list(found.look())
            found.append(CONTENT[found.length :])
            if found.is_right:
                break
            for start, stop in found.doubted():
                found.rewrite((start, stop), [CONTENT[start:stop]])
            list(found.look())
            if not found.is_right:
                found.begin_anew()
        assert found.is_right
        found.finish()
    finally:
        found.close()
    assert out.read_bytes() == CONTENT


def queue(rng: Random, folder: Path) -> Path:
    from engine.jobs.kept_orders import KeptOrders

    emptied(folder)
    path = folder / "downloads.sqlite3"
    kept = KeptOrders(path)
    kept.all()
    kept.close()
    order = {"repo": "a/b", "commit": "0", "folder": "/x", "files": [["m.gguf", 7, "", ""]]}
    wish: Any = {
        "repo": "a/b",
        "quant": "Q4_0",
        "files": ["x"],
        "revision": "",
        "folder": "",
        "make": "",
        "order": order,
    }
    db = sqlite3.connect(path)
    for _ in range(4):
        words = evil.as_json(evil.mutate_tree(rng, wish))
        state = rng.choice(("running", "paused", "failed", "done", "", "x"))
        db.execute("INSERT INTO orders (state, words) VALUES (?, ?)", (state, words))
    db.commit()
    db.close()
    return path


def use_queue(path: Path) -> None:
    from engine.jobs.kept_orders import KeptOrders

    kept = KeptOrders(path)
    try:
        for one in kept.all():
            assert one.wish.title
            kept.put(one)
            if one.order is not None:
                assert one.order.bytes >= 0
    finally:
        kept.close()
