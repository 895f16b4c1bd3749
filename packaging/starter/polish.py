"""The last part of the training: `polish.py MODEL_FOLDER`, after train.py.

Stories and "tell me more" are seldom asked for, but they take the most words and look back the
farthest; here they are half of the conversations. The drill goes on beside them, so that nothing
is forgotten. Not stopped half-way: model.safetensors is replaced at the end.
"""

import argparse
from pathlib import Path

import torch
from batches import REACH, Batches
from dialogues import FACTS, LONG_KINDS, Writer
from encoding import Encoder
from model import Guide, Shape, exported, imported
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from train import LOOSE_DRILL, LOOSE_TALK, _keep_memory, foretold, learner, rate

PEAK = 4e-4  # learning rate
QUESTIONS, CONVERSATIONS = 64, 8  # in a batch of either kind
AVERAGED, KEPT = 0.6, 0.98
FIRST = 1_000_000  # number of the first batch: none that train.py has seen


def polish(guide: Guide, encoder: Encoder, steps: int) -> dict[str, torch.Tensor]:
    """Learns in turn a batch of the drill and one of long conversations; the mean of the last
    weights."""
    drill = Batches(encoder, drill=True, loose=LOOSE_DRILL)
    encoder.writer.kinds = LONG_KINDS
    whole = Batches(encoder, drill=False, loose=LOOSE_TALK)
    optimizer, average, losses = learner(guide), dict[str, torch.Tensor](), [0.0, 0.0]
    for step in range(steps):
        number = FIRST + step // 2
        talk = step % 2
        batch = whole.batch(number, CONVERSATIONS) if talk else drill.batch(number, QUESTIONS)
        for group in optimizer.param_groups:
            group["lr"] = group["share"] * rate(step / steps, PEAK)
        loss, _, _ = foretold(guide, batch)
        guide.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(guide.parameters(), 1.0)
        optimizer.step()
        losses[talk] += 0.04 * (loss.item() - losses[talk])
        if step >= AVERAGED * steps and step % 4 == 0:
            now = guide.state_dict()
            average = average or {name: tensor.clone() for name, tensor in now.items()}
            torch._foreach_lerp_(list(average.values()), list(now.values()), 1 - KEPT)
        if step % 50 == 49:
            told = f"drill {losses[0]:.3f}  conversations {losses[1]:.3f}"
            print(f"step {step + 1:5d}  loss of {told}", flush=True)
    return average


def main() -> None:
    _keep_memory()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model folder that train.py filled")
    parser.add_argument("--facts", type=Path, default=FACTS)
    parser.add_argument("--steps", type=int, default=1100)
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
    guide.subjects.weight.requires_grad_(False)
    made = exported(polish(guide, encoder, args.steps), shape)
    save_file(made, path.with_suffix(".part"), {"format": "pt"})
    path.with_suffix(".part").replace(path)


if __name__ == "__main__":
    main()
