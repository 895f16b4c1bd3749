"""Values that callers choose: sampling and loading. Standard library only.

Names, order and defaults of the sampling values are llama.cpp's (common/common.h, August 2026).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# What weights of other programs can become without being quantized; "auto" keeps what they are.
CONVERT_TYPES = ("auto", "f32", "f16", "bf16", "q8_0")
DEFAULT_SAMPLERS = (
    "penalties",
    "dry",
    "top_n_sigma",
    "top_k",
    "typ_p",
    "top_p",
    "min_p",
    "xtc",
    "temperature",
)


@dataclass(frozen=True)
class SamplingParams:
    """The sampler chain's values; each default is the one that llama.cpp has."""

    seed: int = -1  # -1: a new one each time
    temperature: float = 0.8  # <= 0: always the likeliest token
    dynatemp_range: float = 0.0
    dynatemp_exponent: float = 1.0
    top_k: int = 40  # <= 0: off
    top_p: float = 0.95  # 1.0: off
    min_p: float = 0.05  # 0: off
    typical_p: float = 1.0  # 1.0: off
    top_n_sigma: float = -1.0  # < 0: off
    xtc_probability: float = 0.0  # 0: off
    xtc_threshold: float = 0.1  # > 0.5: off
    repeat_last_n: int = 64  # 0: off, -1: the whole context
    repeat_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    dry_multiplier: float = 0.0  # 0: off
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    dry_penalty_last_n: int = 64
    dry_sequence_breakers: tuple[str, ...] = ("\n", ":", '"', "*")
    mirostat: int = 0  # 0 off, 1 or 2
    mirostat_tau: float = 5.0
    mirostat_eta: float = 0.1
    adaptive_target: float = -1.0  # < 0: off; the probability that tokens are to have
    adaptive_decay: float = 0.9
    min_keep: int = 0
    n_probs: int = 0  # how many alternatives to report with each token
    logit_bias: tuple[tuple[int, float], ...] = ()
    samplers: tuple[str, ...] = DEFAULT_SAMPLERS


WhenFull = Literal["stop", "roll", "ends"]


@dataclass(frozen=True)
class GenerationParams:
    """When a reply ends and what is shown of it.

    `when_full` says what becomes of a conversation that no longer fits into the context: "stop"
    refuses it with its figures, "roll" leaves the oldest exchanges out of what the model reads,
    "ends" those between the first one and the last ones. The system prompt stays, and it is told
    which messages were not read.
    """

    max_tokens: int = -1  # -1: until the model ends or the context is full
    stop: tuple[str, ...] = ()
    ignore_eos: bool = False
    enable_thinking: bool | None = None  # None: the template's own default
    thinking_tokens: int = -1  # then the answer begins; -1: no limit, 0: as if it were off
    when_full: WhenFull = "stop"
    speculate: bool = True  # guess ahead where the text repeats; never changes the reply

    @property
    def thinks(self) -> bool | None:
        """What the template is told; None: nothing."""
        return self.enable_thinking if self.thinking_tokens else False


@dataclass(frozen=True)
class LoadOptions:
    """How a model is opened. 0 means: choose well for this model and machine."""

    n_ctx: int = 0
    threads: int = 0
    cache_type: str = "f16"  # f16, f32 or q8_0
    backend: str = "cpu"  # cpu or reference
    batch: int = 512
    adapters: tuple[tuple[Path, float], ...] = ()  # LoRA files (GGUF) and how strongly they act
    pooling: str = ""  # how a text becomes a vector: none, mean, cls, last; "": as the file says
    any_context: bool = False  # also one beyond the trained one, where only speed is of interest
