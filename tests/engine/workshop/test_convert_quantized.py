"""Checkpoints that are quantized already: as PyTorch and transformers read them, or one sentence.

golden/quantized* comes from make_golden_quantized.py.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.interrupted import notices
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import (
    Arrays,
    shapes_of,
    weights_of,
    write_folder,
    write_safetensors,
)

from engine.base.errors import ChaskiError
from engine.base.events import Event
from engine.weights.formats.config import Config
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.lazy import LazyTensor
from engine.weights.formats.safetensors import open_safetensors
from engine.weights.formats.small_types import SMALL
from engine.weights.quants import dequantize
from engine.weights.types import TensorType
from engine.workshop.convert import convert
from engine.workshop.convert.dequantize import Kept
from engine.workshop.convert.quantized import Scheme, find_scheme, readable
from engine.workshop.convert.target import target_kinds

GOLDEN = Path(__file__).parent / "golden"
WANTED = np.load(GOLDEN / "quantized.npz")
SCHEMES: dict[str, Scheme | None] = {
    "fp8": Scheme("fp8", {"weight_block_size": [32, 32]}),
    "compressed-tensors": Scheme("compressed-tensors"),
    "mxfp4": Scheme("mxfp4"),
    "gptq2": Scheme("gptq"),
    "gptq4": None,
    "gptq8": Scheme("gptq", {"bits": 8}),
    "awq": Scheme("awq"),
}


def read(name: str, scheme: Scheme | None) -> tuple[dict[str, LazyTensor], list[str]]:
    told: list[str] = []
    checkpoint = open_safetensors(GOLDEN / f"quantized_{name}.safetensors")
    return readable(checkpoint.tensors, scheme, Config({}, "config.json"), name, told), told


@pytest.mark.parametrize("name", SCHEMES)
def test_the_numbers_are_those_of_pytorch(name: str) -> None:
    found, told = read(name, SCHEMES[name])
    wanted = {key.partition("/")[2]: WANTED[key] for key in WANTED if key.startswith(f"{name}/")}
    assert found.keys() == wanted.keys()
    assert len(told) == 1
    for key, tensor in found.items():
        assert tensor.shape == wanted[key].shape
        np.testing.assert_array_equal(tensor.whole(), wanted[key], err_msg=key)
        for start, stop in ((1, 2), (2, min(5, tensor.n_rows))):
            rows = wanted[key].reshape(tensor.n_rows, -1)[start:stop]
            np.testing.assert_array_equal(tensor.floats(start, stop), rows, err_msg=key)


def test_what_is_written_where_no_type_is_asked_for() -> None:
    found, _ = read("fp8", SCHEMES["fp8"])
    assert set(target_kinds(found, "auto").values()) == {TensorType.BF16}
    assert set(target_kinds(found, "f32").values()) == {TensorType.F32}
    found, _ = read("mxfp4", SCHEMES["mxfp4"])
    assert set(target_kinds(found, "auto").values()) == {TensorType.MXFP4}


def write_fp8(path: Path, arrays: dict[str, Any], codes: dict[str, np.ndarray]) -> None:
    """A safetensors file some of whose tensors are E4M3."""
    write_safetensors(path, arrays | codes)
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    table = json.loads(data[8 : 8 + size])
    for name in codes:
        table[name]["dtype"] = "F8_E4M3"
    head = json.dumps(table).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + data[8 + size :])


def in_blocks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes of E4M3, scales of 16 rows and columns, and the numbers they stand for."""
    levels = (SMALL["F8_E4M3"].astype(np.uint32) << 16).view(np.float32)
    rows, columns = (-(-n // 16) for n in values.shape)
    scales = np.random.RandomState(1).uniform(0.01, 0.02, (rows, columns)).astype(np.float32)
    wide = scales.repeat(16, 0).repeat(16, 1)[: values.shape[0], : values.shape[1]]
    order = np.argsort(levels[:127])
    near = np.searchsorted(levels[order], np.abs(values) / wide).clip(0, 126)
    codes = (near | np.where(values < 0, 128, 0)).astype(np.uint8)
    return codes, scales, levels[codes] * wide


FP8 = {"quant_method": "fp8", "weight_block_size": [16, 16], "activation_scheme": "dynamic"}


def converted(folder: Path, out: Path, **options: Any) -> str:
    events: list[Event] = []
    drive(convert(folder, out, overwrite=True, **options), events)
    return notices(events)


@pytest.mark.parametrize("told", [True, False])
def test_a_folder_in_fp8_becomes_a_model(told: bool, tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "hf", "llama", **({"quantization_config": FP8} if told else {})
    )
    arrays: Arrays = weights_of("llama")
    codes, scales, wanted = {}, {}, dict(arrays)
    for name, values in arrays.items():
        if "_proj" in name:
            codes[name], scales[f"{name}_scale_inv"], wanted[name] = in_blocks(values)
    plain = {name: values for name, values in arrays.items() if name not in codes}
    write_safetensors(tmp_path / "plain.safetensors", wanted)
    (folder / "model.safetensors").unlink()
    if told:
        write_fp8(folder / "model.safetensors", plain | scales, codes)
        text = converted(folder, tmp_path / "a.gguf", out_type="f32")
        assert f"{len(codes)} tensors are quantized (fp8)" in text
        kinds = {info.type for info in _infos(tmp_path / "a.gguf")}
        assert kinds == {TensorType.F32}
        converted(folder, tmp_path / "auto.gguf")
        assert TensorType.BF16 in {info.type for info in _infos(tmp_path / "auto.gguf")}
    else:  # blocks of 16 are not usual, so they must be told by a grid that fits
        write_fp8(folder / "model.safetensors", plain | scales, codes)
        converted(folder, tmp_path / "a.gguf", out_type="f32")
    (tmp_path / "plain.safetensors").rename(folder / "model.safetensors")
    write_folder(tmp_path / "other", "llama")
    write_safetensors(tmp_path / "other" / "model.safetensors", wanted)
    converted(tmp_path / "other", tmp_path / "b.gguf", out_type="f32")
    with open_gguf(tmp_path / "a.gguf") as a, open_gguf(tmp_path / "b.gguf") as b:
        for name in b.tensors:
            np.testing.assert_array_equal(a.raw(name), b.raw(name), err_msg=name)


def _infos(path: Path) -> list[Any]:
    with open_gguf(path) as file:
        return [info for info in file.tensors.values() if len(info.shape) > 1]


def test_mxfp4_keeps_its_codes() -> None:
    """What GGUF has is what there was, in another order."""
    checkpoint = open_safetensors(GOLDEN / "quantized_mxfp4.safetensors")
    found, _ = read("mxfp4", None)
    tensor = found["experts.gate_up_proj_blocks"]
    raw = tensor.read(0, tensor.n_rows).reshape(-1, 17)
    scales = checkpoint.tensors["experts.gate_up_proj_scales"]
    assert scales.codes is not None
    np.testing.assert_array_equal(raw[:, 0], scales.codes(0, scales.n_rows).reshape(-1))
    values = dequantize(TensorType.MXFP4, raw.reshape(tensor.n_rows, -1), tensor.n_cols)
    np.testing.assert_array_equal(
        values, WANTED["mxfp4/experts.gate_up_proj_blocks"].reshape(12, -1)
    )


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"quant_method": "bitsandbytes"}, "bitsandbytes"),
        ({"quant_method": "hqq"}, "hqq"),
        ({"quant_method": "aqlm"}, "aqlm"),
        ({"quant_method": "exl2"}, "exl2"),
        ({"quant_method": "awq", "version": "gemv"}, "AWQ, gemv"),
        ({"quant_method": "gptq"}, "gptq"),  # and no tensor of it is there
    ],
)
def test_others_are_refused_with_their_name(
    settings: dict[str, Any], word: str, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "hf", "llama", quantization_config=settings)
    with pytest.raises(ChaskiError) as caught:
        converted(folder, tmp_path / "o.gguf")
    text = str(caught.value)
    assert f"({word})" in text
    assert "get the original model" in text
    assert not list(tmp_path.glob("*.gguf*"))


def test_the_configuration_may_lie_beside(tmp_path: Path) -> None:
    (tmp_path / "quantize_config.json").write_text('{"bits": 4, "checkpoint_format": "gptq_v2"}')
    scheme = find_scheme(Config({}, "config.json"), tmp_path)
    assert scheme is not None
    assert (scheme.method, scheme.name) == ("gptq", "quantize_config.json")
    nested = Config(
        {"text_config": {"quantization_config": {"quant_method": "fp8"}}}, "config.json"
    )
    found = find_scheme(nested, tmp_path)
    assert found is not None
    assert found.method == "fp8"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"x.qzeros": None}, "do not fit"),
        ({"x.scales": np.ones((4, 40), np.float16)}, "GPTQ"),
        ({"x.g_idx": np.full(64, 9, np.int32)}, "do not fit"),
        ({"x.g_idx": np.zeros(3, np.int32)}, "do not fit"),
    ],
)
def test_parts_that_do_not_fit_are_told(change: dict[str, Any], word: str, tmp_path: Path) -> None:
    from engine.weights.formats.lazy import of_array

    kinds = {"float16": TensorType.F16, "int32": TensorType.I32}
    checkpoint = open_safetensors(GOLDEN / "quantized_gptq4.safetensors")
    tensors = dict(checkpoint.tensors)
    for name, values in change.items():
        del tensors[name]
        if values is not None:
            tensors[name] = of_array(values, kinds[values.dtype.name])
    with pytest.raises(ChaskiError, match=word):
        readable(tensors, None, Config({}, "config.json"), "hf", [])


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"bits": 4}, True),
        ({"bits": 8}, False),
        ({"bits": 0}, False),
        ({"bits": 3}, False),
        ({"group_size": 10**9}, False),
        ({"group_size": 0}, False),
        ({"group_size": "x"}, False),
    ],
)
def test_what_is_said_of_gptq_counts(said: dict[str, Any], fits: bool) -> None:
    """A configuration that says otherwise than the tensors is an error, never overruled."""
    checkpoint = open_safetensors(GOLDEN / "quantized_gptq4.safetensors")
    tensors = {k: v for k, v in checkpoint.tensors.items() if not k.endswith("g_idx")}
    tensors = {k: v for k, v in tensors.items() if k.startswith("x.")}
    scheme = Scheme("gptq", said)
    if fits:
        assert "x.weight" in readable(tensors, scheme, Config({}, "config.json"), "hf", [])
    else:
        with pytest.raises(ChaskiError, match=r"do not fit|quantized already"):
            readable(tensors, scheme, Config({}, "config.json"), "hf", [])


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"bits": 4}, True),
        ({"bits": 8}, False),
        ({"group_size": 1}, False),
        ({"group_size": 10**9}, False),
        ({"group_size": 0}, False),
        ({"group_size": "x"}, False),
    ],
)
def test_what_is_said_of_awq_counts_likewise(said: dict[str, Any], fits: bool) -> None:
    tensors = open_safetensors(GOLDEN / "quantized_awq.safetensors").tensors
    scheme, config = Scheme("awq", said), Config({}, "config.json")
    if fits:
        size = tensors["x.qweight"].shape[0] // tensors["x.scales"].shape[0]
        for own in (said, said | {"group_size": size}):
            found = readable(dict(tensors), replace(scheme, values=own), config, "hf", [])
            assert "x.weight" in found
    else:
        with pytest.raises(ChaskiError, match="do not fit"):
            readable(dict(tensors), scheme, config, "hf", [])


@pytest.mark.parametrize("said", [[64, 64], [10**30, 128], [True, 128], "128", 128, [128, 0]])
def test_blocks_that_are_said_must_be_there(said: Any) -> None:
    from engine.workshop.convert.quantized import _block

    assert _block(said, (256, 512), (2, 4)) is None
    assert _block([128, 128], (256, 512), (2, 4)) == (128, 128)
    assert _block(None, (256, 512), (4, 8)) == (64, 64)


def test_a_description_without_a_word_describes_nothing(tmp_path: Path) -> None:
    assert find_scheme(Config({"quantization_config": {}}, "config.json"), tmp_path) is None


def test_experts_of_gpt_oss_stay_as_they_are(tmp_path: Path) -> None:
    """In MXFP4 they are not turned, as floats they are; the file says the same."""
    shapes = {
        name: tuple({48: 128, 24: 64}.get(size, size) for size in shape)
        for name, shape in shapes_of("gpt-oss").items()
    }
    chance = np.random.RandomState(3)
    plain: dict[str, Any] = dict(weights_of("gpt-oss", shapes))
    packed = dict(plain)
    levels = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6], np.float32)
    levels = np.concatenate([levels, 0 - levels])  # GGUF has no -0
    for name, values in weights_of("gpt-oss", shapes).items():
        if not name.endswith(("gate_up_proj", "down_proj")):
            continue
        experts, wide, rows = values.shape
        codes = chance.randint(0, 256, (experts, rows, wide // 32, 16)).astype(np.uint8)
        powers = chance.randint(118, 124, codes.shape[:-1]).astype(np.uint8)
        numbers = levels[np.stack([codes & 15, codes >> 4], -1)].reshape(experts, rows, -1, 32)
        numbers = numbers * np.exp2(powers[..., None].astype(np.float32) - 127)
        plain[name] = np.ascontiguousarray(numbers.reshape(experts, rows, wide).swapaxes(1, 2))
        packed |= {f"{name}_blocks": codes, f"{name}_scales": powers}
        del packed[name]
    for which, arrays in (("plain", plain), ("packed", packed)):
        config: dict[str, Any] = {"intermediate_size": 64}
        if which == "packed":
            config["quantization_config"] = {"quant_method": "mxfp4"}
        folder = write_folder(tmp_path / which, "gpt-oss", **config)
        write_safetensors(folder / "model.safetensors", arrays)
        converted(folder, tmp_path / f"{which}.gguf", out_type="f32")
    text = converted(tmp_path / "packed", tmp_path / "auto.gguf")
    assert "6 tensors are MXFP4 already" in text
    with open_gguf(tmp_path / "plain.gguf") as a, open_gguf(tmp_path / "packed.gguf") as b:
        for name in a.tensors:
            wanted, got = (np.frombuffer(file.raw(name).tobytes(), "<f4") for file in (a, b))
            np.testing.assert_array_equal(got, wanted + 0, err_msg=name)
    kinds = {info.type for info in _infos(tmp_path / "auto.gguf") if "exps.weight" in info.name}
    assert kinds == {TensorType.MXFP4}


# --- BitNet ----------------------------------------------------------------------------------
BITNET = {"quant_method": "bitnet", "linear_class": "autobitlinear", "quantization_mode": "offline"}
BLOCKS = ("self_attn", "mlp")


def packed(codes: np.ndarray) -> np.ndarray:
    """Of -1, 0 and 1, as transformers packs them: rows a quarter apart share a byte."""
    quarters = (codes + 1).astype(np.uint8).reshape(4, -1, codes.shape[1])
    return quarters[0] | quarters[1] << 2 | quarters[2] << 4 | quarters[3] << 6


def three(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """-1, 0 and 1 of a matrix, and the mean magnitude, which bfloat16 holds."""
    mean = np.abs(values).mean(dtype="d").astype(np.float32).reshape(1)
    mean = (mean.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)
    return np.rint(values / mean).clip(-1, 1) + 0, mean  # no -0


@pytest.mark.parametrize("form", ["packed", "whole", "divided"])
def test_bitnet_in_two_bits_is_what_it_stands_for(form: str, tmp_path: Path) -> None:
    settings = BITNET | ({"linear_class": "bitlinear"} if form == "divided" else {})
    folder = write_folder(tmp_path / "hf", "bitnet_silu", quantization_config=settings)
    arrays: dict[str, Any] = dict(weights_of("bitnet_silu"))
    plain = dict(arrays)
    for name, values in list(arrays.items()):
        if values.ndim == 2 and any(each in name for each in BLOCKS):
            codes, scale = three(values)
            arrays[name] = codes.astype(np.float32) if form == "whole" else packed(codes)
            arrays[f"{name}_scale"] = 1 / scale if form == "divided" else scale
            plain[name] = codes * (1 / (1 / scale) if form == "divided" else scale)
    write_safetensors(folder / "model.safetensors", arrays)
    text = converted(folder, tmp_path / "a.gguf", out_type="f32")
    assert "14 tensors have three values (BitNet)" in text
    other = write_folder(tmp_path / "plain", "bitnet_silu")
    write_safetensors(other / "model.safetensors", plain)
    converted(other, tmp_path / "b.gguf", out_type="f32")
    with open_gguf(tmp_path / "a.gguf") as a, open_gguf(tmp_path / "b.gguf") as b:
        for name in b.tensors:
            np.testing.assert_array_equal(a.raw(name), b.raw(name), err_msg=name)


def test_bitnet_as_it_is_trained_has_three_values(tmp_path: Path) -> None:
    settings = BITNET | {"quantization_mode": "online", "modules_to_not_convert": ["down_proj"]}
    folder = write_folder(tmp_path / "hf", "bitnet_silu", quantization_config=settings)
    text = converted(folder, tmp_path / "a.gguf", out_type="f32")
    assert "12 tensors have three values (BitNet)" in text
    weights = weights_of("bitnet_silu")
    with open_gguf(tmp_path / "a.gguf") as file:
        for name, own in (("attn_q", "self_attn.q_proj"), ("ffn_down", "mlp.down_proj")):
            values = weights[f"model.layers.0.{own}.weight"]
            mean = np.float32(np.abs(values).mean(dtype="d"))
            if name == "attn_q":
                values = np.rint(values / mean).clip(-1, 1) * mean
            np.testing.assert_array_equal(
                file.raw(f"blk.0.{name}.weight").reshape(-1).view(np.float32), values.reshape(-1)
            )


@pytest.mark.parametrize(
    ("settings", "scale", "word"),
    [
        ({"use_rms_norm": True}, [1.0], "BitNet, autobitlinear with norms"),
        ({"linear_class": "other"}, [1.0], "BitNet, other with norms"),
        ({}, [0.0], "do not fit together"),
        ({"linear_class": "bitlinear"}, [1e-45], "do not fit together"),
        ({}, [float("inf")], "do not fit together"),
        ({}, [float("nan")], "do not fit together"),
        ({}, [1.0, 2.0], "do not fit together"),
    ],
)
def test_odd_bitnet_is_told(settings: Any, scale: Any, word: str, tmp_path: Path) -> None:
    config = BITNET | settings
    folder = write_folder(tmp_path / "hf", "bitnet_silu", quantization_config=config)
    arrays: dict[str, Any] = dict(weights_of("bitnet_silu"))
    name = "model.layers.0.mlp.up_proj.weight"
    arrays[name] = np.zeros((12, 32), np.uint8)
    arrays[f"{name}_scale"] = np.array(scale, np.float32)
    write_safetensors(folder / "model.safetensors", arrays)
    with pytest.raises(ChaskiError, match=word):
        converted(folder, tmp_path / "a.gguf")


# --- how often codes are read ----------------------------------------------------------------
def noted(reads: list[str], key: str, tensor: LazyTensor) -> LazyTensor:
    """The same, which notes each reading."""

    def read(start: int, stop: int) -> Any:
        reads.append(key)
        return tensor.read(start, stop)

    return replace(tensor, read=read)


def test_what_training_has_left_is_not_read_whole_before_it_is_written() -> None:
    reads, rows = list[str](), 40
    name, one = "layers.0.mlp.up_proj.weight", np.ones((1, 8), np.float32).view(np.uint8)
    tensor = LazyTensor((rows, 8), TensorType.F32, lambda a, b: np.repeat(one, b - a, 0))
    scheme = Scheme("bitnet", {"quantization_mode": "online"})
    tensors = {name: noted(reads, name, tensor)}
    found = readable(tensors, scheme, Config({}, "config.json"), "x", [])[name]
    assert found.looked
    assert reads == [name]
    assert np.all(found.floats(0, rows) == 1)


@pytest.mark.parametrize("name", SCHEMES)
def test_some_rows_are_those_of_all(name: str) -> None:
    """Wherever a portion begins and ends: words hold codes of rows in front of it, too."""
    for tensor in read(name, SCHEMES[name])[0].values():
        whole = tensor.read(0, tensor.n_rows)
        for size in (1, 3, 5):
            for start in range(0, tensor.n_rows, size):
                stop = min(start + size, tensor.n_rows)
                np.testing.assert_array_equal(tensor.read(start, stop), whole[start:stop])


@pytest.mark.parametrize("name", ["gptq4", "awq"])
def test_codes_that_lie_across_are_read_once(name: str) -> None:
    checkpoint = open_safetensors(GOLDEN / f"quantized_{name}.safetensors")
    reads: list[str] = []
    tensors = {key: noted(reads, key, tensor) for key, tensor in checkpoint.tensors.items()}
    found = readable(tensors, SCHEMES[name], Config({}, "config.json"), name, [])
    bases = [key.removesuffix(".qweight") for key in tensors if key.endswith(".qweight")]
    reads.clear()
    for base in bases:
        assert found[f"{base}.weight"].looked
        for row in range(found[f"{base}.weight"].n_rows):
            found[f"{base}.weight"].read(row, row + 1)
    for end in (".qweight", ".qzeros", ".scales"):
        assert [key for key in reads if key.endswith(end)] == [base + end for base in bases]


def test_of_codes_only_those_of_one_tensor_are_kept_and_no_large_ones() -> None:
    checkpoint = open_safetensors(GOLDEN / "quantized_gptq4.safetensors")
    parts = [checkpoint.tensors[f"x.{name}"] for name in ("qweight", "qzeros", "scales")]
    kept = Kept()
    first = kept.of(*parts)
    assert kept.of(*parts)[0] is first[0]
    other = replace(parts[0])
    kept.of(other, *parts[1:])
    assert kept.owner is other
    small = Kept(most=10)
    small.of(*parts)
    assert (small.owner, small.parts) == (None, None)
