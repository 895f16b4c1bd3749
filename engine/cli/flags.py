"""Flags that several verbs share, and what they become: load options, sampling, token ids."""

import argparse
import dataclasses
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.paths import user_path
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.base.words import quoted, shown
from engine.cli.speaking import told

# Flag names besides the field's own; llama.cpp spells these differently.
_ALIASES = {
    "temperature": ["--temp"],
    "seed": ["-s"],
    "typical_p": ["--typical"],
    "top_n_sigma": ["--top-nsigma"],
    "dynatemp_exponent": ["--dynatemp-exp"],
    "mirostat_tau": ["--mirostat-ent"],
    "mirostat_eta": ["--mirostat-lr"],
}
MOST = (1 << 31) - 1
MOST_SCALE = 1e6  # of an adapter
_OWN_FORM = ("dry_sequence_breakers", "logit_bias", "samplers")

Subparsers = Any  # argparse's own type for it is private


def add_verb(
    subparsers: Subparsers,
    name: str,
    summary: str,
    run: Any,
    *,
    model: bool = True,
    json: bool = True,
) -> argparse.ArgumentParser:
    """A parser with what every verb has."""
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=summary, description=summary)
    parser.set_defaults(run=run, json=False)
    if json:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
    if model:
        parser.add_argument("model", metavar="MODEL", help="a GGUF file or a name in the library")
    return parser


def add_load_flags(parser: argparse.ArgumentParser) -> None:
    """How the model is opened."""
    add = parser.add_argument
    one = at_least(1)
    add(
        "-t",
        "--threads",
        type=thread_count(),
        default=0,
        metavar="N",
        help="default: free physical cores",
    )
    add("-c", "--ctx", type=one, default=0, metavar="N", help="context in tokens")
    add("-b", "--batch", type=one, default=512, metavar="N", help="prompt tokens per pass")
    add(
        "--cache-type",
        choices=("f16", "f32", "q8_0"),
        help="numbers in the cache (default f16, or what the library keeps for the model)",
    )
    add(
        "--lora",
        action="append",
        default=[],
        metavar="F[=SCALE]",
        help="a LoRA adapter (GGUF); may be given more than once",
    )
    add("--backend", choices=("cpu", "reference"), default="cpu", help="reference: plain, slow")


def load_options(args: argparse.Namespace, **changes: Any) -> LoadOptions:
    """The flags of add_load_flags as options."""
    options = LoadOptions(
        n_ctx=args.ctx,
        threads=args.threads,
        cache_type=args.cache_type or LoadOptions().cache_type,
        backend=args.backend,
        batch=args.batch,
        adapters=tuple(adapter(text) for text in args.lora),
    )
    return dataclasses.replace(options, **changes)


def adapter(text: str) -> tuple[Path, float]:
    """A place and how strongly the adapter there acts: PLACE or PLACE=SCALE."""
    path, found, scale = text.rpartition("=")
    if not text:
        raise FlagError("--lora needs a PLACE, or PLACE=SCALE")
    if not found or os.path.exists(text):
        return user_path(text), 1.0
    try:
        found_scale = float(scale)
    except ValueError:
        found_scale = math.nan
    if not abs(found_scale) <= MOST_SCALE:
        raise FlagError(
            "--lora {text}: write PLACE or PLACE=SCALE, as in mine=0.5", text=quoted(text, 300)
        )
    return Path(path).expanduser(), found_scale


def add_sampling_flags(parser: argparse.ArgumentParser) -> None:
    """Every sampling value by llama.cpp's name; what is not given stays the model's own."""
    group = parser.add_argument_group("sampling")
    for field in dataclasses.fields(SamplingParams):
        if field.name in _OWN_FORM:
            continue
        names = ["--" + field.name.replace("_", "-"), *_ALIASES.get(field.name, [])]
        kind = real_number if isinstance(field.default, float) else whole_number
        group.add_argument(
            *names, dest=field.name, type=kind, metavar="N", help=_usual(field.default)
        )
    group.add_argument("--samplers", metavar="A;B;…", help="the chain's steps in order")
    group.add_argument("--sampling-seq", metavar="LETTERS", help="the same as letters, edskypmxta")
    group.add_argument("--dry-sequence-breaker", action="append", metavar="TEXT")
    group.add_argument("--logit-bias", action="append", metavar="ID+N | ID-N")
    group.add_argument("--ignore-eos", action="store_true", help="never end by itself")
    group.add_argument(
        "--no-speculation", action="store_true", help="never guess ahead; the text is the same"
    )
    group.add_argument("--stop", action="append", default=[], metavar="TEXT", help="end before it")
    group.add_argument(
        "-n",
        "--max-tokens",
        "--n-predict",
        type=at_least(-1),
        default=-1,
        metavar="N",
        help="-1: until the model ends",
    )


class FlagError(UsageError):
    """A flag's value makes no sense: wrong usage, not a failure."""


def sampling_params(args: argparse.Namespace, base: SamplingParams) -> SamplingParams:
    """The model's own values with those that were given."""
    from engine.sampling.params import check_params

    try:
        params = _given_over(args, base)
        check_params(params)
    except UsageError as error:
        raise FlagError(str(error)) from None
    return params


def check_sampling(args: argparse.Namespace) -> None:
    """Complain about wrong values before a model is opened for nothing."""
    sampling_params(args, SamplingParams())


def _given_over(args: argparse.Namespace, base: SamplingParams) -> SamplingParams:
    given = {
        field.name: getattr(args, field.name)
        for field in dataclasses.fields(SamplingParams)
        if field.name not in _OWN_FORM and getattr(args, field.name) is not None
    }
    if args.samplers or args.sampling_seq:
        given["samplers"] = _samplers(args.samplers, args.sampling_seq)
    if args.dry_sequence_breaker:
        breakers = tuple(b.replace("\\n", "\n") for b in args.dry_sequence_breaker if b != "none")
        given["dry_sequence_breakers"] = breakers
    if args.logit_bias:
        given["logit_bias"] = tuple(_bias(text) for text in args.logit_bias)
    return dataclasses.replace(base, **given)


def generation_params(args: argparse.Namespace) -> GenerationParams:
    return GenerationParams(
        max_tokens=args.max_tokens,
        stop=tuple(args.stop),
        ignore_eos=args.ignore_eos,
        speculate=not args.no_speculation,
    )


def _samplers(names: str | None, letters: str | None) -> tuple[str, ...]:
    from engine.sampling.params import parse_letters, parse_samplers

    return parse_samplers(names) if names is not None else parse_letters(letters or "")


def _bias(text: str) -> tuple[int, float]:
    for sign in "+-":
        token, found, value = text.partition(sign)
        if found and token.strip().isdecimal():
            try:
                return _whole(token), float(sign + value)
            except (ValueError, argparse.ArgumentTypeError):
                break
    raise UsageError(
        "--logit-bias {text}: write ID+N or ID-N, such as 15043+1 or 15043-inf", text=quoted(text)
    )


def _usual(value: object) -> Words:
    return Words("default {value}", value=str(value))


def wrong(words: Words) -> argparse.ArgumentTypeError:
    """Why argparse should refuse the value of a flag."""
    return argparse.ArgumentTypeError(told(words))


def at_least(low: int, most: int = MOST) -> Any:
    """An argparse type: a whole number not below `low`, nor beyond what a machine counts with."""

    def whole(text: str) -> int:
        number = _whole(text)
        if number < low:
            raise wrong(Words("must be {low} or more, not {n}", low=low, n=shown(number)))
        if number > most:
            raise wrong(Words("must be {most} or less, not {n}", most=most, n=shown(number)))
        return number

    return whole


def whole_number(text: str) -> int:
    """An argparse type: any whole number of 64 bits; what it may be is checked by name."""
    number = _whole(text)
    if not -(1 << 63) <= number < 1 << 64:
        raise wrong(Words("{n} is no number of 64 bits", n=shown(number)))
    return number


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise wrong(Words("write a whole number, not {text}", text=quoted(text))) from None


def real_number(text: str) -> float:
    """An argparse type: any number; what it may be is checked by name."""
    try:
        return float(text)
    except ValueError:
        raise wrong(Words("write a number, not {text}", text=quoted(text))) from None


def thread_count() -> Any:
    """An argparse type: so many threads as could be of use; each takes memory of the system."""
    return at_least(1, max(64, 4 * (os.cpu_count() or 1)))


def token_ids(text: str) -> list[int]:
    """An argparse type: 1,2,3."""
    try:
        ids = [int(part) for part in text.replace(" ", "").split(",") if part]
    except ValueError:
        raise wrong(Words("write token ids as 1,2,3, not {text}", text=quoted(text))) from None
    return ids


def prompt_ids(text: str) -> list[int]:
    """The same, at least one: the model must read something before it can go on."""
    ids = token_ids(text)
    if not ids:
        raise wrong(Words("give at least one token id, such as 1"))
    return ids


def check_ids(ids: Sequence[int], n_vocab: int) -> None:
    """Every id must be a token of the model."""
    for token in ids:
        if not 0 <= token < n_vocab:
            raise FlagError(
                "token {token} does not exist: the vocabulary has {n_vocab} tokens",
                token=shown(token),
                n_vocab=n_vocab,
            )


def read_text(path: str) -> str:
    """A text file of the user's, or standard input for a dash."""
    import sys

    from engine.base.reading import MOST_TEXT, decoded, read_input, read_stream

    if path == "-":
        return decoded(read_input(sys.stdin.buffer), "standard input")
    return decoded(read_stream(Path(path).expanduser(), MOST_TEXT), path).replace("\r\n", "\n")
