"""What the workshop says of losses: sentences, chart and table values. Knows no widgets."""

from collections.abc import Sequence

from engine.api import inspect, jobs, sizes
from gui.widgets.scatter import Axes, Point

KL, WORSE, OTHER = "divergence", "worse", "other"
MEASURES = [
    ("Difference from the source", KL),
    ("Worse at predicting the text", WORSE),
    ("Another next token", OTHER),
]
_Y = {
    KL: "Difference from the source: KL divergence, small values drawn larger",
    WORSE: "Worse at predicting the text: perplexity, small values drawn larger",
    OTHER: "Another likeliest next token: share of the text, small values drawn larger",
}


def verdict(loss: jobs.Loss) -> str:
    """ "It chooses the same next token 96% of the time and is 1.2% worse at predicting …"."""
    share = 100 * loss.top1
    same = f"{share:.0f}" if share < 99 or share == 100 else f"{share:.1f}"
    text = loss.text or "this text"
    return f"It chooses the same next token {same}% of the time and is {_worse(loss)} {text}."


def _worse(loss: jobs.Loss) -> str:
    if loss.worse < 0.0005:
        return "no worse at predicting"
    return f"{percent(loss.worse)} worse at predicting"


def basis(loss: jobs.Loss) -> str:
    """The figures behind the sentence."""
    return (
        f"Measured over {loss.tokens:,} tokens of {loss.text_name}. Perplexity {loss.ppl:.4g}, the "
        f"source's {loss.source_ppl:.4g}. KL divergence {short(loss.kl_mean)} on average, below "
        f"{short(loss.kl_99)} for 99% of the tokens."
    )


def values(loss: jobs.Loss) -> str:
    """One point of the chart in words."""
    return (
        f"{sizes.file(loss.bytes)}, {loss.bits:.2f} bits a weight · KL divergence "
        f"{short(loss.kl_mean)} · {signed(loss.worse)} worse at predicting · same next token "
        f"{100 * loss.top1:.1f}%"
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
            loss.name,
            loss.bytes / 1e9,
            max(0.0, _measured(loss, measure)),
            values(loss),
            "now" if shown is not None and loss.mark == shown.mark else "",
        )
        for loss in losses
    ]
    words = f"{sizes.file(source.bytes)}, the source, with which the others are compared"
    name = f"Source {source.type_name}".strip()
    return [*found, Point(name, source.bytes / 1e9, 0.0, words, "base")]


def axes(source: inspect.SourceFacts, measure: str) -> Axes:
    """Sizes in the unit that suits the largest; shares in percent."""
    unit, each = sizes.scale(source.bytes)
    tell_y = (lambda y: f"{y:g}") if measure == KL else (lambda y: f"{100 * y:g}%")
    return Axes(f"Size of the file in {unit}", _Y[measure], lambda x: f"{x * 1e9 / each:g}", tell_y)


def row_of(loss: jobs.Loss) -> tuple[tuple[str, object], ...]:
    """A line of the table: each cell as shown, and what it is sorted by."""
    return (
        (loss.name, loss.name),
        (sizes.column(loss.bytes), loss.bytes),
        (f"{loss.bits:.2f}", loss.bits),
        (short(loss.kl_mean), loss.kl_mean),
        (short(loss.kl_99), loss.kl_99),
        (f"{100 * loss.top1:.1f}%", loss.top1),
        (signed(loss.worse), loss.worse),
        (f"{loss.text_name} ({loss.tokens:,} tokens)", loss.text),
    )


HEADS = (
    "Type",
    "Size",
    "Bits a weight",
    "KL, average",
    "KL, 99%",
    "Same next token",
    "Worse at predicting",
    "Text",
)


def percent(share: float) -> str:
    """Two figures: 1.2%, 0.35%, 14%."""
    value = 100 * share
    return f"{value:.0f}%" if value >= 9.95 else f"{value:.2g}%"


def signed(share: float) -> str:
    return percent(share) if share > 0 else f"{100 * share:.2g}%" if share < 0 else "0%"


def short(nats: float) -> str:
    """A divergence with two figures, never in powers of ten."""
    if nats < 5e-6:
        return "0"
    return f"{nats:.2g}" if nats >= 1e-4 else f"{nats:.5f}"


def _measured(loss: jobs.Loss, measure: str) -> float:
    return {KL: loss.kl_mean, WORSE: loss.worse, OTHER: 1.0 - loss.top1}[measure]
