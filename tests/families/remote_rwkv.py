"""RWKV 6 and 7 as RWKV's own program computes them (the package rwkv of PyPI), whose files hold the
weights under its own names; folders of transformers' kind have others.

make_golden.py finds them here.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from helpers.rwkv_files import own_names
from numpy.typing import NDArray
from transformers import AutoConfig, PreTrainedConfig

Arrays = Mapping[str, NDArray[np.float32]]
Shapes = dict[str, tuple[int, ...]]
FAMILIES = ("rwkv6", "rwkv7")


class Rwkv6Config(PreTrainedConfig):
    """As in the configuration_rwkv6.py beside RWKV's folders."""

    model_type = "rwkv6"
    vocab_size: int = 65536
    hidden_size: int = 768
    num_hidden_layers: int = 24
    attention_hidden_size: int | None = None
    head_size: int = 64
    head_size_divisor: int = 8
    intermediate_size: int | None = None
    layer_norm_epsilon: float = 1e-5
    bos_token_id: int | None = 0
    eos_token_id: int | None = 0
    rescale_every: int = 6
    tie_word_embeddings: bool = False
    use_cache: bool = True


class RWKV7Config(PreTrainedConfig):
    """As in the library fla."""

    model_type = "rwkv7"
    attn_mode: str = "chunk"
    hidden_size: int = 2048
    hidden_ratio: float | None = 4
    intermediate_size: int | None = None
    num_hidden_layers: int = 24
    head_dim: int | None = 64
    num_heads: int | None = None
    decay_low_rank_dim: int | None = None
    gate_low_rank_dim: int | None = None
    a_low_rank_dim: int | None = None
    v_low_rank_dim: int | None = None
    hidden_act: str = "sqrelu"
    max_position_embeddings: int = 2048
    norm_first: bool = True
    norm_bias: bool = True
    norm_eps: float = 1e-5
    attn: dict[str, Any] | None = None
    use_cache: bool = True
    pad_token_id: int | None = None
    bos_token_id: int | None = 1
    eos_token_id: int | None = 2
    tie_word_embeddings: bool = False
    initializer_range: float = 0.02
    fuse_norm: bool = True
    fuse_cross_entropy: bool = True
    vocab_size: int = 32000
    value_dim: list[int] | None = None


for _kind in (Rwkv6Config, RWKV7Config):
    AutoConfig.register(_kind.model_type, _kind)


def shapes_of(config: Mapping[str, Any]) -> Shapes:
    """The tensors of a folder of transformers' kind."""
    return _six(config) if config["model_type"] == "rwkv6" else _seven(config)


def _norms(n: int, *names: str) -> Shapes:
    return {f"{name}.{part}": (n,) for name in names for part in ("weight", "bias")}


def _six(config: Mapping[str, Any]) -> Shapes:
    n, ff, vocab = config["hidden_size"], config["intermediate_size"], config["vocab_size"]
    size, extra, decay = config["head_size"], 32, 64
    found: Shapes = {"rwkv.embeddings.weight": (vocab, n), "head.weight": (vocab, n)}
    found |= _norms(n, "rwkv.blocks.0.pre_ln", "rwkv.ln_out")
    for i in range(config["num_hidden_layers"]):
        at = f"rwkv.blocks.{i}."
        found |= _norms(n, f"{at}ln1", f"{at}ln2", f"{at}attention.ln_x")
        own: Shapes = {f"time_maa_{x}": (1, 1, n) for x in "xwkvrg"}
        own |= {"time_maa_w1": (n, 5 * extra), "time_maa_w2": (5, extra, n)}
        own |= {"time_decay": (1, 1, n), "time_decay_w1": (n, decay), "time_decay_w2": (decay, n)}
        own |= {"time_faaaa": (n // size, size)}
        names = ("receptance", "key", "value", "output", "gate")
        own |= {f"{name}.weight": (n, n) for name in names}
        found |= {f"{at}attention.{name}": shape for name, shape in own.items()}
        feed = {"time_maa_k": (1, 1, n), "time_maa_r": (1, 1, n), "key.weight": (ff, n)}
        feed |= {"receptance.weight": (n, n), "value.weight": (n, ff)}
        found |= {f"{at}feed_forward.{name}": shape for name, shape in feed.items()}
    return found


def _seven(config: Mapping[str, Any]) -> Shapes:
    n, ff, vocab = config["hidden_size"], config["intermediate_size"], config["vocab_size"]
    found: Shapes = {"model.embeddings.weight": (vocab, n), "lm_head.weight": (vocab, n)}
    found |= _norms(n, "model.layers.0.pre_norm", "model.norm")
    ranks = {"w": "decay", "a": "a", "v": "v", "g": "gate"}
    for i in range(config["num_hidden_layers"]):
        at = f"model.layers.{i}."
        found |= _norms(n, f"{at}attn_norm", f"{at}ffn_norm", f"{at}attn.g_norm")
        own: Shapes = {f"x_{x}": (1, 1, n) for x in "rwkvag"} | {"k_k": (n,), "k_a": (n,)}
        own |= {"r_k": (n // config["head_dim"], config["head_dim"])}
        own |= {f"{x}_proj.weight": (n, n) for x in "rkvo"}
        for letter, word in ranks.items():
            rank = config[f"{word}_low_rank_dim"]
            if letter != "v" or i:
                own |= {f"{letter}_lora.lora.0.weight": (rank, n)}
                own |= {f"{letter}_lora.lora.2.weight": (n, rank)}
                own |= {f"{letter}_lora.lora.2.bias": (n,)} if letter != "g" else {}
        found |= {f"{at}attn.{name}": shape for name, shape in own.items()}
        feed = {"x_k": (n,), "key.weight": (ff, n), "value.weight": (n, ff)}
        found |= {f"{at}ffn.{name}": shape for name, shape in feed.items()}
    return found


def rows_of(config: Mapping[str, Any], arrays: Arrays, ids: list[int]) -> NDArray[np.float32]:
    """The logits of all tokens, token by token."""
    import torch

    kind = config["model_type"]
    os.environ |= {"RWKV_JIT_ON": "0", "RWKV_CUDA_ON": "0"}
    os.environ["RWKV_V7_ON"] = "1" if kind == "rwkv7" else "0"
    sys.modules.pop("rwkv.model", None)
    from rwkv.model import RWKV

    state, rows = None, []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.pth"
        own = own_names(kind, arrays)
        torch.save({name: torch.tensor(np.ascontiguousarray(v)) for name, v in own.items()}, path)
        model = RWKV(model=str(path.with_suffix("")), strategy="cpu fp32")
        for token in ids:
            found, state = model.forward([token], state)
            rows.append(found.float().numpy())
    return np.stack(rows)
