"""The usual decoder, in which families differ by the order of the rope's columns, their norms and
what a feed-forward does. A layer may be without attention, or without a feed-forward.
"""

from collections.abc import Callable

from engine.architectures.shared.common import Common, NormKind, Style, read_common, read_rope
from engine.architectures.shared.encoder import written
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.compute.graph import Graph, Value


def usual(
    keys: Keys,
    *,
    style: Style = "neox",
    norm: NormKind = "rms",
    head_norm: bool = False,
    ffn_norm: str = "ffn_norm",
    feed: Callable[[Layer, Value], Value] = Layer.gated,
) -> tuple[Common, Graph]:
    """Pre-norm transformer.

    style: of the rope; norm: of which kind norms are; head_norm: each query and key head is normed;
    ffn_norm: the norm behind attention; feed: what a layer's normed stream then goes through.
    """
    common = read_common(keys, norm=norm)
    rope = read_rope(keys, common, style)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        if L.heads.n:
            normed = L.norm(x, "attn_norm")
            x = L.add(x, L.attention(normed, rope=rope, head_norm=head_norm))
        if L.n_ff:
            x = L.add(x, feed(L, L.norm(x, ffn_norm)))
    return written(model, x)


def squared(L: Layer, x: Value) -> Value:
    """A feed-forward without a gate that squares what is above zero (So et al. 2021,
    arXiv:2109.08668)."""
    return L.plain(x, "relu2")
