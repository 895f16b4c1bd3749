"""Which exercise comes when, as the training goes on."""

from collections.abc import Sequence
from typing import NamedTuple

from batches import (
    ANSWERS,
    EXERCISES,
    FOLLOWUPS,
    PASTES,
    QUESTIONS,
    TALKS,
    Batch,
    Batches,
    Exercise,
)
from encoding import Encoder

# Up to this share of the run only questions, then these in turn. To tell subjects apart
# takes nearly all of the training; answers are soon known by heart.
ALONE = 0.15
TURNS = (QUESTIONS, FOLLOWUPS, QUESTIONS, TALKS)
# So many questions of each exercise are loosened, from the beginning: else the order of the
# patterns' words is learned by heart, and wordings that were never seen are no longer understood.
LOOSE = {QUESTIONS: 0.6, FOLLOWUPS: 0.4, TALKS: 0.3, PASTES: 0.0, ANSWERS: 0.4}


class Sizes(NamedTuple):
    """Rows in a batch of each exercise."""

    questions: int = 64
    followups: int = 24
    talks: int = 12
    pastes: int = 8
    answers: int = 24


class Course:
    """Batches in their order; `given` says how many of each exercise there were."""

    def __init__(
        self,
        encoder: Encoder,
        sizes: Sizes,
        turns: Sequence[Exercise] = TURNS,
        alone: float = ALONE,
        first: int = 0,
    ) -> None:
        self.rows = dict(zip(EXERCISES, sizes, strict=True))
        self.turns, self.alone = turns, alone
        self.given = [first] * len(EXERCISES)
        self._batches = {each: Batches(encoder, each, LOOSE[each]) for each in EXERCISES}
        self._plain = Batches(encoder, QUESTIONS)

    def batch(self, step: int, share: float) -> Batch:
        """The next one, at a step and a share of the run."""
        exercise = QUESTIONS if share < self.alone else self.turns[step % len(self.turns)]
        number = self.given[exercise.place]
        self.given[exercise.place] += 1
        return self._batches[exercise].batch(number, self.rows[exercise])

    def glance(self, number: int, rows: int) -> Batch:
        """Questions for before the run: from the end, none that it will see."""
        return self._plain.batch(-1 - number, rows)
