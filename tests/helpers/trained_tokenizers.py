"""Tiny tokenizers trained on the spot with the tokenizers library, as tokenizer.json."""

import json
from functools import cache
from typing import Any

WORDS = (
    "Once upon a time there was a little girl named Lily. She saw a big red ball, it's 1234! "
    "56 Hello hello world world\n\n  def f(x):\n\treturn x + 1\n  a  b   c    d é世界 "
    "ﬁne ｗｉｄｅ Grüße "
)
FLAGS = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
PREPEND = {"type": "Prepend", "prepend": "▁"}
UNDERLINE = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def split(regex: str, behavior: str = "Isolated", invert: bool = False) -> dict[str, Any]:
    pattern = {"Regex": regex}
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def sequence(part: str, *steps: Any) -> dict[str, Any]:
    return {"type": "Sequence", part: list(steps)}


def added(text: str, ident: int, special: bool = True, **flags: bool) -> dict[str, Any]:
    return {"id": ident, "content": text, "special": special} | FLAGS | flags


@cache
def _trained(byte_level: bool) -> str:
    """Vocabulary and merges, 400 or so; byte-level, or with byte tokens and U+2581."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token=None if byte_level else "<unk>"))
    special = ["<unk>", "<s>", "</s>"]
    if byte_level:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    else:
        tokenizer.normalizer = normalizers.Replace(" ", "▁")
        special += [f"<0x{byte:02X}>" for byte in range(256)]
        alphabet = []
    trainer = trainers.BpeTrainer(
        vocab_size=len(special) + len(alphabet) + 150,
        special_tokens=special,
        initial_alphabet=alphabet,
        show_progress=False,
    )
    tokenizer.train_from_iterator([WORDS * 3], trainer)
    return tokenizer.to_str()


def byte_level(**changes: Any) -> dict[str, Any]:
    """A byte-level tokenizer.json; `changes` replace its parts, `model` only some of its keys."""
    return _changed(json.loads(_trained(True)), {"pre_tokenizer": BYTE_LEVEL} | changes)


def byte_fallback(**changes: Any) -> dict[str, Any]:
    """One of Llama's kind."""
    found = json.loads(_trained(False))
    found["model"] |= {"byte_fallback": True, "fuse_unk": True, "unk_token": "<unk>"}
    normalizer = sequence("normalizers", PREPEND, UNDERLINE)
    return _changed(found, {"normalizer": normalizer, "pre_tokenizer": None} | changes)


def all_pairs(tokenizer: dict[str, Any]) -> dict[str, Any]:
    """With a merge for every way to put a token together, as sentencepiece's relatives have."""
    vocab = tokenizer["model"]["vocab"]
    merges = [
        [text[:cut], text[cut:]]
        for text in vocab
        if not text.startswith("<")
        for cut in range(1, len(text))
        if text[:cut] in vocab and text[cut:] in vocab
    ]
    tokenizer["model"]["merges"] = merges
    return tokenizer


def _changed(tokenizer: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    model = tokenizer["model"] | changes.pop("model", {})
    more = changes.pop("added", [])
    tokenizer |= changes
    tokenizer["model"] = model
    kept = [entry for entry in tokenizer["added_tokens"] if not entry["content"].startswith("<0x")]
    tokenizer["added_tokens"] = kept + more
    return tokenizer
