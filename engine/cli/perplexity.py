"""`chaski perplexity`: how well a model predicts a text, and how far it is from a reference."""

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from engine import jobs
from engine.base.catalogue import Words
from engine.base.paths import Paths
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_load_flags, add_verb, load_options
from engine.cli.following import answer_to
from engine.cli.opening import path_of
from engine.cli.speaking import printed

if TYPE_CHECKING:
    from engine.measure.perplexity import Perplexity


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "perplexity", "how well a model predicts a text", run)
    parser.description = (
        "A .json list of texts: each on its own, cut to --ctx tokens, all positions count. Other "
        "text: windows of --ctx tokens, the second half of each counts, as llama.cpp does."
    )
    parser.add_argument("-f", "--file", required=True, metavar="F", help="text, or JSON list")
    parser.add_argument("--reference", metavar="OTHER", help="also KL divergence from this model")
    add_load_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    order = jobs.Perplex(
        path_of(args.model),
        Path(args.file).expanduser(),
        args.ctx,
        path_of(args.reference) if args.reference is not None else None,
        load_options(args),
    )
    found: Perplexity = answer_to(console, jobs.perplexity(order, Paths.default()))
    told = {k: v for k, v in dataclasses.asdict(found).items() if v is not None}
    values = {k: v for k, v in told.items() if k != "reference_ppl"}
    lines = [
        Words(
            "perplexity {ppl:.4f} ± {error:.4f} over {n:,} tokens",
            ppl=found.ppl,
            error=found.ppl_error,
            n=found.n_tokens,
        )
    ]
    if found.kl_mean is not None and found.top1 is not None:
        lines.append(
            Words(
                "KL divergence mean {mean:.5f}, 99% below {most:.5f}; same likeliest token "
                "{share:.2f}%",
                mean=found.kl_mean,
                most=found.kl_99,
                share=100 * found.top1,
            )
        )
    console.result(values, "\n".join(map(printed, lines)))
    return 0
