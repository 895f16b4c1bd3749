"""`chaski bench`: tokens per second of prefill and decode."""

import argparse
from dataclasses import asdict
from typing import Any

from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_load_flags, add_verb, at_least, load_options
from engine.cli.opening import opened_file, path_of

_KEYS = (("prefill", "pp"), ("decode ", "tg"))


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "bench", "tokens per second", run)
    whole = at_least(0)
    parser.add_argument("-p", type=whole, default=512, metavar="N", help="prompt tokens")
    parser.add_argument("-n", type=whole, default=64, metavar="N", help="tokens to decode")
    parser.add_argument("-d", type=whole, default=0, metavar="N", help="tokens read before timing")
    parser.add_argument("-r", type=at_least(1), default=3, metavar="N", help="repetitions")
    parser.add_argument("--peer", metavar="PYTHON", help="also time llama.cpp, installed there")
    add_load_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    from statistics import median

    from engine.cli.version import installed_version
    from engine.measure.bench import (
        bench,
        context_for,
        peak_rss,
        roof,
        stream_bytes_per_second,
    )

    n_ctx = max(args.ctx, context_for(args.p, args.n, args.d))
    options = load_options(args, n_ctx=n_ctx)
    with opened_file(path_of(args.model), options, console, any_context=True) as model:
        speed = console.drive(bench(model, args.p, args.n, args.d, args.r))
        found: dict[str, Any] = {
            "engine": f"chaski {installed_version()} ({args.backend})",
            "threads": model.info.threads,
            "load_s": model.info.load_s,
            "pp": {"n": args.p, "tok_s": speed.prompt},
            "tg": {"n": args.n, "depth": args.d, "tok_s": speed.decode},
            "stream_gb_s": stream_bytes_per_second(model, speed) / 1e9,
            "peak_rss_bytes": peak_rss(),
        }
        if args.backend == "cpu":
            found["roof"] = asdict(roof(model, speed))
    if args.peer:
        found["peer"] = _peer(args, found["threads"])
    lines = [
        f"{name} {values['n']:5d} tokens  {median(values['tok_s']):9.2f} tok/s"
        for name, values in (("prefill", found["pp"]), ("decode ", found["tg"]))
        if values["tok_s"]
    ]
    lines.append(f"load {found['load_s']:.2f} s, {found['stream_gb_s']:.1f} GB/s of weights")
    lines += _roof_lines(found.get("roof")) + _peer_lines(found)
    console.result(found, "\n".join(lines))
    return 0


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


def _roof_lines(roof: dict[str, float] | None) -> list[str]:
    if roof is None:
        return []
    return [
        f"roof     memory {roof['memory_gb_s']:.1f} GB/s allow {roof['decode_tok_s']:.1f} tok/s: "
        f"{100 * roof['decode_share']:.0f} % reached",
        f"         products {roof['products_g_s']:.0f} G/s allow "
        f"{roof['prefill_tok_s']:.0f} tok/s: "
        f"{100 * roof['prefill_share']:.0f} % reached",
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
