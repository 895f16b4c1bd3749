"""What the pill opens: every model there is, the open and the last used ones first, with how it
would run here, and what else can be done about models."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from engine.api import ModelInfo, sizes
from gui.desk import TONES, Desk, KnownModel
from gui.language import figures, said, tr
from gui.pulse import kept_words
from gui.widgets.palette import Entry

OPEN, KNOWN, BROKEN, OTHER = 4.0, 3.0, 2.0, 1.0  # which kind stands above which
MOST = 1000


@dataclass(frozen=True)
class Wishes:
    """What is done with what somebody chooses."""

    use: Callable[[str], object]  # the model in this file
    open_file: Callable[[], object]
    find_one: Callable[[], object]
    close: Callable[[ModelInfo], object]
    open_otherwise: Callable[[], object]  # the chat's own, with another context


def choices(desk: Desk, current: ModelInfo | None, wishes: Wishes) -> list[Entry]:
    """In the order that they stand in while nothing is sought."""
    opened = {str(model.path): model for model in desk.models()}
    rest = [model for model in desk.known if model.path not in opened]
    rest.sort(key=lambda model: (bool(model.problem), model.built_in, -model.last_used))
    return [
        *(_opened(desk, model, current, wishes) for model in opened.values()),
        *(_known(desk, model, i, wishes) for i, model in enumerate(rest[:MOST])),
        *_others(desk, current, wishes),
    ]


def _opened(desk: Desk, model: ModelInfo, current: ModelInfo | None, wishes: Wishes) -> Entry:
    rests = model.id in desk.resting
    is_current = current is not None and model.id == current.id
    return Entry(
        model.name,
        partial(wishes.use, str(model.path)),
        "check" if is_current else "box",
        f"{model.type_name} · {figures(sizes.file(model.file_bytes))}",
        tr("rests" if rests else "open", sense="a model"),
        OPEN + 0.5 * is_current,
        "neutral" if rests else "good",
    )


def _known(desk: Desk, model: KnownModel, place: int, wishes: Wishes) -> Entry:
    words, tone = _verdict(desk, model)
    rank = BROKEN if model.problem else KNOWN
    use = partial(wishes.use, model.path)
    return Entry(model.name, use, "box", _detail(desk, model), words, rank - place / MOST, tone)


def _verdict(desk: Desk, model: KnownModel) -> tuple[str, str]:
    if model.problem:
        return tr("cannot be read"), "bad"
    if model.built_in:
        return tr("built in"), "neutral"
    fit = desk.judge(model)
    return (said(fit.label), TONES[fit.verdict]) if fit is not None else ("", "")


def _detail(desk: Desk, model: KnownModel) -> str:
    """Type, size, and the speed that was measured or is foretold."""
    return " · ".join(part for part in (model.detail, speed_words(desk, model)) if part)


def speed_words(desk: Desk, model: KnownModel) -> str:
    """As it was measured at its last use, or as it is foretold; "" where nothing is known."""
    if model.tokens_per_second:
        return figures(sizes.speed(model.tokens_per_second, is_measured=True))
    fit = desk.judge(model) if not model.built_in and not model.problem else None
    if fit is None or not fit.tokens_per_second:
        return ""
    return f"≈ {figures(sizes.speed(fit.tokens_per_second))}"


def _others(desk: Desk, current: ModelInfo | None, wishes: Wishes) -> Sequence[Entry]:
    entries = [
        Entry(tr("Open a file…"), wishes.open_file, "folder-open", weight=OTHER),
        Entry(tr("Find another model"), wishes.find_one, "compass", weight=OTHER - 0.1),
    ]
    if current is not None:
        otherwise = Entry(
            tr("Context, threads, cache…"),
            wishes.open_otherwise,
            "sliders-horizontal",
            weight=OTHER + 0.1,
        )
        entries.insert(0, otherwise)
        close = partial(wishes.close, current)
        entries.append(
            Entry(
                tr(
                    "Close {model}"
                    if current.id in desk.resting
                    else "Close {model} and free its memory",
                    model=current.name,
                ),
                close,
                "x",
                weight=OTHER - 0.2,
            )
        )
    kept = desk.engine.kept()
    if kept.conversations:
        words = tr("Forget what is kept: {what}", what=kept_words(kept))
        entries.append(Entry(words, desk.engine.forget_kept, "trash-2", weight=OTHER - 0.3))
    return entries
