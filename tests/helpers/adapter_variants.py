"""Tiny LoRA adapters as PEFT writes them, with settings that change what they do.

What peft computes with each was written down once (tests/engine/workshop/make_variants.py).
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from helpers.checkpoint_variants import EMBED, HEAD
from helpers.tiny_checkpoints import Arrays, shapes_of, weights_of, write_safetensors

QK = ("q_proj", "k_proj")


class Adapter(NamedTuple):
    """`modules`: ends of the names of adapted matrices; `settings`: keys of adapter_config.json."""

    base: str
    modules: tuple[str, ...] = QK
    settings: dict[str, Any] = {}
    ranks: dict[str, int] = {}  # by the end of a module's name, where it is not 4
    whole: tuple[str, ...] = ()  # tensors that are saved as they are, changed
    copies: tuple[str, ...] = ()  # modules whose base_layer is saved, too


ADAPTERS: dict[str, Adapter] = {
    "plain": Adapter("llama"),
    "alpha zero": Adapter("llama", QK, {"lora_alpha": 0}),
    "nothing said": Adapter("llama", QK, {"r": None, "lora_alpha": None}, {"_proj": 8}),
    "root scaling": Adapter("llama", QK, {"use_rslora": True}),
    "patterns": Adapter(
        "llama",
        (*QK, "down_proj"),
        {
            "rank_pattern": {"k_proj": 2, r"model\.layers\.0\.mlp\.down_proj": 6},
            "alpha_pattern": {"layers.1.self_attn.q_proj": 3, "down_proj": 1},
        },
        {"k_proj": 2, "layers.0.mlp.down_proj": 6},
    ),
    "patterns with roots": Adapter(
        "qwen3", QK, {"use_rslora": True, "rank_pattern": {"k_proj": 2}}, {"k_proj": 2}
    ),
    "one layer": Adapter("llama", QK, {"layers_to_transform": [1]}),
    "fewer targets": Adapter("llama", QK, {"target_modules": ["k_proj"]}),
    "an expression": Adapter("llama", QK, {"target_modules": r".*\.0\..*(q|k)_proj"}),
    "excluded": Adapter("llama", QK, {"exclude_modules": ["k_proj"]}),
    "head and one layer": Adapter(
        "llama", ("q_proj", "lm_head"), {"layers_to_transform": [1]}, copies=("lm_head",)
    ),
    "head": Adapter("llama", ("q_proj", "lm_head"), copies=("lm_head",)),
    "head of a tied model": Adapter("qwen3", ("q_proj", "lm_head"), copies=("lm_head",)),
    "embedding": Adapter("llama", ("q_proj", "embed_tokens"), copies=("model.embed_tokens",)),
    "embedding of a tied model": Adapter("gemma", ("q_proj", "embed_tokens")),
    "embedding and head": Adapter("llama", ("embed_tokens", "lm_head")),
    "whole modules": Adapter("llama", QK, {"modules_to_save": ["lm_head"]}, whole=(HEAD,)),
    "whole head of a tied model": Adapter(
        "qwen3", QK, {"modules_to_save": ["lm_head"]}, whole=(HEAD,)
    ),
    "saved embedding of a tied model": Adapter("qwen3", QK, whole=(EMBED,)),
    "biases": Adapter(
        "qwen2", QK, {"bias": "lora_only"}, whole=("0.self_attn.q_proj.base_layer.bias",)
    ),
    "gpt2": Adapter("gpt2", ("c_attn", "mlp.c_fc"), {"fan_in_fan_out": True}),
}
# Those that are more than changes of the layers' matrices: to be merged, not to be run beside.
ONLY_MERGED = {
    name
    for name, adapter in ADAPTERS.items()
    if adapter.whole or {"lm_head", "embed_tokens"} & set(adapter.modules)
}


def adapter_arrays(adapter: Adapter) -> Arrays:
    """The tensors of adapter_model.safetensors."""
    random = np.random.RandomState(11)
    base = weights_of(adapter.base)
    shapes: dict[str, tuple[int, ...]] = shapes_of(adapter.base)
    embedding = "transformer.wte.weight" if adapter.base == "gpt2" else EMBED
    shapes.setdefault(HEAD, shapes[embedding])
    out: Arrays = {}
    for name, shape in shapes.items():
        module = name.removesuffix(".weight")
        stem = f"base_model.model.{module}"
        if name.endswith(".weight") and module.endswith(adapter.modules):
            rank = next((n for end, n in adapter.ranks.items() if module.endswith(end)), 4)
            rows, cols = shape[::-1] if adapter.base == "gpt2" else shape
            halves = {"A": (rank, cols), "B": (rows, rank)}
            if name == embedding:
                stem, halves = f"{stem}.lora_embedding", {"A": (rank, rows), "B": (cols, rank)}
            for half, size in halves.items():
                end = f"_{half}" if name == embedding else f".lora_{half}.weight"
                out[stem + end] = (0.3 * random.standard_normal(size)).astype(np.float32)
        if module in adapter.copies:
            out[f"base_model.model.{module}.base_layer.weight"] = base.get(name, base[embedding])
        saved = name.replace(".bias", ".base_layer.bias")
        if adapter.whole and saved.endswith(adapter.whole):
            changed = base.get(name, base[embedding])
            out[f"base_model.model.{saved}"] = changed * np.float32(1.5)
    return out


def write_adapter_variant(folder: Path, adapter: Adapter) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 4, "lora_alpha": 6.0}
    settings |= {"bias": "none", "target_modules": list(adapter.modules)} | adapter.settings
    kept = {key: value for key, value in settings.items() if value is not None}
    (folder / "adapter_config.json").write_text(json.dumps(kept))
    write_safetensors(folder / "adapter_model.safetensors", adapter_arrays(adapter))
    return folder
