"""Finds a model folder's tokenizer and reads it: vocabulary, special tokens, chat template.

Of several descriptions the one that transformers takes counts, and differences are told.
"""

from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.text.own_keys import SPACE_PREFIX
from engine.weights.formats.checkpoint import read_json
from engine.workshop.convert.vocabulary.chatglm import add_chatglm, begin_chatglm, is_chatglm
from engine.workshop.convert.vocabulary.ends import NO_TOKEN, write_ends
from engine.workshop.convert.vocabulary.lists import USER_DEFINED, VocabularyLists
from engine.workshop.convert.vocabulary.ranks import is_tiktoken, read_tiktoken
from engine.workshop.convert.vocabulary.rwkv_file import PATTERN as RWKV
from engine.workshop.convert.vocabulary.rwkv_file import WORLD, is_rwkv_vocabulary, read_rwkv
from engine.workshop.convert.vocabulary.sentencepiece_file import read_sentencepiece
from engine.workshop.convert.vocabulary.special import add_further, special_ids, special_settings
from engine.workshop.convert.vocabulary.templates import chat_templates
from engine.workshop.convert.vocabulary.tokenizer_json import (
    read_merges_file,
    read_tokenizer_json,
)
from engine.workshop.convert.vocabulary.unigram import read_unigram_file
from engine.workshop.convert.vocabulary.word_pieces import read_vocab_file

LLAMA3_PRE = "llama-bpe"
# Special tokens of Gemma 4 that are part of what a reply says.
SHOWN = (
    *("<|channel>", "<channel|>", "<|tool_call>", "<tool_call|>", '<|"|>'),
    *("<|tool_response>", "<tool_response|>"),
)
UNIGRAM_FILES = ("sentencepiece.bpe.model", "spiece.model")


def read_tokenizer(
    folder: Path, n_vocab: int, config: dict[str, Any], notices: list[str]
) -> dict[str, Any]:
    """All tokenizer.* keys of a Hugging Face folder."""
    settings = special_settings(folder, notices)
    found = _vocabulary(folder, config, settings, notices)
    own = is_chatglm(config) and not (folder / "tokenizer.json").is_file()
    if own:
        add_chatglm(found, folder, config)
    add_further(found, folder, settings, n_vocab, notices)
    found.fit(n_vocab, notices)
    if own:
        begin_chatglm(found)
    special_ids(found, folder, config, settings, notices)
    _drop_ids_beyond(found, n_vocab)
    _show(found)
    _write_ends(found, settings, n_vocab, notices)
    if found.kind == "llama":  # where nothing is said, readers take 1 and 2
        for key in ("bos_token_id", "eos_token_id"):
            found.keys.setdefault(key, NO_TOKEN)
    return found.metadata() | chat_templates(folder, settings, notices)


def _vocabulary(
    folder: Path, config: dict[str, Any], settings: dict[str, Any], notices: list[str]
) -> VocabularyLists:
    pieces, whole = folder / "tokenizer.model", folder / "tokenizer.json"
    vocab, merges = folder / "vocab.json", folder / "merges.txt"
    if whole.is_file():
        merged = str(config.get("model_type", "")).startswith("gemma4")
        found = read_tokenizer_json(whole, merged)
        _compare(found, pieces, vocab, notices)
        _tell_prefix(found, settings, notices)
        return found
    if pieces.is_file():
        found = read_tokenizer_model(pieces)
        _legacy(found, settings)
        return found
    if vocab.is_file() and merges.is_file():
        found = read_merges_file(vocab, merges)
        found.keys["pre"] = _pre_of_class(config, settings)
        _refuse_prefix(settings)
        return found
    world = [*sorted(folder.glob(RWKV)), folder / "vocab.txt"]
    for path in world:
        if is_rwkv_vocabulary(path):
            return read_rwkv(path)
    if (folder / "vocab.txt").is_file():
        return read_vocab_file(folder / "vocab.txt", settings)
    for scored in UNIGRAM_FILES:
        if (folder / scored).is_file():
            return read_unigram_file(folder / scored, str(config.get("model_type", "")))
    ranked = sorted(folder.glob("*.tiktoken"))
    if ranked:
        found = read_tiktoken(ranked[0])
        found.keys["pre"] = "qwen2"
        return found
    if len(world) > 1:
        return read_rwkv(world[0])  # which says what is odd about it
    if (folder / "tokenizer.jsonl").is_file():
        raise UnsupportedError(
            "{folder} has its tokenizer as tokenizer.jsonl, PLaMo 2's own kind, which this version "
            "cannot read",
            folder=folder.name,
        )
    if (folder / "tekken.json").is_file():
        raise UnsupportedError(
            "{folder} has its tokenizer as tekken.json, which cannot be read; get the "
            "tokenizer.json of the same model",
            folder=folder.name,
        )
    if str(config.get("model_type", "")).startswith("rwkv"):
        raise FormatError(
            "{folder} has no vocabulary: put {wanted}, which comes with RWKV's programs and with "
            "the Python package rwkv, into that folder, or name it (--tokenizer)",
            folder=folder.name,
            wanted=WORLD,
        )
    raise FormatError(
        "{folder} has no tokenizer: neither tokenizer.json nor tokenizer.model nor vocab.json with "
        "merges.txt; get the whole model folder",
        folder=folder.name,
    )


def _show(found: VocabularyLists) -> None:
    """Marks of Gemma 4's replies are text for whoever reads them."""
    for text in SHOWN if found.kind == "gemma4" else ():
        place = found.find(text)
        if place is not None and place in found.added:
            found.types[place] = USER_DEFINED


def read_tokenizer_model(path: Path) -> VocabularyLists:
    """tokenizer.model is a sentencepiece model, or in Llama 3 a list of ranked tokens."""
    if not is_tiktoken(path):
        return read_sentencepiece(path)
    found = read_tiktoken(path)
    found.keys["pre"] = LLAMA3_PRE
    return found


def _compare(found: VocabularyLists, pieces: Path, vocab: Path, notices: list[str]) -> None:
    """Tells where the files that are passed over say something else."""
    tokens = [t if isinstance(t, bytes) else t.encode("utf-8", "replace") for t in found.tokens]
    for path in (pieces, vocab):
        others = _tokens_of(path) if path.is_file() else []
        differ = sum(a != b for a, b in zip(tokens, others, strict=False))
        more = len(others) - len(tokens) if others else 0
        if more < 0 and path == vocab:
            more = 0  # added tokens never stand in vocab.json
        words: list[str] = [Words("{differ} of its tokens are others", differ=differ)] * (
            differ > 0
        )
        words += [Words("it has {more} tokens more", more=more)] * (more > 0)
        words += [Words("it lacks {missing} tokens", missing=-more)] * (more < 0)
        if words:
            both = Words("{first} and {second}", first=words[0], second=words[-1])
            notices.append(
                Words(
                    "{file} was passed over, as transformers takes tokenizer.json: {words}",
                    file=path.name,
                    words=both if len(words) > 1 else words[0],
                )
            )


def _tell_prefix(found: VocabularyLists, settings: dict[str, Any], notices: list[str]) -> None:
    said, does = settings.get("add_prefix_space"), found.keys.get("add_space_prefix", False)
    if isinstance(said, bool) and said != does:
        notices.append(
            Words(
                "tokenizer_config.json says add_prefix_space = {said}, tokenizer.json does "
                "otherwise and counts",
                said=str(said).lower(),
            )
        )


def _tokens_of(path: Path) -> list[bytes]:
    """The spellings in another file; none where it is of a kind that cannot be compared."""
    try:
        if path.suffix == ".model":
            tokens = [] if is_tiktoken(path) else read_sentencepiece(path).tokens
        else:
            ids = {i: text for text, i in read_json(path).items() if type(i) is int}
            size = min(len(ids), max(ids, default=-1) + 1)
            tokens = [ids.get(i, f"[PAD{i}]") for i in range(size)]
    except ChaskiError:
        return []
    return [t if isinstance(t, bytes) else t.encode("utf-8", "replace") for t in tokens]


def _legacy(found: VocabularyLists, settings: dict[str, Any]) -> None:
    """With "legacy": false only the start of a text gets a space, nothing behind special tokens."""
    if found.kind != "llama":
        return
    wanted = settings.get("add_prefix_space")
    if isinstance(wanted, bool):
        found.keys["add_space_prefix"] = wanted
    named = str(settings.get("tokenizer_class") or "").removesuffix("Fast")
    legacy = settings.get("legacy", named != "LlamaTokenizer")  # as transformers 5 takes absence
    # Symbols of the file itself are letters of a text; added tokens come later and cut it.
    habit = ("first" if legacy is False else "each") + "-whole" * (USER_DEFINED in found.types)
    if found.keys.get("add_space_prefix") and habit != "each":
        found.keys[SPACE_PREFIX] = habit


def _pre_of_class(config: dict[str, Any], settings: dict[str, Any]) -> str:
    """vocab.json and merges.txt do not tell how text is cut; the class of the tokenizer does."""
    named = str(settings.get("tokenizer_class") or config.get("model_type") or "").lower()
    return "qwen2" if named.startswith("qwen") else "gpt-2"


def _refuse_prefix(settings: dict[str, Any]) -> None:
    if settings.get("add_prefix_space") is True:
        raise UnsupportedError(
            "tokenizer_config.json: add_prefix_space is true, which cannot be expressed in a GGUF "
            "file with this kind of vocabulary"
        )


def _drop_ids_beyond(found: VocabularyLists, n_vocab: int) -> None:
    found.keys = {
        key: value
        for key, value in found.keys.items()
        if not key.endswith("_token_id") or value < n_vocab
    }


def _write_ends(
    found: VocabularyLists, settings: dict[str, Any], n_vocab: int, notices: list[str]
) -> None:
    """What stands before and behind a text, from tokenizer.json or else tokenizer_config.json."""
    if found.ends is not None:
        for name, side in zip(("bos", "eos"), found.ends, strict=True):
            said = settings.get(f"add_{name}_token")
            if isinstance(said, bool) and said != bool(side):
                notices.append(
                    Words(
                        "tokenizer_config.json says add_{name}_token = {said}, tokenizer.json "
                        "does otherwise and counts, as in transformers",
                        name=name,
                        said=str(said).lower(),
                    )
                )
        write_ends(found, *found.ends, n_vocab, notices)
        return
    said = {key: settings.get(key) for key in ("add_bos_token", "add_eos_token")}
    if found.kind == "llama" and "bos_token_id" in found.keys and said["add_bos_token"] is None:
        said["add_bos_token"] = True
        notices.append(
            Words(
                "tokenizer.model does not say whether texts begin with <s>; they do, as in "
                "Llama and Mistral (add_bos_token in tokenizer_config.json says otherwise)"
            )
        )
    found.keys |= {key: value is True for key, value in said.items()}
    for name in ("bos", "eos"):
        if found.keys[f"add_{name}_token"] and f"{name}_token_id" not in found.keys:
            found.keys[f"add_{name}_token"] = False
            notices.append(
                Words(
                    "tokenizer_config.json says add_{name}_token = true, but no file names that "
                    "token",
                    name=name,
                )
            )
