"""A tokenizer that is given, or lies beside weights: read by what is in it, whatever it is called.

Its size is compared with the rows of the embedding, so that another model's is noticed.
"""

from collections.abc import Iterable
from pathlib import Path

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, FormatError, UsageError
from engine.weights.formats.checkpoint import read_json
from engine.workshop.convert.vocabulary.c_files import (
    is_llmc_tokenizer,
    read_llama2c_tokenizer,
    read_llmc_tokenizer,
)
from engine.workshop.convert.vocabulary.ends import write_ends
from engine.workshop.convert.vocabulary.lists import CONTROL, USER_DEFINED, VocabularyLists
from engine.workshop.convert.vocabulary.ranks import is_tiktoken
from engine.workshop.convert.vocabulary.read import read_tokenizer_model
from engine.workshop.convert.vocabulary.rwkv_file import (
    WORLD_SIZES,
    is_rwkv_vocabulary,
    read_rwkv,
)
from engine.workshop.convert.vocabulary.sentencepiece_file import read_sentencepiece
from engine.workshop.convert.vocabulary.tokenizer_json import (
    read_merges_file,
    read_tokenizer_json,
)

MAX_SIZE = 256 << 20
# Names under which a tokenizer lies beside weights, the likeliest first; {n}: the rows.
NAMES = (
    "tok{n}.bin",
    "tok{n}.model",
    "tokenizer.bin",
    "tokenizer.model",
    "gpt2_tokenizer.bin",
    "tokenizer.json",
    "vocab.json",
    "tok*.model",
    "tok*.bin",
    "*.model",
    "*.tiktoken",
)
# What a program's own checkpoints come with: no other is better, even where it is shorter.
SURE = ("tokenizer.model",)


def read_vocabulary(path: Path) -> VocabularyLists:
    """A vocabulary from a file of any kind that is known here."""
    if path.is_dir():
        return _first(
            _candidates([path], 0), Words("{file} holds no tokenizer that is known here", file=path)
        )
    if not path.is_file():
        raise UsageError("{file} does not exist", file=path)
    try:
        if path.stat().st_size > MAX_SIZE:
            raise FormatError("{file} is too large for a tokenizer", file=path.name)
        with path.open("rb") as file:
            head = file.read(4096)
        return _by_content(path, head)
    except OSError as error:
        raise FormatError(
            "{file} cannot be read: {reason}", file=path, reason=error.strerror
        ) from None


def _by_content(path: Path, head: bytes) -> VocabularyLists:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return _of_json(path)
    if is_llmc_tokenizer(head):
        return read_llmc_tokenizer(path)
    if is_tiktoken(path):
        return read_tokenizer_model(path)
    if is_rwkv_vocabulary(path):
        return read_rwkv(path)
    if start.startswith(b"#version") or path.suffix == ".txt":
        return _of_merges(path.with_name("vocab.json"), path)
    try:
        return read_llama2c_tokenizer(path)  # to its very end, or it is something else
    except FormatError as error:
        # A message whose first field is a message with a text: what sentencepiece writes.
        if head[:1] == b"\x0a" and b"\x0a" in head[2:4]:
            return read_sentencepiece(path)
        if path.suffix == ".bin":
            raise error
    raise FormatError(
        "{file} is no tokenizer that is known here: neither tokenizer.json nor a sentencepiece "
        "model nor llama2.c's or llm.c's file nor ranked tokens nor RWKV's vocabulary nor "
        "vocab.json with merges.txt",
        file=path.name,
    )


def _of_json(path: Path) -> VocabularyLists:
    values = read_json(path)
    if isinstance(values.get("model"), dict):
        return read_tokenizer_json(path)
    if values and all(isinstance(i, int) for i in values.values()):
        return _of_merges(path, path.with_name("merges.txt"))
    raise FormatError(
        "{file} holds no vocabulary; give tokenizer.json, or vocab.json with merges.txt",
        file=path.name,
    )


def _of_merges(vocab: Path, merges: Path) -> VocabularyLists:
    for needed in (vocab, merges):
        if not needed.is_file():
            raise FormatError(
                "{needed} is missing; vocab.json and merges.txt belong together", needed=needed
            )
    return read_merges_file(vocab, merges)


def find_vocabulary(
    given: Path | None, places: Iterable[Path], n_vocab: int, where: str
) -> VocabularyLists:
    """The tokenizer that was given, else the first in `places` that fits `n_vocab` rows.

    It has no more tokens than that (but for added ones), and is not filled up to that yet.
    """
    if given is not None:
        found = read_vocabulary(given)
        _check_size(found, n_vocab, given.name)
        return found
    return _first(
        _candidates(places, n_vocab),
        Words(
            "{where} has no tokenizer beside it: neither tok{n_vocab}.bin nor tokenizer.bin, "
            "tokenizer.model, tokenizer.json or vocab.json with merges.txt; put it there or name "
            "it (--tokenizer)",
            where=where,
            n_vocab=n_vocab,
        ),
        n_vocab,
    )


def fill(found: VocabularyLists, n_vocab: int, notices: list[str]) -> None:
    """As many tokens as the embedding has rows; that some are unused is told, unless it is so of
    every model with that vocabulary."""
    if len(found.tokens) < n_vocab and (len(found.tokens), n_vocab) != WORLD_SIZES:
        notices.append(
            Words(
                "the tokenizer has {n_tokens} tokens, the embedding {n_vocab} rows; the rest "
                "stays unused",
                n_tokens=len(found.tokens),
                n_vocab=n_vocab,
            )
        )
    found.fit(n_vocab, notices)
    if found.ends is not None:
        write_ends(found, *found.ends, n_vocab, notices)
    if found.kind == "llama":
        found.keys.setdefault("add_bos_token", True)
        found.keys.setdefault("add_eos_token", False)


def _candidates(places: Iterable[Path], n_vocab: int) -> list[Path]:
    found: dict[Path, None] = {}
    for place in places:
        for name in NAMES:
            paths = sorted(place.glob(name.format(n=n_vocab)))
            found |= dict.fromkeys(path for path in paths if path.is_file())
    return list(found)


def _first(paths: list[Path], none: str, n_vocab: int | None = None) -> VocabularyLists:
    """The first that can be read and fits, one of just the right size before others."""
    named = {name.format(n=n_vocab) for name in NAMES}
    errors: list[ChaskiError] = []
    fitting: list[VocabularyLists] = []
    for path in paths:
        try:
            found = read_vocabulary(path)
            if n_vocab is not None:
                _check_size(found, n_vocab, path.name)
        except ChaskiError as error:
            if path.name in named:  # others only look like tokenizers
                errors.append(error)
            continue
        if n_vocab is None or len(found.tokens) == n_vocab or path.name in SURE:
            return found
        fitting.append(found)
    if fitting:
        return fitting[0]
    if errors:
        raise errors[0]
    raise FormatError(none)


def _check_size(found: VocabularyLists, n_vocab: int, name: str) -> None:
    """A few rows without a token are usual, a token without a row is not."""
    own = sum(kind not in (CONTROL, USER_DEFINED) for kind in found.types[n_vocab:])
    if own or len(found.tokens) < 3 * n_vocab // 4:
        raise FormatError(
            "{name} has {n_tokens} tokens, but the model's embedding {n_vocab} rows; model and "
            "tokenizer do not belong together",
            name=name,
            n_tokens=len(found.tokens),
            n_vocab=n_vocab,
        )
