"""Which quantization is recommended, and what each is said to lose."""

from dataclasses import replace

import pytest

from engine.base.events import HardwareReport
from engine.base.models import Forecast, ModelMemory, TokenWork, TypeWork
from engine.discover.losses import LOSS_WORDS, LossLevel, loss_of
from engine.discover.offers import Here, Offer, offers, rough, to_be_made
from engine.hardware.fits import Verdict
from engine.hardware.speeds import SUSTAINED
from engine.hub.records import FoundModel, HubFile, Variant
from engine.weights.quants import can_quantize
from engine.weights.types import TensorType

BITS = {
    "Q2_K": 3.0, "Q3_K_M": 3.9, "IQ4_XS": 4.3, "Q4_0": 4.5, "Q4_K_M": 4.85, "Q5_K_M": 5.7,
    "Q6_K": 6.6, "Q8_0": 8.5, "F16": 16.0,
}  # fmt: skip
GB = 10**9
# A token reads its context and its passes cost a little, too: 14 tok/s take more than 40 GB/s.
MACHINE = HardwareReport("cpu", 8, 16, 8, 0, (), 16 * GB, 14 * GB, 0, (), "Linux", 43e9 / SUSTAINED)


def offered(billions: float, machine: HardwareReport = MACHINE, *quants: str) -> tuple[Offer, ...]:
    about = FoundModel("a/b", n_parameters=int(billions * 1e9))
    made = [
        Variant(q, "b", (HubFile(f"b-{q}.gguf", int(billions * 1e9 * BITS[q] / 8)),))
        for q in quants or BITS
    ]
    return offers(about, made, Here(machine))


def best(*asked: object) -> str:
    found = [offer for offer in offered(*asked) if offer.recommended]  # type: ignore[arg-type]
    assert len(found) <= 1
    assert all(offer.reason for offer in found)
    return found[0].quant if found else ""


def test_the_recommended_one() -> None:
    assert best(0.6) == "Q6_K"
    assert best(4) == "Q5_K_M"  # 14 tok/s
    assert best(8) == "Q4_K_M"
    slow = replace(MACHINE, bandwidth=8e9)
    assert best(4, slow) == "Q4_0" or best(4, slow) == "Q4_K_M"
    assert best(14) == "Q4_K_M"
    assert best(32, replace(MACHINE, ram_available=15 * GB)) in ("Q2_K", "")
    assert best(70) == ""
    assert best(8, MACHINE, "F16", "Q2_K") == "Q2_K"


def test_what_cannot_be_had_is_not_recommended() -> None:
    about = FoundModel("a/b", n_parameters=4 * GB)
    half = Variant("Q4_K_M", "b", (HubFile("b-Q4_K_M-00001-of-00002.gguf", GB),), (2,))
    (offer,) = offers(about, [half], Here(MACHINE))
    assert offer.problem
    assert not offer.recommended
    (offer,) = offers(about, [Variant("Q4_0_4_8", "b", (HubFile("b", GB),))], Here(MACHINE))
    assert "take Q4_0" in offer.problem


def test_what_could_be_made_of_weights() -> None:
    made = to_be_made(FoundModel("a/b", n_parameters=4 * GB), 8 * GB, Here(MACHINE))
    assert [offer.quant for offer in made if offer.recommended] == ["Q5_K_M"]
    assert made[0].names == ()
    assert to_be_made(FoundModel("a/b"), 8 * GB, Here(MACHINE))[0].bytes == made[0].bytes


def test_others_are_reckoned_from_the_one_that_was_read() -> None:
    about = FoundModel("a/b", n_parameters=4 * GB)
    made = [
        Variant(q, "b", (HubFile(f"{q}.gguf", size),)) for q, size in (("A", GB), ("B", 2 * GB))
    ]
    work = TokenWork((TypeWork("Q4_K", 3 * GB, 6 * GB, 5 * GB),), (), 9)
    known = Forecast(512, ModelMemory(3 * GB, 7, 8), work)
    one, two = offers(about, made, Here(MACHINE), known, made[1])
    assert (one.memory, one.exact) == (ModelMemory(3 * GB // 2, 7, 8), False)
    assert (two.memory, two.exact) == (known.memory, True)
    assert one.fit.tokens_per_second > two.fit.tokens_per_second
    planned = {"A": replace(known, memory=ModelMemory(GB, 5, 6))}
    one, two = offers(about, made, Here(MACHINE), known, made[1], planned)
    assert (one.memory, one.exact) == (ModelMemory(GB, 5, 6), False)


def test_rough_memory_grows_with_the_model() -> None:
    small, large = rough(GB, 2 * GB).memory, rough(8 * GB, 14 * GB).memory
    assert small.weights == GB
    assert 0 < small.cache < large.cache < 4 * GB
    assert rough(GB, 2 * GB, 512).memory.cache < small.cache


def test_verdicts_and_arithmetic() -> None:
    found = {offer.quant: offer for offer in offered(8)}
    assert found["F16"].verdict is Verdict.NOT
    assert found["Q4_K_M"].verdict is Verdict.WELL
    assert "weights" in found["Q4_K_M"].arithmetic


@pytest.mark.parametrize(
    ("quant", "loss"),
    [
        ("BF16", LossLevel.NOTHING), ("Q8_0", LossLevel.UNSEEN), ("Q6_K", LossLevel.UNSEEN),
        ("Q6_K_L", LossLevel.UNSEEN), ("UD-Q8_K_XL", LossLevel.UNSEEN),
        ("Q5_K_S", LossLevel.SLIGHT), ("UD-Q5_K_XL", LossLevel.SLIGHT),
        ("Q4_K_M", LossLevel.SMALL), ("UD-Q4_K_XL", LossLevel.SMALL),
        ("q4_k_m", LossLevel.SMALL), ("Q4_0", LossLevel.FELT), ("Q3_K_XL", LossLevel.FELT),
        ("Q2_K", LossLevel.CLEAR), ("UD-Q2_K_XL", LossLevel.CLEAR),
        ("UD-IQ1_S", LossLevel.HEAVY), ("IQ2_XXS", LossLevel.HEAVY),
        ("", LossLevel.UNKNOWN), ("Q9", LossLevel.UNKNOWN),
    ],
)  # fmt: skip
def test_what_a_type_loses(quant: str, loss: LossLevel) -> None:
    assert loss_of(quant) is loss
    assert LOSS_WORDS[loss]


def test_what_every_type_that_can_be_made_loses_is_known() -> None:
    made = [kind.name for kind in TensorType if can_quantize(kind)]
    assert [name for name in made if loss_of(name) is LossLevel.UNKNOWN] == []
