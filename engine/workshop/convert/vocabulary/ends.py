"""What tokenizer.json puts before and behind every text: its post-processor, token by token."""

from typing import Any

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.text.own_keys import BETWEEN_TOKENS, FIRST_TOKENS, LAST_TOKENS, TEMPLATE_BOS
from engine.workshop.convert.vocabulary.allow import refused, steps
from engine.workshop.convert.vocabulary.lists import VocabularyLists

NO_TOKEN = 0xFFFFFFFF


def text_ends(tokenizer: dict[str, Any], name: str) -> tuple[list[int], list[int]]:
    """Ids before and behind a single text."""
    found = [_ends_of(step, name) for step in steps(tokenizer, "post_processor", name)]
    adding = [ends for ends in found if ends is not None]
    if len(adding) > 1:  # the later ones would put theirs around each part of the first
        raise refused(
            name, "post_processor", Words("{n_adding} steps that add tokens", n_adding=len(adding))
        )
    return adding[0] if adding else ([], [])


def text_between(tokenizer: dict[str, Any], name: str) -> list[int] | None:
    """Ids between two texts that are read together; None where nothing tells."""
    for step in steps(tokenizer, "post_processor", name):
        kind, pair = step.get("type"), step.get("pair")
        if kind == "BertProcessing":
            return [_pair_id(step.get("sep"), name)]
        if kind == "RobertaProcessing":
            return [_pair_id(step.get("sep"), name)] * 2
        if kind == "TemplateProcessing" and isinstance(pair, list):
            sides = _sides(pair, step.get("special_tokens"), name)
            return sides[1] if len(sides) == 3 else None
    return None


def _ends_of(step: dict[str, Any], name: str) -> tuple[list[int], list[int]] | None:
    kind = step.get("type")
    if kind == "TemplateProcessing":
        return _template(step, name)
    if kind in ("BertProcessing", "RobertaProcessing"):
        return [_pair_id(step.get("cls"), name)], [_pair_id(step.get("sep"), name)]
    return None


def _pair_id(value: Any, name: str) -> int:
    if isinstance(value, list) and len(value) == 2 and _is_id(value[1]):
        return int(value[1])
    raise FormatError(
        "{name}: its post_processor has no token with an id where one must be", name=name
    )


def _template(step: dict[str, Any], name: str) -> tuple[list[int], list[int]]:
    single = step.get("single")
    if not isinstance(single, list):
        raise FormatError(
            "{name}: its post_processor has no list of what a text consists of", name=name
        )
    sides = _sides(single, step.get("special_tokens"), name)
    if len(sides) != 2:
        raise UnsupportedError(
            "{name}: its post_processor takes a text {n_sides} times, which cannot be expressed "
            "in a GGUF file",
            name=name,
            n_sides=len(sides) - 1,
        )
    return sides[0], sides[1]


def _sides(items: list[Any], table: Any, name: str) -> list[list[int]]:
    """Ids before, between and behind the texts of a template."""
    sides: list[list[int]] = [[]]
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("SpecialToken"), dict):
            sides[-1] += _ids_of(item["SpecialToken"].get("id"), table, name)
        else:
            sides.append([])
    return sides


def _ids_of(token: Any, table: Any, name: str) -> list[int]:
    entry = table.get(token) if isinstance(table, dict) and isinstance(token, str) else None
    ids = entry.get("ids") if isinstance(entry, dict) else None
    if not isinstance(ids, list) or not ids or not all(_is_id(each) for each in ids):
        raise FormatError(
            "{name}: its post_processor does not tell the id of {token!r}",
            name=name,
            token=str(token)[:40],
        )
    return [int(each) for each in ids]


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def write_ends(
    found: VocabularyLists, first: list[int], last: list[int], n_vocab: int, notices: list[str]
) -> None:
    """The standard keys as far as they say it, else our own; bos and eos ids are there already."""
    beyond = [token for token in first + last if token >= n_vocab]
    if beyond:
        notices.append(
            Words(
                "texts should begin or end with the tokens {beyond}, for which the embedding has "
                "no rows; they are left out",
                beyond=beyond[:4],
            )
        )
    first, last = ([t for t in side if t < n_vocab] for side in (first, last))
    if (
        found.between is not None
        and found.between != last
        and max(found.between, default=0) < n_vocab
    ):
        found.keys[BETWEEN_TOKENS] = np.array(found.between, np.uint32)
    if found.kind == "bert":
        _around_words(found, first, last)
        return
    bos, eos = found.keys.get("bos_token_id"), found.keys.get("eos_token_id")
    if eos is None and last and last == [found.keys.get("seperator_token_id")]:
        eos = found.keys["eos_token_id"] = last[0]  # of encoders, which write no reply
    found.keys |= {"add_bos_token": bool(first), "add_eos_token": bool(last) and last == [eos]}
    if first and first != [bos]:
        found.keys |= {"bos_token_id": first[0]}
        if bos is not None:
            found.keys[TEMPLATE_BOS] = bos
            notices.append(
                Words(
                    "texts begin with {spelled}, not with the bos_token {spelled_2}",
                    spelled=_spelled(found, first),
                    spelled_2=_spelled(found, [bos]),
                )
            )
    if len(first) > 1:
        found.keys[FIRST_TOKENS] = np.array(first, np.uint32)
    if last and last != [eos]:
        found.keys[LAST_TOKENS] = np.array(last, np.uint32)
        notices.append(
            Words(
                "texts end with {spelled}; other programs leave that out",
                spelled=_spelled(found, last),
            )
        )


def _around_words(found: VocabularyLists, first: list[int], last: list[int]) -> None:
    """WordPiece has keys of its own for what stands around every text."""
    found.keys["add_bos_token"] = True  # whatever it is, readers put it there
    for names, side, own in (
        (("bos", "cls"), first, FIRST_TOKENS),
        (("eos", "seperator"), last, LAST_TOKENS),
    ):
        if len(side) != 1:
            found.keys[own] = np.array(side, np.uint32)
        else:
            found.keys |= {f"{name}_token_id": side[0] for name in names}


def _spelled(found: VocabularyLists, ids: list[int]) -> str:
    texts = [found.tokens[token] for token in ids]
    return " ".join(t if isinstance(t, str) else t.decode("utf-8", "replace") for t in texts)[:80]
