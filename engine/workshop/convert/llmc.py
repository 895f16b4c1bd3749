"""llm.c GPT-2 checkpoints, with llm.c's tokenizer file or GPT-2's own vocab.json and merges.txt."""

import struct
from dataclasses import replace
from pathlib import Path

from engine.base.errors import FormatError
from engine.base.reading import read_file
from engine.weights.formats.checkpoint import MAX_JSON
from engine.weights.formats.llmc import MAGIC, open_llmc
from engine.workshop.convert.families.gpt2 import FAMILY, gpt2_settings
from engine.workshop.convert.plan import Metadata, Plan, apply_rules
from engine.workshop.convert.vocabulary.lists import CONTROL, Vocabulary
from engine.workshop.convert.vocabulary.ranks import from_ranks
from engine.workshop.convert.vocabulary.tokenizer_json import (
    read_merges_file,
    read_tokenizer_json,
)

__all__ = ["MAGIC", "plan_llmc"]

TOKENIZER_MAGIC = 20240328
TOKENIZER_HEADER = 1024
END_OF_TEXT = "<|endoftext|>"


def plan_llmc(path: Path, tokenizer: Path | None = None) -> Plan:
    """The plan for one checkpoint; its matrices lie as GGUF wants them."""
    header, checkpoint = open_llmc(path)
    try:
        out = Metadata("gpt2")
        settings = gpt2_settings(
            out,
            n_ctx=header.n_ctx,
            n_embd=header.n_embd,
            n_layer=header.n_layer,
            n_head=header.n_head,
            n_ff=4 * header.n_embd,
            vocab=header.vocab,
        )
        rules = [replace(rule, bend="") for rule in FAMILY.rules]
        tensors = apply_rules(rules, checkpoint.tensors, settings.dims, path.name)
        notices: list[str] = []
        out |= _tokenizer(path, tokenizer, header.vocab, notices)
    except BaseException:
        checkpoint.close()
        raise
    what = f"llm.c GPT-2 checkpoint, version {header.version}"
    return Plan(what, out, tensors, checkpoint, path.stem, notices)


def _tokenizer(
    path: Path, given: Path | None, n_vocab: int, notices: list[str]
) -> dict[str, object]:
    found = _read(given, path.parent)
    end = found.find(END_OF_TEXT)
    if end is not None:
        found.types[end] = CONTROL
        found.keys |= {"bos_token_id": end, "eos_token_id": end}
    found.keys |= {"add_bos_token": False, "pre": "gpt-2"}
    found.fit(n_vocab, notices)
    return found.metadata()


def _read(given: Path | None, folder: Path) -> Vocabulary:
    if given is not None:
        if given.suffix == ".json":
            return read_tokenizer_json(given)
        return read_llmc_tokenizer(given)
    if (folder / "gpt2_tokenizer.bin").is_file():
        return read_llmc_tokenizer(folder / "gpt2_tokenizer.bin")
    if (folder / "tokenizer.json").is_file():
        return read_tokenizer_json(folder / "tokenizer.json")
    if (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
        return read_merges_file(folder / "vocab.json", folder / "merges.txt")
    raise FormatError(
        f"{folder} has no tokenizer for this checkpoint: gpt2_tokenizer.bin, tokenizer.json or "
        "vocab.json with merges.txt; put it there or name it"
    )


def read_llmc_tokenizer(path: Path) -> Vocabulary:
    """Lengths and bytes of all tokens in the order they were learned, single bytes first."""
    raw = read_file(path, MAX_JSON)
    if len(raw) < TOKENIZER_HEADER or struct.unpack_from("<I", raw)[0] != TOKENIZER_MAGIC:
        raise FormatError(f"{path.name} is no tokenizer of llm.c")
    count = struct.unpack_from("<I", raw, 8)[0]
    at, tokens = TOKENIZER_HEADER, []
    for token in range(count):
        if at >= len(raw) or at + 1 + raw[at] > len(raw):
            raise FormatError(f"{path.name} is cut short at token {token} of {count}")
        tokens.append(raw[at + 1 : at + 1 + raw[at]])
        at += 1 + raw[at]
    ranks = {text: i for i, text in enumerate(tokens) if text != END_OF_TEXT.encode()}
    found = from_ranks(ranks, path.name)
    if len(ranks) < len(tokens):
        found.tokens.append(END_OF_TEXT)
        found.types.append(CONTROL)
    return found
