"""What the ops mean, in a few lines of NumPy each. The slow twin of every kernel."""

import numpy as np
from numpy.typing import NDArray

from engine.compute.graph import alibi_slopes
from engine.compute.graph import ops as g

F32 = NDArray[np.float32]


def norm(x: F32, op: g.Norm, weight: F32 | None, bias: F32 | None) -> F32:
    """RMS norm (Zhang & Sennrich 2019) or layer norm (Ba et al. 2016) of each group of columns."""
    group = op.group or x.shape[1]
    rows = x.reshape(len(x), x.shape[1] // group, group).astype(np.float64)
    if op.kind == "layer":
        rows = rows - rows.mean(axis=-1, keepdims=True)
    rows = rows / np.sqrt(np.mean(rows * rows, axis=-1, keepdims=True) + op.eps)
    if weight is not None:
        rows = rows * weight
    if bias is not None:
        rows = rows + bias
    out: F32 = rows.reshape(x.shape).astype(np.float32)
    return out


def rope(
    x: F32,
    op: g.Rope,
    positions: NDArray[np.int64],
    inverse: NDArray[np.float64],
    magnitude: float,
) -> F32:
    """Turn the first n_dims columns of each head by position · inverse frequency."""
    n, dims = len(x), op.spec.n_dims
    heads = x.reshape(n, -1, op.head_dim).copy()
    angle = positions[:, None, None] * inverse
    cos, sin = np.cos(angle) * magnitude, np.sin(angle) * magnitude
    if op.spec.style == "neox":
        first, second = slice(0, dims // 2), slice(dims // 2, dims)
    else:
        first, second = slice(0, dims, 2), slice(1, dims, 2)
    a, b = heads[..., first].astype(np.float64), heads[..., second].astype(np.float64)
    heads[..., first] = a * cos - b * sin
    heads[..., second] = a * sin + b * cos
    return heads.reshape(x.shape)


def attention(
    q: F32,
    keys: F32,
    values: F32,
    positions: NDArray[np.int64],
    op: g.Attention,
    sinks: F32 | None = None,
) -> F32:
    """softmax(q·kᵀ · scale, masked) · v, head by head."""
    n = len(q)
    heads = q.reshape(n, op.n_head, op.head_dim)
    group = op.n_head // op.n_head_kv
    ahead = np.arange(len(keys))[None, :] - positions[:, None]
    seen = ahead <= 0 if op.causal else np.ones_like(ahead, bool)
    if op.chunked:
        seen &= np.arange(len(keys)) // op.window == positions[:, None] // op.window
    elif op.window > 0:
        seen &= np.abs(ahead) < op.window
    slopes = alibi_slopes(op.n_head, op.alibi)
    out = np.empty((n, op.n_head, op.head_dim_v), np.float32)
    for h in range(op.n_head):
        score = heads[:, h] @ keys[:, h // group].T * np.float32(op.scale)
        if op.softcap > 0:
            score = softcap(score, op.softcap)
        if op.alibi > 0:
            score = score - np.abs(ahead) * slopes[h]
        score = np.where(seen, score, -np.inf)
        if sinks is not None:
            score = np.append(score, np.full((n, 1), sinks[h]), axis=1)
        weight = np.exp(score - score.max(axis=1, keepdims=True))
        weight = (weight / weight.sum(axis=1, keepdims=True))[:, : len(keys)]
        out[:, h] = weight @ values[:, h // group]
    return out.reshape(n, -1)


def head_join(a: F32, b: F32, op: g.HeadJoin) -> F32:
    """Columns of a, then of b, for each of the groups."""
    before = np.tile(a, op.groups) if op.shared else a
    heads = [x.reshape(len(x), op.groups, -1) for x in (before, b)]
    return np.concatenate(heads, axis=2).reshape(len(a), -1)


def head_product(x: F32, weight: F32) -> F32:
    """x [n, heads · n_in], weight [heads, n_out, n_in]: each head by its own matrix."""
    heads = x.reshape(len(x), len(weight), -1).swapaxes(0, 1)
    out: F32 = (heads @ weight.swapaxes(1, 2)).swapaxes(0, 1).reshape(len(x), -1)
    return out


def conv(x: F32, weight: F32, before: F32) -> tuple[F32, F32]:
    """x [n, width], weight [width, taps], the taps - 1 rows before: what comes out [n, width], and
    the last taps - 1 rows."""
    taps, rows = weight.shape[1], np.concatenate([before, x])
    out: F32 = sum(rows[j : j + len(x)] * weight[:, j] for j in range(taps))  # type: ignore[assignment]
    return out, rows[len(rows) - taps + 1 :]


def delta_rule(
    q: F32, k: F32, v: F32, decay: F32, beta: F32, state: F32, tiled: bool = False
) -> tuple[F32, F32]:
    """Token by token as the paper has it; state [heads, key, value]. See ops.DeltaRule."""
    heads, key, value = state.shape
    n, group = len(q), heads * key // q.shape[1]
    shared = np.arange(heads) % (heads // group) if tiled else np.arange(heads) // group
    queries, keys = (x.reshape(n, -1, key)[:, shared] for x in (q, k))
    values, out = v.reshape(n, heads, value), np.empty((n, heads, value), np.float32)
    for t in range(n):
        state = state * np.exp(decay[t])[:, None, None]
        found = np.einsum("hkv,hk->hv", state, keys[t])
        delta = beta[t][:, None] * (values[t] - found)
        state = state + keys[t][:, :, None] * delta[:, None, :]
        out[t] = np.einsum("hkv,hk->hv", state, queries[t])
    return out.reshape(n, -1), state.astype(np.float32)


def scan_heads(x: F32, dt: F32, b: F32, c: F32, a: F32, d: F32, state: F32) -> tuple[F32, F32]:
    """Token by token; state [heads, state, value], a and d [heads, 1]. See ops.Scan."""
    (heads, size, value), n = state.shape, len(x)
    shared = np.arange(heads) // (heads * size // b.shape[1])
    b, c = (each.reshape(n, -1, size)[:, shared] for each in (b, c))
    values, out = x.reshape(n, heads, value), np.empty((n, heads, value), np.float32)
    for t in range(n):
        state = state * np.exp(dt[t] * a[:, 0])[:, None, None]
        state = state + b[t][:, :, None] * (dt[t][:, None] * values[t])[:, None, :]
        out[t] = np.einsum("hsv,hs->hv", state, c[t]) + d * values[t]
    return out.reshape(n, -1), state.astype(np.float32)


def scan_channels(x: F32, dt: F32, b: F32, c: F32, a: F32, d: F32, state: F32) -> tuple[F32, F32]:
    """The same; state [state, channels], a [channels, state], d [channels]."""
    out = np.empty_like(x)
    for t in range(len(x)):
        state = state * np.exp(dt[t] * a.T) + b[t][:, None] * (dt[t] * x[t])
        out[t] = c[t] @ state + d * x[t]
    return out, state.astype(np.float32)


def activate(x: F32, act: g.Activation | g.Xielu) -> F32:
    """SiLU, GELU (erf or tanh form), ReLU and its square, sigmoid, log(1 + e^x), e^x, xIELU."""
    if isinstance(act, g.Xielu):
        return xielu(x, act)
    if act == "silu":
        return silu(x)
    if act == "gelu":
        exact: F32 = (0.5 * x * (1.0 + erf(x / np.sqrt(2.0)))).astype(np.float32)
        return exact
    if act == "gelu_tanh":
        inner = np.sqrt(2.0 / np.pi) * (x + 0.044715 * x**3)
        bent: F32 = (0.5 * x * (1.0 + np.tanh(inner))).astype(np.float32)
        return bent
    if act == "sigmoid":
        small = np.exp(-np.abs(x))
        return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(np.float32)
    if act == "softplus":
        soft: F32 = np.logaddexp(x, np.float32(0))
        return soft
    if act == "exp":  # what float32 can still say is the most, as in the kernels
        raised: F32 = np.exp(np.minimum(x, np.float32(88)))
        return raised
    positive: F32 = np.maximum(x, np.float32(0))
    return positive if act == "relu" else positive * positive


def xielu(x: F32, act: g.Xielu) -> F32:
    wide = x.astype(np.float64)
    below = act.below * (np.expm1(np.minimum(wide, act.eps)) - wide)
    out: F32 = (np.where(x > 0, act.above * wide * wide, below) + act.beta * wide).astype(
        np.float32
    )
    return out


def softcap(x: F32, cap: float) -> F32:
    """cap · tanh(x / cap)."""
    out: F32 = np.float32(cap) * np.tanh(x / np.float32(cap))
    return out


def silu(x: F32) -> F32:
    """x · sigmoid(x), written so that exp never overflows."""
    small = np.exp(-np.abs(x))
    out: F32 = x * np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(np.float32)
    return out


def erf(x: F32) -> NDArray[np.float64]:
    """The error function, to 1.5e-7 (Abramowitz & Stegun 7.1.26)."""
    t = 1.0 / (1.0 + 0.3275911 * np.abs(x.astype(np.float64)))
    poly = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    return np.sign(x) * (1.0 - poly * np.exp(-(x.astype(np.float64) ** 2)))


def route(logits: F32, op: g.Route, bias: F32 | None, scales: F32 | None = None) -> F32:
    """[n, experts] -> [n, 2 · used]: weights, then numbers of the experts. See ops.Route."""
    rows = logits.astype(np.float64)
    if op.gating == "softmax":
        probs = _softmax(rows)
    else:
        probs = 1 / (1 + np.exp(-rows)) if op.gating == "sigmoid" else rows
    choice = _best_groups(probs if bias is None else probs + bias, op)
    chosen = np.argsort(-choice, axis=1, kind="stable")[:, : op.used]
    weights = np.take_along_axis(probs, chosen, axis=1)
    if op.gating == "softmax_used":
        weights = _softmax(weights)
    if op.gating == "mixer":
        weights = _shares(probs, choice, chosen, op.margin)
    if op.normalized:
        weights = weights / (weights.sum(axis=1, keepdims=True) + 1e-20)
    if scales is not None:
        weights = weights * scales[chosen]
    weights[np.isnan(rows).any(axis=1)] = np.nan  # of such a choice nothing is known
    return np.concatenate([weights * op.scale, chosen], axis=1).astype(np.float32)


def _softmax(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _shares(
    logits: NDArray[np.float64],
    choice: NDArray[np.float64],
    chosen: NDArray[np.int64],
    margin: float,
) -> NDArray[np.float64]:
    """What each of the chosen counts beside those near it that were not chosen before."""
    left, found = choice > -np.inf, np.empty(chosen.shape)
    for j, numbers in enumerate(chosen.T):
        own = np.take_along_axis(logits, numbers[:, None], axis=1)
        near = own - logits <= margin * np.maximum(abs(logits), own)
        found[:, j] = 1 / np.where(left & near, np.exp(logits - own), 0.0).sum(axis=1)
        np.put_along_axis(left, numbers[:, None], False, axis=1)
    return found


def _best_groups(choice: NDArray[np.float64], op: g.Route) -> NDArray[np.float64]:
    """Experts of other groups are none to be chosen."""
    if op.groups == 1:
        return choice
    groups = choice.reshape(len(choice), op.groups, -1)
    good = np.sort(groups, axis=2)[:, :, -op.group_top :].sum(axis=2)
    best = np.argsort(-good, axis=1, kind="stable")[:, : op.groups_used]
    kept = np.full(groups.shape, -np.inf)
    np.put_along_axis(kept, best[:, :, None], 0.0, axis=1)
    limited: NDArray[np.float64] = np.where(kept == 0.0, groups, -np.inf)
    return limited.reshape(choice.shape)


def dispatch(x: F32, route: F32, op: g.Dispatch) -> F32:
    """[n, width] -> [n · used, width]: a token's rows stand beside each other."""
    used = route.shape[1] // 2
    rows: F32 = np.repeat(x, used, axis=0)
    return rows * route[:, :used].reshape(-1, 1) if op.weighted else rows


def expert_linear(x: F32, route: F32, weight: F32, bias: F32 | None) -> F32:
    """Each row times the matrix of its expert: [n · used, n_in] -> [n · used, n_out]."""
    numbers = route[:, route.shape[1] // 2 :].reshape(-1).astype(np.int64)
    out = np.empty((len(x), weight.shape[1]), np.float32)
    for expert in np.unique(numbers):
        its = numbers == expert
        out[its] = x[its] @ weight[expert].T
    return out if bias is None else out + bias[numbers]


def sums_by_expert(
    x: NDArray[np.float64], route: F32, experts: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """[n · used, width] -> [experts, width], and how many rows each of them had."""
    numbers = route[:, route.shape[1] // 2 :].reshape(-1).astype(np.int64)
    sums = np.zeros((experts, x.shape[1]))
    np.add.at(sums, numbers, x)
    return sums, np.bincount(numbers, minlength=experts).astype(np.int64)


def combine(x: F32, route: F32, op: g.Combine) -> F32:
    """[n · used, width] -> [n, width]: the sum of a token's rows."""
    used = route.shape[1] // 2
    rows = x.reshape(len(route), used, -1).astype(np.float64)
    out: F32 = (rows * route[:, :used, None] if op.weighted else rows).sum(axis=1)
    return out.astype(np.float32)


def clamped_gate(gate: F32, up: F32, op: g.ClampedGate) -> F32:
    """See ops.ClampedGate."""
    kept = np.minimum(gate, np.float32(op.limit))
    lifted = np.clip(up, -np.float32(op.limit), np.float32(op.limit)) + np.float32(1)
    out: F32 = kept / (1 + np.exp(-np.float32(op.alpha) * kept)) * lifted
    return out


def blend(streams: list[F32], coefs: F32, op: g.Blend) -> F32:
    """Streams [n, width], coefs [n, columns]. See ops.Blend."""
    of_each = coefs[:, op.start : op.start + len(streams)] + np.float32(op.plus)
    out: F32 = sum(x * of_each[:, i : i + 1] for i, x in enumerate(streams))  # type: ignore[assignment]
    return out


def resized(x: F32, like: F32, least: float) -> F32:
    """Rows of x with the root mean square of those of `like`."""
    own, wanted = (np.mean(np.square(each, dtype=np.float64), axis=1) for each in (x, like))
    factor = np.sqrt(wanted / np.maximum(own, least))
    out: F32 = (x * factor[:, None]).astype(np.float32)
    return out


def sparse(x: F32, above: float) -> F32:
    """What stands above mean + above · standard deviation of its row, less that."""
    rows = x.astype(np.float64)
    cutoff = rows.mean(axis=1, keepdims=True) + above * rows.std(axis=1, keepdims=True)
    out: F32 = np.maximum(rows - cutoff, 0.0).astype(np.float32)
    return out


def lerp(a: F32, b: F32, weight: F32 | None, more: F32 | None, part: int) -> F32:
    """weight [width], or a stack of such. See ops.Lerp."""
    share = np.float32(0) if weight is None else weight.reshape(-1, a.shape[1])[part]
    out: F32 = a + (b - a) * (share if more is None else share + more)
    return out


def bonus(a: F32, b: F32, v: F32, weight: F32, heads: int) -> F32:
    """See ops.Bonus."""
    figures = (a * b * weight.reshape(-1)).reshape(len(a), heads, -1).sum(axis=2, keepdims=True)
    out: F32 = v.reshape(len(v), heads, -1) * figures
    return out.reshape(v.shape)


def wkv6(r: F32, w: F32, k: F32, v: F32, state: F32) -> tuple[F32, F32]:
    """Token by token; state [heads, key, value]. See ops.Wkv6."""
    heads, key, value = state.shape
    r, w, k = (x.reshape(-1, heads, key) for x in (r, w, k))
    values, out = v.reshape(-1, heads, value), np.empty((len(v), heads, value), np.float32)
    for t in range(len(v)):
        out[t] = np.einsum("hkv,hk->hv", state, r[t])
        state = state * w[t][:, :, None] + k[t][:, :, None] * values[t][:, None, :]
    return out.reshape(v.shape), state


def wkv7(r: F32, w: F32, k: F32, v: F32, a: F32, b: F32, state: F32) -> tuple[F32, F32]:
    """The same of ops.Wkv7."""
    heads, key, value = state.shape
    r, w, k, a, b = (x.reshape(-1, heads, key) for x in (r, w, k, a, b))
    values, out = v.reshape(-1, heads, value), np.empty((len(v), heads, value), np.float32)
    for t in range(len(v)):
        found = np.einsum("hkv,hk->hv", state, a[t])
        state = state * w[t][:, :, None] + b[t][:, :, None] * found[:, None, :]
        state = state + k[t][:, :, None] * values[t][:, None, :]
        out[t] = np.einsum("hkv,hk->hv", state, r[t])
    return out.reshape(v.shape), state
