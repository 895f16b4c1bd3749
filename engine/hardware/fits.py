"""Does a model fit, and how fast will it be? The arithmetic is part of the answer.

What it takes and what a token costs is foretold by the backend (engine/fit.py); here it is held
against a machine.
"""

from dataclasses import dataclass
from enum import StrEnum

from engine.base.catalogue import Words, joined
from engine.base.events import HardwareReport
from engine.base.models import Forecast, ModelMemory
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
    Verdict.WELL: Words("Runs well"),
    Verdict.SLOWLY: Words("Runs slowly"),
    Verdict.NOT: Words("Does not fit"),
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
    rate = _rate(found.bandwidth, report)
    per_token = Words("one token reads {read:memory} at {rate}", read=read, rate=rate)
    speed = (found.decode, found.read_s, per_token)
    return _judged(forecast.memory, speed, report, loaded, promised)


def _rate(bandwidth: float, report: HardwareReport) -> Words:
    if report.bandwidth or report.rates.bandwidth:
        return Words("{rate:rate}", rate=bandwidth)
    return Words("{rate:rate} (not measured yet)", rate=bandwidth)


def _judged(
    needs: ModelMemory,
    speed: tuple[float, float, str],
    report: HardwareReport,
    loaded: int,
    promised: int,
) -> Fit:
    needed, free = needs.total, max(report.ram_available - promised, 0)
    sums = Words(
        "{weights:memory} weights + {context:memory} context + {rest:memory} workspace = "
        "{needed:memory}",
        weights=needs.weights,
        context=needs.cache,
        rest=needs.workspace + needs.vocabulary,
        needed=needed,
    )
    if needed > free - RESERVE:
        shortage = _shortage(needed, free, report, loaded)
        text = Words("{sums}, {shortage}", sums=sums, shortage=shortage)
        return Fit(Verdict.NOT, 0.0, needed, text, free)
    tokens, read_s, per_token = speed
    text = Words(
        "{sums} of {free:memory} free; {per_token}: about {tokens:speed}",
        sums=sums,
        free=free,
        per_token=per_token,
        tokens=tokens,
    )
    if read_s:
        text = Words("{text}; ten pages are read in {read:duration}", text=text, read=read_s)
    verdict = Verdict.WELL if tokens >= COMFORTABLE else Verdict.SLOWLY
    return Fit(verdict, tokens, needed, text, free, read_s)


def _shortage(needed: int, free: int, report: HardwareReport, loaded: int) -> Words:
    if loaded and needed <= free + loaded - RESERVE:
        return Words(
            "but {free:memory} is free now; closing open models would give {loaded:memory} back",
            free=free,
            loaded=loaded,
        )
    if needed <= report.ram_total - 2 * RESERVE:
        return Words(
            "but {free:memory} is free now; closing other programs would make room", free=free
        )
    return Words(
        "but this machine has {ram_total:memory}, {free:memory} of it free",
        ram_total=report.ram_total,
        free=free,
    )


def typical_fits(report: HardwareReport) -> tuple[tuple[int, Fit], ...]:
    """Well-known sizes in billions of weights at Q4_K_M, with a context of 4,096 tokens."""
    return tuple((each.billions, judge(typical_forecast(each), report)) for each in TYPICAL)


def headline(report: HardwareReport) -> tuple[str, str]:
    """Two lines for the top of the page: the largest size that runs well, and some speeds."""
    fits = typical_fits(report)
    well = [billions for billions, found in fits if found.verdict is Verdict.WELL]
    slow = [billions for billions, found in fits if found.verdict is Verdict.SLOWLY]
    if well:
        first = Words("Models up to {well} billion parameters run well here", well=well[-1])
    elif slow:
        first = Words("Models up to {slow} billion parameters run here, slowly", slow=slow[-1])
    else:
        first = Words("Free some memory to run a model here")
    best = max(len(well) - 1, 0)
    shown = fits[max(best - 1, 0) : best + 2]
    return first, joined((_line(billions, found) for billions, found in shown), " · ")


def _line(billions: int, found: Fit) -> Words:
    if found.verdict is Verdict.NOT:
        return Words("{billions}B does not fit in memory", billions=billions)
    return Words(
        "{billions}B at Q4_K_M: about {speed:speed}",
        billions=billions,
        speed=found.tokens_per_second,
    )
