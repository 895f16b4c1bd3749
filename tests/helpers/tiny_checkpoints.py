"""Tiny random models as Hugging Face stores them: config.json, weights, tokenizer.json.

Each family's row is tests/families/NAME.json. Weights come from NumPy's legacy generator, whose
stream never changes, so that logits made once by transformers (families/make_golden.py) stay true.
"""

import functools
import json
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.float32]]
N_VOCAB = 300
IDS = [3, 17, 42, 5, 299, 8, 8, 120, 64, 33, 7, 256]
TEXT = [*IDS, *(3 + i * i * 37 % 290 for i in range(40))]  # what all families are compared over

FAMILIES = Path(__file__).parents[1] / "families"
# Weights are centre + spread * noise, by the first expression that fits a name; a family's own come
# first. The others, matrices, spread so that what comes out is of the size of what went in.
VALUES = {
    r"(norm|\.ln_).*\.bias$": (0.0, 0.2),
    r"norm|\.ln_": (1.0, 0.2),
    r"\.bias$": (0.0, 0.2),
    r"embed|wte|wpe": (0.0, 1.0),
}


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


# What families/NAME.json says, by architecture.
ROWS = {path.stem: _read(path) for path in sorted(FAMILIES.glob("*.json"))}
FAMILY_OF = {name: family for family, row in ROWS.items() for name in row["checkpoints"]}


def _config(text: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """One checkpoint's config.json; `whole`: that of a model of several senses, which holds it;
    `apart`: it has another kind's fields, none of the row's."""
    whole, text = own.get("whole"), own if own.get("apart") else text | own
    text = {key: value for key, value in text.items() if key != "apart"}
    if whole is None:
        return text
    inner = {key: value for key, value in text.items() if key not in ("whole", "architectures")}
    found: dict[str, Any] = whole | {"text_config": inner}
    return found


CONFIGS: dict[str, dict[str, Any]] = {
    name: _config(row["config"], own)
    for row in ROWS.values()
    for name, own in row["checkpoints"].items()
}


def text_config(name: str) -> dict[str, Any]:
    """The text model's part of one of CONFIGS, which mostly is all of it."""
    found: dict[str, Any] = CONFIGS[name].get("text_config", CONFIGS[name])
    return found


# Keys that make another kind of checkpoint of a type.
KEYS = {"gemma3_text": "use_bidirectional_attention", "bert": "feed_forward_type"}


def kind_of(config: Mapping[str, Any]) -> str:
    """Which kind of checkpoint it is: its type, with the key that makes it another one."""
    config = config.get("text_config", config)
    kind = str(config["model_type"])
    key = KEYS.get(kind)
    return f"{kind}:{key}" if key and config.get(key) else kind


@functools.cache
def recorded(family: str) -> dict[str, Any]:
    """families/golden/NAME.json: `shapes` by checkpoint and `fields` by model type, as
    transformers has them."""
    return _read(FAMILIES / "golden" / f"{family}.json")


def shapes_of(name: str) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor that transformers saves for one of CONFIGS."""
    shapes = recorded(FAMILY_OF[name])["shapes"][name]
    return {tensor: tuple(shape) for tensor, shape in shapes.items()}


def golden_logits(name: str) -> NDArray[np.float32]:
    """What transformers computed for TEXT with one of CONFIGS: rows as `kept` leaves them."""
    found: NDArray[np.float32] = np.load(FAMILIES / "golden" / f"{FAMILY_OF[name]}.npz")[name]
    return found


def kept(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every third column of wide rows: all come from the same row within, and files stay small."""
    return rows[:, ::3] if rows.ndim == 2 and rows.shape[1] > 100 else rows


def weights_of(name: str, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Arrays:
    """The weights of one of CONFIGS; the same for ever."""
    random = np.random.RandomState(zlib.crc32(name.encode()))
    ways = ROWS[FAMILY_OF[name]].get("values", {}) | VALUES
    out: Arrays = {}
    for tensor, shape in (shapes or shapes_of(name)).items():
        noise = np.asarray(random.standard_normal(shape))
        way = next((way for name, way in ways.items() if re.search(name, tensor)), None)
        values = (
            way[0] + way[1] * noise if way else 1.5 * noise / np.sqrt(shape[-1] if shape else 1)
        )
        out[tensor] = np.asarray(values, np.float32)
    return out


def write_safetensors(path: Path, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """A .safetensors file of the types that the arrays have; uint16 stands for bfloat16."""
    kinds = {"float32": "F32", "float16": "F16", "uint16": "BF16", "float64": "F64"}
    kinds |= {"int8": "I8", "int32": "I32", "int64": "I64", "uint8": "U8"}
    table: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, values in arrays.items():
        span = [at, at + values.nbytes]
        table[name] = {
            "dtype": kinds[values.dtype.name],
            "shape": list(values.shape),
            "data_offsets": span,
        }
        at += values.nbytes
    head = json.dumps(table).encode()
    head += b" " * (-len(head) % 8)
    data = b"".join(np.ascontiguousarray(values).tobytes() for values in arrays.values())
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)
    return path


def write_tokenizer(folder: Path, n_vocab: int = N_VOCAB) -> None:
    """A byte-level BPE of GPT-2's kind: two special tokens, the bytes, some merges."""
    from engine.text.tokenizer_bpe import printable_bytes

    letters = printable_bytes()
    tokens = ["<s>", "</s>", *(letters[byte] for byte in range(256))]
    merges: list[list[str]] = []
    for word in ("the", "and", "was", "little", "girl", "there", "upon", "time", "once"):
        for size in range(2, len(word) + 1):
            if word[:size] not in tokens and len(tokens) < n_vocab:
                tokens.append(word[:size])
                merges.append([word[: size - 1], word[size - 1]])
    tokenizer = {
        "added_tokens": [
            {"id": i, "content": text, "special": True} for i, text in enumerate(tokens[:2])
        ],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        "model": {
            "type": "BPE",
            "vocab": {text: i for i, text in enumerate(tokens)},
            "merges": merges,
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    settings = {"bos_token": "<s>", "eos_token": {"content": "</s>"}, "chat_template": "{{ 'hi' }}"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def write_folder(folder: Path, name: str, **changes: Any) -> Path:
    """One of CONFIGS as a folder with safetensors; `changes` replace keys of config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    config = CONFIGS[name] | changes
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    write_safetensors(folder / "model.safetensors", weights_of(name))
    write_tokenizer(folder)
    return folder
