"""What the planner may fuse, and when: each fusion's guard, read off the graph before any row is
written. Where a guard says no, the op has a plain row of its own.

A value written in place of another shares its memory, as a slice shares that of the whole row; who
still reads there decides. All ops are known by their place in the graph: two may be equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.base.catalogue import Words
from engine.base.errors import UnsupportedError
from engine.compute.graph import Graph, fading, may_be_few
from engine.compute.graph import ops as g

# Ops that leave a new state of a fixed size.
CHANGING = (g.Conv, g.DeltaRule, g.Scan, fading.Before, fading.Wkv6, fading.Wkv7)


@dataclass(frozen=True)
class Home:
    """Where a value lies: columns start .. start + width - 1 of the rows of value `root`."""

    root: int
    start: int
    width: int

    def meets(self, other: "Home") -> bool:
        apart = self.start + self.width <= other.start or other.start + other.width <= self.start
        return self.root == other.root and not apart

    def part(self, start: int, width: int) -> "Home":
        return Home(self.root, self.start + start, width)


class Fusions:
    """The guards, for one graph. `homes` grows as the planner decides; `few` are the values that
    have rows of the wanted tokens only, `routed` those that have rows of experts, by the Route."""

    def __init__(self, graph: Graph) -> None:
        self.few, self.routed = check_graph(graph)
        self.graph = graph
        self.kept_late = self._kept_late()
        self.appended: dict[int, g.Append] = {}  # by the attention's place
        for i, at in self.kept_late.items():
            append = graph.ops[i]
            assert isinstance(append, g.Append)
            self.appended[at] = append
        self.readers: dict[int, list[int]] = {i: [] for i in range(len(graph.ops))}
        for at, op in enumerate(graph.ops):
            for value in op.inputs:
                self.readers[value.index].append(self.kept_late.get(at, at))
        self.given = {graph.result.index, *(v.index for v in graph.outputs.values())}
        self.homes: dict[int, Home] = {}
        # By root: the values that share its memory and are still read, with who reads what.
        self._live: dict[int, dict[int, list[tuple[int, Home]]]] = {}
        self.turned = self._turned_by_attention()
        self.tail = self._tail()

    def settle(self, index: int, other: int | None = None) -> None:
        """Value `index` lies where `other` does, or in memory of its own."""
        width = self.graph.widths[index]
        self._move(index, Home(index, 0, width) if other is None else self.homes[other])

    def settle_part(self, index: int, whole: int, start: int) -> None:
        self._move(index, self.homes[whole].part(start, self.graph.widths[index]))

    def _move(self, index: int, home: Home) -> None:
        if index in self.homes:
            self._live[self.homes[index].root].pop(index, None)
        self.homes[index] = home
        self._live.setdefault(home.root, {})[index] = [*self._readings(index, home)]

    def may_overwrite(self, index: int, at: int) -> bool:
        """Whether op number `at` may write where value `index` lies: nobody reads there later."""
        home = self.homes[index]
        return not any(where.meets(home) for reader, where in self._later(home.root, at))

    def _later(self, root: int, at: int) -> list[tuple[int, Home]]:
        """Who reads which columns there after op number `at`. Values whose time is over are
        forgotten: planning walks forward."""
        live = self._live[root]
        for value in [v for v, found in live.items() if all(r < at for r, _ in found)]:
            del live[value]
        return [(r, where) for found in live.values() for r, where in found if r > at]

    def _readings(self, value: int, home: Home) -> Iterator[tuple[int, Home]]:
        """Which op reads which columns, through slices and ropes that make no copy. What the model
        gives is read behind the last."""
        if value in self.given:
            yield len(self.graph.ops), home
        for reader in self.readers[value]:
            op = self.graph.ops[reader]
            if isinstance(op, g.Slice):
                yield from self._readings(reader, home.part(op.start, op.width))
            elif reader in self.turned:
                yield from self._readings(reader, home)
            else:
                yield reader, home

    # --- states --------------------------------------------------------------------------------
    def _kept_late(self) -> dict[int, int]:
        """Appends that may wait for the attention that looks at what they add, by their places:
        the next op but for ropes, so that nobody else can miss it."""
        found: dict[int, int] = {}
        for at, op in enumerate(self.graph.ops):
            if isinstance(op, g.Append):
                after = enumerate(self.graph.ops[at + 1 :], at + 1)
                reader = next((i for i, one in after if not isinstance(one, g.Rope)), at)
                looks = self.graph.ops[reader]
                its = isinstance(looks, g.Attention) and looks.state == op.state
                if its and reader not in self.few:
                    found[at] = reader
        return found

    # --- rope ----------------------------------------------------------------------------------
    def _turned_by_attention(self) -> set[int]:
        """The ropes that attention may take over on its way: queries and keys of one attention,
        both turned the same way, and read by nobody else."""
        found: set[int] = set()
        for at, append in self.appended.items():
            op = self.graph.ops[at]
            assert isinstance(op, g.Attention)
            if op.q.index == append.k.index:
                continue
            q, k = self.graph.ops[op.q.index], self.graph.ops[append.k.index]
            if isinstance(q, g.Rope) and isinstance(k, g.Rope) and q.x.index != k.x.index:
                alike = (q.spec, q.head_dim) == (k.spec, k.head_dim)
                both = (op.q.index, append.k.index)
                alone = all(self.readers[i] == [at] and i not in self.given for i in both)
                if alike and alone and q.head_dim == op.head_dim:
                    found |= {op.q.index, append.k.index}
        return found

    def turns(self, at: int) -> bool:
        """Whether the attention at that place may turn its queries and keys where they lie."""
        op = self.graph.ops[at]
        assert isinstance(op, g.Attention)
        if op.q.index not in self.turned:
            return False
        append = self.appended[at]
        q, k, v = (self.homes[x.index] for x in (op.q, append.k, append.v))
        if q.meets(k) or q.meets(v) or k.meets(v):
            return False
        return self.may_overwrite(op.q.index, at) and self.may_overwrite(append.k.index, at)

    # --- residual ------------------------------------------------------------------------------
    def residual(self, index: int) -> int | None:
        """The value that a product may add itself to, where it is only ever added to that one and
        nobody reads the old one any more; `index` is the product's."""
        if len(self.readers[index]) != 1 or index in self.given:
            return None
        at, product = self.readers[index][0], self.graph.ops[index]
        add = self.graph.ops[at]
        assert isinstance(product, g.Linear)
        if not isinstance(add, g.Add) or index in self.routed:
            return None
        other = add.a.index if add.b.index == index else add.b.index
        if other >= index or other not in self.homes:
            return None
        if self.homes[other] != Home(self.homes[other].root, 0, self._root_width(other)):
            return None  # products write whole panels, which would reach into a slice's neighbours
        reads_itself = self.homes[product.x.index].meets(self.homes[other])
        # The sum is there from the product on: readers between the two would find it.
        late = any(
            reader != at and where.meets(self.homes[other])
            for reader, where in self._later(self.homes[other].root, index)
        )
        return None if reads_itself or late else other

    def _root_width(self, index: int) -> int:
        return self.graph.widths[self.homes[index].root]

    # --- logits --------------------------------------------------------------------------------
    def _tail(self) -> list[int]:
        """The product whose rows become the logits, then what bends them; empty where something
        else ends the graph."""
        index = self.graph.result.index
        found: list[int] = []
        while True:
            op = self.graph.ops[index]
            found.insert(0, index)
            if isinstance(op, g.Linear):
                return found
            if not isinstance(op, g.Scale | g.Softcap) or len(self.readers[op.x.index]) != 1:
                return []
            if op.x.index in self.given:
                return []
            index = op.x.index


# --- what no planner can run -----------------------------------------------------------------
def check_graph(graph: Graph) -> tuple[set[int], dict[int, int]]:
    """The values that have rows of the wanted tokens only; and those that have rows of experts,
    each with its Route's place.

    Raises UnsupportedError for a graph that has no meaning, naming the op.
    """
    few: set[int] = set()
    routed: dict[int, int] = {}
    latest = -1  # the Route that came last
    filled: set[int] = set()
    for at, op in enumerate(graph.ops):
        if isinstance(op, g.Append):
            if op.state.index in filled:
                _refuse(op, Words("adds to a state for the second time"))
            filled.add(op.state.index)
        elif isinstance(op, CHANGING):
            if op.state.index in filled:
                _refuse(op, Words("changes a state for the second time"))
            filled.add(op.state.index)
        elif isinstance(op, g.Attention) and op.state.index not in filled:
            _refuse(op, Words("looks at a state to which nothing was added"))
        selected = {value.index in few for value in op.inputs}
        if isinstance(op, g.Select | g.Pool):
            if True in selected:
                _refuse(op, Words("selects from rows that are selected already"))
            few.add(at)
        elif True in selected:
            if False in selected or not may_be_few(op):
                _refuse(op, Words("needs all tokens, but reads rows of the wanted ones"))
            few.add(at)
        latest = at if isinstance(op, g.Route) else latest
        _follow_route(graph, at, routed, latest)
        _check_widths(op, graph.widths[at])
    if not any(isinstance(op, g.Embed) for op in graph.ops):
        raise UnsupportedError("this model's graph reads no tokens")
    if graph.result.index not in few:
        raise UnsupportedError("this model's graph does not select the rows of its logits")
    if {graph.result.index, *(v.index for v in graph.outputs.values())} & routed.keys():
        raise UnsupportedError("this model's graph gives rows of experts")
    return few, routed


def _follow_route(graph: Graph, at: int, routed: dict[int, int], latest: int) -> None:
    """Notes whether an op has rows of experts: from Dispatch to Combine of one Route, between which
    no other may stand (there is one count of rows), nor what must know tokens."""
    op = graph.ops[at]
    rows = {routed.get(v.index) for v in op.inputs if not isinstance(graph.ops[v.index], g.Route)}
    if isinstance(op, g.Dispatch | g.ExpertLinear | g.Combine):
        before = {None} if isinstance(op, g.Dispatch) else {latest}
        if op.route.index != latest or rows != before:
            _refuse(op, Words("reads rows of other experts"))
        if not isinstance(op, g.Combine):
            routed[at] = latest
    elif rows - {None}:
        if rows != {latest} or isinstance(op, g.Select | g.Route) or op.by_token:
            _refuse(op, Words("reads rows of experts, but needs those of tokens"))
        routed[at] = latest


def _check_widths(op: g.Op, width: int) -> None:
    match op:
        case g.Slice():
            sound = op.start >= 0 and op.start + op.width <= op.x.width
        case g.HeadSlice():
            whole = op.group > 0 and op.x.width % op.group == 0
            sound = whole and 0 <= op.start < op.start + op.width <= op.group
        case g.HeadJoin():
            times = op.groups if op.shared else 1
            sound = op.groups > 0 and not (times * op.a.width % op.groups or op.b.width % op.groups)
            sound = sound and op.a.width > 0 < op.b.width
            sound = sound and width == times * op.a.width + op.b.width
        case g.HeadLinear():
            sound = op.heads > 0 and op.x.width > 0 and not (op.x.width % op.heads)
            sound = sound and width > 0 and width % op.heads == 0
        case g.Rope():
            whole = op.head_dim > 0 and op.x.width % op.head_dim == 0
            sound = whole and 0 < op.spec.n_dims <= op.head_dim and op.spec.n_dims % 2 == 0
        case g.Append():
            spec = op.state.spec
            sound = spec.heads > 0 and spec.key > 0 and spec.value > 0
            sound = sound and op.k.width == spec.heads * spec.key
            sound = sound and op.v.width == spec.heads * spec.value
            sound = sound and not (spec.within and spec.value >= spec.key)
        case g.Attention():
            kv = op.n_head_kv
            sound = kv > 0 and op.n_head % kv == 0 and op.head_dim > 0 and op.head_dim_v > 0
            sound = sound and op.q.width == op.n_head * op.head_dim
            sound = sound and width == op.n_head * op.head_dim_v
            seen = op.state.spec.window  # what is kept is enough for who looks
            sound = sound and (not seen or 0 < op.window <= seen) and op.alibi >= 0
            sound = sound and not (op.chunked and (op.window == 0 or not op.causal))
        case g.Conv():
            shape = op.state.spec.shape
            sound = len(shape) == 2 and shape[0] > 0 and shape[1] == op.x.width == width
        case g.DeltaRule():
            sound = len(op.state.spec.shape) == 3 and _rule_fits(op, width)
        case g.Scan():
            sound = len(op.state.spec.shape) in (2, 3) and _scan_fits(op, width)
        case fading.Before():
            sound = op.state.spec.shape == (1, width) and op.x.width == width
        case fading.Lerp():
            sound = {value.width for value in op.inputs} == {width}
            sound = sound and bool(op.weight or op.more)
        case fading.Bonus():
            sound = op.heads > 0 and width % (16 * op.heads) == 0
            sound = sound and {value.width for value in op.inputs} == {width}
        case fading.Wkv6() | fading.Wkv7():
            sound = len(op.state.spec.shape) == 3 and _wkv_fits(op, width)
        case g.Norm():
            group = op.group or op.x.width
            # Norms of heads have no bias in any model there is.
            sound = group > 0 and op.x.width % group == 0 and not (op.group and op.bias)
        case g.MulColumn():
            sound = op.column.width == 1 and width == op.x.width
        case g.Route():
            sound = _route_fits(op, width)
        case g.Dispatch() | g.Combine():
            sound = width == op.x.width
        case g.ExpertLinear():
            sound = True
        case g.Blend():
            sound = {value.width for value in op.streams} == {width}
            sound = sound and 0 <= op.start <= op.coefs.width - len(op.streams)
        case g.Clamp():
            sound = op.most > 0
        case g.Add() | g.Mul() | g.Gated() | g.ClampedGate() | g.Resized():
            sound = len({value.width for value in op.inputs} | {width}) == 1
        case _:
            sound = True
    if not sound:
        _refuse(op, Words("has widths that do not fit together"))


def _route_fits(op: g.Route, width: int) -> bool:
    experts = op.logits.width
    if not 0 < op.used <= experts or width != 2 * op.used or op.groups < 1 or experts % op.groups:
        return False
    each = experts // op.groups
    tops = op.group_top in (1, 2) and op.group_top <= each and op.margin >= 0
    return tops and 0 < op.groups_used <= op.groups and op.used <= op.groups_used * each


def _rule_fits(op: g.DeltaRule, width: int) -> bool:
    heads, key, value = op.state.spec.shape
    if min(heads, key, value, op.key_heads) <= 0 or heads % op.key_heads or value % 16:
        return False
    keys = op.q.width == op.k.width == op.key_heads * key
    return (
        keys and op.v.width == width == heads * value and op.decay.width == op.beta.width == heads
    )


def _scan_fits(op: g.Scan, width: int) -> bool:
    shape = op.state.spec.shape
    steps, size, columns = shape if op.by_head else (shape[1], shape[0], 1)
    if min(*shape, op.groups) <= 0 or shape[-1] % 16 or steps % op.groups:
        return False
    shared = op.b.width == op.c.width == op.groups * size and (op.by_head or op.groups == 1)
    return shared and op.dt.width == steps and op.x.width == width == steps * columns


def _wkv_fits(op: fading.Wkv6 | fading.Wkv7, width: int) -> bool:
    heads, key, value = op.state.spec.shape
    if min(heads, key, value) <= 0 or value % 16:
        return False
    by_key = {each.width for each in op.inputs if each is not op.v}
    return by_key == {heads * key} and op.v.width == width == heads * value


def _refuse(op: g.Op, why: Words) -> None:
    raise UnsupportedError(
        "this model cannot be run: its op {kind} {why}; the file is broken, or of a kind that is "
        "not known yet",
        kind=type(op).__name__,
        why=why,
    )
