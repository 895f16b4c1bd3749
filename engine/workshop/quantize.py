"""The job that quantizes a model: tensor by tensor from an open file to a new one.

Invariant: the output has its name only when it is complete; a stopped job leaves NAME.part, and the
same job takes that up.
"""

import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.events import Event, Progress, Stage
from engine.base.turns import aside
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.formats.gguf_part import PartProgress
from engine.weights.formats.gguf_split import COUNT_KEY, NO_KEY, TENSORS_KEY
from engine.weights.formats.gguf_values import QUANTIZATION_VERSION, MetaValue, ValueType
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import FILE_TYPES
from engine.workshop.mixes import COPY
from engine.workshop.quantize_encode import Bytes, ErrorSum, FastEncoder, encoded_rows
from engine.workshop.quantize_plan import (
    PlannedTensor,
    QuantizeOptions,
    QuantizePlan,
    check_importance,
    check_places,
    make_plan,
    n_layers,
    output_paths,
)
from engine.workshop.resume import (
    STOPS,
    job_key,
    keep_or_remove_parts,
    matrix_digest,
    resume_parts,
    tell_resumed,
)

FILE_TYPE_NUMBERS = {name: number for number, name in FILE_TYPES.items()}


@dataclass(frozen=True)
class Quantized:
    """What was made. `errors`: relative error of each tensor that changed, if measured.

    `resumed`: how many tensors an earlier run had written.
    """

    paths: tuple[Path, ...]
    bytes: int
    bits_per_weight: float
    seconds: float
    types: dict[str, str]
    errors: dict[str, float]
    resumed: int = 0


def plan_quantize(source: str | Path, options: QuantizeOptions) -> QuantizePlan:
    """The dry run: types, size and bits per weight, without reading a weight."""
    with open_gguf(source) as file:
        return make_plan(file, options)


def quantize_model(
    source: str | Path, out: str | Path, options: QuantizeOptions
) -> Generator[Event | None, None, Quantized]:
    """A job; closing it stops it, and its next run goes on from there. Progress counts weights."""
    began = time.monotonic()
    with open_gguf(source) as file:
        plan = make_plan(file, options)
        check_importance(plan)
        outs = output_paths(file, Path(out), options.keep_split)
        check_places(file, plan, outs, overwrite=options.overwrite)
        errors, resumed = yield from _write_all(file, plan, outs, options)
    return Quantized(
        paths=tuple(outs),
        bytes=sum(path.stat().st_size for path in outs),
        bits_per_weight=plan.bits_per_weight,
        seconds=time.monotonic() - began,
        types=plan.types,
        errors=errors,
        resumed=resumed,
    )


def quantize_progress(
    source: str | Path, out: str | Path, options: QuantizeOptions
) -> PartProgress | None:
    """How far an earlier run of this job came; None if there is nothing to go on from."""
    with open_gguf(source) as file:
        plan = make_plan(file, options)
        outs = output_paths(file, Path(out), options.keep_split)
        key = _job_key(file, plan)
        writers = [_writer(file, plan, options, outs, no) for no in range(len(outs))]
        found = [writer.progress(key) for writer in writers]
    if not any(each is not None and each.tensors for each in found):
        return None
    there = [each for each in found if each is not None]
    tensors, done = (sum(each.tensors for each in there), sum(each.bytes for each in there))
    return PartProgress(
        tensors, done, max(done, plan.nbytes), all(each.is_sealed for each in there)
    )


def _job_key(file: GGUFFile, plan: QuantizePlan) -> bytes:
    moved = [(tensor.source.name, tensor.source.shard, tensor.name) for tensor in plan.tensors]
    return job_key(file.paths, tensors=moved, matrix=matrix_digest(plan.imatrix))


def _writer(
    file: GGUFFile, plan: QuantizePlan, options: QuantizeOptions, outs: list[Path], no: int
) -> GGUFWriter:
    """Of one of the files, with everything declared that it will hold."""
    writer = GGUFWriter(outs[no])
    _head(writer, file, plan, options, no, len(outs))
    for tensor in plan.tensors:
        if len(outs) == 1 or tensor.source.shard == no:
            writer.declare(tensor.name, tensor.source.shape, tensor.type)
    return writer


def _write_all(
    file: GGUFFile, plan: QuantizePlan, outs: list[Path], options: QuantizeOptions
) -> Generator[Event | None, None, tuple[dict[str, float], int]]:
    """Writes every file as .part; only when all are complete do they get their names."""
    errors: dict[str, float] = {}
    fast = FastEncoder(max(1, options.threads))
    writers = [_writer(file, plan, options, outs, no) for no in range(len(outs))]
    # A file of one part holds the tensors of all; of several, each those of its source.
    homes = {tensor.name: writers[tensor.source.shard % len(outs)] for tensor in plan.tensors}
    try:
        yield from _compile(plan, fast)
        taken: set[str] = set()
        if not options.measure:  # errors of tensors that are written would be missing
            taken = yield from resume_parts(writers, _job_key(file, plan))
        done = sum(t.source.n_elements for t in plan.tensors if t.name in taken)
        yield from tell_resumed(done, plan.n_elements, len(taken))
        for tensor in plan.tensors:
            if tensor.name in taken:
                continue
            error = ErrorSum() if options.measure and not tensor.is_copy else None
            pieces = encoded_rows(file, tensor, plan.importance(tensor), fast, error)
            writer = homes[tensor.name]
            done = yield from _write_tensor(plan, tensor, pieces, writer, done, fast)
            if error is not None:
                errors[tensor.name] = error.relative
        fast.settle()
        for writer in writers:
            yield from aside(writer.complete)  # the disk may take minutes
        for writer in writers:
            writer.publish()
    except BaseException as error:
        if isinstance(error, STOPS):
            with suppress(OSError):  # the piece that is ready makes a tensor whole, perhaps
                fast.settle()
        keep_or_remove_parts(writers, error)
        raise
    finally:
        fast.close()
    return errors, len(taken)


def _compile(plan: QuantizePlan, fast: FastEncoder) -> Generator[Event | None, None, None]:
    """Compiles what is needed before it is: the first use on a machine takes seconds."""
    needed = {
        (tensor.type, plan.importance(tensor) is not None)
        for tensor in plan.tensors
        if not tensor.is_copy and fast.can(tensor.source.type, tensor.type, tensor.source.n_cols)
    }
    for kind, weighted in sorted(needed):
        yield Progress(Stage.COMPILING, 0, plan.n_elements, what=kind.name)
        yield from fast.prepare(kind, weighted)


def _write_tensor(
    plan: QuantizePlan,
    tensor: PlannedTensor,
    pieces: Iterator[Bytes],
    writer: GGUFWriter,
    done: int,
    fast: FastEncoder,
) -> Generator[Progress, None, int]:
    """Returns how many weights are done. A piece is written while the next one is encoded."""
    stage, what = Stage.ENCODING, f"{tensor.name} to {tensor.type.name}"
    if tensor.is_copy:
        stage, what = Stage.COPYING, tensor.name
    for rows in pieces:
        fast.meanwhile(partial(writer.write_rows, tensor.name, rows))
        if tensor.is_copy:  # the rows are the source's pages, which go back next
            fast.settle()
        done += len(rows) * tensor.source.n_cols
        yield Progress(stage, done, plan.n_elements, what=what)
    return done


def _head(
    writer: GGUFWriter,
    file: GGUFFile,
    plan: QuantizePlan,
    options: QuantizeOptions,
    no: int,
    count: int,
) -> None:
    """The source's metadata and what changed; of a split model the first file has it all."""
    if no == 0:
        split = (NO_KEY, COUNT_KEY, TENSORS_KEY)
        values = {key: value for key, value in file.metadata.items() if key not in split}
        writer.set_all(_pruned(file, values, options), file.value_types)
        if plan.target != COPY:
            writer.set("general.quantization_version", QUANTIZATION_VERSION, ValueType.UINT32)
            writer.set("general.file_type", FILE_TYPE_NUMBERS[plan.target], ValueType.UINT32)
            name = file.metadata.get("general.name")
            if isinstance(name, str):
                writer.set("general.name", name_without_type(name))
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


def name_without_type(name: str) -> str:
    """The source's name without the type it was of: "tiny F16" → "tiny"; the new file says its own
    in general.file_type."""
    for kind in sorted(FILE_TYPE_NUMBERS, key=len, reverse=True):
        rest = name[: -len(kind)]
        parted = rest.rstrip(" -_.()[]")
        if name.upper().endswith(kind) and parted and parted != rest:
            return parted
    return name


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
