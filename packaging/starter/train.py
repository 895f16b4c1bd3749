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
from typing import NamedTuple

import torch
import torch.nn.functional as F
from batches import REACH, Batch
from course import Course, Sizes
from dialogues import FACTS, Writer
from encoding import NONE, Encoder
from model import Guide, Shape, exported
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

PEAK, LOWEST = 1e-3, 0.02  # learning rate, and the share of it that is left at the end
WARM_UP = 0.02  # of the run
AVERAGED, KEPT = 0.80, 0.97  # from this share on the weights are averaged; kept of it at each turn
# Before the run embeddings and one attention learn to tell subjects by the mean of a question's
# tokens. It takes two minutes, understands nearly every wording, and the rest grows on it.
GLANCES, GLANCED, GLANCING_RATE = 1600, 256, 5e-3  # steps, questions in each, learning rate
GLANCED_SHARE = 0.1  # of the learning rate, for what was learned there: it is not to be lost again
CHECKPOINT_SECONDS = 180
SUBJECTS = (
    "subjects.aim"  # in the model folder: their matrix, for polish.py; converting passes it by
)
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


def rate(share: float, peak: float = PEAK) -> float:
    """The learning rate: up in a straight line, then down along a cosine."""
    if share < WARM_UP:
        return peak * max(share, 1e-3) / WARM_UP
    down = 0.5 * (1 + math.cos(math.pi * min(1.0, (share - WARM_UP) / (1 - WARM_UP))))
    return peak * (LOWEST + (1 - LOWEST) * down)


def learner(guide: Guide, glanced_share: float = GLANCED_SHARE) -> torch.optim.AdamW:
    """AdamW; `share` of a group is that of the learning rate."""
    glanced = [each.weight for each in guide.glanced()]
    known = {id(weight) for weight in glanced}
    matrices = [p for p in guide.parameters() if p.dim() == 2 and id(p) not in known]
    norms = [p for p in guide.parameters() if p.dim() == 1]
    groups = [
        {"params": glanced, "weight_decay": 0.0, "share": glanced_share},
        {"params": matrices, "weight_decay": 0.1, "share": 1.0},
        {"params": norms, "weight_decay": 0.0, "share": 1.0},
    ]
    return torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.98), fused=True)


def foretold(guide: Guide, batch: Batch) -> tuple[Tensor, Tensor, float]:
    """Loss of the tokens that are learned, loss of the subjects, share of those told right."""
    tokens, weights, subjects, more, positions = map(torch.from_numpy, batch)
    # What stands at i is foretold from i - 1.
    following = F.pad(weights[:, 1:], (0, 1)).reshape(-1)
    wanted = following.nonzero().squeeze(1)
    targets = F.pad(tokens[:, 1:], (0, 1)).reshape(-1)[wanted]
    labels, follows = (F.pad(x[:, 1:], (0, 1), value=NONE).reshape(-1) for x in (subjects, more))
    asked = (follows != NONE).nonzero().squeeze(1)
    weight = following[wanted]
    logits, told = guide(tokens, positions, wanted, asked)
    losses = F.cross_entropy(logits, targets, reduction="none")
    about, right = subject_loss(told, labels[asked], follows[asked])
    return (losses * weight).sum() / weight.sum(), about, right


def subject_loss(told: Tensor, labels: Tensor, follows: Tensor) -> tuple[Tensor, float]:
    """Of `Guide.subjects` [n, subjects + 1]; answers about nothing (NONE) count for the last output
    alone. Also the share told right."""
    subjects, more = told[:, :-1], told[:, -1]
    loss = F.cross_entropy(subjects, labels, ignore_index=NONE)
    known = labels != NONE
    right = (subjects.argmax(-1) == labels)[known].float().mean().item()
    return loss + F.binary_cross_entropy_with_logits(more, follows.float()), right


class Lesson(NamedTuple):
    """What came of a step: its loss, the share of subjects told right, its tokens."""

    loss: float
    right: float
    tokens: int


class Resumable:
    """A run that goes on after a stop; `average` holds the mean of the last weights."""

    guide: Guide
    clock: Clock
    course: Course
    optimizer: torch.optim.Optimizer
    average: dict[str, Tensor]

    def take_mean(self) -> None:
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
            "given": self.course.given,
        }
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path)
        self.guide.load_state_dict(state["guide"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average, self.course.given = state["average"], state["given"]
        self.clock.step, self.clock.before = state["step"], state["seconds"]


class Run(Resumable):
    """One training run."""

    def __init__(self, encoder: Encoder, sizes: Sizes, clock: Clock) -> None:
        torch.manual_seed(encoder.writer.seed)
        self.clock, self.course = clock, Course(encoder, sizes)
        shape = Shape(n_vocab=encoder.tokenizer.get_vocab_size(), n_ctx=REACH)
        self.guide = Guide(shape, len(encoder.writer.subjects))
        self.optimizer = learner(self.guide)
        self.average: dict[str, Tensor] = {}

    def glance(self) -> float:
        """The first stage, whole; returns the share of subjects told right at its end."""
        learned = [each.weight for each in self.guide.glanced()]
        optimizer = torch.optim.Adam(learned, lr=0.0, fused=True)
        right = 0.0
        for step in range(GLANCES):
            for group in optimizer.param_groups:
                group["lr"] = GLANCING_RATE * (1 - step / GLANCES)
            batch = self.course.glance(step, GLANCED)
            tokens, _, subjects, more, _ = map(torch.from_numpy, batch)
            answers = more != NONE
            told = self.guide.glance(tokens, answers.int().argmax(1) - 1)
            loss, now = subject_loss(told, subjects[answers], more[answers])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            right += 0.02 * (now - right)
            if step % 100 == 99:
                print(f"glance {step + 1:6d}  subjects right {100 * right:.1f} %", flush=True)
        return right

    def step(self) -> Lesson:
        """Learns one batch."""
        batch = self.course.batch(self.clock.step, self.clock.share())
        for group in self.optimizer.param_groups:
            group["lr"] = group["share"] * rate(self.clock.share())
        loss, about, right = foretold(self.guide, batch)
        self.guide.zero_grad(set_to_none=True)
        (loss + about).backward()
        torch.nn.utils.clip_grad_norm_(self.guide.parameters(), 1.0)
        self.optimizer.step()
        self.clock.step += 1
        if self.clock.share() >= AVERAGED and self.clock.step % 16 == 0:
            self.take_mean()
        return Lesson(loss.item(), right, batch.tokens.size)

    def weights(self) -> dict[str, Tensor]:
        return self.average or self.guide.state_dict()


def note(path: Path, line: Sequence[object], fresh: bool) -> None:
    """Adds a line to the loss curve."""
    with path.open("w" if fresh else "a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(["step", "seconds", "loss", "subjects_right"])
        writer.writerow(line)


def train(run: Run, folder: Path, every: int) -> None:
    """Steps until the clock says so; a line of the loss curve every few, checkpoints between."""
    checkpoint, clock = folder / "checkpoint.pt", run.clock
    saved, mark, lessons = clock.spent(), clock.spent(), list[Lesson]()
    while clock.share() < 1:
        lessons.append(run.step())
        if len(lessons) < every and clock.share() < 1:
            continue
        seconds = clock.spent()
        loss, right, tokens = (sum(column) / len(lessons) for column in zip(*lessons, strict=True))
        pace = tokens * len(lessons) / (seconds - mark)
        figures = [clock.step, round(seconds, 1), f"{loss:.4f}", f"{right:.4f}"]
        note(folder / "loss.csv", figures, clock.step == len(lessons))
        print(
            f"step {clock.step:6d}  {seconds:6.0f} s  {100 * clock.share():5.1f} %  "
            f"loss {loss:.3f}  subjects right {100 * right:.1f} %  {pace:,.0f} tokens/s",
            flush=True,
        )
        lessons, mark = [], seconds
        if seconds - saved > CHECKPOINT_SECONDS:
            run.save(checkpoint)
            saved = seconds


def save_subjects(weights: dict[str, Tensor], folder: Path) -> None:
    name = "subjects.weight"
    save_file({name: weights[name].detach().contiguous().clone()}, folder / SUBJECTS)


def keep_memory() -> None:
    """Starts the program anew with KEEP_MEMORY, if need be."""
    if sys.platform == "linux" and "GLIBC_TUNABLES" not in os.environ:
        os.environ["GLIBC_TUNABLES"] = KEEP_MEMORY
        os.execv(sys.executable, [sys.executable, *sys.argv])


def main() -> None:
    keep_memory()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model folder, with its tokenizer")
    parser.add_argument("--facts", type=Path, default=FACTS)
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--steps", type=int, default=0)
    length.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument(
        "--rows", type=int, nargs=len(Sizes()), default=Sizes(), help="of an exercise's batch"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=int, default=100, help="steps for a line of the curve")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    tokenizer = Tokenizer.from_file(str(args.folder / "tokenizer.json"))
    encoder = Encoder(Writer.load(args.facts, args.seed), tokenizer)
    clock = Clock(args.steps, args.minutes * 60)
    run = Run(encoder, Sizes(*args.rows), clock)
    shape = run.guide.shape
    if (args.folder / "checkpoint.pt").is_file():
        run.resume(args.folder / "checkpoint.pt")
        print(f"going on from step {clock.step}")
    else:
        run.glance()
    train(run, args.folder, args.every)
    save_file(exported(run.weights(), shape), args.folder / "model.safetensors", {"format": "pt"})
    save_subjects(run.weights(), args.folder)
    config = shape.config() | {
        "eos_token_id": tokenizer.token_to_id("<|im_end|>"),
        "pad_token_id": tokenizer.token_to_id("<|endoftext|>"),
    }
    (args.folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    run.save(args.folder / "checkpoint.pt")  # build.py removes it when all that follows is done
    print(f"{clock.step} steps in {clock.spent():.0f} s: {args.folder / 'model.safetensors'}")


if __name__ == "__main__":
    main()
