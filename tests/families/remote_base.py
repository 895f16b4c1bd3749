"""Classes that the library does not have, since their code stands beside their weights: tensors
under their own names, and one of its classes that computes the same.
"""

from typing import Any

import torch
from torch import nn
from transformers import PreTrainedModel

State = dict[str, torch.Tensor]


class Kin(PreTrainedModel):
    """Has tensors of its own names; `kin` computes, with the state that `renamed` makes of them."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        for name, values in self.own(self.kin().state_dict()).items():
            _hold(self, name, nn.Parameter(torch.zeros_like(values)))
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        pass

    def kin(self) -> Any:
        raise NotImplementedError

    def own(self, state: State) -> State:
        """The names and sizes of its own; values do not matter."""
        raise NotImplementedError

    def renamed(self, state: State) -> State:
        raise NotImplementedError

    def loaded(self) -> Any:
        """The one that computes, with these weights."""
        kin = self.kin().float().eval()
        kin.load_state_dict(self.renamed({k: v.float() for k, v in self.state_dict().items()}))
        return kin

    def forward(self, input_ids: torch.Tensor, **rest: Any) -> Any:
        return self.loaded()(input_ids)


def _hold(root: nn.Module, name: str, values: nn.Parameter) -> None:
    """A parameter under a dotted name."""
    *path, last = name.split(".")
    for step in path:
        if not hasattr(root, step):
            root.add_module(step, nn.Module())
        root = getattr(root, step)
    root.register_parameter(last, values)


def fused(state: State, name: str) -> State:
    """Query, key and value of a layer below one another, as self_attn.`name`."""
    found = dict(state)
    for key in state:
        if ".q_proj." in key:
            parts = [found.pop(key.replace("q_proj", f"{part}_proj")) for part in "qkv"]
            found[key.replace("q_proj", name)] = torch.cat(parts)
    return found


def apart(state: State, name: str, sizes: tuple[int, int, int]) -> State:
    found: State = {}
    for key, values in state.items():
        if f".{name}." in key:
            for part, each in zip("qkv", values.split(sizes), strict=True):
                found[key.replace(name, f"{part}_proj")] = each
        else:
            found[key] = values
    return found


def named(state: State, pairs: dict[str, str]) -> State:
    """With parts of names in the place of others."""
    found: State = {}
    for name, values in state.items():
        for old, new in pairs.items():
            name = name.replace(old, new)
        found[name] = values
    return found


def figures(config: Any, *more: str) -> dict[str, Any]:
    names = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers")
    names += ("num_attention_heads", "num_key_value_heads", "rms_norm_eps", "attention_bias")
    names += ("max_position_embeddings", "tie_word_embeddings", *more)
    found = {name: getattr(config, name) for name in names if hasattr(config, name)}
    return found | {"attn_implementation": "eager"}
