"""llm.c GPT-2 checkpoints, with llm.c's tokenizer file or GPT-2's own vocab.json and merges.txt."""

from dataclasses import replace
from pathlib import Path

from engine.architectures.gpt2 import RULES, gpt2_settings
from engine.architectures.shared.source import Metadata
from engine.base.catalogue import Words
from engine.weights.formats.llmc import MAGIC, open_llmc
from engine.workshop.convert.plan import ConvertPlan, apply_rules
from engine.workshop.convert.vocabulary.any_file import fill, find_vocabulary
from engine.workshop.convert.vocabulary.c_files import END_OF_TEXT
from engine.workshop.convert.vocabulary.lists import CONTROL

__all__ = ["MAGIC", "plan_llmc"]


def plan_llmc(path: Path, tokenizer: Path | None = None) -> ConvertPlan:
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
        rules = [replace(rule, bend="") for rule in RULES]
        tensors = apply_rules(rules, checkpoint.tensors, settings.dims, path.name)
        notices: list[str] = []
        out |= _tokenizer(path, tokenizer, header.vocab, notices)
    except BaseException:
        checkpoint.close()
        raise
    what = Words("llm.c GPT-2 checkpoint, version {version}", version=header.version)
    return ConvertPlan(what, out, tensors, checkpoint, path.stem, notices)


def _tokenizer(
    path: Path, given: Path | None, n_vocab: int, notices: list[str]
) -> dict[str, object]:
    found = find_vocabulary(given, [path.parent], n_vocab, path.name)
    end = found.find(END_OF_TEXT)
    if end is not None:
        found.types[end] = CONTROL
        found.keys |= {"bos_token_id": end, "eos_token_id": end}
    found.keys |= {"add_bos_token": False, "pre": "gpt-2"}
    fill(found, n_vocab, notices)
    return found.metadata()
