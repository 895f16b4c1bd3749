"""One matrix under two names: embedding and output, once, twice or changed in a file."""

from collections.abc import Sequence

import numpy as np

from engine.architectures.shared.source import Rule
from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.weights.formats.lazy import LazyTensor

EMBEDDING, OUTPUT = "token_embd.weight", "output.weight"  # GGUF's names of the two


def equal_values(a: LazyTensor, b: LazyTensor) -> bool:
    """The same shape and the same numbers, whatever types they are stored in."""
    if a.shape != b.shape:
        return False
    for start, stop in a.steps():
        if a.kind is b.kind:
            same = np.array_equal(a.read(start, stop), b.read(start, stop))
        else:
            same = np.array_equal(a.floats(start, stop), b.floats(start, stop))
        if not same:
            return False
    return True


def settle_ties(
    rules: Sequence[Rule],
    own: dict[str, LazyTensor],
    tied: bool,
    where: str,
    notices: list[str],
) -> None:
    """Leaves in `own` an output matrix only where the model has one of its own.

    As transformers does: tied from whichever name is there; two that differ are not tied.
    """
    embedding = next(rule.source for rule in rules if rule.target == EMBEDDING)
    output = next((rule.source for rule in rules if rule.target == OUTPUT), "")
    if not output:
        return  # an encoder has none
    if not tied:
        if output not in own:
            raise FormatError(
                "{where}: tensor {output} is missing, and config.json does not say that the "
                "embedding serves as output (tie_word_embeddings)",
                where=where,
                output=output,
            )
        return
    if output not in own:
        return
    if embedding not in own:
        own[embedding] = own.pop(output)
    elif equal_values(own[embedding], own[output]):
        del own[output]
    else:
        notices.append(
            Words(
                "config.json says that the embedding serves as output (tie_word_embeddings), but "
                "the file has another {output}; that was kept, as transformers does",
                output=output,
            )
        )
