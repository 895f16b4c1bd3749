"""Presets of sampling values: some that come with the program, and the user's own."""

from dataclasses import asdict, fields
from typing import Any

from engine.api import SamplingParams
from gui.language import marked, tr

_USUAL = SamplingParams()
BUILT_IN: dict[str, SamplingParams] = {
    marked("Balanced"): SamplingParams(),
    marked("Precise"): SamplingParams(temperature=0.3, top_k=20, top_p=0.9, min_p=0.1),
    marked("Creative"): SamplingParams(temperature=1.1, top_k=0, top_p=1.0, min_p=0.05),
    marked("Always the likeliest"): SamplingParams(temperature=0.0),
}


def shown(name: str) -> str:
    """A preset's name for people; of one that comes with the program in their language."""
    return tr(name) if name in BUILT_IN else name


def told(values: SamplingParams) -> dict[str, Any]:
    """What differs from the usual: later versions may choose better usual values."""
    usual = asdict(_USUAL)
    return {name: value for name, value in asdict(values).items() if value != usual[name]}


def sound(kept: Any) -> SamplingParams | None:
    """The values that make sense; the others are the usual ones."""
    if not isinstance(kept, dict):
        return None
    values: dict[str, Any] = {}
    for each in fields(SamplingParams):
        usual = getattr(_USUAL, each.name)
        value: Any = kept.get(each.name)
        if isinstance(usual, tuple):
            words = isinstance(value, list) and all(isinstance(word, str) for word in value)
            if words and each.name != "logit_bias":
                values[each.name] = tuple(value)
        elif isinstance(usual, float) and type(value) in (int, float) and abs(value) < 1e9:
            values[each.name] = float(value)
        elif type(usual) is type(value) and abs(value) < 1 << 40:
            values[each.name] = value
    return SamplingParams(**values)
