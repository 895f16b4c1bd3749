"""Names of samplers as people write them, and the values a model's file brings along."""

import numpy as np
import pytest

from engine.base.errors import FormatError, UsageError
from engine.base.settings import DEFAULT_SAMPLERS, SamplingParams
from engine.sampling.params import params_from_metadata, parse_samplers


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("edskypmxt", DEFAULT_SAMPLERS),
        ("edskypmxta", (*DEFAULT_SAMPLERS, "adaptive_p")),
        ("top_k;top_p;temperature", ("top_k", "top_p", "temperature")),
        ("top-k, nucleus temp", ("top_k", "top_p", "temperature")),
        ("typical", ("typ_p",)),
        ("xtc", ("xtc",)),
        ("k", ("top_k",)),
        ("", ()),
    ],
)
def test_spellings(text: str, names: tuple[str, ...]) -> None:
    assert parse_samplers(text) == names


def test_unknown_sampler_is_named() -> None:
    with pytest.raises(UsageError, match="tfs_z"):
        parse_samplers("top_k;tfs_z")


def test_values_of_the_file() -> None:
    metadata = {
        "general.name": "x",
        "general.sampling.temp": np.float32(0.6),
        "general.sampling.top_k": np.int32(20),
        "general.sampling.penalty_repeat": 1.05,
        "general.sampling.penalty_last_n": 32,
        "general.sampling.sequence": "top_k;temperature",
    }
    params = params_from_metadata(metadata, SamplingParams(seed=9))
    assert params.temperature == pytest.approx(0.6)
    assert (params.top_k, params.repeat_last_n, params.seed) == (20, 32, 9)
    assert type(params.top_k) is int
    assert params.repeat_penalty == 1.05
    assert params.samplers == ("top_k", "temperature")


def test_nothing_in_the_file_changes_nothing() -> None:
    assert params_from_metadata({"general.name": "x"}, SamplingParams()) == SamplingParams()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("top_p", 7.0),
        ("temp", "hot"),
        ("sequence", "top_k;what"),
        ("unheard_of", 1),
        ("temp", None),
    ],
)
def test_bad_values_name_their_key(key: str, value: object) -> None:
    with pytest.raises(FormatError, match=f"general.sampling.{key}"):
        params_from_metadata({f"general.sampling.{key}": value}, SamplingParams())
