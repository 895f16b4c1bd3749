"""Reads tokenizer.json of Hugging Face: byte-level BPE, or with byte fallback (llama's kind);
WordPiece and Unigram (word_pieces.py, unigram.py).
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.base.reading import read_file
from engine.text.own_keys import FORMS, NORMALIZER
from engine.text.tokenizer_bpe import printable_bytes
from engine.weights.formats.checkpoint import MAX_JSON, read_json
from engine.workshop.convert.vocabulary.allow import ADDED, check_fields, only, refused, steps
from engine.workshop.convert.vocabulary.ends import text_between, text_ends
from engine.workshop.convert.vocabulary.lists import (
    BYTE,
    MOST_TOKENS,
    NORMAL,
    UNKNOWN,
    Added,
    VocabularyLists,
)
from engine.workshop.convert.vocabulary.merges import (
    merge_pieces,
    possible,
    read_merges,
    score_merges,
)
from engine.workshop.convert.vocabulary.pre import is_byte_level, pre_keys
from engine.workshop.convert.vocabulary.spaces import is_byte, space_keys
from engine.workshop.convert.vocabulary.unigram import unigram_keys, unigram_lists
from engine.workshop.convert.vocabulary.word_pieces import word_piece_keys

FLAGS = ("lstrip", "rstrip", "single_word", "normalized")


def read_tokenizer_json(path: Path, merged: bool = False) -> VocabularyLists:
    """The vocabulary with its added tokens in place; its `ends` are what the source says.

    merged: pieces of Llama's kind are told with their merges, as those of Gemma 4 are.
    """
    notices: list[str] = []
    tokenizer, name = read_json(path), path.name
    model = tokenizer.get("model")
    if not isinstance(model, dict) or not isinstance(model.get("vocab"), dict | list):
        raise FormatError("{name} has no model with a vocabulary", name=name)
    kind = model.get("type", "BPE" if "merges" in model else None)
    if kind not in ("BPE", "WordPiece", "Unigram"):
        raise UnsupportedError(
            "{name}: a tokenizer of type {kind} cannot be converted yet, only BPE, WordPiece and "
            "Unigram",
            name=name,
            kind=str(kind)[:40],
        )
    check_fields(tokenizer, name, notices)
    if kind == "BPE":
        found = _merging(tokenizer, name, notices, merged)
    elif kind == "WordPiece":
        found = vocabulary_of(model["vocab"], name, notices)
        found.keys |= word_piece_keys(tokenizer, found, name)
        found.add(_added(tokenizer, name))
    else:
        found = unigram_lists(model, name)
        found.add(_spaced(_added(tokenizer, name), tokenizer, name))
        found.scores += [0.0] * (len(found.tokens) - len(found.scores))
        found.keys |= unigram_keys(tokenizer, found, name, notices)
    found.ends, found.between = text_ends(tokenizer, name), text_between(tokenizer, name)
    found.notices += notices
    first, last = found.ends
    found.keys |= {"add_bos_token": bool(first), "add_eos_token": bool(last)}
    return found


def _merging(
    tokenizer: dict[str, Any], name: str, notices: list[str], merged: bool
) -> VocabularyLists:
    """A vocabulary of the kind that merges neighbours."""
    model = tokenizer["model"]
    found = vocabulary_of(model["vocab"], name, notices)
    merges = possible(list(read_merges(model.get("merges"), name)), found, name, notices)
    added = _added(tokenizer, name)
    if model.get("byte_fallback") and not is_byte_level(tokenizer):
        found.kind = "llama"
        _mark(found, model)
        found.scores = [0.0] * len(found.tokens)
        found.add(_spaced(added, tokenizer, name))
        found.keys |= space_keys(tokenizer, found, name, notices)
        ignore = model.get("ignore_merges") is True
        if not (merged and merge_pieces(found, merges, ignore)):
            score_merges(found, merges, ignore, found.keys, notices)
    else:
        found.keys |= _forms(tokenizer, name, notices)
        ignore = bool(model.get("ignore_merges"))
        found.keys |= pre_keys(tokenizer, ignore, notices, merges)
        # Text has become letters of bytes, none of which is a space: such merges never happen.
        found.merges = [f"{left} {right}" for left, right in merges if " " not in left + right]
        _tell_missing_letters(found, model, name, notices)
        found.add(added)
    return found


def vocabulary_of(vocab: Any, name: str, notices: list[str]) -> VocabularyLists:
    """Spellings by id; ids without one are unused rows."""
    if not isinstance(vocab, dict):
        raise FormatError("{name}: the vocabulary is no table of spellings and ids", name=name)
    if not all(type(i) is int and 0 <= i < MOST_TOKENS for i in vocab.values()):
        raise FormatError("{name}: the vocabulary has ids that make no sense", name=name)
    size = max(vocab.values(), default=-1) + 1
    if not size or size > 2 * len(vocab) + 65536:
        raise FormatError("{name}: the vocabulary is empty or full of gaps", name=name)
    found = VocabularyLists("gpt2", [], [])
    found.pad(size)
    for text, i in vocab.items():
        found.tokens[i], found.types[i] = text, NORMAL
    if (shared := len(vocab) - len(set(vocab.values()))) > 0:
        notices.append(
            Words(
                "{name}: {shared} spellings share an id with another; the last one counts",
                name=name,
                shared=shared,
            )
        )
    return found


def _mark(found: VocabularyLists, model: dict[str, Any]) -> None:
    """The types that a vocabulary with byte fallback tells by spelling."""
    for i, text in enumerate(found.tokens):
        if is_byte(text):
            found.types[i] = BYTE
    unknown = model.get("unk_token")
    if isinstance(unknown, str) and (at := found.find(unknown)) is not None:
        found.types[at] = UNKNOWN
        found.keys["unknown_token_id"] = at


def _forms(tokenizer: dict[str, Any], name: str, notices: list[str]) -> dict[str, Any]:
    """Unicode forms, the only thing that a byte-level vocabulary may do before it cuts."""
    forms = [str(step.get("type")) for step in steps(tokenizer, "normalizer", name)]
    for form in forms:
        if form not in FORMS:
            raise refused(name, "normalizer", form)
        if form != "NFC":
            notices.append(
                Words(
                    "{name} brings text into the form {form}; other programs do not",
                    name=name,
                    form=form,
                )
            )
    return {NORMALIZER: forms} if forms else {}


def _tell_missing_letters(
    found: VocabularyLists, model: dict[str, Any], name: str, notices: list[str]
) -> None:
    missing = len(set(printable_bytes().values()) - set(map(str, found.tokens)))
    if missing and model.get("unk_token") is not None:
        notices.append(
            Words(
                "{name} has no tokens for {missing} of the 256 bytes; they are left out of texts, "
                "where the source has {model!r}",
                name=name,
                missing=missing,
                model=str(model["unk_token"])[:40],
            )
        )


def _spaced(added: list[Added], tokenizer: dict[str, Any], name: str) -> list[Added]:
    """Tokens that are looked for in normalized text, where Prepend puts a space before theirs."""
    if not any(step.get("type") == "Prepend" for step in steps(tokenizer, "normalizer", name)):
        return added
    return [replace(each, spaced=True) if each.normalized else each for each in added]


def _added(tokenizer: dict[str, Any], name: str) -> list[Added]:
    listed = tokenizer.get("added_tokens") or []
    if not isinstance(listed, list):
        raise FormatError("{name}: added_tokens is no list", name=name)
    tables = [entry for entry in listed if isinstance(entry, dict)]
    return [added_token(entry, entry.get("id"), name) for entry in tables]


def added_token(entry: Any, ident: Any, name: str) -> Added:
    """One entry of added_tokens, wherever it stands."""
    text = entry.get("content") if isinstance(entry, dict) else None
    if not isinstance(text, str) or not text or type(ident) is not int:
        raise FormatError("{name}: an added token has no text or no id", name=name)
    only(entry, ADDED, Words("{name}: its added token {text!r}", name=name, text=text[:40]))
    flags = {flag: entry.get(flag) is True for flag in FLAGS}
    return Added(ident, text, entry.get("special") is True, **flags)


def read_merges_file(vocab: Path, merges: Path) -> VocabularyLists:
    """GPT-2's own two files: vocab.json and merges.txt."""
    notices: list[str] = []
    found = vocabulary_of(read_json(vocab), vocab.name, notices)
    lines = read_file(merges, MAX_JSON).decode("utf-8", "replace").split("\n")
    lines = [line.removesuffix("\r") for line in lines]
    pairs = [line for line in lines if line and not line.startswith("#version")]
    listed = possible(list(read_merges(pairs, merges.name)), found, merges.name, notices)
    found.merges = [f"{left} {right}" for left, right in listed]
    found.keys["pre"] = "gpt-2"
    found.notices += notices
    return found
