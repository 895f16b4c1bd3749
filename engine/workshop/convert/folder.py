"""Hugging Face folders: config.json, weights as safetensors or PyTorch .bin, one file or many."""

from collections.abc import Callable
from pathlib import Path

from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.checkpoint import Checkpoint, read_json, united
from engine.weights.formats.lazy import LazyTensor
from engine.weights.formats.pytorch import open_pytorch
from engine.weights.formats.safetensors import open_safetensors
from engine.workshop.convert.config import Config
from engine.workshop.convert.families.family import Family, Settings
from engine.workshop.convert.families.table import find_family
from engine.workshop.convert.plan import Metadata, Plan, apply_rules
from engine.workshop.convert.vocabulary.read import read_tokenizer

Open = Callable[[Path], Checkpoint]
# What to look for, in this order: safetensors are preferred where a folder has both.
KINDS: tuple[tuple[str, str, str, Open], ...] = (
    ("safetensors", "model.safetensors", "*.safetensors", open_safetensors),
    ("PyTorch files", "pytorch_model.bin", "pytorch_model*.bin", open_pytorch),
)


def is_folder_of_weights(folder: Path) -> bool:
    return (folder / "config.json").is_file()


def plan_folder(folder: Path) -> Plan:
    """The plan for a Hugging Face folder; the caller closes its checkpoint."""
    config = Config.read(folder / "config.json")
    family = find_family(config)
    _refuse_quantized(config)
    out = Metadata(family.architecture)
    settings = family.settings(config, out)
    kind, checkpoint = open_weights(folder)
    try:
        tensors = convert_tensors(family, settings, checkpoint, folder.name)
        notices = settings.notices
        out |= read_tokenizer(folder, settings.dims["vocab"], config.values, notices)
    except BaseException:
        checkpoint.close()
        raise
    what = f"Hugging Face folder with {kind}, {config.values['architectures'][0]}"
    return Plan(what, out, tensors, checkpoint, folder.resolve().name, notices)


def _refuse_quantized(config: Config) -> None:
    found = config.part("quantization_config")
    if found is not None:
        method = str(found.values.get("quant_method", "some method"))[:40]
        raise UnsupportedError(
            f"{config.name}: the weights are quantized already ({method}, key "
            "quantization_config); get the original model, which gives a better result, too"
        )


def convert_tensors(
    family: Family, settings: Settings, checkpoint: Checkpoint, where: str
) -> dict[str, LazyTensor]:
    """The family's rules over names without their prefix; then the factor tensors."""
    own = {name.removeprefix(family.prefix): t for name, t in checkpoint.tensors.items()}
    if settings.tied:
        own.pop("lm_head.weight", None)
    elif "lm_head.weight" not in own:
        raise FormatError(
            f"{where}: tensor lm_head.weight is missing, and config.json does not say that the "
            "embedding serves as output (tie_word_embeddings)"
        )
    tensors = apply_rules(family.rules, own, settings.dims, where, family.ignored)
    return tensors | settings.extra


def open_weights(folder: Path) -> tuple[str, Checkpoint]:
    """All shards of the first kind of weights that the folder has."""
    for kind, single, pattern, opener in KINDS:
        paths = _shards(folder, single, pattern)
        if paths:
            return kind, _opened(paths, opener)
    raise FormatError(
        f"{folder.name} holds no weights: neither safetensors nor pytorch_model.bin; get the whole "
        "model folder"
    )


def _shards(folder: Path, single: str, pattern: str) -> list[Path]:
    """By the index where there is one; a file it names that is absent is an error."""
    index = folder / f"{single}.index.json"
    if not index.is_file():
        if (folder / single).is_file():
            return [folder / single]
        skip = ("adapter_model", "consolidated")  # other things in the same folder
        return sorted(p for p in folder.glob(pattern) if not p.name.startswith(skip))
    places = read_json(index).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise FormatError(f"{index.name} has no weight_map")
    names = sorted({str(name) for name in places.values()})
    for name in names:
        if Path(name).name != name or not (folder / name).is_file():
            raise FormatError(
                f"{name[:120]} is missing in {folder.name}: {index.name} lists {len(names)} files; "
                "get the missing one"
            )
    return [folder / name for name in names]


def _opened(paths: list[Path], opener: Open) -> Checkpoint:
    parts: list[Checkpoint] = []
    try:
        for path in paths:
            parts.append(opener(path))
        return united(parts)
    except BaseException:
        for part in parts:
            part.close()
        raise
