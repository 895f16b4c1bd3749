"""Folders that say the same thing in several files, for AutoTokenizer and for our converter."""

import json
from pathlib import Path
from typing import Any

from helpers.trained_tokenizers import added, byte_fallback, byte_level

BOS = {"bos_token": "<s>", "eos_token": "</s>"}
TEXTS = ["hello world", " hello", "</s>hello <|x|> a", "<s> a</s>", "", "<|y|>a", "x</s> y"]
Files = dict[str, Any]


def _template(text: str, ident: int) -> Files:
    single = [{"SpecialToken": {"id": text, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
    table = {text: {"id": text, "ids": [ident], "tokens": [text]}}
    return {"type": "TemplateProcessing", "single": single, "pair": [], "special_tokens": table}


def _flags(text: str, **flags: bool) -> Files:
    return {name: value for name, value in added(text, 0, **flags).items() if name != "id"}


_SIZE = len(byte_level()["model"]["vocab"])
_BYTES = byte_level()
_WITH_BOS = byte_level(post_processor=_template("<s>", 1))
_UNKNOWN_FIRST = byte_level(post_processor=_template("<unk>", 0))

FOLDERS: dict[str, Files] = {
    "plain": {"tokenizer": _BYTES, "tokenizer_config": BOS},
    "nothing named": {"tokenizer": _BYTES, "tokenizer_config": {}},
    "bos wanted by the config": {
        "tokenizer": _BYTES, "tokenizer_config": BOS | {"add_bos_token": True},
    },
    "bos not wanted by the config": {
        "tokenizer": _WITH_BOS, "tokenizer_config": BOS | {"add_bos_token": False},
    },
    "another first": {"tokenizer": _UNKNOWN_FIRST, "tokenizer_config": BOS},
    "null": {"tokenizer": _BYTES, "tokenizer_config": BOS | {"bos_token": None}},
    "table": {
        "tokenizer": _BYTES,
        "tokenizer_config": {"bos_token": _flags("<s>") | {"__type": "AddedToken"}},
    },
    "only the map": {"tokenizer": _BYTES, "special_tokens_map": BOS, "tokenizer_config": {}},
    "the map against the config": {
        "tokenizer": _BYTES,
        "tokenizer_config": BOS | {"eos_token": "<unk>"},
        "special_tokens_map": {"eos_token": _flags("</s>")},
    },
    "the map against the config, decoder": {
        "tokenizer": _BYTES,
        "tokenizer_config": BOS | {"added_tokens_decoder": {"2": _flags("</s>", rstrip=True)}},
        "special_tokens_map": {"eos_token": "<unk>", "bos_token": "<unk>"},
    },
    "flags against flags": {
        "tokenizer": byte_level(added=[added("<|x|>", _SIZE, lstrip=True)]),
        "tokenizer_config": BOS
        | {"added_tokens_decoder": {str(_SIZE): _flags("<|x|>", rstrip=True)}},
    },
    "more in the decoder": {
        "tokenizer": _BYTES,
        "tokenizer_config": BOS
        | {"added_tokens_decoder": {str(_SIZE): _flags("<|y|>"), str(_SIZE + 1): _flags("<|x|>")}},
    },
    "more in added_tokens": {
        "tokenizer": _BYTES,
        "tokenizer_config": BOS,
        "added_tokens": {"<|x|>": _SIZE, "<|y|>": _SIZE + 1, "<s>": 99},
    },
    "extra": {
        "tokenizer": _BYTES, "tokenizer_config": BOS | {"extra_special_tokens": ["<|y|>", "<|x|>"]},
    },
    "additional": {
        "tokenizer": _BYTES,
        "tokenizer_config": BOS | {"additional_special_tokens": ["<|x|>", "<|y|>"]},
    },
    "named": {
        "tokenizer": _BYTES,
        "tokenizer_config": BOS | {"pad_token": "<|y|>", "image_token": "<|x|>"},
    },
    "of llama's class": {
        "tokenizer": byte_fallback(),
        "tokenizer_config": {"tokenizer_class": "PreTrainedTokenizerFast"},
    },
}  # fmt: skip


def write(folder: Path, files: Files) -> Path:
    """One of FOLDERS on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder
