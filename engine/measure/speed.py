"""What a bench has timed."""

from dataclasses import dataclass, field


@dataclass
class Speed:
    """Tokens per second of each repetition."""

    n_prompt: int
    n_decode: int
    depth: int
    prompt: list[float] = field(default_factory=list)
    decode: list[float] = field(default_factory=list)
