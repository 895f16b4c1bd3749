"""How fast a model will read and write here: the work of a token, divided by what was measured.

The only prediction there is. Where nothing was measured, usual figures stand in (`USUAL`), and the
result says so.
"""

from dataclasses import dataclass

from engine.base.events import HardwareReport
from engine.base.models import CacheWork, TokenWork

TEN_PAGES = 6000  # tokens of a text that somebody may want answers about
DEPTH = 500  # tokens that a usual answer looks back at
GUESSED_BANDWIDTH = 20e9  # bytes/s of a modest laptop
PASS_S, STEP_S = 1e-4, 9e-7  # of a pass and of each of its steps, whatever the sizes
ROW_S = 9e-7  # of a prompt's token in each step, on one thread: norms, gates, turning, rounding
# What text gets of the rates measured: those are the best of many rounds, with larger matrices.
# 18 models on two threads of a Zen 5: 0.87 to 0.99.
SUSTAINED = 0.925

# Products a second of one thread on a CPU with dot products of 64 bytes (AVX-512 VNNI), where
# nothing was measured: while text is written, and while a prompt is read.
USUAL = {
    "F32": (12e9, 40e9),
    "F16": (20e9, 60e9),
    "BF16": (20e9, 90e9),
    "Q8_0": (45e9, 90e9),
    "Q6_K": (30e9, 100e9),
    "Q5_K": (30e9, 100e9),
}
USUAL_BYTES, USUAL_GRID = (40e9, 110e9), (20e9, 100e9)  # the other types; those with grids
USUAL_ATTENTION = 45e9
GRIDS = ("IQ1", "IQ2", "IQ3")
# How much of that others reach: the first that a CPU has (names as in features.py).
REACHED = {
    "AVX-512 VNNI": 1.0,
    "AVX-VNNI": 0.55,
    "DotProd": 0.5,
    "AVX-512": 0.5,
    "AVX2": 0.35,
    "SSE4.2": 0.12,
}
LEAST_REACHED, UNKNOWN_REACHED = 0.08, 0.35


@dataclass(frozen=True)
class Speeds:
    """Tokens a second, while text is written and while a prompt is read; `read_s`: seconds until
    ten pages are read. `is_measured`: from figures of this machine, not from usual ones."""

    decode: float
    prefill: float
    read_s: float
    bandwidth: float
    is_measured: bool


def speeds(
    work: TokenWork, report: HardwareReport, *, depth: int = DEPTH, prompt: int = TEN_PAGES
) -> Speeds:
    """Predicted for this machine; `depth`: earlier tokens that are looked at while text is
    written, `prompt`: the length of what is read."""
    machine = _Machine(report)
    decode_s = PASS_S + STEP_S * work.steps
    prompt_s = prompt * ROW_S * work.steps / machine.threads
    for each in work.types:
        writing, reading = machine.rate(each.type)
        decode_s += max(each.bytes / machine.bandwidth, each.products / writing)
        prompt_s += prompt * each.prompt_products / reading
    decode_s /= SUSTAINED
    for seen in work.cache:
        decode_s += seen.bytes * seen.seen(depth) / machine.bandwidth
        prompt_s += seen.products * _pairs(prompt, seen) / machine.attention
    decode_s += work.state_bytes / machine.bandwidth
    prompt_s += prompt * work.state_products / machine.attention
    prompt_s += decode_s  # the first token of the answer
    return Speeds(1 / decode_s, prompt / prompt_s, prompt_s, machine.bandwidth, machine.is_measured)


def reading_s(work: TokenWork, report: HardwareReport, tokens: int, before: int = 0) -> float:
    """Seconds until so many tokens are read behind those that were read before."""
    if tokens <= 0:
        return 0.0
    whole = speeds(work, report, prompt=before + tokens)
    return whole.read_s - (speeds(work, report, prompt=before).read_s if before else 0.0)


def _pairs(tokens: int, work: CacheWork) -> float:
    """How many pairs of a token and an earlier one a prompt has."""
    window = work.window
    if not window or tokens <= window:
        return tokens * tokens / 2
    if work.chunked:
        whole, rest = divmod(tokens, window)
        return (whole * window * window + rest * rest) / 2
    return window * window / 2 + window * (tokens - window)


class _Machine:
    """What a report says of rates, gaps filled."""

    def __init__(self, report: HardwareReport) -> None:
        self._rates = report.rates
        self.threads = max(1, report.rates.threads or report.best_threads)
        known = report.rates.bandwidth_of(self.threads) or report.bandwidth
        self.bandwidth = known or GUESSED_BANDWIDTH
        self.is_measured = bool(known)
        there = {feature.name for feature in report.simd if feature.present}
        least = LEAST_REACHED if report.simd else UNKNOWN_REACHED
        self._reached = next((x for name, x in REACHED.items() if name in there), least)
        self.attention = report.rates.attention or self._usual(USUAL_ATTENTION)

    def rate(self, kind: str) -> tuple[float, float]:
        """Products a second: for one token, and for a prompt."""
        usual = USUAL.get(kind) or (USUAL_GRID if kind.startswith(GRIDS) else USUAL_BYTES)
        found = self._rates.of(kind)
        decode, prefill = (found.decode, found.prefill) if found else (0.0, 0.0)
        return decode or self._usual(usual[0]), prefill or self._usual(usual[1])

    def _usual(self, rate: float) -> float:
        return rate * self._reached * self.threads
