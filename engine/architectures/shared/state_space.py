"""Layers with a selective scan by heads (Mamba-2), of which models have some, or nothing else.

One product makes gate, values, what is written into the state and read of it, and steps.
"""

from dataclasses import dataclass

from engine.architectures.shared.decoder import both
from engine.architectures.shared.keys import MAX_HEADS, MAX_TAPS, MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer
from engine.architectures.shared.source import Metadata, Rule
from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted
from engine.compute.graph import Fixed, Value
from engine.weights.formats.config import Config

UNLIMITED = (0.0, float("inf"))


@dataclass(frozen=True)
class Scanned:
    """The figures of such layers. `groups` of heads share what is written and read of `size`."""

    taps: int
    heads: int
    groups: int
    size: int
    value: int

    @property
    def inner(self) -> int:
        return self.heads * self.value

    @property
    def mixed(self) -> int:
        """Columns of the convolution."""
        return self.inner + 2 * self.groups * self.size


def read_scanned(keys: Keys) -> Scanned:
    heads = keys.int("ssm.time_step_rank", 1, MAX_HEADS)
    groups = keys.int("ssm.group_count", 1, MAX_HEADS)
    inner = keys.int("ssm.inner_size", 1, MAX_WIDTH)
    if heads % groups or inner % heads:
        raise FormatError(
            "{file}: {inner} columns make no {heads} heads in {groups} groups (keys {key}, "
            "{key_2}, {key_3})",
            file=keys.file.path.name,
            inner=inner,
            heads=heads,
            groups=groups,
            key=keys.name("ssm.inner_size"),
            key_2=keys.name("ssm.time_step_rank"),
            key_3=keys.name("ssm.group_count"),
        )
    return Scanned(
        taps=keys.int("ssm.conv_kernel", 2, MAX_TAPS),
        heads=heads,
        groups=groups,
        size=keys.int("ssm.state_size", 1, MAX_WIDTH),
        value=inner // heads,
    )


def scan_layer(L: Layer, x: Value, s: Scanned) -> Value:
    """Product, convolution, scan, gate, norm (where the file has one), product."""
    g, at, shared = L.graph, L.prefix, s.groups * s.size
    whole = L.linear(x, "ssm_in", s.inner + s.mixed + s.heads)
    tail = g.keep(Fixed((s.taps - 1, s.mixed)))
    taps, bias = f"{at}ssm_conv1d.weight", L.keys.tensor(f"{at}ssm_conv1d.bias")
    mixed = g.activate(g.conv(g.slice(whole, s.inner, s.mixed), taps, tail, bias), "silu")
    steps = g.add_vector(g.slice(whole, s.inner + s.mixed, s.heads), f"{at}ssm_dt.bias")
    values, b, c = (
        g.slice(mixed, *part)
        for part in ((0, s.inner), (s.inner, shared), (s.inner + shared, shared))
    )
    state = g.keep(Fixed((s.heads, s.size, s.value)))
    dt = g.activate(steps, "softplus")
    out = g.scan(values, dt, b, c, f"{at}ssm_a", f"{at}ssm_d", state)
    out = g.gated(g.slice(whole, 0, s.inner), out, "silu")
    return L.linear(_normed(L, out, s), "ssm_out", L.common.n_embd)


def _normed(L: Layer, x: Value, s: Scanned) -> Value:
    """Each group of columns by itself, by weights of its own."""
    g, weight = L.graph, L.keys.tensor(f"{L.prefix}ssm_norm.weight")
    if weight is None:
        return x
    if s.groups == 1:
        return g.rms_norm(x, weight, L.common.eps)
    group = s.inner // s.groups
    return g.mul_vector(
        g.rms_norm(x, None, L.common.eps, group=group), weight, shape=(s.groups, group)
    )


# --- checkpoints -----------------------------------------------------------------------------
def scan_settings(
    config: Config, out: Metadata, *, heads: int, value: int, groups: int, size: int, taps: int
) -> dict[str, int]:
    """Sets the keys; returns the sizes that `scan_rules` name."""
    if heads % groups:
        raise FormatError(
            "{file}: {heads} heads make no {groups} groups",
            file=config.name,
            heads=heads,
            groups=groups,
        )
    expect_no_limit(config)
    inner = heads * value
    out.own(
        ssm__conv_kernel=taps,
        ssm__inner_size=inner,
        ssm__state_size=size,
        ssm__time_step_rank=heads,
        ssm__group_count=groups,
    )
    mixed = inner + 2 * groups * size
    return {
        "ssm_heads": heads,
        "ssm_groups": groups,
        "inner": inner,
        "mixed": mixed,
        "whole": inner + mixed + heads,
        "taps": taps,
        "one": 1,
    }


def heads_settings(config: Config, out: Metadata, n_embd: int, groups: int) -> dict[str, int]:
    """The same by the keys of classes that have other layers, too (`mamba_n_heads` …)."""
    heads = config.int("mamba_n_heads")
    inner = config.int("mamba_d_ssm", config.int("mamba_expand") * n_embd)
    auto = config.get("mamba_d_head") == "auto"
    value = inner // heads if auto else config.int("mamba_d_head")
    if heads * value != inner:
        raise FormatError(
            "{file}: {heads} heads of {value} columns are not {inner} (keys mamba_n_heads, "
            "mamba_d_head, mamba_d_ssm or mamba_expand)",
            file=config.name,
            heads=heads,
            value=value,
            inner=inner,
        )
    size, taps = config.int("mamba_d_state"), config.int("mamba_d_conv", low=2)
    return scan_settings(config, out, heads=heads, value=value, groups=groups, size=size, taps=taps)


def expect_no_limit(config: Config) -> None:
    """Steps are above 0 anyway; no file can say that they shall end somewhere else."""
    limit = config.get("time_step_limit", UNLIMITED)
    if limit not in (list(UNLIMITED), UNLIMITED):
        raise UnsupportedError(
            "{file}: key time_step_limit is {limit}; steps with limits cannot be converted",
            file=config.name,
            limit=quoted(limit),
        )


def scan_rules(module: str) -> tuple[Rule, ...]:
    """module: what such a layer is called in the checkpoint's layer {i}."""
    at, to = f"layers.{{i}}.{module}.", "blk.{i}.ssm_"
    return (
        *both(f"{at}in_proj", "ssm_in", ("whole", "embd")),
        Rule(f"{at}conv1d.weight", f"{to}conv1d.weight", ("mixed", "one", "taps"), "taps"),
        Rule(f"{at}conv1d.bias", f"{to}conv1d.bias", ("mixed",), optional=True),
        Rule(f"{at}dt_bias", f"{to}dt.bias", ("ssm_heads",)),
        Rule(f"{at}A_log", f"{to}a", ("ssm_heads",), "fading"),
        Rule(f"{at}D", f"{to}d", ("ssm_heads",), "column"),
        Rule(f"{at}norm.weight", f"{to}norm.weight", ("inner",), "by_group", optional=True),
        *both(f"{at}out_proj", "ssm_out", ("embd", "inner")),
    )
