"""The list of models to begin with: its form, and that each of them can run here."""

import json
import re

import pytest
from helpers.data import ROOT

from engine.architectures import known_architectures
from engine.discover.first_models import (
    CLASSES,
    FILE,
    FirstModel,
    class_of,
    first_models,
    for_machine,
)
from engine.discover.losses import LossLevel, loss_of
from engine.hub.client import check_repo
from engine.hub.names import quant_of
from engine.weights.types import TensorType

WORDS = re.compile(r"[A-Za-z][^!<>{}\n]{5,70}[^.\s]")


def test_its_form() -> None:
    rows = json.loads((ROOT / "resources" / FILE).read_text(encoding="utf-8"))
    assert set(rows) == {"about", "models"}
    assert all(set(row) == set(FirstModel.__annotations__) for row in rows["models"])
    models = first_models()
    assert len({model.id for model in models}) == len(models)
    assert len({model.name for model in models}) == len(models)
    order = [model.memory_gb for model in models]
    assert order == sorted(order)


@pytest.mark.parametrize("model", first_models(), ids=lambda model: model.name)
def test_each(model: FirstModel) -> None:
    check_repo(model.id)
    assert "/" in model.id
    assert model.architecture in known_architectures()
    assert quant_of(f"x-{model.quant}.gguf") == model.quant
    assert loss_of(model.quant) in (LossLevel.UNSEEN, LossLevel.SLIGHT, LossLevel.SMALL)
    assert any(model.quant.startswith(kind.name) for kind in TensorType)
    assert model.memory_gb in CLASSES
    bits = 8 * model.bytes / model.parameters
    assert 4.4 < bits < 9
    assert model.forecast.memory.total < 0.75 * model.memory_gb * 1e9
    assert WORDS.fullmatch(model.good_for)
    assert re.fullmatch(r"[a-z0-9.-]+", model.licence)
    assert model.languages
    assert all(re.fullmatch(r"[a-z]{2}", each) for each in model.languages)


def test_every_class_has_a_choice() -> None:
    for gb in CLASSES:
        assert len([m for m in first_models() if m.memory_gb == gb]) >= 3
        shown = for_machine(int(gb * 0.96e9))
        assert shown[0].memory_gb == gb
        # The first is for anybody: it speaks more than English, and is no specialist.
        assert {"en", "fr", "ja"} <= set(shown[0].languages)
        assert shown[0] == next(m for m in first_models() if m.memory_gb == gb)
        assert all(model.memory_gb <= gb for model in shown)
    assert (class_of(0), class_of(6 * 10**9), class_of(10**12)) == (4, 4, 32)
