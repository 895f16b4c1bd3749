"""Huge, zero and odd figures in config.json: one sentence; an adapter opens nothing elsewhere."""

import json
from collections import Counter
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.open_tiny import drive
from helpers.thorough import THOROUGH
from helpers.tiny_checkpoints import CONFIGS, ROWS, weights_of, write_folder, write_safetensors

from engine.base.errors import ChaskiError, UsageError
from engine.workshop import resume
from engine.workshop.convert import convert, inspect_source, run

ODD: list[Any] = [
    0, -1, 1, 3, 10**9, 2**31, 2**63, -(2**63) - 1, 10**400, 0.0, -0.5, 1e-320, 1e300, 1e400,
    float("nan"), True, "7", "\x1b[2J" * 100, [], [[1]], {}, {"a": 1}, None,
]  # fmt: skip
ROPES = {
    "linear": {"factor": 2.0},
    "yarn": {"factor": 4.0, "attention_factor": 1.2, "beta_fast": 32.0, "beta_slow": 1.0},
    "llama3": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0},
    "longrope": {"factor": 4.0, "long_factor": [1.0] * 8, "short_factor": [1.0] * 8},
}
KEYS = [
    "original_max_position_embeddings", "rope_theta", "partial_rotary_factor", "type", "rope_type",
]  # fmt: skip


# Most keys are read by the same code for many families: all values are tried where a key is met
# first, and in these families, whose own reading of keys once let some pass. The others take turns
# at a quarter of them, each with a small and a huge number, an odd float and something else.
# CHASKI_THOROUGH tries all (CONTRIBUTING.md).
ALL = {"llama", "gemma2", "phi3"}
PARTS = 4

# What no family reads itself; tried on one.
SHARED = {"apart", "architectures", "bos_token_id", "eos_token_id", "model_type", "pad_token_id"}


def cases() -> list[tuple[str, str, str]]:
    """All keys of each family's first checkpoint, and of the others those that they change."""
    own = []
    for family, row in ROWS.items():
        first, *others = row["checkpoints"] or [""]
        shared = {"apart"} if family == "llama" else SHARED
        own += [(first, "", key) for key in sorted({*CONFIGS.get(first, ())} - shared)]
        for name in others:
            own += [
                (name, "", key) for key in sorted({*row["checkpoints"][name]} - shared - {"apart"})
            ]
    more = ["rope_scaling", "rope_parameters", "head_dim", "sliding_window", "layer_types"]
    own += [(name, "", key) for name in ("llama", "gemma2", "phi3") for key in more]
    return own + [("llama", kind, key) for kind, rope in ROPES.items() for key in [*rope, *KEYS]]


def shares() -> list[tuple[str, str, str, slice]]:
    """The cases, with the part of ODD that each tries."""
    met: Counter[str] = Counter()
    found = []
    for name, rope, key in cases():
        in_full = THOROUGH or rope or name in ALL or not met[key]
        found.append(
            (name, rope, key, slice(None) if in_full else slice(met[key] % PARTS, None, PARTS))
        )
        met[key] += 1
    return found


def test_each_value_is_tried_with_each_key_that_many_families_have() -> None:
    tried: dict[str, set[int]] = {}
    for _, _, key, part in shares():
        tried.setdefault(key, set()).update(range(len(ODD))[part])
    assert {key for key, values in tried.items() if len(values) < len(ODD)} == set()


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of threads and disks, which take longer than the rest of a conversion."""

    def aside(work: Callable[[], Any], **_: Any) -> Generator[None, None, Any]:
        yield None
        return work()

    for module in (run, resume):
        monkeypatch.setattr(module, "aside", aside)
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Each checkpoint is written once; cases write config.json anew."""
    return cache(lambda name: write_folder(tmp_path_factory.mktemp("checkpoint"), name))


@pytest.mark.usefixtures("in_place")
@pytest.mark.parametrize(
    ("name", "rope", "key", "part"),
    [pytest.param(*each, id="-".join(each[:3])) for each in shares()],
)
def test_odd_figures(
    name: str,
    rope: str,
    key: str,
    part: slice,
    folder_of: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    folder, config = folder_of(name), {**CONFIGS[name]}
    if rope:
        config["rope_scaling"] = {"rope_type": rope} | ROPES[rope]
        config["rope_scaling"]["original_max_position_embeddings"] = 32
    place = config["rope_scaling"] if rope else config
    for value in ODD[part]:
        (folder / "config.json").write_text(
            json.dumps({**config, **_with(place, key, value, rope)})
        )
        try:
            drive(convert(folder, tmp_path / "out.gguf", overwrite=True))
        except ChaskiError as error:
            words = str(error)
            assert "\x1b" not in words
            assert len(words) < 700, words
            words.encode()


def _with(place: dict[str, Any], key: str, value: Any, rope: str) -> dict[str, Any]:
    changed = {**place, key: value}
    return {"rope_scaling": changed} if rope else changed


def adapter(folder: Path, named: Any) -> Path:
    folder.mkdir(exist_ok=True)
    settings = {"peft_type": "LORA", "lora_alpha": 8, "base_model_name_or_path": named}
    (folder / "adapter_config.json").write_text(json.dumps(settings))
    write_safetensors(folder / "adapter_model.safetensors", {"a": np.zeros((1, 1), np.float32)})
    return folder


def test_an_adapter_names_nothing_outside_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = write_folder(tmp_path / "base", "llama")
    folder = tmp_path / "lora"
    folder.mkdir()
    (folder / "link").symlink_to(base)
    looked: list[str] = []
    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda p: looked.append(str(p)) or is_file(p))
    monkeypatch.chdir(tmp_path)
    named = [str(base), "../base", "base", "\\\\host\\share", "//host/share", "C:\\models", "~/x"]
    for each in [*named, "link", "a\0b", "x" * 9999, "\ud800", 7, [], {}, ""]:
        with pytest.raises(UsageError, match="give the folder of that model"):
            inspect_source(adapter(folder, each))
    outside = [p for p in looked if not Path(p).resolve().is_relative_to(folder.resolve())]
    assert outside == []


def test_a_base_inside_the_adapters_folder_is_found(tmp_path: Path) -> None:
    folder = adapter(tmp_path / "lora", "models/base")
    write_folder(folder / "models" / "base", "llama")
    with pytest.raises(ChaskiError, match="is no half of a LoRA matrix"):
        inspect_source(folder)


@pytest.mark.parametrize("name", ["gpt-oss", "qwen3next", "deepseek2_lite", "bloom", "falcon"])
def test_tensors_of_other_shapes_are_told(name: str, tmp_path: Path) -> None:
    """Whatever a rule does with them on their way."""
    folder, weights = write_folder(tmp_path / "hf", name), weights_of(name)
    told: list[tuple[str, str]] = []
    for tensor, values in weights.items():
        for other in (values.reshape(-1), values.reshape(1, *values.shape), values[:0]):
            if other.shape == values.shape:
                continue
            write_safetensors(folder / "model.safetensors", weights | {tensor: other})
            try:
                inspect_source(folder)
            except ChaskiError as error:
                told.append(
                    (tensor.removeprefix("model.").removeprefix("transformer."), str(error))
                )
    assert len(told) > len(weights)
    for tensor, words in told:
        assert tensor in words or "do not belong together" in words, words
