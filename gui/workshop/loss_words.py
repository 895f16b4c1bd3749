"""What the workshop says of losses: sentences, chart and table values. Knows no widgets."""

from collections.abc import Sequence

from engine.api import inspect, jobs, sizes
from gui.language import figures, marked, said, tr
from gui.widgets.scatter import Axes, Point
from gui.workshop.words import told_name

KL, WORSE, OTHER = "divergence", "worse", "other"
MEASURES = [
    (marked("Difference from the source"), KL),
    (marked("Worse at predicting the text"), WORSE),
    (marked("Another next token"), OTHER),
]
_Y = {
    KL: marked("Difference from the source: KL divergence, small values drawn larger"),
    WORSE: marked("Worse at predicting the text: perplexity, small values drawn larger"),
    OTHER: marked("Another likeliest next token: share of the text, small values drawn larger"),
}


def verdict(loss: jobs.Loss) -> str:
    """ "It chooses the same next token 96% of the time and is 1.2% worse at predicting …"."""
    share = 100 * loss.top1
    same = figures(f"{share:.0f}" if share < 99 or share == 100 else f"{share:.1f}")
    text = loss.text or tr("this text")
    words = marked(
        "It chooses the same next token {same}% of the time and is {worse} worse at predicting "
        "{text}."
    )
    if loss.worse < 0.0005:
        words = marked(
            "It chooses the same next token {same}% of the time and is no worse at predicting "
            "{text}."
        )
    return tr(words, same=same, worse=percent(loss.worse), text=text)


def basis(loss: jobs.Loss) -> str:
    """The figures behind the sentence."""
    return tr(
        "Measured over {n:,} tokens of {text}. Perplexity {ppl:.4g}, the source's {source:.4g}. KL "
        "divergence {mean} on average, below {most} for 99% of the tokens.",
        n=loss.tokens,
        text=said(loss.text_name),
        ppl=loss.ppl,
        source=loss.source_ppl,
        mean=short(loss.kl_mean),
        most=short(loss.kl_99),
    )


def values(loss: jobs.Loss) -> str:
    """One point of the chart in words."""
    return tr(
        "{size:file}, {bits:.2f} bits a weight · KL divergence {mean} · {worse} worse at "
        "predicting · same next token {same:.1f}%",
        size=loss.bytes,
        bits=loss.bits,
        mean=short(loss.kl_mean),
        worse=signed(loss.worse),
        same=100 * loss.top1,
    )


def comparable(losses: Sequence[jobs.Loss], shown: jobs.Loss | None = None) -> list[jobs.Loss]:
    """Those over the same text as the one that is shown, or as the newest."""
    if not losses:
        return []
    key = (shown or losses[-1]).text_key
    return [loss for loss in losses if loss.text_key == key]


def points(
    losses: Sequence[jobs.Loss],
    shown: jobs.Loss | None,
    source: inspect.SourceFacts,
    measure: str,
) -> list[Point]:
    """The types that were tried, and their source."""
    found = [
        Point(
            told_name(loss.name),
            loss.bytes / 1e9,
            max(0.0, _measured(loss, measure)),
            values(loss),
            "now" if shown is not None and loss.mark == shown.mark else "",
        )
        for loss in losses
    ]
    words = tr("{size:file}, the source, with which the others are compared", size=source.bytes)
    name = tr("Source {type}", type=source.type_name).strip()
    return [*found, Point(name, source.bytes / 1e9, 0.0, words, "base")]


def axes(source: inspect.SourceFacts, measure: str) -> Axes:
    """Sizes in the unit that suits the largest; shares in percent."""
    unit, each = sizes.scale(source.bytes)
    title = tr("Size of the file in {unit}", unit=figures(unit))

    def tell_x(x: float) -> str:
        return figures(f"{x * 1e9 / each:g}")

    def tell_y(y: float) -> str:
        return figures(f"{y:g}" if measure == KL else f"{100 * y:g}%")

    return Axes(title, tr(_Y[measure]), tell_x, tell_y)


def row_of(loss: jobs.Loss) -> tuple[tuple[str, object], ...]:
    """A line of the table: each cell as shown, and what it is sorted by."""
    return (
        (told_name(loss.name), loss.name),
        (figures(sizes.column(loss.bytes)), loss.bytes),
        (figures(f"{loss.bits:.2f}"), loss.bits),
        (short(loss.kl_mean), loss.kl_mean),
        (short(loss.kl_99), loss.kl_99),
        (figures(f"{100 * loss.top1:.1f}%"), loss.top1),
        (signed(loss.worse), loss.worse),
        (
            tr("{text} ({n:,} tokens)", text=said(loss.text_name), n=loss.tokens),
            loss.text,
        ),
    )


HEADS = (
    marked("Type"),
    marked("Size"),
    marked("Bits a weight"),
    marked("KL, average"),
    marked("KL, 99%"),
    marked("Same next token"),
    marked("Worse at predicting"),
    marked("Text"),
)


def percent(share: float) -> str:
    """Two figures: 1.2%, 0.35%, 14%."""
    value = 100 * share
    return figures(f"{value:.0f}%" if value >= 9.95 else f"{value:.2g}%")


def signed(share: float) -> str:
    if share > 0:
        return percent(share)
    return figures(f"{100 * share:.2g}%") if share < 0 else "0%"


def short(nats: float) -> str:
    """A divergence with two figures, never in powers of ten."""
    if nats < 5e-6:
        return "0"
    return figures(f"{nats:.2g}" if nats >= 1e-4 else f"{nats:.5f}")


def _measured(loss: jobs.Loss, measure: str) -> float:
    return {KL: loss.kl_mean, WORSE: loss.worse, OTHER: 1.0 - loss.top1}[measure]
