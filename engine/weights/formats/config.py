"""Reads config.json and its like: typed, and an unknown value is an error with the key's name."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted, shown
from engine.weights.formats.checkpoint import read_json

MOST = 1 << 31
WORD = 1 << 63  # beyond it a number of JSON is no number of any machine
MOST_FLOAT = 3.4e38  # what GGUF keeps them in
# No model comes near; what is reckoned with these stays small.
LIMITS = {
    **dict.fromkeys(("num_attention_heads", "num_key_value_heads"), 1 << 12),
    **dict.fromkeys(("n_head", "n_heads", "n_kv_heads"), 1 << 12),
    **dict.fromkeys(("num_hidden_layers", "n_layer", "n_layers"), 1 << 12),
    **dict.fromkeys(("hidden_size", "n_embd", "dim", "head_dim"), 1 << 20),
    **dict.fromkeys(("intermediate_size", "n_inner"), 1 << 20),
    **dict.fromkeys(("linear_num_key_heads", "linear_num_value_heads"), 1 << 12),
    **dict.fromkeys(("linear_key_head_dim", "linear_value_head_dim"), 1 << 20),
    "linear_conv_kernel_dim": 1 << 12,
    "vocab_size": 1 << 22,
    **dict.fromkeys(("max_position_embeddings", "n_positions"), 1 << 27),
    "original_max_position_embeddings": 1 << 27,
}
# Figures that are divided by, or taken the logarithm of.
POSITIVE = frozenset(
    (
        "rms_norm_eps",
        "layer_norm_epsilon",
        "norm_eps",
        "rope_theta",
        "factor",
        "attention_factor",
        "low_freq_factor",
        "high_freq_factor",
        "long_factor",
        "short_factor",
        "partial_rotary_factor",
        "query_pre_attn_scalar",
        "embedding_multiplier",
        "attention_multiplier",
        "residual_multiplier",
        "logits_scaling",
        "logit_scale",
        "scale_emb",
        "scale_depth",
        "dim_model_base",
        "layernorm_epsilon",
        "rope_ratio",
        "norm_eps",
    )
)
LEAST_POSITIVE = 1e-30
D = TypeVar("D")
_NONE = object()


class Config:
    """One configuration. `values` are those that are there and not null.

    It remembers which keys were asked for, so that those nobody knows can be told (`unasked`).
    """

    def __init__(self, values: Mapping[str, Any], name: str) -> None:
        self.given = dict(values)
        self.values = {key: value for key, value in values.items() if value is not None}
        self.name = name
        self.asked: set[str] = set()

    @classmethod
    def read(cls, path: Path) -> "Config":
        return cls(read_json(path), path.name)

    def with_defaults(self, defaults: Mapping[str, Any]) -> "Config":
        """The same with a class's defaults where a key is absent; a null stays "none at all"."""
        found = Config(dict(defaults) | self.given, self.name)
        found.given, found.asked = self.given, self.asked
        return found

    def get(self, key: str, default: Any = None) -> Any:
        """The value as it is, of any type."""
        self.asked.add(key)
        return self.values.get(key, default)

    def has(self, key: str) -> bool:
        self.asked.add(key)
        return key in self.values

    def unasked(self, neutral: Collection[str] = ()) -> list[str]:
        """Keys of the file that nobody asked for and that are not known to be neutral."""
        known = self.asked | set(neutral)
        return [
            key
            for key, value in self.given.items()
            if key not in known and not key.startswith("_") and not _says_nothing(value)
        ]

    def int(self, key: str, default: Any = _NONE, low: int = 1) -> Any:
        value = self._get(key, default)
        if value is default:
            return default
        if isinstance(value, float) and value.is_integer():
            value = round(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, Words("a whole number"))
        high = LIMITS.get(key, MOST - 1)
        if not low <= value <= high:
            raise FormatError(
                "{name}: key {key} is {value}, not between {low} and {high}",
                name=self.name,
                key=key,
                value=shown(value),
                low=low,
                high=high,
            )
        return value

    def float(self, key: str, default: Any = _NONE) -> Any:
        value = self._get(key, default)
        if value is default:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(key, Words("a number"))
        if not abs(value) <= MOST_FLOAT:  # also what is no number
            raise FormatError(
                "{name}: key {key} is {value}, which is no figure",
                name=self.name,
                key=key,
                value=shown(value),
            )
        if key in POSITIVE and value < LEAST_POSITIVE:
            raise FormatError(
                "{name}: key {key} is {value}, not above 0",
                name=self.name,
                key=key,
                value=shown(value),
            )
        return float(value)

    def bool(self, key: str, default: bool) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, Words("true or false"))
        return value

    def floats(self, key: str) -> list[Any]:
        value = self._get(key, _NONE)
        if not isinstance(value, list) or len(value) > 1 << 16:
            raise self._wrong(key, Words("a list of numbers"))
        return [Config({key: item}, self.name).float(key) for item in value]

    def part(self, key: str) -> "Config | None":
        """A nested object, or None where there is none."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(key, Words("an object"))
        return Config(value, f"{self.name}: {key}")

    def expect(self, key: str, *known: Any) -> Any:
        """The value, which must be one of those known; the first is what absence means."""
        value = self.get(key, known[0])
        if not any(value == each and type(value) is type(each) for each in known):
            raise UnsupportedError(
                "{name}: key {key} is {value}; known are {known}. The model is a variant that "
                "cannot be converted",
                name=self.name,
                key=key,
                value=quoted(value),
                known=", ".join(repr(each) for each in known),
            )
        return value

    def _get(self, key: str, default: D) -> Any | D:
        self.asked.add(key)
        if key in self.values:
            value = self.values[key]
            if isinstance(value, int) and not -WORD <= value < WORD:
                raise FormatError(
                    "{name}: key {key} is {value}, which is no figure",
                    name=self.name,
                    key=key,
                    value=shown(value),
                )
            return value
        if default is _NONE:
            raise FormatError(
                "{name} has no key {key}, which this model family needs", name=self.name, key=key
            )
        return default

    def _wrong(self, key: str, wanted: Words) -> FormatError:
        return FormatError(
            "{name}: key {key} must be {wanted}", name=self.name, key=key, wanted=wanted
        )


def _says_nothing(value: Any) -> bool:
    """null, false and empty ones; zero is a figure."""
    return value is None or value is False or value in ("", [], {})
