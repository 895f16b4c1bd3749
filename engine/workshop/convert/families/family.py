"""What a family file declares, and the rules most decoders share."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.base.errors import FormatError
from engine.weights.formats.lazy import LazyTensor
from engine.workshop.convert.config import Config
from engine.workshop.convert.plan import Bend, Metadata, Rule
from engine.workshop.convert.rope import rope_settings

MOST_COLUMNS = 1 << 16  # of a head
# Buffers that some versions of the library saved beside the weights.
BUFFERS = r"rotary_emb\.\w+$|\.attn\.(masked_)?bias$|(^|\.)position_ids$"
# Modules of a layer that have a bias in transformers, by the key that says so.
ATTENTION = r"self_attn\.[qkvo]_proj"
MLP = r"mlp\.(gate|up|down)_proj"


@dataclass
class Settings:
    """What a family makes of a configuration."""

    dims: dict[str, int]
    tied: bool
    biased: str = r""  # the layers' modules that have a bias, as an expression; others have none
    extra: dict[str, LazyTensor] = field(default_factory=dict)  # factor tensors
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Family:
    """One source family; `settings` reads the configuration and sets the GGUF keys."""

    architecture: str
    rules: tuple[Rule, ...]
    settings: Callable[[Config, Metadata], Settings]
    prefix: str = "model."  # of all names but the output's; some files leave it out
    ignored: str = BUFFERS


def llama_rules(
    *, permuted: bool, norm: Bend = "", extra: tuple[Rule, ...] = ()
) -> tuple[Rule, ...]:
    """Embedding, attention with separate matrices, gated feed-forward, output."""
    q, k = ("q_heads", "k_heads") if permuted else ("", "")
    attn, mlp = "layers.{i}.self_attn.", "layers.{i}.mlp."
    return (
        Rule("embed_tokens.weight", "token_embd.weight", ("vocab", "embd")),
        Rule("layers.{i}.input_layernorm.weight", "blk.{i}.attn_norm.weight", ("embd",), norm),
        *both(f"{attn}q_proj", "attn_q", ("q", "embd"), q),  # type: ignore[arg-type]
        *both(f"{attn}k_proj", "attn_k", ("kv", "embd"), k),  # type: ignore[arg-type]
        *both(f"{attn}v_proj", "attn_v", ("kv", "embd")),
        *both(f"{attn}o_proj", "attn_output", ("embd", "q")),
        *extra,
        *both(f"{mlp}gate_proj", "ffn_gate", ("ff", "embd")),
        *both(f"{mlp}up_proj", "ffn_up", ("ff", "embd")),
        *both(f"{mlp}down_proj", "ffn_down", ("embd", "ff")),
        Rule("norm.weight", "output_norm.weight", ("embd",), norm),
        Rule("lm_head.weight", "output.weight", ("vocab", "embd"), optional=True),
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


def decoder_settings(config: Config, out: Metadata, *, partial_rope: bool = False) -> Settings:
    """The keys that all decoders with rope share; the family adds its own."""
    if not partial_rope:
        rope_settings(config, []).expect("partial_rotary_factor", 1.0, 1)
    n_embd, n_layer = config.int("hidden_size"), config.int("num_hidden_layers")
    n_head = config.int("num_attention_heads")
    n_head_kv = config.int("num_key_value_heads", n_head)
    n_ff, vocab = config.int("intermediate_size"), config.int("vocab_size")
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
        attention__layer_norm_rms_epsilon=config.float("rms_norm_eps"),
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
