"""Keys of dense families' files that change what is computed, or that nobody knows."""

import json
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph
from engine.base.errors import ChaskiError
from engine.compute.graph import Activate, Graph, Rope, RopeSpec, Scale, Temper, Xielu
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.workshop.convert import convert
from engine.workshop.convert.folder import plan_folder


def converted(tmp_path: Path, name: str, **changes: object) -> GGUFFile:
    out = tmp_path / f"{name}.gguf"
    drive(convert(write_folder(tmp_path / "hf", name, **changes), out))
    return open_gguf(out)


def ropes(graph: Graph) -> list[RopeSpec]:
    """Of the queries, layer by layer."""
    return [op.spec for op in graph.ops if isinstance(op, Rope)][::2]


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("smollm3", "smollm3.attention.sliding_window", 5),
        ("granite", "granite.expert_count", 2),
        ("granite", "granite.logit_scale", 0.0),
        ("granite", "granite.residual_scale", -1.0),
        ("exaone4", "exaone4.rope.freq_base_swa", 77.0),
        ("cohere", "command-r.logit_scale", float("inf")),
        ("cohere2", "cohere2.rope.freq_base_swa", 77.0),
        ("cohere2", "cohere2.attention.sliding_window", 0),
        ("ministral3", "mistral3.expert_count", 2),
        ("ministral3", "mistral3.attention.temperature_scale", -0.1),
        ("ernie4_5", "ernie4_5.expert_count", 2),
        ("muse_glimmer", "muse-glimmer.logit_scale", 0.0),
        ("muse_glimmer", "muse-glimmer.attention.sliding_window", 0),
        ("olmo", "olmo.attention.clamp_kqv", -1.0),
        ("llama4_usual", "llama4.attention.sliding_window_pattern", 2),
        ("llama4_usual", "llama4.attention.temperature_scale", -0.1),
        ("llama4_usual", "llama4.expert_gating_func", 9),
        ("phimoe", "phimoe.expert_used_count", 3),
        ("phimoe", "phimoe.expert_router_jitter", -1.0),
        ("apertus", "xielu.beta", np.zeros(3, np.float32)),
        ("apertus", "xielu.eps", 1e9),
        ("apertus", "xielu.alpha_n", "much"),
    ],
)
def test_what_a_graph_cannot_do_is_refused(
    name: str, key: str, value: object, tmp_path: Path
) -> None:
    file = converted(tmp_path, name)
    build_graph(file)
    file.metadata[key] = value  # type: ignore[assignment]
    with pytest.raises(ChaskiError, match=key.partition(".")[2].replace(".", r"\.")):
        build_graph(file)


def test_a_key_switches_the_rope_of_granite_off(tmp_path: Path) -> None:
    file = converted(tmp_path, "granite")
    assert len(ropes(build_graph(file)[1])) == 2
    file.metadata["granite.rope.scaling.finetuned"] = False
    assert ropes(build_graph(file)[1]) == []


def test_scales_that_are_absent_scale_nothing(tmp_path: Path) -> None:
    file = converted(tmp_path, "granite", logits_scaling=1.0)
    for key in ("embedding_scale", "residual_scale", "attention.scale"):
        del file.metadata[f"granite.{key}"]
    _, graph = build_graph(file)
    assert not any(isinstance(op, Scale) for op in graph.ops)
    assert {op.scale for op in graph.attentions} == {8**-0.5}


def test_minicpm_is_granite_under_another_name(tmp_path: Path) -> None:
    found = []
    for name in ("granite", "minicpm"):
        scales = {"embedding_scale": 12.0, "residual_scale": 0.25, "logit_scale": 9.0}
        own = {f"{name}.{key}": value for key, value in scales.items()}
        path = write_tiny_llama(tmp_path / name, architecture=name, extra_metadata=own)
        found.append(build_graph(open_gguf(path))[1].ops)
    assert found[0] == found[1]
    factors = [op.factor for op in found[0] if isinstance(op, Scale)]
    assert factors[0] == 12.0
    assert factors[-1] == pytest.approx(1 / 9)
    assert set(factors[1:-1]) == {0.25}


def test_glm_of_pictures_has_its_rows_sorted_by_halves(tmp_path: Path) -> None:
    file = converted(tmp_path, "glm4")
    assert {spec.style for spec in ropes(build_graph(file)[1])} == {"normal"}
    file.metadata["glm4.rope.dimension_sections"] = np.array([2, 1, 1, 0], np.int32)
    assert {spec.style for spec in ropes(build_graph(file)[1])} == {"neox"}


def test_yarns_multiplier_is_a_key_or_within_the_factor(tmp_path: Path) -> None:
    file = converted(tmp_path, "ministral3")
    ours = ropes(build_graph(file)[1])[0].attn_factor
    del file.metadata["mistral3.rope.scaling.attn_factor"]
    assert ropes(build_graph(file)[1])[0].attn_factor == 1.0
    file.metadata["mistral3.rope.scaling.yarn_log_multiplier"] = 1.0
    assert ropes(build_graph(file)[1])[0].attn_factor == pytest.approx(ours)


def test_without_a_temperature_nothing_is_sharpened(tmp_path: Path) -> None:
    file = converted(tmp_path, "ministral3")
    assert sum(isinstance(op, Temper) for op in build_graph(file)[1].ops) == 2
    del file.metadata["mistral3.attention.temperature_scale"]
    assert not any(isinstance(op, Temper) for op in build_graph(file)[1].ops)


def test_exaone_turns_all_heads_where_no_layer_has_a_window(tmp_path: Path) -> None:
    file = converted(tmp_path, "exaone4")
    assert len(ropes(build_graph(file)[1])) == 4  # of five layers
    del file.metadata["exaone4.attention.sliding_window"]
    assert len(ropes(build_graph(file)[1])) == 5


def test_one_figure_stands_for_all_layers_of_apertus(tmp_path: Path) -> None:
    file = converted(tmp_path, "apertus")
    file.metadata |= {f"xielu.{name}": 0.0 for name in ("alpha_n", "alpha_p", "beta", "eps")}
    acts = [op.act for op in build_graph(file)[1].ops if isinstance(op, Activate)]
    half = np.log(2.0)  # log(1 + e^0)
    assert acts == [Xielu(pytest.approx(half), pytest.approx(half), 0.0, 0.0)] * 2


def test_command_r_says_on_how_long_texts_it_was_trained(tmp_path: Path) -> None:
    file = converted(tmp_path, "cohere", model_max_length=4096)
    assert build_graph(file)[0].n_ctx_train == 4096


def test_exaone_is_known_by_the_names_of_its_published_files(tmp_path: Path) -> None:
    usual = converted(tmp_path, "exaone")
    folder = write_folder(tmp_path / "old", "exaone")
    config = json.loads((folder / "config.json").read_text())
    names = {"num_hidden_layers": "num_layers", "rms_norm_eps": "layer_norm_epsilon"}
    names["hidden_act"] = "activation_function"
    renamed = {names.get(key, key): value for key, value in config.items()}
    (folder / "config.json").write_text(json.dumps(renamed))
    plan = plan_folder(folder)
    plan.checkpoint.close()
    assert plan.notices == []
    told = {key for key in plan.metadata if key.startswith("exaone.")}
    assert {key: plan.metadata[key] for key in told} == pytest.approx(
        {key: usual.metadata[key] for key in told}
    )
