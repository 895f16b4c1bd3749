"""From GGUF metadata to the tokenizer of its kind, and what all kinds share.

Special tokens come first, then the kind's own way with plain text: a subclass only says how plain
text becomes ids and what a normal token adds to the text. Libraries load at first use.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property

from engine.base.errors import (
    ChaskiError,
    FormatError,
    UnsupportedError,
    bounded,
    without_surrogates,
)
from engine.text.metadata import Metadata, get_bool, get_str
from engine.text.own_keys import BETWEEN_TOKENS, FIRST_TOKENS, LAST_TOKENS, MERGES, get_ids
from engine.text.prompt import LONGEST, FlaggedSplitter, Prompt, Spans, Splitter, get_flags
from engine.text.vocabulary import PREFIX, TokenType, Vocabulary

FEW_LETTERS = 1 << 16  # not worth a look before they are encoded
CANNOT_READ = "The model's tokenizer cannot read this text"
# Special tokens of these models swallow the whitespace after them (known by name only).
SWALLOWING_NAMES = ("phi-3", "phi3")


class Tokenizer(ABC):
    """Text to ids and back for one vocabulary; the costly parts wait for their first use."""

    default_ids: dict[str, int] = {}  # what the kind assumes where the file is silent
    default_add_bos = False
    default_add_eos = False
    space_prefix = False  # text after nothing or after a special token begins with a space

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.notice: str | None = " ".join(vocabulary.notices) or None
        self.n_vocab = vocabulary.n_vocab
        self.bos_id = self._named("bos")
        self.eos_id = self._named("eos")
        self.unknown_id = self._named("unknown")
        self.add_bos = self._wants("bos", self.bos_id, self.default_add_bos)
        self.add_eos = self._wants("eos", self.eos_id, self.default_add_eos)
        self._pieces: dict[int, bytes] = {}

    def _tell(self, notice: str) -> None:
        self.notice = f"{self.notice} {notice}" if self.notice else notice

    @property
    def first_ids(self) -> list[int]:
        """What every text begins with: BOS, or whatever the file says."""
        return self._ends(FIRST_TOKENS, self.bos_id if self.add_bos else None)

    @property
    def last_ids(self) -> list[int]:
        """What every text ends with."""
        return self._ends(LAST_TOKENS, self.eos_id if self.add_eos else None)

    def _ends(self, key: str, standard: int | None) -> list[int]:
        if key in self.vocabulary.metadata:
            return list(get_ids(self.vocabulary.metadata, key, self.n_vocab))
        return [] if standard is None else [standard]

    def _named(self, name: str) -> int | None:
        return self.vocabulary.token_id(name, self.default_ids.get(name))

    def _wants(self, name: str, token: int | None, default: bool) -> bool:
        key = f"{PREFIX}add_{name}_token"
        wanted = get_bool(self.vocabulary.metadata, key, default and token is not None)
        if wanted and token is None and f"{PREFIX}{name}_token_id" in self.vocabulary.metadata:
            return False  # a token that is not there; the vocabulary's notice tells
        if wanted and token is None:
            raise FormatError(
                "{key} is true, but {prefix}{name}_token_id is missing.",
                key=key,
                prefix=PREFIX,
                name=name,
            )
        return wanted

    @property
    def end_ids(self) -> frozenset[int]:
        """All tokens that end a reply."""
        ends = self.vocabulary.end_ids
        return ends if self.eos_id is None else ends | {self.eos_id}

    @property
    def special_tokens(self) -> dict[str, int]:
        return self.vocabulary.special

    def encode(
        self, text: str, *, add_special: bool = True, parse_special: bool = False
    ) -> list[int]:
        """Ids of a text; what spells a control token stays text unless `parse_special`."""
        splitter = self._all_special if parse_special else self._user_defined
        ids = self._encode_split(splitter, text)
        return self._with_ends(ids) if add_special else ids

    def encode_pair(self, first: str, second: str) -> tuple[list[int], int]:
        """Ids of two texts that are read together (a question and a passage), each text as text;
        and at which of them the second one's begin."""
        before = [*self.first_ids, *self.encode(first, add_special=False), *self._between]
        second_ids = self.encode(second, add_special=False)
        return [*before, *second_ids, *self.last_ids], len(before)

    @property
    def _between(self) -> list[int]:
        """What stands between two texts: what ends one, where the file does not say."""
        if BETWEEN_TOKENS in self.vocabulary.metadata:
            return list(get_ids(self.vocabulary.metadata, BETWEEN_TOKENS, self.n_vocab))
        return self.last_ids

    def encode_prompt(self, prompt: Prompt) -> list[int]:
        """Ids of a rendered prompt; starts exactly once with what the model wants first."""
        ids = self._encode_split(self._all_special, prompt.text, prompt.literal)
        first = self.first_ids
        begun = ids[: len(first)] == first or ids[:1] == [self.vocabulary.template_token("bos")]
        return ids if begun else first + ids

    def least_tokens(self, text: str) -> int:
        """How many tokens a text has at least, without the work of finding them."""
        if len(text) <= FEW_LETTERS:
            return 0
        blanks = sum(map(text.count, " \t\r\n")) if self._drops_blanks() else 0
        return (len(text) - blanks) // self._longest

    def _drops_blanks(self) -> bool:
        """Whether blanks of a text may leave nothing in the tokens."""
        flags = get_flags(self.vocabulary.metadata, self.n_vocab)
        return bool(self._swallowing()) if flags is None else bool(flags.lstrip or flags.rstrip)

    @cached_property
    def _longest(self) -> int:
        """Letters of the longest token, which no real one is far beyond."""
        return min(max(map(len, self.vocabulary.tokens)), LONGEST)

    def prepare(self) -> None:
        """Does now what the first text would otherwise wait for (up to half a second).

        May run beside the compute thread. What is wrong with the vocabulary is told with that text.
        """
        with suppress(ChaskiError):
            self._prepare()

    def _prepare(self) -> None:
        _ = self._all_special, self._user_defined, self.end_ids

    def _encode_split(self, splitter: Splitter, text: str, literal: Spans = ()) -> list[int]:
        ids: list[int] = []
        after_special = True
        for part in splitter.split(without_surrogates(text), literal):
            if isinstance(part, int):
                ids.append(part)
            else:
                ids.extend(self._encode_text(part, after_special))
            after_special = isinstance(part, int)
        return ids

    def _with_ends(self, ids: list[int]) -> list[int]:
        return self.first_ids + ids + self.last_ids

    @abstractmethod
    def _encode_text(self, text: str, after_special: bool) -> list[int]:
        """Ids of plain text without special tokens in it."""

    @abstractmethod
    def _normal_piece(self, text: str) -> bytes:
        """What a normal token of this spelling adds to the text."""

    @cached_property
    def _all_special(self) -> Splitter:
        return self._splitter(self.vocabulary.special)

    @cached_property
    def _user_defined(self) -> Splitter:
        return self._splitter(self.vocabulary.of_type([TokenType.USER_DEFINED]))

    def _splitter(self, tokens: Mapping[str, int]) -> Splitter:
        """Finds these tokens in text, with the flags that the file gives them."""
        flags = get_flags(self.vocabulary.metadata, self.n_vocab)
        if flags:
            return FlaggedSplitter(tokens, flags)
        return Splitter(tokens, self._swallowing() if flags is None else frozenset())

    def _swallowing(self) -> frozenset[int]:
        name = str(self.vocabulary.metadata.get("general.name", "")).lower()
        if not any(part in name for part in SWALLOWING_NAMES):
            return frozenset()
        special = self.vocabulary.special
        kept = ("<unk>", "<s>", "<|endoftext|>")
        return frozenset(token for text, token in special.items() if text not in kept)

    def text_of(self, token: int) -> str:
        """The vocabulary's own spelling of a token."""
        return self.vocabulary.text(token)

    def piece(self, token: int) -> bytes:
        """What the token adds to the text; nothing for control tokens."""
        found = self._pieces.get(token)
        if found is None:
            found = self._pieces[token] = self._make_piece(token)
        return found

    def _make_piece(self, token: int) -> bytes:
        if not 0 <= token < self.n_vocab:
            return b""  # the embedding may be padded beyond the vocabulary
        text = self.vocabulary.text(token)
        kind = int(self.vocabulary.types[token])
        if token in self.vocabulary.structure or kind == TokenType.USER_DEFINED:
            return text.encode("utf-8", "replace")
        if kind == TokenType.BYTE:
            return byte_of(text)
        if kind in (TokenType.NORMAL, TokenType.UNDEFINED):
            return self._normal_piece(text)
        return b""

    def decode(self, ids: Iterable[int], *, special: bool = False) -> str:
        """The text of ids; with `special`, control tokens show their spelling."""
        parts: list[bytes] = []
        prefixed = True
        for place, token in enumerate(ids):
            piece = self.piece(token)
            hidden = self.is_control(token)
            if prefixed and not hidden:
                piece = self.without_prefix(piece)
            if hidden and special:
                piece = self.text_of(token).encode("utf-8", "replace")
            prefixed = hidden and self._prefix_behind(token, place)
            parts.append(piece)
        return b"".join(parts).decode("utf-8", "replace")

    def _prefix_behind(self, token: int, place: int) -> bool:
        """Whether encoding put a space behind this special token, the `place`th of the text."""
        return True

    def is_control(self, token: int) -> bool:
        """Whether the token is one that text is split at (or beyond the vocabulary)."""
        return not 0 <= token < self.n_vocab or token in self._control

    @cached_property
    def _control(self) -> frozenset[int]:
        types = (TokenType.CONTROL, TokenType.UNKNOWN)
        return frozenset(self.vocabulary.of_type(types).values())

    def without_prefix(self, piece: bytes) -> bytes:
        """A first piece without the space that encoding put before the text."""
        return piece[1:] if self.space_prefix and piece.startswith(b" ") else piece


@contextmanager
def foreign(sentence: str) -> Iterator[None]:
    """Around a call of a library: what it raises becomes this sentence, with its own words in it.

    A panic of Rust code is a BaseException and passes every `except Exception` on its way.
    """
    try:
        yield
    except (ChaskiError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise FormatError(
            "{sentence}: {error}.", sentence=sentence, error=bounded(error).rstrip(".")
        ) from error


def byte_of(text: str) -> bytes:
    """The byte that a spelling such as <0x0A> stands for."""
    try:
        return bytes([int(text[3:5], 16)]) if text.startswith("<0x") else text.encode()
    except ValueError:
        return b""


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
        from engine.text.tokenizer_spm import MergedTokenizer

        return MergedTokenizer(vocabulary)
    if kind in ("llama", "t5"):
        from engine.text.tokenizer_spm import SpmTokenizer, UnigramTokenizer

        return SpmTokenizer(vocabulary) if kind == "llama" else UnigramTokenizer(vocabulary)
    if kind == "bert":
        from engine.text.tokenizer_longest import WordPieceTokenizer

        return WordPieceTokenizer(vocabulary)
    if kind == "rwkv":
        from engine.text.tokenizer_longest import RwkvTokenizer

        return RwkvTokenizer(vocabulary)
    raise UnsupportedError(
        "The tokenizer kind {kind!r} ({prefix}model) is not supported by this version.",
        kind=bounded(kind),
        prefix=PREFIX,
    )
