"""How long a chat waits for its next token while the compute thread has other work, too.

    .venv/bin/python tests/pauses/pauses.py [--chat SHAPE] [--other SHAPE] [--only NAME …]
        [--vocabulary FILE.gguf] [--cold]

A model of random weights answers without an end; meanwhile another is opened, reads a long prompt,
is quantized, weighed, made (weighed and quantized in one order), hashed, downloaded at full speed
and hashed. With --cold the other should be of another type than the chat's (tinyllama-1.1b), so
that there is something to compile. Prints for each the usual step from token to token, the longest,
and the difference, which must stay below 0.3 s. SHAPE: one of tests/helpers/random_models.py.
--cold: kernels are compiled anew, in a folder of this run's own. Needs a quiet machine.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.hub_apart import REPO, hub_apart  # noqa: E402
from helpers.random_models import SHAPES, write_random  # noqa: E402

from engine.api import Engine, LoadOptions, discover, jobs  # noqa: E402
from engine.base.errors import ChaskiError  # noqa: E402
from engine.base.paths import Paths  # noqa: E402
from engine.base.settings import GenerationParams, SamplingParams  # noqa: E402

LIMIT = 0.3  # seconds beyond the usual step
TARGETS = ("Q8_0", "Q4_K_M", "IQ3_S", "TQ2_0")
PROMPT_WORDS = 60  # times nine words: some hundred tokens
SPOKEN = 20  # tokens before the other work begins
WAIT = 600.0
FULL_SPEED = 1e10  # bytes a second


class Chat:
    """An answer without an end, and when each of its passes was over."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.times: list[float] = []
        info: Any = engine.open_model(path, LoadOptions(n_ctx=0)).wait(WAIT)
        backend = engine.model(info.id).backend
        run = backend.run

        def timed(parts: Any) -> Any:
            found = run(parts)
            self.times.append(time.perf_counter())
            return found

        backend.run = timed  # type: ignore[method-assign]
        endless = GenerationParams(ignore_eos=True, when_full="roll", speculate=False)
        self._chat = engine.new_chat(info.id, sampling=SamplingParams(seed=1), generation=endless)
        self._ticket: Any = None

    def beside(self, work: Callable[[], object]) -> tuple[float, float, int, float]:
        """Usual and longest step in seconds, tokens, and seconds of the work."""
        self.times.clear()
        if self._ticket is None or self._ticket.ended:
            self._ticket = self._chat.send("once upon a time")
        while len(self.times) < SPOKEN:
            time.sleep(0.01)
        usual = self.times[2:]
        usual_step = median(b - a for a, b in zip(usual, usual[1:], strict=False))
        begun = time.perf_counter()
        work()
        took = time.perf_counter() - begun
        time.sleep(0.05)
        during = [t for t in list(self.times) if t >= begun - usual_step]
        steps = [b - a for a, b in zip(during, during[1:], strict=False)]
        self._chat.stop()
        with suppress(ChaskiError):
            self._ticket.wait(WAIT)
        return usual_step, max(steps, default=took), len(steps), took


def works(engine: Engine, other: Path, folder: Path, hub: str) -> dict[str, Callable[[], object]]:
    """What is done beside the chat, by name."""
    from engine.measure.importance import Calibration, make_importance
    from engine.workshop.quantize import quantize_model
    from engine.workshop.quantize_plan import QuantizeOptions

    def opening() -> None:
        info: Any = engine.open_model(other, LoadOptions(n_ctx=512)).wait(WAIT)
        engine.close_model(info.id).wait(WAIT)

    def reference() -> None:
        options = LoadOptions(n_ctx=512, backend="reference")
        info: Any = engine.open_model(other, options).wait(WAIT)
        engine.close_model(info.id).wait(WAIT)

    def quantizing(target: str) -> Callable[[], object]:
        options = QuantizeOptions(target, allow_requantize=True, overwrite=True, threads=2)
        job = quantize_model(other, folder / f"{target}.gguf", options)
        return lambda: engine.run(job).wait(WAIT)

    text = folder / "text.txt"
    text.write_text("the little girl was named once upon a time and there was play " * 60, "utf-8")
    wanted = Calibration(text, folder / "imatrix.gguf", window=128, overwrite=True)
    weighing = make_importance(other, wanted, LoadOptions(n_ctx=128))

    def making() -> None:
        order = jobs.Make(other, folder / "made.gguf", "Q4_K_M", text=text)
        engine.ask(jobs.make(order, engine.paths)).wait(WAIT)

    def hashing() -> None:
        engine.verify_model(engine.library.add(other).name).wait(WAIT)

    def reading() -> None:
        info: Any = engine.open_model(other, LoadOptions(n_ctx=0)).wait(WAIT)
        one = GenerationParams(max_tokens=1, ignore_eos=True)
        chat = engine.new_chat(info.id, generation=one)
        chat.send("the little girl was named once upon a time " * PROMPT_WORDS).wait(WAIT)
        engine.close_model(info.id).wait(WAIT)

    def downloading() -> None:
        engine.use_network(discover.NetworkSettings(endpoint=hub, proxy="none"))
        engine.downloads.get(jobs.wish_of(f"{REPO}:Q4_0")).wait(WAIT)

    return {
        "open": opening,
        "open again": opening,
        "open for reference": reference,
        "read a long prompt": reading,
        **{f"quantize to {target}": quantizing(target) for target in TARGETS},
        "weigh": lambda: engine.run(weighing).wait(WAIT),
        "make": making,
        "hash": hashing,
        "download": downloading,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--chat", default="stories15m", choices=SHAPES)
    parser.add_argument("--other", default="stories110m", choices=SHAPES)
    parser.add_argument("--vocabulary", type=Path, help="a GGUF file whose tokenizer OTHER gets")
    parser.add_argument("--only", nargs="+", help="names of works")
    parser.add_argument("--cold", action="store_true")
    args = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.pop("NUMBA_CACHE_DIR", None)
        kernels = folder / "kernels" if args.cold else Paths.default().kernels
        from engine.compute.kernels.jit import set_cache_folder

        kernels.mkdir(parents=True, exist_ok=True)
        set_cache_folder(kernels)
        chat_file = write_random(folder / "chat.gguf", SHAPES[args.chat])
        other = write_random(folder / "other.gguf", SHAPES[args.other], args.vocabulary)
        with (
            hub_apart(other, FULL_SPEED) as hub,
            Engine(Paths.under(folder / "home")) as engine,
        ):
            chat = Chat(engine, chat_file)
            for what, work in works(engine, other, folder, hub).items():
                if args.only and what not in args.only:
                    continue
                usual, longest, tokens, took = chat.beside(work)
                worst = max(worst, longest - usual)
                print(
                    f"{what:22s} {took:7.2f} s, {tokens:5d} tokens; step {usual * 1e3:6.1f} ms, "
                    f"longest {longest * 1e3:7.1f} ms, beyond {(longest - usual) * 1e3:7.1f} ms",
                    flush=True,
                )
    print(f"longest pause beyond the usual step: {worst:.3f} s (limit {LIMIT} s)")
    return 0 if worst < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
