"""Finds a model folder's tokenizer and reads it: vocabulary, special tokens, chat template."""

from pathlib import Path
from typing import Any

from engine.base.errors import FormatError, UnsupportedError
from engine.base.reading import read_file
from engine.weights.formats.checkpoint import read_json
from engine.workshop.convert.vocabulary.lists import Added, Vocabulary
from engine.workshop.convert.vocabulary.ranks import is_tiktoken, read_tiktoken
from engine.workshop.convert.vocabulary.sentencepiece_file import read_sentencepiece
from engine.workshop.convert.vocabulary.tokenizer_json import (
    added_token,
    read_merges_file,
    read_tokenizer_json,
)

SPECIAL = {"bos": "bos", "eos": "eos", "unk": "unknown", "pad": "padding", "sep": "seperator"}
MAX_TEMPLATE = 4 << 20  # bytes; the largest have some hundred kilobytes
LLAMA3_PRE = "llama-bpe"


def read_tokenizer(
    folder: Path, n_vocab: int, config: dict[str, Any], notices: list[str]
) -> dict[str, Any]:
    """All tokenizer.* keys of a Hugging Face folder."""
    settings = _optional_json(folder / "tokenizer_config.json")
    found = _vocabulary(folder)
    found.add(_more_added(folder, settings))
    found.fit(n_vocab, notices)
    _special_ids(found, folder, config, settings, n_vocab)
    for key in ("add_bos_token", "add_eos_token"):
        if isinstance(settings.get(key), bool):
            found.keys[key] = settings[key]
    if found.kind == "llama":
        found.keys.setdefault("add_bos_token", True)
        found.keys.setdefault("add_eos_token", False)
    return found.metadata() | chat_templates(folder, settings)


def _vocabulary(folder: Path) -> Vocabulary:
    pieces, whole = folder / "tokenizer.model", folder / "tokenizer.json"
    if pieces.is_file():
        try:
            return read_tokenizer_model(pieces)
        except UnsupportedError:
            if not whole.is_file():
                raise
    if whole.is_file():
        return read_tokenizer_json(whole)
    if (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
        return read_merges_file(folder / "vocab.json", folder / "merges.txt")
    ranked = sorted(folder.glob("*.tiktoken"))
    if ranked:
        found = read_tiktoken(ranked[0])
        found.keys["pre"] = "qwen2"
        return found
    raise FormatError(
        f"{folder.name} has no tokenizer: neither tokenizer.json nor tokenizer.model nor "
        "vocab.json with merges.txt; get the whole model folder"
    )


def read_tokenizer_model(path: Path) -> Vocabulary:
    """tokenizer.model is a sentencepiece model, or in Llama 3 a list of ranked tokens."""
    if not is_tiktoken(path):
        return read_sentencepiece(path)
    found = read_tiktoken(path)
    found.keys["pre"] = LLAMA3_PRE
    return found


def _optional_json(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}


def _more_added(folder: Path, settings: dict[str, Any]) -> list[Added]:
    """Added tokens that stand beside the vocabulary's own file."""
    found = {}
    for text, ident in _optional_json(folder / "added_tokens.json").items():
        if isinstance(ident, int):
            found[ident] = Added(ident, text, False)
    decoder = settings.get("added_tokens_decoder")
    if isinstance(decoder, dict):
        for ident, entry in decoder.items():
            if ident.isdecimal() and len(ident) < 10:
                found[int(ident)] = added_token(entry, int(ident), "tokenizer_config.json")
    return list(found.values())


def _special_ids(
    found: Vocabulary,
    folder: Path,
    config: dict[str, Any],
    settings: dict[str, Any],
    n_vocab: int,
) -> None:
    """By their spelling in tokenizer_config.json, else by the number in config.json."""
    generation = _optional_json(folder / "generation_config.json")
    for name, key in SPECIAL.items():
        text = settings.get(f"{name}_token")
        text = text.get("content") if isinstance(text, dict) else text
        ident = found.find(text) if isinstance(text, str) else None
        if ident is None:
            numbers = _numbers(config.get(f"{name}_token_id"), n_vocab)
            ident = numbers[0] if numbers else None
        if ident is not None:
            found.keys[f"{key}_token_id"] = ident
    ends = _numbers(generation.get("eos_token_id"), n_vocab) + _numbers(
        config.get("eos_token_id"), n_vocab
    )
    others = [ident for ident in ends if ident != found.keys.get("eos_token_id")]
    if others:
        found.keys["eot_token_id"] = others[0]  # what ends a turn where eos ends a document
    found.keys = {
        key: value
        for key, value in found.keys.items()
        if not key.endswith("_token_id") or value < n_vocab
    }


def _numbers(value: Any, n_vocab: int) -> list[int]:
    listed = value if isinstance(value, list) else [value]
    return [
        i for i in listed if isinstance(i, int) and not isinstance(i, bool) and 0 <= i < n_vocab
    ]


def chat_templates(folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """tokenizer.chat_template, and named ones beside it."""
    path = folder / "chat_template.jinja"
    template: Any = settings.get("chat_template")
    if path.is_file():
        template = read_file(path, MAX_TEMPLATE).decode("utf-8", "replace")
    elif template is None:
        template = _optional_json(folder / "chat_template.json").get("chat_template")
    if isinstance(template, str):
        return {"tokenizer.chat_template": template}
    out: dict[str, Any] = {}
    for entry in template if isinstance(template, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("template"), str):
            name = entry.get("name", "default")
            suffix = "" if name == "default" else f".{name}"
            out[f"tokenizer.chat_template{suffix}"] = entry["template"]
    names = [key.rpartition("template.")[2] for key in out if key != "tokenizer.chat_template"]
    return out | ({"tokenizer.chat_templates": names} if names else {})
