"""Files that we quantize, read by llama.cpp and by us: is the greedy text the same?

    python tests/peer/greedy_texts.py PEER_PYTHON MODEL-F32.gguf TEXT [TARGET ...] > table.md

PEER_PYTHON has llama-cpp-python (0.3.36 made the table of README.md). TEXT calibrates the
importance matrix. For every target and three prompts, 64 tokens each:

- same text: llama.cpp's tokens of our file are those of our reference and cpu backends;
- exact: llama.cpp's tokens of the same weights stored as F32, where it computes in float32, are
  those of the reference backend. llama.cpp rounds activations to eight bits where weights are
  quantized, and that may tip a near tie: `gap` is how much larger the logit of its token is, in
  its own eyes, than that of ours at the first difference, `noise` the root mean square of the
  difference between its logits of both files up to there.

The exit code is 1 if a file does not load or a text that is computed exactly differs.
"""

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.open_tiny import REFERENCE, drive  # noqa: E402

from engine.compute.kernels.jit import set_cache_folder  # noqa: E402
from engine.measure.importance import Calibration, make_importance  # noqa: E402
from engine.model import Model, open_model  # noqa: E402
from engine.tape import Tape  # noqa: E402
from engine.weights.types import TensorType  # noqa: E402
from engine.workshop.mixes import COPY, TARGETS, Wishes  # noqa: E402
from engine.workshop.quantize import quantize_model  # noqa: E402
from engine.workshop.quantize_plan import QuantizeOptions  # noqa: E402

N = 64
PROMPTS = ("Once upon a time", "Tom and Lily went to the park", "The big dog was sad because")
BACKENDS = ("reference", "cpu")
OPTIONS = replace(REFERENCE, batch=64)
# Types that no target gives to a model without experts.
TYPES = ("MXFP4", "NVFP4")
Ids = list[int]


class Theirs(NamedTuple):
    """What llama.cpp made of one prompt; `logits` [n, n_vocab] are those each token came from."""

    prompt: Ids
    ids: Ids
    logits: np.ndarray


def options_for(target: str, imatrix: Path) -> QuantizeOptions:
    if target in TYPES:
        wishes = Wishes(by_pattern=[(r"blk\..*(attn|ffn)_[a-z]+\.weight", TensorType[target])])
        return QuantizeOptions("Q8_0", wishes)
    return QuantizeOptions(target, imatrix=imatrix)


def make_files(source: Path, text: Path, targets: list[str], folder: Path) -> list[Path]:
    """For each target our file, and the same weights as F32."""
    imatrix = folder / "imatrix.gguf"
    reading = replace(OPTIONS, backend="cpu")
    drive(make_importance(source, Calibration(text, imatrix, 256), reading, lambda p: None))
    made = []
    for target in targets:
        ours, plain = folder / f"{target}.gguf", folder / f"{target}-F32.gguf"
        drive(quantize_model(source, ours, options_for(target, imatrix)))
        drive(quantize_model(ours, plain, QuantizeOptions("F32", allow_requantize=True)))
        made += [ours, plain]
    return made


def theirs(python: str, files: list[Path], folder: Path) -> dict[Path, list[Theirs]]:
    """What llama.cpp makes of the files; one that it does not load is missing."""
    out = folder / "theirs.npz"
    command = [python, str(Path(__file__).with_name("llama_greedy.py")), str(out), str(N), *PROMPTS]
    names = "\n".join(map(str, files))
    subprocess.run(command, input=names, text=True, check=True, stderr=subprocess.DEVNULL)
    found = np.load(out)
    return {
        path: [
            Theirs(
                found[f"{i}/{p}/prompt"].tolist(),
                found[f"{i}/{p}/ids"].tolist(),
                found[f"{i}/{p}/logits"],
            )
            for p in range(len(PROMPTS))
        ]
        for i, path in enumerate(files)
        if f"{i}/error" not in found
    }


def opened(path: Path, backend: str) -> Model:
    model = drive(open_model(path, replace(OPTIONS, backend=backend), "q"))
    assert isinstance(model, Model)
    return model


def greedy(model: Model, prompt: Ids) -> Ids:
    tape, made = Tape(model.backend), Ids()
    logits = tape.run(prompt, "last")
    while len(made) < N:
        made.append(int(logits[-1].argmax()))
        if made[-1] in model.tokenizer.end_ids:
            break
        logits = tape.run(made[-1:], "last")
    tape.close()
    return made


def first_difference(a: Ids, b: Ids) -> int:
    """-1 where there is none."""
    return next((i for i, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), -1)


def told(got: Theirs, exact: Theirs, ours: Ids) -> str:
    """`same`, or where the first difference is, with llama.cpp's own gap and its noise."""
    at = first_difference(got.ids, ours)
    if at < 0:
        return "same"
    row = got.logits[at]
    shared = first_difference(got.ids, exact.ids)
    both = [each.logits[: shared + 1 if shared >= 0 else None] for each in (got, exact)]
    noise = np.sqrt(np.mean(np.square(both[0] - both[1])))
    return f"token {at}: gap {row[got.ids[at]] - row[ours[at]]:.3f}, noise {noise:.3f}"


def row_of(target: str, path: Path, found: dict[Path, list[Theirs]]) -> tuple[str, bool]:
    """A row of the table, and whether all is well."""
    plain = path.with_name(f"{target}-F32.gguf")
    if path not in found or plain not in found:
        return f"| {target} | does not load | | |", False
    cells, exact = [], True
    for backend in BACKENDS:
        model = opened(path, backend)
        parts = []
        for prompt, got, sure in zip(PROMPTS, found[path], found[plain], strict=True):
            assert model.tokenizer.encode(prompt) == got.prompt, prompt
            made = greedy(model, got.prompt)
            parts.append(told(got, sure, made))
            if backend == "reference":
                exact &= first_difference(sure.ids, made) < 0
        model.close()
        cells.append("same" if set(parts) == {"same"} else "; ".join(parts))
    return f"| {target} | {'same' if exact else 'DIFFERENT'} | {cells[0]} | {cells[1]} |", exact


def main() -> int:
    python, source, text, *targets = sys.argv[1:]
    targets = targets or [*(t for t in TARGETS if t != COPY), *TYPES]
    set_cache_folder(ROOT / ".pytest_cache" / "kernels")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = make_files(Path(source), Path(text), targets, folder)
        found = theirs(python, files, folder)
        rows = [row_of(target, folder / f"{target}.gguf", found) for target in targets]
    print("| target | exact | reference and llama.cpp | cpu and llama.cpp |")
    print("| --- | --- | --- | --- |")
    print("\n".join(row for row, _ in rows))
    return 0 if all(is_well for _, is_well in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
