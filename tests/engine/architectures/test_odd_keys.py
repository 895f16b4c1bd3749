"""Every key of every family with values of other types and sizes: a sentence or a model, never an
internal error, and never a warning of a library."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import ChaskiError
from engine.cli import main
from engine.weights.formats.gguf_values import NestedArray

REFERENCE = ["--backend", "reference", "-t", "1"]
ODD: dict[str, Any] = {
    "list": np.array([1, 2], np.int32),
    "list per layer": np.array([4], np.int32),
    "floats": np.array([0.5], np.float32),
    "bools": np.array([True], np.bool_),
    "no numbers": np.zeros(0, np.uint8),
    "texts": ["a", "\x1b[2J"],
    "no lists": NestedArray(),
    "lists": NestedArray([np.zeros(1, np.int8)]),
    "text": "\x1b[2J\u202e" * 300,
    "no text": "",
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "minus one": -1,
    "64 bits": (1 << 64) - 1,
    "minus 63 bits": -(1 << 63),
    "zero float": 0.0,
    "minus float": -1.5,
    "tiny": 1e-38,
    "huge": 3e38,
    "nan": float("nan"),
    "inf": float("inf"),
}
KEYS = {
    "general": ["architecture", "name", "alignment", "file_type", "type"],
    "split": ["no", "count", "tensors.count"],
    "own": [
        "context_length", "embedding_length", "block_count", "feed_forward_length",
        "attention.head_count", "attention.head_count_kv", "attention.layer_norm_rms_epsilon",
        "attention.key_length", "attention.value_length", "attention.sliding_window",
        "attention.sliding_window_pattern", "attention.scale", "attn_logit_softcapping",
        "final_logit_softcapping", "expert_count", "rope.dimension_count", "rope.freq_base",
        "rope.scaling.type", "rope.scaling.factor", "rope.scale_linear",
        "rope.scaling.original_context_length", "rope.scaling.attn_factor",
        "rope.scaling.yarn_ext_factor", "rope.scaling.yarn_beta_fast",
        "rope.scaling.yarn_beta_slow",
    ],
}  # fmt: skip


@pytest.mark.parametrize("scaling", ["", "yarn"])
@pytest.mark.parametrize("key", [f"{room}.{key}" for room, keys in KEYS.items() for key in keys])
def test_odd_values(
    key: str, scaling: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if scaling and "rope" not in key:
        pytest.skip("it has nothing to do with rope")
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    rope = {"scaling.type": scaling, "scaling.factor": 2.0} if scaling else {}
    architecture = "gemma2" if "softcapping" in key else "llama"
    name = key.replace("own.", f"{architecture}.")
    for kind, value in ODD.items():
        path = tmp_path / "m.gguf"
        try:
            write_tiny_llama(
                path, n_layer=1, n_ctx=32, architecture=architecture, rope=rope,
                extra_metadata={name: value},
            )  # fmt: skip
        except (TypeError, ValueError, ArithmeticError, struct.error, ChaskiError):
            continue  # an alignment that the writer itself cannot use
        for run in (["info", str(path)], ["complete", str(path), "-p", "a", "-n1", *REFERENCE]):
            code = main(run)
            out, err = capsys.readouterr()
            told = f"{key} is {kind}: {code} {err[:500]}"
            assert code in (0, 1), told
            assert "internal error" not in err, told
            assert "\x1b" not in err + (out if run[0] == "info" else ""), told
            assert len(err) < 1500, told
            if code:
                break  # what cannot be looked at is not run either
