"""`chaski perplexity`: how well a model predicts a text, and how far it is from a reference."""

import argparse
import dataclasses
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.errors import ChaskiError
from engine.base.paths import Paths
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_load_flags, add_verb, load_options
from engine.cli.opening import opened, opened_file, path_of

if TYPE_CHECKING:
    from engine.measure.perplexity import Perplexity
    from engine.model import Model


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
    from engine.measure.perplexity import USUAL_WINDOW, perplexity

    with ExitStack() as stack:
        model = stack.enter_context(opened(args, console))
        window = args.ctx or min(USUAL_WINDOW, model.info.n_ctx)
        path = Path(args.file).expanduser()
        if args.reference is None:
            found: Perplexity = console.drive(perplexity(model, path, window))
        else:
            found = _against(args, console, stack, model, path, window)
    told = {k: v for k, v in dataclasses.asdict(found).items() if v is not None}
    values = {k: v for k, v in told.items() if k != "reference_ppl"}
    text = f"perplexity {found.ppl:.4f} ± {found.ppl_error:.4f} over {found.n_tokens:,} tokens"
    if found.kl_mean is not None and found.top1 is not None:
        text += (
            f"\nKL divergence mean {found.kl_mean:.5f}, 99% below {found.kl_99:.5f}; "
            f"same likeliest token {100 * found.top1:.2f}%"
        )
    console.result(values, text)
    return 0


def _against(
    args: argparse.Namespace,
    console: Console,
    stack: ExitStack,
    model: "Model",
    path: Path,
    window: int,
) -> "Perplexity":
    """One model after the other, so that the larger of the two is all that must fit.

    stack: has the first one open.
    """
    from engine.architectures import build_graph
    from engine.measure.keeping import keep_comparison
    from engine.measure.kept_logits import KeptLogits
    from engine.measure.perplexity import (
        check_alike,
        compare_with,
        keep_predictions,
        rows_to_measure,
    )
    from engine.weights.formats.gguf import open_gguf

    made, other = model.info.path, path_of(args.reference)
    with open_gguf(other) as file:
        check_alike(model, other.name, build_graph(file)[0].n_vocab)
    rows = rows_to_measure(model, path, window)
    n = sum(row.n_scored for row in rows)
    with closing(KeptLogits(Paths.default().cache, n, model.hyper.n_vocab)) as kept:
        console.drive(keep_predictions(model, rows, kept))
        stack.close()
        options = load_options(args, adapters=())
        with opened_file(other, options, console) as reference:
            found: Perplexity = console.drive(compare_with(reference, rows, kept))
    with suppress(ChaskiError):  # the figures are there; only what was to be kept of them is not
        job = keep_comparison(Paths.default().losses_file, made, other, rows, path, found)
        if console.drive(job):
            console.note("kept: search and info tell what this type loses, as measured")
    return found
