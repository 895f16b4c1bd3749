"""Every field that transformers has for config.json is known, and means what it means there."""

import json
from typing import Any

import pytest
from helpers.tiny_checkpoints import ROWS, recorded

from engine.architectures.shared.find import sources
from engine.base.errors import ChaskiError
from engine.weights.formats.config import Config
from engine.workshop.convert.family import read_family
from engine.workshop.convert.fields import NEUTRAL, UNDERSTOOD
from engine.workshop.convert.lora_settings import AdapterSettings

FIELDS = {kind: fields for row in ROWS for kind, fields in recorded(row)["fields"].items()}
FAMILIES = tuple(FIELDS)
DEFAULTS = {kind: source.defaults for kind, (_, source) in sources().items()}
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
    layers = {name: sorted(found.settings.layers[name]) for name in found.settings.layers}
    factors = {name: tensor.whole().tolist() for name, tensor in found.factors.items()}
    kept: tuple[Any, ...] = (found.settings.dims, found.settings.tied, found.settings.biased)
    kept = (*kept, layers, factors, found.settings.scales)
    return (*kept, json.dumps(found.out, default=str, sort_keys=True))


def other(kind: str, key: str, value: Any) -> Any:
    """Another value: the family's row may name one (`other`)."""
    named = OTHERS | ROWS[sources()[kind][0]].get("other", {})
    if key in named and named[key] != value:
        return named[key]
    if isinstance(value, bool) or value is None:
        return not value
    return f"not {value}" if isinstance(value, str) else 2 * value + 2


def test_all_kinds_of_checkpoint_are_tried() -> None:
    assert sorted(FIELDS) == sorted(sources())


JUNK: list[Any] = [None, True, -1, 1, 1.5, 1e308, float("nan"), "", "x", [], [1], ["a"], [None]]
JUNK += [{}, {"a": 1}, {"rope_type": "yarn", "factor": 1e-300}, 1 << 70, 10**400, {"type": []}]
JUNK += [{"type": "longrope", "short_factor": ["a"], "long_factor": []}, {"full_attention": {}}]


@pytest.mark.parametrize("kind", FAMILIES)
def test_junk_in_any_field_is_a_sentence(kind: str) -> None:
    refused = 0
    for key in FIELDS[kind]:
        for junk in JUNK:
            refused += outcome(FIELDS[kind] | {key: junk}) == "refused"
    assert refused > 100


def test_junk_in_any_setting_of_an_adapter_is_a_sentence() -> None:
    refused = 0
    keys = "target_modules exclude_modules modules_to_save layers_to_transform layers_pattern"
    for (
        key
    ) in f"{keys} rank_pattern alpha_pattern r lora_alpha use_rslora init_lora_weights".split():
        for junk in [*JUNK, {"[": 2}, "(", ".*"]:
            plain = {"peft_type": "LORA", "target_modules": ["q_proj"], "layers_to_transform": [0]}
            try:
                found = AdapterSettings(Config(plain | {key: junk}, "adapter_config.json"), [])
                found.is_adapted("model.layers.0.self_attn.q_proj")
                found.scale("model.layers.0.self_attn.q_proj", 4)
            except ChaskiError:
                refused += 1
    assert refused > 60


@pytest.mark.parametrize("kind", FAMILIES)
def test_no_field_is_unknown(kind: str) -> None:
    assert read_family(Config(FIELDS[kind], "config.json")).settings.notices == []


@pytest.mark.parametrize("kind", FAMILIES)
def test_defaults_are_those_of_the_class(kind: str) -> None:
    emptied = ROWS[sources()[kind][0]].get("emptied", [])  # by the class, where it is not used
    given = {key: value for key, value in DEFAULTS[kind].items() if key not in emptied}
    assert {key: FIELDS[kind].get(key) for key in given} == given
    plain, _, key = kind.partition(":")
    spoken = {"model_type": plain, "architectures": FIELDS[kind].get("architectures")}
    spoken |= {key: FIELDS[kind][key]} if key else {}
    assert outcome(FIELDS[kind]) == outcome(spoken)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (kind, key)
        for kind in FAMILIES
        for key in FIELDS[kind]
        if key not in UNDERSTOOD and key not in NEUTRAL.union(sources()[kind][1].neutral)
    ],
)
def test_every_field_that_is_read_matters(kind: str, key: str) -> None:
    needs = ROWS[sources()[kind][0]].get("needs", {})
    plain = FIELDS[kind] | NEEDS.get(key, {}) | needs.get("all", {}) | needs.get(key, {})
    assert outcome(plain | {key: other(kind, key, plain[key])}) != outcome(plain)


@pytest.mark.parametrize("kind", ["qwen2", "qwen3"])
def test_a_window_of_qwen_is_refused_where_it_is_used(kind: str) -> None:
    used = {"use_sliding_window": True, "max_window_layers": 0, "layer_types": None}
    assert outcome(FIELDS[kind] | used | {"sliding_window": 4096}) == "refused"
    assert outcome(FIELDS[kind] | used | {"sliding_window": None}) != "refused"


def test_two_magnitudes_of_a_rope_are_refused() -> None:
    """Phi 3.5 MoE says one for short contexts and one for long ones; GGUF has a key for both."""
    factors = {"short_factor": [1.0] * 64, "long_factor": [2.0] * 64}
    for short, long in ((1.2, 1.3), (0.0, 0.0)):
        rope = {"type": "longrope", "short_mscale": short, "long_mscale": long} | factors
        assert outcome(FIELDS["phimoe"] | {"rope_scaling": rope}) == "refused"
    rope = {"type": "longrope", "short_mscale": 1.2, "long_mscale": 1.2} | factors
    found = outcome(FIELDS["phimoe"] | {"rope_scaling": rope})
    assert '"phimoe.rope.scaling.attn_factor": 1.2' in found[-1]


@pytest.mark.parametrize("kind", ["exaone4", "exaone_moe"])
def test_windows_by_letters_are_those_of_a_number(kind: str) -> None:
    plain = FIELDS[kind] | {"layer_types": None}
    assert outcome(plain | {"sliding_window_pattern": "LLLG"}) == outcome(plain)
    assert outcome(plain | {"sliding_window_pattern": "LG"}) != outcome(plain)
    assert outcome(plain | {"sliding_window_pattern": "LX"}) == "refused"


# What published files say besides the fields of their classes.
PUBLISHED: dict[str, dict[str, Any]] = {
    "llama4_text": {"for_llm_compressor": False, "cache_implementation": "hybrid"},
    "exaone_moe": {
        "scoring_func": "sigmoid",
        "topk_method": "noaux_tc",
        "is_moe_layer": [False, True],
        "num_nextn_predict_layers": 1,
        "first_last_k_dense_replace": 1,
    },
    "phimoe": {"hidden_dropout": 0.0, "input_jitter_noise": 0.01},
    "orion": {"max_sequence_length": 4096},
}


@pytest.mark.parametrize("kind", PUBLISHED)
def test_what_published_files_say_besides_is_known(kind: str) -> None:
    values = FIELDS[kind] | PUBLISHED[kind]
    assert read_family(Config(values, "config.json")).settings.notices == []
    assert outcome(values) == outcome(FIELDS[kind])


def test_an_older_key_of_leading_layers() -> None:
    plain = FIELDS["exaone_moe"] | {"mlp_layer_types": None}
    old = {key: x for key, x in plain.items() if key != "first_k_dense_replace"}
    found = outcome(old | {"first_last_k_dense_replace": 3})
    assert found == outcome(plain | {"first_k_dense_replace": 3}) != outcome(plain)
