"""How soon the list of models is up where other programs have ten thousand, and how long the
longest piece of work on it takes.

    .venv/bin/python tests/measures/library_list.py [--models 10000]

Everything is made in a folder of its own and removed. Figures are seconds.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from helpers.many_models import home_of_many  # noqa: E402


def pieces(steps: Iterator[object]) -> tuple[float, float, int]:
    """Seconds of all of it and of its longest piece, and the number of pieces."""
    begun = last = time.perf_counter()
    longest, n = 0.0, 0
    for _ in steps:
        now = time.perf_counter()
        longest, last, n = max(longest, now - last), now, n + 1
    return time.perf_counter() - begun, max(longest, time.perf_counter() - last), n


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--headers", type=int, default=500, help="how many are read, too")
    args = parser.parse_args()
    with home_of_many(args.models) as home:
        measure(home / "chaski", args.headers)
    return 0


def measure(home: Path, headers: int) -> None:
    begun = time.perf_counter()
    from engine.base.paths import Paths
    from engine.library import Library

    print(f"import                      {time.perf_counter() - begun:.3f}")
    paths = Paths.under(home)
    library = Library(paths)
    told("first look, nothing known  ", pieces(library.refreshing()))
    library.close()

    begun = time.perf_counter()
    library = Library(paths)
    models = library.known()
    print(f"list of the next start      {time.perf_counter() - begun:.3f}   {len(models)} models")
    begun = time.perf_counter()
    changed = library.has_changed()
    print(f"cheap look                  {time.perf_counter() - begun:.3f}   changed: {changed}")
    told("a look through all         ", pieces(library.refreshing()))
    steps = library.describing()
    told(
        f"{headers} headers               ",
        pieces(x for x, _ in zip(steps, range(headers), strict=False)),
    )
    library.close()


def told(what: str, found: tuple[float, float, int]) -> None:
    total, longest, n = found
    print(f"{what} {total:.3f}   longest piece {longest:.4f} of {n}")


if __name__ == "__main__":
    sys.exit(main())
