"""Unigram vocabularies (T5, XLM-RoBERTa and their relatives): tokenizer.json or a sentencepiece
file, whose scores say how likely each piece is.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.base.errors import FormatError, UnsupportedError
from engine.text.own_keys import EXTRA_SPACES, SPACE_PREFIX
from engine.workshop.convert.vocabulary.allow import refused, steps
from engine.workshop.convert.vocabulary.lists import (
    CONTROL,
    MOST_TOKENS,
    NORMAL,
    UNKNOWN,
    Added,
    VocabularyLists,
)
from engine.workshop.convert.vocabulary.sentencepiece_file import read_sentencepiece
from engine.workshop.convert.vocabulary.spaces import space_keys

# XLM-RoBERTa numbers the special tokens otherwise than its sentencepiece file: these come first,
# for the three of the file, and the last one behind all.
FIRST, LAST = ("<s>", "<pad>", "</s>", "<unk>"), "<mask>"
# CamemBERT has these in front of all of the file.
CAMEMBERT = ("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>")
SHIFTED = "sentencepiece.bpe.model"


def unigram_lists(model: dict[str, Any], name: str) -> VocabularyLists:
    """Pieces and scores by their place in the list."""
    listed = model["vocab"]
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_TOKENS:
        raise FormatError("{name}: the vocabulary is no list of pieces with scores", name=name)
    found = VocabularyLists("t5", [], [])
    for entry in listed:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
            raise FormatError("{name}: the vocabulary is no list of pieces with scores", name=name)
        if isinstance(entry[1], bool) or not isinstance(entry[1], int | float):
            raise FormatError("{name}: the vocabulary is no list of pieces with scores", name=name)
        found.tokens.append(entry[0])
        found.scores.append(float(entry[1]))
        found.types.append(NORMAL)
    unknown = model.get("unk_id")
    if type(unknown) is int and 0 <= unknown < len(listed):
        found.types[unknown] = UNKNOWN
        found.keys["unknown_token_id"] = unknown
    if model.get("byte_fallback"):
        raise UnsupportedError(
            "{name}: its model is of type Unigram with byte_fallback, which cannot be expressed in "
            "a GGUF file",
            name=name,
        )
    return found


def unigram_keys(
    tokenizer: dict[str, Any], found: VocabularyLists, name: str, notices: list[str]
) -> dict[str, Any]:
    """What is done with a text before it is cut."""
    if not steps(tokenizer, "pre_tokenizer", name):
        raise refused(name, "pre_tokenizer", "none")
    keys = space_keys(tokenizer, found, name, notices, likeliest=True)
    keys["remove_extra_whitespaces"] = keys[EXTRA_SPACES] in ("split", "merge-left-right")
    return keys


def read_unigram_file(path: Path, kind: str = "") -> VocabularyLists:
    """sentencepiece.bpe.model or spiece.model; kind: the model type of config.json."""
    found = read_sentencepiece(path, unigram=True)
    found.kind = "t5"
    if path.name != SHIFTED:
        ends = [found.keys.get("bos_token_id"), found.keys.get("eos_token_id")]
        found.ends = ([], [ends[1]] if ends[1] is not None else [])
        return found
    own = kind == "camembert"
    kept, first = (0, CAMEMBERT) if own else (3, FIRST)
    shifted = replace(found, tokens=[*first, *found.tokens[kept:]], keys=dict(found.keys))
    shifted.scores = [0.0] * len(first) + found.scores[kept:]
    shifted.types = [CONTROL, CONTROL, CONTROL, UNKNOWN, *found.types[kept:]]
    begin, end = (5, 6) if own else (0, 2)
    if own:
        shifted.tokens[4], shifted.types[4] = "<unk>NOTUSED", CONTROL
    numbers = {"bos": begin, "padding": 1, "eos": end, "unknown": 3}
    shifted.keys |= {f"{key}_token_id": number for key, number in numbers.items()}
    shifted.add([Added(len(shifted.tokens), LAST, True)])
    shifted.scores += [0.0] * (len(shifted.tokens) - len(shifted.scores))
    # As transformers reads this file: by words, each behind a space.
    extra = {EXTRA_SPACES: "split", SPACE_PREFIX: "each-unless-space"}
    shifted.keys |= extra | {"add_space_prefix": True, "remove_extra_whitespaces": True}
    shifted.ends = ([begin], [end])
    shifted.between = [end, end]
    return shifted
