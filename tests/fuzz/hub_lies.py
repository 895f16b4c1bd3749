"""What a hub that lies might say of a model: its description with bent values."""

from random import Random
from typing import Any

from fuzz import evil

NAMES = (
    *("m-Q4_K_M.gguf", "m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf", "../m.gguf"),
    *("CON.gguf", "mmproj-F16.gguf", "imatrix.dat", "README.md", "model.safetensors"),
    *("config.json", "a/b/c.json", "-00001-of-00000.gguf", "x" * 400, "", "/", "Q4_0", "\ud800"),
)


def sibling(rng: Random) -> dict[str, Any]:
    size = rng.choice((0, 7, 1 << 30, 1 << 70))
    lfs = {"sha256": f"{rng.getrandbits(256):064x}", "size": size, "pointerSize": 134}
    row: dict[str, Any] = {"rfilename": rng.choice(NAMES), "size": size, "blobId": "0" * 40}
    return row | {"lfs": lfs} if rng.random() < 0.6 else row


def description(rng: Random) -> dict[str, Any]:
    return {
        "id": "someone/model-GGUF",
        "sha": f"{rng.getrandbits(160):040x}",
        "lastModified": "2026-10-01T12:00:00.000Z",
        "downloads": 7,
        "likes": 3,
        "private": False,
        "gated": rng.choice((False, "auto", "manual")),
        "tags": ["gguf", "license:mit", "en"],
        "cardData": {"license": "mit", "language": ["en"], "base_model": "a/b", "tags": ["x"]},
        "config": {"architectures": ["LlamaForCausalLM"], "model_type": "llama"},
        "gguf": {"architecture": "llama", "total": 7, "context_length": 512},
        "safetensors": {"parameters": {"BF16": 7}, "total": 7},
        "siblings": [sibling(rng) for _ in range(rng.randrange(12))],
    }


def case(rng: Random) -> bytes:
    return evil.as_json(evil.mutate_tree(rng, description(rng)))
