"""`chaski quantize`: a smaller GGUF file of the same model."""

import argparse
from typing import TYPE_CHECKING, Any

from engine import jobs
from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.paths import Paths, user_path
from engine.base.words import padded, shown
from engine.cli.console import Console
from engine.cli.flags import FlagError, Subparsers, add_verb, thread_count
from engine.cli.following import file_of
from engine.cli.opening import path_of
from engine.cli.speaking import printed

if TYPE_CHECKING:
    from engine.workshop.quantize_plan import QuantizeOptions, QuantizePlan


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "quantize", "make a smaller file of a model", run, model=False)
    add = parser.add_argument
    add("source", metavar="IN", help="a GGUF file, best F16, BF16 or F32, or a library name")
    add("out", metavar="OUT.gguf", help="the file to write")
    add("type", metavar="TYPE", help="what to make, such as Q4_K_M, Q6_K, IQ3_S or MXFP4")
    add("--imatrix", metavar="F", help="an importance matrix; the lowest types need one")
    add("--include-weights", **_several("PART", Words("only names with PART heed the imatrix")))
    add("--exclude-weights", **_several("PART", Words("names with PART do not heed the imatrix")))
    add("--tensor-type", **_several("REGEX=TYPE", Words("another type for these tensors")))
    add("--output-tensor-type", metavar="TYPE", help="of output.weight")
    add("--token-embedding-type", metavar="TYPE", help="of the token embedding")
    add("--leave-output-tensor", action="store_true", help="output.weight stays as it is")
    add("--pure", action="store_true", help="every matrix the same type")
    add("--allow-requantize", action="store_true", help="also from a file that was quantized")
    add("--keep-split", action="store_true", help="as many files as IN has")
    add("--overwrite", action="store_true", help="replace OUT.gguf if it exists")
    add("--dry-run", action="store_true", help="only say how large it would be")
    add("-t", "--threads", type=thread_count(), default=0, metavar="N", help="default: free cores")


def _several(metavar: str, text: Words) -> dict[str, Any]:
    """A flag that may be given more than once."""
    told = Words("{what}; repeatable", what=text)
    return {"action": "append", "default": [], "metavar": metavar, "help": told}


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.workshop.quantize import plan_quantize

    options = _options(args)
    source, out = path_of(args.source), user_path(args.out)
    if args.dry_run:
        return _foretell(plan_quantize(source, options), console)
    order = jobs.Quantize(source, out, options)
    done = file_of(console, jobs.quantize(order, Paths.default()), out)
    found = {
        "bytes": done.bytes,
        "bpw": done.bits_per_weight,
        "seconds": done.seconds,
        "types": done.types,
        "resumed": done.resumed,
    }
    words = Words(
        "{bytes:,} bytes, {bits:.2f} bits per weight, in {seconds:.1f} s",
        bytes=done.bytes,
        bits=done.bits_per_weight,
        seconds=done.seconds,
    )
    console.result(found, f"{done.paths[0]}: {printed(words)}")
    return 0


def _foretell(plan: "QuantizePlan", console: Console) -> int:
    """What would be written, without a weight being read."""
    for name in plan.missing_importance[:1]:
        console.note(
            Words(
                "{tensor} would be noise: {type} needs an importance matrix (--imatrix)",
                tensor=name,
                type=plan.target,
            )
        )
    lines = [
        f"{shown(t.name):40s} {t.source.type.name:>8s} {_becomes(t.type.name)}"
        for t in plan.tensors
    ]
    weight = Words(
        "{bytes:,} bytes, {bits:.2f} bits per weight",
        bytes=plan.nbytes,
        bits=plan.bits_per_weight,
    )
    total = f"{plan.target}: {printed(weight)}"
    found = {
        "bytes": plan.nbytes,
        "bpw": plan.bits_per_weight,
        "seconds": 0.0,
        "types": plan.types,
        "resumed": 0,
    }
    console.result(found, "\n".join([*lines, total]))
    return 0


def _becomes(name: str) -> str:
    return padded(printed(Words("to {type}", type=name)), 11)


def _options(args: argparse.Namespace) -> "QuantizeOptions":
    """What was wished; a wrong wish is wrong usage, told before a file is opened."""
    from engine.hardware.report import chosen_threads
    from engine.workshop.mixes import Wishes, parse_patterns, target_name, type_named
    from engine.workshop.quantize_plan import QuantizeOptions

    try:
        target = target_name(args.type)
        output, embedding = (
            type_named(name) if name else None
            for name in (args.output_tensor_type, args.token_embedding_type)
        )
        patterns = parse_patterns(args.tensor_type)
    except UsageError as error:
        raise FlagError(str(error)) from None
    return QuantizeOptions(
        target=target,
        wishes=Wishes(output, embedding, patterns, args.pure, args.leave_output_tensor),
        imatrix=user_path(args.imatrix) if args.imatrix else None,
        include_weights=args.include_weights,
        exclude_weights=args.exclude_weights,
        allow_requantize=args.allow_requantize,
        keep_split=args.keep_split,
        overwrite=args.overwrite,
        threads=chosen_threads(args.threads),
    )
