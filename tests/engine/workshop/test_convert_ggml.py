"""Llama files of 2023, written here as those programs wrote them, come out as today's GGUF."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.open_tiny import drive
from numpy.typing import NDArray

from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.ggml_old import open_ggml
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.quants import dequantize
from engine.weights.types import TensorType
from engine.workshop.convert import convert

EMBD, HEADS, LAYERS, FF, VOCAB = 64, 4, 2, 96, 270
Array = NDArray[Any]


def shapes() -> dict[str, tuple[int, ...]]:
    out: dict[str, tuple[int, ...]] = {"tok_embeddings.weight": (VOCAB, EMBD)}
    out |= {"norm.weight": (EMBD,), "output.weight": (VOCAB, EMBD)}
    for i in range(LAYERS):
        layer = f"layers.{i}."
        out |= {f"{layer}attention.w{x}.weight": (EMBD, EMBD) for x in "qkvo"}
        out |= {f"{layer}feed_forward.w{x}.weight": (FF, EMBD) for x in "13"}
        out[f"{layer}feed_forward.w2.weight"] = (EMBD, FF)
        out |= {f"{layer}{x}_norm.weight": (EMBD,) for x in ("attention", "ffn")}
    return out


def weights() -> dict[str, Array]:
    random = np.random.RandomState(7)
    return {name: random.standard_normal(s).astype(np.float32) for name, s in shapes().items()}


def nibbles(q: Array, paired: bool) -> Array:
    """[blocks, 32] numbers below 16 as bytes: (0, 1), (2, 3) … or (0, 16), (1, 17) …"""
    first, second = (q[:, 0::2], q[:, 1::2]) if paired else (q[:, :16], q[:, 16:])
    return (first | second << 4).astype(np.uint8)


def encoded(x: Array, number: int, era: int, planar: bool) -> tuple[bytes, Array]:
    """The bytes of a matrix in an old layout, and the values they stand for."""
    wide = era < 3
    scale_type = "<f4" if wide else "<f2"
    blocks = x.reshape(-1, 32)
    if number == 8:
        d = (np.abs(blocks).max(1) / 127).astype(scale_type).astype(np.float32)
        q = np.round(blocks / d[:, None]).astype(np.int8)
        parts = [d.astype(scale_type).view(np.uint8).reshape(len(d), -1), q.view(np.uint8)]
        return np.concatenate(parts, 1).tobytes(), (q * d[:, None]).reshape(x.shape)
    bits = 5 if number in (6, 7) else 4
    if bits == 5:
        scale_type = "<f2"
    low = blocks.min(1) if number in (3, 7) else np.zeros(len(blocks), np.float32)
    span = blocks.max(1) - low if number in (3, 7) else 2 * np.abs(blocks).max(1)
    d = (span / (2**bits - 1)).astype(scale_type).astype(np.float32)
    m = low.astype(scale_type).astype(np.float32)
    zero = 0 if number in (3, 7) else 2 ** (bits - 1)
    q = np.clip(np.round((blocks - m[:, None]) / d[:, None]) + zero, 0, 2**bits - 1)
    q = q.astype(np.uint8)
    values = ((q.astype(np.float32) - zero) * d[:, None] + m[:, None]).reshape(x.shape)
    scales = [s.astype(scale_type).view(np.uint8).reshape(len(d), -1) for s in (d, m)]
    heads = scales if number in (3, 7) else scales[:1]
    body = nibbles(q & 15, era < 2)
    if bits == 5:
        body = np.concatenate([np.packbits(q >> 4, axis=1, bitorder="little"), body], 1)
    if not planar:
        return np.concatenate([*heads, body], 1).tobytes(), values
    per_row = x.shape[1] // 32
    rows = [part.reshape(len(x), -1) for part in (*heads, body)]
    assert rows[0].shape[1] == per_row * 4
    return np.concatenate(rows, 1).tobytes(), values


def header(form: str, version: int) -> bytes:
    magic = {"ggml": 0x67676D6C, "ggmf": 0x67676D66, "ggjt": 0x67676A74}[form]
    out = struct.pack("<I", magic) + (struct.pack("<I", version) if form != "ggml" else b"")
    out += struct.pack("<7i", VOCAB, EMBD, 256, HEADS, LAYERS, EMBD // HEADS, 2)
    for token in range(VOCAB):
        text = b" t%d" % token
        out += struct.pack("<I", len(text)) + text
        out += struct.pack("<f", -token) if form != "ggml" else b""
    return out


def written(
    form: str, version: int, number: int, part: dict[str, Array], planar: bool = False
) -> tuple[bytes, dict[str, Array]]:
    """A whole file, and what its tensors stand for."""
    out, meant = header(form, version), {}
    era = version if form == "ggjt" else 1
    for name, x in part.items():
        kind = 0 if x.ndim == 1 else number
        out += struct.pack("<3i", x.ndim, len(name), kind)
        out += struct.pack(f"<{x.ndim}i", *reversed(x.shape)) + name.encode()
        if form == "ggjt":
            out += bytes(-len(out) % 32)
        if kind < 2:
            values = x.astype("<f2" if kind else "<f4")
            raw, meant[name] = values.tobytes(), values.astype(np.float32)
        else:
            raw, meant[name] = encoded(x, kind, era, planar)
        out += raw
    return out, meant


def decoded(file: GGUFFile, name: str) -> Array:
    info = file.tensors[name]
    return dequantize(info.type, file.raw(name), info.shape[-1]).reshape(info.shape)


def check(path: Path, out: Path, meant: dict[str, Array], kind: str) -> None:
    drive(convert(path, out))
    file = open_gguf(out)
    assert file.tensors["blk.0.attn_q.weight"].type is TensorType[kind]
    for name, source in (
        ("token_embd", "tok_embeddings"),
        ("blk.1.attn_k", "layers.1.attention.wk"),
        ("blk.0.ffn_down", "layers.0.feed_forward.w2"),
        ("output_norm", "norm"),
    ):
        # Scales of 32 bits are kept in 16: one part in two thousand.
        np.testing.assert_allclose(
            decoded(file, f"{name}.weight"), meant[f"{source}.weight"], rtol=2e-3, atol=2e-3
        )
    assert file.metadata["tokenizer.ggml.tokens"][265] == "\u2581t265"
    assert file.metadata["llama.feed_forward_length"] == FF


@pytest.mark.parametrize(("form", "version"), [("ggml", 0), ("ggmf", 1), ("ggjt", 1)])
@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_the_first_files(form: str, version: int, number: int, tmp_path: Path) -> None:
    raw, meant = written(form, version, number, weights())
    (tmp_path / "old.bin").write_bytes(raw)
    kind = ["F32", "F16", "Q4_0", "Q4_1"][number]
    check(tmp_path / "old.bin", tmp_path / "new.gguf", meant, kind)


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize(("number", "kind"), [(6, "Q5_0"), (7, "Q5_1"), (8, "Q8_0"), (2, "Q4_0")])
def test_the_layouts_of_each_version(version: int, number: int, kind: str, tmp_path: Path) -> None:
    raw, meant = written("ggjt", version, number, weights())
    (tmp_path / "old.bin").write_bytes(raw)
    check(tmp_path / "old.bin", tmp_path / "new.gguf", meant, kind)


@pytest.mark.parametrize("number", [2, 3])
def test_scales_before_nibbles_are_recognized(number: int, tmp_path: Path) -> None:
    """alpaca.cpp's files: the same mark, all scales of a row first."""
    raw, meant = written("ggml", 0, number, weights(), planar=True)
    (tmp_path / "old.bin").write_bytes(raw)
    check(tmp_path / "old.bin", tmp_path / "new.gguf", meant, ["Q4_0", "Q4_1"][number - 2])


def test_a_model_in_parts_is_put_together(tmp_path: Path) -> None:
    halves: list[dict[str, Array]] = [{}, {}]
    for name, x in weights().items():
        beside = name.startswith("tok_emb") or name.endswith(("wo.weight", "w2.weight"))
        pieces = [x, x] if x.ndim == 1 else np.split(x, 2, axis=1 if beside else 0)
        for half, piece in zip(halves, pieces, strict=True):
            half[name] = piece
    whole, meant = written("ggmf", 1, 1, weights())
    for i, half in enumerate(halves):
        name = "old.bin" + (f".{i}" if i else "")
        (tmp_path / name).write_bytes(written("ggmf", 1, 1, half)[0])
    check(tmp_path / "old.bin", tmp_path / "new.gguf", meant, "F16")


def test_other_models_with_the_same_mark_are_refused(tmp_path: Path) -> None:
    (tmp_path / "gptj.bin").write_bytes(
        struct.pack("<8i", 0x67676D6C, 50400, 2048, 4096, 16, 28, 64, 2)
    )
    with pytest.raises(UnsupportedError, match="not of a llama"):
        drive(convert(tmp_path / "gptj.bin", tmp_path / "new.gguf"))


def test_a_file_cut_short_says_so(tmp_path: Path) -> None:
    raw, _ = written("ggjt", 3, 2, weights())
    for size in (20, 500, len(raw) - 10):
        (tmp_path / "old.bin").write_bytes(raw[:size])
        with pytest.raises(FormatError, match=r"old\.bin is cut short"):
            drive(convert(tmp_path / "old.bin", tmp_path / "new.gguf"))


def test_a_width_of_nothing_is_refused(tmp_path: Path) -> None:
    """Its heads would have no columns, and everything is counted in heads."""
    path = tmp_path / "m.bin"
    path.write_bytes(struct.pack("<2I7i", 0x67676A74, 3, 0, 0, 256, 4, 1, 0, 0))
    with pytest.raises(UnsupportedError, match="not of a llama"):
        open_ggml(path)
