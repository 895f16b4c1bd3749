"""How fast one reply goes on while another conversation's long prompt is read beside it.

    .venv/bin/python tests/measures/beside_a_prompt.py MODEL.gguf [--prompt 2000] [--threads 2]

Both share one model and the compute lane, as two chats of the window do. Asked: while the prompt is
read the reply keeps half of its speed, and none of its tokens waits 0.3 seconds. Tokens do not
change: that is tested elsewhere.
"""

import argparse
import sys
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.open_tiny import drive  # noqa: E402

from engine.base.jobs import Job, Together  # noqa: E402
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams  # noqa: E402
from engine.generate import Generation  # noqa: E402
from engine.host import Host, Ticket  # noqa: E402
from engine.measure.bench import random_ids  # noqa: E402
from engine.model import Model, open_model  # noqa: E402
from engine.tape import Tape  # noqa: E402

LEAST_SHARE, LONGEST_S = 0.5, 0.3
ENDLESS = GenerationParams(ignore_eos=True, speculate=False)


def writing(generation: Generation, ids: list[int], moments: list[float]) -> Job:
    """Until it is stopped; when each token came."""
    yield from generation.read(ids)
    for piece in generation.write():
        yield piece if isinstance(piece, Together) else None
        if not isinstance(piece, Together):
            moments.append(perf_counter())


def reading(generation: Generation, ids: list[int], times: list[float]) -> Job:
    times.append(perf_counter())
    for event in generation.read(ids):
        yield event if isinstance(event, Together) else None
    times.append(perf_counter())
    return None


def measured(model: Model, n_prompt: int) -> bool:
    ids = random_ids(model.hyper.n_vocab, n_prompt + 32)
    greedy = SamplingParams(temperature=0.0)
    made = [Generation(model, Tape(model.backend), greedy, ENDLESS) for _ in range(3)]
    host, moments = Host(), list[float]()
    alone, beside = list[float](), list[float]()
    host.submit(reading(made[0], ids[:n_prompt], alone), Ticket()).wait()
    writer = host.submit(writing(made[1], ids[-16:], moments), Ticket())
    while len(moments) < 100:
        sleep(0.01)
    host.submit(reading(made[2], ids[:n_prompt], beside), Ticket()).wait()
    writer.cancel()
    host.shutdown()
    before = [b - a for a, b in pairwise(moments) if b < beside[0]]
    within = [b - a for a, b in pairwise(moments) if a > beside[0] and b < beside[1]]
    share = median(before) * len(within) / sum(within)
    spent = [end - begun for begun, end in (alone, beside)]
    print(
        f"alone {1 / median(before):.1f} tok/s, beside a prompt {len(within) / sum(within):.1f} "
        f"({share:.0%}), longest pause {1000 * max(within):.0f} ms; prompt alone "
        f"{n_prompt / spent[0]:.0f} tok/s, beside {n_prompt / spent[1]:.0f}"
    )
    return share >= LEAST_SHARE and max(within) < LONGEST_S


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("model", type=Path)
    parser.add_argument("--prompt", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    options = LoadOptions(n_ctx=args.prompt + 2048, threads=args.threads)
    model = drive(open_model(args.model, options, "x"))
    fine = measured(model, args.prompt)
    model.close()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
