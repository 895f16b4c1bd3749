"""Every tokenizer.ggml.pre against llama.cpp, and against the models' own expressions.

golden/pre.json.gz comes from tests/peer/pre_tokenizers.py. llama.cpp writes some expressions in
simpler ones down; there the tokenizer.json of the models counts, whose expressions stand below.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from helpers.cut_texts import cut_texts, pairs_metadata
from helpers.vocabularies import KEY

from engine.text.pretokenizers import find_pretokenizer, pretokenizer_names
from engine.text.tokenizer import make_tokenizer
from engine.workshop.convert.vocabulary.pre import pre_keys

GOLDEN = Path(__file__).with_name("golden") / "pre.json.gz"
GROUPS: list[dict[str, Any]] = json.loads(gzip.decompress(GOLDEN.read_bytes()))
TEXTS = cut_texts()
METADATA = pairs_metadata(TEXTS, "gpt-2")

SHORT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
NO_HAN_UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"
NO_HAN_LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"
HEAD, TAIL = r"[^\r\n\p{L}\p{N}]?", r"\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = (
    rf"{HEAD}{UPPER}*{LOWER}+{SHORT}?|{HEAD}{UPPER}+{LOWER}*{SHORT}?|\p{{N}}{{1,3}}"
    rf"| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{TAIL}"
)
TEKKEN = (
    rf"{HEAD}{UPPER}*{LOWER}+|{HEAD}{UPPER}+{LOWER}*|\p{{N}}"
    rf"| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{TAIL}"
)
KIMI = (
    rf"[\p{{Han}}]+|{HEAD}{NO_HAN_UPPER}*{NO_HAN_LOWER}+{SHORT}?"
    rf"|{HEAD}{NO_HAN_UPPER}+{NO_HAN_LOWER}*{SHORT}?|\p{{N}}{{1,3}}"
    rf"| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{TAIL}"
)
YOUTU = (
    "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥\u3040-ゟ゠-ヿ]+",
    O200K.replace("{1,3}", ""),
)
DEEPSEEK_LETTERS = next(p for p in find_pretokenizer("deepseek-llm").patterns if "A-Z" in p)  # type: ignore[union-attr]
DEEPSEEK_LLM = (
    "[\r\n]",
    DEEPSEEK_LETTERS,
    r"\s?[!-/:-~！-／：-～‘-‟　-。]+",
    r"\s+$",
    "[一-龥ࠀ-一가-\ud7ff]+",
    r"\p{N}+",
)
DEEPSEEK_CODER = (*("[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-\ud7ff]+", r"\p{N}"),)
AFMOE = (
    r"\p{Nd}{1,510}(?=(?>\p{Nd}{510})*(?:\P{Nd}|$))|\G\p{Nd}{510}",
    r"\A\p{Nd}{1,2}(?=\p{Nd}{3}+\z)",
    r"\A\p{Nd}{3}|\G\p{Nd}{3}",
    r"(?:[\u4E00-\u9FFF\u3040-\u309F\u30A0-\u30FF\u3400-\u4DBF\uf900-\uFAFF\uFF65-\uFF9F"
    r"\u2F00-\u2FDF]+|[\u0E00-\u0E7F]+|[\u0E80-\u0EFF]+|[\u1780-\u17FF]+"
    r"|[\u1000-\u109F\uAA60-\uAA7F\uA9E0-\uA9FF]+|[\uAC00-\uD7AF\u1100-\u11FF]+)",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?"
    "[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
)
# Where llama.cpp 0.3.36 differs, with the expressions of tokenizer.json.
OWN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"), (O200K,)),
    "granite-embed-multi-97m": (O200K,),
    "tekken": (TEKKEN,),
    "kimi-k2": (KIMI,),
    "youtu": YOUTU,
    "tiny_aya": (r"\d{1,3}(?=(?:\d{3})*\b)", O200K),
    "cohere2moe": (r"\d{1,3}(?=(?:\d{3})*\b)", O200K),
    "superbpe": (r"\p{N}+", r"(?=(\d{3})+(?!\d))"),
    "deepseek-llm": DEEPSEEK_LLM,
    "deepseek-coder": DEEPSEEK_CODER,
    "afmoe": AFMOE,
}


def ids_under(name: str) -> list[list[int]]:
    tokenizer = make_tokenizer(METADATA | {KEY + "pre": name})
    assert tokenizer.notice is None
    return [tokenizer.encode(text, add_special=False) for text in TEXTS]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["names"][0])
def test_tokens_are_those_of_llama_cpp(group: dict[str, Any]) -> None:
    names = [name for name in group["names"] if name not in OWN]
    ways = {find_pretokenizer(name): name for name in names}
    for name in ways.values():
        assert ids_under(name) == group["ids"], name


def test_every_name_is_tried() -> None:
    tried = {name for group in GROUPS for name in group["names"]}
    missing = set(pretokenizer_names()) - tried - {"whitespace"}
    assert all(not find_pretokenizer(name).byte_level for name in missing)  # type: ignore[union-attr]
    assert OWN.keys() <= tried


def library(patterns: tuple[str, ...], ignore_merges: bool) -> tokenizers.Tokenizer:
    """The tokenizers library with these expressions and the same vocabulary."""
    ids = {text: i for i, text in enumerate(METADATA[KEY + "tokens"])}
    merges = [tuple(merge.split(" ")) for merge in METADATA[KEY + "merges"]]
    found = tokenizers.Tokenizer(
        tokenizers.models.BPE(ids, merges, ignore_merges=ignore_merges)  # type: ignore[arg-type]
    )
    steps: list[Any] = [
        tokenizers.pre_tokenizers.Split(tokenizers.Regex(each), "isolated") for each in patterns
    ]
    steps.append(tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False))
    found.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(steps)
    return found


@pytest.mark.parametrize("name", OWN)
def test_tokens_are_those_of_the_models_own_expressions(name: str) -> None:
    known = find_pretokenizer(name)
    assert known is not None
    oracle = library(OWN[name], known.ignore_merges)
    assert ids_under(name) == [oracle.encode(text).ids for text in TEXTS]


# tokenizer.json as models have it: steps, whether merges are passed over, the name.
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
DIGITS = {"type": "Digits", "individual_digits": True}
CL100K = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*"
    r"|\s*[\r\n]|\s+(?!\S)|\s+"
)
DEEPSEEK_V3 = (r"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+", AFMOE[-1])
BLOOM = " ?[^(\\s|[.,!?…。，、।۔،])]+"
FALCON = [
    {"type": "Punctuation", "behavior": "Contiguous"},
    {**BYTES, "use_regex": True},
    {"type": "Digits", "individual_digits": False},
    {"type": "Split", "pattern": {"Regex": "[0-9][0-9][0-9]"}, "behavior": "Isolated"},
]


def splits(*patterns: str, behavior: str = "Isolated", invert: bool = False) -> list[Any]:
    step = {"type": "Split", "behavior": behavior, "invert": invert}
    return [step | {"pattern": {"Regex": pattern}} for pattern in patterns]


@pytest.mark.parametrize(
    ("steps", "ignore_merges", "name"),
    [
        (splits(O200K, behavior="Removed", invert=True), False, "gpt-4o"),
        (splits(TEKKEN), True, "tekken"),
        (splits(*DEEPSEEK_V3), False, "deepseek-v3"),
        ([*splits(*DEEPSEEK_LLM[:-1]), DIGITS], False, "deepseek-llm"),
        ([*splits(*DEEPSEEK_CODER[:-1]), DIGITS], False, "deepseek-coder"),
        (splits(BLOOM), False, "bloom"),
        (splits(BLOOM, r"\p{N}"), False, "viking"),
        (splits(*AFMOE), False, "afmoe"),
        (splits(CL100K), False, "dbrx"),
        (splits(CL100K.replace("{1,3}", "")), False, "bailingmoe"),
        (splits(CL100K.removesuffix("+")), False, "dbrx"),
        (splits(KIMI.replace(r"[\p{Han}]+", r"\p{Han}+")), False, "kimi-k2"),
        (splits(*OWN["superbpe"]), False, "superbpe"),
        (splits(r"\d{1,3}(?=(?:\d{3})*\b)", O200K), False, "tiny_aya"),
        ([DIGITS, {**BYTES, "use_regex": True}], False, "starcoder"),
    ],
)
def test_conversion_knows_the_way_by_its_expressions(
    steps: list[Any], ignore_merges: bool, name: str
) -> None:
    last = [] if steps[-1]["type"] == "ByteLevel" else [BYTES]
    tokenizer = {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [*steps, *last]}}
    found = pre_keys(tokenizer, ignore_merges)
    assert found == {"pre": name}
    oracle = tokenizers.Tokenizer.from_str(
        json.dumps(
            {
                "version": "1.0", "added_tokens": [], "normalizer": None, "post_processor": None,
                "decoder": None, "truncation": None, "padding": None, **tokenizer,
                "model": {
                    "type": "BPE", "ignore_merges": ignore_merges,
                    "vocab": {text: i for i, text in enumerate(METADATA[KEY + "tokens"])},
                    "merges": [] if name == "deepseek-llm" else METADATA[KEY + "merges"],
                },
            }
        )
    )  # fmt: skip
    if name != "deepseek-llm":
        assert ids_under(name) == [oracle.encode(text).ids for text in TEXTS]


def test_ways_that_merges_could_tell_apart_keep_their_expressions() -> None:
    digits = {"type": "Sequence", "pretokenizers": [*splits(*DEEPSEEK_LLM[:-1]), DIGITS, BYTES]}
    assert pre_keys({"pre_tokenizer": digits}, False, None, [("a", "1")])["pre"] == "deepseek-llm"
    assert pre_keys({"pre_tokenizer": digits}, False, None, [("1", "2")])["pre"] == "chaski-regex"
    falcon = {"pre_tokenizer": {"type": "Sequence", "pretokenizers": FALCON}}
    merges = [("Ġ", "a"), ("1", "2"), ("12", "3")]
    assert pre_keys(falcon, False, None, merges) == {"pre": "falcon"}
    for odd in (("Ġ", "1"), ("Ð", "¼")):
        with pytest.raises(Exception, match="behind ByteLevel"):
            pre_keys(falcon, False, None, [odd])
