"""Mamba: every layer is a selective scan by channels, and nothing else; Falcon Mamba with norms.

Gu & Dao 2023, arXiv:2312.00752. What is written into the state and read of it, and the steps are
made of what the convolution gives.
"""

from dataclasses import dataclass

from engine.architectures.mamba2 import NEUTRAL, scanning
from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import OUTPUT, both, expect_silu, layer_norm
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_TAPS, MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.compute.graph import Fixed, Graph, Value
from engine.weights.formats.config import Config


@dataclass(frozen=True)
class Channels:
    """The figures of the scan. `rank`: columns that steps are made of; `eps`: of the norms of what
    it is made of, 0: none."""

    taps: int
    inner: int
    size: int
    rank: int
    eps: float


def build(keys: Keys) -> tuple[Common, Graph]:
    common = read_common(keys, hybrid=True)
    channels = _read(keys, common)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, _scan(L, L.norm(x, "attn_norm"), channels))
    return model.finished(model.logits(x))


def _read(keys: Keys, common: Common) -> Channels:
    normed = keys.has("ssm.dt_b_c_rms") and keys.file.need_bool(keys.name("ssm.dt_b_c_rms"))
    eps = keys.positive("ssm.dt_b_c_rms_epsilon", common.eps)
    return Channels(
        taps=keys.int("ssm.conv_kernel", 2, MAX_TAPS),
        inner=keys.int("ssm.inner_size", 1, MAX_WIDTH),
        size=keys.int("ssm.state_size", 1, MAX_WIDTH),
        rank=keys.int("ssm.time_step_rank", 1, MAX_WIDTH),
        eps=eps if normed else 0.0,
    )


def _scan(L: Layer, x: Value, c: Channels) -> Value:
    g, at = L.graph, L.prefix
    whole = L.linear(x, "ssm_in", 2 * c.inner)
    tail = g.keep(Fixed((c.taps - 1, c.inner)))
    taps, bias = f"{at}ssm_conv1d.weight", L.keys.tensor(f"{at}ssm_conv1d.bias")
    mixed = g.activate(g.conv(g.slice(whole, 0, c.inner), taps, tail, bias), "silu")
    made = L.linear(mixed, "ssm_x", c.rank + 2 * c.size)
    steps, b, read = (
        _normed(L, g.slice(made, *part), c.eps)
        for part in ((0, c.rank), (c.rank, c.size), (c.rank + c.size, c.size))
    )
    dt = g.activate(L.linear(steps, "ssm_dt", c.inner), "softplus")
    state = g.keep(Fixed((c.size, c.inner)))
    out = g.scan(mixed, dt, b, read, f"{at}ssm_a", f"{at}ssm_d", state)
    out = g.gated(g.slice(whole, c.inner, c.inner), out, "silu")
    return L.linear(out, "ssm_out", L.common.n_embd)


def _normed(L: Layer, x: Value, eps: float) -> Value:
    return L.graph.rms_norm(x, None, eps) if eps else x


# --- checkpoints -----------------------------------------------------------------------------
def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    n_embd = config.int("hidden_size")
    inner = config.int("intermediate_size", config.int("expand") * n_embd)  # it is above the other
    size = config.int("state_size")
    taps, auto = config.int("conv_kernel", low=2), config.get("time_step_rank") == "auto"
    rank = -(-n_embd // 16) if auto else config.int("time_step_rank")
    out.own(
        ssm__conv_kernel=taps,
        ssm__inner_size=inner,
        ssm__state_size=size,
        ssm__time_step_rank=rank,
        ssm__dt_b_c_rms=False,
    )
    sizes = {
        "inner": inner,
        "whole": 2 * inner,
        "size": size,
        "rank": rank,
        "made": rank + 2 * size,
        "taps": taps,
        "one": 1,
    }
    found = scanning(config, out, sizes)
    found.biased = "|".join(each for each in (found.biased, r"mixer\.dt_proj") if each)
    return found


def settings_falcon(config: Config, out: Metadata) -> Settings:
    """Its norms have no weights; a key of our own says by which figure they divide."""
    found = settings(config, out)
    out.own(ssm__dt_b_c_rms=True, ssm__dt_b_c_rms_epsilon=config.float("mixer_rms_eps"))
    return found


_AT = "layers.{i}.mixer."
RULES = (
    Rule("embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    layer_norm("norm", "attn_norm"),
    *both(f"{_AT}in_proj", "ssm_in", ("whole", "embd")),
    Rule(f"{_AT}conv1d.weight", "blk.{i}.ssm_conv1d.weight", ("inner", "one", "taps"), "taps"),
    Rule(f"{_AT}conv1d.bias", "blk.{i}.ssm_conv1d.bias", ("inner",), optional=True),
    Rule(f"{_AT}x_proj.weight", "blk.{i}.ssm_x.weight", ("made", "inner")),
    Rule(f"{_AT}dt_proj.weight", "blk.{i}.ssm_dt.weight", ("inner", "rank")),
    Rule(f"{_AT}dt_proj.bias", "blk.{i}.ssm_dt.bias", ("inner",)),
    Rule(f"{_AT}A_log", "blk.{i}.ssm_a", ("inner", "size"), "fading"),
    Rule(f"{_AT}D", "blk.{i}.ssm_d", ("inner",)),
    *both(f"{_AT}out_proj", "ssm_out", ("embd", "inner")),
    Rule("norm_f.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = {
    "vocab_size": 50280,
    "hidden_size": 768,
    "num_hidden_layers": 32,
    "state_size": 16,
    "expand": 2,
    "conv_kernel": 4,
    "time_step_rank": "auto",
    "layer_norm_epsilon": 1e-5,
    "use_bias": False,
    "use_conv_bias": True,
    "hidden_act": "silu",
    "tie_word_embeddings": True,
}
# The last are what older configurations say twice.
LEFT = (
    *NEUTRAL,
    "time_step_init_scheme",
    "time_step_scale",
    "use_associative_scan",
    "use_mambapy",
    "d_inner",
    "d_model",
    "fused_add_norm",
    "n_layer",
    "rms_norm",
)
FAMILY = Family(
    build,
    (
        Source(
            "mamba",
            ("MambaForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            None,
            prefix="backbone.",
            neutral=LEFT,
        ),
        Source(
            "falcon_mamba",
            ("FalconMambaForCausalLM",),
            RULES,
            settings_falcon,
            DEFAULTS | {"mixer_rms_eps": 1e-6},
            None,
            prefix="backbone.",
            neutral=LEFT,
        ),
    ),
)
