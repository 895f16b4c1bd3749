"""`chaski bench`: tokens per second of prefill and decode."""

import argparse
from dataclasses import asdict
from typing import Any

from engine import jobs
from engine.base.catalogue import Words
from engine.base.models import ModelInfo
from engine.base.words import columns, padded
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_load_flags, add_verb, at_least, load_options, wrong
from engine.cli.opening import opened, path_of
from engine.cli.speaking import printed, printed_figures

MOST_PARALLEL = 64
LABEL = 8  # letters that a line's first word takes
_KEY_WORDS = {"pp": "prefill", "tg": "decode"}


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "bench", "tokens per second", run)
    whole = at_least(0)
    parser.add_argument("-p", type=whole, default=512, metavar="N", help="prompt tokens")
    parser.add_argument("-n", type=whole, default=64, metavar="N", help="tokens to decode")
    parser.add_argument("-d", type=whole, default=0, metavar="N", help="tokens read before timing")
    parser.add_argument("-r", type=at_least(1), default=3, metavar="N", help="repetitions")
    parser.add_argument(
        "--parallel",
        type=_counts,
        default=[],
        metavar="1,4,8",
        help="numbers of conversations that decode at once",
    )
    parser.add_argument("--peer", metavar="PYTHON", help="also time llama.cpp, installed there")
    add_load_flags(parser)


def _counts(text: str) -> list[int]:
    """ "1,4,8" """
    try:
        found = [int(each) for each in text.split(",")]
    except ValueError:
        found = []
    if not found or min(found) < 1 or max(found) > MOST_PARALLEL:
        raise wrong(
            Words(
                "expected numbers from 1 to {most} with commas between them, such as 1,4,8",
                most=MOST_PARALLEL,
            )
        )
    return found


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.measure.bench import context_for

    n_ctx = max(args.ctx, context_for(args.p, args.n, args.d))
    options = load_options(args, n_ctx=n_ctx, any_context=True)
    order = jobs.Bench(args.p, args.n, args.d, args.r, tuple(args.parallel), args.backend == "cpu")
    with opened(args, console, options) as model:
        done: jobs.Benched = model.answer_to(jobs.bench(order, model.model))
        found = _told(args, model.info, done)
    if args.peer:
        found["peer"] = _peer(args, found["threads"])
    console.result(found, "\n".join(_lines(found)))
    return 0


def _told(args: argparse.Namespace, info: ModelInfo, done: jobs.Benched) -> dict[str, Any]:
    from engine.base.version import installed_version

    found: dict[str, Any] = {
        "engine": f"chaski {installed_version()} ({args.backend})",
        "threads": info.threads,
        "load_s": info.load_s,
        "load_parts_s": info.load_parts_s,
        "kernels_compiled": info.kernels_compiled,
        "pp": {"n": args.p, "tok_s": done.speed.prompt},
        "tg": {"n": args.n, "depth": args.d, "tok_s": done.speed.decode},
        "stream_gb_s": done.stream / 1e9,
        "peak_rss_bytes": done.peak,
    }
    if done.roof:
        found["roof"] = asdict(done.roof)
    if args.parallel:
        found["parallel"] = [{"sequences": n, "tok_s": each} for n, each in done.parallel.items()]
    return found


def _lines(found: dict[str, Any]) -> list[str]:
    from statistics import median

    tokens, together = printed(Words("tokens")), printed(Words("together"))
    lines = [
        f"{name} {found[key]['n']:5d} {tokens}  {_speed(median(found[key]['tok_s']))}"
        for name, key in _named()
        if found[key]["tok_s"]
    ]
    read = Words("decode reads {rate:rate} of weights", rate=found["stream_gb_s"] * 1e9)
    lines.append(printed(read))
    for each in found.get("parallel", []):
        several = printed(Words("{n} at once", n=each["sequences"]))
        lines.append(f"{several}  {_speed(median(each['tok_s']))} {together}")
    return lines + _load_lines(found) + _roof_lines(found.get("roof")) + _peer_lines(found)


def _named() -> list[tuple[str, str]]:
    """The two lines of figures, under each other, and their keys."""
    names = {key: printed(Words(words)) for key, words in _KEY_WORDS.items()}
    widest = max(map(columns, names.values()))
    return [(padded(name, widest), key) for key, name in names.items()]


def _speed(tokens_per_second: float) -> str:
    return printed_figures(f"{tokens_per_second:9.2f} tok/s")


def _peer(args: argparse.Namespace, threads: int) -> dict[str, Any]:
    from engine.measure.peer import run_peer

    path = str(path_of(args.model))
    return run_peer(
        args.peer,
        path,
        prompt=args.p,
        decode=args.n,
        depth=args.d,
        threads=threads,
        repeat=args.r,
    )


_PART_WORDS = {
    "header": "header",
    "compiler": "loading the compiler",
    "plan": "plan",
    "tokenizer": "tokenizer",
    "kernels": "kernels",
    "reading": "reading weights",
    "packing": "packing them",
}


def _load_lines(found: dict[str, Any]) -> list[str]:
    parts, compiled = found["load_parts_s"], found["kernels_compiled"]
    names = {key: Words(words) for key, words in _PART_WORDS.items()}
    if compiled:
        names["kernels"] = Words("kernels, {n} compiled", n=compiled)
    shown = [
        printed(Words("{part} {seconds:.2f}", part=names[key], seconds=parts[key]))
        for key in names
        if key in parts
    ]
    rest = max(found["load_s"] - sum(parts.values()), 0)
    shown.append(printed(Words("rest {seconds:.2f}", seconds=rest)))
    load = padded(printed(Words("load")), LABEL)
    return [f"{load} {printed_figures(format(found['load_s'], '.2f'))} s: {'; '.join(shown)}"]


def _roof_lines(roof: dict[str, Any] | None) -> list[str]:
    """Medians, and between what the single measurements lay."""
    if roof is None:
        return []
    read, rates = roof["memory_runs_gb_s"], roof["products_runs_g_s"]
    memory = Words(
        "memory {rate:rate} ({low:.1f} to {high:.1f} in {n} runs) allow {speed:.1f} tok/s: "
        "{share:.0f}% reached",
        rate=roof["memory_gb_s"] * 1e9,
        low=min(read),
        high=max(read),
        n=len(read),
        speed=roof["decode_tok_s"],
        share=100 * roof["decode_share"],
    )
    products = Words(
        "products {rate:.0f} G/s ({low:.0f} to {high:.0f}) allow {speed:.0f} tok/s: {share:.0f}% "
        "reached",
        rate=roof["products_g_s"],
        low=min(rates),
        high=max(rates),
        speed=roof["prefill_tok_s"],
        share=100 * roof["prefill_share"],
    )
    roof_ = padded(printed(Words("roof")), LABEL)
    return [f"{roof_} {printed(memory)}", f"{' ' * LABEL} {printed(products)}"]


def _peer_lines(found: dict[str, Any]) -> list[str]:
    from statistics import median

    peer = found.get("peer")
    if peer is None:
        return []
    pairs = ((name, found[key]["tok_s"], peer[key]["tok_s"]) for name, key in _named())
    lines = [str(peer["engine"])]
    for name, ours, theirs in pairs:
        if ours and theirs:
            ratio = Words("ratio {value:.2f}", value=median(ours) / median(theirs))
            lines.append(f"{name}  {_speed(median(theirs))}   {printed(ratio)}")
    return lines
