"""A source before anything is made of it: what it is, what each target would weigh and need.

Weights of other programs are seen as the GGUF file they would become, so one way serves for all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, FormatError, UnsupportedError, UsageError
from engine.base.models import Forecast
from engine.base.settings import LoadOptions
from engine.fit import forecast
from engine.inspect.records import SourceFacts, Target
from engine.library.files import is_model_name
from engine.model import type_name
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.formats.gguf_header import GgufHeader, TensorInfo
from engine.workshop.convert.detect import open_source
from engine.workshop.convert.plan import ConvertPlan
from engine.workshop.convert.target import file_type, target_kinds
from engine.workshop.mixes import COPY, TARGETS
from engine.workshop.quantize_plan import QuantizeOptions, head_of, make_plan

DESCRIBED = ("config.json", "params.json", "adapter_config.json")  # folders of weights


@dataclass(frozen=True)
class Opened:
    """A source as a GGUF file, real or to be."""

    file: GGUFFile
    what: str
    is_gguf: bool
    name: str
    bytes: int
    notices: tuple[str, ...] = ()


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The source while its headers are read; closed afterwards."""
    if is_gguf(path):
        with open_gguf(path) as file:
            name = file.told_str("general.name") or path.stem
            yield Opened(file, Words("GGUF file"), True, name, file.file_bytes)
        return
    plan = open_source(path)
    try:
        size, notices = plan.checkpoint.n_bytes, tuple(plan.notices)
        yield Opened(_future(path, plan), plan.what, False, plan.name, size, notices)
    finally:
        plan.checkpoint.close()


def is_gguf(path: Path) -> bool:
    if path.is_dir():
        return False
    if not path.is_file():
        raise UsageError("{file} does not exist; choose another file or folder", file=path)
    try:
        with path.open("rb") as file:
            return file.read(4) == b"GGUF"
    except OSError as error:
        raise FormatError(
            "{file} cannot be opened: {reason}", file=path, reason=error.strerror
        ) from None


def look_at(path: Path) -> SourceFacts:
    path = _meant(path)
    with opened(path) as found:
        file = found.file
        needs, complaint = _needs(file)
        return SourceFacts(
            path=path,
            what=found.what,
            is_gguf=found.is_gguf,
            name=found.name,
            architecture=file.get_str("general.architecture", ""),
            type_name=type_name(file),
            parameters=file.n_parameters,
            bytes=found.bytes,
            forecast=needs,
            is_quantized=any(t.type.block > 1 for t in file.tensors.values()),
            targets=tuple(_targets(found, runs=needs is not None)),
            notices=found.notices + complaint,
        )


def _meant(path: Path) -> Path:
    """A folder that holds one GGUF model and no other weights stands for that model."""
    if not path.is_dir() or any((path / name).exists() for name in DESCRIBED):
        return path
    models = [each for each in sorted(path.iterdir()) if is_model_name(each.name)]
    if len(models) > 1:
        raise UsageError(
            "{file} holds {n_models} GGUF models; choose one of the files",
            file=path,
            n_models=len(models),
        )
    return models[0] if models else path


def _future(path: Path, plan: ConvertPlan) -> GGUFFile:
    """The file that converting will write, without its weights."""
    kinds = target_kinds(plan.tensors, "auto")
    infos = {
        name: TensorInfo(
            name, tensor.shape, kinds[name], 0, tensor.n_rows * kinds[name].row_bytes(tensor.n_cols)
        )
        for name, tensor in plan.tensors.items()
    }
    metadata = {key: _as_read(value) for key, value in plan.metadata.items()}
    metadata["general.file_type"] = file_type(kinds, plan.tensors)
    return GGUFFile([path], [], [GgufHeader(3, "little", metadata, {}, infos)])


def _as_read(value: Any) -> Any:
    """Numbers in lists as the reader of files would give them."""
    if isinstance(value, list) and value and isinstance(value[0], int | float):
        return np.asarray(value)
    return value


def _needs(file: GGUFFile) -> tuple[Forecast | None, tuple[str, ...]]:
    """None for what cannot run here, with the reason."""
    try:
        return forecast(file), ()
    except (FormatError, UnsupportedError) as error:
        return None, (str(error),)


def _targets(found: Opened, *, runs: bool) -> Iterator[Target]:
    """All that can be made, the largest first; what each would need if the family runs here."""
    file = found.file
    head = max(0, file.file_bytes - sum(t.nbytes for t in file.tensors.values()))
    made = []
    for name in TARGETS:
        try:
            plan = make_plan(file, QuantizeOptions(name, allow_requantize=True))
        except ChaskiError:  # a type this source cannot become is no choice
            continue
        changes = any(not tensor.is_copy for tensor in plan.tensors)
        if name != COPY and (changes or not found.is_gguf):
            lacking = bool(plan.missing_importance)
            needs = _needs(head_of(file, plan))[0] if runs else None
            bits = plan.bits_per_weight
            made.append(Target(name, plan.nbytes + head, needs, bits, lacking))
    yield from sorted(made, key=lambda target: -target.bytes)


def foretold(path: Path, n_ctx: int = 0, cache_type: str = "f16") -> Forecast | None:
    """At a context (the trained one, if that is shorter), or the usual one; None where the file
    cannot be read or run. Raises nothing: it is one of many in a list."""
    try:
        with open_gguf(path) as file:
            return forecast(file, LoadOptions(n_ctx=n_ctx, cache_type=cache_type), shorten=True)
    except (ChaskiError, OSError, ArithmeticError, ValueError):
        return None
