"""RWKV's own files made of folders of transformers' kind: the same weights under RWKV's names, and
a vocabulary as it lies beside them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from helpers.tiny_checkpoints import weights_of
from helpers.torch_files import write_torch
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.float32]]
WORDS = {
    "rwkv6": (
        *((r"^rwkv\.", ""), (r"^embeddings\.", "emb."), (r"\.pre_ln\.", ".ln0.")),
        *((r"\.attention\.", ".att."), (r"\.feed_forward\.", ".ffn.")),
    ),
    "rwkv7": (
        *((r"^model\.", ""), (r"^layers\.", "blocks."), (r"^embeddings\.", "emb.")),
        *((r"^norm\.", "ln_out."), (r"^lm_head\.", "head."), (r"\.pre_norm\.", ".ln0.")),
        *((r"\.attn_norm\.", ".ln1."), (r"\.ffn_norm\.", ".ln2."), (r"\.attn\.", ".att.")),
        *((r"\.g_norm\.", ".ln_x."), (r"\.r_proj\.", ".receptance."), (r"\.k_proj\.", ".key.")),
        *((r"\.v_proj\.", ".value."), (r"\.o_proj\.", ".output.")),
        *((r"_lora\.lora\.0\.weight", "1"), (r"_lora\.lora\.2\.weight", "2")),
        (r"_lora\.lora\.2\.bias", "0"),
    ),
}


def own_names(kind: str, arrays: Arrays) -> dict[str, NDArray[np.float32]]:
    """The weights as RWKV's own files have them."""
    found = {}
    for name, values in arrays.items():
        turned = "_lora." in name and values.ndim == 2
        for old, new in WORDS[kind]:
            name = re.sub(old, new, name)
        values = values.T if turned else values
        found[name] = values.reshape(1, 1, -1) if kind == "rwkv7" and _is_row(name) else values
    return found


def _is_row(name: str) -> bool:
    return re.search(r"\.(x_\w|[wav]0|k_k|k_a)$", name) is not None


def write_own(path: Path, name: str, **more: NDArray[np.float32]) -> Path:
    """One of the families' RWKV checkpoints as RWKV saves it; `more`: further tensors, __ for a
    dot."""
    own = own_names(name.partition("_")[0], weights_of(name))
    own |= {key.replace("__", "."): values for key, values in more.items()}
    return write_torch(path, {key: np.ascontiguousarray(values) for key, values in own.items()})


def write_world(folder: Path, n: int = 290) -> Path:
    """A small vocabulary of RWKV World's kind: bytes, a pause, some words."""
    words: list[Any] = [*(bytes([byte]) for byte in range(256)), "\n\n", " the", "世界"]
    words += [f"w{i}" for i in range(len(words), n)]
    sizes = [len(each.encode() if isinstance(each, str) else each) for each in words]
    lines = (f"{i} {each!r} {sizes[i - 1]}" for i, each in enumerate(words, 1))
    path = folder / "rwkv_vocab_v20230424.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
