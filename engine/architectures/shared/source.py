"""Where the tensors of a Hugging Face checkpoint go, as data; the workshop carries it out.

A rule says how one tensor of a source becomes one of GGUF; bending it is named, never done here.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.weights.formats.config import Config

Bend = Literal[
    "",
    "q_heads",
    "k_heads",
    "turned",
    "plus_one",
    "tiled",
    "tiled_end",
    "tiled_columns",
    "decay",
    "skipped",
]
# Buffers that some versions of the library saved beside the weights.
BUFFERS = r"rotary_emb\.\w+$|\.attn\.(masked_)?bias$|(^|\.)position_ids$"
# What transformers calls the ways of scaling a rope; "su" is an old name of the last.
SCALINGS = {
    name: name for name in ("default", "none", "linear", "dynamic", "yarn", "llama3", "longrope")
} | {"su": "longrope"}


@dataclass(frozen=True)
class Rule:
    """`source` and `target` hold {i} for the layer; `shape` names sizes, as in GGUF's tensor.

    bend: q_heads, k_heads: rows from two halves to pairs, as the "normal" rope wants them;
    turned: rows and columns exchanged; plus_one: the norm is 1 + w; tiled: the rows of each value
    head, or the last of all rows, or the columns, from heads that share a key head beside each
    other to key heads in turn; decay: -exp(w), tiled; skipped: without its first rows.
    """

    source: str
    target: str
    shape: tuple[str, ...]
    bend: Bend = ""
    optional: bool = False
    layers: str = ""  # of which layers, by a name in Settings.layers; "": of all


class Metadata(dict[str, Any]):
    """The keys of the file in the making; `own` puts the architecture's name in front."""

    def __init__(self, architecture: str) -> None:
        super().__init__()
        self.architecture = architecture
        self["general.architecture"] = architecture

    def own(self, **values: Any) -> None:
        """attention__head_count=8 sets `<architecture>.attention.head_count`; None sets nothing."""
        for key, value in values.items():
            if value is not None:
                self[f"{self.architecture}.{key.replace('__', '.')}"] = value


@dataclass(frozen=True)
class Rotation:
    """The rope settings a class understands: scalings by the names it knows them under.

    partial: a share of each head's columns may turn, this one where config.json has no
    partial_rotary_factor; 0: all of them turn. sections: pairs turn by one of three positions (of
    pictures; in texts all three are the token's), and GGUF says how many by which.
    base: of the frequencies, where config.json says none; local: the same of layers that look
    through a window, where the class sets their rope apart (never scaled); 0: it does not.
    base_key, local_key: what older files call the two, beside rope_parameters.
    """

    scalings: Mapping[str, str] = field(default_factory=lambda: SCALINGS)
    partial: float = 0.0
    sections: bool = False
    base: float = 10000.0
    local: float = 0.0
    base_key: str = "rope_theta"
    local_key: str = "rope_local_base_freq"


@dataclass
class Settings:
    """What a family makes of a configuration. dims: the sizes that rules name."""

    dims: dict[str, int]
    tied: bool
    biased: str = r""  # the layers' modules that have a bias, as an expression; others have none
    notices: list[str] = field(default_factory=list)
    layers: Mapping[str, Collection[int]] = field(default_factory=dict)  # that rules may name
    left_out: str = ""  # names that this model has no use for, as an expression


@dataclass(frozen=True)
class Source:
    """One kind of checkpoint, known by its `kind` (model_type in config.json) or class names.

    settings reads config.json and sets the GGUF keys, but for those of the rope; defaults are what
    transformers takes for a key that is absent (one that is null means "none at all", and no
    default fills it); prefix is that of all names but the output's; some files leave it out;
    neutral: fields of this class that change nothing a trained model computes; renamed: names of
    other versions, as expressions, and what they are called here.
    """

    kind: str
    classes: tuple[str, ...]
    rules: tuple[Rule, ...]
    settings: Callable[[Config, Metadata], Settings]
    defaults: Mapping[str, Any]
    rotation: Rotation | None = Rotation()
    prefix: str = "model."
    ignored: str = BUFFERS
    neutral: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def bare(self) -> str:
        """The class without a head, which is what a tied model needs."""
        return re.sub(r"(ForCausalLM|LMHeadModel)$", "Model", self.classes[0])
