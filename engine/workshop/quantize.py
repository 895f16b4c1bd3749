"""The job that quantizes a model: tensor by tensor from a mapped file to a new one.

Invariant: the output has its name only when it is complete; a closed job leaves nothing behind.
"""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.events import Progress
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.formats.gguf_split import COUNT_KEY, NO_KEY, TENSORS_KEY
from engine.weights.formats.gguf_values import MetaValue, ValueType
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import FILE_TYPES
from engine.workshop.mixes import COPY, TARGETS
from engine.workshop.quantize_encode import Bytes, ErrorSum, encoded_rows
from engine.workshop.quantize_fast import FastEncoder
from engine.workshop.quantize_plan import (
    Plan,
    PlannedTensor,
    QuantizeOptions,
    check_importance,
    check_places,
    make_plan,
    n_layers,
    output_paths,
)

QUANTIZATION_VERSION = 2
FILE_TYPE_NUMBERS = {name: number for number, name in FILE_TYPES.items()}


@dataclass(frozen=True)
class Quantized:
    """What was made. `errors`: relative error of each tensor that changed, if measured."""

    paths: tuple[Path, ...]
    bytes: int
    bits_per_weight: float
    seconds: float
    types: dict[str, str]
    errors: dict[str, float]


def plan_quantize(source: str | Path, options: QuantizeOptions) -> Plan:
    """The dry run: types, size and bits per weight, without reading a weight."""
    with open_gguf(source) as file:
        return make_plan(file, options)


def plan_targets(source: str | Path) -> dict[str, Plan]:
    """A plan for each target: the sizes to choose among, side by side."""
    with open_gguf(source) as file:
        options = [QuantizeOptions(target, allow_requantize=True) for target in TARGETS]
        return {each.target: make_plan(file, each) for each in options}


def quantize_model(
    source: str | Path, out: str | Path, options: QuantizeOptions
) -> Generator[Progress, None, Quantized]:
    """A job; closing it cancels. Progress counts weights."""
    began = time.monotonic()
    with open_gguf(source) as file:
        plan = make_plan(file, options)
        check_importance(plan)
        outs = output_paths(file, Path(out), options.keep_split)
        check_places(file, plan, outs, overwrite=options.overwrite)
        errors = yield from _write_all(file, plan, outs, options)
    return Quantized(
        paths=tuple(outs),
        bytes=sum(path.stat().st_size for path in outs),
        bits_per_weight=plan.bits_per_weight,
        seconds=time.monotonic() - began,
        types=plan.types,
        errors=errors,
    )


def _write_all(
    file: GGUFFile, plan: Plan, outs: list[Path], options: QuantizeOptions
) -> Generator[Progress, None, dict[str, float]]:
    """Writes every file as .part; only when all are complete do they get their names."""
    errors: dict[str, float] = {}
    writers: list[GGUFWriter] = []
    fast = FastEncoder(options.threads)
    done = 0
    try:
        yield from _compile(plan, fast)
        for no, out in enumerate(outs):
            tensors = [t for t in plan.tensors if len(outs) == 1 or t.source.shard == no]
            writers.append(GGUFWriter(out))
            _head(writers[-1], file, plan, options, no, len(outs))
            for tensor in tensors:
                writers[-1].declare(tensor.name, tensor.source.shape, tensor.type)
            for tensor in tensors:
                error = ErrorSum() if options.measure and not tensor.is_copy else None
                pieces = encoded_rows(file, tensor, plan.importance(tensor), fast, error)
                done = yield from _write_tensor(plan, tensor, pieces, writers[-1], done)
                if error is not None:
                    errors[tensor.name] = error.relative
            writers[-1].complete()
        for writer in writers:
            writer.publish()
    except BaseException:
        for writer in writers:
            writer.abandon()
        raise
    finally:
        fast.close()
    return errors


def _compile(plan: Plan, fast: FastEncoder) -> Generator[Progress, None, None]:
    """Compiles what is needed before it is: the first use on a machine takes seconds."""
    needed = {
        (tensor.type, plan.importance(tensor) is not None)
        for tensor in plan.tensors
        if not tensor.is_copy and fast.can(tensor.source.type, tensor.type, tensor.source.n_cols)
    }
    for kind, weighted in sorted(needed):
        yield Progress(f"compiling {kind.name} for your CPU", 0, plan.n_elements)
        fast.prepare(kind, weighted)


def _write_tensor(
    plan: Plan, tensor: PlannedTensor, pieces: Iterator[Bytes], writer: GGUFWriter, done: int
) -> Generator[Progress, None, int]:
    """Returns how many weights are done."""
    stage = f"{tensor.name} to {tensor.type.name}"
    if tensor.is_copy:
        stage = f"copying {tensor.name}"
    for rows in pieces:
        writer.write_rows(tensor.name, rows)
        done += len(rows) * tensor.source.n_cols
        yield Progress(stage, done, plan.n_elements)
    return done


def _head(
    writer: GGUFWriter, file: GGUFFile, plan: Plan, options: QuantizeOptions, no: int, count: int
) -> None:
    """The source's metadata and what changed; of a split model the first file has it all."""
    if no == 0:
        split = (NO_KEY, COUNT_KEY, TENSORS_KEY)
        values = {key: value for key, value in file.metadata.items() if key not in split}
        writer.set_all(_pruned(file, values, options), file.value_types)
        if plan.target != COPY:
            writer.set("general.quantization_version", QUANTIZATION_VERSION, ValueType.UINT32)
            writer.set("general.file_type", FILE_TYPE_NUMBERS[plan.target], ValueType.UINT32)
        if plan.imatrix is not None:
            writer.set("quantize.imatrix.file", str(plan.imatrix.path))
            writer.set("quantize.imatrix.dataset", ", ".join(plan.imatrix.datasets))
            writer.set("quantize.imatrix.entries_count", len(plan.imatrix.entries))
            writer.set("quantize.imatrix.chunks_count", plan.imatrix.chunks)
        for key, value in options.override.items():
            writer.set(key, value)
    if count > 1:
        writer.set(NO_KEY, no, ValueType.UINT16)
        writer.set(COUNT_KEY, count, ValueType.UINT16)
        writer.set(TENSORS_KEY, len(plan.tensors), ValueType.INT32)


def _pruned(
    file: GGUFFile, values: dict[str, MetaValue], options: QuantizeOptions
) -> dict[str, MetaValue]:
    """Metadata with the layers taken out: their number, and lists with a value for each."""
    if not options.prune_layers:
        return values
    before, arch = n_layers(file, ()), file.architecture
    kept = np.array([i not in options.prune_layers for i in range(before)])
    out: dict[str, MetaValue] = {}
    for key, value in values.items():
        per_layer = key.startswith(f"{arch}.") and _is_list_of(value, before)
        out[key] = value[kept] if per_layer and isinstance(value, np.ndarray) else value
    return out | {f"{arch}.block_count": n_layers(file, options.prune_layers)}


def _is_list_of(value: MetaValue, count: int) -> bool:
    array: NDArray[np.generic] | None = value if isinstance(value, np.ndarray) else None
    return array is not None and array.shape == (count,)
