"""llama2.c checkpoints (.bin) with their tokenizer, which is a file of its own."""

import struct
from pathlib import Path

from engine.base.errors import FormatError
from engine.base.reading import read_file
from engine.weights.formats.checkpoint import MAX_JSON
from engine.weights.formats.llama2c import open_llama2c, parse_header
from engine.workshop.convert.meta import RULES, llama_keys
from engine.workshop.convert.plan import Metadata, Plan, apply_rules
from engine.workshop.convert.vocabulary.lists import BYTE, CONTROL, NORMAL, UNKNOWN, Vocabulary

EPS = 1e-5  # in llama2.c's code, not in its files
FIRST_BYTE, N_BYTES = 3, 256  # <unk>, <s>, </s>, then the bytes
MAX_TOKEN = 1024


def is_llama2c(path: Path, head: bytes) -> bool:
    return parse_header(head) is not None


def plan_llama2c(path: Path, tokenizer: Path | None = None) -> Plan:
    """The plan for one checkpoint; the tokenizer lies beside it unless it is given."""
    header, checkpoint = open_llama2c(path)
    try:
        out = Metadata("llama")
        dims = llama_keys(
            out,
            n_embd=header.n_embd,
            n_layer=header.n_layer,
            n_head=header.n_head,
            n_head_kv=header.n_head_kv,
            n_ff=header.n_ff,
            vocab=header.vocab,
            n_ctx=header.n_ctx,
            eps=EPS,
        )
        tensors = apply_rules(RULES, checkpoint.tensors, dims, path.name)
        out |= read_tokenizer_bin(_tokenizer_of(path, tokenizer, header.vocab), header.vocab)
    except BaseException:
        checkpoint.close()
        raise
    what = f"llama2.c checkpoint, version {header.version}"
    return Plan(what, out, tensors, checkpoint, path.stem)


def _tokenizer_of(path: Path, given: Path | None, vocab: int) -> Path:
    if given is not None:
        if not given.is_file():
            raise FormatError(f"{given} does not exist")
        return given
    for name in (f"tok{vocab}.bin", "tokenizer.bin"):
        if (path.parent / name).is_file():
            return path.parent / name
    raise FormatError(
        f"{path.name} has no tokenizer beside it: neither tok{vocab}.bin nor tokenizer.bin; put it "
        "there or name it"
    )


def read_tokenizer_bin(path: Path, n_vocab: int) -> dict[str, object]:
    """llama2.c's export of a sentencepiece vocabulary: score, length and text of each token."""
    raw = read_file(path, MAX_JSON)
    found = Vocabulary("llama", [], [])
    at = 4  # the longest token's length comes first
    try:
        for token in range(n_vocab):
            score, size = struct.unpack_from("<fi", raw, at)
            if not 0 <= size <= MAX_TOKEN or at + 8 + size > len(raw):
                raise FormatError(f"{path.name} is broken: token {token} has {size} bytes")
            found.tokens.append(raw[at + 8 : at + 8 + size].replace(b" ", "\u2581".encode()))
            found.scores.append(score)
            found.types.append(NORMAL)
            at += 8 + size
    except struct.error:
        raise FormatError(
            f"{path.name} ends after {len(found.tokens)} tokens, but the model has {n_vocab}; "
            "model and tokenizer do not belong together"
        ) from None
    mark_llama(found)
    return found.metadata()


def mark_llama(found: Vocabulary) -> None:
    """Meaning by place, as in every llama vocabulary: <unk>, <s>, </s>, bytes, then text."""
    for token, text in enumerate(("<unk>", "<s>", "</s>")[: len(found.tokens)]):
        found.tokens[token] = text
        found.types[token] = UNKNOWN if token == 0 else CONTROL
    for byte in range(min(N_BYTES, len(found.tokens) - FIRST_BYTE)):
        found.tokens[FIRST_BYTE + byte] = f"<0x{byte:02X}>"
        found.types[FIRST_BYTE + byte] = BYTE
    found.keys |= {"bos_token_id": 1, "eos_token_id": 2, "unknown_token_id": 0}
    found.keys |= {"add_bos_token": True, "add_eos_token": False, "add_space_prefix": True}
