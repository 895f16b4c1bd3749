"""Names of a checkpoint's tensors, before a family's rules: what wraps them, what they give away.

Training tools put names of their wrappers before those of the model; quantizers leave their marks.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.lazy import LazyTensor
from engine.weights.types import TensorType
from engine.workshop.convert.ties import equal_values

# Wrappers of a whole model or of a part of it: DDP, torch.compile, FSDP, checkpointing, PEFT.
INSIDE = re.compile(
    r"(^|\.)(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module|_forward_module)\."
)
OUTSIDE = ("module.", "base_model.model.", "base_model.", "pretrained_model.", "_model.")
MOST_WRAPPERS = 4  # one in another
# What quantizers name their tensors, most telling first.
MARKS: tuple[tuple[str, str], ...] = (
    (r"\.(absmax|quant_map|nested_absmax|nested_quant_map)$|\.quant_state\.", "bitsandbytes"),
    (r"\.(SCB|weight_format)$", "bitsandbytes, 8 bits"),
    (r"\.weight_packed$|\.weight_shape$|\.weight_zero_point$", "compressed-tensors"),
    (r"\.g_idx$", "GPTQ"),
    (r"\.(qweight|qzeros)$", "GPTQ or AWQ"),
    (r"\.W_q$", "HQQ"),
    (r"\.weight_scales$", "EETQ"),
    (r"\.weight\._(data|scale|shift|zeropoint)$", "quanto"),
    (r"\.weight_scale_inv$", "fp8"),
    (r"\.(weight_scale(_2)?|input_scale|output_scale|activation_scale)$", Words("fp8 or the like")),
    (r"\.(codebooks|codes|Qidxs|centroids|dense_weights|row_offsets)$", Words("a codebook method")),
    (r"_(blocks|scales)$", "MXFP4"),
    (r"\.q_(weight|scale|scale_max|groups|invperm)$|\.trellis$", "EXL2 or EXL3"),
    (r"\._packed_params", "PyTorch's own"),
    (r"\.biases$", "MLX"),
    (r":_?(qdata|scale|zero_point)$|\.weight_qdata$|\.weight_tensor_data", "torchao"),
)
MARKED = re.compile("|".join(pattern for pattern, _ in MARKS))  # most models' names are not
LORA = re.compile(r"\.lora_(embedding_)?[AB](\.|$)")


def own_names(
    tensors: Mapping[str, LazyTensor],
    prefix: str,
    known: Callable[[str], bool],
    where: str,
    notices: list[str],
) -> dict[str, LazyTensor]:
    """The tensors under the family's own names, without `prefix` and without any wrapper's.

    known: is this one of the family's names? If none is, and all begin alike, that is a wrapper.
    """
    found: dict[str, LazyTensor] = {}
    wrapped: dict[str, int] = {}
    doubled = _is_doubled(tensors, prefix)
    common = "" if doubled else _common(tensors, prefix, known)
    for name, tensor in tensors.items():
        bare = unwrapped(name.removeprefix(common), prefix)
        if doubled:
            bare = bare.removeprefix(prefix)
        if bare != name:
            wrapped[_wrapper(name, bare)] = wrapped.get(_wrapper(name, bare), 0) + 1
        add_once(found, bare.removeprefix(prefix), tensor, name, where)
    if wrapped:
        listed = ", ".join(repr(each[:40]) for each in sorted(wrapped)[:4])
        notices.append(
            Words(
                "the names of {wrapped} tensors have {listed} in them, which some program put "
                "around the model; it was taken away",
                wrapped=sum(wrapped.values()),
                listed=listed,
            )
        )
    return found


def add_once(
    found: dict[str, LazyTensor], own: str, tensor: LazyTensor, name: str, where: str
) -> None:
    """Adds a tensor, called `name` in the file; a second one of the same name must be equal."""
    if own in found and not equal_values(found[own], tensor):
        raise FormatError(
            "{where}: the tensor {own} is there twice with different values (once as {name}); "
            "which one is the model's cannot be told",
            where=where,
            own=own[:120],
            name=name[:120],
        )
    found[own] = tensor


def _common(tensors: Mapping[str, LazyTensor], prefix: str, known: Callable[[str], bool]) -> str:
    """What all names begin with, if only without it some are the family's."""
    names = list(tensors)
    common = ""
    for _ in range(MOST_WRAPPERS):
        if any(known(unwrapped(name, prefix).removeprefix(prefix)) for name in names):
            return common
        first = names[0].partition(".")[0] + "." if names else ""
        if not all(name.startswith(first) and name != first for name in names):
            return ""
        common += first
        names = [name.removeprefix(first) for name in names]
    return ""


def unwrapped(name: str, prefix: str) -> str:
    """A tensor's name without the wrappers of training tools; `prefix` is the family's own."""
    before = ""
    while before != name:
        before = name
        name = INSIDE.sub(r"\1", name)
        for wrapper in OUTSIDE:
            if wrapper != prefix:
                name = name.removeprefix(wrapper)
    # GPT-2's own prefix before the names of other families.
    if prefix != "transformer." and name.startswith(("transformer." + prefix, "transformer.lm_")):
        name = name.removeprefix("transformer.")
    return name


def _wrapper(name: str, bare: str) -> str:
    """What was taken away, for telling."""
    return name.removesuffix(bare) if name.endswith(bare) else INSIDE.findall(name)[0][0] or "..."


def _is_doubled(tensors: Iterable[str], prefix: str) -> bool:
    """The whole model, its head too, is an attribute that is named like the family's prefix."""
    names = [unwrapped(name, prefix) for name in tensors]
    twice = any(name.startswith(prefix * 2) for name in names)
    return twice and all(name.startswith(prefix) for name in names)


def refuse_quantized_names(tensors: Mapping[str, LazyTensor], where: str) -> None:
    """Weights that some method has quantized, though config.json does not say so."""
    suspects = [name for name in tensors if MARKED.search(name)]
    for pattern, method in MARKS if suspects else ():
        marked = [
            name
            for name in suspects
            if re.search(pattern, name) and tensors[name].kind is not TensorType.MXFP4
        ]
        if marked:
            raise UnsupportedError(
                "{where}: the weights are quantized already ({method}; the tensor {marked} shows "
                "it, though config.json does not say so); get the original model, which gives a "
                "better result, too",
                where=where,
                method=method,
                marked=marked[0][:120],
            )
    adapted = next((name for name in tensors if LORA.search(name)), None)
    if adapted is not None:
        raise UnsupportedError(
            "{where}: an adapter lies within the model (tensor {adapted}); save the model with "
            "the adapter merged (merge_and_unload), or give the adapter apart with --lora",
            where=where,
            adapted=adapted[:120],
        )
    for name, tensor in tensors.items():
        if tensor.kind is TensorType.I8 and len(tensor.shape) == 2:
            raise UnsupportedError(
                "{where}: the weights are quantized already (tensor {name} is int8); get the "
                "original model, which gives a better result, too",
                where=where,
                name=name[:120],
            )
