"""What RWKV-6 and 7 have in common: heads of one size, the token before, bends through low ranks.

No attention, no positions: each layer remembers the row of the token before, twice, and a square of
figures for each head.

Checkpoints come as RWKV's own files (.pth, without a config.json: convert/rwkv.py reads the figures
off the shapes) and as folders of transformers' kind. Their rules have the names of the former.
"""

from collections.abc import Sequence

from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import norm_rules
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Bend, Metadata, Rule, Settings
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Fixed, StateRef, Value
from engine.weights.formats.config import Config

GROUP_EPSILON = 64e-5  # of the norm of what was recalled; no file says it
SHIFTS = 2  # rows of a layer that are looked back at


def read_rwkv(keys: Keys) -> tuple[Common, int]:
    """The figures of the model, and the columns of a head."""
    common = read_common(keys, norm="layer", hybrid=True)
    size = keys.int("wkv.head_size", 1, MAX_WIDTH)
    if common.n_embd % size:
        raise FormatError(
            "{file}: {n_embd} columns make no heads of {size} (keys {key}, {key_2})",
            file=keys.file.path.name,
            n_embd=common.n_embd,
            size=size,
            key=keys.name("embedding_length"),
            key_2=keys.name("wkv.head_size"),
        )
    keys.refuse("token_shift_count", SHIFTS, Words("another number of shifted rows"))
    return common, size


def read_rank(keys: Keys, key: str) -> int:
    return keys.int(key, 1, MAX_WIDTH)


def embedded(model: Model) -> Value:
    """Rows of the embedding, which have a norm of their own."""
    return model.norm(model.embed(), "token_embd_norm")


def tanh(L: Layer, x: Value) -> Value:
    return L.graph.softcap(x, 1.0)


def heads_state(L: Layer, size: int) -> StateRef[Fixed]:
    """A square of `size` for each head."""
    return L.graph.keep(Fixed((L.common.n_embd // size, size, size)))


def recalled(L: Layer, x: Value, size: int) -> Value:
    """The norm of each head, with weights and biases of the whole row."""
    name = f"{L.prefix}time_mix_ln"
    return L.graph.group_norm(x, f"{name}.weight", f"{name}.bias", GROUP_EPSILON, size)


# --- checkpoints -----------------------------------------------------------------------------
CONTEXT = 1 << 20  # tokens; the model knows no bound, files say this one
AT = "blocks.{i}."
NORMS = r"ln\d|att\.ln_x"  # modules with a bias


def layer_rule(source: str, target: str, shape: tuple[str, ...], bend: Bend = "") -> Rule:
    return Rule(f"{AT}{source}", f"blk.{{i}}.{target}.weight", shape, bend)


def rwkv_rules(share: str) -> tuple[Rule, ...]:
    """What both versions have. share: what the shares of the token before are called."""
    square = ("embd", "embd")
    names = ("receptance", "key", "value", "output")
    stack = ("inputs", "one", "one", "embd")
    return (
        Rule("emb.weight", "token_embd.weight", ("vocab", "embd")),
        *norm_rules("blocks.0.ln0", "token_embd_norm"),
        *norm_rules(f"{AT}ln1", "blk.{i}.attn_norm"),
        *norm_rules(f"{AT}ln2", "blk.{i}.attn_norm_2"),
        Rule(
            f"{AT}att.shares.{{e}}", "blk.{i}.time_mix_lerp_fused.weight", stack, "flat", True,
            count="inputs",
        ),
        Rule(f"{AT}att.x_x", "blk.{i}.time_mix_lerp_fused.weight", stack, "flat", True),
        *(layer_rule(f"att.{name}.weight", f"time_mix_{name}", square) for name in names),
        *norm_rules(f"{AT}att.ln_x", "blk.{i}.time_mix_ln"),
        layer_rule(f"ffn.{share}_k", "channel_mix_lerp_k", ("embd",), "flat"),
        layer_rule("ffn.key.weight", "channel_mix_key", ("ff", "embd")),
        layer_rule("ffn.value.weight", "channel_mix_value", ("embd", "ff")),
        *norm_rules("ln_out", "output_norm"),
        Rule("head.weight", "output.weight", ("vocab", "embd"), optional=True),
    )  # fmt: skip


def numbered(share: str, inputs: str) -> tuple[tuple[str, str], ...]:
    """The shares by numbers, as a stack of them is read."""
    return tuple((rf"\.att\.{share}_{x}$", f".att.shares.{i}") for i, x in enumerate(inputs))


def rwkv_settings(
    config: Config, out: Metadata, *, size: int, ff: int, eps: float, inputs: Sequence[str]
) -> Settings:
    """The keys of both versions; `size`: columns of a head."""
    n_embd, n_layer = config.int("hidden_size"), config.int("num_hidden_layers")
    vocab = config.int("vocab_size")
    if n_embd % size:
        raise FormatError(
            "{file}: {n_embd} columns make no heads of {size}",
            file=config.name,
            n_embd=n_embd,
            size=size,
        )
    out.own(
        context_length=CONTEXT,
        embedding_length=n_embd,
        block_count=n_layer,
        feed_forward_length=ff,
        attention__head_count=0,
        attention__layer_norm_epsilon=eps,
        wkv__head_size=size,
    )
    dims = {"n_layer": n_layer, "embd": n_embd, "vocab": vocab, "ff": ff, "head_dim": size}
    dims |= {"heads": n_embd // size, "inputs": len(inputs), "one": 1}
    return Settings(dims, config.bool("tie_word_embeddings", False), biased=NORMS)


def expect_group_epsilon(config: Config, epsilon: float) -> None:
    """That of the norm of what was recalled, which no key of a file says."""
    if abs(epsilon / GROUP_EPSILON - 1) > 1e-6:
        raise UnsupportedError(
            "{file}: the norm of heads has an epsilon of {epsilon:g}; known is {known:g}. The "
            "model is a variant that cannot be converted",
            file=config.name,
            epsilon=epsilon,
            known=GROUP_EPSILON,
        )
