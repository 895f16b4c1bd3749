"""`chaski logits`: the model's raw output after each token, as a NumPy file."""

import argparse
from pathlib import Path

from engine import jobs
from engine.base.places import check_output, writing
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_load_flags, add_verb, check_ids, prompt_ids
from engine.cli.opening import opened


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "logits", "write the logits after each token to a .npy", run)
    parser.add_argument("--ids", type=prompt_ids, required=True, metavar="1,2,3")
    parser.add_argument("--out", required=True, metavar="F.npy")
    parser.add_argument("--overwrite", action="store_true", help="replace F.npy if it exists")
    add_load_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    import numpy as np

    out = Path(args.out).expanduser()
    check_output(out, overwrite=args.overwrite, example="rows.npy")
    with opened(args, console) as found:
        check_ids(args.ids, found.model.hyper.n_vocab)
        table = found.answer_to(jobs.logits(args.ids, found.model))
    with writing(out, overwrite=args.overwrite) as stream:
        np.save(stream, table.astype(np.float32, copy=False))
    console.result({"shape": list(table.shape)}, f"{table.shape[0]} x {table.shape[1]} -> {out}")
    return 0
