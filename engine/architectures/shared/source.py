"""Where the tensors of a Hugging Face checkpoint go, as data; the workshop carries it out.

A rule says how one tensor of a source becomes one of GGUF; bending it is named, never done here.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.weights.formats.config import Config

Bend = Literal[
    "",
    "q_heads",  # rows from two halves to pairs, as the "normal" rope wants them
    "k_heads",
    "turned",  # rows and columns exchanged
    "first_half",  # of the rows, or a vector's entries
    "second_half",
    "even",
    "odd",
    "even_turned",  # of the turned matrix
    "odd_turned",
    "first_half_turned",
    "second_half_turned",
    "even_columns",
    "odd_columns",
    "skipped",  # without its first rows
    "fitted",  # as many rows as `shape` says, the first one in place of those that are not there
    "row",  # its one row as a vector
    "flat",  # the same values in another shape: rows of the same width, or a vector of all
    "column",  # a vector as one
    "by_group",  # a vector as a row for each of `ssm_groups`
    "taps",  # of a convolution whose columns are each apart: [columns, 1, taps] as a matrix
    "plus_one",  # the norm is 1 + w
    "unit_rows",  # each of length 1, where the size `unit` is 1
    "fading",  # -exp(w), a vector as a column
    # Rows, the last of all rows, or columns of value heads: from heads that share a key head beside
    # each other to key heads in turn; decay: -exp(w) as well.
    "tiled",
    "tiled_end",
    "tiled_columns",
    "decay",
    # Queries, keys and values, or what a delta rule reads, that are one matrix: all of its rows in
    # order, or those of a part (convert/qkv.py).
    "grouped",
    "grouped_q",
    "grouped_k",
    "grouped_v",
    "packed_q",
    "packed_k",
    "packed_v",
    "by_key",
    "by_key_gates",
    # Of each head's rows of `nope` for keys and `v_head` for values the former, with rows and
    # columns exchanged, or the latter, as a matrix for each head.
    "key_parts",
    "value_parts",
    "figure",  # its one value goes into a key's list, which is `target` without the layer
]
# Buffers that some versions of the library saved beside the weights.
BUFFERS = r"rotary_emb\.\w+$|\.attn\.(masked_)?bias$|(^|\.)position_ids$"
# What transformers calls the ways of scaling a rope; "su" is an old name of the last.
SCALINGS = {
    name: name for name in ("default", "none", "linear", "dynamic", "yarn", "llama3", "longrope")
} | {"su": "longrope"}


# Factors of a matrix's rows: how many neighbours, and theirs.
Scales = Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True)
class Rule:
    """`source` and `target` hold {i} for the layer; `shape` names sizes, as in GGUF's tensor. A
    source with {e} stands for as many tensors as there are experts (or what `count` names), which
    become one.

    Of tensors with three dimensions each matrix is bent. Several rules may read one source.
    """

    source: str
    target: str
    shape: tuple[str, ...]
    bend: Bend = ""
    optional: bool = False
    layers: str = ""  # of which layers, by a name in Settings.layers; "": of all
    count: str = "expert"
    scale: str = ""  # a name in Settings.scales, by which its rows are multiplied; "": they are not


class Metadata(dict[str, Any]):
    """The keys of the file in the making; `own` puts the architecture's name in front."""

    def __init__(self, architecture: str) -> None:
        super().__init__()
        self.architecture = architecture
        self["general.architecture"] = architecture

    def becomes(self, architecture: str) -> None:
        """It is another one after all; before any key of its own."""
        self.architecture = self["general.architecture"] = architecture

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
    names: what older files call a setting; it counts where there is none under its own name.
    base: of the frequencies, where config.json says none; local: the same of layers that look
    through a window, where the class sets their rope apart (never scaled); 0: it does not.
    local_key: what older files call the local one.
    truncate: whether YaRN's ramp begins and ends at whole pairs, which is the family's.
    still: pairs that do not turn are among a head's columns, and a tensor of factors tells which.
    scores: YaRN's mscale_all_dim scales the scores, not the rope alone (DeepSeek).
    own: keys among the rope's settings that the family reads itself. alpha: a scaling called
    dynamic that has one stretches the base alone, whatever the context. mscales: longrope's
    magnitude is said, for short and for long contexts.
    """

    scalings: Mapping[str, str] = field(default_factory=lambda: SCALINGS)
    partial: float = 0.0
    sections: bool = False
    base: float = 10000.0
    local: float = 0.0
    local_key: str = "rope_local_base_freq"
    truncate: bool = True
    still: bool = False
    scores: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    alpha: bool = False
    mscales: bool = False


@dataclass
class Settings:
    """What a family makes of a configuration. dims: the sizes that rules name."""

    dims: dict[str, int]
    tied: bool
    biased: str = r""  # the layers' modules that have a bias, as an expression; others have none
    notices: list[str] = field(default_factory=list)
    layers: Mapping[str, Collection[int]] = field(default_factory=dict)  # that rules may name
    scales: Scales = field(default_factory=dict)  # that rules may name
    unused: str = r"$^"  # names, as an expression, that such a model has no use for: that is told
    left_out: str = ""  # likewise, where nobody would miss them: heads of training
    # Vectors of one value that GGUF has for each layer and the checkpoint has not: by their names
    # with {i}, which size they have and the value.
    filled: Mapping[str, tuple[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """One kind of checkpoint, known by its `kind` (model_type in config.json) or class names.

    settings reads config.json and sets the GGUF keys, but for those of the rope; defaults are what
    transformers takes for a key that is absent (one that is null means "none at all", and no
    default fills it); prefix is that of all names but the output's; some files leave it out;
    neutral: fields of this class that change nothing a trained model computes; reads: fields that
    only few values are understood of elsewhere, and which this class sees to itself;
    within: models of several senses that hold this one: their class by their model type;
    renamed: names of other versions, as expressions, and what they are called here;
    also: model types that files of this class have, too, which say less than the class.
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
    reads: tuple[str, ...] = ()
    within: Mapping[str, str] = field(default_factory=dict)
    renamed: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()

    @property
    def bare(self) -> str:
        """The class without a head, which is what a tied model needs."""
        return re.sub(r"(ForCausalLM|LMHeadModel)$", "Model", self.classes[0])
