"""Types per tensor are those of llama.cpp's dry run, for every target and kind of model.

golden/llama_cpp_types.json holds them; the script beside it makes them.
"""

import json
from pathlib import Path

import pytest
from helpers.mix_models import by_role, metadata_of, shapes_of

from engine.base.errors import UsageError
from engine.weights.formats.gguf import TensorInfo, open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import FILE_TYPES, TensorType
from engine.workshop.mixes import (
    TARGETS,
    ModelFacts,
    Wishes,
    facts_of,
    needs_imatrix,
    parse_patterns,
    plan_types,
    target_name,
)

GOLDEN = json.loads((Path(__file__).parent / "golden" / "llama_cpp_types.json").read_text())
VARIANT_NAMES = tuple(dict.fromkeys(key.split()[0] for key in GOLDEN))


def tensors_of(variant: str) -> dict[str, TensorInfo]:
    return {
        name: TensorInfo(name, shape, TensorType.F32, 0, 0)
        for name, shape in shapes_of(variant).items()
    }


def facts(variant: str, tmp_path: Path) -> ModelFacts:
    """Read back from a file, as the quantizer does."""
    path = tmp_path / "m.gguf"
    with GGUFWriter(path) as writer:
        writer.set_all(metadata_of(variant))
    with open_gguf(path) as file:
        return facts_of(file)


def unpacked(text: str) -> list[str]:
    """ "F32 2xQ4_K" -> three names."""
    parts = [
        part.rpartition("x") if part[0].isdigit() else ("1", "x", part) for part in text.split()
    ]
    return [name for count, _, name in parts for _ in range(int(count))]


@pytest.mark.parametrize("variant", VARIANT_NAMES)
def test_types_are_llama_cpps(variant: str, tmp_path: Path):
    tensors, known = tensors_of(variant), facts(variant, tmp_path)
    for key, packed in GOLDEN.items():
        name, target, *rest = key.split()
        if name == variant:
            found = plan_types(tensors, known, target, has_imatrix=bool(rest))
            theirs = ["F32" if kind == "same" else kind for kind in unpacked(packed)]
            assert dict(zip(by_role(variant), theirs, strict=True)) == {
                tensor: kind.name for tensor, kind in found.items()
            }, key


def test_every_file_type_is_a_target():
    assert {*TARGETS} == {*FILE_TYPES.values(), "COPY"} - {"NVFP4"}


def test_wishes(tmp_path: Path):
    tensors, known = tensors_of("plain"), facts("plain", tmp_path)
    wishes = Wishes(
        output_type=TensorType.Q8_0,
        embedding_type=TensorType.F16,
        by_pattern=[(r"blk\.[01]\.ffn_down", TensorType.Q8_0), ("ffn_down", TensorType.Q4_0)],
    )
    found = plan_types(tensors, known, "Q4_K_M", wishes)
    assert found["output.weight"] is TensorType.Q8_0
    assert found["token_embd.weight"] is TensorType.F16
    assert found["blk.1.ffn_down.weight"] is TensorType.Q8_0
    assert found["blk.2.ffn_down.weight"] is TensorType.Q4_0
    assert found["blk.2.ffn_up.weight"] is TensorType.Q4_K
    assert found["blk.2.attn_norm.weight"] is TensorType.F32
    left = plan_types(tensors, known, "Q4_K_M", Wishes(leave_output=True, pure=True))
    assert left["output.weight"] is TensorType.F32
    assert {left[name] for name in left if "ffn_down" in name} == {TensorType.Q4_K}
    assert {*plan_types(tensors, known, "COPY").values()} == {TensorType.F32}


def test_names_of_targets():
    assert target_name("q4_k") == "Q4_K_M"
    with pytest.raises(UsageError, match="'Q9' is no type to quantize to; choose one of F32"):
        target_name("Q9")
    with pytest.raises(UsageError, match="no regular expression"):
        plan_types(
            {},
            ModelFacts("llama", 1, 0, False, False),
            "Q4_0",
            Wishes(by_pattern=[("(", TensorType.Q8_0)]),
        )


def test_who_needs_an_imatrix():
    assert needs_imatrix("blk.0.ffn_up.weight", TensorType.IQ2_XS, "IQ2_XS")
    assert needs_imatrix("blk.0.ffn_up.weight", TensorType.Q2_K, "Q2_K_S")
    assert not needs_imatrix("blk.0.ffn_up.weight", TensorType.Q2_K, "Q2_K")
    assert not needs_imatrix("output.weight", TensorType.IQ1_S, "IQ1_S")


def test_patterns_as_typed():
    found = parse_patterns([r"blk\.(0|1)\.=q8_0", "", " a=b=F16 "])
    assert found == [(r"blk\.(0|1)\.", TensorType.Q8_0), ("a=b", TensorType.F16)]
    with pytest.raises(UsageError, match="'ffn' must be REGEX=TYPE"):
        parse_patterns(["ffn"])
    with pytest.raises(UsageError, match="'q9' is no tensor type"):
        parse_patterns(["ffn=q9"])
