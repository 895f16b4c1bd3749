"""What Gemma 3n and 4 have in common: the last layers look at caches of earlier ones, and each
layer has an input of its own, looked up by the token.

A layer that shares reads the cache of the last layer of its kind (with a window or without) that
has one; it has no keys and values itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.architectures.shared.common import Common
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Rule, Settings
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Grows, RopeSpec, StateRef, Value
from engine.weights.formats.config import Config

PER_LAYER = "embedding_length_per_layer_input"


@dataclass
class Caches:
    """The caches of one model while its graph is written; `own`: how many layers have one."""

    own: int
    windows: Sequence[int]
    rope: RopeSpec
    local: RopeSpec  # of layers with a window
    latest: dict[bool, StateRef[Grows]] = field(default_factory=dict)  # by: has it a window?

    def attention(self, L: Layer, x: Value) -> Value:
        """Normed queries and keys, normed values; scores are not scaled."""
        g, heads, window = L.graph, L.heads, self.windows[L.i]
        rope = self.local if window else self.rope
        q = L.norm(L.linear(x, "attn_q", heads.n * heads.key), "attn_q_norm", group=heads.key)
        q = g.rope(q, heads.key, rope)
        if L.i < self.own:
            k, v = self._keys_and_values(L, x, rope)
            state = g.keep(Grows(heads.n_kv, heads.key, heads.value, window))
            g.keep_rows(k, v, state)
            self.latest[window > 0] = state
        mixed = g.attention(q, self.latest[window > 0], heads.n, 1.0, window=window)
        return L.linear(mixed, "attn_output", L.common.n_embd)

    def _keys_and_values(self, L: Layer, x: Value, rope: RopeSpec) -> tuple[Value, Value]:
        """Without a matrix of their own values are the keys, before these are normed and turned."""
        g, heads = L.graph, L.heads
        k = L.linear(x, "attn_k", heads.n_kv * heads.key)
        v = L.linear(x, "attn_v", heads.n_kv * heads.value) if L.has("attn_v") else k
        k = L.norm(k, "attn_k_norm", group=heads.key)
        v = g.rms_norm(v, None, L.common.eps, group=heads.value)
        return g.rope(k, heads.key, rope), v


def read_caches(
    keys: Keys, common: Common, windows: Sequence[int], rope: RopeSpec, local: RopeSpec
) -> Caches:
    """How many layers share, and whether each finds a cache of its kind and shape."""
    shared = keys.int("attention.shared_kv_layers", 0, common.n_layer, default=0)
    own = common.n_layer - shared
    shapes = [(window, common.heads[i]) for i, window in enumerate(windows)]
    for i in range(own, common.n_layer):
        alike = [at for at in range(own) if (windows[at] > 0) == (windows[i] > 0)]
        if not alike or shapes[alike[-1]] != shapes[i]:
            raise FormatError(
                "{file}: layer {i} shares a cache (key {key}), but no earlier layer has one of its "
                "kind",
                file=keys.file.path.name,
                i=i,
                key=keys.name("attention.shared_kv_layers"),
            )
    return Caches(own, windows, rope, local)


def per_layer_inputs(model: Model, x: Value, *, needed: bool = False) -> list[Value]:
    """An input for each layer: what the token has in a table, and what is made of its embedding;
    none where the model has no such table, unless that is needed."""
    g, keys, common = model.graph, model.keys, model.common
    default = None if needed else 0
    width = keys.int(PER_LAYER, int(needed), MAX_WIDTH, default=default)
    if not width:
        return []
    whole = width * common.n_layer
    found = g.embed("per_layer_token_embd.weight", common.n_vocab, whole)
    made = g.scale(model.linear(x, "per_layer_model_proj", whole), common.n_embd**-0.5)
    made = model.norm(made, "per_layer_proj_norm", group=width)
    both = g.scale(g.add(made, g.scale(found, width**0.5)), 2**-0.5)
    return [g.slice(both, i * width, width) for i in range(common.n_layer)]


def with_input(L: Layer, x: Value, own: Value) -> Value:
    """What a layer makes of its own input, to be added."""
    g = L.graph
    gate = L.linear(x, "inp_gate", own.width)
    made = L.linear(g.gated(gate, own, "gelu_tanh"), "proj", L.common.n_embd)
    return L.norm(made, "post_norm")


def shared_layers(config: Config, found: Settings) -> int:
    """How many layers have caches of their own; the matrices of the others are left out."""
    n_layer = found.dims["n_layer"]
    shared: int = config.int("num_kv_shared_layers", 0, low=0)
    if shared >= n_layer:
        raise UnsupportedError(
            "{file}: key num_kv_shared_layers is {shared}, but the model has {n_layer} layers",
            file=config.name,
            shared=shared,
            n_layer=n_layer,
        )
    own = n_layer - shared
    if shared:
        found.unused = (
            rf"^layers\.({'|'.join(str(i) for i in range(own, n_layer))})\."
            r"self_attn\.(k_proj|v_proj|k_norm|v_norm)\."
        )
    return own


def per_layer_rules(layers: str = "") -> tuple[Rule, ...]:
    """layers: of Settings.layers, where models may have no such inputs."""
    at = "layers.{i}."
    wide = ("per_layers", "embd")
    return (
        Rule(
            "embed_tokens_per_layer.weight",
            "per_layer_token_embd.weight",
            ("vocab", "per_layers"),
            "fitted",
            layers=layers,
        ),
        Rule(
            "per_layer_model_projection.weight", "per_layer_model_proj.weight", wide, layers=layers
        ),
        Rule(
            "per_layer_projection_norm.weight",
            "per_layer_proj_norm.weight",
            ("per_layer",),
            layers=layers,
        ),
        Rule(
            f"{at}per_layer_input_gate.weight",
            "blk.{i}.inp_gate.weight",
            ("per_layer", "embd"),
            layers=layers,
        ),
        Rule(
            f"{at}per_layer_projection.weight",
            "blk.{i}.proj.weight",
            ("embd", "per_layer"),
            layers=layers,
        ),
        Rule(
            f"{at}post_per_layer_input_norm.weight",
            "blk.{i}.post_norm.weight",
            ("embd",),
            layers=layers,
        ),
    )


def per_layer_settings(config: Config, found: Settings) -> int:
    """The width of a layer's own input; 0 where there are none. Tokens beyond the table's rows (of
    pictures and sound) have the first one's, as in transformers."""
    width: int = config.int("hidden_size_per_layer_input", 0, low=0)
    rows = config.int("vocab_size_per_layer_input", found.dims["vocab"])
    found.dims |= {
        "per_layer": width,
        "per_layers": width * found.dims["n_layer"],
        "per_layer_rows": rows if width else 0,
    }
    return width
