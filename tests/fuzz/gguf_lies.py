"""GGUF files that are valid and lie: a description is bent, then written down as it stands.

The writer here is the fuzzer's own and checks nothing; the product's could not write a lie.
"""

import math
import struct
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from fuzz import evil
from helpers.tiny_models import write_tiny_llama
from helpers.vocabularies import bpe_metadata

from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_values import ValueType
from engine.weights.types import TensorType

U8, I8, U16, I16, U32, I32, F32, BOOL, STRING, ARRAY, U64, I64, F64 = range(13)
CODES = {U8: "B", I8: "b", U16: "H", I16: "h", U32: "I", I32: "i", F32: "f", U64: "Q", I64: "q"}
CODES |= {F64: "d", BOOL: "B"}
WIDTH = {code: struct.calcsize("<" + letter) for code, letter in CODES.items()}


@dataclass
class Key:
    """A metadata key as it will stand in the file. `count` lies about an array's length."""

    name: bytes
    type: int
    value: Any
    of: int = U32  # item type of an array
    count: int | None = None


@dataclass
class Tensor:
    name: bytes
    dims: list[int]
    type: int
    data: bytes
    offset: int | None = None  # where the file says it lies
    n_dims: int | None = None


@dataclass
class File:
    keys: list[Key]
    tensors: list[Tensor]
    version: int = 3
    big: bool = False
    alignment: int = 32
    n_keys: int | None = None
    n_tensors: int | None = None
    tail: bytes = b""
    magic: bytes = b"GGUF"
    extra: list[bytes] = field(default_factory=list)

    def key(self, ending: str) -> Key | None:
        return next((k for k in self.keys if k.name.endswith(ending.encode())), None)


def written(file: File) -> bytes:
    """The bytes of a description, truthful or not."""
    order = ">" if file.big else "<"

    def number(code: int, value: Any) -> bytes:
        if code == BOOL:
            return bytes([int(bool(value)) if not isinstance(value, int) else value % 256])
        if code in (F32, F64):
            return struct.pack(order + CODES[code], _as_float(value, code))
        whole = int(value) if isinstance(value, int | bool) else 0
        return (whole % 2 ** (8 * WIDTH[code])).to_bytes(
            WIDTH[code], "big" if file.big else "little"
        )

    def text(raw: bytes) -> bytes:
        return number(U64, len(raw)) + raw

    def item(code: int, value: Any, of: int, count: int | None) -> bytes:
        if code == STRING:
            return text(_as_bytes(value))
        if code == ARRAY:
            values = value if isinstance(value, list) else [value]
            body = b"".join(item(of, v, U8, None) for v in values)
            return number(U32, of) + number(U64, len(values) if count is None else count) + body
        return number(code, value) if code in CODES else b""

    out = bytearray(file.magic + number(U32, file.version))
    out += number(U64, len(file.tensors) if file.n_tensors is None else file.n_tensors)
    out += number(U64, len(file.keys) if file.n_keys is None else file.n_keys)
    for key in file.keys:
        out += text(key.name) + number(U32, key.type)
        out += item(key.type, key.value, key.of, key.count)
    at = 0
    for tensor in file.tensors:
        out += text(tensor.name)
        out += number(U32, len(tensor.dims) if tensor.n_dims is None else tensor.n_dims)
        out += b"".join(number(U64, d) for d in tensor.dims) + number(U32, tensor.type)
        out += number(U64, at if tensor.offset is None else tensor.offset)
        at += -(-len(tensor.data) // file.alignment) * file.alignment
    out += bytes(-len(out) % file.alignment)
    for tensor in file.tensors:
        out += tensor.data + bytes(-len(tensor.data) % file.alignment)
    return bytes(out) + file.tail


def _as_float(value: Any, code: int) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")
    return float(np.float32(number)) if code == F32 and abs(number) < 3.4e38 else _small(number)


def _small(number: float) -> float:
    return number if math.isnan(number) or math.isinf(number) else min(max(number, -3e38), 3e38)


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return str(value).encode("utf-8", "surrogatepass")


def described(path: Path) -> File:
    """A sound file as a description."""
    with open_gguf(path) as file:
        keys = [_key(name, file.value_types[name], v) for name, v in file.metadata.items()]
        tensors = [
            Tensor(i.name.encode(), list(reversed(i.shape)), int(i.type), file.raw(n).tobytes())
            for n, i in file.tensors.items()
        ]
        return File(keys, tensors)


def _key(name: str, kind: ValueType, value: Any) -> Key:
    if kind is not ValueType.ARRAY:
        return Key(name.encode(), int(kind), value)
    values = [v.item() if hasattr(v, "item") else v for v in value]
    return Key(name.encode(), ARRAY, values, _item_type(values))


def _item_type(values: list[Any]) -> int:
    first = values[0] if values else 0
    if isinstance(first, str | bytes):
        return STRING
    if isinstance(first, bool):
        return BOOL
    return F32 if isinstance(first, float) else I32


SMALL: dict[str, Any] = {"n_embd": 32, "n_head": 2, "n_head_kv": 1, "n_layer": 1, "n_ff": 32}
TEMPLATE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}\n{% endfor %}"


@lru_cache(maxsize=1)
def bases() -> tuple[File, ...]:
    """Sound files that the lies begin with: families, types, vocabularies."""
    found = []
    kinds = (TensorType.F32, TensorType.Q4_0, TensorType.Q8_0, TensorType.F16)
    with TemporaryDirectory() as folder:
        for no, family in enumerate(("llama", "qwen2", "qwen3", "gemma", "gemma2", "phi3")):
            path = Path(folder) / f"{family}.gguf"
            extra = {"tokenizer.chat_template": TEMPLATE, "general.name": "tiny"}
            write_tiny_llama(
                path, **SMALL, type=kinds[no % 4], architecture=family, n_ctx=64,
                biases=family == "qwen2", extra_metadata=extra,
            )  # fmt: skip
            found.append(described(path))
    found.append(_with_bpe(found[0]))
    return tuple(found)


def _with_bpe(file: File) -> File:
    """The first file with a byte-level vocabulary instead, embedding and output of its size."""
    file = deepcopy(file)
    file.keys = [k for k in file.keys if not k.name.startswith(b"tokenizer.ggml.")]
    metadata = bpe_metadata()
    rows = len(metadata["tokenizer.ggml.tokens"])
    for name, value in metadata.items():
        is_list = isinstance(value, list | tuple | np.ndarray)
        values = [v.item() if hasattr(v, "item") else v for v in value] if is_list else value
        kind = ARRAY if is_list else _item_type([value])
        file.keys.append(Key(name.encode(), kind, values, _item_type(values) if is_list else U32))
    for tensor in file.tensors:
        if tensor.name in (b"token_embd.weight", b"output.weight"):
            cols = tensor.dims[0]
            tensor.dims, tensor.type = [cols, rows], int(TensorType.F32)
            tensor.data = np.full((rows, cols), 0.25, np.float32).tobytes()
    return file


def lie(rng: Random) -> File:
    """One of the bases with one to five lies."""
    file = deepcopy(rng.choice(bases()))
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        rng.choice(LIES)(rng, file)
    return file


def _some(rng: Random, file: File) -> Key:
    """A key, rather one that the model's arithmetic or its vocabulary hangs on."""
    telling = [k for k in file.keys if k.name.count(b".") < 3 or b"tokenizer" in k.name]
    return rng.choice(telling if telling and rng.random() < 0.7 else file.keys or [_new(rng)])


def _new(rng: Random) -> Key:
    return Key(rng.choice(evil.TEXTS).encode("utf-8", "surrogatepass"), I32, evil.integer(rng))


def key_value(rng: Random, file: File) -> None:
    key = _some(rng, file)
    if key.type == ARRAY and key.value:
        key.value[rng.randrange(len(key.value))] = evil.scalar(rng)
    elif key.type == STRING:
        key.value = rng.choice((*evil.TEXTS, *evil.ODD_BYTES))
    elif key.type in (F32, F64):
        key.value = rng.choice((*evil.FLOATS, *evil.ODD_FLOATS))
    else:
        key.value = evil.integer(rng)


def key_type(rng: Random, file: File) -> None:
    """The same value as another type: a list where a word is expected, a word for a number."""
    key = _some(rng, file)
    kind = rng.randrange(13) if rng.random() < 0.95 else rng.choice((13, 99, 2**32 - 1))
    if key.type == ARRAY and kind != ARRAY:
        key.value = key.value[0] if key.value else 0
    if kind == ARRAY and key.type != ARRAY:
        key.of, key.value = key.type, [key.value] * rng.choice((0, 1, 2, 50))
    key.type = kind


def array_shape(rng: Random, file: File) -> None:
    lists = [k for k in file.keys if k.type == ARRAY]
    if not lists:
        return
    key = rng.choice(lists)
    match rng.randrange(6):
        case 0:
            key.value = []
        case 1:
            key.value = key.value[: rng.randrange(len(key.value) + 1)]
        case 2:
            key.value = key.value + key.value[:1] * rng.choice((1, 3, 300))
        case 3:
            key.of = rng.randrange(13)
        case 4:
            key.value = [key.value[:2]] * 2 if key.of != ARRAY else key.value
            key.of = ARRAY
        case _:
            key.count = evil.integer(rng)


def key_set(rng: Random, file: File) -> None:
    """Keys missing, doubled, renamed, invented; two keys that change their values."""
    key = _some(rng, file)
    match rng.randrange(5):
        case 0 if key in file.keys:
            file.keys.remove(key)
        case 1:
            file.keys.append(deepcopy(key))
        case 2:
            key.name = rng.choice((*evil.TEXTS, "llama." + "x" * 70000)).encode(
                "utf-8", "surrogatepass"
            )
        case 3:
            file.keys.append(_known_key(rng, file))
        case _:
            other = _some(rng, file)
            key.type, other.type = other.type, key.type
            key.value, other.value = other.value, key.value
            key.of, other.of = other.of, key.of


OPTIONAL = (
    *("rope.dimension_count", "rope.freq_base", "rope.scaling.type", "rope.scaling.factor"),
    *("rope.scaling.original_context_length", "attention.key_length", "attention.value_length"),
    *("attention.sliding_window", "expert_count", "expert_used_count", "vocab_size"),
    *(
        "attn_logit_softcapping",
        "final_logit_softcapping",
        "attention.scale",
        "use_parallel_residual",
    ),
    *("attention.clamp_kqv", "attention.causal", "rope.scaling.attn_factor", "logit_scale"),
)
VOCABULARY = (
    *("add_bos_token", "add_eos_token", "add_space_prefix", "pre", "precompiled_charsmap"),
    *("eot_token_id", "eom_token_id", "padding_token_id", "mask_token_id", "cls_token_id"),
    *("added_tokens", "merges", "remove_extra_whitespaces", "token_type_count", "model"),
)


def _known_key(rng: Random, file: File) -> Key:
    """A key that readers look for, with a value of any kind."""
    family = file.key("general.architecture")
    prefix = str(family.value) if family else "llama"
    name = rng.choice(OPTIONAL) if rng.random() < 0.6 else ""
    full = f"{prefix}.{name}" if name else f"tokenizer.ggml.{rng.choice(VOCABULARY)}"
    if rng.random() < 0.1:
        full = rng.choice(("tokenizer.chat_template", "general.file_type", "split.count",
                           "general.alignment", "tokenizer.chat_templates",
                           "general.sampling.temp", "general.sampling.top_k"))  # fmt: skip
    kind = rng.choice((U32, I32, F32, STRING, ARRAY, BOOL, U64, F64))
    value = {STRING: rng.choice(evil.TEXTS), F32: rng.choice(evil.FLOATS)}.get(kind)
    if kind == ARRAY:
        of = rng.choice((I32, F32, STRING))
        return Key(full.encode(), ARRAY, [evil.scalar(rng) for _ in range(rng.randrange(9))], of)
    return Key(full.encode(), kind, evil.integer(rng) if value is None else value)


def tensor_shape(rng: Random, file: File) -> None:
    if not file.tensors:
        return
    tensor = rng.choice(file.tensors)
    if not tensor.dims:  # by an earlier lie
        return
    match rng.randrange(8):
        case 0:
            tensor.dims.reverse()
        case 1:
            tensor.dims = [*tensor.dims, *[1] * rng.randrange(1, 4)]
        case 2:
            tensor.dims[rng.randrange(len(tensor.dims))] = evil.integer(rng) % 2**64
        case 3:
            tensor.n_dims = rng.choice((0, 1, 2, 3, 4, 5, 255, 2**32 - 1))
        case 4:
            tensor.dims = [math.prod(tensor.dims)]
        case 5:
            at = rng.randrange(len(tensor.dims))
            tensor.dims[at] = max(1, tensor.dims[at] + rng.choice((-32, -1, 1, 32)))
            _refill(tensor)
        case 6:
            tensor.dims, tensor.data = [0] * len(tensor.dims), b""
        case _:
            tensor.dims = []


def tensor_type(rng: Random, file: File) -> None:
    """Another type, with honest data for it or without."""
    if not file.tensors:
        return
    tensor = rng.choice(file.tensors)
    tensor.type = rng.choice([*map(int, TensorType), 4, 5, 99, 2**31])
    if rng.random() < 0.7:
        _refill(tensor)


def _refill(tensor: Tensor) -> None:
    """As many bytes as the dimensions and the type ask for, if that is a moderate number."""
    try:
        rows = math.prod(tensor.dims[1:])
        size = TensorType(tensor.type).row_bytes(tensor.dims[0]) * rows
    except Exception:
        return
    if 0 <= size < 1 << 22:
        pattern = tensor.data[:997] or b"\x11"
        tensor.data = (pattern * (size // len(pattern) + 1))[:size]


def tensor_values(rng: Random, file: File) -> None:
    """Weights that are zero, NaN, infinite, denormal or the largest there are."""
    if not file.tensors:
        return
    tensor = rng.choice(file.tensors)
    fill = rng.choice((b"\0", b"\xff", b"\x7f", b"\x80", bytes([0, 0, 0xC0, 0x7F]), b"\x00\x7c"))
    size = len(tensor.data)
    if rng.random() < 0.5:
        tensor.data = (fill * size)[:size]
    elif size:
        at = rng.randrange(size)
        tensor.data = (tensor.data[:at] + fill * 8 + tensor.data[at + 8 * len(fill) :])[:size]


def tensor_set(rng: Random, file: File) -> None:
    if not file.tensors:
        return
    tensor = rng.choice(file.tensors)
    match rng.randrange(6):
        case 0:
            file.tensors.remove(tensor)
        case 1:
            file.tensors.append(deepcopy(tensor))
        case 2:
            tensor.name = rng.choice(evil.TEXTS).encode("utf-8", "surrogatepass")
        case 3:
            tensor.name = rng.choice(evil.ODD_BYTES)
        case 4:
            rng.shuffle(file.tensors)
        case _:
            other = rng.choice(file.tensors)
            tensor.name, other.name = other.name, tensor.name


def tensor_place(rng: Random, file: File) -> None:
    if file.tensors:
        tensor = rng.choice(file.tensors)
        tensor.offset = rng.choice((0, 32, 31, 64, evil.integer(rng) % 2**64, 2**64 - 32))


def header(rng: Random, file: File) -> None:
    match rng.randrange(6):
        case 0:
            file.version = rng.choice((0, 1, 2, 4, 99, 2**31, 2**24 * 3))
        case 1:
            file.n_keys = evil.integer(rng) % 2**64
        case 2:
            file.n_tensors = evil.integer(rng) % 2**64
        case 3:
            file.alignment = rng.choice((1, 8, 64, 4096))
            stated = rng.choice((file.alignment, 0, 3, -32, 2**31, 2**63))
            file.keys.append(Key(b"general.alignment", rng.choice((U32, I32, U64)), stated))
        case 4:
            file.big = True
        case _:
            file.tail = rng.randbytes(rng.choice((1, 31, 1000)))


LIES: tuple[Callable[[Random, File], None], ...] = (
    *(key_value, key_value, key_value, key_type, array_shape, key_set, key_set),
    *(tensor_shape, tensor_shape, tensor_type, tensor_values, tensor_set, tensor_place, header),
)


def case(rng: Random) -> bytes:
    """The bytes of one lying file, a few of them damaged besides."""
    data = written(lie(rng))
    return evil.mutate_bytes(rng, data, 4000) if rng.random() < 0.1 else data


def honest_or_lying(rng: Random) -> bytes:
    """For opening and running: mostly lies that a reader may believe (values, not structure)."""
    file = deepcopy(rng.choice(bases()))
    mild = (key_value, key_value, key_set, tensor_values, tensor_type, tensor_shape, array_shape)
    for _ in range(rng.choice((0, 1, 1, 2))):
        rng.choice(mild)(rng, file)
    return written(file)
