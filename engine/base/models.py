"""What callers see of models and conversations: frozen records. Standard library only."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from engine.base.attachments import Attachment
from engine.base.errors import without_surrogates
from engine.base.settings import SamplingParams

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; `thinking` is what the model told itself before answering,
    `attachments` what it reads before `content`."""

    role: Role
    content: str
    thinking: str = ""
    tool_calls: tuple[dict[str, Any], ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        # Half a character, which JSON and terminals can bring, fits into no file and no template.
        for name in ("content", "thinking"):
            text = getattr(self, name)
            if isinstance(text, str) and not text.isascii():
                object.__setattr__(self, name, without_surrogates(text))


@dataclass(frozen=True)
class ModelMemory:
    """Bytes that a model takes: weights, cache (of one conversation), workspace, and the lists of
    its tokenizer."""

    weights: int
    cache: int
    workspace: int
    vocabulary: int = 0

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.workspace + self.vocabulary


@dataclass(frozen=True)
class TypeWork:
    """What matrices of one tensor type cost: `bytes` are read for each token that is written, with
    so many `products` (multiply-adds); a token of a prompt has `prompt_products`. Of experts only
    those count that a token goes through. `prompt_steps`: of the multiplying units, two for each
    product of the prompt whose activations have 16 bits."""

    type: str
    bytes: int
    products: int
    prompt_products: int
    prompt_steps: int = 0


@dataclass(frozen=True)
class CacheWork:
    """What a token costs for each earlier position it looks at: the last `window`, or all (0).
    `chunked`: windows stand in a row, and a token looks at those before it in its own."""

    window: int
    bytes: int
    products: int
    chunked: bool = False

    def seen(self, depth: int) -> int:
        """How many of so many earlier positions a token looks at."""
        if self.chunked:
            return depth % self.window
        return min(depth, self.window) if self.window else depth


@dataclass(frozen=True)
class TokenWork:
    """What reading and writing one token costs a model, from its shapes alone."""

    types: tuple[TypeWork, ...]
    cache: tuple[CacheWork, ...]
    steps: int  # of a pass: each costs a little, whatever its size
    state_bytes: int = 0  # of states of a fixed size, read and written for each token
    state_products: int = 0

    @property
    def bytes(self) -> int:
        """Of weights, read for each token that is written."""
        return sum(work.bytes for work in self.types)


@dataclass(frozen=True)
class Forecast:
    """All that a header tells of a model before it is loaded: what it takes with a context of
    `n_ctx` tokens, what a token costs, and what is special about how it computes, in sentences."""

    n_ctx: int
    memory: ModelMemory
    work: TokenWork
    special: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelInfo:
    """A model that is open. `template_source` says where its chat template came from."""

    id: str
    path: Path
    name: str
    architecture: str
    type_name: str
    parameters: int
    file_bytes: int
    n_ctx: int
    n_ctx_train: int
    memory: ModelMemory
    template_source: str
    default_sampling: SamplingParams = field(default_factory=SamplingParams)
    threads: int = 0
    load_s: float = 0.0
    load_parts_s: dict[str, float] = field(default_factory=dict)  # what it was spent on
    kernels_compiled: int = 0  # the others were found on disk
    default_system: str = ""  # the user's wish for this model
    thinks: bool = False  # its template can be told whether it thinks before it answers
    thinks_in_tags: bool = False  # it is known how its thinking ends, so it can be ended


@dataclass(frozen=True)
class TensorError:
    """One tensor of a model against that of its source. `relative`: root mean square of the
    difference, as a part of the root mean square of the exact values."""

    name: str
    type: str
    bytes: int
    relative: float
    largest: float  # the largest single difference
