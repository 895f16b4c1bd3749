"""Does a model fit, and how fast will it be? The arithmetic is part of the answer.

What it takes and what a token costs is foretold by the backend (engine/fit.py); here it is held
against a machine.
"""

from dataclasses import dataclass
from enum import StrEnum

from engine.base import sizes
from engine.base.events import HardwareReport
from engine.base.models import Forecast, ModelMemory
from engine.base.sizes import memory
from engine.hardware.limits import RESERVE
from engine.hardware.speeds import speeds
from engine.hardware.typical import TYPICAL, typical_forecast

COMFORTABLE = 7.0  # tokens/s: about as fast as people read


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
    """A verdict for the list, the figures behind it, and the sentences that explain both.

    needed, free: bytes, `free` without what open models have been promised; read_s: seconds until a
    text of ten pages is read (0.0: not known).
    """

    verdict: Verdict
    tokens_per_second: float
    needed: int
    text: str
    free: int = 0
    read_s: float = 0.0

    @property
    def label(self) -> str:
        """The verdict in words, for a pill."""
        return LABELS[self.verdict]


@dataclass(frozen=True)
class Taken:
    """What open models have of the memory: `loaded` bytes, which closing them would give back, and
    what their conversations were `promised` and may still fill of what the system counts as free.
    """

    loaded: int = 0
    promised: int = 0


@dataclass(frozen=True)
class Kept:
    """What open models keep of conversations that nobody has open, for when one comes back: bytes,
    and of how many."""

    nbytes: int = 0
    conversations: int = 0


def judge(forecast: Forecast, report: HardwareReport, *, loaded: int = 0, promised: int = 0) -> Fit:
    """A model whose header was read. loaded: bytes that open models take, which could be closed;
    promised: what their conversations may still fill of what the report counts as free."""
    found = speeds(forecast.work, report)
    read = forecast.work.bytes
    per_token = f"one token reads {memory(read)} at {_rate(found.bandwidth, report)}"
    speed = (found.decode, found.read_s, per_token)
    return _judged(forecast.memory, speed, report, loaded, promised)


def _rate(bandwidth: float, report: HardwareReport) -> str:
    measured = report.bandwidth or report.rates.bandwidth
    return sizes.rate(bandwidth) + ("" if measured else " (not measured yet)")


def _judged(
    needs: ModelMemory,
    speed: tuple[float, float, str],
    report: HardwareReport,
    loaded: int,
    promised: int,
) -> Fit:
    needed, free = needs.total, max(report.ram_available - promised, 0)
    sums = f"{_sum(needs)} = {memory(needed)}"
    if needed > free - RESERVE:
        text = f"{sums}, {_shortage(needed, free, report, loaded)}"
        return Fit(Verdict.NOT, 0.0, needed, text, free)
    tokens, read_s, per_token = speed
    text = f"{sums} of {memory(free)} free; {per_token}: about {sizes.speed(tokens)}"
    if read_s:
        text += f"; ten pages are read in {sizes.duration(read_s)}"
    verdict = Verdict.WELL if tokens >= COMFORTABLE else Verdict.SLOWLY
    return Fit(verdict, tokens, needed, text, free, read_s)


def _sum(needs: ModelMemory) -> str:
    rest = needs.workspace + needs.vocabulary
    return (
        f"{memory(needs.weights)} weights + {memory(needs.cache)} context + "
        f"{memory(rest)} workspace"
    )


def _shortage(needed: int, free: int, report: HardwareReport, loaded: int) -> str:
    if loaded and needed <= free + loaded - RESERVE:
        return (
            f"but {memory(free)} is free now; closing open models would give {memory(loaded)} back"
        )
    if needed <= report.ram_total - 2 * RESERVE:
        return f"but {memory(free)} is free now; closing other programs would make room"
    return f"but this machine has {memory(report.ram_total)}, {memory(free)} of it free"


def typical_fits(report: HardwareReport) -> tuple[tuple[int, Fit], ...]:
    """Well-known sizes in billions of weights at Q4_K_M, with a context of 4,096 tokens."""
    return tuple((each.billions, judge(typical_forecast(each), report)) for each in TYPICAL)


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
