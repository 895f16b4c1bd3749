"""Which exercise comes when, as the training goes on."""

from collections.abc import Mapping
from typing import NamedTuple

from batches import EXERCISES, FOLLOWUPS, QUESTIONS, TALKS, Batch, Batches
from encoding import Encoder

# Up to this share of the run only questions, then all exercises in turn. To tell subjects apart
# takes nearly all of the training; answers are soon known by heart.
ALONE = 0.15
# From this share on questions are loosened: so many of them in each exercise.
LOOSE_FROM = 0.3
LOOSE = {QUESTIONS: 0.6, FOLLOWUPS: 0.4, TALKS: 0.3}


class Sizes(NamedTuple):
    """Rows in a batch of each exercise."""

    questions: int = 64
    followups: int = 24
    talks: int = 8


class Course:
    """Batches in their order; `given` says how many of each exercise there were."""

    def __init__(self, encoder: Encoder, sizes: Sizes) -> None:
        self.rows = dict(zip(EXERCISES, sizes, strict=True))
        self.given = [0] * len(EXERCISES)
        self._plain = {each: Batches(encoder, each) for each in EXERCISES}
        self._loose = {each: Batches(encoder, each, LOOSE[each]) for each in EXERCISES}

    def batch(self, step: int, share: float) -> Batch:
        """The next one, at a step and a share of the run."""
        exercise = QUESTIONS if share < ALONE else EXERCISES[step % len(EXERCISES)]
        made: Mapping[object, Batches] = self._loose if share >= LOOSE_FROM else self._plain
        number = self.given[exercise.place]
        self.given[exercise.place] += 1
        return made[exercise].batch(number, self.rows[exercise])

    def glance(self, number: int, rows: int) -> Batch:
        """Questions for before the run: from the end, none that it will see."""
        return self._plain[QUESTIONS].batch(-1 - number, rows)
