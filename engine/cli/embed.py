"""`chaski embed`: vectors of texts for searching, or scores of passages for a question."""

import argparse
from typing import TYPE_CHECKING, Any

from engine import jobs
from engine.base.errors import UsageError
from engine.base.paths import Paths
from engine.cli.console import Console
from engine.cli.flags import (
    FlagError,
    Subparsers,
    add_load_flags,
    add_verb,
    load_options,
    read_text,
)
from engine.cli.following import answer_to
from engine.cli.opening import path_of

if TYPE_CHECKING:
    from engine.embed import Embedded

POOLINGS = ("none", "mean", "cls", "last")
SHOWN = 8  # digits: more than float32 has


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "embed", "vectors of texts, for searching", run)
    parser.description = (
        "One vector for each text, with a length of 1. With --query, what a reranker says of each "
        "text as an answer. Texts longer than the model's context are cut, and that is told. The "
        "context is as long as the longest text needs, the cache exact (f32), unless asked for."
    )
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="each becomes a vector")
    parser.add_argument("-f", "--file", metavar="F", help="a text in each line, - for stdin")
    parser.add_argument("--query", metavar="Q", help="score the texts for this question")
    parser.add_argument(
        "--pooling",
        choices=POOLINGS,
        default="",
        help="otherwise than the file says; none: a vector for each token, text after text",
    )
    parser.add_argument("--no-normalize", action="store_true", help="vectors as they are")
    add_load_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    texts = tuple(_texts(args))
    order = jobs.Embed(
        path_of(args.model),
        texts,
        args.query,
        not args.no_normalize,
        load_options(args, pooling=args.pooling, cache_type=args.cache_type or "f32"),
    )
    found: Embedded = answer_to(console, jobs.embed(order, Paths.default()))
    console.result(_values(found), _words(found))
    return 0


def _texts(args: argparse.Namespace) -> list[str]:
    if bool(args.texts) == (args.file is not None):
        raise FlagError("give texts, or a file with a text in each line (--file)")
    if args.texts:
        return list(args.texts)
    lines = read_text(args.file).removesuffix("\n").split("\n")
    if not any(line.strip() for line in lines):
        raise UsageError("{file} has no text in it; write one into each line", file=args.file)
    return lines


def _values(found: "Embedded") -> dict[str, Any]:
    rows = [[float(f"{value:.{SHOWN}g}") for value in row] for row in found.rows.tolist()]
    told = {"pooling": found.pooling, "tokens": found.n_tokens, "cut": found.n_cut}
    told |= {"lengths": list(found.lengths)}  # tokens of each text
    if found.pooling == "rank":
        one = found.rows.shape[1] == 1
        return {"scores": [row[0] if one else row for row in rows], "labels": found.labels} | told
    return {"embeddings": rows, "dimensions": found.rows.shape[1]} | told


def _words(found: "Embedded") -> str:
    return "\n".join(" ".join(f"{value:.6f}" for value in row) for row in found.rows.tolist())
