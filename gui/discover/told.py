"""From the engine's records of a hub to what Discover shows. No Qt, no network."""

from collections.abc import Mapping

from engine.api import Fit, HardwareReport, discover, judge, sizes
from gui.desk import parameters
from gui.discover.card import readable
from gui.discover.shown import Found, Offer, Page

GATED = "Its makers ask for your agreement first"


def first_of(model: "discover.FirstModel", report: HardwareReport) -> Found:
    """Of the list of models to begin with, judged by what is known without a network."""
    judged = judge(model.forecast, report)
    words = model.good_for[:1].upper() + model.good_for[1:]
    return Found(model.id, licence=model.licence, good_for=words, fit=judged)


def found_of(model: "discover.Judged") -> Found:
    about = model.about
    return Found(
        about.id,
        about.downloads,
        about.likes,
        about.licence,
        fit=_best(model),
        problem=_problem(model),
        gated=bool(about.gated),
    )


def _best(model: "discover.Judged") -> Fit | None:
    usable = (o for o in (*model.offers, *model.makes) if not o.problem)
    best = model.recommended or next(usable, None)
    return best.fit if best is not None else None


def _problem(model: "discover.Judged") -> str:
    if model.problem:
        return model.problem
    if model.known is False:
        family = model.about.architecture or model.about.model_type
        return f"Chaski does not know the family {family} yet"
    return ""


def page_of(
    model: "discover.Judged",
    card: str,
    context: int,
    here: Mapping[str, str],
    *,
    loading: bool = False,
) -> Page:
    """`here`: names of files that the library has, and their paths."""
    offers = [_offer(each, here) for each in reversed(model.offers)]
    if not offers and model.convertible:
        offers = [_made(each, model.weights_bytes) for each in model.makes]
    sums = next((each for each in model.offers if each.exact), None)
    problem = _problem(model)
    if not offers and not problem and not loading:
        problem = "It holds no file that Chaski could open or convert."
    return Page(
        found_of(model),
        context,
        _summary(model),
        tuple(offers),
        readable(card),
        _sums(sums, model.fetched) if sums is not None else "",
        "" if offers else problem,
        loading,
    )


def _offer(each: "discover.Offer", here: Mapping[str, str]) -> Offer:
    name = each.names[0].rpartition("/")[2]
    words = each.reason or each.loss_words
    return Offer(
        each.quant or name,
        each.bytes,
        each.fit,
        words[:1].upper() + words[1:],
        each.recommended,
        each.problem,
        here.get(name, ""),
        each.names,
    )


def _made(each: "discover.Offer", weights_bytes: int) -> Offer:
    """What the workshop can make of the makers' own weights, which are what is downloaded."""
    words = f"Made here: {each.reason or each.loss_words}"
    return Offer(
        each.quant, weights_bytes, each.fit, words, each.recommended, each.problem, is_made=True
    )


def _summary(model: "discover.Judged") -> str:
    about = model.about
    parts = [
        f"{parameters(about.n_parameters)} parameters" if about.n_parameters else "",
        f"family {about.architecture}" if about.architecture else "",
        f"{about.n_ctx_train:,} tokens of trained context" if about.n_ctx_train else "",
        ", ".join(about.languages[:8]),
        GATED if about.gated else "",
    ]
    return " · ".join(part for part in parts if part)


def _sums(offer: "discover.Offer", fetched: int) -> str:
    read = f" · read from the file's own header, {sizes.file(fetched)}" if fetched else ""
    return f"{offer.quant}: {offer.arithmetic}{read}"
