"""Special tokens of a model folder: which files name them, in the order that transformers has.

tokenizer.json's own tokens first; then added_tokens_decoder of tokenizer_config.json, or, where
there is none, special_tokens_map.json and added_tokens.json; last the numbers of config.json.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.base.catalogue import Words
from engine.text.own_keys import END_TOKENS
from engine.weights.formats.checkpoint import read_json
from engine.workshop.convert.vocabulary.lists import (
    NORMAL,
    UNUSED,
    Added,
    VocabularyLists,
)
from engine.workshop.convert.vocabulary.tokenizer_json import added_token

SPECIAL = {
    "bos": "bos", "eos": "eos", "unk": "unknown", "sep": "seperator", "pad": "padding",
    "cls": "cls", "mask": "mask",
}  # fmt: skip
EXTRA = ("extra_special_tokens", "additional_special_tokens")
DECODER = "added_tokens_decoder"
EOM = "<|eom_id|>"


def optional_json(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}


def special_settings(folder: Path, notices: list[str]) -> dict[str, Any]:
    """tokenizer_config.json, with special_tokens_map.json where transformers reads that."""
    settings = optional_json(folder / "tokenizer_config.json")
    named = optional_json(folder / "special_tokens_map.json")
    counts = not isinstance(settings.get(DECODER), dict)
    for key, value in named.items():
        old, new = content(settings.get(key)), content(value)
        if old != new and isinstance(new, str) and (isinstance(old, str) or not counts):
            which = "special_tokens_map.json" if counts else "tokenizer_config.json"
            notices.append(
                Words(
                    "special_tokens_map.json says {key} = {new!r}, tokenizer_config.json {old!r}; "
                    "{which} counts",
                    key=key,
                    new=new[:40],
                    old=str(old)[:40],
                    which=which,
                )
            )
    return settings | named if counts else settings


def content(token: Any) -> Any:
    """A token's spelling, which stands alone or in a table with its flags."""
    return token.get("content") if isinstance(token, dict) else token


def add_further(
    found: VocabularyLists, folder: Path, settings: dict[str, Any], n_vocab: int, notices: list[str]
) -> None:
    """Added tokens that stand beside the vocabulary's own file, and all that are named special."""
    decoder = settings.get(DECODER)
    special = list(_names(settings))
    if isinstance(decoder, dict):
        listed = [
            added_token(entry, int(ident), "tokenizer_config.json")
            for ident, entry in decoder.items()
            if ident.isdecimal() and len(ident) < 10
        ]
    else:
        listed = [
            Added(ident, text, text in special, normalized=text not in special)
            for text, ident in optional_json(folder / "added_tokens.json").items()
            if type(ident) is int
        ]
        known = {entry.text: entry for entry in found.added.values()}
        # What tokenizer.json says of a token counts more than a mere list of ids.
        listed = [
            replace(known[each.text], id=each.id) if each.text in known else each for each in listed
        ]
    found.add(listed)
    _mark_special(found, special, n_vocab, notices)


def _names(settings: dict[str, Any]) -> dict[str, None]:
    """Spellings of all special tokens that are named, in their order."""
    named = [settings.get(f"{name}_token") for name in SPECIAL]
    named += [v for key, v in settings.items() if key.endswith("_token") and isinstance(v, str)]
    for key in EXTRA:
        value = settings.get(key)
        if isinstance(value, dict | list):
            named += value.values() if isinstance(value, dict) else value
    texts = map(content, named)
    return {text: None for text in texts if isinstance(text, str) and text}


def _mark_special(
    found: VocabularyLists, special: list[str], n_vocab: int, notices: list[str]
) -> None:
    """Special tokens that no list of added tokens holds: in the vocabulary, or new behind it."""
    ids, missing = found.index(), []
    known = {entry.text for entry in found.added.values()}
    for text in special:
        if text in known:
            continue
        if text in ids:
            if found.types[ids[text]] == NORMAL:
                found.put(Added(ids[text], text, True))
        elif (place := _free(found)) < n_vocab:
            found.put(Added(place, text, True))
        else:
            missing.append(text)
    if missing:
        notices.append(
            Words(
                "the special tokens {missing} are in no vocabulary, and the embedding has no rows "
                "for them; they are left out",
                missing=", ".join(missing[:4]),
            )
        )


def _free(found: VocabularyLists) -> int:
    """The first place behind all tokens."""
    place = len(found.tokens)
    while place and found.types[place - 1] == UNUSED:
        place -= 1
    return place


def special_ids(
    found: VocabularyLists,
    folder: Path,
    config: dict[str, Any],
    settings: dict[str, Any],
    notices: list[str],
) -> None:
    """By their spelling in tokenizer_config.json, else by the number in config.json.

    Numbers of RWKV World's folders are those of another vocabulary (fla writes 1 and 2 into all);
    its own are known.
    """
    ids, n_vocab = found.index(), len(found.tokens)
    numbered = found.kind != "rwkv"
    for name, key in SPECIAL.items():
        text = content(settings.get(f"{name}_token"))
        ident = ids.get(text) if isinstance(text, str) else None
        numbers = _numbers(config.get(f"{name}_token_id"), n_vocab) if numbered else []
        if ident is None and numbers:
            ident = numbers[0]
        elif name in ("bos", "eos") and numbers and ident not in numbers:
            told = Words(
                "config.json says {name}_token_id = {number}, the tokenizer says {ident} "
                "({text!r}); the tokenizer counts",
                name=name,
                number=numbers[0],
                ident=ident,
                text=text,
            )
            if name == "eos":
                told = Words("{told}, both end a reply", told=told)
            notices.append(told)
        if ident is not None:
            found.keys[f"{key}_token_id"] = ident
    if numbered:
        _end_ids(found, config, optional_json(folder / "generation_config.json"), notices)


def _end_ids(
    found: VocabularyLists, config: dict[str, Any], generation: dict[str, Any], notices: list[str]
) -> None:
    """All tokens that end a reply: eos, eot, eom, and what is left in a key of our own."""
    n_vocab, others = len(found.tokens), []
    for source in (generation, config):
        value = source.get("eos_token_id")
        listed = value if isinstance(value, list) else [value]
        for ident in _numbers(value, n_vocab):
            if ident != found.keys.get("eos_token_id") and ident not in others:
                others.append(ident)
        odd = [i for i in listed if i not in (None, -1) and not _numbers(i, n_vocab)]
        if odd:
            notices.append(
                Words("eos_token_id lists {odd}, which are no tokens", odd=str(odd[:4])[:60])
            )
    if "eos_token_id" not in found.keys and others:
        found.keys["eos_token_id"] = others.pop(0)
    others.sort(key=lambda ident: found.tokens[ident] == EOM)  # it is the last, stably
    for key, ident in zip(("eot_token_id", "eom_token_id"), others, strict=False):
        found.keys[key] = ident
    if len(others) > 2:
        found.keys[END_TOKENS] = np.array(others[2:], np.uint32)


def _numbers(value: Any, n_vocab: int) -> list[int]:
    listed = value if isinstance(value, list) else [value]
    return [i for i in listed if type(i) is int and 0 <= i < n_vocab]
