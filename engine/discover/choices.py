"""What a search can be narrowed to, as people choose it: sizes, families, languages, licences.

Each choice has a short key, for the command line and for what is kept, and a name for people.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.architectures import known_architectures
from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.words import quoted
from engine.hub.names import CODES
from engine.hub.records import KINDS, Filters

BILLION = 10**9
ROUNDED = 1.06  # "4 B" is said of 4.02, "8 B" of 8.19 and "15 B" of 15.7 billion weights
NO_END = 10**15
TOLD = 8  # families that a sentence names
_SPAN = re.compile(r"(?P<low>\d{1,4}(?:\.\d+)?)?(?P<to>-)?(?P<high>\d{1,4}(?:\.\d+)?)?")


@dataclass(frozen=True)
class FilterChoice:
    """`name`: for people, Words where other languages have others. `values`: what a hub or a file
    calls it; a size has its span instead."""

    key: str
    name: str
    values: tuple[str, ...] = ()


SIZES = (
    FilterChoice("2", Words("Up to 2 B")),
    FilterChoice("4", Words("Up to 4 B")),
    FilterChoice("8", Words("Up to 8 B")),
    FilterChoice("15", Words("Up to 15 B")),
    FilterChoice("15-", Words("Larger than 15 B")),
)
# What families are called, in the order they are shown: first those that most people look for.
_NAMED = {
    "llama": "Llama, Mistral, Mixtral", "qwen35": "Qwen 3.5", "qwen35moe": "Qwen 3.5, experts",
    "qwen3next": "Qwen 3 Next", "qwen3": "Qwen 3", "qwen3moe": "Qwen 3, experts",
    "qwen2": "Qwen 2 and 2.5", "qwen2moe": "Qwen 2, experts", "gemma4": "Gemma 4",
    "gemma3n": "Gemma 3n", "gemma3": "Gemma 3", "gemma2": "Gemma 2", "gemma": "Gemma",
    "gpt-oss": "gpt-oss", "mistral3": "Ministral, Mistral 3", "phi3": "Phi 3 and 4",
    "phimoe": "Phi 3.5, experts", "phi2": "Phi 1 and 2", "llama4": "Llama 4",
    "deepseek2": "DeepSeek 2 and 3", "deepseek": "DeepSeek 1, experts",
    "granite": "Granite", "granitehybrid": "Granite 4 H", "granitemoe": "Granite, experts",
    "lfm2": "LFM2", "lfm2moe": "LFM2, experts", "smollm3": "SmolLM 3",
    "glm4": "GLM 4 (2025)", "glm4moe": "GLM 4.5 to 4.7", "chatglm": "ChatGLM, GLM 4",
    "olmo2": "OLMo 2 and 3", "olmoe": "OLMoE", "olmo": "OLMo 1",
    "nemotron_h": "Nemotron H, Nano 2", "nemotron_h_moe": "Nemotron 3 Nano",
    "nemotron": "Nemotron, Minitron", "command-r": "Command R, Aya",
    "cohere2": "Command R7B and A", "exaone4": "EXAONE 4", "exaone-moe": "K-EXAONE",
    "exaone": "EXAONE 3",
    "ernie4_5": "ERNIE 4.5", "ernie4_5-moe": "ERNIE 4.5, experts",
    "hunyuan-dense": "Hunyuan", "seed_oss": "Seed-OSS", "apertus": "Apertus", "arcee": "AFM",
    "muse-glimmer": "Muse Glimmer", "bailingmoe2": "Ling 2, Ring 2", "dots1": "dots.llm1",
    "minicpm": "MiniCPM", "falcon-h1": "Falcon H1", "falcon": "Falcon", "bitnet": "BitNet b1.58",
    "internlm2": "InternLM 2", "baichuan": "Baichuan", "stablelm": "StableLM", "orion": "Orion",
    "starcoder2": "StarCoder 2", "mamba2": "Mamba-2", "mamba": "Mamba", "rwkv7": "RWKV 7",
    "rwkv6": "RWKV 6", "gptneox": "GPT-NeoX, Pythia", "gptj": "GPT-J", "gpt2": "GPT-2",
    "mpt": "MPT", "bloom": "BLOOM", "bert": "BERT, bge, e5", "nomic-bert": "Nomic Embed",
    "modern-bert": "ModernBERT", "jina-bert-v2": "Jina Embeddings 2",
    "gemma-embedding": "EmbeddingGemma",
}  # fmt: skip


def _told(name: str) -> str:
    """Names stay as they are; what stands between them is told in other languages, too."""
    family, experts, _ = name.partition(", experts")
    if experts:
        return Words("{family}, experts", family=family)
    family, and_, other = name.rpartition(" and ")
    return Words("{family} and {other}", family=family, other=other) if and_ else name


# All that can be run: those with a name for people, then the others under the one that files say.
_RUN = known_architectures()
FAMILIES = tuple(
    FilterChoice(name, _told(_NAMED.get(name, name)), (name,))
    for name in (*(each for each in _NAMED if each in _RUN), *(n for n in _RUN if n not in _NAMED))
)
_CALLED = {"mistral": "llama", "smollm": "llama", "smollm2": "llama", "qwen2.5": "qwen2",
           "phi4": "phi3", "phi": "phi3", "mixtral": "llama", "ministral": "mistral3",
           "olmo3": "olmo2", "deepseek3": "deepseek2", "pythia": "gptneox"}  # fmt: skip
LANGUAGE_WORDS = {
    "en": "English", "ar": "Arabic", "bn": "Bengali", "zh": "Chinese", "cs": "Czech",
    "da": "Danish", "nl": "Dutch", "fi": "Finnish", "fr": "French", "de": "German",
    "el": "Greek", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "no": "Norwegian", "fa": "Persian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "es": "Spanish",
    "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
}  # fmt: skip
LANGUAGES = tuple(FilterChoice(code, Words(name), (code,)) for code, name in LANGUAGE_WORDS.items())
LICENCES = (
    FilterChoice("apache-2.0", "Apache 2.0", ("apache-2.0",)),
    FilterChoice("mit", "MIT", ("mit",)),
    FilterChoice(
        "llama", "Llama", ("llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "llama4")
    ),
    FilterChoice("gemma", "Gemma", ("gemma",)),
    FilterChoice(
        "cc",
        "Creative Commons",
        ("cc-by-4.0", "cc-by-sa-4.0", "cc0-1.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0"),
    ),
    FilterChoice("other", Words("Other"), ("other",)),
)


def family_name(architecture: str) -> str:
    """What people call the family of a GGUF architecture; its own name where that is not known."""
    return _told(_NAMED.get(architecture, architecture))


def filters_of(
    *,
    size: str = "",
    families: Sequence[str] = (),
    languages: Sequence[str] = (),
    licences: Sequence[str] = (),
    kinds: tuple[str, ...] = KINDS,
) -> Filters:
    """From keys of the choices above; "" and nothing mean all. A size may also be "2-8" or "3.5"
    (billions of weights), a licence what the hub calls it. Raises UsageError."""
    return Filters(
        parameters=span_of(size) if size else None,
        families=tuple(value for key in families for value in _family(key)),
        languages=tuple(_language(key) for key in languages),
        licences=tuple(value for key in licences for value in _licence(key)),
        kinds=kinds,
    )


def span_of(size: str) -> tuple[int, int]:
    """ "4": up to four billion weights; "2-8": from two to eight; "15-": more than fifteen."""
    found = _SPAN.fullmatch(size.strip().lower().removesuffix("b"))
    if found is None or not (found["low"] or found["high"]):
        raise UsageError(
            "{size} is no size; write 4 (up to four billion weights), 2-8 or 15-", size=quoted(size)
        )
    low, high = found["low"], found["high"]
    if not found["to"]:
        low, high = "0", low
    least = int(float(low or 0) * BILLION * ROUNDED) + 1 if high is None else _exact(low or "0")
    span = least, NO_END if high is None else int(float(high) * BILLION * ROUNDED)
    if span[0] > span[1]:
        raise UsageError(
            "the size {size} ends before it begins; write it as 2-8", size=quoted(size)
        )
    return span


def _exact(low: str) -> int:
    return int(float(low) * BILLION / ROUNDED)


def _family(key: str) -> tuple[str, ...]:
    name = _CALLED.get(key.casefold(), key.casefold())
    for each in FAMILIES:
        if each.key == name:
            return each.values
    raise UsageError(
        "{key} is no family that can be run here; known are {known} and {n} others, under the "
        "names that GGUF files have",
        key=quoted(key),
        known=", ".join(each.key for each in FAMILIES[:TOLD]),
        n=len(FAMILIES) - TOLD,
    )


def _language(key: str) -> str:
    code = key.casefold()
    code = next((c for c, name in LANGUAGE_WORDS.items() if name.casefold() == code), code)
    if code not in CODES:
        raise UsageError(
            "{key} is no language; write its two letters, such as en or fr", key=quoted(key)
        )
    return code


def _licence(key: str) -> tuple[str, ...]:
    name = key.casefold()
    found = next((each.values for each in LICENCES if each.key == name), (name,))
    if not re.fullmatch(r"[a-z0-9][a-z0-9.+_-]{0,63}", name):
        raise UsageError(
            "{key} is no licence; write it as the hub does: apache-2.0, mit", key=quoted(key)
        )
    return found
