"""What callers see of models and conversations: frozen records. Standard library only."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from engine.base.errors import without_surrogates
from engine.base.settings import SamplingParams

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; `thinking` is what the model told itself before answering."""

    role: Role
    content: str
    thinking: str = ""
    tool_calls: tuple[dict[str, Any], ...] = ()

    def __post_init__(self) -> None:
        # Half a character, which JSON and terminals can bring, fits into no file and no template.
        for name in ("content", "thinking"):
            text = getattr(self, name)
            if isinstance(text, str) and not text.isascii():
                object.__setattr__(self, name, without_surrogates(text))


@dataclass(frozen=True)
class ModelMemory:
    """Bytes that a model takes: weights, cache (of one conversation) and workspace."""

    weights: int
    cache: int
    workspace: int

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.workspace


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
