"""The last part of the training: `polish.py MODEL_FOLDER`, after train.py.

Stories and "tell me more" are seldom asked for, but they take the most words and look back the
farthest; here they are half of the conversations. The drill goes on beside them, so that nothing
is forgotten. model.safetensors is replaced at the end of each round.
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

QUESTIONS, CONVERSATIONS = 64, 8  # in a batch of either kind
AVERAGED, KEPT = 0.6, 0.98
FIRST = 1_000_000  # number of the first batch: none that train.py has seen
# Rounds: steps, highest learning rate, batches of conversations for one of the drill, and how much
# of the result is theirs. The second one learns whole stories and forgets some wordings.
ROUNDS = ((1100, 4e-4, 1, 1.0), (700, 6e-4, 2, 0.6))


def polish(guide: Guide, encoder: Encoder, which: int) -> dict[str, torch.Tensor]:
    """Learns batches of the drill and of long conversations; the mean of the last weights."""
    steps, peak, talks, _ = ROUNDS[which]
    drill = Batches(encoder, drill=True, loose=LOOSE_DRILL)
    encoder.writer.kinds = LONG_KINDS
    whole = Batches(encoder, drill=False, loose=LOOSE_TALK)
    optimizer, average, losses = learner(guide), dict[str, torch.Tensor](), [0.0, 0.0]
    for step in range(steps):
        number = FIRST * (which + 1) + (step if talks > 1 else step // 2)
        talk = int(step % (talks + 1) != 0)
        batch = whole.batch(number, CONVERSATIONS) if talk else drill.batch(number, QUESTIONS)
        for group in optimizer.param_groups:
            group["lr"] = group["share"] * rate(step / steps, peak)
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
    return average or guide.state_dict()


def main() -> None:
    _keep_memory()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model folder that train.py filled")
    parser.add_argument("--facts", type=Path, default=FACTS)
    parser.add_argument("--rounds", type=int, nargs="*", default=range(len(ROUNDS)))
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
    for which in args.rounds:
        before = {name: tensor.clone() for name, tensor in guide.state_dict().items()}
        after, share = polish(guide, encoder, which), ROUNDS[which][3]
        weights = {name: torch.lerp(before[name], after[name], share) for name in after}
        guide.load_state_dict(weights)
        save_file(exported(weights, shape), path.with_suffix(".part"), {"format": "pt"})
        path.with_suffix(".part").replace(path)


if __name__ == "__main__":
    main()
