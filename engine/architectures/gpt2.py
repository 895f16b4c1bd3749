"""GPT-2: learned positions, layer norms with biases, no gate. As OpenAI published it in 2019."""

from engine.architectures.blocks import output, plain_feed_forward, self_attention
from engine.architectures.hyper import Hyper, Keys, read_hyper
from engine.compute.graph import Graph, Value


def build(keys: Keys) -> tuple[Hyper, Graph]:
    h = read_hyper(keys, rope_style="neox", eps_key="attention.layer_norm_epsilon", windowed=False)
    return h, declare(keys, h)


def declare(keys: Keys, h: Hyper) -> Graph:
    """Pre-norm transformer; positions are added to the embedding."""
    g = Graph()

    def norm(x: Value, name: str) -> Value:
        return g.layer_norm(x, f"{name}.weight", h.eps, keys.tensor(f"{name}.bias"))

    places = g.embed_position("position_embd.weight", h.n_ctx_train, h.n_embd)
    x = g.add(g.embed("token_embd.weight", h.n_vocab, h.n_embd), places)
    for i in range(h.n_layer):
        normed = norm(x, f"blk.{i}.attn_norm")
        x = g.add(x, self_attention(g, keys, h, i, normed, rotate=False))
        normed = norm(x, f"blk.{i}.ffn_norm")
        x = g.add(x, plain_feed_forward(g, keys, h, i, normed, "gelu_tanh"))
    output(g, keys, h, norm(g.select(x), "output_norm"))
    return g
