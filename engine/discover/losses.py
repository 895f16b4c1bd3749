"""What a quantization loses, in plain words: what is known of its type, or, where this model was
measured here, what it really lost.

The figures behind it are those that llama.cpp publishes for Llama 3 8B (perplexity against F16):
Q8_0 +0.04 %, Q6_K +0.4 %, Q5_K_M +0.9 %, Q4_K_M +2.8 %, Q4_0 +7.5 %, Q3_K_M +10.5 %, Q3_K_S +26 %,
Q2_K +56 %.
"""

import re
from enum import IntEnum

from engine.base.catalogue import Words


class LossLevel(IntEnum):
    """From nothing to heavy; people read `LOSS_WORDS`."""

    NOTHING = 0
    UNSEEN = 1
    SLIGHT = 2
    SMALL = 3
    FELT = 4
    CLEAR = 5
    HEAVY = 6
    UNKNOWN = 7


LOSS_WORDS = {
    LossLevel.NOTHING: Words("nothing is lost"),
    LossLevel.UNSEEN: Words("no loss that anybody would notice"),
    LossLevel.SLIGHT: Words("hardly any loss"),
    LossLevel.SMALL: Words("a small loss; the usual choice"),
    LossLevel.FELT: Words("a loss that can be felt"),
    LossLevel.CLEAR: Words("a clear loss; only where nothing larger fits"),
    LossLevel.HEAVY: Words("a heavy loss; answers become unreliable"),
    LossLevel.UNKNOWN: Words("what is lost is not known"),
}

_OF_TYPES = {
    LossLevel.NOTHING: "F32 F16 BF16",
    LossLevel.UNSEEN: "Q8_0 Q8_1 Q8_K Q6_K",
    LossLevel.SLIGHT: "Q5_K_M Q5_K_S Q5_K Q5_1 Q5_0",
    LossLevel.SMALL: "Q4_K_M Q4_K_S Q4_K Q4_K_L IQ4_NL IQ4_XS MXFP4 MXFP4_MOE NVFP4",
    LossLevel.FELT: "Q4_0 Q4_1 Q4_0_4_4 Q4_0_4_8 Q4_0_8_8 Q3_K_L Q3_K_M Q3_K IQ3_M IQ3_S",
    LossLevel.CLEAR: "Q3_K_S IQ3_XS IQ3_XXS Q2_K Q2_K_L Q2_K_S IQ2_M IQ2_S",
    LossLevel.HEAVY: "IQ2_XS IQ2_XXS IQ1_M IQ1_S TQ1_0 TQ2_0 Q1_0 Q2_0",
}
_LOSSES = {name: loss for loss, names in _OF_TYPES.items() for name in names.split()}


def loss_of(quant: str) -> LossLevel:
    """By the name of a quantization; unsloth's own mixes (UD-…_XL) count as the usual ones."""
    name = quant.upper().removeprefix("UD-")
    found = _LOSSES.get(name) or _LOSSES.get(re.sub(r"_X+L$", "_L", name))
    found = found or _LOSSES.get(re.sub(r"_X*[SML]$", "", name)) or _LOSSES.get(f"{name}_M")
    return LossLevel.NOTHING if name in ("F32", "F16", "BF16") else found or LossLevel.UNKNOWN


# Up to which part a measured text may be predicted worse; between the types' usual figures.
_MEASURED = (
    (0.006, LossLevel.UNSEEN),
    (0.015, LossLevel.SLIGHT),
    (0.05, LossLevel.SMALL),
    (0.18, LossLevel.FELT),
    (0.6, LossLevel.CLEAR),
)
LEAST_TOLD = 0.0005


def loss_measured(worse: float) -> LossLevel:
    """By how much worse a text is predicted: 0.02 is two in a hundred."""
    return next((loss for most, loss in _MEASURED if worse <= most), LossLevel.HEAVY)


def measured_words(worse: float) -> str:
    """The figure in words, for the place where the type's usual ones stand otherwise."""
    if worse < LEAST_TOLD:
        return Words("measured: no loss was found")
    share = 100 * worse
    if share >= 9.95:
        return Words("measured: {share:.0f} % worse at predicting text", share=share)
    return Words("measured: {share:.2g} % worse at predicting text", share=share)
