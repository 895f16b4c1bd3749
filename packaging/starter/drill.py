"""The drill: a question, alone in its row, and the beginning of its answer.

What takes the training is to tell what a question is about. Where other conversations stand before
it in a row, a young model looks at all of their words alike and learns next to nothing for the
first half hour; alone, the mean of the words it sees is the question, and it learns at once.
"""

from random import Random

import numpy as np
from encoding import LEADING, NONE, Encoder, Row
from rows import Batch

SORTED = 4  # batches made together, so that each has rows of about one length
KEPT = len(LEADING), len(LEADING) + 8  # tokens of an answer, at random


class Drill:
    """Batch n follows from the writer's seed, n and the number of rows."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._made: tuple[int, list[list[Row]]] = (-1, [])

    def batch(self, number: int, rows: int) -> Batch:
        several, which = divmod(number, SORTED)
        if self._made[0] != several:
            self._made = several, self._make(several, rows)
        return self._padded(self._made[1][which])

    def _make(self, several: int, rows: int) -> list[list[Row]]:
        rng = Random(f"{self.encoder.writer.seed} drill {several}")
        many = rows * SORTED
        made = [self._row(several * many + i, rng) for i in range(many)]
        made.sort(key=len)
        batches = [made[at : at + rows] for at in range(0, many, rows)]
        rng.shuffle(batches)
        return batches

    def _row(self, number: int, rng: Random) -> Row:
        # Conversations have even numbers here, odd ones in whole rows.
        messages = self.encoder.writer.dialogue(2 * number)
        first = 2 + (messages[0].role == "system")
        row = self.encoder.row(messages[:first])
        row.cut(row.answer + rng.randrange(*KEPT))
        return row

    def _padded(self, rows: list[Row]) -> Batch:
        length = max(map(len, rows))
        tokens = np.full((len(rows), length), self.encoder.gap, np.int64)
        weights = np.zeros((len(rows), length), np.float32)
        subjects = np.full((len(rows), length), NONE, np.int64)
        for i, row in enumerate(rows):
            tokens[i, : len(row)] = row.tokens
            weights[i, : len(row)] = row.weights
            subjects[i, : len(row)] = row.subjects
        positions = np.broadcast_to(np.arange(length), tokens.shape)
        return Batch(tokens, weights, subjects, np.ascontiguousarray(positions))
