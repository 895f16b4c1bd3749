"""From the engine's records of a hub to what Discover shows. No Qt, no network."""

from collections import Counter
from collections.abc import Sequence

from engine.api import Fit, HardwareReport, Taken, discover, judge, sizes
from gui.discover.card import Picture, pieces
from gui.discover.shown import Found, Here, Offer, Page, Pictures
from gui.language import begun, figures, marked, said, tr

GATED = marked("Its makers ask for your agreement first")


def first_of(model: "discover.FirstModel", report: HardwareReport, taken: Taken) -> Found:
    """Of the list of models to begin with, judged by what is known without a network."""
    judged = judge(model.forecast, report, loaded=taken.loaded, promised=taken.promised)
    words = begun(model.good_for)
    return Found(model.id, licence=model.licence, good_for=words, fit=judged, title=model.name)


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
        return said(model.problem)
    if model.known is False:
        family = model.about.architecture or model.about.model_type
        return tr("Chaski does not know the family {family} yet", family=family)
    return ""


def page_of(
    model: "discover.Judged",
    context: int,
    here: Here,
    *,
    card: str = "",
    commit: str = "",
    network: "discover.NetworkSettings | None" = None,
    loading: bool = False,
) -> Page:
    """`here`: what the library has; `network` says which hub it is,
    where there is a card."""
    several = Counter(each.quant for each in model.offers)
    offers = [_offer(each, here, several[each.quant] > 1) for each in reversed(model.offers)]
    parts = pieces(card)
    if not offers and model.convertible:
        offers = [_made(each, model.weights_bytes) for each in model.makes]
    sums = next((each for each in model.offers if each.exact), None)
    problem = _problem(model)
    if not offers and not problem and not loading:
        problem = tr("It holds no file that Chaski could open or convert.")
    return Page(
        found_of(model),
        context,
        _summary(model),
        tuple(offers),
        parts,
        Pictures() if network is None else _pictures(parts, model.about.id, commit, network),
        _sums(sums, model.fetched) if sums is not None else "",
        "" if offers else problem,
        loading,
        commit=commit,
    )


def _pictures(
    parts: Sequence[str | Picture], repo: str, commit: str, network: "discover.NetworkSettings"
) -> Pictures:
    """Which of them the hub itself keeps: nobody else is asked."""
    named = dict.fromkeys(part.reference for part in parts if isinstance(part, Picture))
    own = [each for each in named if discover.picture_address(each, repo, commit, network)]
    return Pictures(tuple(own[: discover.MOST_PICTURES]), len(named) - len(own), network.host)


def _offer(each: "discover.Offer", here: Here, is_one_of_several: bool) -> Offer:
    """Where several are of one type, files have names."""
    name = each.names[0].rpartition("/")[2]
    return Offer(
        name if is_one_of_several or not each.quant else each.quant,
        each.bytes,
        each.fit,
        _words(each),
        _tip(each),
        each.recommended,
        each.problem,
        here.get((name, each.bytes), ""),
        each.names,
    )


def _made(each: "discover.Offer", weights_bytes: int) -> Offer:
    """What the workshop can make of the makers' own weights, which are what is downloaded."""
    words = tr("Made here: {loss}", loss=said(each.loss_words))
    return Offer(
        each.quant,
        weights_bytes,
        each.fit,
        words,
        _tip(each),
        each.recommended,
        each.problem,
        is_made=True,
    )


def _words(each: "discover.Offer") -> str:
    """What it loses; the tooltip has the whole reason of the one that is recommended."""
    if each.recommended:
        loss = said(each.loss_words)
        if each.measured is None:
            return tr("Best here: {loss}", loss=loss)
        return tr("Best here; {loss}", loss=loss)
    return begun(each.loss_words)


def _tip(each: "discover.Offer") -> str:
    """Why it is recommended; over what it was measured, and what the figures were."""
    loss, reason = each.measured, begun(each.reason)
    if loss is None:
        return reason
    measured = tr(
        "Measured on this computer with {file} over {n:,} tokens of {text}: perplexity {ppl:.3f}, "
        "its original {source:.3f}; the same likeliest token {share:.1f} % of the time",
        file=loss.file,
        n=loss.tokens,
        text=said(loss.text_name),
        ppl=loss.ppl,
        source=loss.source_ppl,
        share=100 * loss.top1,
    )
    return f"{reason}\n{measured}" if reason else measured


def _summary(model: "discover.Judged") -> str:
    about = model.about
    weights = figures(sizes.parameters(about.n_parameters)) if about.n_parameters else ""
    parts = [
        tr("{weights} parameters", weights=weights) if weights else "",
        tr("family {name}", name=about.architecture) if about.architecture else "",
        tr("{n:,} tokens of trained context", n=about.n_ctx_train) if about.n_ctx_train else "",
        ", ".join(about.languages[:8]),
        tr(GATED) if about.gated else "",
    ]
    return " · ".join(part for part in parts if part)


def _sums(offer: "discover.Offer", fetched: int) -> str:
    sums = tr("{name}: {what}", name=offer.quant, what=said(offer.arithmetic))
    if not fetched:
        return sums
    read = tr("read from the file's own header, {size:file}", size=fetched)
    return f"{sums} · {read}"
