"""Batches of rows of one exercise each: questions, turns that follow others, whole conversations,
and texts of another world.

What takes the training is to tell what is asked for, so the first two have only the first words of
the answer that is looked for. Each row is padded and has one conversation; packed into long rows
they are learned far more slowly, since a young model looks at all words before a question alike.
"""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import numpy as np
from dialogues import ASKING, FOLLOWING, PASTING, TALKING, TELLING, Habits
from encoding import LEADING, NONE, Encoder, Row
from numpy.typing import NDArray

SORTED = 4  # batches made together, so that each has rows of about one length
KEPT = len(LEADING), len(LEADING) + 8  # tokens of the last answer, at random
LONGEST = 512  # tokens of a conversation
REACH = 2048  # the farthest position that is learned
LEAPS, LEAP = 0.5, 0.4  # rows whose positions leap, and turns of theirs before which they do


@dataclass(frozen=True)
class Exercise:
    """`place` keeps its conversations apart from those of the others; whole ones have all of
    their answers, and so many tokens at most."""

    place: int
    habits: Habits
    whole: bool = False
    longest: int = LONGEST


QUESTIONS = Exercise(0, ASKING)
FOLLOWUPS = Exercise(1, FOLLOWING)
TALKS = Exercise(2, TALKING, whole=True)
PASTES = Exercise(3, PASTING, whole=True, longest=1600)
ANSWERS = Exercise(4, TELLING, whole=True)
EXERCISES = (QUESTIONS, FOLLOWUPS, TALKS, PASTES, ANSWERS)


class Batch(NamedTuple):
    """Each (rows, length); all but positions as in encoding.Row."""

    tokens: NDArray[np.int64]
    weights: NDArray[np.float32]
    subjects: NDArray[np.int64]
    more: NDArray[np.int64]
    positions: NDArray[np.int64]


class Batches:
    """Batch n follows from the writer's seed, n and the number of rows."""

    def __init__(self, encoder: Encoder, exercise: Exercise, loose: float = 0.0) -> None:
        self.encoder, self.exercise, self.loose = encoder, exercise, loose
        self._made: tuple[tuple[int, int], list[list[Row]]] = ((0, 0), [])

    def batch(self, number: int, rows: int) -> Batch:
        several, which = divmod(number, SORTED)
        if self._made[0] != (several, rows):
            self._made = (several, rows), self._make(several, rows)
        return self._padded(self._made[1][which], self._rng(number))

    def _rng(self, number: int) -> Random:
        return Random(f"{self.encoder.writer.seed} {self.exercise.place} {number}")

    def _make(self, several: int, rows: int) -> list[list[Row]]:
        rng = self._rng(-several)
        many = rows * SORTED
        made = [self._row(several * many + i, rng) for i in range(many)]
        made.sort(key=len)
        batches = [made[at : at + rows] for at in range(0, many, rows)]
        rng.shuffle(batches)
        return batches

    def _row(self, number: int, rng: Random) -> Row:
        exercise = self.exercise
        number = len(EXERCISES) * number + exercise.place
        messages = self.encoder.writer.dialogue(number, exercise.habits)
        row = self.encoder.row(messages, rng, self.loose, brief=not exercise.whole)
        if exercise.whole:
            row.shorten(exercise.longest)
            row.cut(REACH)
        else:
            row.cut(row.answer + rng.randrange(*KEPT))
        return row

    def _padded(self, rows: list[Row], rng: Random) -> Batch:
        shape = len(rows), max(map(len, rows))
        tokens = np.full(shape, self.encoder.gap, np.int64)
        weights = np.zeros(shape, np.float32)
        subjects, more = np.full(shape, NONE, np.int64), np.full(shape, NONE, np.int64)
        steps = np.ones(shape, np.int64)
        steps[:, 0] = 0
        for i, row in enumerate(rows):
            tokens[i, : len(row)] = row.tokens
            weights[i, : len(row)] = row.weights
            subjects[i, : len(row)] = row.subjects
            more[i, : len(row)] = row.more
            if rng.random() < LEAPS:
                _leap(steps[i], row.turns[1:], rng)
        return Batch(tokens, weights, subjects, more, np.cumsum(steps, axis=1))


def _leap(steps: NDArray[np.int64], turns: list[int], rng: Random) -> None:
    """Positions leap now and then before a turn, so that the model knows distances for which no
    conversation is long enough."""
    left = REACH - len(steps)
    for turn in turns:
        if rng.random() < LEAP:
            leap = rng.randrange(left // 2 + 1)
            steps[turn] += leap
            left -= leap
