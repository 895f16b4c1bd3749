"""LoRA adapters of PEFT: to a GGUF adapter, or merged into the model that is being converted."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from engine.base.errors import FormatError, UnsupportedError, UsageError
from engine.base.words import quoted, shown
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.lazy import Floats, LazyTensor, computed
from engine.weights.formats.pytorch import open_pytorch
from engine.weights.formats.safetensors import open_safetensors
from engine.workshop.convert.config import Config
from engine.workshop.convert.families.family import Family
from engine.workshop.convert.families.table import find_family
from engine.workshop.convert.plan import Dims, Metadata, Plan, Rule, heads_paired

PARTS = re.compile(r"^(?:base_model\.model\.)?(.+?)\.lora_([AB])(?:\.default)?\.weight$")
MOST_NAME = 512  # letters
LAYER = re.compile(r"\.(\d+)\.")


@dataclass(frozen=True)
class Pair:
    """One adapted matrix: its change is scale · b · a."""

    target: str
    a: LazyTensor  # [rank, in]
    b: LazyTensor  # [out, rank]


def is_adapter(path: Path) -> bool:
    return path.is_dir() and (path / "adapter_config.json").is_file()


def plan_adapter(folder: Path, base: Path | None) -> Plan:
    """The plan for a GGUF adapter; `base` is the folder of the model it was trained for."""
    settings = Config.read(folder / "adapter_config.json")
    config = _base_config(settings, folder, base)
    family = find_family(config)
    dims = family.settings(config, Metadata(family.architecture)).dims
    checkpoint = _open(folder)
    try:
        pairs = list(_pairs(checkpoint, family, dims, folder.name))
        rank = _rank(settings, pairs, folder.name)
        out = Metadata(family.architecture)
        out["general.type"] = "adapter"
        out["adapter.type"] = "lora"
        out["adapter.lora.alpha"] = _scale(settings, rank) * rank
        tensors = {}
        for pair in pairs:
            tensors[f"{pair.target}.lora_a"] = pair.a
            tensors[f"{pair.target}.lora_b"] = pair.b
    except BaseException:
        checkpoint.close()
        raise
    what = f"LoRA adapter of rank {rank} for {len(pairs)} matrices"
    return Plan(what, out, tensors, checkpoint, folder.resolve().name)


def merge_into(plan: Plan, folder: Path, scale: float, base: Path) -> None:
    """Adds an adapter's changes to a planned model; they are computed while it is written."""
    if not is_adapter(folder):
        raise UsageError(f"{folder} is no adapter: it has no adapter_config.json")
    config = Config.read((base if base.is_dir() else base.parent) / "config.json")
    family = find_family(config)
    dims = family.settings(config, Metadata(family.architecture)).dims
    settings = Config.read(folder / "adapter_config.json")
    checkpoint = _open(folder)
    plan.checkpoint.files += checkpoint.files
    pairs = list(_pairs(checkpoint, family, dims, folder.name))
    factor = scale * _scale(settings, _rank(settings, pairs, folder.name))
    for pair in pairs:
        plan.tensors[pair.target] = _merged(plan, pair, factor)
    plan.notices.append(f"{len(pairs)} matrices are changed by {folder.name}, scale {scale:g}")


def _merged(plan: Plan, pair: Pair, factor: float) -> LazyTensor:
    whole = plan.tensors.get(pair.target)
    if whole is None or whole.shape != (pair.b.shape[0], pair.a.shape[1]):
        raise FormatError(f"the adapter's {pair.target} does not fit the model")
    a, b = pair.a.whole(), pair.b.whole()

    def change(x: Floats, start: int, stop: int) -> Floats:
        return (x + np.float32(factor) * (b[start:stop] @ a)).astype(np.float32)

    return computed(whole, change)


def _base_config(settings: Config, folder: Path, base: Path | None) -> Config:
    """config.json of the base model: where the user says, or in the adapter's own folder."""
    named = settings.values.get("base_model_name_or_path")
    inside = _inside(folder, named)
    places = [base] if base else [folder, *([inside] if inside else [])]
    for place in places:
        path = place / "config.json" if place.is_dir() else place
        if path.name == "config.json" and path.is_file():
            return Config.read(path)
    raise UsageError(
        f"{folder.name} is an adapter for {quoted(named)}: give the folder of that model (its "
        "config.json is enough), because the adapter does not tell its architecture"
    )


def _inside(folder: Path, named: object) -> Path | None:
    """A folder that the adapter names, if it lies in the adapter's own: an adapter is a download,
    and what it names elsewhere on this disk, or on another computer, is not for it to open."""
    if not isinstance(named, str) or not named or shown(named, MOST_NAME) != named:
        return None
    if any(letter in named for letter in "\\:\0~") or ".." in PurePosixPath(named).parts:
        return None
    if PurePosixPath(named).is_absolute():
        return None
    place = folder / named
    return place if place.resolve().is_relative_to(folder.resolve()) else None


def _open(folder: Path) -> Checkpoint:
    if (folder / "adapter_model.safetensors").is_file():
        return open_safetensors(folder / "adapter_model.safetensors")
    if (folder / "adapter_model.bin").is_file():
        return open_pytorch(folder / "adapter_model.bin")
    raise FormatError(f"{folder.name} holds neither adapter_model.safetensors nor .bin")


def _rank(settings: Config, pairs: list[Pair], where: str) -> int:
    """One rank for all, as GGUF adapters have; so do all but a few."""
    settings.expect("peft_type", "LORA")
    for key in ("use_dora",):
        settings.expect(key, False)
    for key in ("alpha_pattern", "rank_pattern"):
        settings.expect(key, None, {})
    settings.expect("bias", "none")
    ranks = {pair.a.shape[0] for pair in pairs}
    if len(ranks) != 1:
        raise UnsupportedError(f"{where}: its matrices have several ranks: {sorted(ranks)}")
    return ranks.pop()


def _scale(settings: Config, rank: int) -> float:
    alpha = settings.float("lora_alpha")
    return float(alpha / (math.sqrt(rank) if settings.bool("use_rslora", False) else rank))


def _pairs(checkpoint: Checkpoint, family: Family, dims: Dims, where: str) -> Iterator[Pair]:
    """Both halves of each adapted matrix, under the name of GGUF."""
    halves: dict[str, dict[str, LazyTensor]] = {}
    for name, tensor in checkpoint.tensors.items():
        match = PARTS.match(name)
        if match is None:
            raise UnsupportedError(
                f"{where}: tensor {quoted(name, 120)} is no half of a LoRA matrix; adapters "
                "with more than those cannot be converted"
            )
        halves.setdefault(match[1].removeprefix(family.prefix), {})[match[2]] = tensor
    rules = {rule.source: rule for rule in family.rules}
    for module, found in halves.items():
        if found.keys() != {"A", "B"}:
            raise FormatError(f"{where}: {module} has only one half of its LoRA matrix")
        yield _pair(module, found, rules, dims, where)
    if not halves:
        raise FormatError(f"{where} holds no LoRA matrices")


def _pair(
    module: str, found: Mapping[str, LazyTensor], rules: Mapping[str, Rule], dims: Dims, where: str
) -> Pair:
    layer = LAYER.search(f".{module}.")
    pattern = LAYER.sub(".{i}.", f".{module}.", count=1).strip(".") if layer else module
    rule = rules.get(f"{pattern}.weight")
    if rule is None or len(rule.shape) != 2:
        raise UnsupportedError(f"{where}: {shown(module, 120)} is no matrix of this model family")
    a, b = found["A"], found["B"]
    wanted = tuple(dims[name] for name in rule.shape)
    if len(a.shape) != 2 or len(b.shape) != 2 or a.shape[0] != b.shape[1]:
        raise FormatError(f"{where}: the halves of {shown(module, 120)} do not fit together")
    if (b.shape[0], a.shape[1]) != wanted:
        raise FormatError(
            f"{where}: {shown(module, 120)} changes a matrix of {b.shape[0]} x {a.shape[1]}, but "
            f"the base model's is {wanted[0]} x {wanted[1]}; the adapter belongs to another model"
        )
    if rule.bend in ("q_heads", "k_heads"):
        b = heads_paired(b, dims["n_head" if rule.bend == "q_heads" else "n_head_kv"])
    target = rule.target.replace("{i}", layer[1] if layer else "")
    return Pair(target, a, b)
