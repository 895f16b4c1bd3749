"""Meta's own checkpoints: params.json and consolidated.*.pth, whose pieces are put together.

Also the rules for Meta's tensor names, which llama2.c and the older ggml files share.
"""

import re
from pathlib import Path

from engine.architectures.shared.source import Metadata, Rule
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.config import Config
from engine.weights.formats.lazy import LazyTensor, joined, of_floats
from engine.weights.formats.pytorch import open_pytorch
from engine.workshop.convert.plan import ConvertPlan, apply_rules
from engine.workshop.convert.rope import llama3_factors
from engine.workshop.convert.vocabulary.any_file import fill, find_vocabulary
from engine.workshop.convert.vocabulary.lists import Added

FIRST_SPECIAL = "<|begin_of_text|>"
IGNORED = r"^rope\.freqs$|inner_attention\.rope\.freqs$"
RULES = (
    Rule("tok_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    Rule("layers.{i}.attention_norm.weight", "blk.{i}.attn_norm.weight", ("embd",)),
    Rule("layers.{i}.attention.wq.weight", "blk.{i}.attn_q.weight", ("q", "embd")),
    Rule("layers.{i}.attention.wk.weight", "blk.{i}.attn_k.weight", ("kv", "embd")),
    Rule("layers.{i}.attention.wv.weight", "blk.{i}.attn_v.weight", ("kv", "embd")),
    Rule("layers.{i}.attention.wo.weight", "blk.{i}.attn_output.weight", ("embd", "q")),
    Rule("layers.{i}.ffn_norm.weight", "blk.{i}.ffn_norm.weight", ("embd",)),
    Rule("layers.{i}.feed_forward.w1.weight", "blk.{i}.ffn_gate.weight", ("ff", "embd")),
    Rule("layers.{i}.feed_forward.w3.weight", "blk.{i}.ffn_up.weight", ("ff", "embd")),
    Rule("layers.{i}.feed_forward.w2.weight", "blk.{i}.ffn_down.weight", ("embd", "ff")),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    Rule("output.weight", "output.weight", ("vocab", "embd"), optional=True),
)
# Keys of params.json that make another model, or other weights, of it.
REFUSED = ("moe", "quantization_args", "lora_args", "vision_chunk_size", "vision_encoder")
# The width of the feed-forward, which they describe, is seen in the weights.
NEUTRAL = ("multiple_of", "ffn_dim_multiplier", "max_batch_size", "max_seq_len", "model_parallel")
# How the pieces of a model-parallel checkpoint go together: rows below or columns beside.
BELOW = re.compile(r"(wq|wk|wv|w1|w3|^output)\.weight$")
BESIDE = re.compile(r"(wo|w2)\.weight$")


def is_meta_folder(folder: Path) -> bool:
    return (folder / "params.json").is_file() and any(folder.glob("consolidated.*.pth"))


def llama_keys(
    out: Metadata,
    *,
    n_embd: int,
    n_layer: int,
    n_head: int,
    n_head_kv: int,
    n_ff: int,
    vocab: int,
    n_ctx: int,
    eps: float,
    theta: float = 10000.0,
) -> dict[str, int]:
    """The keys of a llama from anywhere but Hugging Face; returns the sizes for the rules."""
    if n_embd % n_head or n_head % n_head_kv or (n_embd // n_head) % 2:
        raise FormatError(
            "{n_head} heads and {n_head_kv} key/value heads do not fit a width of {n_embd}",
            n_head=n_head,
            n_head_kv=n_head_kv,
            n_embd=n_embd,
        )
    head_dim = n_embd // n_head
    out.own(
        vocab_size=vocab,
        context_length=n_ctx,
        embedding_length=n_embd,
        block_count=n_layer,
        feed_forward_length=n_ff,
        attention__head_count=n_head,
        attention__head_count_kv=n_head_kv,
        attention__layer_norm_rms_epsilon=eps,
        rope__dimension_count=head_dim,
        rope__freq_base=theta,
    )
    kv = n_head_kv * head_dim
    sizes = {"n_layer": n_layer, "n_head": n_head, "n_head_kv": n_head_kv, "head_dim": head_dim}
    return sizes | {"vocab": vocab, "embd": n_embd, "q": n_embd, "kv": kv, "ff": n_ff}


def plan_meta(folder: Path, tokenizer: Path | None = None) -> ConvertPlan:
    """The plan for a folder of consolidated.*.pth; the tokenizer lies there unless it is given."""
    params = Config.read(folder / "params.json")
    for key in REFUSED:
        params.expect(key, None, {})
    checkpoint = _merged(folder, params.int("dim"))
    try:
        return _plan(folder, params, checkpoint, tokenizer)
    except BaseException:
        checkpoint.close()
        raise


def _plan(
    folder: Path, params: Config, checkpoint: Checkpoint, tokenizer: Path | None
) -> ConvertPlan:
    tensors = checkpoint.tensors
    n_head = params.int("n_heads")
    theta = params.float("rope_theta", 10000.0)
    scaled = params.bool("use_scaled_rope", False)
    factor = params.float("rope_scaling_factor", 8.0)
    high = params.float("rope_high_freq_factor", params.float("high_freq_factor", 4.0))
    out = Metadata("llama")
    dims = llama_keys(
        out,
        n_embd=params.int("dim"),
        n_layer=params.int("n_layers"),
        n_head=n_head,
        n_head_kv=params.int("n_kv_heads", n_head),
        n_ff=_rows(tensors, "layers.0.feed_forward.w1.weight", folder.name),
        vocab=_rows(tensors, "tok_embeddings.weight", folder.name),
        n_ctx=_context(theta, scaled),
        eps=params.float("norm_eps"),
        theta=theta,
    )
    found = apply_rules(RULES, tensors, dims, folder.name, IGNORED)
    if scaled:
        factors = llama3_factors(theta, dims["head_dim"], factor, 8192, 1.0, high)
        found["rope_freqs.weight"] = of_floats(factors)
    out.own(attention__sliding_window=params.int("sliding_window", None))  # Mistral's
    notices: list[str] = [
        Words("params.json does not tell the trained context; it was taken from the generation")
    ]
    _compare(params, dims, found, notices)
    out |= _tokenizer(folder, tokenizer, dims["vocab"], notices)
    pieces = len(checkpoint.files)
    what = Words("Meta checkpoint in {pieces} {pieces:piece|pieces}", pieces=pieces)
    return ConvertPlan(what, out, found, checkpoint, folder.resolve().name, notices)


def _compare(
    params: Config, dims: dict[str, int], found: dict[str, LazyTensor], notices: list[str]
) -> None:
    """What params.json says beside the weights must be what the weights say."""
    for key, size in (("head_dim", "head_dim"), ("hidden_dim", "ff"), ("vocab_size", "vocab")):
        said = params.int(key, dims[size], low=-1)
        if said not in (dims[size], -1):
            raise FormatError(
                "{params}: key {key} is {said}, but the weights have {dim}; they do not belong "
                "together",
                params=params.name,
                key=key,
                said=said,
                dim=dims[size],
            )
    if "output.weight" not in found:
        notices.append(Words("the weights have no output matrix; the embedding serves as such"))
    unknown = params.unasked(NEUTRAL)
    if unknown:
        notices.append(
            Words(
                "{params} has keys that are not known here and were left aside: {unknown}",
                params=params.name,
                unknown=", ".join(key[:60] for key in unknown[:12]),
            )
        )


def _context(theta: float, scaled: bool) -> int:
    """Not in the file: 2048 or 4096 for Llama 1 and 2, more for those with another rope base."""
    if scaled:
        return 131072
    return {10000.0: 4096, 1000000.0: 16384, 500000.0: 8192}.get(theta, 4096)


def _rows(tensors: dict[str, LazyTensor], name: str, where: str) -> int:
    if name not in tensors:
        raise FormatError(
            "{where}: tensor {name} is missing; the model is incomplete", where=where, name=name
        )
    return tensors[name].shape[0]


def _merged(folder: Path, n_embd: int) -> Checkpoint:
    """The pieces in the order of their numbers, every tensor whole again."""
    paths = sorted(folder.glob("consolidated.*.pth"))
    numbers = [path.name.split(".")[1] for path in paths]
    if numbers != [f"{i:02d}" for i in range(len(paths))]:
        raise FormatError(
            "{folder} has the pieces {numbers}: one is missing; get all of them",
            folder=folder.name,
            numbers=", ".join(numbers),
        )
    parts: list[Checkpoint] = []
    try:
        for path in paths:
            parts.append(open_pytorch(path))
        names = parts[0].tensors.keys()
        for path, part in zip(paths, parts, strict=True):
            if part.tensors.keys() != names:
                raise FormatError(
                    "{file} has other tensors than {file_name}",
                    file=path.name,
                    file_name=paths[0].name,
                )
        tensors = {
            name: _whole(name, [part.tensors[name] for part in parts], n_embd) for name in names
        }
        return Checkpoint(tensors, [file for part in parts for file in part.files])
    except BaseException:
        for part in parts:
            part.close()
        raise


def _whole(name: str, pieces: list[LazyTensor], n_embd: int) -> LazyTensor:
    if len(pieces) == 1 or len(pieces[0].shape) != 2:
        return pieces[0]  # norms are in every piece
    if BELOW.search(name):
        return joined(pieces, 0)
    if BESIDE.search(name):
        return joined(pieces, 1)
    if name == "tok_embeddings.weight":
        # Llama 1 and 2 cut its columns, Llama 3 its rows.
        return joined(pieces, 0 if pieces[0].shape[1] == n_embd else 1)
    raise UnsupportedError(
        "tensor {name} of a model in pieces: how to join it is not known", name=name[:120]
    )


def _tokenizer(
    folder: Path, given: Path | None, vocab: int, notices: list[str]
) -> dict[str, object]:
    """It lies in the folder or (Llama 1 and 2) beside it."""
    places = [folder, folder.parent]
    found = find_vocabulary(given, places, vocab, folder.name)
    if found.kind == "gpt2" and found.find(FIRST_SPECIAL) is None:
        found.add(_llama3_specials(len(found.tokens)))
    if found.kind == "gpt2" and (first := found.find(FIRST_SPECIAL)) is not None:
        found.keys |= {"add_bos_token": True, "bos_token_id": first, "eos_token_id": first + 1}
    fill(found, vocab, notices)
    return found.metadata()


def _llama3_specials(base: int) -> list[Added]:
    """The 256 special tokens of Llama 3.1, which stand in Meta's code, not in a file."""
    first = [
        FIRST_SPECIAL,
        "<|end_of_text|>",
        "<|reserved_special_token_0|>",
        "<|reserved_special_token_1|>",
        "<|finetune_right_pad_id|>",
        "<|step_id|>",
        "<|start_header_id|>",
        "<|end_header_id|>",
        "<|eom_id|>",
        "<|eot_id|>",
        "<|python_tag|>",
    ]
    rest = [f"<|reserved_special_token_{i}|>" for i in range(2, 2 + 256 - len(first))]
    return [Added(base + i, text, True) for i, text in enumerate(first + rest)]
