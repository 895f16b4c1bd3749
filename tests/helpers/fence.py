"""Guard pages behind everything that kernels are given: who reads too far ends the process.

Run as a program it plays graphs of odd shapes behind such fences and says how many.
"""

import ctypes
import mmap
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from engine.compute.backends import cpu, cpu_weights
from engine.compute.backends.cpu_program import Buffer
from engine.compute.cache import full
from engine.compute.graph import Fixed, Graph, Grows, RopeSpec
from engine.compute.kernels.jit import set_cache_folder

PAGE, LINE = mmap.PAGESIZE, 64
FORBIDDEN = 0  # PROT_NONE


def _pages(size: int) -> int:
    return -(-max(size, 1) // PAGE) * PAGE


class FencedMemory:
    """As cache.memory.Memory; its last byte is the last before a page that may not be touched."""

    inner: list[int] = []  # guard pages inside the next one that is made, by offset

    def __init__(self, size: int, *, huge: bool = False) -> None:
        whole = (size + LINE - 1) // LINE * LINE
        self._map = mmap.mmap(-1, _pages(whole) + PAGE)
        start = np.frombuffer(self._map, np.uint8)
        shift = 0 if self.inner else _pages(whole) - whole
        self.bytes = start[shift : shift + whole]
        self.size, self.address = size, self.bytes.ctypes.data
        base = start.ctypes.data
        for at in (*self.inner, _pages(whole)):
            protect = ctypes.CDLL(None, use_errno=True).mprotect
            assert protect(ctypes.c_void_p(base + at), ctypes.c_size_t(PAGE), FORBIDDEN) == 0
        self.inner.clear()

    def floats(self, offset: int, rows: int, row_floats: int) -> Any:
        end = offset + 4 * rows * row_floats
        return self.bytes[offset:end].view(np.float32).reshape(rows, row_floats)

    def close(self) -> None:
        """The pages stay until nobody holds them."""


def fenced_place(buffers: list[Buffer]) -> int:
    """As cpu_program.place: each buffer at the end of pages of its own, a guard page behind it."""
    at = 0
    FencedMemory.inner.clear()
    for buffer in buffers:
        size = (buffer.size + LINE - 1) // LINE * LINE
        buffer.offset = at + _pages(size) - size
        at += _pages(size)
        FencedMemory.inner.append(at)
        at += PAGE
    return at


def put_up() -> None:
    """For the rest of this process."""
    for room in (cpu, full, cpu_weights):
        room.Memory = FencedMemory  # type: ignore[attr-defined]
    cpu.place = fenced_place  # type: ignore[attr-defined]


def odd_graph(
    head_dim: int, value_dim: int, n_kv: int, ff: int, fused: bool, window: int = 0
) -> Graph:
    """A layer as Phi-3 has it (fused; with all that attention may have besides) or as Llama has it,
    of any widths."""
    g, width, heads = Graph(), 72, 2 * n_kv
    x = g.embed("embd", 96, width)
    normed = g.rms_norm(x, "n1", 1e-5)
    widths = (heads * head_dim, n_kv * head_dim, n_kv * value_dim)
    if fused:
        whole = g.linear(normed, "qkv", sum(widths))
        starts = (0, widths[0], widths[0] + widths[1])
        q, k, v = (g.slice(whole, s, w) for s, w in zip(starts, widths, strict=True))
    else:
        q, k, v = (g.linear(normed, f"w{i}", w) for i, w in enumerate(widths))
    q, k = g.rms_norm(q, "qn", 1e-5, group=head_dim), g.rms_norm(k, "kn", 1e-5, group=head_dim)
    spec = RopeSpec(head_dim // 2 * 2)
    q, k = g.rope(q, head_dim, spec), g.rope(k, head_dim, spec)
    state = g.keep(Grows(n_kv, head_dim, value_dim, window))
    g.keep_rows(k, v, state)
    extras: dict[str, Any] = {"alibi": 8.0, "sinks": "sinks", "causal": False} if fused else {}
    out = g.attention(q, state, heads, 0.3, window=window, **extras)
    x = g.add(x, g.linear(out, "o", width))
    normed = g.layer_norm(x, "n2", 1e-5, "n2b")
    if fused:
        both = g.linear(normed, "gate_up", 2 * ff)
        gate, up = g.slice(both, 0, ff), g.slice(both, ff, ff)
    else:
        gate, up = g.linear(normed, "gate", ff), g.linear(normed, "up", ff)
    x = g.add(x, g.linear(g.gated(gate, up, "silu"), "down", width))
    g.softcap(g.linear(g.select(x), "output", 96), 9.0)
    return g


def inner_graph(key: int, value: int, heads: int, n_kv: int, window: int = 0) -> Graph:
    """Values that are the last columns of keys, of any widths."""
    g = Graph()
    x = g.rms_norm(g.embed("embd", 96, 40), "n1", 1e-5)
    v = g.linear(x, "v", n_kv * value)
    k = g.head_join(g.linear(x, "k", n_kv * (key - value)), v, n_kv)
    state = g.keep(Grows(n_kv, key, value, window, within=True))
    g.keep_rows(k, v, state)
    out = g.attention(g.linear(x, "q", heads * key), state, heads, 0.3, window=window)
    g.linear(g.select(g.linear(out, "o", 40)), "output", 96)
    return g


def faded_graph(version: int, heads: int, key: int, value: int, width: int) -> Graph:
    """What RWKV is made of, of any widths but those of values."""
    g = Graph()
    x = g.rms_norm(g.embed("embd", 96, width), "n1", 1e-5)
    before = g.before(x)
    shares = [
        g.lerp(x, before, "share", part=i, parts=5, more=x if i % 2 else None) for i in range(5)
    ]
    r, k, w, back = (g.linear(shares[i], f"l{i}", heads * key) for i in range(4))
    v, w = g.linear(shares[4], "v", heads * value), g.activate(w, "sigmoid")
    k = g.scale(g.rms_norm(k, None, 1e-5, group=key), 0.1)
    state = g.keep(Fixed((heads, key, value)))
    if version == 6:
        out = g.wkv6(r, w, k, v, state)
    else:
        out = g.wkv7(r, w, k, v, k, g.scale(g.softcap(back, 1.0), 0.1), state)
    out = g.group_norm(out, "scale", "shift", 1e-5, value)
    out = g.add(out, g.bonus(v, v, g.scale(v, 0.1), "bonus", heads))
    g.linear(g.select(g.add(x, g.linear(out, "o", width))), "output", 96)
    return g


def play(graph: Graph, folder: Path, cache_type: str, passes: Sequence[int] = (16, 1, 15)) -> None:
    """Passes that fill whole groups of tokens to the last row, and single ones."""
    from helpers.graph_models import weights_of
    from helpers.loaded import make_backend

    from engine.compute.backends import BatchEntry

    file = weights_of(graph, folder / "m.gguf")
    backend = make_backend(
        "cpu", graph, file, n_ctx=sum(passes), max_batch=16, cache_type=cache_type, threads=2
    )
    sequence = backend.new_sequence()
    for n in passes:
        rows = backend.run([BatchEntry(sequence, np.arange(n, dtype=np.int32), "all")])
        assert np.isfinite(rows).all()
    backend.close()
    file.close()


def main(kernels: str) -> None:
    set_cache_folder(Path(kernels))
    put_up()
    full.BACK = 64
    played = 0
    with TemporaryDirectory() as folder:
        for head_dim, value_dim, n_kv, ff in (
            (16, 16, 2, 96),
            (24, 24, 2, 100),
            (40, 8, 3, 36),
            (10, 20, 1, 7),
            (8, 72, 1, 161),
            (2, 2, 1, 1),
            (48, 40, 2, 33),
        ):
            for fused in (False, True):
                for cache_type in ("f32", "f16", "q8_0"):
                    graph = odd_graph(head_dim, value_dim, n_kv, ff, fused)
                    play(graph, Path(folder), cache_type)
                    # A ring of 128 that comes round twice: its last tile is the memory's end.
                    graph = odd_graph(head_dim, value_dim, n_kv, ff, fused, window=9)
                    play(graph, Path(folder), cache_type, (16, 1, 15) * 10)
                    played += 2
        for inner in ((17, 16, 8, 1), (40, 24, 5, 1), (41, 40, 4, 2), (3, 1, 2, 2)):
            for cache_type in ("f32", "f16", "q8_0"):
                play(inner_graph(*inner), Path(folder), cache_type)
                play(inner_graph(*inner, window=9), Path(folder), cache_type, (16, 1, 15) * 10)
                played += 2
        for shape in ((6, 2, 5, 16, 72), (7, 1, 24, 144, 40), (7, 3, 64, 64, 33)):
            play(faded_graph(*shape), Path(folder), "f32", (16, 1, 15, 2))
            played += 1
    print(played)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main(sys.argv[1])
