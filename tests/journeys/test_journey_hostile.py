"""Mutated model files, opened and run all the way: one clear sentence or a reply, nothing else."""

import random
from pathlib import Path

import numpy as np
from helpers.open_tiny import REFERENCE, drive
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import ChaskiError
from engine.base.models import Message
from engine.base.settings import GenerationParams, SamplingParams
from engine.model import open_model
from engine.session import Session
from engine.weights.formats.gguf import open_gguf

CASES = 300
TEMPLATE = "{% for m in messages %}{{ m.content }}\n{% endfor %}"


def mutated(good: bytes, head: int, rng: random.Random) -> bytes:
    """A few bytes of the first `head` changed (metadata, descriptions of tensors), or a cut."""
    data = bytearray(good)
    for _ in range(rng.choice((1, 1, 2, 8))):
        data[rng.randrange(head)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    if rng.random() < 0.1:
        del data[rng.randrange(len(data)) :]
    return bytes(data)


def talk(path: Path) -> None:
    """Open and answer, as a window would."""
    model = drive(open_model(path, REFERENCE, "x"))
    try:
        session = Session(model, messages=[Message("user", "once upon a time")])
        session.sampling = SamplingParams(seed=1)
        session.generation = GenerationParams(max_tokens=2)
        drive(session.reply())
        session.close()
    finally:
        model.close()


def one_line(sentence: str) -> bool:
    assert "\n" not in sentence.strip()
    return True


def test_mutated_models_give_a_sentence_or_a_reply(tmp_path: Path) -> None:
    good_path = write_tiny_llama(
        tmp_path / "good.gguf",
        n_ctx=64,
        n_layer=1,
        extra_metadata={"tokenizer.chat_template": TEMPLATE},
    )
    good = good_path.read_bytes()
    with open_gguf(good_path) as file:
        head = min(info.offset for info in file.tensors.values())
    talk(good_path)
    path = tmp_path / "bad.gguf"
    refused = 0
    for seed in range(CASES):
        path.write_bytes(mutated(good, head, random.Random(seed)))
        try:
            with np.errstate(all="ignore"):
                talk(path)
        except ChaskiError as error:
            refused += one_line(str(error))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
    assert refused > CASES // 20
