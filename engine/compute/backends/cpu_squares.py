"""Sums of what goes into products, for importance matrices: their rows in a program, and what these
have left behind after a pass."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.compute.backends.cpu_experts import Experts
from engine.compute.backends.cpu_program import Plan, Product, Program, Rows
from engine.compute.backends.interface import Squares, part_of
from engine.compute.graph import ExpertLinear, Graph
from engine.compute.kernels import collect


def sum_row(
    program: Program, experts: Experts, op: Product, x: Rows, n: int, route: int | None
) -> None:
    """Notes the product and, once for all products that share its input, adds the row.

    n: experts of the Route that the input's rows stand behind, `route`; 1 for rows of tokens.
    """
    plan, value = program.plan, op.x.index
    plan.inputs.append((op, program.count))
    if value in plan.sums:
        return
    vectors = (op.x.width + 15) // 16
    sums = plan.sums[value] = np.zeros((n, 16 * vectors), np.float32)
    words: dict[str, Any] = dict(x=x, x_stride=x.row_bytes, vectors=vectors, sums=sums.ctypes.data)
    if route is None:
        program.emit(collect.sum_squares, collect.SumOperands(**words), [x], [])
        return
    rows, table = np.zeros(n, np.int64), experts.table(route)
    plan.sum_rows[value] = rows
    operands = collect.ExpertSumOperands(**words, table=table, experts=n, rows=rows.ctypes.data)
    program.emit(collect.sum_squares_by_expert, operands, [x, table], [])


def keep_squares(plan: Plan, graph: Graph, squares: Squares, count: Callable[[int], int]) -> None:
    """After a pass; `count`: how many rows there were, by which count of the batch."""
    for op, which in plan.inputs:
        sums = plan.sums[op.x.index][:, : op.x.width]
        by_expert = plan.sum_rows.get(op.x.index)
        if isinstance(op, ExpertLinear):
            assert by_expert is not None
            squares.add(op.weight, sums, by_expert)
        else:
            n = count(which) if by_expert is None else int(by_expert.sum())
            squares.add_part(op.weight, sums.sum(axis=0), n, *part_of(op, graph))
