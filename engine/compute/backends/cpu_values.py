"""Where the values of a graph lie, and in which forms: float32, or quantized for a product.

Whoever makes a value writes all forms that its users will read, so that norms and gates quantize
on their way; a form that nobody foresaw is made from the float rows.
"""

from typing import Any

from engine.compute.backends.cpu_fusions import Fusions
from engine.compute.backends.cpu_program import Buffer, Program, Rows
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.graph import Graph
from engine.compute.graph import ops as g
from engine.compute.kernels import elementwise
from engine.compute.kernels.activations import buffer_bytes, step_bytes
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.rows import FORMS, outputs


class Values:
    """Values by their index in the graph; `floats` has the float32 rows."""

    def __init__(
        self,
        graph: Graph,
        weights: PackedWeights,
        program: Program,
        fusions: Fusions,
        *,
        collect: bool,
    ) -> None:
        self.graph, self._weights, self._program = graph, weights, program
        self._logits = graph.ops[fusions.tail[0]] if fusions.tail else None
        self._collect = collect  # whether inputs of products are summed up: as float32
        self.floats: dict[int, Rows] = {}
        self._forms: dict[tuple[int, str], Buffer] = {}
        self._users = {
            value: [graph.ops[at] for at in readers] for value, readers in fusions.readers.items()
        }

    def _wanted_forms(self, index: int) -> list[str]:
        """The forms in which the users of a value read it."""
        forms: list[str] = []
        for user in self._users[index]:
            form = "f32"
            if isinstance(user, g.Linear | g.ExpertLinear | g.HeadLinear):
                form, _ = self.way(user)
            if form not in forms:
                forms.append(form)
        if self._collect and forms and "f32" not in forms:
            forms.append("f32")
        return forms

    def way(self, op: g.Linear | g.ExpertLinear | g.HeadLinear) -> tuple[str, Kernel]:
        """The form of activations a product reads, and its kernel."""
        kind, source = self._weights.matrices[op.weight].kind, self.graph.ops[op.x.index]
        return kind.way(logits=op is self._logits, gated=isinstance(source, g.GATES))

    def outputs(self, index: int, width: int, out: Rows | None = None) -> list[Rows]:
        """Buffers for a value's forms, as the first operands of an elementwise kernel."""
        forms = self._wanted_forms(index) or ["f32"]
        made: list[Rows] = []
        for form in forms:
            buffer: Rows
            if form == "f32":
                buffer = out or self._program.rows(width, f"v{index}")
                self.floats[index] = buffer
            else:
                size = buffer_bytes(form, width, self._program.most_rows)
                self._forms[index, form] = self._program.buffer(
                    f"v{index}:{form}", size, step_bytes(form, width)
                )
                buffer = self._forms[index, form]
            made.append(buffer)
        return made

    def output_operands(self, index: int) -> dict[str, Any]:
        """Where a value goes, in all the forms that it has, as words of Outputs."""
        places = {"f32": self.floats.get(index)}
        places |= {form: self._forms.get((index, form)) for form in FORMS if form != "f32"}
        return outputs({form: place for form, place in places.items() if place is not None})

    def form(self, value: g.Value, form: str) -> Rows:
        """A value in the form asked for; made from its float rows where nobody made it before."""
        if form == "f32":
            return self.floats[value.index]
        found = self._forms.get((value.index, form))
        if found is not None:
            return found
        source = self.floats[value.index]
        size = buffer_bytes(form, value.width, self._program.most_rows)
        target = self._program.buffer(f"v{value.index}:{form}", size, step_bytes(form, value.width))
        self._forms[value.index, form] = target
        operands = elementwise.RowOperands(
            **outputs({form: target}),
            a=source,
            a_stride=source.row_bytes,
            vectors=(value.width + 15) // 16,
        )
        self._program.emit(elementwise.copy_rows, operands, [source], [target])
        return target
