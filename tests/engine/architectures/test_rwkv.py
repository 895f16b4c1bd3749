"""RWKV-6 and 7 as llama.cpp's converter lays them out: what the papers' formulas say, on both
backends. The twin is in helpers/rwkv.py.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.loaded import make_backend
from helpers.rwkv import Tiny, tensors_of, told, write_rwkv
from helpers.tiny_checkpoints import TEXT

from engine.architectures import build_graph
from engine.architectures.shared.find import usual_template
from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.compute.backends import BatchEntry
from engine.compute.backends.binding import check_weights
from engine.compute.graph import Fixed, Wkv6, Wkv7
from engine.weights.formats.gguf import open_gguf

KINDS = {
    "rwkv7": Tiny(),
    "rwkv7, wide heads": Tiny(n_embd=128, size=64, n_layer=2),
    "rwkv6": Tiny(6, halved=2),
    "rwkv6, older": Tiny(6, one_by_one=True),
}
CLOSE = 1e-4  # of the spread


@pytest.mark.parametrize("backend", ["reference", "cpu"])
@pytest.mark.parametrize("name", KINDS)
def test_logits_are_the_papers(tmp_path: Path, name: str, backend: str) -> None:
    tiny = KINDS[name]
    tensors = tensors_of(tiny)
    with open_gguf(write_rwkv(tmp_path / "m.gguf", tiny, tensors)) as file:
        options = {"n_ctx": 64, "max_batch": 16, "cache_type": "f32", "threads": 2}
        made, rows = make_backend(backend, build_graph(file)[1], file, **options), list[Any]()
        sequence, ids = made.new_sequence(), np.array(TEXT, np.int32)
        for at in range(0, len(ids), 13):
            rows.append(made.run([BatchEntry(sequence, ids[at : at + 13], "all")]).copy())
        made.close()
    truth = told(tiny, tensors, list(TEXT))
    assert np.abs(np.concatenate(rows) - truth).max() < CLOSE * truth.std()


@pytest.mark.parametrize(("version", "kind"), [(6, Wkv6), (7, Wkv7)])
def test_what_is_kept_of_a_sequence(tmp_path: Path, version: int, kind: type) -> None:
    tiny = Tiny(version)
    with open_gguf(write_rwkv(tmp_path / "m.gguf", tiny, tensors_of(tiny))) as file:
        common, graph = build_graph(file)
    assert [type(op) for op in graph.ops].count(kind) == tiny.n_layer
    shapes = [state.shape for state in graph.states.values() if isinstance(state, Fixed)]
    assert sorted(shapes) == sorted([(1, 64), (1, 64), (2, 32, 32)] * tiny.n_layer)
    assert len(shapes) == len(graph.states)
    assert common.heads[0].n == 0
    assert usual_template(common.architecture) == "rwkv"


# --- keys ------------------------------------------------------------------------------------
def opened(path: Path, tiny: Tiny, **more: Any) -> None:
    """As a backend opens it: the graph, and the tensors that it needs."""
    changed = {key.replace("__", "."): value for key, value in more.items()}
    with open_gguf(write_rwkv(path, tiny, tensors_of(tiny), changed)) as file:
        check_weights(build_graph(file)[1], dict(file.tensors), file.name)


@pytest.mark.parametrize("version", [6, 7])
@pytest.mark.parametrize(
    ("changed", "kind", "word"),
    [
        ({"token_shift_count": 1}, UnsupportedError, "token_shift_count is 1"),
        ({"wkv__head_size": 48}, FormatError, "64 columns make no heads of 48"),
        ({"wkv__head_size": None}, FormatError, "wkv.head_size"),
        ({"attention__layer_norm_epsilon": 0.0}, FormatError, "layer_norm_epsilon"),
    ],
)
def test_refused(
    tmp_path: Path, version: int, changed: dict[str, Any], kind: type[ChaskiError], word: str
) -> None:
    with pytest.raises(kind, match=word):
        opened(tmp_path / "m.gguf", Tiny(version), **changed)


RANKS = [(6, key) for key in ("time_mix_extra_dim", "time_decay_extra_dim")]
RANKS += [
    (7, f"attention.{name}_lora_rank") for name in ("decay", "iclr", "value_residual_mix", "gate")
]


@pytest.mark.parametrize(("version", "key"), RANKS)
def test_ranks_are_the_keys(tmp_path: Path, version: int, key: str) -> None:
    with pytest.raises(FormatError, match=key):
        opened(tmp_path / "m.gguf", Tiny(version), **{key: 0})
    with pytest.raises(FormatError, match="metadata ask for"):
        opened(tmp_path / "n.gguf", Tiny(version), **{key: 40})


def test_a_count_of_two_shifts_is_the_usual(tmp_path: Path) -> None:
    opened(tmp_path / "m.gguf", Tiny(7), token_shift_count=2)
