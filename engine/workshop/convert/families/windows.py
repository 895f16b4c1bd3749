"""Which layers look through a sliding window: the key layer_types of config.json."""

from engine.base.errors import FormatError, UnsupportedError
from engine.workshop.convert.config import Config

FULL, SLIDING = "full_attention", "sliding_attention"


def layer_types(config: Config, n_layer: int) -> list[str] | None:
    """One of FULL and SLIDING for each layer; None if config.json does not say."""
    kinds = config.get("layer_types")
    if kinds is None:
        return None
    if not isinstance(kinds, list) or len(kinds) != n_layer:
        raise FormatError(
            "{file}: key layer_types is no list of {n_layer} layers",
            file=config.name,
            n_layer=n_layer,
        )
    for kind in kinds:
        if kind not in (FULL, SLIDING):
            raise UnsupportedError(
                "{file}: key layer_types has {kind!r}; known are {full} and {sliding}",
                file=config.name,
                kind=str(kind)[:40],
                full=FULL,
                sliding=SLIDING,
            )
    return kinds
