"""Packs whole conversations into rows of equal length.

Batch n follows from the seed and n alone, so that a run can stop and go on anywhere.
"""

from random import Random
from typing import NamedTuple

import numpy as np
from encoding import NONE, Encoder, Row
from numpy.typing import NDArray


class Batch(NamedTuple):
    """Each (rows, length); weights and subjects are those of the tokens where they stand."""

    tokens: NDArray[np.int64]
    weights: NDArray[np.float32]
    subjects: NDArray[np.int64]
    positions: NDArray[np.int64]


class Packer:
    """Whole conversations, as many as fit. Positions leap now and then between turns, so that the
    model knows distances up to `reach`, for which no row is long enough."""

    def __init__(self, encoder: Encoder, length: int, reach: int) -> None:
        self.encoder, self.length, self.reach = encoder, length, reach

    def batch(self, number: int, rows: int) -> Batch:
        rng = Random(f"{self.encoder.writer.seed} rows {number}")
        numbers = iter(range(number * rows * 64, (number + 1) * rows * 64))
        waiting = [self._row(next(numbers)) for _ in range(12)]
        shape = rows, self.length
        tokens = np.full(shape, self.encoder.gap, np.int64)
        weights, subjects = np.zeros(shape, np.float32), np.full(shape, NONE, np.int64)
        positions = np.zeros(shape, np.int64)
        for i in range(rows):
            at, starts = 0, list[int]()
            while fitting := [each for each in waiting if len(each) <= self.length - at]:
                # In their order first; at the end the longest, which leaves the least room.
                row = max(fitting, key=len) if at > self.length // 2 else fitting[0]
                waiting[next(k for k, each in enumerate(waiting) if each is row)] = self._row(
                    next(numbers)
                )
                here = slice(at, at + len(row))
                tokens[i, here], weights[i, here] = row.tokens, row.weights
                subjects[i, here] = row.subjects
                starts += [at + turn for turn in row.turns]
                at += len(row)
            positions[i] = self._positions(starts, rng)
        return Batch(tokens, weights, subjects, positions)

    def _row(self, number: int) -> Row:
        row = self.encoder.row(self.encoder.writer.dialogue(2 * number + 1), self.length)
        row.add([self.encoder.gap], [0.0])
        return row

    def _positions(self, starts: list[int], rng: Random) -> NDArray[np.int64]:
        steps = np.ones(self.length, np.int64)
        steps[0] = 0
        if rng.random() < 0.5:
            left = self.reach - self.length
            for start in sorted(starts)[1:]:
                if rng.random() < 0.4:
                    leap = rng.randrange(left // 2 + 1)
                    steps[start] += leap
                    left -= leap
        return np.cumsum(steps)
