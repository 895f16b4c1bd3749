"""The handful of ops that every model is made of. Each is data; backends give them meaning.

A Value is [n_tokens, width] float32 in every backend's eyes; weights are named as in GGUF.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from engine.compute.graph.rope import RopeSpec
from engine.compute.graph.state import Fixed, Grows, StateRef
from engine.compute.graph.temper import TemperSpec

Gating = Literal["softmax", "sigmoid", "softmax_used", "mixer"]
Activation = Literal["silu", "gelu", "gelu_tanh", "relu", "relu2", "sigmoid", "softplus", "exp"]
Pooling = Literal["mean", "first"]


@dataclass(frozen=True)
class Xielu:
    """The activation with parameters of its own (Huang & Schlag 2024, arXiv:2411.13010):

    above · x² + beta · x  where x > 0, else  below · (exp(min(x, eps)) - 1 - x) + beta · x
    """

    above: float
    below: float
    beta: float
    eps: float


@dataclass(frozen=True)
class Value:
    """The result of one op: `index` counts the ops of the graph, `width` is the row length."""

    index: int
    width: int


@dataclass(frozen=True)
class WeightSpec:
    """A tensor that the graph reads; shape in NumPy order (rows first)."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Op:
    """Base of all ops; `inputs` names the values it reads, in order."""

    remembers: ClassVar[bool] = False  # whether later passes depend on what it has seen
    by_token: ClassVar[bool] = False  # whether it must know which token a row belongs to

    @property
    def inputs(self) -> tuple[Value, ...]:
        return tuple(v for v in vars(self).values() if isinstance(v, Value))

    @property
    def states(self) -> tuple[StateRef[Any], ...]:
        """What it keeps, or looks at."""
        return tuple(ref for ref in vars(self).values() if isinstance(ref, StateRef))


@dataclass(frozen=True)
class Embed(Op):
    """Row of `weight` for each token id."""

    by_token = True

    weight: str


@dataclass(frozen=True)
class EmbedPosition(Op):
    """Row of `weight` for each token's place in its sequence (learned positions, GPT-2)."""

    by_token = True

    weight: str


@dataclass(frozen=True)
class EmbedSegment(Op):
    """Row of `weight` for each token's segment: 0, or 1 for the second of two texts that are read
    together (BERT's token types)."""

    by_token = True

    weight: str


@dataclass(frozen=True)
class Slice(Op):
    """Columns start .. start + width - 1 of x: cuts apart what one matrix product made."""

    x: Value
    start: int
    width: int


@dataclass(frozen=True)
class HeadSlice(Op):
    """Columns start .. start + width - 1 of each `group` columns of x, one group after the other:
    a part of every head."""

    x: Value
    group: int
    start: int
    width: int


@dataclass(frozen=True)
class HeadJoin(Op):
    """The columns of a and of b beside each other, head by head: the first group of a, the first
    of b, the second of a, … `shared`: a is one group, which stands before each of b's."""

    a: Value
    b: Value
    groups: int
    shared: bool = False


@dataclass(frozen=True)
class HeadLinear(Op):
    """Each head's columns times a matrix of its own: x · weight[head]ᵀ, one head after the other;
    weight is [heads, n_out, n_in]."""

    x: Value
    weight: str
    heads: int


@dataclass(frozen=True)
class Linear(Op):
    """x · weightᵀ (+ bias); weight is [n_out, n_in], or one `part` of [parts, n_out, n_in]."""

    x: Value
    weight: str
    bias: str | None = None
    part: int = 0


@dataclass(frozen=True)
class Norm(Op):
    """RMS norm or layer norm over groups of `group` columns (the whole row, or each head)."""

    x: Value
    weight: str | None
    eps: float
    kind: Literal["rms", "layer"] = "rms"
    bias: str | None = None
    group: int = 0  # 0: the whole row


@dataclass(frozen=True)
class Rope(Op):
    """Rotary position embedding of every head in the row (Su et al. 2021, arXiv:2104.09864)."""

    by_token = True

    x: Value
    head_dim: int
    spec: RopeSpec


@dataclass(frozen=True)
class Append(Op):
    """Adds this pass's keys and values to a state. Its own value has no columns."""

    remembers = True
    by_token = True

    k: Value
    v: Value
    state: StateRef[Grows]


@dataclass(frozen=True)
class Attention(Op):
    """Causal attention over a state, to which this pass's keys and values have been appended.

    Query head h reads key/value head h // (n_head / n_head_kv). `window` > 0: a token sees
    itself and the window - 1 before it. `softcap` > 0: scores become cap·tanh(score / cap).
    `alibi` > 0: of each score the distance in tokens is taken away, times the head's slope, of
    which this is the largest exponent (alibi.py). `sinks`: a score for each head that takes part in
    the softmax, and has no value. `chunked`: windows do not slide, but stand in a row from the
    first token on; a token sees those before it in its own.

    Not `causal`: a token sees all that is kept, what comes after it in its pass, too (window - 1 on
    both sides), so that a pass should be a whole text.
    """

    remembers = True
    by_token = True

    q: Value
    state: StateRef[Grows]
    n_head: int
    scale: float
    window: int = 0
    softcap: float = 0.0
    alibi: float = 0.0
    sinks: str | None = None
    causal: bool = True
    chunked: bool = False

    @property
    def n_head_kv(self) -> int:
        return self.state.spec.heads

    @property
    def head_dim(self) -> int:
        """Columns of a query or key head."""
        return self.state.spec.key

    @property
    def head_dim_v(self) -> int:
        return self.state.spec.value


@dataclass(frozen=True)
class Conv(Op):
    """Short causal convolution of each column along its sequence:

        out[t] = sum over j of weight[:, j] * x[t - taps + 1 + j]  (+ bias)

    weight is [width, taps]; the state is the last taps - 1 rows of x, [taps - 1, width].
    """

    remembers = True
    by_token = True

    x: Value
    weight: str
    state: StateRef[Fixed]
    bias: str | None = None

    @property
    def taps(self) -> int:
        return self.state.spec.shape[0] + 1


@dataclass(frozen=True)
class DeltaRule(Op):
    """The gated delta rule (Yang et al. 2024, arXiv:2412.06464, eq. 10), head by head:

        S = exp(decay) * S;  S += k (beta * (v - Sᵀk))ᵀ;  out = Sᵀq

    The state is S of every head, [heads, key, value]; decay and beta have a column for each head.
    Head h reads query and key head h // (heads / key heads) or, `tiled`, h % key heads. q and k
    come as they are to be used (normalized, scaled).
    """

    remembers = True
    by_token = True

    q: Value
    k: Value
    v: Value
    decay: Value
    beta: Value
    state: StateRef[Fixed]
    tiled: bool = False

    @property
    def heads(self) -> int:
        return self.state.spec.shape[0]

    @property
    def key(self) -> int:
        return self.state.spec.shape[1]

    @property
    def value(self) -> int:
        return self.state.spec.shape[2]

    @property
    def key_heads(self) -> int:
        return self.k.width // self.key


@dataclass(frozen=True)
class Scan(Op):
    """The selective scan of state space models (Gu & Dao 2023, arXiv:2312.00752):

        S = exp(dt * a) * S + (dt * x) bᵀ;  out = S c + d * x

    By heads (Dao & Gu 2024, arXiv:2405.21060) the state is [heads, state, value]: dt, a [heads, 1]
    and d [heads, 1] have one number for each, and as many neighbouring heads share b and c as these
    have fewer groups of `state`. By channels it is [state, channels]: dt and d [channels] have a
    number for each, a [channels, state] one for each number of the state, and all share b and c.
    """

    remembers = True
    by_token = True

    x: Value
    dt: Value
    b: Value
    c: Value
    a: str
    d: str
    state: StateRef[Fixed]

    @property
    def by_head(self) -> bool:
        return len(self.state.spec.shape) == 3

    @property
    def size(self) -> int:
        """Numbers of the state of each value or channel."""
        return self.state.spec.shape[-2]

    @property
    def groups(self) -> int:
        return self.b.width // self.size


@dataclass(frozen=True)
class Gated(Op):
    """act(gate) * up, elementwise."""

    gate: Value
    up: Value
    act: Activation


@dataclass(frozen=True)
class ClampedGate(Op):
    """g * sigmoid(alpha * g) * (u + 1), elementwise, where g is the gate, at most `limit`, and u is
    up, within -limit .. limit (gpt-oss)."""

    gate: Value
    up: Value
    alpha: float
    limit: float


@dataclass(frozen=True)
class Activate(Op):
    """act(x), elementwise."""

    x: Value
    act: Activation | Xielu


@dataclass(frozen=True)
class Add(Op):
    """a + b, elementwise."""

    a: Value
    b: Value


@dataclass(frozen=True)
class Mul(Op):
    """a * b, elementwise."""

    a: Value
    b: Value


@dataclass(frozen=True)
class MulColumn(Op):
    """x * column, one figure of each token for all its columns."""

    x: Value
    column: Value


@dataclass(frozen=True)
class AddVector(Op):
    """x + vector, the same for every token; vector is [width]."""

    x: Value
    vector: str


@dataclass(frozen=True)
class MulVector(Op):
    """x * vector, the same for every token; vector is [width], or [heads, width / heads]."""

    x: Value
    vector: str


@dataclass(frozen=True)
class Scale(Op):
    """x · factor."""

    x: Value
    factor: float


@dataclass(frozen=True)
class ScaleBy(Op):
    """x · the one number that `weight` holds; it is [1]."""

    x: Value
    weight: str


@dataclass(frozen=True)
class Temper(Op):
    """x · a factor that grows with a token's place in its sequence."""

    by_token = True

    x: Value
    spec: TemperSpec


@dataclass(frozen=True)
class Softcap(Op):
    """cap · tanh(x / cap)."""

    x: Value
    cap: float


@dataclass(frozen=True)
class Clamp(Op):
    """x, but no further from 0 than `most`."""

    x: Value
    most: float


@dataclass(frozen=True)
class Select(Op):
    """Keeps only the rows of tokens whose logits are wanted; all later ops see fewer rows."""

    x: Value


# --- experts: rows of tokens become rows of experts, and tokens' again ---------------------------
@dataclass(frozen=True)
class Route(Op):
    """Which `used` experts a token goes to, and how much each counts (Shazeer et al. 2017,
    arXiv:1701.06538): columns 0 .. used - 1 are weights, the others the experts' numbers.

    Of an expert for each column of `logits` those of the largest probabilities are chosen
    (`gating`: softmax of all, sigmoid of each, or the logits themselves and a softmax of the chosen
    ones); `bias`, one for each expert, is added for the choice alone (arXiv:2408.15664). Weights
    are those probabilities, divided by their sum if `normalized`, times `scale`.
    groups > 1: only experts of the `groups_used` best of as many groups in a row are looked at; a
    group is as good as the sum of its `group_top` best (arXiv:2405.04434).
    `scales`, one for each expert: its weight is multiplied with that in the end.
    Gating by `mixer` (Liu et al. 2024, arXiv:2409.12136) weighs each of the chosen for itself, by
    the softmax of those that are not far from it: of all that were not chosen before it, those
    whose logit is below its own by no more than `margin` times the larger of |theirs| and its own.
    """

    logits: Value
    used: int
    gating: Gating = "softmax"
    normalized: bool = True
    scale: float = 1.0
    bias: str | None = None
    groups: int = 1
    groups_used: int = 1
    group_top: int = 1
    scales: str | None = None
    margin: float = 0.0


@dataclass(frozen=True)
class Dispatch(Op):
    """A row of x for each expert that its token goes to; weighted: times what that one counts.

    All ops behind it see such rows, in an order that is the backend's, until Combine.
    """

    x: Value
    route: Value
    weighted: bool = False


@dataclass(frozen=True)
class ExpertLinear(Op):
    """As Linear, with the matrix of the expert that a row went to; weight is
    [experts, n_out, n_in], bias [experts, n_out]."""

    x: Value
    route: Value
    weight: str
    bias: str | None = None


@dataclass(frozen=True)
class Combine(Op):
    """The sum of a token's rows; weighted: each times what its expert counts."""

    x: Value
    route: Value
    weighted: bool = True


# What comes out of these has outliers: a few columns are much larger than the others.
GATES = (Gated, ClampedGate, Activate)


@dataclass(frozen=True)
class Pool(Op):
    """One row for each wanted token, made of all tokens of its entry in the pass: their mean, or
    the first of them. All later ops see rows of the wanted tokens, as behind Select."""

    by_token = True

    x: Value
    kind: Pooling


# --- several streams beside each other (Gemma 3n) -------------------------------------------------
@dataclass(frozen=True)
class Blend(Op):
    """The sum of up to four streams, each times a figure of the token: stream i times column
    start + i of `coefs`, and `plus` more."""

    a: Value
    b: Value | None
    c: Value | None
    d: Value | None
    coefs: Value
    start: int
    plus: float = 0.0

    @property
    def streams(self) -> tuple[Value, ...]:
        return tuple(v for v in (self.a, self.b, self.c, self.d) if v is not None)


@dataclass(frozen=True)
class Resized(Op):
    """x times what gives it the root mean square of `like`; that of x counts as no less than the
    root of `least`."""

    x: Value
    like: Value
    least: float


@dataclass(frozen=True)
class Sparse(Op):
    """How far x stands above a cutoff, `above` standard deviations over its row's mean; 0 below."""

    x: Value
    above: float
