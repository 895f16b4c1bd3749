#!/usr/bin/env python3
"""The fuzzer: lying files through every reader, lying models opened and run behind guard pages.

    python tests/fuzz/run.py [--cases 100000] [--only gguf run …] [--seed 0] [--jobs 2]

Cases are named by target and seed and are the same everywhere; a failure is repeated with
`--only TARGET --seed SEED --cases 1`. Exit code 1 if any case crashed, hung, grew beyond its
budget, or ended in anything but a result or one clean sentence.
"""

import argparse
import json
import os
import select
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]
ENDINGS = ("accepted", "refused", "unfit", "internal", "greedy", "slow", "hang", "crash")
GOOD = ENDINGS[:2]
START_SECONDS = 240.0  # the first kernels of a processor are compiled meanwhile
BATCH = 2000


@dataclass
class Tally:
    """How the cases of one target ended, and those that ended badly."""

    target: str
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, seed: int, how: str, why: str) -> None:
        self.counts[how] += 1
        if how not in GOOD:
            self.failures.append((seed, how, why))


def run_target(name: str, first: int, count: int, seconds: float) -> Tally:
    """All cases of one target; a process that dies or hangs is replaced and the rest goes on."""
    tally, at, end = Tally(name), first, first + count
    while at < end:
        at = _one_process(tally, name, at, min(end - at, BATCH), seconds)
    return tally


def _one_process(tally: Tally, name: str, first: int, count: int, seconds: float) -> int:
    """Runs until the process ends; returns the seed that comes next."""
    command = [sys.executable, str(HERE / "worker.py"), name, str(first), str(count)]
    errors = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=errors, cwd=HERE.parents[1]
    ) as child:
        begun, done = None, first
        assert child.stdout is not None
        lines = Lines(child.stdout)
        while True:
            patience = START_SECONDS if begun is None or done == first else 6 * seconds
            line = lines.next(patience)
            if line is None:
                child.kill()
                if begun is None:
                    raise SystemExit(f"the fuzzer's worker for {name} does not start")
                tally.add(begun, "hang", f"no answer within {patience:.0f} s")
                return begun + 1
            if not line:
                break
            word = json.loads(line)
            if "begin" in word:
                begun = word["begin"]
            else:
                tally.add(word["seed"], word["how"], word["why"])
                begun, done = word["seed"], word["seed"] + 1
        code = child.wait()
    if begun is None:
        raise SystemExit(f"the fuzzer's worker for {name} does not start (exit code {code})")
    if begun == done:  # it had begun a case that it did not end
        tally.add(begun, "crash", f"exit code {code}")
        return begun + 1
    return done


class Lines:
    """Lines of a pipe, with patience: None where none comes in time, empty at the end."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._number, self._held = pipe.fileno(), b""

    def next(self, patience: float) -> bytes | None:
        end = time.monotonic() + patience
        while b"\n" not in self._held:
            if not select.select([self._number], [], [], max(0.0, end - time.monotonic()))[0]:
                return None
            piece = os.read(self._number, 1 << 16)
            if not piece:
                return b""
            self._held += piece
        line, _, self._held = self._held.partition(b"\n")
        return line


def shares(total: int, names: list[str]) -> dict[str, int]:
    """How many cases each target gets."""
    from fuzz.targets import TARGETS

    whole = sum(TARGETS[name].share for name in names)
    return {name: max(1, round(total * TARGETS[name].share / whole)) for name in names}


def fuzz(total: int, names: list[str], seed: int, jobs: int) -> list[Tally]:
    """Runs the targets, `jobs` at a time."""
    from fuzz.targets import TARGETS

    counts = shares(total, names)
    with ThreadPoolExecutor(jobs) as pool:
        work = [
            pool.submit(run_target, name, seed, counts[name], TARGETS[name].seconds)
            for name in names
        ]
        return [each.result() for each in work]


def report(tallies: list[Tally]) -> str:
    lines = [f"{'target':<12}{'cases':>8}" + "".join(f"{word:>10}" for word in ENDINGS)]
    for tally in tallies:
        total = sum(tally.counts.values())
        row = "".join(f"{tally.counts[word]:>10}" for word in ENDINGS)
        lines.append(f"{tally.target:<12}{total:>8}{row}")
    for tally in tallies:
        kinds: dict[str, list[int]] = {}
        for seed, how, why in tally.failures:
            kinds.setdefault(f"{how}: {why}", []).append(seed)
        for why, seeds in sorted(kinds.items(), key=lambda item: -len(item[1]))[:40]:
            lines.append(f"{tally.target} {len(seeds)} x {why}  (seeds {seeds[:3]})")
    return "\n".join(lines)


def main() -> int:
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--only", nargs="*", choices=list(TARGETS), default=list(TARGETS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    tallies = fuzz(arguments.cases, arguments.only, arguments.seed, arguments.jobs)
    print(report(tallies))
    return 1 if any(tally.failures for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
