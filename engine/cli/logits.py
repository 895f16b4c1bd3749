"""`chaski logits`: the model's raw output after each token, as a NumPy file."""

import argparse
import os
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.events import Progress, Stage
from engine.base.jobs import Job
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_load_flags, add_verb, check_ids, prompt_ids
from engine.cli.opening import opened


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "logits", "write the logits after each token to a .npy", run)
    parser.add_argument("--ids", type=prompt_ids, required=True, metavar="1,2,3")
    parser.add_argument("--out", required=True, metavar="F.npy")
    add_load_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    import numpy as np

    from engine.model import Model
    from engine.tape import Tape, reading

    def job(model: Model) -> Job:
        rows = []
        for done, logits in reading(Tape(model.backend), args.ids):
            rows.append(logits.copy())
            yield Progress(Stage.TOKENS, done, len(args.ids))
        return np.concatenate(rows)

    with opened(args, console) as model:
        check_ids(args.ids, model.hyper.n_vocab)
        table = console.drive(job(model))
    out = Path(args.out)
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as stream:
            np.save(stream, table.astype(np.float32, copy=False))
        os.replace(part, out)
    except OSError as error:
        raise ChaskiError(f"{out} cannot be written: {error.strerror or error}") from None
    console.result({"shape": list(table.shape)}, f"{table.shape[0]} x {table.shape[1]} -> {out}")
    return 0
