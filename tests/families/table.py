"""Measures every family and writes the table of engine/architectures/README.md.

    PYTHONPATH=tests:. python tests/families/table.py [--peer PYTHON] [FAMILY ...]

Each checkpoint of families/*.json is converted (float32) and held against what transformers
computed; with the Python of an environment that has llama-cpp-python, llama.cpp's logits on that
file, too. Named families alone are measured if there are any; the other rows stay, and so do all
speeds, which are measured elsewhere. Run by hand: a family takes seconds, new kernels a minute.

What a row says of a family stands in its NAME.json: `known`, the models that people know; what is
`special`; `oracle`, where it is not transformers; `peer`, why llama.cpp differs on a checkpoint.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from helpers.kin import KIN, write_kin
from helpers.open_tiny import drive
from helpers.rewritten import logits_of
from helpers.tiny_checkpoints import (
    FAMILIES,
    ROWS,
    TEXT,
    golden_logits,
    kept,
    text_config,
    write_folder,
)
from numpy.typing import NDArray

from engine.architectures.shared.find import ALIASES
from engine.compute.kernels.jit import set_cache_folder
from engine.workshop.convert import convert

ROOT = FAMILIES.parents[1]
README = ROOT / "engine" / "architectures" / "README.md"
PEER = ROOT / "tests" / "peer" / "llama_rows.py"
TRANSFORMERS = "transformers 5.24"  # what make_golden.py was run with
AGREED = 5e-3  # a larger difference is named with its checkpoint
HEAD = ("GGUF name", "models", "held against", "reference", "cpu", "llama.cpp", "special", "speed")
Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """Of one checkpoint: largest differences and llama.cpp's rms, as shares of the spread."""

    name: str
    reference: float
    cpu: float
    rms: float | None = None
    why: str = ""  # why there is no rms
    version: str = ""


def files_of(family: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """The checkpoints' names and files; of a family without any, its kin's. Folders give models
    their names, by which llama.cpp changes some vocabularies: all are called alike."""
    for name in ROWS[family]["checkpoints"]:
        out = folder / f"{name}.gguf"
        drive(convert(write_folder(folder / name / "tiny", name), out))
        yield name, out
    for i, (architecture, name, change) in enumerate(KIN):
        if architecture == family:
            (folder / str(i)).mkdir()
            yield name, write_kin(folder / str(i), architecture, name, change)


def spread_of(golden: Rows) -> float:
    return float(golden.std()) if golden.size > 1 else float(np.abs(golden).max())


def largest(found: Rows, golden: Rows) -> float:
    return float(np.abs(found - golden).max()) / spread_of(golden)


def measured(name: str, path: Path, peer: str | None) -> Found:
    golden = golden_logits(name)
    apart = {each: largest(logits_of(path, each), golden) for each in ("reference", "cpu")}
    found = Found(name, **apart)
    return compared(found, path, golden, peer) if peer else found


def kind_of_rows(name: str, golden: Rows) -> str:
    if golden.ndim == 1:
        return "score"
    config = text_config(name)
    rows = config.get("padded_vocab_size", config.get("vocab_size"))
    width = kept(np.zeros((1, rows), np.float32)).shape[1]
    return "logits" if golden.shape[1] == width else "rows"


def compared(found: Found, path: Path, golden: Rows, peer: str) -> Found:
    """With llama.cpp's rows: one process a file, as it may abort."""
    out = path.with_suffix(".npz")
    kind = kind_of_rows(found.name, golden)
    command = [peer, str(PEER), str(path), str(out), kind, *map(str, TEXT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return replace(found, why=f"ends its process{said_by(done.stderr)}")
    with np.load(out) as told:
        found = replace(found, version=str(told["version"]))
        if "error" in told:
            return replace(found, why=f"does not open{said_by(done.stderr)}")
        rows = kept(told["rows"])
    if not np.isfinite(rows).all():
        return replace(found, why="gives no numbers")
    return replace(found, rms=float(np.sqrt(np.mean((rows - golden) ** 2))) / spread_of(golden))


def said_by(log: str) -> str:
    """What llama.cpp says of its failure, in brackets."""
    told = re.findall(r"error loading model: (?:\w+: )?(.*)|GGML_ASSERT\((.*)\) failed", log)
    words = [first or second for first, second in told]
    return f" ({words[-1].strip().replace('|', '/')})" if words else ""


def written(value: float) -> str:
    """Two figures: 1.2e-6."""
    return re.sub(r"e([+-])0*(\d)", r"e\1\2", f"{value:.1e}").replace("e+0", "")


def peer_cell(family: str, found: list[Found]) -> str:
    """The largest rms of those that agree, then each that does not, and why."""
    reasons = ROWS[family].get("peer", {})
    agreed = [each.rms for each in found if each.rms is not None and each.rms <= AGREED]
    cells = [written(max(agreed))] if agreed else []
    for each in found:
        told, _, said = each.why.partition(" (")
        if each.rms is not None and each.rms > AGREED:
            told = written(each.rms)
        why = reasons.get(each.name, said.removesuffix(")"))
        if told:
            cells.append(f"`{each.name}` {told}" + (f" ({why})" if why else ""))
    return "; ".join(cells) or "not compared"


def named(family: str) -> str:
    """`granite`, `minicpm`: with the names of the same graph."""
    others = sorted(name for name, to in ALIASES.items() if to == family)
    return ", ".join(f"`{name}`" for name in (family, *others))


def row_of(family: str, found: list[Found]) -> list[str]:
    row = ROWS[family]
    against = row.get("oracle", TRANSFORMERS)
    versions = sorted({each.version for each in found if each.version})
    held = "; ".join([against, *(f"llama-cpp-python {each}" for each in versions)])
    return [
        named(family),
        row["known"],
        held,
        written(max(each.reference for each in found)),
        written(max(each.cpu for each in found)),
        peer_cell(family, found),
        row["special"],
        "",
    ]


def read_rows(text: str) -> dict[str, list[str]]:
    """The table's rows by the first name in them."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {row[0].split("`")[1]: row for row in cells}


def with_rows(text: str, rows: dict[str, list[str]]) -> str:
    """The paper with these rows in its table, sorted; speeds that it had stay."""
    before = read_rows(text)
    for name, row in rows.items():
        row[-1] = row[-1] or before.get(name, [""])[-1]
    both = before | rows
    lines = [HEAD, ["---"] * len(HEAD), *(both[name] for name in sorted(both))]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    start = text.index(f"| {HEAD[0]} |")
    end = text.find("\n\n", start)
    return text[:start] + table + (text[end:] if end >= 0 else "\n")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--peer", help="a Python with llama-cpp-python")
    asked.add_argument("families", nargs="*", metavar="FAMILY", help="all, if none is named")
    args = asked.parse_args()
    set_cache_folder(ROOT / ".pytest_cache" / "kernels")
    for family in args.families or ROWS:
        with tempfile.TemporaryDirectory() as folder:
            files = files_of(family, Path(folder))
            found = [measured(name, path, args.peer) for name, path in files]
        for each in found:
            print(family, each, flush=True)
        text = README.read_text(encoding="utf-8")
        README.write_text(with_rows(text, {family: row_of(family, found)}), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
