"""Quantizing files: what comes out, what is refused; test_resume.py has what is interrupted."""

from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import ChaskiError, FormatError, UsageError
from engine.base.events import Progress
from engine.base.turns import Portion
from engine.weights.formats.gguf import TensorInfo, open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.formats.imatrix import Entry, ImportanceMatrix, write_imatrix
from engine.weights.quants import dequantize, quantize
from engine.weights.types import TensorType
from engine.workshop import quantize_encode, quantize_plan
from engine.workshop.mixes import Wishes, parse_patterns
from engine.workshop.quantize import Quantized, name_without_type, plan_quantize, quantize_model
from engine.workshop.quantize_encode import check_held
from engine.workshop.quantize_plan import QuantizeOptions, make_plan

DOWN = "blk.0.ffn_down.weight"


def run(source: Path, out: Path, options: QuantizeOptions) -> tuple[Quantized, list[Progress]]:
    events: list[Progress] = []
    return drive(quantize_model(source, out, options), events), events


def alike(made: np.ndarray, slow: np.ndarray) -> bool:
    """Kernels tip a rounding here and there (tests/engine/compute/test_encode.py measures it)."""
    return made.shape == slow.shape and bool(np.mean(made == slow) > 0.95)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "f32.gguf", n_embd=256, n_ff=512, n_vocab=288)


def imatrix_for(source: Path, path: Path) -> Path:
    random = np.random.default_rng(3)
    with open_gguf(source) as file:
        entries = {
            name: Entry(random.random((1, info.n_cols), np.float32), np.ones(1, np.float32))
            for name, info in file.tensors.items()
            if len(info.shape) > 1
        }
    write_imatrix(path, ImportanceMatrix(entries, ("text.txt",), 5, 128))
    return path


def test_a_model_is_quantized(source: Path, tmp_path: Path):
    out = tmp_path / "q.gguf"
    options = QuantizeOptions(target="q4_k_m", measure=True)
    made, events = run(source, out, options)
    plan = plan_quantize(source, options)
    with open_gguf(source) as old, open_gguf(out) as new:
        assert [*new.tensors] == [*old.tensors]
        assert new.metadata["general.file_type"] == 15
        assert new.metadata["general.quantization_version"] == 2
        assert new.metadata["tokenizer.ggml.tokens"][:] == old.metadata["tokenizer.ggml.tokens"][:]
        assert {n: t.type.name for n, t in new.tensors.items()} == made.types == plan.types
        for name, info in new.tensors.items():
            x = old.raw(name).view("<f4")
            assert alike(new.raw(name), quantize(info.type, x)), name
        assert made.types["output.weight"] == "Q6_K"
        assert made.bits_per_weight == pytest.approx(
            8 * sum(t.nbytes for t in new.tensors.values()) / new.n_parameters
        )
        assert events[-1].done == events[-1].total == new.n_parameters
    assert made.bytes == out.stat().st_size
    assert 0.05 < made.errors[DOWN] < 0.09
    assert "output_norm.weight" not in made.errors
    assert not [*tmp_path.glob("*.part")]


@pytest.mark.parametrize("target", ["F16", "BF16", "Q8_0", "IQ4_XS", "TQ2_0", "Q1_0", "COPY"])
def test_targets_without_imatrix(source: Path, tmp_path: Path, target: str):
    made, _ = run(source, tmp_path / "q.gguf", QuantizeOptions(target=target))
    expected = "F32" if target == "COPY" else target
    assert made.types["blk.1.ffn_up.weight"] == expected
    with open_gguf(tmp_path / "q.gguf") as new:
        assert ("general.file_type" in new.metadata) == (target != "COPY")


def test_importance_is_heeded_and_noted(source: Path, tmp_path: Path):
    imatrix = imatrix_for(source, tmp_path / "i.gguf")
    options = QuantizeOptions(target="IQ2_XS", imatrix=imatrix)
    run(source, tmp_path / "q.gguf", options)
    with open_gguf(source) as old, open_gguf(tmp_path / "q.gguf") as new:
        assert new.metadata["quantize.imatrix.file"] == str(imatrix)
        assert new.metadata["quantize.imatrix.dataset"] == "text.txt"
        assert new.metadata["quantize.imatrix.entries_count"] == 16
        assert new.metadata["quantize.imatrix.chunks_count"] == 5
        weights = plan_quantize(source, options).imatrix.importance(DOWN, 1, 512)[0]
        kind = new.tensors[DOWN].type
        x = old.raw(DOWN).view("<f4")
        assert alike(new.raw(DOWN), quantize(kind, x, weights))
        assert not alike(new.raw(DOWN), quantize(kind, x))


def test_each_expert_has_its_own_importance(tmp_path: Path):
    source, out, imatrix = (tmp_path / name for name in ("s.gguf", "q.gguf", "i.gguf"))
    x = np.random.default_rng(0).standard_normal((3, 4, 256)).astype(np.float32)
    name = "blk.0.ffn_down_exps.weight"
    with GGUFWriter(source) as writer:
        writer.set_all({"general.architecture": "llama", "llama.block_count": 1})
        writer.declare(name, x.shape)
        writer.write(name, x)
    sums = np.random.default_rng(1).random((3, 256), np.float32)
    write_imatrix(imatrix, ImportanceMatrix({name: Entry(sums, np.ones(3, np.float32))}))
    run(source, out, QuantizeOptions(target="Q4_K_S", imatrix=imatrix))
    with open_gguf(out) as new:
        wanted = [quantize(TensorType.Q4_K, x[i], sums[i]) for i in range(3)]
        assert alike(new.raw(name), np.concatenate(wanted))


def test_small_pieces_give_the_same(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    options = QuantizeOptions(target="Q4_0")
    run(source, tmp_path / "a.gguf", options)
    monkeypatch.setattr(quantize_encode, "CHUNK", 1000)
    monkeypatch.setattr(quantize_encode, "COPY_BYTES", 1000)
    _, events = run(source, tmp_path / "b.gguf", options)
    assert (tmp_path / "a.gguf").read_bytes() == (tmp_path / "b.gguf").read_bytes()
    assert len(events) > 1000


def test_lowest_types_want_an_imatrix(source: Path, tmp_path: Path):
    options = QuantizeOptions(target="IQ2_XXS")
    assert DOWN in plan_quantize(source, options).missing_importance
    with pytest.raises(
        UsageError, match="is noise without an importance matrix, and there is none"
    ):
        run(source, tmp_path / "q.gguf", options)
    partly = replace(
        options,
        imatrix=imatrix_for(source, tmp_path / "i.gguf"),
        exclude_weights=["blk.1.ffn_up"],
    )
    assert plan_quantize(source, partly).missing_importance == ("blk.1.ffn_up.weight",)
    with pytest.raises(UsageError, match="has no figures for it"):
        run(source, tmp_path / "q.gguf", partly)
    assert not (tmp_path / "q.gguf").exists()


def test_imatrix_of_another_model(source: Path, tmp_path: Path):
    other = write_tiny_llama(tmp_path / "other.gguf")
    imatrix = imatrix_for(other, tmp_path / "i.gguf")
    with pytest.raises(FormatError, match="made for another model"):
        run(source, tmp_path / "q.gguf", QuantizeOptions(target="IQ2_XS", imatrix=imatrix))


def test_requantizing_must_be_allowed(source: Path, tmp_path: Path):
    run(source, tmp_path / "q8.gguf", QuantizeOptions(target="Q8_0"))
    options = QuantizeOptions(target="Q4_0")
    with pytest.raises(UsageError, match="already Q8_0; start from the F16"):
        run(tmp_path / "q8.gguf", tmp_path / "q4.gguf", options)
    run(tmp_path / "q8.gguf", tmp_path / "q4.gguf", replace(options, allow_requantize=True))
    with open_gguf(tmp_path / "q8.gguf") as old, open_gguf(tmp_path / "q4.gguf") as new:
        x = dequantize(TensorType.Q8_0, old.raw(DOWN), 512)
        assert np.array_equal(new.raw(DOWN), quantize(TensorType.Q4_0, x))


def test_wrong_places(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    options = QuantizeOptions(target="Q8_0")
    with pytest.raises(UsageError, match="is the source itself"):
        run(source, source.parent / "." / source.name, options)
    (tmp_path / "there.gguf").write_bytes(b"x")
    with pytest.raises(UsageError, match="there.gguf exists already"):
        run(source, tmp_path / "there.gguf", options)
    with pytest.raises(UsageError, match="folder .*nowhere does not exist"):
        run(source, tmp_path / "nowhere" / "q.gguf", options)
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(quantize_plan.shutil, "disk_usage", lambda path: usage(1000))
    with pytest.raises(ChaskiError, match=r"needs 68.5 MB, but only 1 kB are free"):
        run(source, tmp_path / "q.gguf", options)
    assert not [*tmp_path.glob("*.part")]


def test_a_job_closed_before_a_tensor_is_whole_leaves_nothing(source: Path, tmp_path: Path):
    job = quantize_model(source, tmp_path / "q.gguf", QuantizeOptions(target="Q8_0"))
    next(job)
    job.close()
    assert not [*tmp_path.glob("q*")]


def test_broken_values_are_named(tmp_path: Path):
    for value, words in ((np.nan, "no numbers"), (1e6, r"up to 1e\+06, too large for Q4_0")):
        source = tmp_path / f"{value}.gguf"
        x = np.zeros((2, 256), np.float32)
        x[1, 7] = value
        with GGUFWriter(source) as writer:
            writer.set_all({"general.architecture": "llama", "llama.block_count": 1})
            writer.declare(DOWN, x.shape)
            writer.write(DOWN, x)
        with pytest.raises(FormatError, match=words):
            run(source, tmp_path / "q.gguf", QuantizeOptions(target="Q4_0"))
        assert not [*tmp_path.glob("q*")]
        wishes = Wishes(by_pattern=[("ffn_down", TensorType.BF16)])
        if np.isfinite(value):
            run(source, tmp_path / "bf.gguf", QuantizeOptions(target="Q4_0", wishes=wishes))


# What a block's scale, a float16, is multiplied with in each type.
REACHES = {
    "F16": 1,
    "Q4_0": 8,
    "Q4_1": 1,
    "Q5_0": 16,
    "Q5_1": 1,
    "Q8_0": 127,
    "Q2_K": 15,
    "Q3_K": 93,
    "Q4_K": 63,
    "Q5_K": 63,
    "Q6_K": 127 * 31,
    "IQ4_NL": 113,
    "IQ4_XS": 31 * 113,
    "TQ2_0": 1,
    "Q2_0": 1,
}


@pytest.mark.parametrize("name", REACHES)
def test_each_type_is_refused_only_what_its_scale_cannot_hold(name: str):
    kind = TensorType[name]
    for share, held in ((0.9, True), (1.5, False), (1e4, False), (1e18, False)):
        most = np.float32(65504.0 * REACHES[name] * share)
        x = np.full((1, 256), -most, np.float32)
        x[0, ::2] = most
        made = quantize(kind, x)
        if held:
            check_held("it", kind, most, made, 256, "")
            back = dequantize(kind, made, 256)
            np.testing.assert_allclose(np.abs(back).max(), most, rtol=0.2)
            continue
        with pytest.raises(FormatError, match=f"too large for {name}"):
            check_held("it", kind, most, made, 256, "")


def test_a_type_that_cuts_large_values_silently_is_refused_them():
    x = np.full((1, 64), 2000.0, np.float32)
    check_held("it", TensorType.NVFP4, 2000.0, quantize(TensorType.NVFP4, x), 64, "")
    made = quantize(TensorType.NVFP4, 2 * x)
    with pytest.raises(FormatError, match="too large for NVFP4"):
        check_held("it", TensorType.NVFP4, 4000.0, made, 64, "")


def test_a_large_weight_is_quantized_where_it_fits(tmp_path: Path):
    source = tmp_path / "big.gguf"
    x = np.random.default_rng(2).standard_normal((2, 256)).astype(np.float32)
    x[1, 7] = 1e6
    with GGUFWriter(source) as writer:
        writer.set_all({"general.architecture": "llama", "llama.block_count": 1})
        writer.declare(DOWN, x.shape)
        writer.write(DOWN, x)
    run(source, tmp_path / "q.gguf", QuantizeOptions(target="Q8_0"))
    with open_gguf(tmp_path / "q.gguf") as file:
        back = dequantize(TensorType.Q8_0, file.raw(DOWN), 256)
    assert back[1, 7] == pytest.approx(1e6, rel=0.01)
    with pytest.raises(FormatError, match="too large for F16"):
        run(source, tmp_path / "h.gguf", QuantizeOptions(target="F16"))


def test_a_tensor_of_no_elements_is_nothing_to_do():
    assert list(quantize_encode.chunks((4, 0), None, Portion(1))) == []
    info = TensorInfo("marker", (4, 0), TensorType.F32, 0, 0)
    assert quantize_plan.PlannedTensor(info, "marker", TensorType.F32).nbytes == 0


def split_source(tmp_path: Path) -> Path:
    x = np.random.default_rng(0).standard_normal((4, 256)).astype(np.float32)
    for no in range(2):
        path = tmp_path / f"s-{no + 1:05d}-of-00002.gguf"
        with GGUFWriter(path) as writer:
            if no == 0:
                writer.set_all({"general.architecture": "llama", "llama.block_count": 2})
            writer.set_all({"split.no": no, "split.count": 2, "split.tensors.count": 2})
            writer.declare(f"blk.{no}.ffn_up.weight", x.shape)
            writer.write(f"blk.{no}.ffn_up.weight", x)
    return tmp_path / "s-00001-of-00002.gguf"


def test_split_in_and_out(tmp_path: Path):
    source = split_source(tmp_path)
    run(source, tmp_path / "one.gguf", QuantizeOptions(target="Q4_0"))
    made, _ = run(source, tmp_path / "two.gguf", QuantizeOptions(target="Q4_0", keep_split=True))
    assert [p.name for p in made.paths] == ["two-00001-of-00002.gguf", "two-00002-of-00002.gguf"]
    with open_gguf(tmp_path / "one.gguf") as one, open_gguf(made.paths[0]) as two:
        assert "split.count" not in one.metadata
        assert [*one.tensors] == [*two.tensors]
        for name in one.tensors:
            assert np.array_equal(one.raw(name), two.raw(name))


def test_layers_can_go(tmp_path: Path):
    source = write_tiny_llama(tmp_path / "f32.gguf", n_layer=3, n_head_kv=[1, 2, 4], n_head=[4] * 3)
    options = QuantizeOptions(target="Q8_0", prune_layers=[1], override={"general.name": "less"})
    run(source, tmp_path / "q.gguf", options)
    with open_gguf(source) as old, open_gguf(tmp_path / "q.gguf") as new:
        assert new.metadata["llama.block_count"] == 2
        assert new.metadata["general.name"] == "less"
        assert new.need_ints("llama.attention.head_count_kv") == (1, 4)
        name = "attn_k.weight"
        assert new.tensors[f"blk.1.{name}"].shape == old.tensors[f"blk.2.{name}"].shape
        assert not any(tensor.startswith("blk.2.") for tensor in new.tensors)
    with pytest.raises(UsageError, match=r"has the layers 0 to 2; \[3\] cannot go"):
        run(source, tmp_path / "r.gguf", replace(options, prune_layers=[3]))


def test_a_wish_for_the_type_with_the_number_zero_is_heard(source: Path, tmp_path: Path):
    wishes = Wishes(by_pattern=parse_patterns(["ffn_down=F32"]))
    options = QuantizeOptions(target="Q8_0", wishes=wishes)
    made, _ = run(source, tmp_path / "q.gguf", options)
    assert made.types["blk.0.ffn_down.weight"] == "F32"
    assert made.types["blk.0.ffn_up.weight"] == "Q8_0"


def test_a_number_of_layers_that_lies_costs_nothing(tmp_path: Path):
    """Layers are those whose tensors are there, whatever a key says: nothing is made of the key."""
    odd = "blk." + "9" * 5000 + ".attn_k.weight"
    source = write_tiny_llama(
        tmp_path / "lie.gguf",
        extra_metadata={"llama.block_count": 4_000_000_000},
        extra_tensors={odd: np.ones((4, 32), np.float32)},
    )
    with open_gguf(source) as file:
        plan = make_plan(file, QuantizeOptions(target="Q8_0"))
        assert odd in {tensor.name for tensor in plan.tensors}
        with pytest.raises(UsageError, match="cannot go"):
            make_plan(file, QuantizeOptions(target="Q8_0", prune_layers=[1]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tiny llama F16", "tiny llama"),
        ("Qwen3-4B-bf16", "Qwen3-4B"),
        ("Model.Q4_K_M", "Model"),
        ("Model_Q8_0", "Model"),
        ("F16", "F16"),
        ("Falcon-F160", "Falcon-F160"),
        ("SU-35", "SU-35"),
        ("", ""),
    ],
)
def test_a_name_does_not_keep_the_type_of_the_source(old: str, new: str):
    assert name_without_type(old) == new


def test_the_new_file_has_the_name_without_the_old_type(tmp_path: Path):
    source = write_tiny_llama(
        tmp_path / "s.gguf", type=TensorType.F16, extra_metadata={"general.name": "tiny F16"}
    )
    out = tmp_path / "o.gguf"
    run(source, out, QuantizeOptions(target="Q8_0"))
    with open_gguf(out) as file:
        assert file.metadata["general.name"] == "tiny"
