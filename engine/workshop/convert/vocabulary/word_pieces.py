"""WordPiece vocabularies (BERT's relatives): tokenizer.json, or a vocab.txt with a token a line.

They mark what goes on with a word ("##"); GGUF marks what begins one (lists.py turns them round).
"""

from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.base.reading import read_file
from engine.text.own_keys import LONGEST_WORD
from engine.weights.formats.checkpoint import MAX_JSON
from engine.workshop.convert.vocabulary.allow import refused, steps
from engine.workshop.convert.vocabulary.lists import (
    CONTROL,
    GOES_ON,
    NORMAL,
    PREFIX,
    UNKNOWN,
    VocabularyLists,
)

LONGEST = 100  # letters of a word, where nothing is said
LOWERCASE, STRIP_ACCENTS = f"{PREFIX}normalizer.lowercase", f"{PREFIX}normalizer.strip_accents"
USUAL = {"unk": "[UNK]", "sep": "[SEP]", "pad": "[PAD]", "cls": "[CLS]", "mask": "[MASK]"}


def word_piece_keys(tokenizer: dict[str, Any], found: VocabularyLists, name: str) -> dict[str, Any]:
    """What stands beside the pieces in tokenizer.json; makes `found` of this kind."""
    model = tokenizer["model"]
    prefix = model.get("continuing_subword_prefix", GOES_ON)
    if prefix != GOES_ON:
        raise UnsupportedError(
            "{name}: its model has continuing_subword_prefix = {prefix!r}, which cannot be "
            "expressed in a GGUF file",
            name=name,
            prefix=str(prefix)[:40],
        )
    kinds = [step.get("type") for step in steps(tokenizer, "pre_tokenizer", name)]
    if kinds != ["BertPreTokenizer"]:
        kind = str(kinds[0])[:40] if kinds else Words("none at all")
        raise refused(name, "pre_tokenizer", Words("{kind} with WordPiece", kind=kind))
    longest = model.get("max_input_chars_per_word", LONGEST)
    if not isinstance(longest, int) or isinstance(longest, bool) or longest < 1:
        raise FormatError("{name}: max_input_chars_per_word is no count of letters", name=name)
    _mark(found, model.get("unk_token", USUAL["unk"]))
    return _habits(_normalizer(tokenizer, name), longest)


def _normalizer(tokenizer: dict[str, Any], name: str) -> dict[str, Any]:
    found = steps(tokenizer, "normalizer", name)
    if [step.get("type") for step in found] != ["BertNormalizer"]:
        kind = found[0].get("type") if found else Words("none at all")
        raise refused(name, "normalizer", kind if isinstance(kind, Words) else str(kind))
    for key in ("clean_text", "handle_chinese_chars"):
        if found[0].get(key, True) is not True:
            raise refused(name, "normalizer", Words("BertNormalizer without {key}", key=key))
    return found[0]


def _habits(settings: dict[str, Any], longest: int) -> dict[str, Any]:
    lower = settings.get("lowercase", True) is not False
    strip = settings.get("strip_accents")
    keys = {LOWERCASE: lower, STRIP_ACCENTS: lower if strip is None else strip is True}
    return keys | {LONGEST_WORD: longest, "add_bos_token": True}


def _mark(found: VocabularyLists, unknown: Any) -> None:
    found.kind = "bert"
    if isinstance(unknown, str) and (at := found.find(unknown)) is not None:
        found.types[at] = UNKNOWN
        found.keys["unknown_token_id"] = at


def read_vocab_file(path: Path, settings: dict[str, Any]) -> VocabularyLists:
    """vocab.txt; what tokenizer_config.json does not say is as BERT has it."""
    lines = read_file(path, MAX_JSON).decode("utf-8", "replace").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    # A later one of equal spellings has the id, as in the table that the library makes.
    tokens: list[str | bytes] = [line.rstrip("\r") for line in lines]
    if not tokens:
        raise FormatError("{file} is empty; get it again", file=path.name)
    found = VocabularyLists("bert", tokens, [NORMAL] * len(tokens))
    special = {key: settings.get(f"{key}_token") or text for key, text in USUAL.items()}
    texts = {
        key: text.get("content") if isinstance(text, dict) else text
        for key, text in special.items()
    }
    _mark(found, texts["unk"])
    ids = found.index()
    for key in ("sep", "pad", "cls", "mask"):
        if (at := ids.get(str(texts[key]))) is not None:
            found.types[at] = CONTROL
    ends = [ids.get(str(texts[key])) for key in ("cls", "sep")]
    if None in ends:
        raise FormatError(
            "{file} has no tokens {first} and {last}, which stand around every text",
            file=path.name,
            first=texts["cls"],
            last=texts["sep"],
        )
    found.ends = ([ends[0]], [ends[1]])  # type: ignore[list-item]
    if settings.get("tokenize_chinese_chars", True) is False:
        raise refused(
            path.name,
            "normalizer",
            Words("BertNormalizer without {key}", key="handle_chinese_chars"),
        )
    asked = {"lowercase": settings.get("do_lower_case", True)}
    asked["strip_accents"] = settings.get("strip_accents")
    found.keys |= _habits(asked, LONGEST)
    return found
