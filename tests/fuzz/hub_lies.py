"""What a hub that lies might say of a model: its description with bent values."""

from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

from fuzz import evil

NAMES = (
    *("m-Q4_K_M.gguf", "m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf", "../m.gguf"),
    *("CON.gguf", "mmproj-F16.gguf", "imatrix.dat", "README.md", "model.safetensors"),
    *("config.json", "a/b/c.json", "-00001-of-00000.gguf", "x" * 400, "", "/", "Q4_0", "\ud800"),
    *(
        "m-Q4_K_M\u202efugg.gguf",
        "a\nb-Q8_0.gguf",
        "m-Q8_0-00000-of-99999.gguf",
        "m-9999B-F16.gguf",
    ),
)
PIECES = (
    *("https://huggingface.co", "https://cdn-uploads.huggingface.co", "//evil.org", "http://", "@"),
    *("/a/b", "/resolve/", "/blob/", "/raw/", "main", "x.png", "..", "%2e%2e", "/", "//", "/api/"),
    *(
        "%61pi",
        "%00",
        "%0d%0a",
        "?a=b",
        "#c",
        "\\",
        "%5c",
        ":",
        "[::1",
        "\x1b",
        "\u202e",
        "%25",
        " ",
    ),
)
LINK = (
    *("chaski:", "//", "huggingface.co", "/a/b", "?file=", "m.gguf", "..", "%2e%2e", "/", "%2F"),
    *(
        "%00",
        "%0A",
        "%e2%80%ae",
        "\\",
        "&file=x",
        "#",
        "x" * 600,
        "a" * 10_000,
        "%",
        "CON",
        ":80",
        "@",
    ),
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


def picture(rng: Random, folder: Path) -> str:
    return "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 9)))


def use_picture(reference: str) -> None:
    """Where a card's picture lies: a file of the hub's own, or nowhere."""
    from engine.hub.pictures import address
    from engine.hub.settings import NetworkSettings

    for settings in (NetworkSettings(), NetworkSettings("https://mirror.example/hf")):
        url = address(reference, "someone/tiny", "abc", settings)
        if not url:
            continue
        parts = urlsplit(url)
        assert url.isascii() or parts.hostname == "cdn-uploads.huggingface.co"
        assert parts.scheme == "https"
        if parts.hostname == "cdn-uploads.huggingface.co":
            assert not settings.is_mirror
            continue
        assert url.startswith(f"{settings.endpoint}/")
        path = unquote(url.removeprefix(settings.endpoint))
        assert "/resolve/" in path
        assert not path.startswith("/api/")
        assert ".." not in path.split("/")
        assert path.isprintable()


def link(rng: Random, folder: Path) -> str:
    start = "chaski://huggingface.co/a/b" if rng.random() < 0.7 else ""
    return start + "".join(rng.choice(LINK) for _ in range(rng.randrange(1, 7)))


def use_link(text: str) -> None:
    """Any program may be told to open it: it names a repository and a file in it, or nothing."""
    from engine.base.links import parse_link

    found = parse_link(text)
    maker, name = found.repository.split("/")
    assert maker
    assert name
    assert found.text.isascii()
    assert len(found.file) <= 500
    assert found.file.isprintable()
    assert not {"", ".", ".."} & set(found.file.split("/")) or not found.file
    assert parse_link(found.text) == found


def case(rng: Random) -> bytes:
    return evil.as_json(evil.mutate_tree(rng, description(rng)))
