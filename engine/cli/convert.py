"""`chaski convert`: a GGUF file from the weights that other programs write."""

import argparse
import dataclasses
from pathlib import Path
from time import perf_counter
from typing import Any

from engine import jobs
from engine.base.catalogue import Words
from engine.base.paths import Paths
from engine.base.settings import CONVERT_TYPES
from engine.cli.console import Console
from engine.cli.flags import FlagError, Subparsers, adapter, add_verb, thread_count
from engine.cli.following import file_of
from engine.cli.speaking import printed, printed_figures


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "convert", "make a GGUF file of other weights", run, model=False)
    add = parser.add_argument
    add("source", metavar="SRC", help="a model folder, .pth, llama2.c, llm.c or older ggml file")
    add("out", metavar="OUT.gguf", nargs="?", help="the file to write; not needed with --dry-run")
    add("--type", choices=CONVERT_TYPES, default="auto", help="auto keeps what the source has")
    add("--tokenizer", metavar="F", help="where it does not lie beside the weights")
    add("--base", metavar="DIR", help="of a LoRA adapter: the folder of its model")
    add(
        "--lora",
        action="append",
        default=[],
        metavar="DIR[=SCALE]",
        help="an adapter to merge in; may be given more than once",
    )
    add("--overwrite", action="store_true", help="replace OUT.gguf if it exists")
    add("-t", "--threads", type=thread_count(), default=0, metavar="N", help="default: free cores")
    add("--dry-run", action="store_true", help="only say what SRC is and how large each type is")


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.hardware.report import default_threads
    from engine.measure.live import peak_rss

    tokenizer, base = (Path(text) if text else None for text in (args.tokenizer, args.base))
    if args.dry_run:
        return _foretell(Path(args.source), tokenizer, base, console)
    if args.out is None:
        raise FlagError("say where to write: chaski convert SRC OUT.gguf")
    begun = perf_counter()
    order = jobs.Convert(
        Path(args.source),
        Path(args.out),
        out_type=args.type,
        tokenizer=tokenizer,
        base=base,
        adapters=tuple(adapter(text) for text in args.lora),
        overwrite=args.overwrite,
        threads=args.threads or default_threads(),
    )
    done = file_of(console, jobs.convert(order, Paths.default()), order.out)
    found: dict[str, Any] = {
        "path": str(done.path),
        "architecture": done.architecture,
        "type": done.type_name,
        "tensors": done.tensors,
        "resumed": done.resumed,
        "bytes": done.bytes,
        "seconds": perf_counter() - begun,
        "peak_rss_bytes": peak_rss(),
    }
    words = Words(
        "{architecture} {type}, {n} tensors, {bytes:,} bytes in {seconds:.1f} s",
        architecture=done.architecture,
        type=done.type_name,
        n=done.tensors,
        bytes=done.bytes,
        seconds=found["seconds"],
    )
    console.result(found, f"{done.path}: {printed(words)}")
    return 0


def _foretell(source: Path, tokenizer: Path | None, base: Path | None, console: Console) -> int:
    from engine.workshop.convert import inspect_source

    found = inspect_source(source, tokenizer=tokenizer, base=base)
    for notice in found.notices:
        console.note(notice)
    about = Words(
        "{architecture}, {n:,} weights, {type}",
        architecture=found.architecture,
        n=found.parameters,
        type=found.type_name,
    )
    lines = [printed(found.what), printed(about)]
    lines += [printed_figures(f"{name:5s} {size:>16,} bytes") for name, size in found.sizes.items()]
    console.result(dataclasses.asdict(found), "\n".join(lines))
    return 0
