"""From GGUF metadata to the tokenizer of its kind; the library behind it loads at first use."""

from engine.base.errors import FormatError, UnsupportedError, bounded
from engine.text.metadata import Metadata, get_str
from engine.text.own_keys import MERGES
from engine.text.tokenizer_base import Tokenizer
from engine.text.vocabulary import PREFIX, Vocabulary

__all__ = ["Tokenizer", "make_tokenizer"]

BPE_KINDS = ("gpt2", "gemma4", "whitespace")


def make_tokenizer(metadata: Metadata) -> Tokenizer:
    """The tokenizer that a model file describes; cheap, whatever the size of the vocabulary."""
    kind = get_str(metadata, PREFIX + "model", "")
    if not kind:
        raise FormatError(
            "{prefix}model is missing: the model file has no vocabulary.", prefix=PREFIX
        )
    if kind in ("none", "no_vocab"):
        raise UnsupportedError("This model file has no vocabulary, so it cannot read text.")
    return _make(kind, Vocabulary(metadata))


def _make(kind: str, vocabulary: Vocabulary) -> Tokenizer:
    if kind in BPE_KINDS:
        from engine.text.tokenizer_bpe import BpeTokenizer

        return BpeTokenizer(vocabulary)
    if kind == "llama" and MERGES in vocabulary.metadata:
        from engine.text.tokenizer_merged import MergedTokenizer

        return MergedTokenizer(vocabulary)
    if kind in ("llama", "t5"):
        from engine.text.tokenizer_spm import SpmTokenizer, UnigramTokenizer

        return SpmTokenizer(vocabulary) if kind == "llama" else UnigramTokenizer(vocabulary)
    if kind == "bert":
        from engine.text.tokenizer_wordpiece import WordPieceTokenizer

        return WordPieceTokenizer(vocabulary)
    if kind == "rwkv":
        from engine.text.tokenizer_rwkv import RwkvTokenizer

        return RwkvTokenizer(vocabulary)
    raise UnsupportedError(
        "The tokenizer kind {kind!r} ({prefix}model) is not supported by this version.",
        kind=bounded(kind),
        prefix=PREFIX,
    )
