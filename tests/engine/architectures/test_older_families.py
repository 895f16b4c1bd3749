"""Files of the older families that say too little, or what no graph here has: one sentence each."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import CONFIGS, weights_of, write_folder, write_safetensors

from engine.architectures import build_graph
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Attention, Clamp, EmbedPosition, Graph
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType
from engine.workshop.convert import convert


def graph_of(folder: Path, name: str, without: str = "", **extra: Any) -> Graph:
    """One of CONFIGS as a file without a key, or with further tensors (by their names with __)."""
    path = folder / "m.gguf"
    drive(convert(write_folder(folder / "hf", name), path))
    shapes = {key.replace("__", "."): shape for key, shape in extra.items()}
    with open_gguf(path) as file, GGUFWriter(folder / "n.gguf") as writer:
        for key, value in file.metadata.items():
            if key != without and not key.startswith("tokenizer."):
                writer.set(key, value)
        tensors = {key: info.shape for key, info in file.tensors.items()} | shapes
        for key, shape in tensors.items():
            writer.declare(key, shape, TensorType.F32)
        for key, shape in tensors.items():
            writer.write(key, np.ones(shape, np.float32))
    with open_gguf(folder / "n.gguf") as file:
        return build_graph(file)[1]


def test_baichuan_goes_by_its_key_or_by_the_layers_of_known_models(tmp_path: Path) -> None:
    for name, most in (("baichuan", 0.0), ("baichuan_distances", 8.0)):
        found = graph_of(tmp_path / name, name)
        assert {op.alibi for op in found.ops if isinstance(op, Attention)} == {most}
    with pytest.raises(UnsupportedError, match=r"baichuan\.block_count is 2; known are 32"):
        graph_of(tmp_path, "baichuan", without="baichuan.attention.max_alibi_bias")


def test_bitnet_does_not_leave_scales_aside(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match=r"blk\.0\.attn_q\.scale is the scale of another"):
        graph_of(tmp_path, "bitnet", blk__0__attn_q__scale=(1,))


def test_mpt_with_learned_positions_and_norms_of_queries(tmp_path: Path) -> None:
    norms = {f"blk__{i}__attn_{x}_norm__weight": (32,) for i in range(2) for x in "qk"}
    plain = graph_of(tmp_path / "a", "mpt")
    found = graph_of(tmp_path / "b", "mpt", position_embd__weight=(128, 32), **norms)
    assert len(found.ops) == len(plain.ops) + 6
    assert found.position_limit == 128
    assert any(isinstance(op, EmbedPosition) for op in found.ops)
    clamped = graph_of(tmp_path / "c", "mpt_clamped")
    assert {op.most for op in clamped.ops if isinstance(op, Clamp)} == {1.5}
    with pytest.raises(UnsupportedError, match=r"ffn\.act\.scales"):
        graph_of(tmp_path / "d", "mpt", blk__0__ffn__act__scales=(128,))


@pytest.mark.parametrize("name", ["falcon", "gptneox", "internlm2", "baichuan"])
def test_one_matrix_of_queries_keys_and_values_must_be_theirs(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "hf", name)
    arrays = weights_of(name)
    which = next(key for key in arrays if any(x in key for x in ("query_key", "wqkv", "W_pack")))
    arrays[which] = arrays[which][:-8]
    write_safetensors(folder / "model.safetensors", arrays)
    with pytest.raises(FormatError, match="do not belong together"):
        drive(convert(folder, tmp_path / "m.gguf"))


def test_falcon_with_distances_is_refused(tmp_path: Path) -> None:
    assert "alibi" not in CONFIGS["falcon"]
    folder = write_folder(tmp_path / "hf", "falcon", alibi=True)
    with pytest.raises(UnsupportedError, match="key alibi is true"):
        drive(convert(folder, tmp_path / "m.gguf"))
