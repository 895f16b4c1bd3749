"""The rows of a program that are about experts: which of them tokens go to, rows sorted by expert,
products with their matrices, and the way back. kernels/experts.py shows the tables.
"""

from dataclasses import dataclass
from typing import Any

from engine.compute.backends.cpu_program import Buffer, Program, Rows
from engine.compute.backends.cpu_values import Values
from engine.compute.backends.cpu_weights import Matrix, PackedWeights
from engine.compute.graph import ops as g
from engine.compute.kernels import abi, experts
from engine.compute.kernels.activations import GROUP, row_floats
from engine.compute.kernels.products import by_expert

FLOAT = 4


@dataclass(frozen=True)
class _Routed:
    """Where a Route's results are: its rows, and the table of rows by expert."""

    rows: Buffer
    table: Buffer
    sources: int  # of the table, in bytes
    places: int
    used: int
    most_slots: int

    def words(self, op: g.Dispatch | g.Combine) -> dict[str, Any]:
        return {
            "route": self.rows,
            "route_stride": self.rows.row_bytes,
            "table": self.table,
            "used": self.used,
            "weighted": int(op.weighted),
        }


class Experts:
    """Writes rows into a program; knows each Route's tables by its place in the graph."""

    def __init__(
        self, program: Program, values: Values, weights: PackedWeights, threads: int
    ) -> None:
        self._program, self._values, self._weights = program, values, weights
        self._routed: dict[int, _Routed] = {}
        self._threads = threads

    def most_slots(self, route: int) -> int:
        """Rows that may stand behind a Route, for the most tokens of a pass."""
        return self._routed[route].most_slots

    def table(self, route: int) -> Buffer:
        """Where a Route's table of rows by expert is."""
        return self._routed[route].table

    def route(self, index: int, op: g.Route) -> None:
        """Two rows: each token's experts, and the table."""
        logits, n = self._values.floats[op.logits.index], op.logits.width
        whole = (n + 15) // 16 * 16  # floats of the experts, in whole vectors
        probs = (2 * op.used + 15) // 16 * 16
        rows = self._program.rows(row_floats(probs + 2 * whole + op.groups), f"v{index}")
        operands = experts.RouteOperands(
            logits=logits,
            logits_stride=logits.row_bytes,
            out=rows,
            out_stride=rows.row_bytes,
            experts=n,
            used=op.used,
            gating=experts.GATINGS[op.gating],
            normalized=int(op.normalized),
            scale=op.scale,
            bias=self._weights.vector(op.bias) if op.bias else 0,
            groups=op.groups,
            groups_used=op.groups_used,
            group_top=op.group_top,
            probs=FLOAT * probs,
            choice=FLOAT * (probs + whole),
            scales=self._weights.vector(op.scales) if op.scales else 0,
            margin=op.margin,
        )
        self._program.emit(experts.route_rows, operands, [logits], [rows])
        self._values.floats[index] = rows
        self._routed[index] = self._arrange(op, rows)

    def _arrange(self, op: g.Route, rows: Buffer) -> _Routed:
        sizes = op.logits.width, op.used, self._program.max_tokens
        sources, places, size = experts.table_bytes(*sizes)
        table = self._program.buffer("experts", size, 0)
        operands = experts.ArrangeOperands(
            route=rows,
            route_stride=rows.row_bytes,
            table=table,
            sources=sources,
            places=places,
            experts=op.logits.width,
            used=op.used,
        )
        self._program.emit(experts.arrange, operands, [rows], [table], counts=True)
        return _Routed(rows, table, sources, places, op.used, experts.most_slots(*sizes))

    def dispatch(self, index: int, op: g.Dispatch) -> None:
        x, routed = self._values.floats[op.x.index], self._routed[op.route.index]
        outputs = self._values.outputs(index, op.x.width)
        operands = experts.DispatchOperands(
            **self._values.output_operands(index),
            **routed.words(op),
            x=x,
            x_stride=x.row_bytes,
            vectors=(op.x.width + 15) // 16,
            sources=routed.sources,
        )
        read = [x, routed.rows, routed.table]
        self._program.emit(experts.dispatch_rows, operands, read, outputs)

    def linear(
        self, op: g.ExpertLinear, words: dict[str, Any], matrix: Matrix, out: Buffer
    ) -> None:
        """words: those of a product with the first expert's matrix."""
        form, kernel = self._values.way(op)
        x: Rows = words["x"]
        routed = self._routed[op.route.index]
        own = self._program.buffer("own rows", abi.ROW_BYTES * self._threads, 0)
        operands = experts.ExpertOperands(
            **words,
            table=routed.table,
            rows=own,
            expert_bytes=matrix.each,
            bias_bytes=FLOAT * matrix.rows,
            rows_of_x=1 if form in ("f32", "bf16") else GROUP,
        )
        self._program.emit(by_expert(kernel), operands, [x, routed.table], [out, own])

    def combine(self, index: int, op: g.Combine) -> None:
        x, routed = self._values.floats[op.x.index], self._routed[op.route.index]
        outputs = self._values.outputs(index, op.x.width)
        operands = experts.CombineOperands(
            **self._values.output_operands(index),
            **routed.words(op),
            x=x,
            x_stride=x.row_bytes,
            vectors=(op.x.width + 15) // 16,
            places=routed.places,
        )
        self._program.emit(experts.combine_rows, operands, [x, routed.rows, routed.table], outputs)
