"""Trains the guide: `train.py MODEL_FOLDER --steps N`, or `--minutes M` for what a clock allows.

With --steps the result follows from the seed (and the machine's arithmetic). Stopped, it goes on
from its last checkpoint when called again with the same arguments.
"""

import argparse
import csv
import json
import math
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from dialogues import FACTS, Writer
from model import Guide, Shape, exported
from rows import LEADING, Packer
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

PEAK, LOWEST = 1.2e-3, 0.02  # learning rate, and the share of it that is left at the end
WARM_UP = 0.02  # of the run
AVERAGED, KEPT = 0.80, 0.97  # from this share on the weights are averaged; kept of it at each turn
LENGTH = 512  # tokens of a row
# Up to this share of the run: many questions with only the beginnings of their answers. To tell
# topics apart takes nearly all of the training; how an answer goes on is learned in no time.
DRILL = 0.75
CHECKPOINT_SECONDS = 180
# Linux gives large arrays back after each use, and filling them with fresh pages costs a fifth of
# the time. These settings of its C library keep them, as huge pages; they must be there at start.
KEEP_MEMORY = (
    "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=4000000000:"
    "glibc.malloc.top_pad=268435456"
)


@dataclass
class Clock:
    """How far the run is, in steps or in minutes, and how long it took, pauses left out."""

    steps: int
    seconds: float
    step: int = 0
    before: float = 0.0

    def __post_init__(self) -> None:
        self._began = time.monotonic()

    def spent(self) -> float:
        return self.before + time.monotonic() - self._began

    def share(self) -> float:
        return self.step / self.steps if self.steps else self.spent() / self.seconds


def rate(share: float) -> float:
    """The learning rate: up in a straight line, then down along a cosine."""
    if share < WARM_UP:
        return PEAK * max(share, 1e-3) / WARM_UP
    down = 0.5 * (1 + math.cos(math.pi * min(1.0, (share - WARM_UP) / (1 - WARM_UP))))
    return PEAK * (LOWEST + (1 - LOWEST) * down)


class Run:
    """One training run; `average` holds the mean of the last weights."""

    def __init__(self, packer: Packer, seed: int, rows: int, clock: Clock) -> None:
        torch.manual_seed(seed)
        self.packer, self.rows, self.clock = packer, rows, clock
        self.guide = Guide(Shape(n_vocab=packer.tokenizer.get_vocab_size()))
        matrices = [p for p in self.guide.parameters() if p.dim() == 2]
        norms = [p for p in self.guide.parameters() if p.dim() == 1]
        groups = [{"params": matrices, "weight_decay": 0.1}, {"params": norms, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.98), fused=True)
        self.average: dict[str, Tensor] = {}

    def step(self) -> tuple[Tensor, Tensor]:
        """Learns one batch; returns its loss and how many answers begin with the right token."""
        drill = self.clock.share() < DRILL
        tokens, weights, positions = map(
            torch.from_numpy, self.packer.batch(self.clock.step, self.rows, drill)
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate(self.clock.share())
        # What stands at i is foretold from i - 1.
        following = F.pad(weights[:, 1:], (0, 1)).reshape(-1)
        wanted = following.nonzero().squeeze(1)
        targets = F.pad(tokens[:, 1:], (0, 1)).reshape(-1)[wanted]
        weight = following[wanted]
        logits = self.guide(tokens, positions, wanted)
        losses = F.cross_entropy(logits, targets, reduction="none")
        loss = (losses * weight).sum() / weight.sum()
        self.guide.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.guide.parameters(), 1.0)
        self.optimizer.step()
        with torch.no_grad():
            first = weight == LEADING[0]
            right = (logits[first].argmax(-1) == targets[first]).float().mean()
        self.clock.step += 1
        if self.clock.share() >= AVERAGED and self.clock.step % 16 == 0:
            self._average()
        return loss.detach(), right

    def weights(self) -> dict[str, Tensor]:
        return self.average or self.guide.state_dict()

    def _average(self) -> None:
        now = self.guide.state_dict()
        if not self.average:
            self.average = {name: tensor.clone() for name, tensor in now.items()}
        torch._foreach_lerp_(list(self.average.values()), list(now.values()), 1 - KEPT)

    def save(self, path: Path) -> None:
        state = {
            "step": self.clock.step,
            "seconds": self.clock.spent(),
            "guide": self.guide.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average,
        }
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path)
        self.guide.load_state_dict(state["guide"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average = state["average"]
        self.clock.step, self.clock.before = state["step"], state["seconds"]


def note(path: Path, line: Sequence[object], fresh: bool) -> None:
    """Adds a line to the loss curve."""
    with path.open("w" if fresh else "a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(["step", "seconds", "loss", "first_tokens_right"])
        writer.writerow(line)


def train(run: Run, folder: Path, every: int) -> None:
    """Steps until the clock says so; a line of the loss curve every few, checkpoints between."""
    checkpoint, clock = folder / "checkpoint.pt", run.clock
    saved, loss_sum, right_sum, since, mark = clock.spent(), 0.0, 0.0, 0, clock.spent()
    while clock.share() < 1:
        loss, right = run.step()
        loss_sum, right_sum, since = loss_sum + loss.item(), right_sum + right.item(), since + 1
        if since < every and clock.share() < 1:
            continue
        seconds = clock.spent()
        pace = since * run.rows * LENGTH / (seconds - mark)
        line = [loss_sum / since, right_sum / since]
        figures = [clock.step, round(seconds, 1), *(f"{x:.4f}" for x in line)]
        note(folder / "loss.csv", figures, clock.step == since)
        print(
            f"step {clock.step:6d}  {seconds:6.0f} s  {100 * clock.share():5.1f} %  "
            f"loss {line[0]:.3f}  first tokens right {100 * line[1]:.1f} %  {pace:,.0f} tokens/s",
            flush=True,
        )
        loss_sum, right_sum, since, mark = 0.0, 0.0, 0, seconds
        if seconds - saved > CHECKPOINT_SECONDS:
            run.save(checkpoint)
            saved = seconds


def _keep_memory() -> None:
    if sys.platform == "linux" and "GLIBC_TUNABLES" not in os.environ:
        os.environ["GLIBC_TUNABLES"] = KEEP_MEMORY
        os.execv(sys.executable, [sys.executable, *sys.argv])


def main() -> None:
    _keep_memory()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model folder, with its tokenizer")
    parser.add_argument("--facts", type=Path, default=FACTS)
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--steps", type=int, default=0)
    length.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--rows", type=int, default=2, help="rows of 512 tokens in a step")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=int, default=100, help="steps for a line of the curve")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    tokenizer = Tokenizer.from_file(str(args.folder / "tokenizer.json"))
    shape = Shape(n_vocab=tokenizer.get_vocab_size())
    packer = Packer(Writer.load(args.facts, args.seed), tokenizer, LENGTH, shape.n_ctx)
    clock = Clock(args.steps, args.minutes * 60)
    run = Run(packer, args.seed, args.rows, clock)
    if (args.folder / "checkpoint.pt").is_file():
        run.resume(args.folder / "checkpoint.pt")
        print(f"going on from step {clock.step}")
    train(run, args.folder, args.every)
    save_file(exported(run.weights(), shape), args.folder / "model.safetensors", {"format": "pt"})
    config = shape.config() | {
        "eos_token_id": tokenizer.token_to_id("<|im_end|>"),
        "pad_token_id": tokenizer.token_to_id("<|endoftext|>"),
    }
    (args.folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (args.folder / "checkpoint.pt").unlink(missing_ok=True)
    print(f"{clock.step} steps in {clock.spent():.0f} s: {args.folder / 'model.safetensors'}")


if __name__ == "__main__":
    main()
