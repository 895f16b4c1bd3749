"""Hyperparameters: what the families have in common, read from GGUF keys and checked.

A value that is unknown or out of bounds is an error with the key's name, never a default.
"""

from dataclasses import dataclass
from typing import TypeAlias

from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted, shown
from engine.compute.graph import RopeSpec
from engine.weights.formats.gguf import GGUFFile

Whole: TypeAlias = int  # Keys has methods named int and float
Real: TypeAlias = float
SMALLEST_EPSILON = 1e-30
MOST_FACTOR = 1e4  # of rope's magnitude and blend; those of models are near 1
MAX_LAYERS, MAX_HEADS, MAX_WIDTH, MAX_CONTEXT = 4096, 4096, 1 << 20, 1 << 27


@dataclass(frozen=True)
class Hyper:
    """The figures of one model. Tuples have one entry per layer; 0 heads: a layer without."""

    architecture: str
    n_vocab: int
    n_embd: int
    n_layer: int
    n_ctx_train: int
    n_head: tuple[int, ...]
    n_head_kv: tuple[int, ...]
    n_ff: tuple[int, ...]
    head_dim: int
    head_dim_v: int
    eps: float
    window: tuple[int, ...]  # 0: the layer sees everything
    rope: RopeSpec


class Keys:
    """Reads the keys of one architecture (`llama.block_count` …) from a file's metadata."""

    def __init__(self, file: GGUFFile, architecture: str) -> None:
        self.file, self.architecture = file, architecture

    def name(self, key: str) -> str:
        return f"{self.architecture}.{key}"

    def has(self, key: str) -> bool:
        return self.name(key) in self.file.metadata

    def tensor(self, name: str) -> str | None:
        """The tensor's name if the file has it: for biases and factors that are optional."""
        return name if name in self.file.tensors else None

    def int(self, key: str, low: Whole, high: Whole, default: Whole | None = None) -> Whole:
        name = self.name(key)
        if default is not None and name not in self.file.metadata:
            return default
        value = self.file.need_int(name)
        return self._within(name, value, low, high)

    def ints(
        self,
        key: str,
        count: Whole,
        low: Whole,
        high: Whole,
        default: tuple[Whole, ...] | None = None,
    ) -> tuple[Whole, ...]:
        """One value per layer; a single number stands for all layers."""
        name = self.name(key)
        value = self.file.metadata.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, Whole) or value is None:
            return (self.int(key, low, high),) * count
        values = self.file.need_ints(name)
        if len(values) != count:
            raise FormatError(
                "{file}: key {name} has {n_values} values for {count} layers",
                file=self.file.path.name,
                name=name,
                n_values=len(values),
                count=count,
            )
        return tuple(self._within(name, v, low, high) for v in values)

    def float(self, key: str, default: Real | None = None) -> Real:
        name = self.name(key)
        if default is not None and name not in self.file.metadata:
            return default
        value = self.file.need_float(name)
        if not -1e30 < value < 1e30:
            raise FormatError(
                "{file}: key {name} is {value}, which is no figure",
                file=self.file.path.name,
                name=name,
                value=value,
            )
        return value

    def refuse(self, key: str, neutral: object, why: str) -> None:
        """An error if `key` is present with another value than the neutral one."""
        if not self.has(key):
            return
        value = self.file.metadata[self.name(key)]
        if not isinstance(value, bool | Whole | Real | str):
            # Nobody knows what a list says here; comparing it would say something else.
            raise FormatError(
                "{file}: key {key} is {value}, not one value",
                file=self.file.path.name,
                key=self.name(key),
                value=shown(value),
            )
        if value != neutral or isinstance(value, str) is not isinstance(neutral, str):
            raise UnsupportedError(
                "{file}: key {key} is {value}: {why} is not supported",
                file=self.file.path.name,
                key=self.name(key),
                value=shown(value),
                why=why,
            )

    def _within(self, name: str, value: Whole, low: Whole, high: Whole) -> Whole:
        if not low <= value <= high:
            raise FormatError(
                "{file}: key {name} is {value}, not between {low} and {high}",
                file=self.file.path.name,
                name=name,
                value=value,
                low=low,
                high=high,
            )
        return value


def read_hyper(
    keys: Keys,
    *,
    rope_style: str,
    eps_key: str = "attention.layer_norm_rms_epsilon",
    windowed: bool = True,
) -> Hyper:
    """The keys every transformer family shares."""
    n_embd = keys.int("embedding_length", 1, MAX_WIDTH)
    n_layer = keys.int("block_count", 1, MAX_LAYERS)
    n_head = keys.ints("attention.head_count", n_layer, 0, MAX_HEADS)
    most = max(n_head)
    if most == 0:
        raise FormatError(
            "{file}: key {key} is 0",
            file=keys.file.path.name,
            key=keys.name("attention.head_count"),
        )
    n_head_kv = keys.ints("attention.head_count_kv", n_layer, 0, MAX_HEADS, default=n_head)
    for heads, shared in zip(n_head, n_head_kv, strict=True):
        if heads and (not shared or heads % shared):
            raise FormatError(
                "{file}: {heads} query heads cannot share {shared} key/value heads (key {key})",
                file=keys.file.path.name,
                heads=heads,
                shared=shared,
                key=keys.name("attention.head_count_kv"),
            )
    head_dim = keys.int("attention.key_length", 1, MAX_WIDTH, default=max(1, n_embd // most))
    return Hyper(
        architecture=keys.architecture,
        n_vocab=_n_vocab(keys, n_embd),
        n_embd=n_embd,
        n_layer=n_layer,
        n_ctx_train=keys.int("context_length", 1, MAX_CONTEXT),
        n_head=n_head,
        n_head_kv=n_head_kv,
        n_ff=keys.ints("feed_forward_length", n_layer, 0, MAX_WIDTH),
        head_dim=head_dim,
        head_dim_v=keys.int("attention.value_length", 1, MAX_WIDTH, default=head_dim),
        eps=_epsilon(keys, eps_key),
        window=_windows(keys, n_layer) if windowed else (0,) * n_layer,
        rope=_rope(keys, head_dim, rope_style),
    )


def _n_vocab(keys: Keys, n_embd: int) -> int:
    info = keys.file.tensors.get("token_embd.weight")
    if info is None:
        raise FormatError(
            "{file}: tensor token_embd.weight is missing; the file is incomplete, or no whole "
            "model",
            file=keys.file.path.name,
        )
    if len(info.shape) > 2 or info.n_cols != n_embd or not info.n_rows:
        raise FormatError(
            "{file}: tensor token_embd.weight has shape {shape}; its rows must have {n_embd} "
            "columns (key {key})",
            file=keys.file.path.name,
            shape=info.shape,
            n_embd=n_embd,
            key=keys.name("embedding_length"),
        )
    return info.n_rows


def _windows(keys: Keys, n_layer: int) -> tuple[int, ...]:
    """Sliding windows: the pattern n means that each n-th layer sees everything."""
    window = keys.int("attention.sliding_window", 0, MAX_CONTEXT, default=0)
    if not keys.has("attention.sliding_window_pattern"):
        return (window,) * n_layer
    name = keys.name("attention.sliding_window_pattern")
    pattern = keys.file.metadata[name]
    if isinstance(pattern, int) and not isinstance(pattern, bool):
        period = keys.int("attention.sliding_window_pattern", 0, MAX_LAYERS)
        return tuple(
            window if period == 0 or i % period < period - 1 else 0 for i in range(n_layer)
        )
    slides = keys.file.need_ints(name)
    if len(slides) != n_layer:
        raise FormatError(
            "{file}: key {name} has {n_slides} values for {n_layer} layers",
            file=keys.file.path.name,
            name=name,
            n_slides=len(slides),
            n_layer=n_layer,
        )
    return tuple(window if slide else 0 for slide in slides)


def _rope(keys: Keys, head_dim: int, style: str) -> RopeSpec:
    """All rope keys; llama3 and LongRoPE scaling come as factor tensors, which need no key."""
    kind = keys.file.get_str(keys.name("rope.scaling.type"), "")
    factor = keys.float("rope.scaling.factor", 0.0) or keys.float("rope.scale_linear", 0.0)
    if not kind:
        kind = "linear" if factor not in (0.0, 1.0) else "none"
    if kind not in ("none", "linear", "yarn", "longrope"):
        raise UnsupportedError(
            "{file}: key {key} is {kind}; known are none, linear, yarn and longrope",
            file=keys.file.path.name,
            key=keys.name("rope.scaling.type"),
            kind=quoted(kind),
        )
    base = _positive(keys, "rope.freq_base", 10000.0)
    if factor < 0 or (kind == "yarn" and base == 1):
        raise FormatError(
            "{file}: the keys {key} ({factor:g}) and {key_2} ({base:g}) make no rotation",
            file=keys.file.path.name,
            key=keys.name("rope.scaling.factor"),
            factor=factor,
            key_2=keys.name("rope.freq_base"),
            base=base,
        )
    n_dims = keys.int("rope.dimension_count", 2, head_dim, default=head_dim)
    if n_dims % 2:
        raise FormatError(
            "{file}: key {key} is odd",
            file=keys.file.path.name,
            key=keys.name("rope.dimension_count"),
        )
    context = keys.int("context_length", 1, MAX_CONTEXT)
    long = keys.tensor("rope_factors_long.weight")
    return RopeSpec(
        n_dims=n_dims,
        base=base,
        style="neox" if style == "neox" else "normal",
        scaling=kind,  # type: ignore[arg-type]
        factor=factor if factor else 1.0,  # 0: no scaling, as llama.cpp reads it
        original_context=keys.int(
            "rope.scaling.original_context_length", 1, MAX_CONTEXT, default=context
        ),
        attn_factor=_positive(keys, "rope.scaling.attn_factor", 1.0, MOST_FACTOR),
        ext_factor=_positive(keys, "rope.scaling.yarn_ext_factor", 1.0, MOST_FACTOR, -MOST_FACTOR),
        beta_fast=_positive(keys, "rope.scaling.yarn_beta_fast", 32.0),
        beta_slow=_positive(keys, "rope.scaling.yarn_beta_slow", 1.0),
        factors=keys.tensor("rope_factors_short.weight" if long else "rope_freqs.weight"),
        factors_long=long,
    )


def _epsilon(keys: Keys, key: str) -> float:
    """What keeps a norm from dividing by zero; as float32 it must be more than that."""
    value = keys.float(key)
    if value < SMALLEST_EPSILON:
        raise FormatError(
            "{file}: key {key} is {value}, not above 0; the file is broken, get it again",
            file=keys.file.path.name,
            key=keys.name(key),
            value=value,
        )
    return value


def _positive(
    keys: Keys,
    key: str,
    default: float | None = None,
    most: float = 1e30,
    low: float | None = None,
) -> float:
    """A figure above 0 (or from `low` on), and not beyond what float32 can reckon with."""
    value = keys.float(key, default)
    if value > most or (value <= 0 if low is None else value < low):
        raise FormatError(
            "{file}: key {key} is {value:g}, not above 0 and up to {most:g}",
            file=keys.file.path.name,
            key=keys.name(key),
            value=value,
            most=most,
        )
    return value
