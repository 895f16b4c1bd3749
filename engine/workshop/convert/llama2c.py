"""llama2.c checkpoints (.bin) with their tokenizer, which is a file of its own."""

from pathlib import Path

from engine.architectures.shared.source import Metadata
from engine.base.catalogue import Words
from engine.weights.formats.llama2c import open_llama2c, parse_header
from engine.workshop.convert.meta import RULES, llama_keys
from engine.workshop.convert.plan import ConvertPlan, apply_rules
from engine.workshop.convert.vocabulary.any_file import fill, find_vocabulary

EPS = 1e-5  # in llama2.c's code, not in its files


def is_llama2c(path: Path, head: bytes) -> bool:
    return parse_header(head) is not None


def plan_llama2c(path: Path, tokenizer: Path | None = None) -> ConvertPlan:
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
        notices: list[str] = []
        found = find_vocabulary(tokenizer, [path.parent], header.vocab, path.name)
        fill(found, header.vocab, notices)
        out |= found.metadata()
    except BaseException:
        checkpoint.close()
        raise
    what = Words("llama2.c checkpoint, version {version}", version=header.version)
    return ConvertPlan(what, out, tensors, checkpoint, path.stem, notices)
