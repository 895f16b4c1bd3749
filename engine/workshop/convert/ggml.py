"""Llama files from before GGUF: ggml, ggmf, ggjt (llama.cpp, alpaca.cpp, gpt4all of 2023)."""

from pathlib import Path

from engine.architectures.shared.source import Metadata
from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.weights.formats.ggml_old import MAGICS, OldModel, open_ggml
from engine.workshop.convert.meta import RULES, llama_keys
from engine.workshop.convert.plan import ConvertPlan, apply_rules
from engine.workshop.convert.vocabulary.any_file import fill, find_vocabulary
from engine.workshop.convert.vocabulary.c_files import mark_llama
from engine.workshop.convert.vocabulary.lists import NORMAL, VocabularyLists

__all__ = ["MAGICS", "plan_ggml"]

CONTEXT = 2048  # Llama 1; the files do not tell
EPS = 1e-6


def plan_ggml(path: Path, tokenizer: Path | None = None) -> ConvertPlan:
    """The plan for one old file, with all its parts; its own vocabulary unless one is given."""
    model = open_ggml(path)
    header, checkpoint = model.header, model.checkpoint
    try:
        shapes = {name: tensor.shape for name, tensor in checkpoint.tensors.items()}
        out = Metadata("llama")
        n_ff = _rows(shapes, "layers.0.feed_forward.w1.weight", path.name)
        head_dim = header.n_embd // header.n_head
        dims = llama_keys(
            out,
            n_embd=header.n_embd,
            n_layer=header.n_layer,
            n_head=header.n_head,
            n_head_kv=_rows(shapes, "layers.0.attention.wk.weight", path.name) // head_dim,
            n_ff=n_ff,
            vocab=_rows(shapes, "tok_embeddings.weight", path.name),
            n_ctx=CONTEXT,
            eps=EPS,
        )
        tensors = apply_rules(RULES, checkpoint.tensors, dims, path.name)
        notices: list[str] = [
            Words(
                "files of this age do not tell the trained context nor the norm's epsilon; "
                "those of Llama 1 were taken (2048 and 1e-6)"
            )
        ]
        own = tokenizer is None
        found = _vocabulary(model) if own else find_vocabulary(tokenizer, [], dims["vocab"], "")
        fill(found, dims["vocab"], notices)
        out |= found.metadata()
    except BaseException:
        checkpoint.close()
        raise
    what = Words("{form} file of 2023", form=header.form)
    if header.version:
        what = Words("{what}, version {version}", what=what, version=header.version)
    return ConvertPlan(what, out, tensors, checkpoint, path.stem, notices)


def _rows(shapes: dict[str, tuple[int, ...]], name: str, where: str) -> int:
    if name not in shapes:
        raise FormatError(
            "{where}: tensor {name} is missing; the file is incomplete or no llama",
            where=where,
            name=name,
        )
    return shapes[name][0]


def _vocabulary(model: OldModel) -> VocabularyLists:
    """The file's own. Without scores (ggml), the place in the list says what merges first."""
    found = VocabularyLists("llama", [], [])
    scores = model.scores or [-float(i) for i in range(len(model.tokens))]
    for text, score in zip(model.tokens, scores, strict=True):
        found.tokens.append(text.replace(b" ", "\u2581".encode()))
        found.types.append(NORMAL)
        found.scores.append(score)
    mark_llama(found)
    return found
