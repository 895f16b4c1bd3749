"""One command from the facts to the shipped file: python packaging/starter/build.py.

Makes a scratch environment for PyTorch, trains the tokenizer and the guide in it, converts and
quantizes with the program's own tools, then asks the test questions and prints the score.
Needs the Python that runs the program; nothing of the scratch folder is shipped.
"""

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NEEDS = ("torch==2.13.0", "tokenizers", "safetensors", "numpy", "gguf")
STARTER = ROOT / "resources" / "starter" / "chaski-starter.gguf"


def environment(work: Path) -> Path:
    """The Python of a scratch environment under `work`, made if need be."""
    folder = work / "environment"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.is_file():
        print(f"making {folder}", flush=True)
        venv.create(folder, with_pip=True)
    if subprocess.run([python, "-c", "import torch, tokenizers, safetensors"]).returncode:
        _run(python, "-m", "pip", "install", "--quiet", *NEEDS)
    return python


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    print("+", " ".join(words), flush=True)
    if status := subprocess.run(words, cwd=ROOT).returncode:
        raise SystemExit(f"{Path(words[1]).name} ended with {status}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "starter", help="scratch")
    parser.add_argument("--env", type=Path, metavar="PYTHON", help="a Python that has PyTorch")
    parser.add_argument("--steps", type=int, default=4000, help="of training")
    parser.add_argument("--minutes", type=float, default=0.0, help="instead of --steps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=STARTER)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    python = args.env or environment(args.work)
    model = args.work / "model"
    length = ("--minutes", args.minutes) if args.minutes else ("--steps", args.steps)
    if not (model / "checkpoint.pt").is_file():  # a run that was stopped goes on
        _run(python, HERE / "tokens.py", model, "--seed", args.seed)
    _run(python, HERE / "train.py", model, *length, "--seed", args.seed)
    _run(python, HERE / "polish.py", model, "--seed", args.seed)
    _run(sys.executable, HERE / "export.py", model, "--out", args.out)
    (model / "checkpoint.pt").unlink()  # the next run begins anew, with the facts of then
    if args.out == STARTER:
        _run(sys.executable, "-m", "pytest", "-s", ROOT / "tests" / "starter")


if __name__ == "__main__":
    main()
