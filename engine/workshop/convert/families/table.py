"""The families by model type and by class name, as config.json gives them.

transformers goes by `model_type`; `architectures` only says which class wrote the file.
"""

from typing import NamedTuple

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.workshop.convert.config import Config
from engine.workshop.convert.families import gemma, gemma2, gpt2, llama, phi3, qwen2, qwen3
from engine.workshop.convert.families.defaults import DEFAULTS, TOLD
from engine.workshop.convert.families.family import Family, Settings
from engine.workshop.convert.families.fields import check_fields
from engine.workshop.convert.plan import Metadata

FAMILIES: dict[str, Family] = {
    "llama": llama.FAMILY,
    "mistral": llama.MISTRAL,
    "qwen2": qwen2.FAMILY,
    "qwen3": qwen3.FAMILY,
    "gemma": gemma.FAMILY,
    "gemma2": gemma2.FAMILY,
    "phi3": phi3.FAMILY,
    "gpt2": gpt2.FAMILY,
}
# Class name -> model type. The bare models, without a head, are what a tied one needs.
CLASSES = {
    "LlamaForCausalLM": "llama",
    "LLaMAForCausalLM": "llama",
    "MistralForCausalLM": "mistral",
    "YiForCausalLM": "llama",
    "Qwen2ForCausalLM": "qwen2",
    "Qwen3ForCausalLM": "qwen3",
    "GemmaForCausalLM": "gemma",
    "Gemma2ForCausalLM": "gemma2",
    "Phi3ForCausalLM": "phi3",
    "GPT2LMHeadModel": "gpt2",
}
BARE = {
    "LlamaModel": "llama",
    "MistralModel": "mistral",
    "Qwen2Model": "qwen2",
    "Qwen3Model": "qwen3",
    "GemmaModel": "gemma",
    "Gemma2Model": "gemma2",
    "Phi3Model": "phi3",
    "GPT2Model": "gpt2",
}


class Found(NamedTuple):
    """A model's family, what it makes of config.json, and the class or type it is called there."""

    family: Family
    settings: Settings
    out: Metadata
    called: str


def read_family(config: Config) -> Found:
    """The family of a configuration, its settings and its GGUF keys."""
    notices: list[str] = []
    called, kind = _kind(config, notices)
    family = FAMILIES[kind]
    full = config.with_defaults(DEFAULTS[kind])
    out = Metadata(family.architecture)
    settings = family.settings(full, out)
    taken = [key for key in TOLD if key in full.asked and key not in config.given]
    for key in taken:
        if key in full.values:
            notices.append(
                Words(
                    "{file} does not say {key}; {value}, which transformers takes for {kind} "
                    "then, was taken",
                    file=config.name,
                    key=key,
                    value=full.values[key],
                    kind=kind,
                )
            )
    check_fields(full, notices)
    settings.notices[:0] = notices
    return Found(family, settings, out, called)


def _kind(config: Config, notices: list[str]) -> tuple[str, str]:
    """What the model is called, and its type as transformers would see it."""
    names, kind = config.get("architectures"), config.get("model_type")
    if names is None or names in ([], ""):
        if isinstance(kind, str) and kind in FAMILIES:
            return kind, kind
        raise FormatError(
            "{file} names no architecture that is known here (neither key architectures nor a "
            "known model_type), so the model's family is not known; known model types are "
            "{families}",
            file=config.name,
            families=", ".join(sorted(FAMILIES)),
        )
    names = names if isinstance(names, list) else [names]
    listed = [name for name in names if isinstance(name, str)]
    known = CLASSES | BARE
    called = next((name for name in listed if name in known), None)
    if called is None:
        what = str(listed[0] if listed else names)[:80]
        raise UnsupportedError(
            "{file}: models of class {what} cannot be converted yet; known are {classes}",
            file=config.name,
            what=what,
            classes=", ".join(sorted(CLASSES)),
        )
    if kind is None or kind == known[called]:
        return called, known[called]
    if isinstance(kind, str) and kind in FAMILIES:
        notices.append(
            Words(
                "{file} names the class {called}, but the model type {kind}; the type counts, as "
                "in transformers",
                file=config.name,
                called=called,
                kind=kind,
            )
        )
        return called, kind
    notices.append(
        Words(
            "{file}: the model type {kind!r} is not known; the class {called} was taken instead",
            file=config.name,
            kind=str(kind)[:40],
            called=called,
        )
    )
    return called, known[called]
