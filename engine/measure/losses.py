"""What a type lost against its source, as it was measured: one frozen record, free to import."""

import re
from dataclasses import dataclass

from engine.base.catalogue import Words
from engine.base.words import shown

BUILT_IN = ""  # as the name of a text: the one that comes with the program
_ENDINGS = re.compile(r"[-_. ]?(gguf|hf)$", re.IGNORECASE)
_MEANINGLESS = {"model", "main", "merged", "final", "output", "unnamed", "llama", "qwen", "gemma"}


@dataclass(frozen=True)
class Loss:
    """What one type loses against its source, over one text. Sizes in bytes, divergence in nats."""

    name: str
    file: str  # its name
    mark: str  # tells one file's contents from another's
    bytes: int
    bits: float  # per weight
    text: str  # its file's name, or BUILT_IN
    text_key: str  # losses over the same tokens can be compared
    tokens: int  # that were predicted
    source_ppl: float
    ppl: float
    kl_mean: float
    kl_99: float
    top1: float  # share of tokens where both find the same one likeliest
    models: tuple[str, ...] = ()  # names of the model, each made plain (`plain_name`)
    parameters: int = 0
    sha256: str = ""  # of the file, or of its first part

    @property
    def text_name(self) -> str:
        """What people call the text."""
        return Words("the built-in text") if self.text == BUILT_IN else shown(self.text)

    @property
    def worse(self) -> float:
        """How much worse it predicts the text: 0.012 is 1.2 %; a little below 0 is chance."""
        return self.ppl / self.source_ppl - 1.0


def plain_name(name: str) -> str:
    """What stays the same of a model's name wherever it stands: "Qwen/Qwen3-4B-GGUF" and "Qwen3 4B"
    are "qwen34b". "" for a name that says nothing."""
    text = _ENDINGS.sub("", name.rpartition("/")[2].strip())
    plain = "".join(letter for letter in text.casefold() if letter.isalnum())[:100]
    return "" if plain in _MEANINGLESS or len(plain) < 4 else plain
