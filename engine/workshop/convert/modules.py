"""What sentence-transformers says beside a model: how tokens become one vector, and what follows.

modules.json lists the steps: the model, pooling, matrices (Dense), Normalize. What cannot be said
in GGUF is refused; without that file nothing is known of pooling.
"""

import json
from pathlib import Path

from engine.architectures.shared.encoder import POOLINGS
from engine.architectures.shared.source import Metadata
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.base.reading import read_file
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.config import Config
from engine.weights.formats.lazy import LazyTensor
from engine.weights.formats.safetensors import open_safetensors

LISTED = "modules.json"
MODES = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "cls",
    "pooling_mode_lasttoken": "last",
}
NAMES = {"mean": "mean", "cls": "cls", "lasttoken": "last"}
MOST_BYTES = 1 << 20
MOST_DENSE = 2  # matrices behind the pooling that GGUF has names for
IDENTITY = "torch.nn.modules.linear.Identity"


def add_modules(
    folder: Path,
    out: Metadata,
    tensors: dict[str, LazyTensor],
    checkpoint: Checkpoint,
    notices: list[str],
) -> None:
    """Sets the keys and adds the matrices, whose files are closed with the checkpoint."""
    if not (folder / LISTED).is_file():
        if out.get(f"{out.architecture}.attention.causal") is False and not _scores(out):
            notices.append(
                Words(
                    "{folder} does not say how a text's tokens become one vector (no {listed}); "
                    "whoever embeds texts chooses",
                    folder=folder.name,
                    listed=LISTED,
                )
            )
        return
    dense = 0
    for kind, path in _modules(folder):
        if kind in ("Transformer", "Normalize"):
            continue
        if kind == "Pooling":
            out.own(pooling_type=POOLINGS.index(_pooling(path / "config.json")))
        elif kind == "Dense" and dense < MOST_DENSE:
            dense += 1
            checkpoint.files += _add_dense(path, f"dense_{dense + 1}", out, tensors).files
        else:
            raise UnsupportedError(
                "{folder}: {listed} has a step of kind {kind}, which cannot be expressed in a GGUF "
                "file",
                folder=folder.name,
                listed=LISTED,
                kind=kind[:40],
            )


def _scores(out: Metadata) -> bool:
    return f"{out.architecture}.pooling_type" in out


def _modules(folder: Path) -> list[tuple[str, Path]]:
    """The last part of each step's type, and its folder, which must lie within."""
    try:
        listed = json.loads(read_file(folder / LISTED, MOST_BYTES))
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise FormatError("{file} is no list of steps", file=LISTED)
    found = []
    for each in listed:
        kind, name = each.get("type"), each.get("path", "")
        if not isinstance(kind, str) or not isinstance(name, str) or "\0" in name:
            raise FormatError("{file} has a step without a type or a folder", file=LISTED)
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise FormatError("{file} names a folder outside of its own", file=LISTED)
        found.append((kind.rpartition(".")[2], path))
    return found


def _pooling(path: Path) -> str:
    config = Config.read(path)
    said = config.get("pooling_mode")
    modes = [mode for mode in config.given if mode.startswith("pooling_mode_")]
    chosen = [mode for mode in modes if config.bool(mode, False)]
    if isinstance(said, str):
        found = NAMES.get(said)
    else:
        found = MODES.get(chosen[0]) if len(chosen) == 1 else None
    if found is None:
        raise UnsupportedError(
            "{file}: pooling by {chosen} cannot be expressed in a GGUF file; known are mean, cls "
            "and lasttoken, one at a time",
            file=config.name,
            chosen=", ".join(chosen)[:120] or str(said)[:40],
        )
    return found


def _add_dense(path: Path, name: str, out: Metadata, tensors: dict[str, LazyTensor]) -> Checkpoint:
    config = Config.read(path / "config.json")
    config.expect("activation_function", IDENTITY)
    n_in, n_out = config.int("in_features"), config.int("out_features")
    checkpoint = open_safetensors(path / "model.safetensors")
    weight, bias = checkpoint.tensors.get("linear.weight"), checkpoint.tensors.get("linear.bias")
    if weight is None or weight.shape != (n_out, n_in) or (bias and bias.shape != (n_out,)):
        checkpoint.close()
        raise FormatError(
            "{file} holds no matrix of {n_out} x {n_in}", file=path.name, n_out=n_out, n_in=n_in
        )
    tensors[f"{name}.weight"] = weight
    if bias is not None:
        tensors[f"{name}.bias"] = bias
    out.own(**{f"{name}_feat_in": n_in, f"{name}_feat_out": n_out})
    return checkpoint
