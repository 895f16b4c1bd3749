"""The program's own files, damaged: the chats' database by bytes, settings as bent JSON."""

from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from fuzz import evil

from engine.base.conversation import Speaker, Turn
from engine.base.paths import Paths
from engine.library import ChatStore

SECRET = "sesame-7341"  # a word of the user's: it may stand in no sentence


@lru_cache(maxsize=1)
def chats() -> bytes:
    """A database with three chats of sixty messages, variants among them."""
    with TemporaryDirectory() as folder:
        paths = Paths.under(Path(folder))
        store = ChatStore(paths)
        for chat in range(3):
            record = store.create(f"Chat {chat}")
            parent = None
            for turn in range(60):
                role: Speaker = "user" if turn % 2 == 0 else "assistant"
                store.put(record.id, Turn(turn + 1, role, f"{SECRET} {turn} word " * 12, parent))
                store.stand_at(record.id, turn + 1, turn + 1)
                parent = turn + 1 if turn % 7 else parent
        store.close()
        return next(Path(folder).rglob("*.sqlite3")).read_bytes()


def damaged(rng: Random) -> bytes:
    """A page lost, some bytes flipped, a piece cut off."""
    data = bytearray(chats())
    match rng.randrange(4):
        case 0:
            page = rng.randrange(len(data) // 4096) * 4096
            data[page : page + 4096] = rng.choice((bytes(4096), rng.randbytes(4096)))
        case 1:
            del data[rng.randrange(len(data)) :]
        case _:
            for _ in range(rng.choice((1, 1, 4, 20))):
                data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


SETTINGS = {
    "theme": "dark", "font_pixels": 14, "models_folder": "", "threads": 0, "context": 0,
    "system_prompt": "", "show_statistics": True, "quiet": "auto", "unload_minutes": 15,
}  # fmt: skip


def settings(rng: Random) -> bytes:
    data = evil.as_json(evil.mutate_tree(rng, SETTINGS))
    return evil.mutate_bytes(rng, data) if rng.random() < 0.2 else data
