"""The tensors of a PEFT adapter: halves of matrices, copies of the base's, and whole new ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.architectures.shared.source import Rule
from engine.base.catalogue import Words, and_more
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.lazy import LazyTensor, of_floats
from engine.weights.formats.pytorch import open_pytorch
from engine.weights.formats.safetensors import open_safetensors
from engine.workshop.convert.lora_settings import AdapterSettings
from engine.workshop.convert.names import unwrapped
from engine.workshop.convert.plan import Dims, bent, heads_paired

HALF = re.compile(r"^(.+?)\.lora_(embedding_)?([AB])(?:\.(\w+))?$")
COPY = re.compile(r"^(.+?)\.base_layer\.(weight|bias)$")
SAVED = re.compile(r"\.(?:modules_to_save(?:\.\w+)?)(?=\.)")
LAYER = re.compile(r"\.(\d+)\.")
EXTRAS = {
    "lora_magnitude_vector": "DoRA",
    "trainable_tokens": Words("trained rows of the embedding"),
    "lora_diag": "KaSA",
    "prompt_embeddings": Words("a learned prompt"),
    "ia3_l": "IA3",
    "hada_w": "LoHa",
    "lokr_w": "LoKr",
    "oft_r": "OFT",
}


@dataclass(frozen=True)
class Pair:
    """One adapted matrix: its change is scale · b · a, in the layout of GGUF's tensor."""

    target: str
    a: LazyTensor  # [rank, in]
    b: LazyTensor  # [out, rank]
    scale: float

    @property
    def rank(self) -> int:
        return self.a.shape[0]


@dataclass
class AdapterFile:
    """What an adapter holds, under GGUF's names."""

    pairs: list[Pair] = field(default_factory=list)
    copies: dict[str, LazyTensor] = field(default_factory=dict)  # the base's, as it was there
    wholes: dict[str, LazyTensor] = field(default_factory=dict)  # modules_to_save: its own


def open_adapter(folder: Path) -> Checkpoint:
    if (folder / "adapter_model.safetensors").is_file():
        return open_safetensors(folder / "adapter_model.safetensors")
    if (folder / "adapter_model.bin").is_file():
        return open_pytorch(folder / "adapter_model.bin")
    raise FormatError(
        "{folder} holds neither adapter_model.safetensors nor .bin", folder=folder.name
    )


def read_adapter(
    checkpoint: Checkpoint,
    settings: AdapterSettings,
    rules: Mapping[str, Rule],
    prefix: str,
    dims: Dims,
    where: str,
    notices: list[str],
) -> AdapterFile:
    """Sorts the tensors of an adapter; `rules` by their source's name, `prefix` the family's."""
    found = AdapterFile()
    halves: dict[str, dict[str, LazyTensor]] = {}
    names: dict[str, str] = {}  # the base's own name of each module, as the settings have it
    for name, tensor in checkpoint.tensors.items():
        _refuse_extras(name, where)
        bare = unwrapped(name, prefix)
        half = HALF.match(bare.removesuffix(".weight"))
        copy = COPY.match(bare)
        if half and not bare.endswith(".bias"):
            module = half[1].removeprefix(prefix)
            key = ("e" if half[2] else "") + half[3]
            if key in halves.setdefault(module, {}):
                raise UnsupportedError(
                    "{where}: {module} is adapted twice; give one adapter",
                    where=where,
                    module=module[:120],
                )
            halves[module][key] = tensor
            names[module] = half[1]
        elif copy:
            rule, layer = _rule(f"{copy[1].removeprefix(prefix)}.{copy[2]}", rules, where)
            found.copies[_target(rule, layer)] = bent(rule, tensor, dims, where)
        else:
            own = SAVED.sub("", bare.replace(".original_module.", "."))
            rule, layer = _rule(own.removeprefix(prefix), rules, where, is_half=False)
            is_own = "modules_to_save" in bare or settings.is_saved(own)
            kept = found.wholes if is_own and ".original_module." not in bare else found.copies
            kept[_target(rule, layer)] = bent(rule, tensor, dims, where)
    left = [module for module in halves if not settings.is_adapted(names[module])]
    if left:
        notices.append(
            Words(
                "{where}: the matrices of {left} were left out: by the adapter's settings "
                "(target_modules and the like) they are not adapted",
                where=where,
                left=and_more([left[0][:100]], len(left)),
            )
        )
    for module, parts in halves.items():
        if module not in left:
            found.pairs.append(_pair(module, names[module], parts, settings, rules, dims, where))
    if not halves and not found.wholes and not found.copies:
        raise FormatError("{where} holds no LoRA matrices", where=where)
    return found


def _refuse_extras(name: str, where: str) -> None:
    for part, what in EXTRAS.items():
        if part in name:
            raise UnsupportedError(
                "{where}: tensor {name} belongs to {what}; it is no half of a LoRA matrix, and "
                "adapters with more than those cannot be converted",
                where=where,
                name=name[:120],
                what=what,
            )
    if re.search(r"\.lora_[AB](\.\w+)?\.bias$", name):
        raise UnsupportedError(
            "{where}: tensor {name} is a bias of the adapter (lora_bias), no half of a LoRA "
            "matrix; such adapters cannot be converted",
            where=where,
            name=name[:120],
        )


def _rule(
    name: str, rules: Mapping[str, Rule], where: str, *, is_half: bool = True
) -> tuple[Rule, str]:
    """The rule for a tensor and the number of its layer; `is_half`: of a LoRA matrix."""
    layer = LAYER.search(f".{name}")
    source = LAYER.sub(".{i}.", f".{name}", count=1).removeprefix(".") if layer else name
    rule = rules.get(source)
    if rule is None:
        if is_half and ".experts." in name:
            raise UnsupportedError(
                "{where}: {name} belongs to an expert; adapters of experts cannot be converted",
                where=where,
                name=name[:120].removesuffix(".weight"),
            )
        name = name[:120].removesuffix(".weight")
        if is_half:
            raise UnsupportedError(
                "{where}: {name} is no matrix of this model family", where=where, name=name
            )
        raise UnsupportedError(
            "{where}: {name} is no half of a LoRA matrix, and no matrix of this model family",
            where=where,
            name=name,
        )
    if rule.scale:
        raise UnsupportedError(
            "{where}: {name} is multiplied by a factor of the model where it is converted; its "
            "adapters cannot be converted",
            where=where,
            name=name[:120],
        )
    return rule, layer[1] if layer else ""


def _target(rule: Rule, layer: str) -> str:
    return rule.target.replace("{i}", layer)


def _pair(
    module: str,
    name: str,
    parts: Mapping[str, LazyTensor],
    settings: AdapterSettings,
    rules: Mapping[str, Rule],
    dims: Dims,
    where: str,
) -> Pair:
    rule, layer = _rule(f"{module}.weight", rules, where)
    if len(rule.shape) != 2:
        raise UnsupportedError(
            "{where}: {module} is no matrix of this model family", where=where, module=module[:120]
        )
    if parts.keys() == {"eA", "eB"}:  # of a table that is looked up, the change is turned
        a, b = _turned(parts["eB"]), _turned(parts["eA"])
    elif parts.keys() == {"A", "B"}:
        a, b = parts["A"], parts["B"]
    else:
        raise FormatError(
            "{where}: {module} has only one half of its LoRA matrix", where=where, module=module
        )
    wanted = tuple(dims[size] for size in rule.shape)
    if len(a.shape) != 2 or len(b.shape) != 2 or a.shape[0] != b.shape[1] or not a.shape[0]:
        raise FormatError(
            "{where}: the halves of {module} do not fit together", where=where, module=module[:120]
        )
    if (b.shape[0], a.shape[1]) != wanted:
        raise FormatError(
            "{where}: {module} changes a matrix of {shape} x {shape_2}, but the base model's is "
            "{wanted} x {wanted_2}; the adapter belongs to another model",
            where=where,
            module=module[:120],
            shape=b.shape[0],
            shape_2=a.shape[1],
            wanted=wanted[0],
            wanted_2=wanted[1],
        )
    if rule.bend in ("q_heads", "k_heads"):
        b = heads_paired(b, dims["n_head" if rule.bend == "q_heads" else "n_head_kv"])
    elif rule.bend not in ("", "turned"):
        raise UnsupportedError(
            "{where}: {module} is put in another order where it is converted; its adapters cannot "
            "be converted",
            where=where,
            module=module[:120],
        )
    return Pair(_target(rule, layer), a, b, settings.scale(name, a.shape[0]))


def _turned(tensor: LazyTensor) -> LazyTensor:
    if len(tensor.shape) != 2:
        return tensor
    return of_floats(np.ascontiguousarray(tensor.whole().T))
