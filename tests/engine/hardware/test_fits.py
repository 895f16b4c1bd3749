"""Whether a model fits, how fast it will be, and the arithmetic that is shown."""

from dataclasses import replace
from typing import Any

import pytest
from helpers.typical_heads import head_of

from engine.base.events import HardwareReport, SimdFeature
from engine.base.models import CacheWork, Forecast, ModelMemory, TokenWork, TypeWork
from engine.base.rates import Rates, TypeRate
from engine.base.settings import LoadOptions
from engine.fit import forecast
from engine.hardware.fits import Verdict, headline, judge, typical_fits
from engine.hardware.speeds import (
    GUESSED_BANDWIDTH,
    PASS_S,
    ROW_S,
    STEP_S,
    SUSTAINED,
    TEN_PAGES,
    speeds,
)
from engine.hardware.typical import CONTEXT, TYPICAL, Typical, rough_forecast, typical_forecast

GB = 10**9
LAPTOP = HardwareReport(
    cpu_name="AMD Ryzen 7 7840U",
    physical_cores=8,
    logical_cores=16,
    best_threads=8,
    cache_bytes=16 << 20,
    simd=(SimdFeature("AVX2", True, True), SimdFeature("AVX-512 VNNI", True, True)),
    ram_total=32 * GB,
    ram_available=int(21.4 * GB),
    disk_free=214 * GB,
    gpus=(),
    system="Linux",
    bandwidth=52.6 * GB,
)
RATES = Rates(8, "avx512-vnni", ((1, 20e9), (8, 50e9)), (TypeRate("Q4_K", 80e9, 600e9),), 300e9)


def needs(size: int, **work: Any) -> Forecast:
    """A model of so many bytes at Q4_K, half a byte a weight."""
    types = (TypeWork("Q4_K", size, 2 * size, 2 * size),)
    of = TokenWork(types, (CacheWork(0, 100_000, 1_000_000),), 400)
    return Forecast(8192, ModelMemory(size, GB // 2, GB // 4), replace(of, **work))


@pytest.mark.parametrize(
    ("size", "verdict"), [(5, Verdict.WELL), (15, Verdict.SLOWLY), (25, Verdict.NOT)]
)
def test_verdicts(size: int, verdict: Verdict) -> None:
    found = judge(needs(size * GB), LAPTOP)
    assert found.verdict is verdict
    assert found.needed == size * GB + GB // 2 + GB // 4
    assert found.free == LAPTOP.ram_available
    if verdict is Verdict.NOT:
        assert (found.tokens_per_second, found.read_s) == (0, 0)
    else:
        assert found.tokens_per_second == pytest.approx(SUSTAINED * 52.6 / size, rel=0.02)
        assert found.read_s > 0


def test_the_arithmetic_is_shown() -> None:
    found = judge(needs(5 * GB), LAPTOP)
    assert "5.0 GB weights + 500 MB context + 250 MB workspace = 5.8 GB of 21.4 GB" in found.text
    assert "one token reads 5.0 GB at 52.6 GB/s: about 10 tok/s" in found.text
    assert "ten pages are read in " in found.text
    assert found.label == "Runs well"


def test_before_measuring_it_says_so() -> None:
    found = judge(needs(4 * GB), replace(LAPTOP, bandwidth=0.0))
    assert found.tokens_per_second == pytest.approx(
        SUSTAINED * GUESSED_BANDWIDTH / (4 * GB), rel=0.02
    )
    assert "(not measured yet)" in found.text
    assert "not measured" not in judge(needs(4 * GB), replace(LAPTOP, rates=RATES)).text


def test_what_would_help_is_said() -> None:
    assert "closing other programs" in judge(needs(25 * GB), LAPTOP).text
    assert "this machine has 32.0 GB" in judge(needs(60 * GB), LAPTOP).text
    found = judge(needs(22 * GB), LAPTOP, loaded=6 * GB)
    assert found.verdict is Verdict.NOT
    assert "closing open models would give 6.0 GB back" in found.text


def test_what_conversations_may_still_fill_is_not_free() -> None:
    assert judge(needs(15 * GB), LAPTOP).verdict is Verdict.SLOWLY
    found = judge(needs(15 * GB), LAPTOP, promised=8 * GB)
    assert found.verdict is Verdict.NOT
    assert found.free == LAPTOP.ram_available - 8 * GB


def test_sizes_alone_give_a_verdict_too() -> None:
    """As models of that size usually are."""
    rough = rough_forecast(5 * GB, 8 * GB, 8192)
    assert rough.memory.weights == rough.work.bytes == pytest.approx(5 * GB)
    assert sum(each.products for each in rough.work.types) == pytest.approx(8 * GB)
    eight = next(typical_forecast(each) for each in TYPICAL if each.billions == 8)
    assert rough.memory.cache == 2 * eight.memory.cache
    found = judge(rough, LAPTOP)
    assert found.verdict is Verdict.WELL
    assert found.tokens_per_second == pytest.approx(SUSTAINED * 52.6 / 5, rel=0.04)
    assert rough_forecast(5 * GB, 0).work.bytes == pytest.approx(5 * GB)
    assert rough_forecast(0, 0).memory.weights == 0


# --- speeds ----------------------------------------------------------------------------------
def test_speed_is_bound_by_memory_or_by_what_was_measured() -> None:
    one = needs(GB).work
    report = replace(LAPTOP, rates=RATES)
    overhead = PASS_S + STEP_S * one.steps
    slow = 2 * GB / 80e9  # products at the measured rate: slower than reading 1 GB at 50 GB/s
    assert 1 / speeds(one, report, depth=0).decode == pytest.approx((slow + overhead) / SUSTAINED)
    fast = replace(RATES, types=(TypeRate("Q4_K", 400e9, 600e9),))
    found = speeds(one, replace(LAPTOP, rates=fast), depth=0)
    assert 1 / found.decode == pytest.approx((GB / 50e9 + overhead) / SUSTAINED)
    assert found.is_measured


def test_depth_is_read_from_the_cache_and_windows_bound_it() -> None:
    report = replace(LAPTOP, rates=RATES)
    near, far = (1 / speeds(needs(GB).work, report, depth=d).decode for d in (0, 10_000))
    assert far - near == pytest.approx(10_000 * 100_000 / 50e9)
    windowed = needs(GB, cache=(CacheWork(1000, 100_000, 1_000_000),)).work
    seen = 1 / speeds(windowed, report, depth=10_000).decode - near
    assert seen == pytest.approx(1000 * 100_000 / 50e9)


def test_of_windows_in_a_row_a_token_sees_what_its_own_holds() -> None:
    report, cache = replace(LAPTOP, rates=RATES), CacheWork(1000, 100_000, 1_000_000, chunked=True)
    assert [cache.seen(depth) for depth in (0, 999, 1000, 10_400)] == [0, 999, 0, 400]
    work, depths = needs(GB, cache=(cache,)).work, (0, 400, 10_400)
    near, deep, far = (1 / speeds(work, report, depth=d).decode for d in depths)
    assert far == deep
    assert deep - near == pytest.approx(400 * 100_000 / 50e9)
    sliding = speeds(needs(GB, cache=(replace(cache, chunked=False),)).work, report, depth=0)
    halves = TEN_PAGES / 1000 * (1000 * 1000 / 2)  # of each window, whose first token sees nothing
    whole = 1000 * 1000 / 2 + 1000 * (TEN_PAGES - 1000)
    found = speeds(work, report, depth=0)
    saved = (whole - halves) * 1_000_000 / 300e9
    assert sliding.read_s - found.read_s == pytest.approx(saved)


def test_ten_pages_are_read_at_the_rate_of_prompts() -> None:
    report = replace(LAPTOP, rates=RATES)
    found = speeds(needs(GB).work, report)
    products = TEN_PAGES * 2 * GB / 600e9
    attention = 1_000_000 * TEN_PAGES**2 / 2 / 300e9
    rows = TEN_PAGES * ROW_S * needs(GB).work.steps / report.rates.threads
    assert found.read_s == pytest.approx(products + attention + rows + 1 / found.decode)
    assert found.prefill == pytest.approx(TEN_PAGES / found.read_s)


def test_better_processors_and_more_threads_read_faster() -> None:
    plain = replace(LAPTOP, simd=(SimdFeature("AVX2", False, False),))
    avx2 = replace(LAPTOP, simd=LAPTOP.simd[:1])
    few = replace(LAPTOP, best_threads=2)
    work = needs(GB).work
    ranked = [speeds(work, report).prefill for report in (plain, avx2, LAPTOP)]
    assert ranked == sorted(set(ranked))
    assert speeds(work, few).prefill < speeds(work, LAPTOP).prefill


# --- well-known sizes ------------------------------------------------------------------------
@pytest.mark.parametrize("model", TYPICAL, ids=lambda model: model.name)
def test_well_known_sizes_are_what_the_backend_foretells(model: Typical) -> None:
    told = forecast(head_of(model), LoadOptions(n_ctx=CONTEXT, threads=2))
    assert typical_forecast(model) == told
    weights = sum(each.products for each in told.work.types)
    assert weights == pytest.approx(model.billions * 1e9, rel=0.25)


def test_headline() -> None:
    first, second = headline(LAPTOP)
    assert first == "Models up to 8 billion parameters run well here"
    assert "8B at Q4_K_M: about 10 tok/s" in second
    assert len(typical_fits(LAPTOP)) == 7
    nothing, _ = headline(replace(LAPTOP, ram_available=GB // 2))
    assert nothing == "Free some memory to run a model here"
