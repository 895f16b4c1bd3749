"""From the trained folder to the file that is shipped, with the program's own tools.

Converts to F16, adds what a converter cannot know (name, licence, languages, sampling), then
quantizes to Q8_0. Runs in the program's own Python; needs no PyTorch.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.cli import main as chaski  # noqa: E402
from engine.weights.formats.gguf import open_gguf  # noqa: E402
from engine.weights.formats.gguf_values import MetaValue  # noqa: E402
from engine.weights.formats.gguf_write import GGUFWriter  # noqa: E402

STARTER = ROOT / "resources" / "starter" / "chaski-starter.gguf"
LARGEST = 8_000_000
KEYS: dict[str, MetaValue | list[str]] = {
    "general.name": "Chaski Guide",
    "general.basename": "Chaski-Guide",
    "general.size_label": "6.5M",
    "general.author": "The Chaski developers",
    "general.description": "A very small guide to Chaski; it knows this program and little else.",
    "general.license": "mit",
    "general.languages": ["en", "fr", "ja"],
    "general.tags": ["text-generation"],
    # It should say what it learned, the same each time.
    "general.sampling.temp": 0.1,
    "general.sampling.top_k": 10,
    "general.sampling.penalty_repeat": 1.0,
}


def export(folder: Path, out: Path = STARTER) -> None:
    """Folder with config.json, model.safetensors and the tokenizer to a Q8_0 file at `out`."""
    f16, named = folder / "guide-f16.gguf", folder / "guide-f16-named.gguf"
    _run("convert", str(folder), str(f16), "--type", "f16", "--overwrite")
    _with_keys(f16, named)
    out.parent.mkdir(parents=True, exist_ok=True)
    _run("quantize", str(named), str(out), "Q8_0", "--overwrite")
    size = out.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{out} has {size:,} bytes, more than {LARGEST:,}")
    print(f"{out}: {size:,} bytes")


def _run(*arguments: str) -> None:
    if status := chaski(arguments):
        raise SystemExit(f"chaski {arguments[0]} ended with {status}")


def _with_keys(source: Path, out: Path) -> None:
    """The same file with KEYS in its metadata."""
    with open_gguf(source) as file, GGUFWriter(out) as writer:
        writer.set_all(file.metadata, file.value_types)
        for key, value in KEYS.items():
            writer.set(key, value)
        for name, info in file.tensors.items():
            writer.declare(name, info.shape, info.type)
        for name in file.tensors:
            writer.write(name, file.raw(name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model folder that train.py filled")
    parser.add_argument("--out", type=Path, default=STARTER)
    args = parser.parse_args()
    export(args.folder, args.out)


if __name__ == "__main__":
    main()
