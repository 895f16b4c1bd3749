"""LoRA adapters at run time: beside each adapted product a narrow one (Hu et al. 2021).

y = W x + scale · B (A x). Invariant: the base model's weights stay as they are, in any type.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted, shown
from engine.compute.graph import ExpertLinear, Graph, HeadLinear, Linear, Value
from engine.weights.formats.gguf import GGUFFile, open_gguf

A, B = ".lora_a", ".lora_b"


@dataclass(frozen=True)
class _Change:
    """What one adapter adds to one product: names of its halves in the joined file."""

    a: str
    b: str
    rank: int
    scale: float


def with_adapters(graph: Graph, file: GGUFFile, adapters: Sequence[tuple[Path, float]]) -> Graph:
    """The graph with the adapters in it; their tensors are joined to `file`."""
    changes: dict[str, list[_Change]] = {}
    for number, (path, scale) in enumerate(adapters):
        with open_gguf(path) as adapter:
            for target, change in _changes(graph, file, adapter, number, scale):
                changes.setdefault(target, []).append(change)
            file.adopt(adapter, f"lora{number}.")
    return _changed(graph, changes) if changes else graph


def _changes(
    graph: Graph, file: GGUFFile, adapter: GGUFFile, number: int, scale: float
) -> list[tuple[str, _Change]]:
    """Weight by weight, checked against the model."""
    _check(file, adapter)
    # Absent, the change counts as it is; zero means zero, as where the adapter was trained.
    alpha = adapter.get_float("adapter.lora.alpha", None)
    found = []
    for target in dict.fromkeys(_target(adapter, name) for name in adapter.tensors):
        rank = _rank(graph, adapter, target)
        strength = scale if alpha is None else scale * alpha / rank
        a, b = (f"lora{number}.{target}{end}" for end in (A, B))
        found.append((target, _Change(a, b, rank, strength)))
    if not found:
        raise FormatError("{adapter} holds no LoRA matrices", adapter=adapter.name)
    return found


def _check(file: GGUFFile, adapter: GGUFFile) -> None:
    kinds = (adapter.get_str("general.type", ""), adapter.get_str("adapter.type", ""))
    if kinds != ("adapter", "lora"):
        raise FormatError(
            "{adapter} is no LoRA adapter; `chaski convert` makes one of a PEFT folder",
            adapter=adapter.name,
        )
    if adapter.architecture != file.architecture:
        raise FormatError(
            "{adapter} was made for {architecture} models, but {file} is {other}; choose "
            "the model that the adapter belongs to",
            adapter=adapter.name,
            architecture=shown(adapter.architecture, 80),
            file=file.name,
            other=shown(file.architecture, 80),
        )
    if adapter.byte_order != file.byte_order:
        raise UnsupportedError(
            "{adapter} has another byte order than {file}", adapter=adapter.name, file=file.name
        )


def _target(adapter: GGUFFile, name: str) -> str:
    """The matrix that a half belongs to."""
    if not name.endswith((A, B)):
        raise UnsupportedError(
            "{adapter}: {name} is no half of a LoRA matrix",
            adapter=adapter.name,
            name=quoted(name, 120),
        )
    return name[: -len(A)]


def _rank(graph: Graph, adapter: GGUFFile, target: str) -> int:
    """The rank of one matrix's halves, which must fit the matrix."""
    products = {op.weight for op in graph.ops if isinstance(op, Linear)}
    several = {op.weight for op in graph.ops if isinstance(op, ExpertLinear | HeadLinear)}
    if target in several:
        raise UnsupportedError(
            "{adapter} changes {target}, which is a matrix for each expert or head; such adapters "
            "cannot be used",
            adapter=adapter.name,
            target=quoted(target),
        )
    last = next(op.weight for op in reversed(graph.ops) if isinstance(op, Linear))
    if target == last or (target in graph.weights and target not in products):
        raise UnsupportedError(
            "{adapter} changes {target}: only the matrices inside the layers can be adapted while "
            "running; merge the adapter into the model instead (chaski convert --lora)",
            adapter=adapter.name,
            target=quoted(target),
        )
    a, b = (adapter.need_tensor(target + end) for end in (A, B))
    spec = graph.weights.get(target)
    # A matrix of one row may be written as a vector, with the same bytes.
    if (
        spec is None
        or len(a.shape) > 2
        or len(b.shape) > 2
        or (b.n_rows, a.n_cols) != spec.shape
        or not a.n_rows == b.n_cols > 0
    ):
        raise FormatError(
            "{adapter}: {target} does not fit this model; choose the model that the adapter "
            "belongs to",
            adapter=adapter.name,
            target=quoted(target, 120),
        )
    return a.n_rows


def _changed(graph: Graph, changes: dict[str, list[_Change]]) -> Graph:
    """All ops again, in order, reading the changed values where there are such."""
    new = Graph()
    new.take_states(graph)
    new.weights |= graph.weights
    values: list[Value] = []
    for op, width in zip(graph.ops, graph.widths, strict=True):
        moved = {k: values[v.index] for k, v in vars(op).items() if isinstance(v, Value)}
        value = new.append(replace(op, **moved), width)
        for change in changes.get(op.weight, ()) if isinstance(op, Linear) else ():
            narrow = new.scale(new.linear(moved["x"], change.a, change.rank), change.scale)
            value = new.add(value, new.linear(narrow, change.b, width))
        values.append(value)
    for name, given in graph.outputs.items():
        new.give(name, values[given.index])
    return new
