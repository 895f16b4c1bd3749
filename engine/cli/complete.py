"""`chaski complete`: raw completion of a text or of token ids, without a chat template."""

import argparse
import dataclasses
from typing import TYPE_CHECKING

from engine.base.errors import CancelledError
from engine.base.jobs import Job, Together
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

if TYPE_CHECKING:
    from engine.generate import Piece
    from engine.model import Model


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
    with opened(args, console, wished=True) as model:
        writer = _Completion(model, args, console)
        console.drive(writer.job())
        return writer.report()


class _Completion:
    """One completion: collects the pieces, so that a stopped one can still be reported."""

    def __init__(self, model: "Model", args: argparse.Namespace, console: Console) -> None:
        from engine.generate import Generation
        from engine.tape import Tape

        self.console = console
        self.model = model
        self.prompt_ids = _prompt_ids(model, args)
        self.pieces: list[Piece] = []
        sampling = sampling_params(args, model.info.default_sampling)
        self.generation: Generation = Generation(
            model, Tape(model.backend), sampling, generation_params(args)
        )

    def job(self) -> Job:
        try:
            yield from self.generation.read(self.prompt_ids)
            for piece in self.generation.write():
                if isinstance(piece, Together):
                    yield piece
                else:
                    self._keep(piece)
                    yield None
        except CancelledError:
            pass
        self._keep(self.generation.flush())
        self.console.write("\n")
        return None

    def _keep(self, piece: "Piece | None") -> None:
        if piece is not None:
            self.pieces.append(piece)
            self.console.write(piece.text)

    def report(self) -> int:
        g = self.generation
        found = {
            "prompt_ids": self.prompt_ids,
            "ids": g.ids,
            "text": "".join(piece.text for piece in self.pieces),
            "stop_reason": g.reason,
            "timings": dataclasses.asdict(g.timings),
        }
        if g.sampler.params.n_probs:
            found["logprobs"] = [
                {"id": c.token, "logprob": c.logprob, "top": [list(t) for t in c.top]}
                for piece in self.pieces
                for c in piece.choices
            ]
        self.console.result(found, "")
        if g.reason == "context" and not self.console.json:
            self.console.note(f"[the context of {g.tape.backend.n_ctx} tokens is full]")
        return EXIT_STOPPED if g.reason == "cancelled" else 0


def _prompt_ids(model: "Model", args: argparse.Namespace) -> list[int]:
    from engine.generate import check_letters

    if args.ids is not None:
        check_ids(args.ids, model.hyper.n_vocab)
        return list(args.ids)
    check_letters(model.tokenizer, args.prompt, model.info.n_ctx)
    return model.tokenizer.encode(args.prompt, add_special=True, parse_special=args.parse_special)
