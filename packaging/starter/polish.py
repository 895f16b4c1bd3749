"""The last part of the training: `polish.py MODEL_FOLDER`, after train.py.

To tell what is asked took nearly all of it; now answers and stories are learned to their ends, by
whole conversations. Questions and follow-ups go on beside them, so that nothing is forgotten.
model.safetensors is replaced at the end.
"""

import argparse
from pathlib import Path

import torch
from batches import EXERCISES, FOLLOWUPS, PASTES, QUESTIONS, REACH, TALKS
from course import Course, Sizes
from dialogues import FACTS, Writer
from encoding import Encoder
from model import Guide, Shape, exported, imported
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from train import foretold, keep_memory, learner, rate

STEPS, PEAK = 1300, 5e-4  # highest learning rate
TURNS = (TALKS, QUESTIONS, PASTES, TALKS, FOLLOWUPS, QUESTIONS)
FIRST = 1_000_000  # number of the first batches: none that was seen before
AVERAGED, KEPT = 0.7, 0.98  # as in train.py


def polish(guide: Guide, encoder: Encoder, steps: int) -> dict[str, Tensor]:
    """Returns the mean of the last weights."""
    course = Course(encoder, Sizes(), TURNS, 0.0, FIRST)
    optimizer, average, losses = learner(guide), dict[str, Tensor](), dict[object, float]()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = group["share"] * rate(step / steps, PEAK)
        loss, _, _ = foretold(guide, course.batch(step, step / steps))
        guide.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(guide.parameters(), 1.0)
        optimizer.step()
        kind = TURNS[step % len(TURNS)]
        before = losses.setdefault(kind, loss.item())
        losses[kind] += 0.04 * (loss.item() - before)
        if step >= AVERAGED * steps and step % 4 == 0:
            now = guide.state_dict()
            average = average or {name: tensor.clone() for name, tensor in now.items()}
            torch._foreach_lerp_(list(average.values()), list(now.values()), 1 - KEPT)
        if step % 50 == 49:
            told = (f"{losses.get(each, 0.0):.3f}" for each in EXERCISES)
            print(f"polish {step + 1:5d}  losses {'  '.join(told)}", flush=True)
    return average or guide.state_dict()


def main() -> None:
    keep_memory()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model folder that train.py filled")
    parser.add_argument("--facts", type=Path, default=FACTS)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    tokenizer = Tokenizer.from_file(str(args.folder / "tokenizer.json"))
    encoder = Encoder(Writer.load(args.facts, args.seed), tokenizer)
    shape = Shape(n_vocab=tokenizer.get_vocab_size(), n_ctx=REACH)
    guide = Guide(shape, len(encoder.writer.subjects))
    path = args.folder / "model.safetensors"
    guide.load_state_dict(imported(load_file(path), shape), strict=False)
    guide.subjects.weight.requires_grad_(False)  # thrown away by now
    weights = polish(guide, encoder, args.steps)
    save_file(exported(weights, shape), path.with_suffix(".part"), {"format": "pt"})
    path.with_suffix(".part").replace(path)


if __name__ == "__main__":
    main()
