"""What people write for the sampler, and what they are told when it makes no sense."""

import numpy as np
import pytest

from engine.base.errors import UsageError
from engine.base.settings import SamplingParams
from engine.sampling.chain import make_sampler
from engine.sampling.params import parse_letters, parse_samplers


def test_letters() -> None:
    assert parse_letters("kpt") == parse_samplers("top_k;top_p;temperature")
    assert parse_letters("") == ()
    with pytest.raises(UsageError, match=r"no letter 'z' in 'kz'; known: e penalties, .*k top_k"):
        parse_letters("kz")


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_every_token_forbidden(temperature: float) -> None:
    forbidden = tuple((token, -float("inf")) for token in range(8))
    params = SamplingParams(temperature=temperature, logit_bias=forbidden)
    sampler = make_sampler(params, n_vocab=8, token_text=str, n_ctx=16)
    with pytest.raises(UsageError, match="forbids every token"):
        sampler.sample(np.zeros(8, np.float32))
    allowed = SamplingParams(temperature=temperature, logit_bias=forbidden[1:])
    sampler = make_sampler(allowed, n_vocab=8, token_text=str, n_ctx=16)
    assert sampler.sample(np.zeros(8, np.float32)).token == 0
