"""Rules and settings of checkpoints that most decoders share: named as llama's class names them."""

from dataclasses import replace

from engine.architectures.shared.common import EPSILONS, NormKind
from engine.architectures.shared.keys import MAX_EXPERTS
from engine.architectures.shared.source import Bend, Metadata, Rule, Settings
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.config import Config

MOST_COLUMNS = 1 << 16  # of a head
# Modules of a layer that have a bias in transformers, by the key that says so.
ATTENTION = r"self_attn\.[qkvo]_proj"
MLP = r"mlp\.(gate|up|down)_proj"
FULL, SLIDING = "full_attention", "sliding_attention"
EMBEDDING = Rule("embed_tokens.weight", "token_embd.weight", ("vocab", "embd"))
OUTPUT = Rule("lm_head.weight", "output.weight", ("vocab", "embd"), optional=True)


def llama_rules(
    *norms: Rule,
    permuted: bool = False,
    norm: Bend = "",
    extra: tuple[Rule, ...] = (),
    feed: tuple[Rule, ...] = (),
) -> tuple[Rule, ...]:
    """Embedding, attention, `extra`, a gated feed-forward (or what `feed` says), norms, output.

    norms: those of a layer, where they are not the usual two; norm: how the usual ones are bent.
    """
    usual = (
        layer_norm("input_layernorm", "attn_norm", norm),
        layer_norm("post_attention_layernorm", "ffn_norm", norm),
    )
    first, *others = norms or usual
    return (
        EMBEDDING,
        first,
        *attention_rules(permuted=permuted),
        *extra,
        *others,
        *(feed or gated_rules()),
        Rule("norm.weight", "output_norm.weight", ("embd",), norm),
        OUTPUT,
    )


def attention_rules(*, permuted: bool = False) -> tuple[Rule, ...]:
    """Four matrices; permuted: the family's rope turns neighbours, the class's turns halves."""
    at = "layers.{i}.self_attn."
    return (
        *both(f"{at}q_proj", "attn_q", ("q", "embd"), "q_heads" if permuted else ""),
        *both(f"{at}k_proj", "attn_k", ("kv", "embd"), "k_heads" if permuted else ""),
        *both(f"{at}v_proj", "attn_v", ("kv", "embd")),
        *both(f"{at}o_proj", "attn_output", ("embd", "q")),
    )


def head_norms(q: str, k: str, norm: Bend = "") -> tuple[Rule, Rule]:
    """Norms of queries and keys; `q` and `k` name their widths."""
    at = "layers.{i}.self_attn."
    return (
        Rule(f"{at}q_norm.weight", "blk.{i}.attn_q_norm.weight", (q,), norm),
        Rule(f"{at}k_norm.weight", "blk.{i}.attn_k_norm.weight", (k,), norm),
    )


def gated_rules() -> tuple[Rule, ...]:
    at = "layers.{i}.mlp."
    return (
        *both(f"{at}gate_proj", "ffn_gate", ("ff", "embd")),
        *both(f"{at}up_proj", "ffn_up", ("ff", "embd")),
        *both(f"{at}down_proj", "ffn_down", ("embd", "ff")),
    )


def plain_rules() -> tuple[Rule, ...]:
    """A feed-forward without a gate."""
    return gated_rules()[2:]


def fused_rules() -> tuple[Rule, ...]:
    """A gated feed-forward whose gate and up are one matrix, in this order."""
    at = "layers.{i}.mlp."
    return (
        *both(f"{at}gate_up_proj", "ffn_up", ("gate_up", "embd")),
        *both(f"{at}down_proj", "ffn_down", ("embd", "ff")),
    )


def layer_norm(source: str, target: str, norm: Bend = "") -> Rule:
    """A norm of one layer, as wide as the residual stream."""
    return Rule(f"layers.{{i}}.{source}.weight", f"blk.{{i}}.{target}.weight", ("embd",), norm)


def both(source: str, target: str, shape: tuple[str, ...], bend: Bend = "") -> tuple[Rule, Rule]:
    """A weight of a layer and the bias it may have."""
    flat: Bend = "" if bend == "turned" else bend
    return (
        Rule(f"{source}.weight", f"blk.{{i}}.{target}.weight", shape, bend),
        Rule(f"{source}.bias", f"blk.{{i}}.{target}.bias", shape[:1], flat, optional=True),
    )


def decoder_settings(
    config: Config,
    out: Metadata,
    *,
    norm: NormKind = "rms",
    eps: str = "rms_norm_eps",
    ff: str = "intermediate_size",
) -> Settings:
    """The keys that all decoders with rope share; the family adds its own.

    eps, ff: what config.json calls the norms' figure and the width of the feed-forward.
    """
    n_embd, n_layer = config.int("hidden_size"), config.int("num_hidden_layers")
    n_head = config.int("num_attention_heads")
    n_head_kv = config.int("num_key_value_heads", n_head)
    n_ff, vocab = config.int(ff), config.int("vocab_size")
    head_dim = config.int("head_dim", n_embd // n_head)
    if n_head % n_head_kv or head_dim % 2 or not 0 < head_dim <= MOST_COLUMNS:
        raise FormatError(
            "{file}: {n_head} heads of {head_dim} columns cannot share {n_head_kv} key/value "
            "heads (keys num_attention_heads, num_key_value_heads, head_dim)",
            file=config.name,
            n_head=n_head,
            head_dim=head_dim,
            n_head_kv=n_head_kv,
        )
    out.own(
        vocab_size=vocab,
        context_length=config.int("max_position_embeddings"),
        embedding_length=n_embd,
        block_count=n_layer,
        feed_forward_length=n_ff,
        attention__head_count=n_head,
        attention__head_count_kv=n_head_kv,
        **{EPSILONS[norm]: config.float(eps)},
    )
    if config.has("head_dim") and head_dim != n_embd // n_head:
        out.own(attention__key_length=head_dim, attention__value_length=head_dim)
    dims = {
        "n_layer": n_layer,
        "n_head": n_head,
        "n_head_kv": n_head_kv,
        "head_dim": head_dim,
        "vocab": vocab,
        "embd": n_embd,
        "q": n_head * head_dim,
        "kv": n_head_kv * head_dim,
        "ff": n_ff,
    }
    return Settings(dims, config.bool("tie_word_embeddings", False))


def biases(config: Config, *known: tuple[str, str]) -> str:
    """An expression for the modules that have a bias: those whose key is true."""
    return "|".join(modules for key, modules in known if config.bool(key, False))


def expect_silu(config: Config) -> None:
    config.expect("hidden_act", "silu", "swish")


def layer_types(config: Config, n_layer: int, other: str = SLIDING) -> list[str] | None:
    """FULL or `other` for each layer, by the key layer_types; None if nothing is said."""
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
        if kind not in (FULL, other):
            raise UnsupportedError(
                "{file}: key layer_types has {kind!r}; known are {full} and {other}",
                file=config.name,
                kind=str(kind)[:40],
                full=FULL,
                other=other,
            )
    return kinds


def turning_layers(config: Config, n_layer: int) -> list[bool]:
    """Whether each layer's heads turn: the key no_rope_layers says so if it says anything, or else
    the interval of those that do not."""
    interval = config.int("no_rope_layer_interval")
    listed = config.get("no_rope_layers") or [(i + 1) % interval != 0 for i in range(n_layer)]
    known = isinstance(listed, list) and all(type(turns) in (bool, int) for turns in listed)
    if not known or len(listed) < n_layer:
        raise FormatError(
            "{file}: key no_rope_layers is no list of 0 and 1 for {n_layer} layers",
            file=config.name,
            n_layer=n_layer,
        )
    return [bool(turns) for turns in listed[:n_layer]]


def sliding_windows(config: Config, out: Metadata, found: Settings, period: int) -> None:
    """Sets the window of a family of which each layer but every `period`-th looks through one.

    Where a model has it otherwise, a key says for each layer whether it does.
    """
    n_layer = found.dims["n_layer"]
    turns = [FULL if i % period == period - 1 else SLIDING for i in range(n_layer)]
    kinds = layer_types(config, n_layer) or turns
    out.own(attention__sliding_window=config.int("sliding_window"))
    if kinds == turns:
        return
    out.own(attention__sliding_window_pattern=[int(kind == SLIDING) for kind in kinds])
    found.notices.append(
        Words(
            "{file}: key layer_types is not sliding and full attention in turn, as other "
            "programs take for granted; the file says so in a key that they may not read",
            file=config.name,
        )
    )


def expert_rules(
    at: str = "layers.{i}.mlp.",
    names: tuple[str, str, str] = ("gate_proj", "up_proj", "down_proj"),
    router: str = "gate",
    layers: str = "",
) -> tuple[Rule, ...]:
    """Router and experts, each in matrices of its own, or gates and ups of all of them in one
    tensor (`gate_up_proj`), downs in another. layers: those that have experts."""
    gate, up, down = names
    inner, outer = ("expert", "expert_ff", "embd"), ("expert", "embd", "expert_ff")
    forms: tuple[tuple[str, str, tuple[str, ...], Bend], ...] = (
        (f"experts.{{e}}.{gate}.weight", "ffn_gate_exps", inner, ""),
        (f"experts.{{e}}.{up}.weight", "ffn_up_exps", inner, ""),
        (f"experts.{{e}}.{down}.weight", "ffn_down_exps", outer, ""),
        ("experts.gate_up_proj", "ffn_gate_exps", inner, "first_half"),
        ("experts.gate_up_proj", "ffn_up_exps", inner, "second_half"),
        ("experts.down_proj", "ffn_down_exps", outer, ""),
    )
    return (
        Rule(
            f"{at}{router}.weight", "blk.{i}.ffn_gate_inp.weight", ("expert", "embd"), layers=layers
        ),
        *(
            Rule(f"{at}{source}", f"blk.{{i}}.{target}.weight", shape, bend, True, layers)
            for source, target, shape, bend in forms
        ),
    )


def shared_expert_rules(
    at: str = "layers.{i}.mlp.shared_expert.", layers: str = ""
) -> tuple[Rule, ...]:
    """The expert that all tokens go to."""
    inner, outer = ("shared_ff", "embd"), ("embd", "shared_ff")
    return (
        Rule(f"{at}gate_proj.weight", "blk.{i}.ffn_gate_shexp.weight", inner, layers=layers),
        Rule(f"{at}up_proj.weight", "blk.{i}.ffn_up_shexp.weight", inner, layers=layers),
        Rule(f"{at}down_proj.weight", "blk.{i}.ffn_down_shexp.weight", outer, layers=layers),
    )


def expert_settings(
    config: Config, out: Metadata, found: Settings, *, n: str, used: str, ff: str
) -> None:
    """Keys and sizes of experts, by their names in config.json. All layers are `routed`, none is
    `dense` (see `sparse_layers`)."""
    also = "num_experts" if n == "num_local_experts" else "num_local_experts"  # a name of the same
    experts = config.int(also, None) or config.int(n)
    chosen, width = config.int(used), config.int(ff)
    if not 0 < chosen <= experts <= MAX_EXPERTS:
        raise FormatError(
            "{file}: {chosen} of {experts} experts cannot be chosen (keys {used}, {n})",
            file=config.name,
            chosen=chosen,
            experts=experts,
            used=used,
            n=n,
        )
    out.own(expert_count=experts, expert_used_count=chosen, expert_feed_forward_length=width)
    found.dims |= {"expert": experts, "expert_ff": width}
    every = range(found.dims["n_layer"])
    found.layers = {**found.layers, "routed": every, "dense": ()}


def sparse_layers(config: Config, found: Settings) -> None:
    """Which layers have experts: each so many, but for those that a list names (Qwen)."""
    n_layer = found.dims["n_layer"]
    every, listed = config.int("decoder_sparse_step", 1), config.get("mlp_only_layers") or []
    if not isinstance(listed, list):
        raise FormatError("{file}: key mlp_only_layers is no list", file=config.name)
    dense = {i for i in range(n_layer) if i in listed or (i + 1) % every}
    found.layers = {**found.layers, "dense": dense, "routed": set(range(n_layer)) - dense}


def dense_rules() -> tuple[Rule, ...]:
    """The gated feed-forward of layers without experts, among others."""
    return tuple(replace(rule, layers="dense") for rule in gated_rules())


def figures_settings(
    config: Config,
    out: Metadata,
    *,
    n_ctx: int,
    n_embd: int,
    n_layer: int,
    n_head: int,
    n_ff: int,
    eps: float,
    n_head_kv: int = 0,
    norm: NormKind = "layer",
    vocab: str = "vocab_size",
) -> Settings:
    """The keys of a decoder whose config.json has names of its own; heads share its width. `vocab`:
    what it calls the rows of the embedding."""
    n_head_kv = n_head_kv or n_head
    if n_embd % n_head or n_head % n_head_kv:
        raise FormatError(
            "{file}: {n_head} heads do not fit a width of {n_embd}",
            file=config.name,
            n_head=n_head,
            n_embd=n_embd,
        )
    head_dim, n_vocab = n_embd // n_head, config.int(vocab)
    out.own(
        vocab_size=n_vocab,
        context_length=n_ctx,
        embedding_length=n_embd,
        block_count=n_layer,
        feed_forward_length=n_ff,
        attention__head_count=n_head,
        attention__head_count_kv=n_head_kv,
        **{EPSILONS[norm]: eps},
    )
    kv = n_head_kv * head_dim
    dims = {"n_layer": n_layer, "n_head": n_head, "n_head_kv": n_head_kv, "head_dim": head_dim}
    dims |= {"vocab": n_vocab, "embd": n_embd, "q": n_embd, "kv": kv, "qkv": n_embd + 2 * kv}
    return Settings(dims | {"ff": n_ff}, config.bool("tie_word_embeddings", False))


def norm_rules(source: str, target: str) -> tuple[Rule, Rule]:
    """A norm with a bias that must be there, as wide as the residual stream."""
    return (
        Rule(f"{source}.weight", f"{target}.weight", ("embd",)),
        Rule(f"{source}.bias", f"{target}.bias", ("embd",)),
    )


def rope_part(config: Config) -> Config:
    """The rope's settings, of which a family reads keys of its own: those that older files have, if
    they say anything, as in transformers."""
    old, new = config.part("rope_scaling"), config.part("rope_parameters")
    return old if old and old.values else new or Config({}, config.name)
