"""Does a model fit, and how fast will it be? The arithmetic is part of the answer.

One token reads every weight once, so tokens/s cannot exceed bandwidth / bytes per token.
"""

from dataclasses import dataclass
from enum import StrEnum

from engine.base import sizes
from engine.base.events import HardwareReport
from engine.base.sizes import memory

COMFORTABLE = 7.0  # tokens/s: about as fast as people read
GUESSED_BANDWIDTH = 20e9  # bytes/s of a modest laptop, until it has been measured
_RESERVE = 512 << 20  # left to the system and to the window itself

TYPICAL_BILLIONS = (1, 2, 4, 8, 14, 32, 70)
_Q4_K_M_BYTES = 4.85 / 8  # per weight, all tensors of a model taken together


class Verdict(StrEnum):
    """What is said of a model on this machine; people read `Fit.label`."""

    WELL = "well"
    SLOWLY = "slowly"
    NOT = "not"


LABELS = {
    Verdict.WELL: "Runs well",
    Verdict.SLOWLY: "Runs slowly",
    Verdict.NOT: "Does not fit",
}


@dataclass(frozen=True)
class Fit:
    """A verdict for the list, an estimate, and the sentence that explains both."""

    verdict: Verdict
    tokens_per_second: float
    needed: int
    text: str

    @property
    def label(self) -> str:
        """The verdict in words, for a pill."""
        return LABELS[self.verdict]


def fit(
    model_bytes: int,
    cache_bytes: int,
    workspace_bytes: int,
    report: HardwareReport,
    *,
    active_bytes: int = 0,
) -> Fit:
    """Judge a model; `active_bytes` are those that one token reads (mixture of experts)."""
    needed = model_bytes + cache_bytes + workspace_bytes
    bandwidth = report.bandwidth or GUESSED_BANDWIDTH
    per_token = active_bytes or model_bytes
    speed = bandwidth / max(per_token, 1)
    room = max(report.ram_available - _RESERVE, 0)
    sums = (
        f"{memory(model_bytes)} weights + {memory(cache_bytes)} context + "
        f"{memory(workspace_bytes)} workspace = {memory(needed)}"
    )
    if needed > room:
        return Fit(Verdict.NOT, 0.0, needed, f"{sums}, {_shortage(needed, report)}")
    guess = "" if report.bandwidth else " (not measured yet)"
    text = (
        f"{sums} of {memory(report.ram_available)} free; one token reads "
        f"{memory(per_token)} at {sizes.rate(bandwidth)}{guess}: at most {sizes.speed(speed)}"
    )
    verdict = Verdict.WELL if speed >= COMFORTABLE else Verdict.SLOWLY
    return Fit(verdict, speed, needed, text)


def _shortage(needed: int, report: HardwareReport) -> str:
    free = memory(report.ram_available)
    if needed <= report.ram_total - 2 * _RESERVE:
        return f"but {free} is free now; closing other programs would make room"
    return f"but this machine has {memory(report.ram_total)}, {free} of it free"


def typical_fits(report: HardwareReport) -> tuple[tuple[int, Fit], ...]:
    """Well-known sizes in billions of weights at Q4_K_M, with a context of 4,096 tokens."""
    return tuple((b, fit(*_typical(b), report)) for b in TYPICAL_BILLIONS)


def _typical(billions: int) -> tuple[int, int, int]:
    # Rounded from real models: about 70 KB of cache per token for 4B, 130 KB for 8B, 260 for 32B.
    weights = int(billions * 1e9 * _Q4_K_M_BYTES)
    cache = int(4096 * 16e3 * (2 + billions**0.85))
    return weights, min(cache, int(4096 * 330e3)), 300 << 20


def headline(report: HardwareReport) -> tuple[str, str]:
    """Two lines for the top of the page: the largest size that runs well, and some speeds."""
    fits = typical_fits(report)
    well = [billions for billions, found in fits if found.verdict is Verdict.WELL]
    slow = [billions for billions, found in fits if found.verdict is Verdict.SLOWLY]
    if well:
        first = f"Models up to {well[-1]} billion parameters run well here"
    elif slow:
        first = f"Models up to {slow[-1]} billion parameters run here, slowly"
    else:
        first = "Free some memory to run a model here"
    best = max(len(well) - 1, 0)
    shown = fits[max(best - 1, 0) : best + 2]
    return first, " · ".join(_line(billions, found) for billions, found in shown)


def _line(billions: int, found: Fit) -> str:
    if found.verdict is Verdict.NOT:
        return f"{billions}B does not fit in memory"
    return f"{billions}B at Q4_K_M: about {sizes.speed(found.tokens_per_second)}"
