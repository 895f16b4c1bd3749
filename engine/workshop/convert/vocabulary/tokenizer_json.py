"""Reads tokenizer.json of Hugging Face: byte-level BPE, or with byte fallback (llama's kind)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.base.errors import FormatError, UnsupportedError
from engine.base.reading import read_file
from engine.weights.formats.checkpoint import MAX_JSON, read_json
from engine.workshop.convert.vocabulary.lists import (
    BYTE,
    MOST_TOKENS,
    NORMAL,
    UNKNOWN,
    Added,
    Vocabulary,
)
from engine.workshop.convert.vocabulary.pre import pre_keys

# What a normalizer may do unsaid: NFC leaves nearly all text as it is, and no runtime applies it.
HARMLESS = ("NFC",)
SPACE = "\u2581"


def read_tokenizer_json(path: Path) -> Vocabulary:
    """The vocabulary with its added tokens in place."""
    tokenizer = read_json(path)
    model = tokenizer.get("model")
    if not isinstance(model, dict) or not isinstance(model.get("vocab"), dict | list):
        raise FormatError(f"{path.name} has no model with a vocabulary")
    kind = model.get("type", "BPE" if "merges" in model else None)
    if kind != "BPE":
        raise UnsupportedError(
            f"{path.name}: a tokenizer of type {str(kind)[:40]} cannot be converted yet, only BPE"
        )
    tokens = _tokens(model["vocab"], path.name)
    merges = list(_merges(model.get("merges"), path.name))
    found = Vocabulary("gpt2", tokens, [NORMAL] * len(tokens))
    if model.get("byte_fallback"):
        _as_sentencepiece(found, merges, tokenizer, model)
    else:
        _only_plain(tokenizer, path.name)
        found.merges = [f"{left} {right}" for left, right in merges]
        found.keys |= pre_keys(tokenizer, bool(model.get("ignore_merges")))
    found.add(_added(tokenizer, path.name))
    found.keys |= _ends(tokenizer)
    return found


def _tokens(vocab: Any, name: str) -> list[str | bytes]:
    """Spellings by id; ids without one are unused rows."""
    if not isinstance(vocab, dict):
        raise FormatError(f"{name}: the vocabulary is no table of spellings and ids")
    if not all(isinstance(i, int) and 0 <= i < MOST_TOKENS for i in vocab.values()):
        raise FormatError(f"{name}: the vocabulary has ids that make no sense")
    size = max(vocab.values(), default=-1) + 1
    if not size or size > 2 * len(vocab) + 65536:
        raise FormatError(f"{name}: the vocabulary is empty or full of gaps")
    tokens: list[str | bytes] = [f"[PAD{i}]" for i in range(size)]
    for text, i in vocab.items():
        tokens[i] = text
    return tokens


def _merges(merges: Any, name: str) -> Iterator[tuple[str, str]]:
    """Pairs, written as "a b" in older files and as lists in newer ones."""
    if not isinstance(merges, list):
        raise FormatError(f"{name}: the BPE model has no merges")
    for merge in merges:
        pair = merge.split(" ", 1) if isinstance(merge, str) else merge
        if (
            not isinstance(pair, list)
            or len(pair) != 2
            or not all(isinstance(half, str) for half in pair)
        ):
            raise FormatError(f"{name}: the merge {str(merge)[:60]!r} is no pair of texts")
        yield pair[0], pair[1]


def _as_sentencepiece(
    found: Vocabulary, merges: list[tuple[str, str]], tokenizer: dict[str, Any], model: Any
) -> None:
    """The same merging said with scores: what is merged earlier scores higher."""
    found.kind = "llama"
    rank: dict[str, int] = {}
    for i, (left, right) in enumerate(merges):
        rank.setdefault(left + right, i)
    found.scores = [-float(rank.get(str(text), len(merges))) for text in found.tokens]
    for i, text in enumerate(found.tokens):
        if isinstance(text, str) and len(text) == 6 and text.startswith("<0x") and text[5] == ">":
            found.types[i] = BYTE
            found.scores[i] = 0.0
    unknown = model.get("unk_token")
    if isinstance(unknown, str) and (at := found.find(unknown)) is not None:
        found.types[at] = UNKNOWN
        found.keys["unknown_token_id"] = at
    found.keys["add_space_prefix"] = _space_in_front(tokenizer)


def _space_in_front(tokenizer: dict[str, Any]) -> bool:
    """Prepend "▁" in the normalizer, or a Metaspace that does so first or always."""
    for step in _steps(tokenizer.get("normalizer"), "normalizers"):
        if step.get("type") == "Prepend" and step.get("prepend") == SPACE:
            return True
    for step in _steps(tokenizer.get("pre_tokenizer"), "pretokenizers"):
        if step.get("type") == "Metaspace":
            scheme = step.get("prepend_scheme", "always" if step.get("add_prefix_space") else "")
            return scheme in ("first", "always")
    return False


def _only_plain(tokenizer: dict[str, Any], name: str) -> None:
    for step in _steps(tokenizer.get("normalizer"), "normalizers"):
        if step.get("type") not in HARMLESS:
            raise UnsupportedError(
                f"{name}: the normalizer {str(step.get('type'))[:40]} cannot be expressed in a "
                "GGUF file"
            )


def _steps(step: Any, parts: str) -> list[dict[str, Any]]:
    """A step, or those of a sequence."""
    if not isinstance(step, dict):
        return []
    if step.get("type") == "Sequence":
        return [each for each in step.get(parts) or () if isinstance(each, dict)]
    return [step]


def _added(tokenizer: dict[str, Any], name: str) -> list[Added]:
    listed = tokenizer.get("added_tokens") or []
    if not isinstance(listed, list):
        raise FormatError(f"{name}: added_tokens is no list")
    tables = [entry for entry in listed if isinstance(entry, dict)]
    return [added_token(entry, entry.get("id"), name) for entry in tables]


def added_token(entry: Any, ident: Any, name: str) -> Added:
    """One entry of added_tokens, wherever it stands."""
    text = entry.get("content") if isinstance(entry, dict) else None
    if not isinstance(text, str) or isinstance(ident, bool) or not isinstance(ident, int):
        raise FormatError(f"{name}: an added token has no text or no id")
    return Added(ident, text, bool(entry.get("special")))


def _ends(tokenizer: dict[str, Any]) -> dict[str, Any]:
    """add_bos_token and add_eos_token, if the post-processor says so."""
    keys: dict[str, Any] = {}
    for step in _steps(tokenizer.get("post_processor"), "processors"):
        if step.get("type") != "TemplateProcessing":
            continue
        single = [item for item in step.get("single") or () if isinstance(item, dict)]
        if single:
            keys["add_bos_token"] = "SpecialToken" in single[0]
            keys["add_eos_token"] = "SpecialToken" in single[-1]
    return keys


def read_merges_file(vocab: Path, merges: Path) -> Vocabulary:
    """GPT-2's own two files: vocab.json and merges.txt."""
    tokens = _tokens(read_json(vocab), vocab.name)
    found = Vocabulary("gpt2", tokens, [NORMAL] * len(tokens))
    lines = read_file(merges, MAX_JSON).decode("utf-8", "replace").splitlines()
    pairs = [line for line in lines if line and not line.startswith("#version")]
    found.merges = [f"{left} {right}" for left, right in _merges(list(pairs), merges.name)]
    found.keys["pre"] = "gpt-2"
    return found
