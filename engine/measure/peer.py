"""Runs llama.cpp (through llama-cpp-python) on the same file, for a ratio taken in one run.

The peer lives in an environment of its own; nothing of it is imported here.
"""

import json
import subprocess

from engine.base.errors import ChaskiError

# The same tokens, warm-up and order as engine/measure/bench.py.
_SCRIPT = """
import json, random, resource, sys, time
import llama_cpp
path, prompt, decode, depth, threads, repeat = sys.argv[1], *map(int, sys.argv[2:])
begun = time.perf_counter()
model = llama_cpp.Llama(path, n_ctx=depth + prompt + decode + 64, n_batch=512, n_threads=threads,
                        n_threads_batch=threads, verbose=False)
load = time.perf_counter() - begun
rng, size = random.Random(0), model.n_vocab()
low = 300 if size > 1000 else 0
ids = [rng.randrange(low, size) for _ in range(depth + max(prompt, decode) + 32)]
model.eval(ids[:16])
pp, tg = [], []
for _ in range(repeat):
    model.reset()
    if depth:
        model.eval(ids[:depth])
    begun = time.perf_counter()
    if prompt:
        model.eval(ids[depth:depth + prompt])
        pp.append(prompt / (time.perf_counter() - begun))
    model.n_tokens = depth
    begun = time.perf_counter()
    for i in range(decode):
        model.eval([ids[depth + i]])
    if decode:
        tg.append(decode / (time.perf_counter() - begun))
print(json.dumps({"engine": "llama.cpp (llama-cpp-python " + llama_cpp.__version__ + ")",
                  "threads": threads, "load_s": load, "pp": {"n": prompt, "tok_s": pp},
                  "tg": {"n": decode, "depth": depth, "tok_s": tg},
                  "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
"""


def run_peer(
    python: str, path: str, *, prompt: int, decode: int, depth: int, threads: int, repeat: int
) -> dict[str, object]:
    """What llama.cpp reaches, with the keys of `chaski bench --json`.

    Raises ChaskiError where `python` cannot be started or has no llama-cpp-python.
    """
    numbers = [str(n) for n in (prompt, decode, depth, threads, repeat)]
    try:
        out = subprocess.run(
            [python, "-c", _SCRIPT, path, *numbers], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise ChaskiError(
            "the peer's Python {python} cannot be started: {error}", python=python, error=error
        ) from error
    if out.returncode:
        last = (out.stderr.strip().splitlines() or ["no message"])[-1]
        raise ChaskiError(
            "llama.cpp could not be run with {python} ({last}); install llama-cpp-python there",
            python=python,
            last=last,
        )
    found: dict[str, object] = json.loads(out.stdout.strip().splitlines()[-1])
    return found
