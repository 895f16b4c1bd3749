"""Packs conversations into rows of equal length, with a weight for every token that is learned.

Batch n follows from the seed and n alone, so that a run can stop and go on anywhere.
"""

from random import Random

import numpy as np
from dialogues import Message, Writer
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokens import END, END_OF_TEXT, START

# The first tokens of an answer decide its topic: that is the hard part, how it goes on is easy.
LEADING = (6.0, 4.0, 3.0, 2.0, 2.0, 2.0)
PLAIN, ASKED = 0.5, 0.1
# Answers of which only the first words are kept, for more questions in an hour; and, where the
# drill is on, conversations of which only the first question is kept.
CUT, CUT_IN_DRILL, ALONE = 0.5, 0.9, 0.85
TALE = 140  # tokens; longer answers are stories, whose ends are no less worth learning
Row = tuple[list[int], list[float], list[int]]  # tokens, their weights, where turns begin


class Packer:
    """Whole conversations, as many as fit. Positions leap now and then between turns, so that the
    model knows distances up to `reach`, for which no row is long enough."""

    def __init__(self, writer: Writer, tokenizer: Tokenizer, length: int, reach: int) -> None:
        self.writer, self.tokenizer, self.length, self.reach = writer, tokenizer, length, reach
        self._end = tokenizer.token_to_id(END)
        self._start = tokenizer.token_to_id(START)
        self._gap = tokenizer.token_to_id(END_OF_TEXT)
        self._line = self._ids("\n")
        self._answer = 0  # where the last answer begins
        self._drill = False

    def batch(
        self, number: int, rows: int, drill: bool = False
    ) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
        """Tokens, weights and positions, each (rows, length); weights are those of the tokens.
        A drill has many questions and only the beginnings of their answers."""
        self._drill = drill
        rng = Random(f"{self.writer.seed} rows {number}")
        numbers = iter(range(number * rows * 64, (number + 1) * rows * 64))
        waiting = [self._encoded(next(numbers), rng) for _ in range(12)]
        tokens = np.full((rows, self.length), self._gap, np.int64)
        weights = np.zeros((rows, self.length), np.float32)
        positions = np.zeros((rows, self.length), np.int64)
        for row in range(rows):
            at, starts = 0, list[int]()
            while fitting := [each for each in waiting if len(each[0]) <= self.length - at]:
                # In their order first; at the end the longest, which leaves the least room.
                tight = at > self.length // 2
                best = max(fitting, key=lambda each: len(each[0])) if tight else fitting[0]
                waiting[next(i for i, each in enumerate(waiting) if each is best)] = self._encoded(
                    next(numbers), rng
                )
                ids, weight, turns = best
                tokens[row, at : at + len(ids)] = ids
                weights[row, at : at + len(ids)] = weight
                starts += [at + turn for turn in turns]
                at += len(ids)
            positions[row] = self._positions(starts, rng)
        return tokens, weights, positions

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

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _encoded(self, number: int, rng: Random) -> Row:
        messages = self.writer.dialogue(number)
        if self._drill and rng.random() < ALONE:
            messages = messages[: 2 + (messages[0].role == "system")]
        tokens: list[int] = []
        weights: list[float] = []
        turns: list[int] = []
        for message in messages:
            before = len(tokens)
            if message.role == "user":
                turns.append(before)
            self._add(message, tokens, weights)
            if message.role == "assistant" and len(tokens) >= self.length:
                del tokens[before:], weights[before:]
                return self._shortened(tokens, weights, turns)
        cut = CUT_IN_DRILL if self._drill else CUT
        if len(tokens) - self._answer < TALE and rng.random() < cut:
            kept = self._answer + rng.randrange(len(LEADING) + 2, len(LEADING) + 11)
            del tokens[kept:], weights[kept:]
        tokens.append(self._gap)
        weights.append(0.0)
        return tokens, weights, turns

    def _shortened(self, tokens: list[int], weights: list[float], turns: list[int]) -> Row:
        """Without the last question, whose answer did not fit."""
        del tokens[turns[-1] :], weights[turns[-1] :]
        return [*tokens, self._gap], [*weights, 0.0], turns[:-1]

    def _add(self, message: Message, tokens: list[int], weights: list[float]) -> None:
        head = [self._start, *self._ids(f"{message.role}\n")]
        body = self._ids(message.content)
        tokens += [*head, *body, self._end, *self._line]
        weights += [0.0] * len(head)
        if message.role == "assistant":
            self._answer = len(tokens) - len(body) - 1 - len(self._line)
            weights += [*LEADING[: len(body)], *[PLAIN] * (len(body) - len(LEADING)), PLAIN]
        else:
            weights += [ASKED] * len(body) + [0.0]
        weights += [0.0] * len(self._line)
