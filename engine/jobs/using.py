"""What is asked of an open model without a conversation: a text gone on with, logits, its speed."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import CancelledError
from engine.base.events import Event, Progress, Stage, TextDelta
from engine.base.jobs import Together
from engine.generate import Generation, Piece, check_letters
from engine.jobs.orders import Bench, Benched, Complete, Completed, Steps
from engine.measure.bench import Roofs, Speed, bench, bench_parallel, stream_bytes_per_second
from engine.measure.live import peak_rss
from engine.model import Model
from engine.sampling.chain import Choice
from engine.tape import Tape, reading


def completing(order: Complete, model: Model) -> Steps[Completed]:
    """Tells PromptProgress and TextDelta; stopped, it has what was written."""
    tape = Tape(model.backend)
    try:
        return (yield from _completing(order, model, tape))
    finally:
        tape.close()


def _completing(order: Complete, model: Model, tape: Tape) -> Steps[Completed]:
    ids = _prompt_ids(order, model)
    generation = Generation(model, tape, order.sampling, order.generation)
    text, choices = list[str](), list[Choice]()

    def told(piece: Piece | None) -> Generator[Event | None, None, None]:
        if piece is not None:
            text.append(piece.text)
            choices.extend(piece.choices)
        yield None if piece is None else TextDelta("answer", piece.text)

    try:
        yield from generation.read(ids)
        for piece in generation.write():
            if isinstance(piece, Together):
                yield piece
            else:
                yield from told(piece)
    except CancelledError:
        pass
    yield from told(generation.flush())
    timings, reason = generation.timings, generation.reason
    return Completed(ids, generation.ids, "".join(text), reason, timings, tuple(choices))


def _prompt_ids(order: Complete, model: Model) -> list[int]:
    if not isinstance(order.prompt, str):
        return list(order.prompt)
    check_letters(model.tokenizer, order.prompt, model.info.n_ctx)
    return model.tokenizer.encode(order.prompt, add_special=True, parse_special=order.parse_special)


def reading_logits(ids: tuple[int, ...], model: Model) -> Steps[NDArray[np.float32]]:
    """Tells Progress."""
    tape, rows = Tape(model.backend), list[NDArray[np.float32]]()
    try:
        for done, logits in reading(tape, ids):
            rows.append(logits.copy())
            yield Progress(Stage.TOKENS, done, len(ids))
    finally:
        tape.close()
    return np.concatenate(rows)


def benching(order: Bench, model: Model) -> Steps[Benched]:
    """Tells Progress."""
    roofs = Roofs(model) if order.roof else None
    timed = bench(model, order.prompt, order.decode, order.depth, order.repeat, roofs)
    speed = yield from timed
    assert isinstance(speed, Speed)
    stream, peak = stream_bytes_per_second(model, speed), roofs.peak if roofs else peak_rss()
    roof = roofs.result(speed) if roofs else None
    parallel = dict[int, list[float]]()
    if order.parallel:
        found = yield from bench_parallel(model, list(order.parallel), order.decode, order.repeat)
        assert isinstance(found, dict)
        parallel = found
    return Benched(speed, stream, peak, roof, parallel)
