"""Names that others chose: which can be files of ours, and which quantization they tell of."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.hub.names import (
    is_importance,
    is_projector,
    model_of,
    objection,
    quant_of,
    sound,
    without_shard,
)


@pytest.mark.parametrize(
    "path",
    [
        "", "/etc/passwd", "../model.gguf", "a/../../b.gguf", "a\\b.gguf", "C:model.gguf",
        "C:/model.gguf", "a//b", "./a", "con", "CON.gguf", "aux.tar.gz", "a/nul", "COM1.txt",
        "lpt9", "conin$", "model.gguf.", "model.gguf ", " model.gguf", "a:b", "a?b", 'a"b',
        "a\nb", "a\0b", "a\ud800b", "x" * 300, "ü" * 130, "/".join("a" * 40), "...", "com¹.txt",
    ],
)  # fmt: skip
def test_what_can_be_no_file(path: str) -> None:
    assert objection(path)


@pytest.mark.parametrize(
    "path",
    [
        "model.gguf",
        "Ünï/コード.gguf",
        ".gitattributes",
        "a b.gguf",
        "console.gguf",
        "com10",
        "a.b.c",
    ],
)
def test_what_can(path: str) -> None:
    assert not objection(path)


def test_names_that_would_be_one_file() -> None:
    good, bad = sound(["a/Model.gguf", "A/model.GGUF", "u\u0308.txt", "\u00fc.txt", "b"])
    assert good == ["a/Model.gguf", "u\u0308.txt", "b"]
    assert set(bad) == {"A/model.GGUF", "\u00fc.txt"}


@given(some.text(min_size=1, max_size=40))
def test_what_passes_stays_inside(path: str) -> None:
    if not objection(path):
        place = (Path("/tmp/here") / path).resolve()
        assert place.is_relative_to(Path("/tmp/here").resolve())
        assert place != Path("/tmp/here").resolve()
        path.encode(sys.getfilesystemencoding())


@pytest.mark.parametrize(
    ("path", "quant"),
    [
        ("Qwen3-4B-Q4_K_M.gguf", "Q4_K_M"),
        ("qwen2.5-0.5b-instruct-q8_0.gguf", "Q8_0"),
        ("Model.IQ2_XXS.gguf", "IQ2_XXS"),
        ("model-BF16.gguf", "BF16"),
        ("model-fp16.gguf", "F16"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("gpt-oss-MXFP4_MOE.gguf", "MXFP4_MOE"),
        ("Qwen3-30B-A3B-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
        ("UD-Q2_K_XL/Qwen3-235B-UD-Q2_K_XL-00001-of-00002.gguf", "UD-Q2_K_XL"),
        ("BF16/Qwen3-00001-of-00009.gguf", "BF16"),
        ("Q8_0/model.gguf", "Q8_0"),
        ("Model-BF16-Q4_K_S.gguf", "Q4_K_S"),
        ("Model-Q4_K_M-imat.gguf", "Q4_K_M"),
        ("Model-IQ4_NL.gguf", "IQ4_NL"),
        ("Model-Q4_0_4_8.gguf", "Q4_0_4_8"),
        ("Model-TQ1_0.gguf", "TQ1_0"),
        ("Model-Q3_K_XL.gguf", "Q3_K_XL"),
        ("Q4_K.gguf", "Q4_K"),
        ("Q4.gguf", ""),
        ("Model-4B.gguf", ""),
        ("QQ4_K_Mx.gguf", ""),
        ("model-F160.gguf", ""),
    ],
)
def test_the_quantization_in_a_name(path: str, quant: str) -> None:
    assert quant_of(path) == quant


def test_other_things_in_a_name() -> None:
    assert without_shard("a/m-Q4_0-00002-of-00003.gguf") == ("a/m-Q4_0", 2, 3)
    assert without_shard("a/m.v2.gguf") == ("a/m.v2", 1, 1)
    assert model_of("Qwen3-4B-UD-Q4_K_XL-00001-of-00003.gguf") == "Qwen3-4B"
    assert is_projector("mmproj-model-f16.gguf")
    assert is_projector("x/model.mmproj-Q8_0.gguf")
    assert not is_projector("model-Q8_0.gguf")
    assert is_importance("imatrix_unsloth.gguf_file.dat")
    assert is_importance("Model-imatrix.gguf")
    assert not is_importance("Model-imatrix-Q4_K_M.gguf")
