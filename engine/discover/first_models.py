"""Models to begin with, by the memory of a machine: data that comes with the program, so it can be
shown without a network. Only families that this engine runs."""

import json
from dataclasses import dataclass

from engine.base.catalogue import Words
from engine.base.models import Forecast
from engine.base.paths import resource
from engine.discover.offers import rough
from engine.hub.records import Filters, FoundModel
from engine.hub.searching import passes

FILE = "first_models.json"
CLASSES = (4, 8, 16, 32)  # GB of memory of a machine
TOLERANCE = 0.9  # a machine of 16 GB tells of a little less


@dataclass(frozen=True)
class FirstModel:
    """A repository, the quantization to take and what the model is good for. `memory_gb`: of the
    smallest machine that it is meant for; `bytes` are rounded, the hub's record counts."""

    id: str
    quant: str
    name: str
    architecture: str
    parameters: int
    bytes: int
    licence: str
    memory_gb: int
    good_for: str
    languages: tuple[str, ...]

    @property
    def forecast(self) -> Forecast:
        """What it takes and costs, roughly: no header was read."""
        return rough(self.bytes, self.parameters)

    @property
    def about(self) -> FoundModel:
        """As a search would tell it."""
        return FoundModel(
            self.id,
            licence=self.licence,
            languages=self.languages,
            architecture=self.architecture,
            n_parameters=self.parameters,
        )


def first_models() -> tuple[FirstModel, ...]:
    """All of them, for small machines first; in each class the one to take first stands first."""
    text = resource(FILE).read_text(encoding="utf-8")
    rows = json.loads(text)["models"]
    return tuple(
        FirstModel(
            **{
                **row,
                "good_for": Words(row["good_for"]),
                "languages": tuple(row["languages"]),
            }
        )
        for row in rows
    )


def class_of(ram_total: int) -> int:
    """The class of a machine, in GB."""
    fitting = [gb for gb in CLASSES if ram_total >= gb * 1e9 * TOLERANCE]
    return fitting[-1] if fitting else CLASSES[0]


def for_machine(
    ram_total: int,
    filters: Filters = Filters(),  # noqa: B008 (frozen)
) -> tuple[FirstModel, ...]:
    """Those to show first on this machine: of its class, then the smaller ones."""
    most = class_of(ram_total)
    fitting = [
        model
        for model in first_models()
        if model.memory_gb <= most and passes(model.about, filters)
    ]
    return tuple(sorted(fitting, key=lambda model: -model.memory_gb))
