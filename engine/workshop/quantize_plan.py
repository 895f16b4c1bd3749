"""What quantizing will do, worked out before a weight is read: types, sizes, what speaks against.

Invariant: a plan that was made can be carried out; every wrong wish is an error here.
"""

import shutil
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, UsageError
from engine.base.places import check_output
from engine.weights.formats.gguf import GGUFFile, TensorInfo
from engine.weights.formats.gguf_header import GgufHeader
from engine.weights.formats.gguf_split import PATTERN, split_name
from engine.weights.formats.imatrix import Figures, ImportanceMatrix, open_imatrix
from engine.weights.quants import can_quantize
from engine.weights.types import TensorType
from engine.workshop.mixes import COPY, Wishes, facts_of, needs_imatrix, plan_types, target_name
from engine.workshop.mixes_names import EMBEDDINGS, layer_of
from engine.workshop.resume import bytes_there

SPARE_BYTES = 64 << 20  # left free on the disk beside the new file
MOST_LAYERS = 1 << 16  # of a model whose layers are numbered anew; real ones have hundreds


@dataclass(frozen=True)
class QuantizeOptions:
    """What to make and how; the fields are llama-quantize's options."""

    target: str = "Q4_K_M"
    wishes: Wishes = field(default_factory=Wishes)
    imatrix: Path | None = None
    include_weights: Sequence[str] = ()  # parts of names: only these heed the imatrix
    exclude_weights: Sequence[str] = ()  # these do not
    allow_requantize: bool = False
    keep_split: bool = False
    overwrite: bool = False  # an output that exists is replaced once the new one is complete
    prune_layers: Sequence[int] = ()
    override: Mapping[str, Any] = field(default_factory=dict)  # metadata to set
    threads: int = 1
    measure: bool = False  # also the error of each tensor: reads every weight once more


@dataclass(frozen=True)
class PlannedTensor:
    """One tensor: `source` is what it is now, `name` and `type` what it will be."""

    source: TensorInfo
    name: str
    type: TensorType

    @property
    def nbytes(self) -> int:
        return self.source.n_rows * self.type.row_bytes(self.source.n_cols)

    @property
    def is_copy(self) -> bool:
        return self.type is self.source.type


@dataclass(frozen=True)
class QuantizePlan:
    """All tensors in order, and the matrix that weighs them."""

    target: str
    tensors: tuple[PlannedTensor, ...]
    imatrix: ImportanceMatrix | None
    missing_importance: tuple[str, ...]  # tensors that would be noise without an imatrix

    @property
    def nbytes(self) -> int:
        return sum(tensor.nbytes for tensor in self.tensors)

    @property
    def n_elements(self) -> int:
        return sum(tensor.source.n_elements for tensor in self.tensors)

    @property
    def bits_per_weight(self) -> float:
        return 8 * self.nbytes / max(1, self.n_elements)

    @property
    def types(self) -> dict[str, str]:
        return {tensor.name: tensor.type.name for tensor in self.tensors}

    def importance(self, tensor: PlannedTensor) -> Figures | None:
        """float32 [matrices, cols], or None where the calibration says nothing about it."""
        if self.imatrix is None:
            return None
        info = tensor.source
        matrices = info.shape[-3] if len(info.shape) > 2 else 1
        if info.name in EMBEDDINGS:
            # Its inputs are token numbers; what some files hold for it is the output's.
            found = self.imatrix.entries.get(info.name)
            if found is None or found.sums.size != matrices * info.n_cols:
                return None
        return self.imatrix.importance(info.name, matrices, info.n_cols)


def head_of(file: GGUFFile, plan: QuantizePlan) -> GGUFFile:
    """The head of the file as it will be, with nothing behind it."""
    infos = {
        tensor.name: replace(tensor.source, type=tensor.type, nbytes=tensor.nbytes, shard=0)
        for tensor in plan.tensors
    }
    return GGUFFile([file.path], [], [GgufHeader(3, "little", file.metadata, {}, infos)])


def make_plan(file: GGUFFile, options: QuantizeOptions) -> QuantizePlan:
    """The plan (a dry run); it may still lack importance, which only carrying out refuses."""
    target = target_name(options.target)
    imatrix = _imatrix(options)
    names = _kept_names(file, options.prune_layers)
    infos = {new: replace(file.tensors[old], name=new) for old, new in names.items()}
    facts = replace(facts_of(file), n_layer=n_layers(file, options.prune_layers))
    types = plan_types(infos, facts, target, options.wishes, imatrix is not None)
    tensors = tuple(PlannedTensor(file.tensors[old], new, types[new]) for old, new in names.items())
    for tensor in tensors:
        _check(file.name, tensor, options)
    plan = QuantizePlan(target, tensors, imatrix, ())
    lacking = [t.name for t in tensors if _lacks_importance(t, target, plan)]
    return replace(plan, missing_importance=tuple(lacking))


def check_importance(plan: QuantizePlan) -> None:
    if plan.missing_importance:
        name = plan.missing_importance[0]
        have = (
            Words("the importance matrix has no figures for it")
            if plan.imatrix
            else Words("there is none")
        )
        raise UsageError(
            "{name} would become {type}, which is noise without an importance matrix, and {have}; "
            "make one (`chaski imatrix MODEL --file TEXT OUT`) or choose a larger type",
            name=name,
            type=plan.types[name],
            have=have,
        )


def output_paths(file: GGUFFile, out: Path, keep_split: bool) -> list[Path]:
    """The files to write: one, or as many as the source has."""
    count = len(file.paths) if keep_split else 1
    if count == 1:
        return [out]
    found = PATTERN.fullmatch(out.name)
    stem = found["stem"] if found else out.stem
    return [out.with_name(split_name(stem, no, count)) for no in range(count)]


def check_places(
    file: GGUFFile, plan: QuantizePlan, outs: Sequence[Path], *, overwrite: bool = False
) -> None:
    """The output must be new, elsewhere than the source, and fit on the disk."""
    for out in outs:
        check_output(out, file.paths, overwrite=overwrite)
    free = shutil.disk_usage(outs[0].parent).free + bytes_there(outs)
    needed = plan.nbytes + SPARE_BYTES
    if free < needed:
        raise ChaskiError(
            "{file} needs {needed:file}, but only {free:file} are free in {parent}; free some "
            "space or choose another folder",
            file=outs[0].name,
            needed=needed,
            free=free,
            parent=outs[0].parent,
        )


def n_layers(file: GGUFFile, prune: Sequence[int]) -> int:
    return file.get_int(f"{file.architecture}.block_count", 0) - len(set(prune))


def _imatrix(options: QuantizeOptions) -> ImportanceMatrix | None:
    if options.imatrix is None:
        return None
    if options.include_weights and options.exclude_weights:
        raise UsageError("weights can be included or excluded, not both")
    found = open_imatrix(options.imatrix)
    entries = {
        name: entry
        for name, entry in found.entries.items()
        if (not options.include_weights or any(part in name for part in options.include_weights))
        and not any(part in name for part in options.exclude_weights)
    }
    return replace(found, entries=entries)


def _kept_names(file: GGUFFile, prune: Sequence[int]) -> dict[str, str]:
    """Old name -> new name of the tensors that stay; layers are numbered anew."""
    count = n_layers(file, ())
    wrong = [layer for layer in prune if not 0 <= layer < count]
    if wrong or len(set(prune)) >= count > 0 or (prune and count > MOST_LAYERS):
        raise UsageError(
            "{file} has the layers 0 to {count}; {prune} cannot go",
            file=file.name,
            count=count - 1,
            prune=list(prune),
        )
    gone, names = sorted(set(prune)), {}
    for name in file.tensors:
        layer = layer_of(name)
        if layer in gone:
            continue
        rest = name.split(".", 2)[2] if 0 <= layer < count else ""
        names[name] = f"blk.{layer - bisect(gone, layer)}.{rest}" if rest else name
    return names


def _check(file: str, tensor: PlannedTensor, options: QuantizeOptions) -> None:
    info, kind = tensor.source, tensor.type
    if tensor.is_copy or options.target.upper() == COPY:
        return
    if not can_quantize(kind):
        raise UsageError(
            "{tensor}: {type} cannot be made into {kind}",
            tensor=info.name,
            type=info.type.name,
            kind=kind.name,
        )
    kind.row_bytes(info.n_cols)
    if info.type.block > 1 and not options.allow_requantize:
        raise UsageError(
            "{tensor} of {file} is already {type}; start from the F16, BF16 or F32 model, or "
            "allow the loss of quantizing twice (--allow-requantize)",
            tensor=info.name,
            file=file,
            type=info.type.name,
        )


def _lacks_importance(tensor: PlannedTensor, target: str, plan: QuantizePlan) -> bool:
    wanted = not tensor.is_copy and needs_imatrix(tensor.name, tensor.type, target)
    return wanted and plan.importance(tensor) is None
