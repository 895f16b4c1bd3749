"""What Jina's own code computes, which transformers has not: BERT with ALiBi both ways and GEGLU.

Plain NumPy in float64, written from the papers: Press et al. 2022 (arXiv:2108.12409), Günther et
al. 2023 (arXiv:2310.19923).
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
Shapes = dict[str, tuple[int, ...]]
# Beside BERT's own.
FIELDS = {"feed_forward_type": "geglu", "position_embedding_type": "alibi", "emb_pooler": None}


def shapes_of(config: Mapping[str, Any]) -> Shapes:
    """The tensors of a checkpoint; with `qk_norm` those of the kind that norms queries and keys."""
    d, ff = config["hidden_size"], config["intermediate_size"]
    norms = {"embeddings.LayerNorm": d}
    found: Shapes = {
        "embeddings.word_embeddings.weight": (config["vocab_size"], d),
        "embeddings.token_type_embeddings.weight": (config["type_vocab_size"], d),
    }
    for i in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{i}."
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            found |= {f"{at}attention.{part}.weight": (d, d), f"{at}attention.{part}.bias": (d,)}
        names = ["attention.output.LayerNorm", "mlp.layernorm"]
        names += [f"attention.self.layer_norm_{x}" for x in "qk" if config.get("qk_norm")]
        norms |= {at + name: d for name in names}
        found |= {f"{at}mlp.gated_layers.weight": (2 * ff, d)}
        found |= {f"{at}mlp.wo.weight": (d, ff), f"{at}mlp.wo.bias": (d,)}
    return found | {f"{name}.{k}": (n,) for name, n in norms.items() for k in ("weight", "bias")}


def rows_of(
    config: Mapping[str, Any], weights: Mapping[str, NDArray[np.float32]], ids: list[int]
) -> NDArray[np.float32]:
    """The rows of the last layer."""
    w = {name: values.astype(np.float64) for name, values in weights.items()}

    def linear(x: Rows, name: str) -> Rows:
        bias = w.get(f"{name}.bias")
        y: Rows = x @ w[f"{name}.weight"].T
        return y if bias is None else y + bias

    def norm(x: Rows, name: str) -> Rows:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + config["layer_norm_eps"])
        y: Rows = x * w[f"{name}.weight"] + w[f"{name}.bias"]
        return y

    n, heads = len(ids), config["num_attention_heads"]
    distance = np.abs(np.arange(n)[:, None] - np.arange(n)[None, :])
    types = w["embeddings.token_type_embeddings.weight"][0]
    x = norm(w["embeddings.word_embeddings.weight"][ids] + types, "embeddings.LayerNorm")
    for i in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{i}."
        q, k, v = (linear(x, f"{at}attention.self.{name}") for name in ("query", "key", "value"))
        if config.get("qk_norm"):
            q, k = (norm(y, f"{at}attention.self.layer_norm_{z}") for y, z in ((q, "q"), (k, "k")))
        q, k, v = (y.reshape(n, heads, -1) for y in (q, k, v))
        scores = np.einsum("qhd,khd->hqk", q, k) / math.sqrt(q.shape[2])
        slopes = 2.0 ** (-8.0 * np.arange(1, heads + 1) / heads)  # of a power of two
        scores = scores - slopes[:, None, None] * distance
        weight = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weight = weight / weight.sum(axis=-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", weight, v).reshape(n, -1)
        mixed = linear(mixed, f"{at}attention.output.dense")
        x = norm(x + mixed, f"{at}attention.output.LayerNorm")
        gate, up = np.split(linear(x, f"{at}mlp.gated_layers"), 2, axis=1)
        bent = np.vectorize(lambda z: 0.5 * z * (1 + math.erf(z / math.sqrt(2))))(gate)
        x = norm(x + linear(bent * up, f"{at}mlp.wo"), f"{at}mlp.layernorm")
    return x.astype(np.float32)
