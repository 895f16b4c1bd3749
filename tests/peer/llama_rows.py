"""Runs in the peer's Python: what llama.cpp makes of the tokens in one GGUF file.

    python llama_rows.py MODEL.gguf OUT.npz KIND ID ID ...

KIND: `logits`, `rows` (of an encoder's last layer) or `score`. Cache in float32, no flash
attention, one thread, every output whole. OUT.npz: `rows` float32 [n_tokens, width], of a score
[1, classes], and `version`; or `error`, where the file does not open (standard error says why).
"""

import sys
from typing import Any

import llama_cpp
import numpy as np

SHARED = {"n_ctx": 64, "n_batch": 64, "n_ubatch": 64, "n_threads": 1, "n_threads_batch": 1}
PLAIN = {"type_k": 0, "type_v": 0, "flash_attn": False, "verbose": True}


def logits_of(path: str, ids: list[int]) -> Any:
    model = llama_cpp.Llama(path, logits_all=True, **SHARED, **PLAIN)
    model.eval(ids)
    return np.array(model.scores[: len(ids)], np.float32)


def embedded(path: str, ids: list[int], scores: bool) -> Any:
    """Rows of the last layer; of a model with a head that scores what this gives."""
    none, rank = llama_cpp.LLAMA_POOLING_TYPE_NONE, llama_cpp.LLAMA_POOLING_TYPE_RANK
    pooling = rank if scores else none
    model = llama_cpp.Llama(path, embedding=True, pooling_type=pooling, **SHARED, **PLAIN)
    model._batch.reset()
    model._batch.add_sequence(ids, 0, True)
    model._ctx.decode(model._batch)
    if scores:
        width = max(1, llama_cpp.llama_model_n_cls_out(model.model))
        found = llama_cpp.llama_get_embeddings_seq(model.ctx, 0)
        return np.array([found[:width]], np.float32)
    width = model.n_embd()
    found = llama_cpp.llama_get_embeddings(model.ctx)
    return np.array(found[: width * len(ids)], np.float32).reshape(len(ids), width)


def main() -> None:
    path, out, kind, *ids = sys.argv[1:]
    tokens = [int(one) for one in ids]
    try:
        rows = logits_of(path, tokens) if kind == "logits" else None
        rows = embedded(path, tokens, kind == "score") if rows is None else rows
        found = {"rows": rows}
    except ValueError as error:  # what the binding raises for a file that does not open
        found = {"error": np.array(str(error))}
    np.savez(out, version=np.array(llama_cpp.__version__), **found)


if __name__ == "__main__":
    main()
