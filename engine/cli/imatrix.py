"""`chaski imatrix`: which weights matter most, measured over a text, for `chaski quantize`."""

import argparse
from time import perf_counter

from engine import jobs
from engine.base.catalogue import Words
from engine.base.paths import Paths, user_path
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_load_flags, add_verb, load_options
from engine.cli.following import answer_to
from engine.cli.opening import path_of
from engine.cli.speaking import printed


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "imatrix", "an importance matrix over a text", run)
    add = parser.add_argument
    add("-f", "--file", required=True, metavar="F", help="text, or a JSON list of texts")
    add("out", metavar="OUT", help="the file to write, such as it.imatrix.gguf")
    add("--process-output", action="store_true", help="also for output.weight; slower")
    add("--overwrite", action="store_true", help="replace OUT if it exists")
    add_load_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.measure.importance import Calibration

    begun = perf_counter()
    wanted = Calibration(
        text=user_path(args.file),
        out=user_path(args.out),
        window=args.ctx,
        output=args.process_output,
        overwrite=args.overwrite,
    )
    order = jobs.Weigh(path_of(args.model), wanted, load_options(args))
    done = answer_to(console, jobs.weigh(order, Paths.default()))
    found = {
        "path": str(done.path),
        "matrices": done.matrices,
        "windows": done.windows,
        "tokens": done.tokens,
        "seconds": perf_counter() - begun,
    }
    words = Words(
        "{matrices} matrices, {n:,} tokens, in {seconds:.1f} s",
        matrices=done.matrices,
        n=done.tokens,
        seconds=found["seconds"],
    )
    console.result(found, f"{done.path}: {printed(words)}")
    return 0
