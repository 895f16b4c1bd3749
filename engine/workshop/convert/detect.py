"""Finds out what a source is: by the files of a folder, or the first bytes of a file."""

import struct
from collections.abc import Sequence
from pathlib import Path

from engine.base.errors import FormatError, UnsupportedError, UsageError
from engine.weights.formats.magic import not_gguf
from engine.workshop.convert import folder, ggml, llama2c, llmc, lora, meta, rwkv
from engine.workshop.convert.plan import ConvertPlan


def open_source(
    source: Path,
    *,
    tokenizer: Path | None = None,
    base: Path | None = None,
    adapters: Sequence[tuple[Path, float]] = (),
) -> ConvertPlan:
    """The plan for whatever the source is. The caller closes plan.checkpoint."""
    plan = _plan(source, tokenizer, base)
    try:
        for path, scale in adapters:
            lora.merge_into(plan, path, scale)
    except BaseException:
        plan.checkpoint.close()
        raise
    return plan


def _plan(source: Path, tokenizer: Path | None, base: Path | None) -> ConvertPlan:
    if source.is_dir():
        return _plan_folder(source, base, tokenizer)
    if not source.is_file():
        raise UsageError("{source} does not exist or is no ordinary file", source=source)
    with source.open("rb") as file:
        head = file.read(64)
    if head[:4] == b"GGUF":
        raise UsageError(
            "{source} is a GGUF file already; it needs no conversion", source=source.name
        )
    magic = struct.unpack("<I", head[:4].ljust(4, b"\0"))[0]
    if magic in ggml.MAGICS:
        return ggml.plan_ggml(source, tokenizer)
    if magic == llmc.MAGIC:
        return llmc.plan_llmc(source, tokenizer)
    if _belongs_to_folder(source, head):
        return _plan_folder(source.parent, base, tokenizer)
    if _is_torch(head) and (plan := _rwkv(source, tokenizer)) is not None:
        return plan
    if llama2c.is_llama2c(source, head):
        return llama2c.plan_llama2c(source, tokenizer)
    raise FormatError(not_gguf(source.name, head, source.stat().st_size, wanted="model"))


def _belongs_to_folder(source: Path, head: bytes) -> bool:
    """One file of a folder was chosen: the folder is meant."""
    return (_is_torch(head) or head[8:9] == b"{") and _is_known(source.parent)


def _is_torch(head: bytes) -> bool:
    return head[:4] == b"PK\x03\x04" or head[:2] == b"\x80\x02"


def _rwkv(path: Path, tokenizer: Path | None) -> ConvertPlan | None:
    """The plan, if the file is one of RWKV's own."""
    checkpoint = rwkv.open_rwkv(path)
    if checkpoint is None:
        return None
    try:
        return rwkv.plan_rwkv(path, checkpoint, tokenizer)
    except BaseException:
        checkpoint.close()
        raise


def _is_known(path: Path) -> bool:
    return lora.is_adapter(path) or meta.is_meta_folder(path) or folder.is_folder_of_weights(path)


def _plan_folder(path: Path, base: Path | None, tokenizer: Path | None) -> ConvertPlan:
    if lora.is_adapter(path):
        if tokenizer is not None:
            raise UsageError(
                "{file} is an adapter, which has no tokenizer of its own", file=path.name
            )
        return lora.plan_adapter(path, base)
    if folder.is_folder_of_weights(path):
        return folder.plan_folder(path, tokenizer)
    if meta.is_meta_folder(path):
        return meta.plan_meta(path, tokenizer)
    own = sorted(each for each in path.glob("*.pth") if each.is_file())
    if len(own) == 1 and (plan := _rwkv(own[0], tokenizer)) is not None:
        return plan
    if len(own) > 1:
        raise UsageError(
            "{file} holds {n} checkpoints (.pth) and no config.json; choose one of these files",
            file=path,
            n=len(own),
        )
    if any(path.glob("*.gguf")):
        raise UsageError("{file} holds GGUF files, which need no conversion", file=path)
    raise UnsupportedError(
        "{file} holds no model that is known here: no config.json with weights, no params.json "
        "with consolidated.*.pth, no RWKV checkpoint, no adapter_config.json",
        file=path,
    )
