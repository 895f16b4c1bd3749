"""Runs in the peer's Python: llama.cpp's greedy tokens and their logits for GGUF files.

    python llama_greedy.py OUT.npz N PROMPT... < one GGUF file per line

Cache in float32, no flash attention, one thread. OUT.npz: for the i-th file and p-th prompt
`i/p/prompt` int64 [m], `i/p/ids` int64 [<= N] and `i/p/logits` float32 [<= N, n_vocab]; files that
llama.cpp does not load have `i/error` instead.
"""

import sys

import llama_cpp
import numpy as np


def greedy(model, prompt: str, count: int):
    ids = model.tokenize(prompt.encode(), add_bos=True, special=False)
    model.reset()
    model.eval(ids)
    made, rows = [], []
    for _ in range(count):
        row = np.array(model.scores[model.n_tokens - 1], np.float32)
        rows.append(row)
        made.append(int(row.argmax()))
        if made[-1] == model.token_eos():
            break
        model.eval(made[-1:])
    return ids, made, rows


def main() -> None:
    out, count, prompts = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    found = {}
    for i, path in enumerate(sys.stdin.read().splitlines()):
        try:
            model = llama_cpp.Llama(
                path, n_ctx=256, n_threads=1, n_threads_batch=1, type_k=0, type_v=0,
                flash_attn=False, logits_all=True, verbose=False,
            )  # fmt: skip
        except ValueError as error:
            found[f"{i}/error"] = np.array(str(error))
            continue
        for p, prompt in enumerate(prompts):
            ids, made, rows = greedy(model, prompt, count)
            found[f"{i}/{p}/prompt"] = np.array(ids)
            found[f"{i}/{p}/ids"] = np.array(made)
            found[f"{i}/{p}/logits"] = np.array(rows)
        model.close()
    np.savez(out, **found)


if __name__ == "__main__":
    main()
