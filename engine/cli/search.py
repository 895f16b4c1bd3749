"""`chaski search`: models on Hugging Face (or HF_ENDPOINT), and how each would run here."""

import argparse
from typing import TYPE_CHECKING, Any

from engine.base import sizes
from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.words import padded, shown
from engine.cli.console import Console
from engine.cli.flags import FlagError, Subparsers, add_verb, at_least
from engine.cli.following import answer_to, asked
from engine.cli.speaking import printed, printed_figures

if TYPE_CHECKING:
    from engine.discover.offers import Offer
    from engine.discover.records import Judged
    from engine.hub.records import Filters
    from engine.measure.losses import Loss

NOTHING = Words("nothing was found")
MOST = 200
SORTS = ("downloads", "likes", "updated")


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "search", "models on Hugging Face, with fit", run, model=False)
    add = parser.add_argument
    add("words", nargs="*", metavar="WORDS", help="none: all there is, in the order of --sort")
    add("--sort", choices=SORTS, default="downloads", help="what stands first; default: downloads")
    add("--fits", action="store_true", help="only what runs on this machine")
    add("--gguf", action="store_true", help="only what can be opened as it is")
    add("--size", default="", metavar="B", help="billions of weights: 4 (up to), 2-8 or 15-")
    several: dict[str, Any] = {"action": "append", "default": []}
    add("--family", metavar="NAME", help="llama, qwen3, phi3, …; repeatable", **several)
    add("--language", metavar="CODE", help="en, fr, …; repeatable", **several)
    add(
        "--license",
        "--licence",
        dest="licence",
        metavar="NAME",
        help="apache-2.0, mit, llama, …; repeatable",
        **several,
    )
    add("--limit", type=at_least(1, MOST), default=10, metavar="N", help="so many; default: 10")


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.base.paths import Paths
    from engine.discover.asking import search
    from engine.discover.offers import Here
    from engine.hub.connect import hub_of
    from engine.jobs import Hardware, hardware
    from engine.measure.known_losses import KnownLosses

    paths, filters = Paths.default(), _filters(args)
    with hub_of(paths) as hub:
        report = answer_to(console, hardware(Hardware(), paths))
        job = search(
            hub,
            " ".join(args.words),
            Here(report, losses=KnownLosses.kept_in(paths.losses_file)),
            sort=args.sort,
            limit=args.limit,
            filters=filters,
            only_fitting=args.fits,
        )
        found: tuple[Judged, ...] = asked(job, console)
    text = "\n\n".join(_lines(each) for each in found)
    console.result({"models": [_plain(each) for each in found]}, text or _nothing(args))
    return 0


def _filters(args: argparse.Namespace) -> "Filters":
    """A wrong wish is wrong usage, told before anybody is asked."""
    from engine.discover.choices import filters_of
    from engine.hub.records import KINDS

    try:
        return filters_of(
            size=args.size,
            families=args.family,
            languages=args.language,
            licences=args.licence,
            kinds=KINDS[:1] if args.gguf else KINDS,
        )
    except UsageError as error:
        raise FlagError(str(error)) from None


def _nothing(args: argparse.Namespace) -> str:
    """What stands in the way is named, so that it can be left out."""
    names = ("fits", "gguf", "size", "family", "language", "licence")
    given = [name for name in names if getattr(args, name)]
    flags = ", ".join("--license" if name == "licence" else f"--{name}" for name in given)
    if not flags:
        return printed(NOTHING)
    return printed(Words("nothing was found with {flags}; leave some of them out", flags=flags))


def _plain(judged: "Judged") -> dict[str, Any]:
    about = judged.about
    return {
        "id": about.id,
        "downloads": about.downloads,
        "likes": about.likes,
        "updated": about.updated,
        "licence": about.licence,
        "architecture": about.architecture or about.model_type,
        "known": judged.known,
        "gated": about.gated,
        "convertible": judged.convertible,
        "problem": judged.problem,
        "files": [_plain_offer(offer) for offer in judged.offers],
        "makes": [_plain_offer(offer) for offer in judged.makes],
    }


def _plain_offer(offer: "Offer") -> dict[str, Any]:
    return {
        "quant": offer.quant,
        "names": list(offer.names),
        "bytes": offer.bytes,
        "memory_bytes": offer.memory.total,
        "tok_s": offer.fit.tokens_per_second,
        "ten_pages_s": offer.fit.read_s,
        "verdict": offer.verdict.value,
        "loss": offer.loss_words,
        "measured": plain_loss(offer.measured),
        "recommended": offer.recommended,
        "reason": offer.reason,
        "problem": offer.problem,
    }


def plain_loss(loss: "Loss | None") -> dict[str, Any] | None:
    """A measured loss for JSON; None where the type's usual one is all that is known."""
    if loss is None:
        return None
    return {
        "worse": loss.worse,
        "kl_mean": loss.kl_mean,
        "top1": loss.top1,
        "tokens": loss.tokens,
        "text": loss.text_name,
        "file": loss.file,
    }


def _lines(judged: "Judged") -> str:
    about = judged.about
    family = about.architecture or about.model_type
    unknown = Words("family {family} is not supported yet", family=shown(family, 40))
    weights = printed_figures(sizes.parameters(about.n_parameters)) if about.n_parameters else ""
    facts = [
        shown(about.id),
        printed(Words("{n:,} downloads", n=about.downloads)),
        printed(Words("{weights} parameters", weights=weights)) if about.n_parameters else "",
        shown(about.licence, 40),
        printed(Words("asks for your agreement")) if about.gated else "",
        printed(unknown) if judged.known is False else "",
        printed(Words("its weights can be made into one of these")) if judged.makes else "",
    ]
    lines = [" · ".join(fact for fact in facts if fact)]
    lines += [f"  {printed(judged.problem)}"] if judged.problem else []
    if judged.known is not False:
        lines += [offer_line(offer) for offer in (*judged.offers, *judged.makes)]
    return "\n".join(lines)


def offer_line(offer: "Offer") -> str:
    """One quantization for people."""
    name = shown(offer.quant or offer.names[0], 40)
    size = printed_figures(sizes.file(offer.bytes))
    head = f"  {'*' if offer.recommended else ' '} {name:12s} {size:>8s}"
    if offer.problem:
        return f"{head}  {printed(offer.problem)}"
    rate = offer.fit.tokens_per_second
    speed = printed_figures(sizes.speed(rate)) if rate else ""
    memory = padded(printed(Words("{size:memory} of memory", size=offer.memory.total)), 20)
    label = padded(printed(offer.fit.label), 12)
    return f"{head}  {memory} {label} {speed:>9s}  {printed(offer.loss_words)}"
