"""RWKV's own checkpoints (.pth): names and shapes alone, no configuration and no vocabulary.

The shapes tell all that a config.json would; from there on it is a folder of the same family. The
vocabulary is a file that lies beside it or is named.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.config import Config
from engine.weights.formats.lazy import LazyTensor
from engine.weights.formats.pytorch import open_pytorch
from engine.workshop.convert.family import read_family
from engine.workshop.convert.folder import convert_tensors, read_given
from engine.workshop.convert.plan import ConvertPlan
from engine.workshop.convert.vocabulary.rwkv_file import PATTERN, WORLD

SIGN = "blocks.0.att.receptance.weight"
SUFFIX = ".pth"
ROWS = 65536  # of World's embedding
# Beside the models of before, trained on the Pile.
PILE = "20B_tokenizer.json"
EPSILON, DIVISOR = 1e-5, 8  # in RWKV's code, not in its files

Tensors = Mapping[str, LazyTensor]


def open_rwkv(path: Path) -> Checkpoint | None:
    """The tensors, if the file is one of RWKV's; the caller closes them."""
    if path.suffix.lower() != SUFFIX:
        return None
    checkpoint = open_pytorch(path)
    if SIGN in checkpoint.tensors:
        return checkpoint
    checkpoint.close()
    return None


def plan_rwkv(path: Path, checkpoint: Checkpoint, tokenizer: Path | None) -> ConvertPlan:
    """The plan for one file; whoever opened it closes it where this fails."""
    found = read_family(Config(_figures(checkpoint.tensors, path.name), path.name))
    source, settings, out = found.source, found.settings, found.out
    tensors = convert_tensors(found, checkpoint, path.name)
    n_vocab = settings.dims["vocab"]
    out |= read_given(
        tokenizer or _beside(path, n_vocab), n_vocab, found.config, path.name, settings.notices
    )
    what = Words("RWKV checkpoint, version {version}", version=out.architecture[-1])
    plan = ConvertPlan(what, out, tensors, checkpoint, path.stem, settings.notices)
    plan.rules, plan.prefix, plan.dims = source.rules, source.prefix, settings.dims
    return plan


def _beside(path: Path, n_vocab: int) -> Path:
    """The vocabulary in the same folder, by the name that RWKV's program gives it."""
    wanted = (PATTERN, PILE) if n_vocab >= ROWS else (PILE, PATTERN)
    for pattern in (*wanted, "tokenizer.json"):
        there = sorted(each for each in path.parent.glob(pattern) if each.is_file())
        if there:
            return there[0]
    raise FormatError(
        "{file} has no vocabulary beside it: put {wanted}, which comes with RWKV's programs and "
        "with the Python package rwkv, into the same folder, or name it (--tokenizer)",
        file=path.name,
        wanted=WORLD if n_vocab >= ROWS else PILE,
    )


def _figures(tensors: Tensors, where: str) -> dict[str, Any]:
    """What a config.json of the same model would say."""

    def size(name: str, axis: int) -> int:
        shape = tensors[name].shape if name in tensors else ()
        if len(shape) <= axis:
            raise FormatError(
                "{where}: tensor {name} is missing or has too few dimensions; the model is "
                "incomplete, get it again",
                where=where,
                name=name,
            )
        return shape[axis]

    layers = [
        int(found[1]) for name in tensors if (found := re.match(r"blocks\.(\d{1,4})\.", name))
    ]
    usual: dict[str, Any] = {
        "vocab_size": size("emb.weight", 0),
        "hidden_size": size("emb.weight", 1),
        "intermediate_size": size("blocks.0.ffn.key.weight", 0),
        "num_hidden_layers": max(layers, default=0) + 1,
        "bos_token_id": 0,
        "eos_token_id": 0,
    }
    if "blocks.0.att.r_k" in tensors:
        later = "blocks.1.att.v1" if "blocks.1.att.v1" in tensors else "blocks.0.att.a1"
        return usual | {
            "model_type": "rwkv7",
            "head_dim": size("blocks.0.att.r_k", 1),
            "norm_eps": EPSILON,
            "decay_low_rank_dim": size("blocks.0.att.w1", 1),
            "a_low_rank_dim": size("blocks.0.att.a1", 1),
            "v_low_rank_dim": size(later, 1),
            "gate_low_rank_dim": size("blocks.0.att.g1", 1),
        }
    if "blocks.0.att.time_maa_x" in tensors:
        return usual | {
            "model_type": "rwkv6",
            "head_size": size("blocks.0.att.time_faaaa", 1),
            "head_size_divisor": DIVISOR,
            "layer_norm_epsilon": EPSILON,
            "time_mix_extra_dim": max(1, size("blocks.0.att.time_maa_w1", 1) // 5),
            "time_decay_extra_dim": size("blocks.0.att.time_decay_w1", 1),
        }
    raise UnsupportedError(
        "{where} is an RWKV model of version 5 or before; versions 6 and 7 can be converted",
        where=where,
    )
