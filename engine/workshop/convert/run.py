"""The job: a plan becomes a file, a few rows at a time.

Invariant: stopped, it leaves NAME.part and nothing else; the same job takes that up.
"""

import shutil
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from engine.base.errors import ChaskiError, UsageError
from engine.base.events import Event, Notice, Progress, Stage
from engine.base.places import check_output
from engine.base.settings import CONVERT_TYPES
from engine.base.turns import aside
from engine.weights.formats.gguf_part import PartProgress
from engine.weights.formats.gguf_values import QUANTIZATION_VERSION
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.formats.lazy import LazyTensor
from engine.weights.types import TensorType, file_type_name
from engine.workshop.convert.detect import open_source
from engine.workshop.convert.plan import ConvertPlan
from engine.workshop.convert.target import data_bytes, file_type, rows_as, target_kinds
from engine.workshop.quantize_encode import SOURCES, FastEncoder
from engine.workshop.resume import (
    bytes_there,
    job_key,
    keep_or_remove_parts,
    resume_parts,
    tell_resumed,
)

MUCH = 1 << 26  # weights: a second or two in NumPy
HEADER = 1 << 13  # bytes reckoned for keys and numbers


@dataclass(frozen=True)
class ConvertResult:
    """What was written. `resumed`: how many of the tensors an earlier run had written."""

    path: Path
    tensors: int
    bytes: int
    type_name: str
    architecture: str
    resumed: int = 0


@dataclass(frozen=True)
class SourceInfo:
    """What a source is, before anything is written. `sizes`: predicted bytes for each type."""

    what: str
    architecture: str
    name: str
    parameters: int
    source_bytes: int
    type_name: str
    sizes: dict[str, int]
    notices: tuple[str, ...]


def inspect_source(
    source: str | Path, *, tokenizer: Path | None = None, base: Path | None = None
) -> SourceInfo:
    """What the source is and how large the file would be; reads headers and vocabulary only."""
    plan = open_source(Path(source), tokenizer=tokenizer, base=base)
    try:
        kinds = {name: target_kinds(plan.tensors, name) for name in CONVERT_TYPES}
        own = file_type(kinds["auto"], plan.tensors)
        return SourceInfo(
            what=plan.what,
            architecture=plan.architecture,
            name=plan.name,
            parameters=plan.n_parameters,
            source_bytes=plan.checkpoint.n_bytes,
            type_name=file_type_name(own),
            sizes={
                name: data_bytes(plan.tensors, each) + _header_bytes(plan)
                for name, each in kinds.items()
            },
            notices=tuple(plan.notices),
        )
    finally:
        plan.checkpoint.close()


def convert(
    source: str | Path,
    out: str | Path,
    *,
    out_type: str = "auto",
    tokenizer: Path | None = None,
    base: Path | None = None,
    adapters: Sequence[tuple[Path, float]] = (),
    overwrite: bool = False,
    passing: bool = False,
    threads: int = 0,
) -> Generator[Event | None, None, ConvertResult]:
    """Converts a model to GGUF. Yields notices and progress in bytes.

    Closing it stops it; its next run goes on from there. tokenizer: where it does not lie beside
    the weights (llama2.c). base: the model that a LoRA adapter belongs to. adapters: LoRA folders
    to be merged in, each with a scale. passing: the complete file stays OUT.part, for a job that
    needs it only on the way; a run that finds it complete has nothing to do. threads: how many
    encode where the type changes and there is a kernel for it; 0: none, in NumPy.
    """
    source, out = Path(source), Path(out)
    if out_type not in CONVERT_TYPES:
        raise UsageError(
            "unknown type {type!r}: use one of {out_types}",
            type=out_type,
            out_types=", ".join(CONVERT_TYPES),
        )
    yield Progress(Stage.SOURCE, 0, 0)
    _check_places(source, out, overwrite)
    # Vocabularies are read and written anew: seconds, where they are large.
    plan = yield from aside(
        lambda: open_source(source, tokenizer=tokenizer, base=base, adapters=adapters),
        lost=lambda found: found.checkpoint.close(),
    )
    try:
        for text in plan.notices:
            yield Notice(text)
        key = _job_key(plan, source, adapters)
        return (yield from write_plan(plan, out, out_type, key, passing=passing, threads=threads))
    finally:
        plan.checkpoint.close()


def convert_progress(source: Path, out: Path, out_type: str = "auto") -> PartProgress | None:
    """How far an earlier run of this job came; None if there is nothing to go on from."""
    plan = open_source(source)
    try:
        writer = _writer(plan, out, target_kinds(plan.tensors, out_type))
        found = writer.progress(_job_key(plan, source, ()))
        return found if found is not None and found.tensors else None
    finally:
        plan.checkpoint.close()


def write_plan(
    plan: ConvertPlan,
    out: Path,
    out_type: str,
    key: bytes,
    *,
    passing: bool = False,
    threads: int = 0,
) -> Generator[Event | None, None, ConvertResult]:
    """Writes the planned file under its name; stopped, it leaves its part for the next run."""
    kinds = target_kinds(plan.tensors, out_type)
    total = data_bytes(plan.tensors, kinds)
    check_space(out, total + _header_bytes(plan))
    writer = _writer(plan, out, kinds)
    fast = FastEncoder(threads if _is_much(plan, kinds) else 0)
    try:
        taken = yield from resume_parts([writer], key)
        done = data_bytes({name: plan.tensors[name] for name in taken}, kinds)
        if len(taken) < len(kinds):
            yield from tell_resumed(done, total, len(taken))
        for name, tensor in plan.tensors.items():
            if name in taken:
                continue
            for part in _written(writer, name, tensor, kinds[name], fast):
                done += part
                yield Progress(Stage.WRITING, done, total)
        yield from aside(writer.complete)  # the disk may take minutes
        if not passing:
            writer.publish()
    except BaseException as error:
        keep_or_remove_parts([writer], error)
        raise
    finally:
        fast.close()
    made = writer.part if passing else out
    size, number = made.stat().st_size, file_type(kinds, plan.tensors)
    name = file_type_name(number)
    return ConvertResult(made, len(plan.tensors), size, name, plan.architecture, len(taken))


def _job_key(plan: ConvertPlan, source: Path, adapters: Sequence[tuple[Path, float]]) -> bytes:
    """The files with weights, and what stands beside them: settings that bend tensors."""
    folders = [source if source.is_dir() else source.parent, *(path for path, _ in adapters)]
    settings = [path for folder in folders for path in folder.glob("*.json") if path.is_file()]
    weights = [file.path for file in plan.checkpoint.files]
    scales = [(str(path.resolve()), scale) for path, scale in adapters]
    return job_key([*weights, *settings], adapters=scales)


def _writer(plan: ConvertPlan, out: Path, kinds: dict[str, TensorType]) -> GGUFWriter:
    """With everything set and declared."""
    writer = GGUFWriter(out)
    _set_metadata(writer, plan, file_type(kinds, plan.tensors))
    for name, tensor in plan.tensors.items():
        writer.declare(name, tensor.shape, kinds[name])
    return writer


def _written(
    writer: GGUFWriter, name: str, tensor: LazyTensor, kind: TensorType, fast: FastEncoder
) -> Iterator[int]:
    """Writes one tensor; yields the bytes of each step, so that a job can breathe between."""
    portion = fast.portion(kind, tensor.kind == kind)
    for start, stop in tensor.steps(portion):
        begun = perf_counter()
        writer.write_rows(name, rows_as(tensor, start, stop, kind, fast, name))
        portion.took((stop - start) * tensor.n_cols, perf_counter() - begun)
        yield (stop - start) * kind.row_bytes(tensor.n_cols)


def _is_much(plan: ConvertPlan, kinds: dict[str, TensorType]) -> bool:
    """Whether so much is encoded that compiling kernels for it is worth while; NumPy makes floats
    as fast as they are written."""
    made = (n for n, t in plan.tensors.items() if t.kind != kinds[n] and kinds[n] not in SOURCES)
    return sum(plan.tensors[n].n_elements for n in made) >= MUCH


def _set_metadata(writer: GGUFWriter, plan: ConvertPlan, number: int) -> None:
    for key, value in plan.metadata.items():
        writer.set(key, value)
    writer.set("general.type", plan.metadata.get("general.type", "model"))
    writer.set("general.name", plan.name)
    writer.set("general.file_type", number)
    writer.set("general.quantization_version", QUANTIZATION_VERSION)


def _header_bytes(plan: ConvertPlan) -> int:
    """Metadata and table of tensors; texts in full, each with its length before it."""
    size = HEADER + 128 * len(plan.tensors)
    for value in plan.metadata.values():
        if isinstance(value, list):
            size += sum(8 + 2 * len(item) for item in value if isinstance(item, str | bytes))
        size += getattr(value, "nbytes", len(value) if isinstance(value, str) else 0)
    return size


def _check_places(source: Path, out: Path, overwrite: bool) -> None:
    if not source.exists():
        raise UsageError("{source} does not exist", source=source)
    check_output(out, _files_of(source), overwrite=overwrite, example="it.gguf")


def _files_of(source: Path) -> list[Path]:
    """What is read, and so must not be written over."""
    return [path for path in source.iterdir() if path.is_file()] if source.is_dir() else [source]


def check_space(out: Path, wanted: int) -> None:
    """An error before the first byte, not after the last that fits."""
    free = shutil.disk_usage(out.absolute().parent).free + bytes_there([out])
    if wanted > free:
        raise ChaskiError(
            "{file} needs {wanted:file}, but {parent} has only {free:file} free; make room or "
            "choose another place",
            file=out.name,
            wanted=wanted,
            parent=out.absolute().parent,
            free=free,
        )
