"""Tiny vocabularies as GGUF metadata, and slow twins of the ways to cut text into them."""

from typing import Any

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6
KEY = "tokenizer.ggml."
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]

SPM_WORDS = {
    "▁": -1.0, "a": -2.0, "b": -3.0, "c": -4.0, "h": -4.5, "e": -5.0, "l": -5.5, "o": -6.0,
    "é": -6.5, "▁a": -7.0, "ab": -7.5, "bc": -7.25, "abc": -8.0, "he": -8.5, "ll": -9.0,
    "llo": -9.5, "hello": -10.0, "▁hello": -10.5, "▁▁": -11.0, "ca": -11.5, "▁he": -8.25,
}  # fmt: skip


def spm_metadata(*, with_bytes: bool = True, **values: Any) -> dict[str, Any]:
    """A SentencePiece vocabulary: <unk>, <s>, </s>, <|mark|>, perhaps bytes, then some words."""
    tokens = ["<unk>", "<s>", "</s>", "<|mark|>"]
    types = [UNKNOWN, CONTROL, CONTROL, USER_DEFINED]
    scores = [0.0] * len(tokens)
    if with_bytes:
        tokens += BYTES
        types += [BYTE] * 256
        scores += [0.0] * 256
    tokens += SPM_WORDS
    types += [NORMAL] * len(SPM_WORDS)
    scores += SPM_WORDS.values()
    return {
        KEY + "model": "llama",
        KEY + "tokens": tokens,
        KEY + "token_type": types,
        KEY + "scores": scores,
        KEY + "bos_token_id": 1,
        KEY + "eos_token_id": 2,
        KEY + "unknown_token_id": 0,
    } | {KEY + name: value for name, value in values.items()}


def byte_letters() -> list[str]:
    """GPT-2's letters for the 256 bytes, in the order of the bytes."""
    kept = set(range(33, 127)) | set(range(161, 173)) | set(range(174, 256))
    rest = iter(range(256, 512))
    return [chr(byte) if byte in kept else chr(next(rest)) for byte in range(256)]


BPE_MERGES = [
    "h e", "l l", "ll o", "he llo", "Ġ hello", "Ġ Ġ", "1 2", "12 3", "i m", "im _", "< |", "| >",
    "im_ end", "e n", "en d", "Ã ©",
]  # fmt: skip
BPE_MARKS = {
    "<|im_start|>": CONTROL, "<|im_end|>": CONTROL, "<think>": USER_DEFINED,
    "</think>": USER_DEFINED, "[PAD7]": UNUSED,
}  # fmt: skip


def bpe_metadata(pre: str = "gpt-2", **values: Any) -> dict[str, Any]:
    """A byte-level vocabulary: 256 bytes, the results of the merges, then some marks."""
    tokens = byte_letters() + [merge.replace(" ", "") for merge in BPE_MERGES] + list(BPE_MARKS)
    types = [NORMAL] * (256 + len(BPE_MERGES)) + list(BPE_MARKS.values())
    return {
        KEY + "model": "gpt2",
        KEY + "pre": pre,
        KEY + "tokens": tokens,
        KEY + "token_type": types,
        KEY + "merges": BPE_MERGES,
        KEY + "eos_token_id": tokens.index("<|im_end|>"),
    } | {KEY + name: value for name, value in values.items()}


def slow_spm(text: str, metadata: dict[str, Any]) -> list[int]:
    """Joins the best-scored neighbours again and again; the leftmost of equals first."""
    tokens, scores = metadata[KEY + "tokens"], metadata[KEY + "scores"]
    types = metadata[KEY + "token_type"]
    words = {text: i for i, text in enumerate(tokens) if types[i] == NORMAL}
    parts = list(text.replace(" ", "▁"))
    while True:
        pairs = [
            (-scores[words[left + right]], place)
            for place, (left, right) in enumerate(zip(parts, parts[1:], strict=False))
            if left + right in words
        ]
        if not pairs:
            break
        _, place = min(pairs)
        parts[place : place + 2] = [parts[place] + parts[place + 1]]
    ids: list[int] = []
    for part in parts:
        ids += [words[part]] if part in words else _bytes_of(part, tokens)
    return ids


def _bytes_of(part: str, tokens: list[str]) -> list[int]:
    return [tokens.index(f"<0x{byte:02X}>") for byte in part.encode()]


def slow_bpe(word: str, metadata: dict[str, Any]) -> list[int]:
    """Joins the pair that was learnt first, wherever it is leftmost, until none is left."""
    letters = byte_letters()
    ranks = {tuple(merge.split(" ")): i for i, merge in enumerate(metadata[KEY + "merges"])}
    parts = [letters[byte] for byte in word.encode()]
    while True:
        pairs = [
            (ranks[pair], place)
            for place, pair in enumerate(zip(parts, parts[1:], strict=False))
            if pair in ranks
        ]
        if not pairs:
            return [metadata[KEY + "tokens"].index(part) for part in parts]
        _, place = min(pairs)
        parts[place : place + 2] = [parts[place] + parts[place + 1]]
