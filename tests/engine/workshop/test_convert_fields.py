"""Every field that transformers has for config.json is known, and means what it means there.

golden/config_fields.json: all fields and their defaults, by model type (make_variants.py).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.base.errors import ChaskiError
from engine.workshop.convert.config import Config
from engine.workshop.convert.families.defaults import DEFAULTS
from engine.workshop.convert.families.fields import NEUTRAL, UNDERSTOOD
from engine.workshop.convert.families.table import FAMILIES, read_family

FIELDS = json.loads((Path(__file__).parent / "golden" / "config_fields.json").read_text())
# Values other than the default where that is null, or is no plain one.
OTHERS: dict[str, Any] = {
    "head_dim": 64,
    "num_key_value_heads": 2,
    "n_inner": 100,
    "sliding_window": 5,
    "layer_types": ["sliding_attention"],
    "rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0},
}
# What these say only matters together with another key.
NEEDS: dict[str, dict[str, Any]] = {
    "max_window_layers": {"use_sliding_window": True, "layer_types": None},
    "use_sliding_window": {"max_window_layers": 0, "layer_types": None},
    "original_max_position_embeddings": {
        "rope_parameters": {
            "rope_type": "longrope",
            "short_factor": [1] * 48,
            "long_factor": [2] * 48,
        }
    },
}


def outcome(values: dict[str, Any]) -> Any:
    """What conversion makes of a configuration, but for the words; or that it refuses."""
    try:
        found = read_family(Config(values, "config.json"))
    except ChaskiError:
        return "refused"
    factors = {name: tensor.whole().tolist() for name, tensor in found.settings.extra.items()}
    kept = (found.settings.dims, found.settings.tied, found.settings.biased, factors)
    return (*kept, json.dumps(found.out, default=str, sort_keys=True))


def other(key: str, value: Any) -> Any:
    if key in OTHERS:
        return OTHERS[key]
    if isinstance(value, bool) or value is None:
        return not value
    return f"not {value}" if isinstance(value, str) else 2 * value + 2


@pytest.mark.parametrize("kind", FAMILIES)
def test_no_field_is_unknown(kind: str) -> None:
    assert read_family(Config(FIELDS[kind], "config.json")).settings.notices == []


@pytest.mark.parametrize("kind", FAMILIES)
def test_defaults_are_those_of_the_class(kind: str) -> None:
    found = {key: FIELDS[kind].get(key) for key in DEFAULTS[kind]}
    given = dict(DEFAULTS[kind])
    if kind.startswith("qwen"):  # the class empties it where it is not used
        del found["sliding_window"], given["sliding_window"]
    assert found == given
    spoken = {"model_type": kind, "architectures": FIELDS[kind].get("architectures")}
    assert outcome(FIELDS[kind]) == outcome(spoken)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (kind, key)
        for kind in FAMILIES
        for key in FIELDS[kind]
        if key not in NEUTRAL and key not in UNDERSTOOD
    ],
)
def test_every_field_that_is_read_matters(kind: str, key: str) -> None:
    plain = FIELDS[kind] | NEEDS.get(key, {})
    if kind.startswith("qwen"):
        plain["layer_types"] = None
        plain["sliding_window"] = 4096
    if key == "sliding_window" and kind.startswith("qwen"):
        plain |= {"use_sliding_window": True, "max_window_layers": 0}
        assert outcome(plain) == "refused"
        assert outcome(plain | {key: None}) != "refused"
        return
    assert outcome(plain | {key: other(key, plain[key])}) != outcome(plain)
