"""Writes down what transformers has for the tiny models of families/*.json, into golden/.

    PYTHONPATH=tests:. python tests/families/make_golden.py NAME ...

NAME.json: the fields of config.json with the class's defaults, and the tensors that it saves, with
their shapes; NAME.npz: the logits, of an encoder the rows of its last layer, of one that scores its
scores. Run by hand, with torch and transformers installed.
"""

import dataclasses
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import jina_bert
import numpy as np
import remote_classes
import remote_kin
import remote_rwkv
import torch
import transformers
from helpers.tiny_checkpoints import (
    CONFIGS,
    ROWS,
    TEXT,
    kept,
    kind_of,
    shapes_of,
    weights_of,
    write_safetensors,
)
from safetensors import safe_open

# Transformers has no class for these.
TWINS: dict[str, Any] = {"jina-bert-v2": jina_bert}
TWINS |= dict.fromkeys(remote_rwkv.FAMILIES, remote_rwkv)
# Asks its text model what came of pictures, also where there are none: that one is asked instead.
OF_PICTURES = "Llama4ForConditionalGeneration"
GOLDEN = Path(__file__).parent / "golden"
Shapes = dict[str, tuple[int, ...]]


def model_of(name: str) -> Any:
    """A model with weights of its own making, in evaluation mode."""
    values = dict(CONFIGS[name])
    called = values.pop("architectures")[0]
    remote = remote_classes.CLASSES | remote_kin.CLASSES
    called = {"ChatGLMModel": "ChatGLMForConditionalGeneration"}.get(called, called)
    kind = remote.get(called) or getattr(transformers, called, None)
    if kind is None:  # another family's class serves
        config = transformers.AutoConfig.for_model(**values)
        made = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
        return made.float().eval()
    return kind(kind.config_class(**values, attn_implementation="eager")).float().eval()


def saved_shapes(name: str, model: Any) -> Shapes:
    """The tensors that the class saves, as its files name them; in the order that was recorded, if
    any was."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        with safe_open(Path(folder) / "model.safetensors", "np") as file:
            found = {key: tuple(file.get_slice(key).get_shape()) for key in file.keys()}  # noqa: SIM118
    in_order = {key: found[key] for key in model.state_dict() if key in found}
    found = in_order | found
    try:
        before = shapes_of(name)
    except (OSError, KeyError):
        return found
    return before if before == found else found


def logits_of(name: str, model: Any, shapes: Shapes) -> np.ndarray:
    """Of the model as the library opens it: from a folder."""
    with tempfile.TemporaryDirectory() as folder:
        model.config.save_pretrained(folder)
        write_safetensors(Path(folder) / "model.safetensors", weights_of(name, shapes))
        own = isinstance(model.config, type(model).config_class)
        kind = type(model) if own else transformers.AutoModelForCausalLM
        opened, told = kind.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
        )
    assert not told["unexpected_keys"], told
    assert not told["mismatched_keys"], told
    assert not set(told["missing_keys"]) - model.state_dict().keys(), told
    opened = opened.language_model if type(opened).__name__ == OF_PICTURES else opened
    with torch.no_grad():
        found = opened.eval()(torch.tensor([TEXT]))
        rows = found.logits if "logits" in found else found.last_hidden_state
        return kept(rows[0].numpy().astype(np.float32))


def fields_of(kind: str) -> dict[str, Any]:
    """All fields of a configuration class and their defaults; of a `type:key` with that key."""
    kind, _, key = kind.partition(":")
    own = jina_bert.FIELDS if key in jina_bert.FIELDS else {key: True} if key else {}
    config = transformers.AutoConfig.for_model(kind, **own)
    found = dict.fromkeys(each.name for each in dataclasses.fields(config)) | config.to_dict()
    return {key: value for key, value in sorted(found.items()) if not key.startswith("_")}


def written(parts: dict[str, dict[str, dict[str, Any]]]) -> str:
    """JSON with a line for each field and tensor, so that changes can be read."""
    blocks = []
    for part, tables in parts.items():
        inner = []
        for name, values in tables.items():
            lines = (f"   {json.dumps(k)}: {json.dumps(v, default=str)}" for k, v in values.items())
            inner.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n  }")
        blocks.append(f" {json.dumps(part)}: {{\n" + ",\n".join(inner) + "\n }")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def record(family: str) -> None:
    names = list(ROWS[family]["checkpoints"])
    shapes, logits = {}, {}
    for name in names:
        if family in TWINS:
            twin = TWINS[family]
            shapes[name] = twin.shapes_of(CONFIGS[name])
            weights = weights_of(name, shapes[name])
            logits[name] = kept(twin.rows_of(CONFIGS[name], weights, TEXT))
            continue
        model = model_of(name)
        shapes[name] = saved_shapes(name, model)
        logits[name] = logits_of(name, model, shapes[name])
    kinds = dict.fromkeys(kind_of(CONFIGS[name]) for name in names)
    parts = {"fields": {kind: fields_of(kind) for kind in kinds}, "shapes": shapes}
    (GOLDEN / f"{family}.json").write_text(written(parts), encoding="utf-8")
    np.savez_compressed(GOLDEN / f"{family}.npz", **logits)


if __name__ == "__main__":
    for family in sys.argv[1:] or ROWS:
        record(family)
