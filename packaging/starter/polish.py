"""The last part of the training: `polish.py MODEL_FOLDER`, after train.py.

Whole answers, stories and pasted texts, beside as many questions as before. What is asked is known
by the matrix of subjects long before the answers' words say so: it stays an aim, where train.py
left it. model.safetensors is replaced at the end, and so is that matrix. Stopped, it goes on from
its last checkpoint when called again with the same arguments.
"""

import argparse
import time
from pathlib import Path

import torch
from batches import ANSWERS, EXERCISES, FOLLOWUPS, PASTES, QUESTIONS, REACH, TALKS, Batch
from course import Course, Sizes
from dialogues import FACTS, Writer
from encoding import NONE, Encoder
from model import Guide, Shape, exported, imported
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from train import (
    CHECKPOINT_SECONDS,
    GLANCED_SHARE,
    SUBJECTS,
    Clock,
    Resumable,
    foretold,
    keep_memory,
    learner,
    rate,
    save_subjects,
)

STEPS, PEAK = 4000, 8e-4  # highest learning rate
TURNS = (
    *(QUESTIONS, ANSWERS, QUESTIONS, FOLLOWUPS, QUESTIONS, QUESTIONS),
    *(TALKS, QUESTIONS, ANSWERS, QUESTIONS, PASTES, QUESTIONS),
)
FIRST = 1_000_000  # number of the first batches: none that was seen before
AVERAGED = 0.7  # as in train.py
# Where topics are new, the rate is higher, and so is the share of it for what the glance learned:
# their words have to find their places among the others.
FRESH_PEAK, FRESH_SHARE = 7e-4, 0.25


class Polish(Resumable):
    """One run. `bf16`: products in bfloat16."""

    def __init__(
        self, guide: Guide, encoder: Encoder, clock: Clock, *, fresh: bool, bf16: bool
    ) -> None:
        self.guide, self.clock, self.bf16 = guide, clock, bf16
        self.peak = FRESH_PEAK if fresh else PEAK
        self.optimizer = learner(guide, FRESH_SHARE if fresh else GLANCED_SHARE)
        self.course = Course(encoder, Sizes(), TURNS, 0.0, FIRST)
        self.average: dict[str, Tensor] = {}
        self.losses: dict[object, float] = {}

    def step(self) -> None:
        """Learns one batch."""
        clock, share = self.clock, self.clock.share()
        for group in self.optimizer.param_groups:
            group["lr"] = group["share"] * rate(share, self.peak)
        batch = self.course.batch(clock.step, share)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            loss, about, _ = foretold(self.guide, batch)
        self.guide.zero_grad(set_to_none=True)
        (loss + about if self.aims(batch) else loss).backward()
        torch.nn.utils.clip_grad_norm_(self.guide.parameters(), 1.0)
        self.optimizer.step()
        kind = TURNS[clock.step % len(TURNS)]
        before = self.losses.setdefault(kind, loss.item())
        self.losses[kind] += 0.04 * (loss.item() - before)
        if share >= AVERAGED and clock.step % 4 == 0:
            self.take_mean()
        clock.step += 1

    def aims(self, batch: Batch) -> bool:
        """Whether the subjects count: where the matrix is there, and anything has one."""
        return self.guide.subjects.weight.requires_grad and batch.subjects.max() != NONE

    def tell(self) -> None:
        told = (f"{self.losses.get(each, 0.0):.3f}" for each in EXERCISES)
        at = f"{self.clock.spent():5.0f} s  {100 * self.clock.share():5.1f} %"
        print(f"polish {self.clock.step:5d}  {at}  losses {'  '.join(told)}", flush=True)


def polish(run: Polish, checkpoint: Path) -> dict[str, Tensor]:
    """Returns the mean of the last weights."""
    saved = time.monotonic()
    while run.clock.share() < 1:
        run.step()
        if run.clock.step % 50 == 0:
            run.tell()
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            run.save(checkpoint)
            saved = time.monotonic()
    return run.average or run.guide.state_dict()


def main() -> None:
    keep_memory()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model folder that train.py filled")
    parser.add_argument("--facts", type=Path, default=FACTS)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--steps", type=int, default=0)
    length.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fresh", nargs="*", default=(), help="topics that are new to the model")
    words = "multiply in bfloat16: twice as fast, where the processor can (AVX512_BF16, AMX)"
    parser.add_argument("--bf16", action="store_true", help=words)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    tokenizer = Tokenizer.from_file(str(args.folder / "tokenizer.json"))
    encoder = Encoder(Writer.load(args.facts, args.seed, args.fresh), tokenizer)
    shape = Shape(n_vocab=tokenizer.get_vocab_size(), n_ctx=REACH)
    guide = Guide(shape, len(encoder.writer.subjects))
    path, checkpoint = args.folder / "model.safetensors", args.folder / "polish.pt"
    guide.load_state_dict(imported(load_file(path), shape), strict=False)
    aim = args.folder / SUBJECTS
    guide.subjects.weight.requires_grad_(aim.is_file())
    if aim.is_file():
        guide.load_state_dict(load_file(aim), strict=False)
    steps = args.steps or (0 if args.minutes else STEPS)
    clock = Clock(steps, args.minutes * 60)
    run = Polish(guide, encoder, clock, fresh=bool(args.fresh), bf16=args.bf16)
    if checkpoint.is_file():
        run.resume(checkpoint)
        print(f"going on from step {run.clock.step}")
    weights = polish(run, checkpoint)
    save_file(exported(weights, shape), path.with_suffix(".part"), {"format": "pt"})
    path.with_suffix(".part").replace(path)
    save_subjects(weights, args.folder)
    checkpoint.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
