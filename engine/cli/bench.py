"""`chaski bench`: tokens per second of prefill and decode."""

import argparse
from dataclasses import asdict
from typing import Any

from engine import jobs
from engine.base import sizes
from engine.base.models import ModelInfo
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_load_flags, add_verb, at_least, load_options
from engine.cli.opening import opened, path_of

MOST_PARALLEL = 64
_KEYS = (("prefill", "pp"), ("decode ", "tg"))


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
        raise argparse.ArgumentTypeError(
            f"expected numbers from 1 to {MOST_PARALLEL} with commas between them, such as 1,4,8"
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

    lines = [
        f"{name} {values['n']:5d} tokens  {median(values['tok_s']):9.2f} tok/s"
        for name, values in (("prefill", found["pp"]), ("decode ", found["tg"]))
        if values["tok_s"]
    ]
    lines.append(f"decode reads {sizes.rate(found['stream_gb_s'] * 1e9)} of weights")
    lines += [
        f"{each['sequences']} at once  {median(each['tok_s']):9.2f} tok/s together"
        for each in found.get("parallel", [])
    ]
    return lines + _load_lines(found) + _roof_lines(found.get("roof")) + _peer_lines(found)


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


_PARTS = {
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
    names = _PARTS | {"kernels": f"kernels, {compiled} compiled" if compiled else "kernels"}
    shown = [f"{names[key]} {parts[key]:.2f}" for key in names if key in parts]
    rest = found["load_s"] - sum(parts.values())
    return [f"load     {found['load_s']:.2f} s: {'; '.join(shown)}; rest {max(rest, 0):.2f}"]


def _roof_lines(roof: dict[str, Any] | None) -> list[str]:
    """Medians, and between what the single measurements lay."""
    if roof is None:
        return []
    read, rates = roof["memory_runs_gb_s"], roof["products_runs_g_s"]
    memory = sizes.rate(roof["memory_gb_s"] * 1e9)
    return [
        f"roof     memory {memory} ({min(read):.1f} to {max(read):.1f} "
        f"in {len(read)} runs) allow {roof['decode_tok_s']:.1f} tok/s: "
        f"{100 * roof['decode_share']:.0f}% reached",
        f"         products {roof['products_g_s']:.0f} G/s ({min(rates):.0f} to "
        f"{max(rates):.0f}) allow {roof['prefill_tok_s']:.0f} tok/s: "
        f"{100 * roof['prefill_share']:.0f}% reached",
    ]


def _peer_lines(found: dict[str, Any]) -> list[str]:
    from statistics import median

    peer = found.get("peer")
    if peer is None:
        return []
    pairs = ((name, found[key]["tok_s"], peer[key]["tok_s"]) for name, key in _KEYS)
    return [str(peer["engine"])] + [
        f"{name}  {median(theirs):9.2f} tok/s   ratio {median(ours) / median(theirs):.2f}"
        for name, ours, theirs in pairs
        if ours and theirs
    ]
