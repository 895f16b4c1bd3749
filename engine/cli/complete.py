"""`chaski complete`: raw completion of a text or of token ids, without a chat template."""

import argparse
import dataclasses
from typing import Any

from engine import jobs
from engine.base.catalogue import Words
from engine.base.events import Event, TextDelta
from engine.cli.console import EXIT_STOPPED, Console
from engine.cli.flags import (
    Subparsers,
    add_load_flags,
    add_sampling_flags,
    add_verb,
    check_ids,
    check_sampling,
    generation_params,
    prompt_ids,
    sampling_params,
)
from engine.cli.opening import opened


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "complete", "continue a text, without a chat template", run)
    prompt = parser.add_mutually_exclusive_group(required=True)
    prompt.add_argument("-p", "--prompt", metavar="TEXT")
    prompt.add_argument("--ids", type=prompt_ids, metavar="1,2,3", help="the prompt as token ids")
    parser.add_argument(
        "--parse-special", action="store_true", help="text that spells a special token is one"
    )
    add_load_flags(parser)
    add_sampling_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    check_sampling(args)

    def tell(event: Event) -> None:
        if isinstance(event, TextDelta):
            console.write(event.text)

    with opened(args, console, wished=True) as found:
        if args.ids is not None:
            check_ids(args.ids, found.model.hyper.n_vocab)
        order = jobs.Complete(
            args.prompt if args.ids is None else tuple(args.ids),
            sampling_params(args, found.info.default_sampling),
            generation_params(args),
            args.parse_special,
        )
        done: jobs.Completed = found.answer_to(jobs.complete(order, found.model), tell)
    console.write("\n")
    console.result(_told(done, order), "")
    if done.reason == "context" and not console.json:
        console.note(Words("[the context of {n} tokens is full]", n=found.info.n_ctx))
    return EXIT_STOPPED if done.reason == "cancelled" else 0


def _told(done: jobs.Completed, order: jobs.Complete) -> dict[str, Any]:
    told = {
        "prompt_ids": done.prompt_ids,
        "ids": done.ids,
        "text": done.text,
        "stop_reason": done.reason,
        "timings": dataclasses.asdict(done.timings),
    }
    if order.sampling.n_probs:
        told["logprobs"] = [
            {"id": c.token, "logprob": c.logprob, "top": [list(t) for t in c.top]}
            for c in done.choices
        ]
    return told
