"""Quantizing tensors that hold more than one matrix, and what stands beside them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.expert_models import write_tiny_experts
from helpers.open_tiny import REFERENCE, drive
from numpy.typing import NDArray

from engine.base.errors import UsageError
from engine.compute.backends import BatchEntry
from engine.model import open_model
from engine.weights.formats.gguf import TensorInfo, open_gguf
from engine.weights.formats.lazy import LazyTensor
from engine.weights.quants import quantize
from engine.weights.types import TensorType
from engine.workshop.convert.target import target_kinds
from engine.workshop.mixes import ModelFacts, Wishes, parse_patterns, plan_types
from engine.workshop.quantize import quantize_model
from engine.workshop.quantize_plan import QuantizeOptions

UP, ROUTER = "blk.0.ffn_up_exps.weight", "blk.0.ffn_gate_inp.weight"
DOWN = "blk.1.ffn_down_exps.weight"  # of the last layer, which gets more bits
IDS = np.arange(5, 45, dtype=np.int32)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    # All experts are used: rounding cannot send a token to others.
    return write_tiny_experts(tmp_path / "f32.gguf", n_embd=256, n_ff=256, used=4)


def logits(path: Path, backend: str) -> NDArray[np.float32]:
    options = replace(REFERENCE, backend=backend, n_ctx=64, batch=64)
    model = drive(open_model(path, options, "tiny"))
    rows: NDArray[np.float32] = model.backend.run(
        [BatchEntry(model.backend.new_sequence(), IDS, "all")]
    ).copy()
    model.close()
    return rows


def made(source: Path, out: Path, target: str, **options: object) -> dict[str, str]:
    types: dict[str, str] = drive(
        quantize_model(source, out, QuantizeOptions(target=target, **options))  # type: ignore[arg-type]
    ).types
    return types


@pytest.mark.parametrize(
    ("target", "up", "down", "apart"),
    [
        ("Q8_0", "Q8_0", "Q8_0", 0.02),
        ("Q4_K_M", "Q4_K", "Q6_K", 0.15),
        ("MXFP4_MOE", "MXFP4", "MXFP4", 0.3),
    ],
)
def test_each_expert_is_quantized_as_a_matrix_alone(
    source: Path, tmp_path: Path, target: str, up: str, down: str, apart: float
) -> None:
    out = tmp_path / "q.gguf"
    types = made(source, out, target)
    assert (types[UP], types[DOWN], types[ROUTER]) == (up, down, "F32")
    with open_gguf(source) as old, open_gguf(out) as new:
        x = old.raw(UP).view("<f4").reshape(4, 256, 256)
        rows = new.raw(UP).reshape(4, 256, -1)
        for expert in range(4):
            alone = quantize(TensorType[up], x[expert])
            assert np.mean(rows[expert] == alone.reshape(256, -1)) > 0.95  # see test_quantize.py
        assert np.array_equal(new.raw(ROUTER), old.raw(ROUTER))
    exact = logits(source, "reference")
    for backend in ("reference", "cpu"):
        off = logits(out, backend) - exact
        assert np.sqrt(np.mean(off**2)) < apart * exact.std(), backend


def test_published_blocks_stay_where_others_would_be_larger(source: Path, tmp_path: Path) -> None:
    """What a model was published in has no better original; copied, it loses nothing."""
    native = tmp_path / "mxfp4.gguf"
    wishes = Wishes(by_pattern=parse_patterns(["_exps=MXFP4"]))
    made(source, native, "F16", wishes=wishes)
    for target in ("Q4_K_M", "Q8_0"):
        out = tmp_path / f"{target}.gguf"
        types = made(native, out, target)
        assert types[UP] == types[DOWN] == "MXFP4"
        assert types["blk.0.attn_q.weight"] == target[:4]
        with open_gguf(native) as old, open_gguf(out) as new:
            assert np.array_equal(old.raw(UP), new.raw(UP))
    for target, asked in (("Q3_K_M", Wishes()), ("Q8_0", Wishes(pure=True)), ("F16", Wishes())):
        with pytest.raises(UsageError, match="is already MXFP4"):
            made(native, tmp_path / "no.gguf", target, wishes=asked)
    made(native, tmp_path / "f16.gguf", "F16", allow_requantize=True)


# Matrices of heads are as any other; convolutions, routers and what is small stay.
SHAPES = {
    "token_embd.weight": (320, 256),
    "per_layer_token_embd.weight": (320, 512),
    "output.weight": (320, 256),
    "blk.0.attn_k_b.weight": (4, 512, 128),
    "blk.0.attn_v_b.weight": (4, 128, 512),
    "blk.0.attn_kv_a_mqa.weight": (576, 256),
    "blk.0.ffn_gate_inp_shexp.weight": (1, 256),
    "blk.0.ffn_down_exps.bias": (8, 256),
    "blk.0.ssm_conv1d.weight": (512, 4),
    "blk.0.ssm_a": (512, 16),
    "blk.0.shortconv.conv.weight": (256, 3),
    "blk.0.attn_sinks.weight": (8,),
    "altup_proj.weight": (3, 256, 256),
}


def test_other_shapes_are_quantized_or_stay_as_llama_cpp_has_it() -> None:
    tensors = {
        name: TensorInfo(name, shape, TensorType.F32, 0, 0) for name, shape in SHAPES.items()
    }
    found = plan_types(tensors, ModelFacts("deepseek2", 9, 64, False, False), "Q4_K_M")
    kinds = {name: kind.name for name, kind in found.items() if kind is not TensorType.F32}
    assert kinds == {
        "token_embd.weight": "Q4_K",
        "per_layer_token_embd.weight": "Q4_K",
        "output.weight": "Q6_K",
        "blk.0.attn_k_b.weight": "Q5_0",  # rows of half a block
        "blk.0.attn_v_b.weight": "Q4_K",
        "blk.0.attn_kv_a_mqa.weight": "Q4_K",
    }


def lazy(shape: tuple[int, ...], kind: TensorType = TensorType.BF16) -> LazyTensor:
    def read(start: int, stop: int) -> NDArray[np.uint8]:
        raise AssertionError("nothing is read for it")

    return LazyTensor(shape, kind, read)


def test_converting_keeps_routers_exact_and_published_blocks() -> None:
    tensors = {name: lazy(shape) for name, shape in SHAPES.items()}
    tensors[ROUTER], tensors[UP] = lazy((8, 256)), lazy((8, 64, 256), TensorType.MXFP4)
    for out_type, up in (("auto", "MXFP4"), ("q8_0", "MXFP4"), ("f16", "F16")):
        kinds = {name: kind.name for name, kind in target_kinds(tensors, out_type).items()}
        assert kinds[UP] == up
        exact = {name for name, kind in kinds.items() if kind == "F32"}
        assert exact == {
            ROUTER,
            "blk.0.ffn_gate_inp_shexp.weight",
            "blk.0.ffn_down_exps.bias",
            "blk.0.ssm_conv1d.weight",
            "blk.0.ssm_a",
            "blk.0.shortconv.conv.weight",
            "blk.0.attn_sinks.weight",
        }, out_type
