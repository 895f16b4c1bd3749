"""What a search can be narrowed to: keys for people, and what a hub is asked for."""

from urllib.parse import parse_qs

import pytest
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub

from engine.architectures import known_architectures
from engine.base.errors import UsageError
from engine.base.events import HardwareReport
from engine.discover.choices import FAMILIES, LANGUAGES, LICENCES, NO_END, SIZES, filters_of
from engine.discover.first_models import first_models, for_machine
from engine.discover.judged import architecture_of, searching
from engine.discover.offers import Here
from engine.discover.records import Judged
from engine.hub.client import Hub
from engine.hub.names import CODES, billions_of
from engine.hub.records import KINDS, Filters, FoundModel
from engine.hub.searching import search

BILLION = 10**9
MACHINE = HardwareReport("cpu", 8, 16, 8, 0, (), 64 * BILLION, 60 * BILLION, 0, (), "Linux", 40e9)


def test_every_choice_can_be_made() -> None:
    for choices in (SIZES, FAMILIES, LANGUAGES, LICENCES):
        assert len({each.key for each in choices}) == len({each.name for each in choices})
        assert len({each.key for each in choices}) == len(choices)
    families = [value for each in FAMILIES for value in each.values]
    assert sorted(families) == sorted(known_architectures()), "a new family is named here, too"
    assert {each.key for each in LANGUAGES} <= CODES
    for size in SIZES:
        assert filters_of(size=size.key).parameters
    for each in FAMILIES:
        assert filters_of(families=(each.key,)).families == each.values
    for each in LICENCES:
        assert filters_of(licences=(each.key,)).licences == each.values


@pytest.mark.parametrize(
    ("size", "inside", "outside"),
    [
        ("2", (1, 1_720_000_000), (2_610_000_000,)),
        ("4", (4_020_000_000, 3_210_000_000), (7_250_000_000,)),
        ("8b", (8_190_000_000, 8_030_000_000), (9_240_000_000,)),
        ("15", (14_770_000_000,), (23_570_000_000,)),
        ("15-", (23_570_000_000, 10**12), (14_770_000_000, 15_700_000_000)),
        ("2-8", (2_000_000_000, 8_190_000_000), (1_720_000_000, 9_240_000_000)),
        ("0.6", (600_000_000,), (1_240_000_000,)),
    ],
)
def test_sizes_are_round(size: str, inside: tuple[int, ...], outside: tuple[int, ...]) -> None:
    span = filters_of(size=size).parameters
    assert span is not None
    assert all(span[0] <= n <= span[1] for n in inside)
    assert not any(span[0] <= n <= span[1] for n in outside)
    assert span[1] <= NO_END


@pytest.mark.parametrize(
    "odd",
    [
        {"size": "large"},
        {"size": "-"},
        {"size": "8-2"},
        {"families": ("whisper",)},
        {"languages": ("klingon",)},
        {"licences": ("any <b>",)},
    ],
)
def test_a_wrong_wish_is_a_sentence(odd: dict[str, object]) -> None:
    with pytest.raises(UsageError) as told:
        filters_of(**odd)  # type: ignore[arg-type]
    assert len(str(told.value)) < 200


def test_other_words_for_the_same() -> None:
    assert filters_of(families=("Mistral", "phi4")).families == ("llama", "phi3")
    assert filters_of(languages=("French", "DE")).languages == ("fr", "de")
    assert filters_of(licences=("llama3.1",)).licences == ("llama3.1",)
    assert filters_of() == Filters()
    assert filters_of().kinds == KINDS


def test_what_a_hub_can_do_it_is_asked_for(local: LocalHub, hub: Hub) -> None:
    for n, (licence, language) in enumerate([("mit", "fr"), ("mit", "en"), ("apache-2.0", "fr")]):
        made = Repository(f"a/m{n}-GGUF", card={"license": licence, "language": [language]})
        made.gguf = {"architecture": "llama", "total": (n + 1) * 4 * BILLION}
        local.add(made).put("m-Q4_0.gguf", b"x")
    wanted = filters_of(size="4", languages=("fr",), licences=("mit",), kinds=("gguf",))
    assert [each.id for each in search(hub, "", filters=wanted)] == ["a/m0-GGUF"]
    query = parse_qs(local.log.requests[-1].query)
    assert set(query["filter"]) == {"gguf", "fr", "license:mit"}
    assert query["num_parameters"] == ["min:0,max:5B"]
    assert [each.id for each in search(hub, "", filters=filters_of(size="7-15"))] == [
        "a/m1-GGUF",
        "a/m2-GGUF",
    ]
    assert parse_qs(local.log.requests[-1].query)["num_parameters"] == ["min:6B,max:16B"]
    list(search(hub, "", filters=filters_of(size="15-")))
    assert parse_qs(local.log.requests[-1].query)["num_parameters"] == ["min:15B"]


def test_families_of_weights_that_are_no_gguf_yet(local: LocalHub, hub: Hub) -> None:
    for name, classes in (("a/qwen", "Qwen3ForCausalLM"), ("a/mistral", "MistralForCausalLM")):
        made = local.add(Repository(name, config={"architectures": [classes]}))
        for file in ("model.safetensors", "config.json"):
            made.put(file, b"{}")
    local.add(Repository("a/q-GGUF", gguf={"architecture": "qwen3"})).put("q-Q4_0.gguf", b"x")

    def ids(family: str) -> set[str]:
        filters = filters_of(families=(family,))
        steps = searching(hub, "", Here(MACHINE), filters=filters)
        return {step.about.id for step in steps if isinstance(step, Judged)}

    assert ids("qwen3") == {"a/qwen", "a/q-GGUF"}
    assert ids("llama") == {"a/mistral"}
    assert architecture_of(FoundModel("a", model_type="phi3")) == "phi3"
    assert architecture_of(FoundModel("a")) == ""


def test_a_name_tells_the_size_where_the_hub_does_not(local: LocalHub, hub: Hub) -> None:
    for name in ("a/One-1.5B-GGUF", "a/Big-70B-Instruct-GGUF", "a/Nobody-Knows-GGUF"):
        local.add(Repository(name)).put("x-Q4_0.gguf", b"x")
    found = [each for each in search(hub, "", filters=Filters())]
    assert len(found) == 3
    assert [billions_of(name) for name in ("Qwen3-0.6B-GGUF", "x/SmolLM2-360M", "E2B-it", "B")] == [
        0.6,
        0.36,
        0.0,
        0.0,
    ]


def test_models_to_begin_with_are_narrowed_as_well() -> None:
    everything = for_machine(64 * BILLION)
    assert len(everything) == len(first_models())
    small = for_machine(64 * BILLION, filters_of(size="2", languages=("ja",)))
    assert {model.name for model in small} == {"Qwen3 0.6B", "Qwen3 1.7B"}
    assert for_machine(64 * BILLION, filters_of(families=("gpt2",))) == ()
    for size in SIZES:
        assert for_machine(64 * BILLION, filters_of(size=size.key)), "a choice of each size"
