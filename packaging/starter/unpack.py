"""The shipped file back to a model folder: `unpack.py FOLDER`, for one more round of polish.py.

Weights are those of the Q8_0 file, and so are its tokens: facts that changed are told with them.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from model import Shape
from safetensors.torch import save_file
from tokenizers import Tokenizer, models
from tokens import END, END_OF_TEXT, SPECIAL, tokenizer_config, untrained
from torch import Tensor

STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter" / "chaski-starter.gguf"
WHOLE = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
}
LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def tensors_of(reader: GGUFReader, shape: Shape) -> dict[str, Tensor]:
    """The tensors under Hugging Face's names, float32."""
    found = {}
    for each in reader.tensors:
        name, weight = each.name.removesuffix(".weight"), dequantize(each.data, each.tensor_type)
        if name.endswith((".attn_q", ".attn_k")):
            weight = _halves(weight, shape.n_head if name.endswith("q") else shape.n_head_kv)
        if name.startswith("blk."):
            _, number, part = name.split(".")
            name = f"model.layers.{number}.{LAYER[part]}"
        else:
            name = WHOLE[name]
        found[f"{name}.weight"] = torch.from_numpy(np.array(weight, np.float32))
    return found


def _halves(weight: np.ndarray, n_head: int) -> np.ndarray:
    """Of rotary positions: neighbours in a GGUF file are halves of a head at Hugging Face."""
    rows, columns = weight.shape
    pairs = weight.reshape(n_head, rows // n_head // 2, 2, columns)
    return pairs.swapaxes(1, 2).reshape(rows, columns)


def tokenizer_of(reader: GGUFReader) -> Tokenizer:
    """The file's own, put together as tokens.py does it."""
    tokens, merges = (_strings(reader, f"tokenizer.ggml.{name}") for name in ("tokens", "merges"))
    vocabulary = {token: at for at, token in enumerate(tokens)}
    pairs = [tuple(merge.split(" ")) for merge in merges]
    made = untrained(models.BPE(vocabulary, pairs))
    made.add_special_tokens(list(SPECIAL))
    return made


def _strings(reader: GGUFReader, key: str) -> list[str]:
    field = reader.fields[key]
    return [bytes(field.parts[at]).decode() for at in field.data]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model folder to write")
    parser.add_argument("--file", type=Path, default=STARTER)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    reader, shape = GGUFReader(args.file), Shape()
    tokenizer = tokenizer_of(reader)
    save_file(tensors_of(reader, shape), args.folder / "model.safetensors", {"format": "pt"})
    tokenizer.save(str(args.folder / "tokenizer.json"))
    config = shape.config() | {
        "eos_token_id": tokenizer.token_to_id(END),
        "pad_token_id": tokenizer.token_to_id(END_OF_TEXT),
    }
    for name, value in (("config", config), ("tokenizer_config", tokenizer_config())):
        text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        (args.folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
