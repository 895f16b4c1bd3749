"""What tokenizers do that GGUF has no key for: keys of our own, which other programs pass over.

Written by the converter where the standard keys say less than the source does; read here.
"""

from dataclasses import dataclass

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.text.metadata import Metadata, get_numbers, get_str, get_strings, wrong_type

OWN = "chaski.tokenizer."
SPACE_PREFIX = OWN + "space_prefix"  # one of SPACES
FIRST_TOKENS = OWN + "first_tokens"  # what stands before every text, where that is not just BOS
LAST_TOKENS = OWN + "last_tokens"
END_TOKENS = OWN + "end_tokens"  # end a reply, beyond those that the standard keys hold
TEMPLATE_BOS = OWN + "template_bos_token_id"  # bos_token of templates, where texts begin otherwise
NORMALIZER = OWN + "normalizer"  # Unicode forms, in order
MERGES = OWN + "merges"  # pairs, where scores cannot say the same
LSTRIP = OWN + "lstrip_tokens"  # these take the whitespace before them
RSTRIP = OWN + "rstrip_tokens"  # these that behind them
SPACED = OWN + "spaced_tokens"  # these are found only behind a space, and take it
SINGLE_WORD = OWN + "single_word_tokens"  # these are found only between words
BETWEEN_TOKENS = OWN + "between_tokens"  # what stands between two texts that are read together
LONGEST_WORD = OWN + "longest_word"  # letters; a longer one is the unknown token (WordPiece)
EXTRA_SPACES = OWN + "extra_spaces"  # one of EXTRAS: what becomes of spaces that others follow
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
# Words are found by whitespace of any kind and length; runs of spaces become one; ends are cut off.
EXTRAS = (
    "none", "split", "merge", "left", "right", "left-right", "merge-left", "merge-right",
    "merge-left-right",
)  # fmt: skip


@dataclass(frozen=True)
class SpacePrefix:
    """Where a space is put in front of text: at the start, behind special tokens, always.

    `whole`: user-defined tokens are letters of the text they stand in, so the space comes before
    them, and none comes behind.
    """

    at_start: bool = True
    after_special: bool = True
    unless_space: bool = False  # not where there is one already
    whole: bool = False

    def wanted(self, text: str, at_start: bool) -> bool:
        place = self.at_start if at_start else self.after_special
        return place and not (self.unless_space and text.startswith((" ", "\u2581")))


NO_SPACE = SpacePrefix(at_start=False, after_special=False)
SPACES = {
    "none": NO_SPACE,
    "each": SpacePrefix(),  # llama.cpp's; a Prepend normalizer
    "each-unless-space": SpacePrefix(unless_space=True),  # Metaspace, always
    "first": SpacePrefix(after_special=False),  # sentencepiece with "legacy": false
    "first-unless-space": SpacePrefix(after_special=False, unless_space=True),  # Metaspace, first
    "each-whole": SpacePrefix(whole=True),  # sentencepiece with symbols of the user's
    "first-whole": SpacePrefix(after_special=False, whole=True),
}


def get_space_prefix(metadata: Metadata, standard: bool) -> SpacePrefix:
    """The file's own word; without it, what add_space_prefix (`standard`) means."""
    name = get_str(metadata, SPACE_PREFIX, "each" if standard else "none")
    if name not in SPACES:
        raise FormatError(
            "{space_prefix} is {name!r}; known are {spaces}. A newer version may know it.",
            space_prefix=SPACE_PREFIX,
            name=name[:40],
            spaces=", ".join(SPACES),
        )
    return SPACES[name]


def get_ids(metadata: Metadata, key: str, n_vocab: int) -> tuple[int, ...]:
    """A list of token ids; those beyond the vocabulary are passed over."""
    numbers = get_numbers(metadata, key)
    if numbers is None or not len(numbers):
        return ()
    if numbers.dtype.kind == "f":
        raise wrong_type(key, Words("a list of whole numbers"))
    inside = (numbers >= 0) & (numbers < n_vocab)
    return tuple(int(token) for token in np.asarray(numbers)[inside])


def get_forms(metadata: Metadata) -> tuple[str, ...]:
    """Unicode forms that text is brought into, one after the other."""
    forms = tuple(get_strings(metadata, NORMALIZER) or ())
    unknown = [form for form in forms if form not in FORMS]
    if unknown:
        raise FormatError(
            "{normalizer} is {unknown!r}; known are {forms}.",
            normalizer=NORMALIZER,
            unknown=unknown[0][:40],
            forms=", ".join(FORMS),
        )
    return forms


def get_extra(metadata: Metadata) -> str:
    """What becomes of spaces that others follow, by the file's own word; "" where it is silent."""
    name = get_str(metadata, EXTRA_SPACES, "")
    if name and name not in EXTRAS:
        raise FormatError(
            "{extra_spaces} is {name!r}; known are {extras}. A newer version may know it.",
            extra_spaces=EXTRA_SPACES,
            name=name[:40],
            extras=", ".join(EXTRAS),
        )
    return name
