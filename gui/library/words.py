"""Plain words for models: what a weight type means, how long ago, whose a file is. No Qt."""

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Fit, ModelInfo, sizes
from gui.known import TONES, KnownModel, title_of
from gui.language import begun, figures, marked, said, tr

if TYPE_CHECKING:
    from engine.api import Keeper, Verification

GUIDE = marked("Comes with Chaski and answers questions about it")
MONTH_S = 30.4 * 86400
UNREAD, BUILT_IN = marked("Cannot be read"), marked("Built in")
TYPES = {
    "F32": marked("The weights as they were trained, in full: the largest files"),
    "F16": marked("The weights at half size: as good as the original"),
    "BF16": marked("The original weights of most new models"),
    "Q8": marked("About 8 bits a weight: nearly lossless"),
    "Q6": marked("About 6 bits a weight: hardly a difference to the original"),
    "Q5": marked("About 5 bits a weight: very close to the original"),
    "Q4": marked("About 4 bits a weight: the usual balance of size and quality"),
    "Q3": marked("About 3 bits a weight: small, with some loss"),
    "Q2": marked("About 2 bits a weight: very small, with clear loss"),
}
Pill = tuple[str, str, str]  # words, tone, and what explains them


def type_sentence(name: str) -> str:
    """ "Q4_K_M" → a sentence; the name alone for a type nobody has described."""
    found = TYPES.get(name) or TYPES.get(name[:2]) or TYPES.get(f"Q{name[2:3]}")
    return tr("{name}: {what}", name=name, what=tr(found)) if found else name


def second_line(model: KnownModel) -> str:
    """The name the file gives itself, where that is another, and where it lies."""
    if model.built_in:
        return tr(GUIDE)
    if model.problem:
        return begun(model.problem)
    return model.path if model.name == title_of(model) else f"{model.name} · {model.path}"


def state(
    model: KnownModel,
    info: ModelInfo | None,
    fit: Fit | None,
    mark: str = "",
    *,
    rests: bool = False,
) -> Pill:
    """What stands in the pill. `mark`: what is being done with the file just now; `rests`: it is
    open, but gave its memory back."""
    if mark:
        return mark, "accent", tr("Activity shows how far it is")
    if info is not None and rests:
        return (
            tr("Rests"),
            "neutral",
            tr("Nobody used it for a while: it opens again with a message"),
        )
    if info is not None:
        return tr("Open", sense="of a model: in memory"), "good", tr("This model is in memory")
    if model.problem:
        return tr(UNREAD), "bad", said(model.problem)
    if model.built_in:
        return tr(BUILT_IN), "neutral", tr(GUIDE)
    if fit is not None:
        return said(fit.label), TONES[fit.verdict], said(fit.text)
    return "", "neutral", ""


def speed(model: KnownModel, fit: Fit | None) -> str:
    """As it was measured at the last use, else as it is foretold."""
    if model.tokens_per_second:
        return figures(sizes.speed(model.tokens_per_second, is_measured=True))
    rate = fit.tokens_per_second if fit is not None and not model.built_in else 0.0
    return f"≈ {figures(sizes.speed(rate))}" if rate else ""


def told(model: KnownModel, fit: Fit | None, pill: Pill) -> str:
    """The whole row as a screen reader says it."""
    weights = figures(sizes.parameters(model.parameters))
    parts = (
        title_of(model),
        pill[0],
        tr("{weights} parameters", weights=weights) if weights else "",
        model.type_name,
        figures(model.size),
        speed(model, fit),
        " ".join(f"#{tag}" for tag in model.tags),
        second_line(model),
    )
    return ", ".join(part for part in parts if part)


def ago(when: float, now: float) -> str:
    """ "today", "5 days ago", "3 months ago"; "never"."""
    if when <= 0:
        return tr("never")
    days = max(0, int((now - when) / 86400))
    if days < 2:
        return tr("yesterday") if days else tr("today")
    if days < 61:
        return tr("{n} {n:day|days} ago", n=days)
    months = int(days * 86400 / MONTH_S)
    if months < 24:
        return tr("{n} {n:month|months} ago", n=months)
    return tr("{n} {n:year|years} ago", n=months // 12)


def refusal(model: KnownModel, keeper: "Keeper") -> str:
    """Why nobody but the program that keeps it may take it away."""
    return tr(
        "{model} lies in the store of {program}, which shares its files between models. Remove it "
        "there: {command}",
        model=title_of(model),
        program=keeper.program,
        command=keeper.remove_with,
    )


def caution(model: KnownModel, keeper: "Keeper") -> str:
    """What to think of before its file is moved or thrown away."""
    if keeper.program:
        return tr(
            "{model} belongs to {program}, which would miss it.",
            model=title_of(model),
            program=keeper.program,
        )
    folder = Path(model.path).parent
    return tr(
        "{model} lies in {folder}, which is no folder of Chaski's.",
        model=title_of(model),
        folder=folder,
    )


def verdict(found: "Verification") -> str:
    """What came of looking at a file closely."""
    if not found.ok:
        return tr(
            "{file} is damaged: {problems}. Get it again.",
            file=found.name,
            problems="; ".join(map(said, found.problems)),
        )
    if found.told:
        return tr(
            "{file} is whole, and what {program} says it should be",
            file=found.name,
            program=found.told,
        )
    return tr(
        "{file} is whole. Its checksum is kept, to be compared the next time", file=found.name
    )
