"""Hugging Face folders: config.json, weights as safetensors or PyTorch .bin, one file or many."""

import re
from pathlib import Path
from typing import Any

from engine.architectures.shared.source import Source
from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.config import Config
from engine.weights.formats.lazy import LazyTensor
from engine.weights.formats.pytorch import open_pytorch
from engine.weights.formats.safetensors import open_safetensors
from engine.workshop.convert.family import Found, read_family
from engine.workshop.convert.leftovers import is_known, leave_out
from engine.workshop.convert.modules import add_modules
from engine.workshop.convert.names import own_names, refuse_quantized_names
from engine.workshop.convert.plan import ConvertPlan, apply_rules, take_figures
from engine.workshop.convert.quantized import find_scheme, readable
from engine.workshop.convert.senses import text_tensors
from engine.workshop.convert.shards import Open, check_numbers, indexed, united
from engine.workshop.convert.ties import settle_ties
from engine.workshop.convert.vocabulary.any_file import fill, find_vocabulary
from engine.workshop.convert.vocabulary.read import read_tokenizer

# What to look for, in this order: safetensors are preferred where a folder has both.
KINDS: tuple[tuple[str, str, str, Open], ...] = (
    ("safetensors", "model.safetensors", "*.safetensors", open_safetensors),
    (Words("PyTorch files"), "pytorch_model.bin", "pytorch_model*.bin", open_pytorch),
)


def is_folder_of_weights(folder: Path) -> bool:
    return (folder / "config.json").is_file()


def plan_folder(folder: Path, tokenizer: Path | None = None) -> ConvertPlan:
    """The plan for a Hugging Face folder; the caller closes its checkpoint.

    tokenizer: another folder's or file's instead of the folder's own.
    """
    config = Config.read(folder / "config.json")
    scheme = find_scheme(config, folder)
    found = read_family(config)
    source, settings, out = found.source, found.settings, found.out
    notices = settings.notices
    kind, checkpoint = open_weights(folder, notices)
    try:
        checkpoint.tensors = readable(checkpoint.tensors, scheme, config, folder.name, notices)
        tensors = convert_tensors(found, checkpoint, folder.name)
        add_modules(folder, out, tensors, checkpoint, notices)
        vocab = settings.dims["vocab"]
        out |= read_given(tokenizer or folder, vocab, found.config, folder.name, notices)
    except BaseException:
        checkpoint.close()
        raise
    what = Words("Hugging Face folder with {kind}, {called}", kind=kind, called=found.called)
    plan = ConvertPlan(what, out, tensors, checkpoint, folder.resolve().name, notices)
    plan.rules, plan.prefix, plan.dims = source.rules, source.prefix, settings.dims
    return plan


def read_given(
    given: Path, n_vocab: int, config: Config, where: str, notices: list[str]
) -> dict[str, Any]:
    """The tokenizer of a folder, or what is in one file."""
    if given.is_dir():
        return read_tokenizer(given, n_vocab, config.values, notices)
    found = find_vocabulary(given, [], n_vocab, where)
    for name in ("bos", "eos"):
        ident = config.values.get(f"{name}_token_id")
        if isinstance(ident, int) and 0 <= ident < n_vocab:
            found.keys.setdefault(f"{name}_token_id", ident)
    fill(found, n_vocab, notices)
    return found.metadata()


def convert_tensors(found: Found, checkpoint: Checkpoint, where: str) -> dict[str, LazyTensor]:
    """The family's rules over names without their prefix; then the factor tensors. Figures among
    them become keys."""
    source, settings = found.source, found.settings
    refuse_quantized_names(checkpoint.tensors, where)
    known, told = is_known(source), settings.notices
    named = _renamed(checkpoint, source)
    text = text_tensors(named, source.prefix, known, source.ignored, where, told)
    own = own_names(text, source.prefix, known, where, told)
    if settings.left_out:
        own = {name: own[name] for name in own if not re.search(settings.left_out, name)}
    leave_out(source, settings, own, where)
    settle_ties(source.rules, own, settings.tied, where, settings.notices)
    tensors = apply_rules(
        source.rules, own, settings.dims, where, source.ignored, settings.layers, settings.scales
    )
    found.out.update(take_figures(source.rules, tensors, settings.dims["n_layer"]))
    return tensors | found.factors


def _renamed(checkpoint: Checkpoint, source: Source) -> dict[str, LazyTensor]:
    """The tensors by the names that this version of their class has."""
    found = dict[str, LazyTensor]()
    for name, tensor in checkpoint.tensors.items():
        for old, new in source.renamed:
            name = re.sub(old, new, name)
        found[name] = tensor
    return found


def open_weights(folder: Path, notices: list[str]) -> tuple[str, Checkpoint]:
    """The first kind of weights that the folder has: one file before shards, as transformers."""
    for kind, single, pattern, opener in KINDS:
        index = folder / f"{single}.index.json"
        if (folder / single).is_file():
            if index.is_file():
                notices.append(
                    Words(
                        "{folder} has {single} and {index}: the one file was taken, not the "
                        "shards, as transformers does",
                        folder=folder.name,
                        single=single,
                        index=index.name,
                    )
                )
            return kind, opener(folder / single)
        if index.is_file():
            return kind, indexed(index, opener, notices)
        # Other things in the same folder.
        skip = ("adapter_model", "consolidated")
        paths = sorted(p for p in folder.glob(pattern) if not p.name.startswith(skip))
        if paths:
            check_numbers(paths)
            return kind, united(paths, opener)
    raise FormatError(
        "{folder} holds no weights: neither safetensors nor pytorch_model.bin; get the whole "
        "model folder",
        folder=folder.name,
    )
